"""Queues without evidence: the election day as recursions over people, thousands of days at once.

One bureau in `replications`, all machine bureaux of the nation in `national`.
"""
