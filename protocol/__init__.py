"""The bytes: result exports and module images, defined once each, and the line that a reading unit speaks.

The byte layouts of this package are a **model** of a NEDAP ESF1 voting machine. The vendor's own layouts are not
public.
"""

PART_OF = "regard"  # looked for by regard.own_packages: other distributions have packages of this name
