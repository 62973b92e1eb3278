"""The core in duckdb."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from bench.core import KEY, RECORDS, REMARK, SIGNATURES, SUMMED, beside_digests

if TYPE_CHECKING:
    from bench.core import Result


@beside_digests
def reconcile(folder: Path) -> Result:
    """The core in duckdb: one table from two files, a query a test, three groupings."""
    text = dict.fromkeys((*KEY, "ouverture", "cloture", "observations"), "VARCHAR")
    with duckdb.connect() as db:
        records = db.read_csv(str(folder / RECORDS), header=True, dtype=text)
        listed = db.read_csv(str(folder / SIGNATURES), header=True, dtype=dict.fromkeys(KEY, "VARCHAR"))
        db.register("records", records)
        db.register("listed", listed)
        for name in ("records", "listed"):
            db.execute(
                f"CREATE TEMP TABLE {name}_2 AS SELECT *, row_number() OVER () + 1 AS row FROM {name}"  # noqa: S608
            )
            db.execute(
                f"CREATE TEMP TABLE {name}_3 AS SELECT *, row_number() OVER "  # noqa: S608
                f"(PARTITION BY insee, bureau, scrutin ORDER BY row) AS nth FROM {name}_2"
            )
        both = "SELECT row FROM listed_3 WHERE nth > 1 UNION ALL SELECT row FROM records_3 WHERE nth > 1"
        again = db.sql(both).fetchall()
        db.execute(
            "CREATE TEMP TABLE c AS SELECT pv.*, l.row AS row_l, l.inscrits AS inscrits_l, l.emargements AS signed, "
            "votes_trouves - l.emargements AS gap, abs(votes_trouves - l.emargements) AS size, "
            "pv.exprimes = 0 AND votes_trouves > 0 AS annulled FROM records_3 AS pv "
            "FULL JOIN (SELECT * FROM listed_3 WHERE nth = 1) AS l USING (insee, bureau, scrutin)"
        )
        stray = db.sql("SELECT row_l FROM c WHERE row IS NULL").fetchall()
        db.execute("DELETE FROM c WHERE row IS NULL")
        noted = f"regexp_matches(lower(coalesce(observations, '')), '{REMARK}')"
        tests = {
            "R201": "gap > 0",
            "R202": "gap < 0",
            "R203": "signed > inscrits_l",
            "R204": f"gap <> 0 AND NOT {noted}",
            "R205": "emargements <> signed",
            "R210": "exprimes <> votes_trouves - blancs - nuls",
            "R211": "inscrits_l <> inscrits",
            "R219 ouverture": "ouverture IS NULL",
            "R219 cloture": "cloture IS NULL",
            "R220": "procurations > signed",
            "P401": "size * 1000 > 3 * votes_trouves OR size * 1000 > 4 * votes_trouves "
            "OR (size * 100 >= 2 * votes_trouves AND size > 0) OR size >= 15",
            "P406": "annulled",
            "P407": "votes_trouves = inscrits AND inscrits >= 100",
            "P412": "nuls * 100 > 10 * votes_trouves AND NOT annulled AND votes_trouves >= 100",
        }
        tests["C105"] = "signed IS NULL"
        columns = "row, insee, bureau, scrutin, signed, votes_trouves, row_l"
        shown = {name: db.sql(f"SELECT {columns} FROM c WHERE {test}").fetchall() for name, test in tests.items()}  # noqa: S608 - our own text
        of = ", ".join(f"sum({name})::BIGINT AS {name}" for name in SUMMED)
        sums = []
        for level in ("insee", "insee[:2]", "''"):
            group = f"SELECT {level} AS place, {of} FROM c GROUP BY place ORDER BY place"  # noqa: S608 - our own text
            found = db.sql(group).fetchnumpy()
            sums.append(np.stack([found[name] for name in SUMMED], axis=1).astype(np.int64))
    fired = {name: [row[0] for row in rows] for name, rows in shown.items()}
    return fired | {"C106": [row[0] for row in stray], "I114": [row[0] for row in again]}, sums
