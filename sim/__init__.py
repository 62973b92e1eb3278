"""Election day: voters arrive, are identified, vote on a real `machine` and sign; what goes wrong is known afterwards.

`sim` knows nothing of how faults are found; `verify` knows nothing of `sim`.
"""

PART_OF = "regard"  # looked for by regard.own_packages: other distributions have packages of this name
