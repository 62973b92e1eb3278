"""regard: simulate, read and verify NEDAP ESF1-style voting machines; the command line, the reports.

The machine and its formats are a **model**: the vendor's are not public.
"""
