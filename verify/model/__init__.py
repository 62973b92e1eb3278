"""The evidence as columns over bureaux, polls and choices, and the findings over it: what every other room speaks of.

Nothing here opens a file or decides what is wrong.
"""
