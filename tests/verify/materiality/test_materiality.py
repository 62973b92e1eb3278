"""Each threshold on both sides, for each kind of election; K; the Lézardrieux case; what is not known."""

import dataclasses
import tracemalloc
from math import comb

import pytest

from regard.language import show
from tests.verify.materiality.contest_builder import Row, contest
from verify.materiality.annulment import annul
from verify.materiality.contest import ContestCount, Scope
from verify.materiality.deduction import ContestVerdict, deduct
from verify.materiality.deduction_steps import deduction_steps
from verify.materiality.kinds import Ballot, ElectionKind
from verify.materiality.outcome import ContestOutcome, Totals, bonus, decide, highest_averages
from verify.materiality.sums import BallotMoves

MATERIAL, NOT, UNKNOWN = ContestVerdict.MATERIAL, ContestVerdict.NOT_MATERIAL, ContestVerdict.CANNOT_TELL
PRESIDENTIAL, LEGISLATIVE, DEPARTMENTAL = ElectionKind.PRESIDENTIAL, ElectionKind.LEGISLATIVE, ElectionKind.DEPARTMENTAL
MUNICIPAL, CANDIDATES, REGIONAL = ElectionKind.MUNICIPAL_LISTS, ElectionKind.MUNICIPAL_CANDIDATES, ElectionKind.REGIONAL
EUROPEAN, REFERENDUM = ElectionKind.EUROPEAN, ElectionKind.REFERENDUM


def named(count: ContestCount, chosen: frozenset[int]) -> str:
    return "".join(count.choices[choice] for choice in sorted(chosen))


# The Lézardrieux case. Known (tribunal administratif de Rennes, 17 September 2020, n° 2001316): two lists, two bureaux;
# 332 ballots for 331 signatures in bureau 1; 785 valid votes; absolute majority 393; the list that had it has 392 after
# the deduction, so it had 393, and the other 785 - 393 = 392. Assumed here, for want of a source: how the valid votes
# lie in the two bureaux, one blank or null ballot in bureau 1, no gap in bureau 2, the roll, and 19 seats.
LEZARDRIEUX = contest(
    MUNICIPAL,
    [Row((170, 161), gap=1, blank=1, registered=600), Row((223, 231), registered=650)],
    seats=19,
    choices=("liste proclamée élue", "autre liste"),
)


def test_lezardrieux() -> None:
    first = LEZARDRIEUX.bureaux
    assert (first.found[0], first.signed[0]) == (332, 331)
    result = deduct(LEZARDRIEUX)
    assert result.excess == result.taken == 1
    assert LEZARDRIEUX.totals.valid == 785
    assert result.outcome is not None
    assert result.outcome.elected == {0}
    ours, theirs = result.trials
    assert (ours.totals.valid, ours.totals.votes, ours.changes) == (784, (392, 392), True)
    assert ours.outcome == ContestOutcome(qualified=frozenset({0, 1}))
    assert not theirs.changes
    assert result.verdict is MATERIAL


GOLDEN = {
    "fr": [
        "Bureaux : 2 connus, 2 avec leurs voix, 2 avec votes et émargements ; tout le scrutin.",
        "Votes au-delà des émargements ou des votants, sans compensation : 1 (bureau 0001 : 1).",
        "Exprimés : 785 − 1 = 784.",
        "Seuil, majorité absolue : 393.",
        "Seuil, 10 % des exprimés : 79.",
        "Seuil, 5 % des exprimés : 40.",
        "Résultat avec ces chiffres : élu : « liste proclamée élue » ; "
        "sièges : « liste proclamée élue » 15, « autre liste » 4.",
        "1 retiré de « liste proclamée élue » : 393 → 392 ; 392 < 393 (majorité absolue) ; "
        "392 ≥ 79 (10 % des exprimés) ; 392 ≥ 40 (5 % des exprimés) ; "
        "le résultat change, second tour : « liste proclamée élue », « autre liste ».",
        "1 retiré de « autre liste » : 392 → 391 ; 391 < 393 (majorité absolue) ; 391 ≥ 79 (10 % des exprimés) ; "
        "391 ≥ 40 (5 % des exprimés) ; rien ne change.",
        "Le résultat peut changer. 1 retiré de « liste proclamée élue » : 393 → 392 ; 392 < 393 (majorité absolue).",
    ],
    "en": [
        "Bureaux: 2 known, 2 with their votes, 2 with votes and signatures; the whole contest.",
        "Votes beyond signatures or voters, never netted: 1 (bureau 0001: 1).",
        "Valid votes: 785 − 1 = 784.",
        "Threshold, absolute majority: 393.",
        "Threshold, 10% of the valid votes: 79.",
        "Threshold, 5% of the valid votes: 40.",
        "Outcome with these figures: elected: “liste proclamée élue”; "
        "seats: “liste proclamée élue” 15, “autre liste” 4.",
        "1 taken from “liste proclamée élue”: 393 → 392; 392 < 393 (absolute majority); "
        "392 ≥ 79 (10% of the valid votes); 392 ≥ 40 (5% of the valid votes); "
        "the outcome changes, second round: “liste proclamée élue”, “autre liste”.",
        "1 taken from “autre liste”: 392 → 391; 391 < 393 (absolute majority); 391 ≥ 79 (10% of the valid votes); "
        "391 ≥ 40 (5% of the valid votes); nothing changes.",
        "The outcome can change. 1 taken from “liste proclamée élue”: 393 → 392; 392 < 393 (absolute majority).",
    ],
}


@pytest.mark.parametrize("language", GOLDEN)
def test_lezardrieux_step_by_step(language: str) -> None:
    steps = deduction_steps(LEZARDRIEUX, deduct(LEZARDRIEUX))
    sentences = [show(language, step).replace("\u00a0", " ") for step in steps]
    assert sentences == GOLDEN[language]


# kind, round, votes by choice, roll, excess, verdict
TABLE = [
    # first round, absolute majority: V1 - K >= floor((E - K) / 2) + 1
    (PRESIDENTIAL, 1, (503, 497, 0), 2000, 5, NOT),  # 498 of 995: 498 needed
    (PRESIDENTIAL, 1, (502, 498, 0), 2000, 5, MATERIAL),  # 497 of 995
    (PRESIDENTIAL, 1, (502, 499, 0), 2000, 1, NOT),  # 501 of 1,000: 501 needed
    (PRESIDENTIAL, 1, (501, 499, 0), 2000, 1, NOT),  # 500 of 999: 500 needed
    (PRESIDENTIAL, 1, (501, 500, 0), 2000, 1, MATERIAL),  # 500 of 1,000
    (LEGISLATIVE, 1, (503, 497), 2000, 5, MATERIAL),  # majority kept, but 498 of a roll of 2,000 needs 500
    (LEGISLATIVE, 1, (505, 495), 2000, 5, NOT),  # 500 of 500
    (LEGISLATIVE, 1, (505, 495), 2001, 5, MATERIAL),  # a quarter of 2,001 is 501
    (LEGISLATIVE, 1, (505, 495), 2000, 6, MATERIAL),
    (DEPARTMENTAL, 1, (505, 495), 2000, 5, NOT),
    (DEPARTMENTAL, 1, (505, 495), 2000, 6, MATERIAL),
    (MUNICIPAL, 1, (503, 497), 9000, 5, NOT),
    (MUNICIPAL, 1, (502, 498), 9000, 5, MATERIAL),
    (REGIONAL, 1, (503, 497), 9000, 5, NOT),
    (REGIONAL, 1, (502, 498), 9000, 5, MATERIAL),
    (CANDIDATES, 1, (503, 497), 2000, 5, MATERIAL),  # 498 < 500, a quarter of the roll
    (CANDIDATES, 1, (505, 495), 2000, 5, NOT),
    # nobody has a majority: who would, once the votes of others are gone?
    (PRESIDENTIAL, 1, (500, 300, 200), 2000, 1, MATERIAL),  # 500 of 999
    (PRESIDENTIAL, 1, (499, 301, 200), 2000, 1, NOT),
    (PRESIDENTIAL, 1, (499, 301, 200), 2000, 3, MATERIAL),  # 499 of 997
    (LEGISLATIVE, 1, (500, 300, 200), 2000, 1, MATERIAL),
    (LEGISLATIVE, 1, (500, 300, 200), 2001, 1, NOT),  # 500 are no quarter of 2,001
    # final round: V1 - V2 > K
    (PRESIDENTIAL, 2, (506, 500), 2000, 5, NOT),
    (PRESIDENTIAL, 2, (505, 500), 2000, 5, MATERIAL),  # a tie
    (LEGISLATIVE, 2, (506, 500, 300), 2000, 5, NOT),
    (LEGISLATIVE, 2, (505, 500, 300), 2000, 5, MATERIAL),
    (DEPARTMENTAL, 2, (506, 500), 2000, 5, NOT),
    (DEPARTMENTAL, 2, (505, 500), 2000, 5, MATERIAL),
    (REFERENDUM, 1, (506, 500), 2000, 5, NOT),
    (REFERENDUM, 1, (505, 500), 2000, 5, MATERIAL),
    # qualification
    (PRESIDENTIAL, 1, (400, 306, 300), 2000, 5, NOT),  # V2 - V3 > K
    (PRESIDENTIAL, 1, (400, 305, 300), 2000, 5, MATERIAL),
    (LEGISLATIVE, 1, (400, 330, 255, 15), 2000, 5, NOT),  # an eighth of 2,000 is 250
    (LEGISLATIVE, 1, (400, 330, 254, 16), 2000, 5, MATERIAL),
    (LEGISLATIVE, 1, (400, 330, 256, 14), 2001, 5, NOT),  # of 2,001, 251
    (LEGISLATIVE, 1, (400, 330, 255, 15), 2001, 5, MATERIAL),
    (LEGISLATIVE, 1, (400, 253, 220, 127), 2000, 5, NOT),  # the second falls below: the fall-back keeps it
    (LEGISLATIVE, 1, (400, 200, 195, 205), 4000, 4, NOT),  # none at 500: the first two
    (LEGISLATIVE, 1, (400, 200, 195, 205), 4000, 5, MATERIAL),  # the second and the third are equal
    (DEPARTMENTAL, 1, (400, 330, 255, 15), 2000, 5, NOT),
    (DEPARTMENTAL, 1, (400, 330, 254, 16), 2000, 5, MATERIAL),
    (MUNICIPAL, 1, (400, 380, 105, 115), 9000, 5, NOT),  # 10 % of 995 is 100
    (MUNICIPAL, 1, (400, 380, 104, 116), 9000, 5, MATERIAL),
    (MUNICIPAL, 1, (400, 390, 99, 111), 9000, 10, MATERIAL),  # 99 of 990 may stay now
    (MUNICIPAL, 1, (400, 390, 98, 112), 9000, 10, NOT),
    (MUNICIPAL, 1, (450, 440, 56, 54), 9000, 4, NOT),  # 5 % of 996 is 50
    (MUNICIPAL, 1, (450, 440, 53, 57), 9000, 4, MATERIAL),  # 49 may not even merge
    (MUNICIPAL, 1, (460, 450, 49, 41), 9000, 19, NOT),  # 5 % of 981 is 50
    (MUNICIPAL, 1, (460, 450, 49, 41), 9000, 20, MATERIAL),  # 49 of 980 may merge now
    (REGIONAL, 1, (400, 380, 105, 115), 9000, 5, NOT),
    (REGIONAL, 1, (400, 380, 104, 116), 9000, 5, MATERIAL),
]


def decides(verdict: ContestVerdict, count: ContestCount) -> None:
    """The deduction from these votes has this verdict."""
    result = deduct(count)
    assert result.verdict is verdict, (result.outcome, [trial.outcome for trial in result.trials if trial.changes])


def test_both_sides_of_a_threshold() -> None:
    for kind, round_, votes, roll, excess, verdict in TABLE:
        decides(verdict, contest(kind, [Row(votes, gap=excess, registered=roll)], round_=round_, seats=len(votes) * 10))


# seats: E = 10,000 and the list with 500 votes is at 5 %
SEATS = [
    (EUROPEAN, 1, (9495, 505, 0), 10, 5, NOT),  # 500 are 5 % of 9,995
    (EUROPEAN, 1, (9495, 505, 0), 20, 6, MATERIAL),  # 499 are less than 5 % of 9,994, and it had a seat
    (EUROPEAN, 1, (9495, 505, 0), 10, 6, NOT),  # it had none to lose
    (EUROPEAN, 1, (9502, 498, 0), 20, 39, NOT),  # 498 are less than 5 % of 9,961
    (EUROPEAN, 1, (9502, 498, 0), 20, 40, MATERIAL),  # 498 are 5 % of 9,960: a seat of 20
    # averages: the second of two seats, 300 / 2 against 150, where the list with more votes has it; 299 / 2 lose it
    (EUROPEAN, 1, (304, 150), 2, 4, NOT),
    (EUROPEAN, 1, (304, 150), 2, 5, MATERIAL),
    # the bonus goes to the first list: with 12 seats, half or a quarter of them
    (MUNICIPAL, 2, (506, 500, 0), 12, 5, NOT),
    (MUNICIPAL, 2, (505, 500, 0), 12, 5, MATERIAL),
    (REGIONAL, 2, (506, 500, 0), 12, 5, NOT),
    (REGIONAL, 2, (505, 500, 0), 12, 5, MATERIAL),
    # single candidates: the last of the seats
    (CANDIDATES, 2, (700, 506, 500), 2, 5, NOT),
    (CANDIDATES, 2, (700, 505, 500), 2, 5, MATERIAL),
]


def test_both_sides_of_a_seat() -> None:
    for kind, round_, votes, seats, excess, verdict in SEATS:
        decides(verdict, contest(kind, [Row(votes, gap=excess, registered=20_000)], round_=round_, seats=seats))


def test_highest_averages_by_hand() -> None:
    # 884 and 544 votes for 9 seats: 884/1 544/1 884/2 884/3 544/2 884/4 544/3 884/5 147.3 against 136
    assert highest_averages((884, 544), (0, 1), 9) == ((6, 3), frozenset())
    assert highest_averages((884, 544, 40), (0, 1), 9) == ((6, 3, 0), frozenset())
    assert highest_averages((300, 150), (0, 1), 3) == ((2, 1), frozenset())
    assert highest_averages((300, 150), (0, 1), 2) == ((2, 0), frozenset())  # equal averages: more votes first
    assert highest_averages((100, 100), (0, 1), 2) == ((1, 1), frozenset())
    assert highest_averages((100, 100), (0, 1), 3) == ((1, 1), frozenset({0, 1}))  # only age decides
    assert highest_averages((100,), (), 3) == ((0,), frozenset())


def test_the_bonus_is_rounded_as_the_law_says() -> None:
    for seats, municipal, regional in (
        (1, 0, 1),
        (3, 1, 1),
        (4, 2, 1),
        (5, 3, 2),
        (7, 4, 2),
        (8, 4, 2),
        (9, 5, 3),
        (29, 15, 8),
        (125, 63, 32),
    ):
        assert bonus(MUNICIPAL, seats) == municipal
        assert bonus(REGIONAL, seats) == regional
        assert bonus(EUROPEAN, seats) == 0


def test_the_bonus_comes_before_the_averages_and_does_not_count_in_them() -> None:
    ballot = Ballot(MUNICIPAL, 1, 19)
    assert decide(ballot, Totals(2000, 1428, (884, 544))).seats == (16, 3)
    assert decide(Ballot(REGIONAL, 2, 12), Totals(None, 1000, (500, 300, 151, 49))).seats == (8, 3, 1, 0)


def test_where_the_law_asks_for_an_age_the_outcome_is_a_tie() -> None:
    assert decide(Ballot(LEGISLATIVE, 2), Totals(100, 60, (30, 30))) == ContestOutcome(tied=frozenset({0, 1}))
    assert decide(Ballot(MUNICIPAL, 2, 9), Totals(100, 60, (30, 30))) == ContestOutcome(tied=frozenset({0, 1}))
    of_three = decide(Ballot(PRESIDENTIAL, 1), Totals(100, 60, (24, 18, 18)))
    assert of_three == ContestOutcome(qualified=frozenset({0}), tied=frozenset({1, 2}))


def test_the_fall_back_to_the_first_two_is_not_for_municipal_lists() -> None:
    votes = Totals(10_000, 1000, (95, 94, *(90,) * 9, 1))
    assert decide(Ballot(MUNICIPAL, 1, 9), votes).qualified == frozenset()
    assert decide(Ballot(REGIONAL, 1, 9), votes).qualified == {0, 1}
    assert decide(Ballot(REGIONAL, 1, 9), votes).mergeable == set(range(2, 11))
    assert decide(Ballot(LEGISLATIVE, 1), votes).qualified == {0, 1}


def test_equal_lists_for_the_last_place_are_tied_and_not_merely_mergeable() -> None:
    votes = Totals(10_000, 1000, (95, 94, 94, *(70,) * 10, 17))
    outcome = decide(Ballot(REGIONAL, 1, 9), votes)
    assert outcome.qualified == {0}
    assert outcome.tied == {1, 2}
    assert outcome.mergeable == set(range(3, 13))


def test_nothing_is_netted_between_bureaux() -> None:
    rows = [Row((250, 245), gap=3), Row((255, 250), gap=-3)]
    result = deduct(contest(PRESIDENTIAL, rows, round_=2))
    assert (result.excess, result.deficit, result.verdict) == (3, 3, NOT)
    result = deduct(contest(PRESIDENTIAL, [Row((250, 245), gap=10), Row((255, 250), gap=-40)], round_=2))
    assert (result.excess, result.verdict) == (10, MATERIAL)
    assert ([*result.bureaux], result.of_each) == (["0001"], (10,))


def test_a_deficit_deducts_nothing_and_no_sum_gives_it_to_anybody() -> None:
    """No judge did that sum, and a deficit that a copied row makes would be quoted against what is true."""
    count = contest(PRESIDENTIAL, [Row((505, 500, 400), gap=-500), Row((1, 0, 0), gap=-1)], round_=2)
    result = deduct(count)
    assert (result.excess, result.trials, result.verdict, result.deficit) == (0, (), NOT, 501)
    [said] = [step for each in deduction_steps(count, result) if "501" in (step := show("en", each))]
    assert said == "Signatures without a vote: 501; they deduct nothing."


def test_what_is_explained_is_taken_off_and_what_is_contested_is_added() -> None:
    row = Row((505, 500), gap=5, explained=3, contested=1)
    result = deduct(contest(PRESIDENTIAL, [row, Row((0, 0), gap=0, explained=4)], round_=2))
    assert (result.beyond, result.explained, result.contested, result.excess) == (5, 3, 1, 3)
    assert result.verdict is NOT
    assert deduct(contest(PRESIDENTIAL, [Row((505, 500), gap=-7, contested=5)], round_=2)).verdict is MATERIAL
    text = show("en", deduction_steps(contest(PRESIDENTIAL, [row], round_=2), result)[1])
    assert (
        text == "Votes beyond signatures or voters, never netted: 3 = 5 − 3 explained + 1 contested signatures "
        "(bureau 0001: 3)."
    )


def test_no_choice_loses_more_than_it_has_in_a_bureau() -> None:
    rows = [Row((2, 40), gap=5), Row((150, 107))]
    result = deduct(contest(PRESIDENTIAL, rows, round_=2))
    assert result.trials[0].losses == (2, 3)  # of the 5, at most 2 are the leader's; the others are the runner-up's
    assert result.verdict is NOT
    assert deduct(contest(PRESIDENTIAL, [Row((5, 37), gap=5), Row((147, 110))], round_=2)).verdict is MATERIAL


def test_the_rest_spares_the_choice_that_is_compared() -> None:
    # 1 vote can come from A in 0001, the other 3 from B or from C; only if B is spared does it draw level with A.
    rows = [Row((1, 9, 9), gap=4), Row((110, 100, 0))]
    result = deduct(contest(LEGISLATIVE, rows, round_=2))
    assert result.verdict is NOT
    assert deduct(contest(LEGISLATIVE, [Row((1, 9, 9), gap=4), Row((110, 101, 0))], round_=2)).verdict is MATERIAL
    trial = next(t for t in deduct(contest(LEGISLATIVE, rows, round_=2)).trials if (t.first, t.spared) == (0, 1))
    assert trial.losses == (1, 0, 3)


def test_ways_that_are_too_many_to_lay_out_are_not() -> None:
    """Either bureau has 10,626 ways of losing 20 ballots of four choices: their sums at once would be 3.6 GB."""
    one = contest(PRESIDENTIAL, [Row((100, 90, 80, 70, 60), gap=20)])
    two = contest(PRESIDENTIAL, [Row((100, 90, 80, 70, 60), gap=20)] * 2)
    choices, ways = [0, 1, 2, 3], comb(20 + 4, 4)
    assert BallotMoves(one.bureaux, several_names=False).changes(choices, ways) is not None
    tracemalloc.start()
    assert BallotMoves(two.bureaux, several_names=False).changes(choices, 500_000) is None
    assert tracemalloc.get_traced_memory()[1] < 2**26
    tracemalloc.stop()


def test_a_bureau_cannot_lose_more_than_its_valid_votes() -> None:
    count = contest(PRESIDENTIAL, [Row((2, 1), gap=7, blank=9), Row((20, 10))], round_=2)
    result = deduct(count)
    assert (result.excess, result.taken, result.verdict) == (7, 3, NOT)
    assert "(a bureau cannot lose more than it has)" in " ".join(show("en", s) for s in deduction_steps(count, result))


def test_several_names_on_a_ballot_lose_a_vote_each() -> None:
    # 3 of 30 ballots go: the majority falls from 16 to 14, and a quarter of the roll stays 15
    count = contest(CANDIDATES, [Row((18, 17, 5), gap=3, valid=30, registered=60)], seats=2)
    result = deduct(count)
    assert result.outcome == ContestOutcome(elected=frozenset({0, 1}))
    assert [trial.losses for trial in result.trials] == [(3, 0, 0), (0, 3, 0), (0, 0, 3)]
    assert [named(count, trial.outcome.elected) for trial in result.trials] == ["AB", "A", "AB"]
    assert result.verdict is MATERIAL


UNKNOWNS = [
    (contest(None, [Row((5, 4), gap=3)]), "kind", "the type of election or its round is not known"),
    (contest(MUNICIPAL, [Row((60, 40), gap=1)]), "seats", "the number of seats is not known"),
    (contest(EUROPEAN, [Row((60, 40), gap=1)]), "seats", "the number of seats is not known"),
    (contest(LEGISLATIVE, [Row((60, 40), gap=1, registered=-1)]), "registered", "registered voters is not known"),
]


@pytest.mark.parametrize(("count", "lacks", "says"), UNKNOWNS)
def test_what_is_not_known_is_not_guessed(count: ContestCount, lacks: str, says: str) -> None:
    result = deduct(count)
    assert (result.verdict, result.lacking) == (UNKNOWN, lacks)
    assert says in show("en", deduction_steps(count, result)[-1])
    assert annul(count).verdict is (UNKNOWN if lacks in ("kind", "registered") else NOT)


def test_where_nothing_is_taken_nothing_needs_to_be_known() -> None:
    decides(NOT, contest(EUROPEAN, [Row((60, 40), gap=-1)]))
    decides(NOT, contest(EUROPEAN, [Row((60, 40)), Row((0, 0), gap=2, blank=3)]))


def test_seats_do_not_matter_where_none_are_shared_out() -> None:
    decides(NOT, contest(MUNICIPAL, [Row((40, 35, 25), gap=1)]))
    decides(MATERIAL, contest(MUNICIPAL, [Row((51, 49), gap=2)]))


def test_a_part_of_a_contest_gets_no_verdict_on_the_whole() -> None:
    part = contest(PRESIDENTIAL, [Row((505, 500), gap=5)], round_=2, closed=False)
    steps = deduction_steps(part, deduct(part))
    assert "no list says whether these are all" in show("en", steps[0])
    assert show("en", steps[-1]) == (
        "In the bureaux at hand, the outcome can change. 5 taken from “A”: 505 → 500; the outcome changes, "
        "tied: “A”, “B”. Whether these are all bureaux of the contest is not known."
    )
    assert "elected" not in " ".join(show("en", step) for step in steps)
    assert "élu" not in " ".join(show("fr", step) for step in steps)


def test_gaps_that_are_not_known_are_no_reason_for_calm() -> None:
    rows = [Row((300, 200), gap=1), Row((300, 200))]
    count = dataclasses.replace(contest(PRESIDENTIAL, rows, round_=2), scope=Scope(2, 2, 1, closed=True))
    assert show("en", deduction_steps(count, deduct(count))[-1]) == (
        "By the gaps that are known, the outcome cannot change. That does not mean that the election stands: a judge "
        "weighs other grounds too."
    )


def test_of_many_bureaux_the_sentence_names_some() -> None:
    count = contest(PRESIDENTIAL, [Row((300, 20), gap=1)] * 14, round_=2)
    excess = deduction_steps(count, deduct(count))[1]
    assert show("en", excess).endswith("bureau 0011: 1, bureau 0012: 1 and 2 more).")
    assert show("fr", excess).endswith("bureau 0011 : 1, bureau 0012 : 1 et 2 autres).")


def test_without_the_roll_nothing_is_decided_that_rests_on_it() -> None:
    with pytest.raises(ValueError, match="registered"):
        decide(Ballot(LEGISLATIVE, 1), Totals(None, 9, (5, 4)))
    assert decide(Ballot(LEGISLATIVE, 2), Totals(None, 9, (5, 4))).elected == {0}


def test_who_may_merge_is_said() -> None:
    count = contest(MUNICIPAL, [Row((450, 440, 53, 57), gap=4)])
    english = " ".join(show("en", step) for step in deduction_steps(count, deduct(count)))
    assert "Outcome with these figures: second round: “A”, “B”; may merge: “C”, “D”." in english
    assert "53 → 49" in english


@pytest.mark.parametrize(
    ("gap", "over", "explained", "contested", "excess"),
    [(2, 0, 0, 0, 2), (2, 3, 0, 0, 3), (3, 2, 0, 0, 3), (-4, 2, 0, 0, 2), (3, 2, 3, 0, 2), (2, 2, 0, 1, 3)],
)
def test_k_is_the_larger_of_two_excesses_and_never_their_sum(
    gap: int, over: int, explained: int, contested: int, excess: int
) -> None:
    row = Row((60, 40), gap=gap, over=over, explained=explained, contested=contested)
    found = deduct(contest(ElectionKind.PRESIDENTIAL, [row], round_=2))
    assert found.excess == excess
    assert found.beyond - found.explained + found.contested + found.over == excess


def test_five_votes_beyond_the_voters_of_three_bureaux_annul_a_first_round() -> None:
    """CC 2024-6367 AN, 7 March 2025: the fourth had passed 12.5 % of the roll by four. Roll and votes are assumed."""
    rows = [
        Row((9_000, 7_000, 6_000, 2_000), registered=16_000, over=2),
        Row((9_000, 7_000, 6_000, 2_000), registered=16_000, over=2),
        Row((9_000, 7_000, 6_000, 2_004), registered=16_000, over=1),
    ]
    assert deduct(contest(ElectionKind.LEGISLATIVE, rows)).verdict is ContestVerdict.MATERIAL
    four = [*rows[:2], dataclasses.replace(rows[2], over=0)]
    assert deduct(contest(ElectionKind.LEGISLATIVE, four)).verdict is ContestVerdict.NOT_MATERIAL
