"""Risk-limiting audits of French results by paper: assertions, tests, samples, sizes.

An audit of paper confirms an outcome at a risk limit, or ends in a full hand count. `elections` finds the assertions
that prove an outcome, `assertions` turns each into a mean above one half, `martingales` measures the risk of what was
looked at, `sizes` plans how much that will be, `samplers` draws. Sources: Stark 2008 and 2009; Stark, SHANGRLA, 2020;
Blom et al., arXiv 2107.11903; Stark, ALPHA, arXiv 2201.02707. No French law orders such an audit, and R68 destroys the
ballots that are not annexed to the PV.
"""
