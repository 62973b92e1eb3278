"""Cases measured from outside: what the measure is made of, and a small part of it; the whole is for make check."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.outside.certificates import Act, Certificate, check, near
from tests.outside.faults import KINDS, name_slips
from tests.outside.judge import explain
from tests.outside.measure import make_alone, measure_alone
from tests.outside.nights import Value
from tests.outside.oracles import (
    LAST_DIGIT,
    LIST,
    PUBLISHED,
    RECORD,
    SIGNATURES,
    VALID,
    Figures,
    by_cp_sat,
    by_highs,
    draw,
    rate,
)
from tests.outside.real_slips import Key, Slip, fewest_changes, measure_slips, offer_fewest, read_slips
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


def test_there_are_111_kinds_of_faults() -> None:
    assert len(KINDS) == len({kind.name for kind in KINDS}) == 111


def test_a_slip_is_named_by_its_two_figures() -> None:
    for wrong, right, causes in (
        (626, 662, {"digits-exchanged"}),
        (62, 662, {"digit-lost"}),
        (6662, 662, {"digit-doubled"}),
        (668, 662, {"digit-wrong"}),
        (0, 662, {"zero-for-missing"}),
        (662, 662, set()),
        (None, 662, set()),
        (7, 607, set()),
    ):
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


DECIDED = (
    ("sum-short", 0),
    ("sum-large", 0),
    ("PVs exchanged", 0),
    ("published, row of the neighbour", 0),
    ("PV, row of the neighbour", 1),
)


@pytest.mark.parametrize(("name", "index"), DECIDED)
def test_some_kinds_that_the_papers_decide_are_exact(real_data: Path, name: str, index: int) -> None:
    kind = next(each for each in KINDS if each.name == name)
    found, _ = measure_alone(real_data, 1, kind, index, "papers", solved=False)
    assert (found.determined, found.cases, found.certain_wrong) == (1, 1, 0), found.failures


@pytest.mark.parametrize("name", SMALL)
def test_some_kinds_are_told_and_nothing_is_certain_and_wrong(real_data: Path, name: str) -> None:
    kind = next(each for each in KINDS if each.name == name)
    found, _ = measure_alone(real_data, 1, kind, 1, "usual", solved=False)
    assert (found.told, found.certain_wrong, found.innocent) == (1, 0, 0), found.failures


TO_AGREE = (
    "the gap taken out of record and publication",
    "the gap taken out of votes, record and publication",
    "votes noted as null in all but the PV",
    "a list typed from the votes found",
    "the roll of before the day",
)
"""Kinds in which other papers were made to agree against a PV that is right."""


@pytest.mark.parametrize("pieces", ["all", "usual"])
@pytest.mark.parametrize("name", TO_AGREE)
def test_a_pv_that_adds_up_is_not_corrected_from_papers_made_of_it(real_data: Path, name: str, pieces: str) -> None:
    kind = next(each for each in KINDS if each.name == name)
    found, _ = measure_alone(real_data, 1, kind, 0, pieces, solved=False)
    assert (found.told, found.certain_wrong, found.likely, found.innocent) == (1, 0, 0, 0), found.failures


def test_every_kind_of_fault_is_made_and_its_truth_is_kept(real_data: Path) -> None:
    for kind in KINDS:
        fault, _ = make_alone(real_data, 1, kind, 1)
        cells = fault.night.cells()
        assert all(cells[cell] != right for cell, right in (*fault.right.items(), *fault.copied.items())), kind.name
        assert fault.places, kind.name


def test_a_solver_finds_the_cell_where_a_row_and_a_column_cross() -> None:
    parts: dict[Key, int | None] = {("1", "mail", "A"): 10, ("1", "early", "A"): 25, ("2", "mail", "A"): 4}
    sums = {("1", "votes", "A"): 30, ("all", "early", "A"): 20, ("all", "mail", "A"): 14}
    identities = (
        (("1", "votes", "A"), (("1", "mail", "A"), ("1", "early", "A"))),
        (("all", "early", "A"), (("1", "early", "A"),)),
        (("all", "mail", "A"), (("1", "mail", "A"), ("2", "mail", "A"))),
    )
    slip = Slip("toy", parts | sums, identities, {("1", "early", "A"): 20}, "yes")
    pytest.importorskip("ortools", reason="no solver of integer programs for this Python")
    assert fewest_changes(slip) == [{("1", "early", "A"): 20}]


@pytest.mark.check(7)
def test_a_solver_names_the_right_figures_of_all_real_slips_that_tell_them(real_data: Path) -> None:
    pytest.importorskip("ortools", reason="no solver of integer programs for this Python")
    found = measure_slips(read_slips(real_data), offer_fewest)
    assert sum(each.slips for each in found.values()) == 96
    assert (found["yes"].named, found["yes"].slips) == (12, 12)
    assert not any(each.wrong for each in found.values())


def bureau(*, signed: int = 700, valid: int = 670) -> Figures:
    """A bureau with a list, a PV and a published result."""
    pv = (900, signed, 700, 20, 10, valid, 400, 270)
    return Figures((LIST, RECORD, PUBLISHED), ((900, 700, *[-1] * 6), pv, (900, -1, 700, 20, 10, 670, 400, 270)))


@pytest.mark.parametrize(
    ("figures", "cost"),
    [
        (bureau(), 0),
        (bureau(valid=67), rate("digit-lost")),
        (bureau(signed=7001), rate("digit-doubled")),
        (bureau(valid=123), rate("figure-wrong")),
    ],
)
def test_both_solvers_find_what_one_slip_costs(figures: Figures, cost: int) -> None:
    pytest.importorskip("ortools", reason="no solver of integer programs for this Python")
    pytest.importorskip("highspy", reason="no solver of integer programs for this Python")
    assert by_cp_sat(figures, 200) == by_highs(figures, 200) == cost
    assert by_cp_sat(figures, cost - 1) is None


@pytest.mark.check(2)
@pytest.mark.parametrize("number", range(6))
def test_both_solvers_agree_on_random_bureaux(number: int) -> None:
    pytest.importorskip("ortools", reason="no solver of integer programs for this Python")
    pytest.importorskip("highspy", reason="no solver of integer programs for this Python")
    figures = draw(np.random.default_rng(number))
    assert by_cp_sat(figures, 150) == by_highs(figures, 150)


RIGHT = (900, 700, 700, 20, 10, 670, 400, 270)
LOST = Act(rate("digit-lost"), ((1, VALID, 67, 670),))


def certificate(**changed: object) -> Certificate:
    """The certificate of a PV whose valid votes lost a digit."""
    bound = LOST.cost + 30
    rivals = tuple(each for each in near(bureau(valid=67), bound) if each[0] != RIGHT)
    return replace(Certificate(RIGHT, (LOST,), LOST.cost, bound, rivals), **changed)  # type: ignore[arg-type]


def test_a_right_certificate_is_accepted() -> None:
    assert check(bureau(valid=67), certificate()) == []


def test_a_wrong_certificate_is_refused() -> None:
    for changed, why in (
        ({"truth": (900, 700, 700, 20, 10, 671, 400, 270)}, "a sum does not hold"),
        ({"acts": ()}, "the acts are not what makes the papers"),
        ({"acts": (Act(60, ((1, VALID, 66, 670),)),)}, "the acts are not what makes the papers"),
        ({"acts": (Act(50, LOST.cells),), "cost": 50}, "by single figures the truth costs 60, not 50"),
        ({"cost": 70}, "the acts and the gap cost 60, not 70"),
        ({"rivals": ((RIGHT, 40),)}, "a rival costs less"),
    ):
        found = check(bureau(valid=67), certificate(**changed))
        assert any(each.startswith(why) for each in found), found


def test_a_truth_that_was_left_out_is_missed() -> None:
    """A PV with 701 signatures for the list's 700: either one may be wrong, at costs that are not far apart."""
    figures = bureau(signed=701)
    act = Act(rate("digit-wrong") + LAST_DIGIT, ((1, SIGNATURES, 701, 700),))
    found = check(figures, Certificate(RIGHT, (act,), act.cost, act.cost + 30, ()))
    assert found == [f"not among the rivals: {(900, 701, *RIGHT[2:])} for {act.cost + 20}"]
