"""A table of findings with others and further ones in it is what it would be had they been there from the start."""

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
def test_others_and_further_ones(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - examples, no secrets
    of_first, of_other = [drawn(random) for _ in range(40)], [drawn(random) for _ in range(5)]
    table = FindingTable(of_first, of_other)
    more = [replace(random.choice(table), details={"other": "further"}) for _ in range(random.randint(0, 3))]
    more += [drawn(random) for _ in range(random.randint(0, 2))]
    some = [row for row, alone in enumerate(table.replaceable().tolist()) if alone and random.random() < 0.2]
    others = {row: replace(table[row], details={"other": random.choice("abc"), "note": "x"}) for row in some}
    before = list(table)
    with_others, moved = table.with_others(others, more)
    for row, other in others.items():
        of_first[of_first.index(before[row])] = other
    afresh = FindingTable([*of_first, *more], of_other)
    assert list(with_others) == list(afresh)
    assert with_others.of_first().tolist() == afresh.of_first().tolist()
    assert with_others.replaceable().tolist() == afresh.replaceable().tolist()
    for row, at in enumerate(moved.tolist()):
        assert at < 0 or with_others[at] == others.get(row, before[row])
    for name in ("code", "case", "severity", "poll", "apart", "place", "commune"):
        assert getattr(with_others.keys(), name).tolist() == getattr(afresh.keys(), name).tolist()
    assert with_others.by_code() == afresh.by_code()
    assert with_others.by_commune() == afresh.by_commune()
    assert list(table) == before
