"""Simulate election day: voters arrive, are identified, vote on a real `machine` and sign; every fault is recorded.

`sim` knows nothing of how faults are found; `verify` knows nothing of `sim`.
"""

PART_OF = "regard"  # looked for by regard.own_packages: other distributions have packages of this name
