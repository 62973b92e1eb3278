"""The reference documents: templates hold what they say, the definitions that the code runs on give the values.

A template (``NAME.md.j2``) and the module that fills it (``NAME_document.py``) lie side by side.
"""
