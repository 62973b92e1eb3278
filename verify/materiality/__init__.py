"""Effect of gaps between votes and signatures on the outcome of a contest: exact, for each kind of election.

Pure arithmetic: what is known of a contest comes in as a `Contest`, and `deduction.deduct` (V501) and
`annulment.annul` (V502) say what would follow. Evidence is turned into contests in `verify.columns.contests_at_hand`.
"""
