"""The way up: what becomes of a night's figures between the bureaux and the ministry, step by step, with its truth."""
