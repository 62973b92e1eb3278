"""A table of findings with others and further ones in it is what it would be had they been there from the start."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, finding
from verify.model.rule_results import Side
from verify.rulebook.catalogue import rules

CODES = tuple(code for code, rule in rules().items() if rule.yields or code in ("R209", "R224", "P407", "P404", "P413"))
COMMUNES = ("", "29019", "29232")


def drawn(random: Random) -> Finding:
    """A finding of one of a few places, whose figures stand in a few places of its commune."""
    insee = random.choice(COMMUNES)
    left, right = (Side(f"{insee}.csv:{random.randint(2, 3)}", random.randint(1, 2)) for _ in range(2))
    code = random.choice(CODES)
    return finding(
        code,
        left,
        right,
        field=random.choice(("valid", "null")),
        insee=insee,
        bureau=random.choice(("", "0001", "0002")) if insee else "",
        poll=random.randint(0, 2),
        case=random.choice(("", *rules()[code].cases)),
        details={"other": random.choice("ab")},
    )


@pytest.mark.parametrize("seed", range(60))
def test_others_and_further_ones(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)  # noqa: S311 - examples, no secrets
    table = FindingTable([drawn(random) for _ in range(40)], [drawn(random) for _ in range(5)])
    more = [replace(random.choice(table), details={"other": "further"}) for _ in range(random.randint(0, 3))]
    more += [drawn(random) for _ in range(random.randint(0, 2))]
    some = [row for row, alone in enumerate(table.replaceable().tolist()) if alone and random.random() < 0.2]
    others = {row: replace(table[row], details={"other": random.choice("abc"), "note": "x"}) for row in some}
    before = list(table)
    quickly, moved = table.with_others(others, more)
    with monkeypatch.context() as anew:
        anew.setattr(FindingTable, "_amended", lambda *_: None)
        afresh, moved_anew = table.with_others(others, more)
    assert list(quickly) == list(afresh)
    assert moved.tolist() == moved_anew.tolist()
    assert quickly.of_first().tolist() == afresh.of_first().tolist()
    assert quickly.replaceable().tolist() == afresh.replaceable().tolist()
    for name in ("code", "case", "severity", "poll", "apart", "place", "commune"):
        assert getattr(quickly.keys(), name).tolist() == getattr(afresh.keys(), name).tolist()
    assert quickly.by_code() == afresh.by_code()
    assert quickly.by_commune() == afresh.by_commune()
    assert list(table) == before
