"""Faults made on purpose: each by name, with its rate, the evidence it touches, and why it happens."""
