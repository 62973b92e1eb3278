"""The electronic urn's memory image (``.urn``): its layout, what can be wrong with it, and how it is counted again.

The layout is a **model**; the vendor's is not public.
"""
