"""Cases measured from outside: what the measure is made of, and a small part of it; the whole is for make check."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.outside.faults import KINDS, name_slips
from tests.outside.judge import explain
from tests.outside.measure import make_alone, measure_alone
from tests.outside.nights import Value
from tests.outside.rivals import Papers, fewest_cells, vote

CHOICES = ("A", "B")
PLACE = ("29019", "0001")


def papers(**changed: Value) -> Papers:
    """The papers of a bureau that agree but for some cells, named ``piece_quantity``."""
    pv: dict[str, Value] = {"registered": 900, "signatures": 700, "votes_found": 700}
    pv |= {"blank": 20, "null": 10, "valid": 670}
    votes: dict[str, Value] = {"A": 400, "B": 270}
    listed: dict[str, Value] = {"registered": 900, "signatures": 700}
    found: dict[str, dict[str, Value]] = {"pv": dict(pv), "voix": dict(votes), "emargements": listed}
    found["publie"] = {name: value for name, value in (pv | votes).items() if name != "signatures"}
    for name, value in changed.items():
        piece, _, quantity = name.partition("_")
        found[piece][quantity] = value
    return found


def test_there_are_88_kinds_of_faults() -> None:
    assert len(KINDS) == len({kind.name for kind in KINDS}) == 88


@pytest.mark.parametrize(
    ("wrong", "right", "causes"),
    [
        (626, 662, {"digits-exchanged"}),
        (62, 662, {"digit-lost"}),
        (6662, 662, {"digit-doubled"}),
        (668, 662, {"digit-wrong"}),
        (0, 662, {"zero-for-missing"}),
        (662, 662, set()),
        (None, 662, set()),
        (7, 607, set()),
    ],
)
def test_a_slip_is_named_by_its_two_figures(wrong: Value, right: Value, causes: set[str]) -> None:
    assert name_slips(wrong, right) == causes


@pytest.mark.parametrize(
    ("changed", "truths"),
    [
        ({"pv_valid": 760}, [{"valid": 670}]),
        ({"voix_A": 4}, [{"A": 400}]),
        ({"publie_blank": 22}, [{"blank": 20}]),
        # a list that was read otherwise; that 300 voted without signing takes a second act, the PV's copy
        ({"emargements_signatures": 400}, [{"signatures": 700}]),
        # 300 who did not sign, or one act on the list and one in its copy
        ({"emargements_signatures": 400, "pv_signatures": 400}, [{"signatures": 400}, {"signatures": None}]),
    ],
)
def test_one_act_leaves_so_many_truths(changed: dict[str, Value], truths: list[dict[str, int]]) -> None:
    found = explain(papers(**changed), CHOICES, 1)
    assert [{name: each[name] for name in truths[0]} for each in found] == truths


def test_two_columns_exchanged_are_explained_by_two_truths() -> None:
    changed = papers(pv_blank=10, pv_null=20)
    assert {(each["blank"], each["null"]) for each in explain(changed, CHOICES, 2)} == {(10, 20), (20, 10)}


def test_simple_ways_correct_a_simple_slip() -> None:
    changed = papers(pv_valid=760)
    assert vote(changed, CHOICES, PLACE) == {("pv", PLACE, "valid"): 670}
    pytest.importorskip("ortools", reason="no solver of integer programs for this Python")
    assert fewest_cells(changed, CHOICES, PLACE) == {("pv", PLACE, "valid"): 670}
    assert fewest_cells(papers(pv_blank=10, pv_null=20), CHOICES, PLACE) is None


SMALL = ("PV, a count: digit-lost", "list: digits-exchanged", "published votes: zero", "list, column in a ring")
"""Kinds that every run of the tests measures: in one bureau and in a run, decided by the papers and left open."""


@pytest.mark.parametrize("name", SMALL)
def test_some_kinds_are_told_and_nothing_is_certain_and_wrong(real_data: Path, name: str) -> None:
    kind = next(each for each in KINDS if each.name == name)
    found, _ = measure_alone(real_data, 1, kind, 1, "usual", solved=False)
    assert (found.told, found.certain_wrong, found.innocent) == (1, 0, 0), found.failures


def test_every_kind_of_fault_is_made_and_its_truth_is_kept(real_data: Path) -> None:
    for kind in KINDS:
        fault, _ = make_alone(real_data, 1, kind, 1)
        cells = fault.night.cells()
        assert all(cells[cell] != right for cell, right in (*fault.right.items(), *fault.copied.items())), kind.name
        assert fault.places, kind.name
