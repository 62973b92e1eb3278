"""Columns that several rules look at, each made once: the best count of each quantity, and what can be held against it.

`needs` lists what rules can ask for.
"""
