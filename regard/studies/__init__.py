"""How well the checker finds what the simulator did: trials, scores, and the evidence matrix that is made of them."""
