"""The pictures of a day in its bureaux: plain SVG from templates, whose figures stand beside them as text as well.

Each module works out where the marks go, in whole pixels; the template of the same name draws them. Scales are the
same on every page: what looks as bad is as bad.
"""
