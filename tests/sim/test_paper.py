"""Paper bureaux: the hand count finds what is in the urn, and the figures of the night agree."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import parameters
from sim.bureaux import Bureau, bureaux_of, choose
from sim.elections import SCENARIOS
from sim.evidence import BureauEvidence
from sim.faults.catalogue import default_rates, faults
from sim.faults.model import DayFault
from sim.paper import day as paper
from sim.paper.hand_count import count
from sim.parameters import PAPER_CARE
from sim.streams import stream

SCENARIO = SCENARIOS[2022]
EACH = replace(PAPER_CARE["studies"], mean=1.0)


def bureaux() -> list[Bureau]:
    return [each for each in bureaux_of(1, SCENARIO, *choose(2022, ["25388"])) if not each.machines]


def hold(bureau: Bureau, rates: dict[str, float]) -> BureauEvidence:
    return paper.hold(1, SCENARIO, bureau, rates, EACH)


@given(st.lists(st.integers(0, 260), min_size=4, max_size=9), st.integers(0, 2**32))
def test_the_count_finds_what_is_in_the_urn(ballots: list[int], seed: int) -> None:
    urn = np.array(ballots, np.int64)
    found = count(urn, len(ballots) - 2, 0.0, stream(seed, "count"))
    assert found.blank + found.null + sum(found.votes) == sum(ballots)
    assert found.votes == tuple(ballots[1:-1])
    assert found.blank + found.null == ballots[0] + ballots[-1]
    assert found.null <= ballots[-1]
    assert found.misread == ()


def test_slips_of_single_tellers_change_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "NOTING_SLIP", 0.01)
    urn = np.array([10, 300, 250, 100, 5])
    found = count(urn, 3, 0.0, stream(1, "count"))
    assert found.votes == (300, 250, 100)


def test_a_misread_ballot_goes_to_another_choice() -> None:
    urn = np.array([0, 3000, 2000, 1000, 0])
    found = count(urn, 3, 0.01, stream(1, "count"))
    assert abs(len(found.misread) - 60) < 30
    moved = Counter(was for was, _ in found.misread)
    gained = Counter(noted for _, noted in found.misread)
    assert found.votes == tuple(int(urn[at]) - moved[at] + gained[at] for at in (1, 2, 3))
    assert all(was != noted for was, noted in found.misread)


def test_a_ballot_for_the_only_choice_cannot_be_misread() -> None:
    found = count(np.array([0, 300, 0]), 1, 1.0, stream(1, "count"))
    assert (found.votes, found.misread) == ((300,), ())


def test_without_faults_signatures_and_envelopes_agree() -> None:
    for bureau in bureaux():
        evidence = hold(bureau, {})
        figures = evidence.record.figures
        assert figures.signatures == figures.votes_found == evidence.roll_signatures
        assert figures.votes_found == (figures.blank or 0) + (figures.null or 0) + (figures.valid or 0)
        assert figures.valid == sum(votes or 0 for votes in figures.votes)
        assert (evidence.exports, evidence.urns, evidence.truth) == ([], [], [])


def test_paper_has_nulls_and_fewer_blanks() -> None:
    figures = [hold(bureau, {}).record.figures for bureau in bureaux()]
    found = sum(each.votes_found or 0 for each in figures)
    assert sum(each.null or 0 for each in figures) / found == pytest.approx(0.0069, abs=0.003)
    assert sum(each.blank or 0 for each in figures) / found == pytest.approx(0.0151, abs=0.005)


@pytest.mark.parametrize("name", [each.name for each in faults().values() if isinstance(each, DayFault) and each.paper])
def test_a_fault_of_the_day_changes_the_gap_by_what_the_truth_says(name: str) -> None:
    seen = 0
    for bureau in bureaux():
        evidence = hold(bureau, {name: 0.01})
        effects: Counter[str] = Counter()
        for line in evidence.truth:
            assert line.fault == name
            effects[line.field] += line.effect or 0
            seen += 1
        figures = evidence.record.figures
        assert (figures.votes_found or 0) - (figures.signatures or 0) == effects["votes"] - effects["emargements"]
    assert seen


def test_machine_faults_do_not_happen_on_paper() -> None:
    rates = dict.fromkeys(default_rates(), 0.0) | {"voted-twice": 0.5, "signed-early": 0.5, "enabled-twice": 0.5}
    assert all(hold(bureau, rates).truth == [] for bureau in bureaux()[:2])


def test_misread_ballots_are_in_the_truth_and_make_no_gap() -> None:
    lines = []
    for bureau in bureaux():
        evidence = hold(bureau, {"ballot-misread": 0.01})
        lines += evidence.truth
        assert evidence.record.figures.votes_found == evidence.record.figures.signatures
    assert lines
    assert {(line.fault, line.piece, line.field) for line in lines} == {("ballot-misread", "depouillement", "voix")}
