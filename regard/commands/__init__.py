"""The commands: one module each, with its options and what it does.

`regard.cli` finds them by name and loads only the one that is asked for.
"""
