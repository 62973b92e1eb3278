"""What is checked, in which words and with which severity: one table a category, read by `catalogue`.

The rules themselves are in `verify.rules`.
"""
