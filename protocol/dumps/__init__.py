"""Dumps of any machine in one form: tallies by unit, contest and choice, and what was checked of each file.

A maker's layout is a package of its own beside this one, and one line in `layouts`.
"""
