"""The core in polars."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from bench.core import KEY, RECORDS, REMARK, SIGNATURES, SUMMED, beside_digests

if TYPE_CHECKING:
    from bench.core import Result


@beside_digests
def core(folder: Path) -> Result:
    """The core in polars: its reader, a join on three columns, a filter a test, three groupings."""
    text = dict.fromkeys((*KEY, "ouverture", "cloture", "observations"), pl.String)
    records = pl.read_csv(folder / RECORDS, schema_overrides=text, row_index_name="row", row_index_offset=2)
    lists = dict.fromkeys(KEY, pl.String)
    listed = pl.read_csv(folder / SIGNATURES, schema_overrides=lists, row_index_name="row", row_index_offset=2)
    again, again_in_records = (each.filter(~pl.struct(KEY).is_first_distinct()) for each in (listed, records))
    once = listed.unique(KEY, keep="first") if len(again) else listed
    stray = once.join(records, on=KEY, how="anti")
    joined = records.join(once, on=KEY, how="left", suffix="_l", maintain_order="left")
    c = pl.col
    signed, found, stated = c("emargements_l"), c("votes_trouves"), c("emargements")
    gap, size = found - signed, (found - signed).abs()
    annulled = (c("exprimes") == 0) & (found > 0)
    noted = c("observations").fill_null("").str.to_lowercase().str.contains(REMARK)
    tests = {
        "R201": gap > 0,
        "R202": gap < 0,
        "R203": signed > c("inscrits_l"),
        "R204": (gap != 0) & ~noted,
        "R205": stated != signed,
        "R210": c("exprimes") != found - c("blancs") - c("nuls"),
        "R211": c("inscrits_l") != c("inscrits"),
        "R219 ouverture": c("ouverture").is_null(),
        "R219 cloture": c("cloture").is_null(),
        "R220": c("procurations") > signed,
        "P401": (size * 1000 > 3 * found)
        | (size * 1000 > 4 * found)
        | ((size * 100 >= 2 * found) & (size > 0))
        | (size >= 15),
        "P406": annulled,
        "P407": (found == c("inscrits")) & (c("inscrits") >= 100),
        "P412": (c("nuls") * 100 > 10 * found) & ~annulled & (found >= 100),
    }
    tests["C105"] = signed.is_null()
    holds, rows = joined.select(**tests), joined.select("row", *KEY, signed, found, "row_l")
    shown = {name: rows.filter(holds[name]) for name in tests}
    place = joined.with_columns(c("insee").str.head(2).alias("departement"))
    of = [c(name).sum() for name in SUMMED]
    sums = [place.group_by(level, maintain_order=True).agg(of).select(SUMMED) for level in ("insee", "departement")]
    sums.append(place.select(of))
    fired = {name: rows["row"].to_list() for name, rows in shown.items()}
    fired["C106"] = stray["row"].to_list()
    fired["I114"] = again["row"].to_list() + again_in_records["row"].to_list()
    return fired, [each.to_numpy() for each in sums]
