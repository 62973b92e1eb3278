"""The checker: evidence as columns, rules over them, findings with both figures and both sources.

It reads bytes through `protocol` and shares no code with what it checks: neither `machine` nor `sim` is imported here.
"""

PART_OF = "regard"  # looked for by regard.own_packages: other distributions have packages of this name
