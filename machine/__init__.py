"""The voting machine: a **model** of the NEDAP ESF1, its electronic urn, keys, counters and tickets.

It knows nothing of polling stations (`sim`) and nothing of those who check it (`verify`). What is not documented
of the real machine is our own engineering, and is named as that.
"""

PART_OF = "regard"  # looked for by regard.own_packages: other distributions have packages of this name
