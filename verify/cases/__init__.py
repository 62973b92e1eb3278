"""From findings to cases: which things that happen to evidence explain the contradictions, and with what corrections.

Each finding stays what it is; a case says which of them are one thing, and how sure that is.
"""
