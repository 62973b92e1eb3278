"""The pictures of a report: plain SVG from templates, whose numbers stand beside them as text as well.

Each module works out where the marks go, in whole pixels; the template of the same name draws them. Marks differ by
their shape and not by their colour alone; colours are presentation attributes, which a page's style may replace.
"""
