"""The serial line of a reading unit: frames, messages, timeouts, and a unit to try them on.

The protocol is a **model**; the vendor's is not public.
"""
