"""The core in pandas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bench.core import KEY, RECORDS, REMARK, SIGNATURES, SUMMED, beside_digests

if TYPE_CHECKING:
    from bench.core import Result


@beside_digests
def reconcile(folder: Path) -> Result:
    """The core in pandas."""
    text = dict.fromkeys((*KEY, "ouverture", "cloture", "observations"), str)
    records = pd.read_csv(folder / RECORDS, dtype=text)
    listed = pd.read_csv(folder / SIGNATURES, dtype=dict.fromkeys(KEY, str))
    records["row"], listed["row"] = records.index + 2, listed.index + 2
    repeated = listed.duplicated(list(KEY))
    again = listed.loc[repeated, "row"].tolist() + records.loc[records.duplicated(list(KEY)), "row"].tolist()
    both = records.merge(listed[~repeated], on=list(KEY), how="outer", suffixes=("", "_l"))
    stray = both.loc[both["row"].isna(), "row_l"].astype(int).tolist()
    c = both[both["row"].notna()]
    signed, found = c["emargements_l"], c["votes_trouves"]
    gap = found - signed
    size = gap.abs()
    annulled = (c["exprimes"] == 0) & (found > 0)
    noted = c["observations"].fillna("").str.lower().str.contains(REMARK)
    tests = {
        "R201": gap > 0,
        "R202": gap < 0,
        "R203": signed > c["inscrits_l"],
        "R204": (gap != 0) & ~noted,
        "R205": c["emargements"] != signed,
        "R210": c["exprimes"] != found - c["blancs"] - c["nuls"],
        "R211": c["inscrits_l"] != c["inscrits"],
        "R219 ouverture": c["ouverture"].isna(),
        "R219 cloture": c["cloture"].isna(),
        "R220": c["procurations"] > signed,
        "P401": (size * 1000 > 3 * found)
        | (size * 1000 > 4 * found)
        | ((size * 100 >= 2 * found) & (size > 0))
        | (size >= 15),
        "P406": annulled,
        "P407": (found == c["inscrits"]) & (c["inscrits"] >= 100),
        "P412": (c["nuls"] * 100 > 10 * found) & ~annulled & (found >= 100),
    }
    tests["C105"] = signed.isna()
    for name in ("R204", "R205", "R211"):
        tests[name] &= signed.notna()
    columns = ["row", *KEY, "emargements_l", "votes_trouves", "row_l"]
    shown = {name: c.loc[test, columns] for name, test in tests.items()}
    by = (c["insee"], c["insee"].str[:2])
    sums = [c.groupby(level, sort=True)[list(SUMMED)].sum().to_numpy() for level in by]
    sums.append(c[list(SUMMED)].sum().to_numpy()[None, :])
    fired = {name: rows["row"].astype(int).tolist() for name, rows in shown.items()}
    return fired | {"C106": stray, "I114": again}, [each.astype(np.int64) for each in sums]
