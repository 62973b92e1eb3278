"""The core in duckdb."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from bench.elections import COUNTS, IDENTITIES, VOTES

if TYPE_CHECKING:
    from bench.elections import Result

_TESTS = dict(
    zip(
        IDENTITIES,
        (
            "inscrits <> votants + abstentions",
            "votants <> coalesce(blancs, 0) + nuls + exprimes",
            "sum <> exprimes",
        ),
        strict=True,
    )
)


def identities(folder: Path) -> Result:
    """The core in duckdb: votes grouped by bureau, joined with the counts, a query an identity."""
    counts, votes = (f"read_parquet('{folder / name}')" for name in (COUNTS, VOTES))
    key = "id_election, id_brut_miom"
    figures = "inscrits, abstentions, votants, blancs, nuls, exprimes"
    with duckdb.connect() as db:
        db.execute(f"CREATE TEMP TABLE sums AS SELECT {key}, sum(voix)::BIGINT AS sum FROM {votes} GROUP BY ALL")  # noqa: S608 - our own text
        joined = f"SELECT {key}, {figures}, sum FROM {counts} LEFT JOIN sums USING ({key})"  # noqa: S608 - our own text
        db.execute(f"CREATE TEMP TABLE joined AS {joined}")
        fired = {
            name: sorted(db.sql(f"SELECT {key} FROM joined WHERE {test}").fetchall())  # noqa: S608 - our own text
            for name, test in _TESTS.items()
        }
        of = "count(*)::BIGINT, sum(sum)::BIGINT, sum(sum * sum)::BIGINT"
        sums = db.sql(f"SELECT id_election, {of} FROM sums GROUP BY id_election").fetchall()  # noqa: S608 - our own text
    return fired, {election: (bureaux, votes, squares) for election, bureaux, votes, squares in sums}
