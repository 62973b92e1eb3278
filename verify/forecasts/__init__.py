"""Forecasts and polls against a result: read, matched by name, and measured on equal terms.

Shares are exact fractions of a hundred until they are shown. What could not have been known before the vote is never
ranked.
"""
