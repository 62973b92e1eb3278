"""Studies of the checker on simulated faults: trials, scores, and the evidence matrix."""
