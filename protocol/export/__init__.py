"""The result export (``.esf``): its layout, its columns, how files of it are read, and the document that describes it.

The layout is a **model**; the vendor's is not public.
"""
