"""Queues without evidence: the election day as recursions over people, thousands of days at once.

`town` says what goes in and comes out, `days` plays it.
"""
