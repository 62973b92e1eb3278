"""Figures of other people's audits, reproduced: Belgium 2024, Arlo's and Colorado's tests."""

import math
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from verify.materiality.kinds import Ballot, ElectionKind
from verify.paper_audit.assertions import Assertion, AssertionKind, Assorter, Papers, assort, more_votes
from verify.paper_audit.elections import PaperCount, prove
from verify.paper_audit.hand_count import BureauAudit, bounds_of
from verify.paper_audit.martingales import batch_stakes
from verify.paper_audit.samplers import numbers, weighted
from verify.paper_audit.sizes import by_comparison, draws_of_bureaux

RISK = Fraction(1, 20)


def closed_form(assorter: Assorter, risk: Fraction, stake: float = 1.8) -> int:
    """Papers to compare, with replacement: ⌈ln(1/α) / ln(1 + λ(B₀ − ½))⌉."""
    return math.ceil(math.log(1 / risk) / math.log1p(stake * (float(assorter.undisturbed) - 0.5)))


def assorters(count: PaperCount, ballot: Ballot) -> list[Assorter]:
    made = [assort(each, count.audited, count.rest)[1] for each in prove(ballot, count).assertions]
    return [each for each in made if each is not None]


BELGIUM = {
    "Limbourg": (
        12,
        (141988, 40985, 52303, 75191, 136606, 27619, 90715, 5505, 4660, 1202),
        "0.502437 0.507277 1.500000",
        684,
    ),
    "Brabant wallon": (
        5,
        (90486, 31741, 58077, 802, 20221, 5753, 8750, 23587, 4781, 918, 4659, 664, 4830, 1003),
        "0.502644 0.504384 0.833333",
        631,
    ),
    "Hainaut": (
        17,
        (192759, 213501, 114559, 103339, 14184, 15189, 36750, 2426, 7201, 4680, 22039, 13224),
        "0.500164 0.500173 0.526316",
        10083,
    ),
    "Bruxelles": (
        16,
        (
            12754,
            120155,
            96516,
            3032,
            49425,
            1688,
            86927,
            14472,
            34143,
            58645,
            1534,
            24826,
            6579,
            3287,
            1604,
            1467,
            1872,
        ),
        "0.500210 0.500472 1.125000",
        7870,
    ),
}
"""Seats, votes, the hardest assertion's comparison value, mean and upper bound, and its papers; valid votes only."""


@pytest.mark.parametrize("name", BELGIUM)
def test_belgium_2024(name: str) -> None:
    seats, votes, expected, papers = BELGIUM[name]
    made = assorters(PaperCount(None, Papers(sum(votes), votes)), Ballot(ElectionKind.EUROPEAN, 1, seats))
    hardest = min(made, key=lambda each: each.undisturbed)
    assert " ".join(f"{float(x):.6f}" for x in (hardest.undisturbed, hardest.mean, hardest.upper)) == expected
    assert by_comparison(hardest, RISK) == papers


def test_a_list_that_would_win_nothing_need_not_be_shown_to_stay_out() -> None:
    """Limbourg: 1,571 papers show that GROEN is below 5 %; that it would win no seat costs nothing more."""
    seats, votes, _, _ = BELGIUM["Limbourg"]
    proof = prove(Ballot(ElectionKind.EUROPEAN, 1, seats), PaperCount(None, Papers(sum(votes), votes)))
    about_groen = [each for each in proof.assertions if 5 in (each.choice, each.other)]
    assert {each.kind for each in about_groen} == {AssertionKind.HIGHER_AVERAGE}


def sizes(count: PaperCount, ballot: Ballot) -> dict[tuple[AssertionKind, int, int], tuple[int, int]]:
    return {
        (each.assertion.kind, each.assertion.choice, each.assertion.other): (
            closed_form(each, RISK),
            closed_form(each, RISK, 2),
        )
        for each in assorters(count, ballot)
    }


def test_legislative_2024_finistere_2() -> None:
    votes = (18850, 12065, 9874, 9105, 1444, 53426 - 51338)
    found = sizes(PaperCount(78166, Papers(54557, votes)), Ballot(ElectionKind.LEGISLATIVE, 1))
    assert found[AssertionKind.REACHES, 2, -1] == (1745, 1571)
    assert found[AssertionKind.BELOW, 3, -1] == (271, 244)
    assert found[AssertionKind.REACHES, 1, -1] == (78, 70)
    assert found[AssertionKind.REACHES, 0, -1] == (19, 17)
    assert found[AssertionKind.NO_MAJORITY, 0, -1] == (22, 20)


def test_municipal_second_round() -> None:
    count = PaperCount(None, Papers(5200 + 4700 + 1600 + 560 + 240, (5200, 4700, 1600, 560)))
    ballot = Ballot(ElectionKind.MUNICIPAL_LISTS, 2, 35)
    assert prove(ballot, count).outcome.seats == (26, 7, 2, 0)
    found = {key: size for key, (size, _) in sizes(count, ballot).items()}
    assert found[AssertionKind.MORE_VOTES, 0, 1] == found[AssertionKind.HIGHER_AVERAGE, 0, 1] == 162
    assert found[AssertionKind.HIGHER_AVERAGE, 0, 2] == 160
    assert found[AssertionKind.ABOVE_SHARE, 2, -1] == 40
    assert found[AssertionKind.HIGHER_AVERAGE, 0, 3] == 510


def plurality(winner: int, loser: int, cards: int) -> Assorter:
    assorter = assort(more_votes(2, 0, 1), Papers(cards, (winner, loser)))[1]
    assert assorter is not None
    return assorter


@pytest.mark.parametrize(
    ("percent", "papers", "total", "draws"),
    [
        (1, 664, 101, 302),
        (2, 332, 51, 152),
        (5, 132, 21, 62),
        (10, 65, 11, 32),
        (40, 15, 3.5, 9),
    ],
)
def test_two_choices(percent: int, papers: int, total: float, draws: int) -> None:
    assorter = plurality(10000 + 100 * percent, 10000 - 100 * percent, 20000)
    assert closed_form(assorter, RISK) == papers
    bounds = bounds_of([assorter], [Papers(1000, (500 + 5 * percent, 500 - 5 * percent))] * 20)
    assert bounds.total == pytest.approx(total)
    assert draws_of_bureaux(bounds.total, RISK) == draws


def test_macro_as_arlo_tests_it() -> None:
    """60,000 to 54,000 on 120,000 papers in 400 batches: U is 21, a clean draw leaves 20/21 of the risk."""
    assorter = plurality(60000, 54000, 120000)
    bureaux = [Papers(400, (200, 180))] * 200 + [Papers(200, (100, 90))] * 200
    bounds = bounds_of([assorter], bureaux)
    assert bounds.bounds[[0, -1]].tolist() == pytest.approx([0.07, 0.035])
    assert bounds.total == pytest.approx(21)
    assert draws_of_bureaux(bounds.total, Fraction(1, 4)) + 1 == 30
    audit = BureauAudit([assorter], bureaux)
    assert audit.error(assorter, 0, Papers(400, (190, 190))) == pytest.approx(20 / 6000)


def test_bureaux_drawn_by_their_bounds_without_replacement() -> None:
    bounds, errors = np.array([0.5, 0.8, 0.7, 0.6, 0.9, 0.5]), np.array([0, 0, 0.05, 0, 0, 0])
    drawn = np.array([4, 1, 2, 0])
    stakes = batch_stakes(errors[drawn] / bounds[drawn], bounds[drawn], float(bounds.sum()))
    assert np.exp(-stakes).tolist() == pytest.approx([0.75, 0.508065, 0.309257, 0.125636], abs=1e-6)


def test_samplers() -> None:
    first = islice(numbers("3546311556112163624615351222", 876), 10)
    assert list(first) == [740, 180, 264, 789, 238, 448, 272, 611, 761, 208]
    assert list(numbers("00000000000000000000", 10)) == [7, 1, 5, 2, 4, 3, 8, 6, 10, 9]
    weights = [702, 655, 760, 590, 711, 640]
    assert [each + 1 for each in islice(weighted("20270410", weights, replaced=True), 8)] == [1, 5, 6, 6, 1, 4, 5, 5]
    assert [each + 1 for each in weighted("20270410", weights)] == [1, 5, 6, 4, 3, 2]
    assert list(weighted("1", [0, 3, 0])) == [1]
    assert list(weighted("1", [])) == []


def test_nothing_is_left_to_draw_when_all_bureaux_agree() -> None:
    assorter = plurality(110, 90, 200)
    bureaux = [Papers(50, (30, 20)), Papers(50, (10, 40)), Papers(40, (40, 0)), Papers(60, (30, 30))]
    audit = BureauAudit([assorter], bureaux, [*enumerate(bureaux)])
    assert audit.measure().tolist() == [0]


def test_an_assertion_names_what_it_compares() -> None:
    assertion: Assertion = more_votes(3, 2, 0)
    assert (assertion.choice, assertion.other) == (2, 0)
