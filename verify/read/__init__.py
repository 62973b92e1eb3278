"""From the bytes of a file to its cells and figures: the common readers of tables, bounded in memory and in work.

What a table says of which bureau is for `tables`, `published` and, after them, `verify.align`.
"""
