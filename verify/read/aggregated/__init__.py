"""data.gouv.fr's « données des élections agrégées »: every election since 1999 by bureau.

A table of counts and a table of votes, with a row for each bureau and for each choice of each bureau.
"""
