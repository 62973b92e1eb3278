"""Rulebook: checks, words and severities, one table a category, read by `catalogue`.

The rules themselves are in `verify.rules`.
"""
