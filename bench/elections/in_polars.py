"""The core in polars."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from bench.elections import COUNTS, IDENTITIES, VOTES

if TYPE_CHECKING:
    from bench.elections import Result

_KEY = ("id_election", "id_brut_miom")


def core(folder: Path) -> Result:
    """The core in polars: only the columns that it takes are read, votes grouped by bureau, joined with the counts."""
    c = pl.col
    votes = pl.scan_parquet(folder / VOTES).select(*_KEY, "voix")
    sums = votes.group_by(_KEY).agg(c("voix").cast(pl.Int64).sum().alias("sum"))
    counts = pl.scan_parquet(folder / COUNTS)
    tests = {
        "registered": c("inscrits") != c("votants") + c("abstentions"),
        "voters": c("votants") != c("blancs").fill_null(0) + c("nuls") + c("exprimes"),
        "votes": c("sum") != c("exprimes").cast(pl.Int64),
    }
    joined = counts.join(sums, on=_KEY, how="left").select(*_KEY, *(tests[name].alias(name) for name in IDENTITIES))
    of = (pl.len().alias("bureaux"), c("sum").sum(), (c("sum") * c("sum")).sum().alias("squares"))
    wrong, by_election = pl.collect_all(
        [joined.filter(pl.any_horizontal(IDENTITIES)), sums.group_by("id_election").agg(of)]
    )
    fired = {name: sorted(wrong.filter(c(name)).select(_KEY).rows()) for name in IDENTITIES}
    return fired, {election: (bureaux, votes, squares) for election, bureaux, votes, squares in by_election.rows()}
