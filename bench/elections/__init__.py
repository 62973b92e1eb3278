"""One core of the work on data.gouv.fr's tables of all elections, done by the verifier and by polars.

The core: the bureaux of every election for which one of three identities does not hold (registered = voters +
abstentions; voters = blank + null + valid, blank votes that are not published counting for none; sum of the votes =
valid), and the sums of votes by bureau. Nothing of regard is imported by the peer.
"""

from __future__ import annotations

COUNTS, VOTES = "general_results.parquet", "candidats_results.parquet"
IDENTITIES = ("registered", "voters", "votes")
Result = tuple[dict[str, list[tuple[str, str]]], dict[str, tuple[int, int, int]]]
"""Elections and ids of the bureaux for which each identity does not hold, sorted; and for each election how many
bureaux have votes, the sum of their votes, and the sum of the squares of those of each bureau."""
