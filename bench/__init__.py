"""What regard costs, measured beside the best known alternatives: ``python -m bench NAME``."""
