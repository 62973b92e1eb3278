"""Seals over a night's figures: leaves from evidence, keys in files, and what the commands show."""
