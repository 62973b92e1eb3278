"""A night's counts as dumps of other machines: what every export of the night says, in the layout of another maker.

The same counts, and the same faults of the day, so that what checks such dumps can be tried on a night whose truth is
known. Keys and numbers of machines are made up.
"""
