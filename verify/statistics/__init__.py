"""Distributions, intervals and clusters, computed from their definitions with numpy alone.

What they are used for is decided in `verify.rules`.
"""
