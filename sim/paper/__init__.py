"""Bureaux that vote on paper: their day at the booths and the urn, and the hand count in the evening.

The procès-verbal that comes out has the shape that a machine bureau's has.
"""
