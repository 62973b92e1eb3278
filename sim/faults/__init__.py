"""Faults made on purpose: each by name, with its rate and the evidence it touches."""
