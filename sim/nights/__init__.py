"""A whole night: the days of its bureaux, the tables and results written from them, and its folder."""
