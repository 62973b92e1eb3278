"""The result export (``.esf``): its layout, its columns, and how files of it are read.

The layout is a **model**; the vendor's is not public.
"""
