"""Lining up: every row of every file finds its bureau, its poll and its choice, as columns over the official list."""
