"""Benchmarks of regard beside the best known alternatives: ``python -m bench NAME``."""
