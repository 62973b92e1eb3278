"""Layouts of published results as data: entries in TOML, and the one interpreter that reads tables by them."""
