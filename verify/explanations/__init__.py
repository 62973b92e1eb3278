"""The cheapest explanation of one bureau's contradictions: error localisation with edit operations."""
