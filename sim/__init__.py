"""Election day: voters arrive, are identified, vote on a real `machine` and sign; what goes wrong is known afterwards.

`sim` knows nothing of how faults are found; `verify` knows nothing of `sim`.
"""
