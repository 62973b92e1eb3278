"""The cheapest explanation of a bureau: as cheap as any that can be counted out, complete, and sure of what can be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from verify.cases.wide.operations import is_said
from verify.explanations import search
from verify.explanations.certainty import Supported, operations_of, settle, support, sure_of
from verify.explanations.copies import BureauPapers, tree_of
from verify.explanations.search import Explanation, explain
from verify.explanations.side_by_side import (
    BLANK,
    EXPORT,
    FOUND,
    LIST,
    NULL,
    PUBLISHED,
    RECAP,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    VALID,
    VOTES,
)
from verify.explanations.slips import gap_cost, slip, slip_cost
from verify.model.cases import Sure

HAS = {
    UNIVERSE: (REGISTERED,),
    EXPORT: (REGISTERED, FOUND, BLANK, NULL, VOTES, VOTES + 1),
    LIST: (REGISTERED, SIGNATURES),
}
ALL_EVIDENCE = (UNIVERSE, EXPORT, LIST, RECORD, PUBLISHED)
PAPERS = (LIST, RECORD, PUBLISHED)
TRUE = (900, 662, 662, 20, 0, 642, 342, 300)
"""Registered, signatures, votes found, blank, null, valid, and the votes for two choices."""


def bureau(kinds: Sequence[str], wrong: Mapping[str, int], true: Sequence[int] = TRUE) -> BureauPapers:
    """A bureau of which some figures are written wrong: by piece and column, as ``pv_2``."""
    rows = [[value if at in HAS.get(kind, range(len(true))) else -1 for at, value in enumerate(true)] for kind in kinds]
    for cell, value in wrong.items():
        kind, column = cell.rsplit("_", 1)
        rows[kinds.index(kind)][int(column)] = value
    size = len(true) - VOTES
    return BureauPapers(tuple(kinds), rows, size, strange=0, mentioned=False, by_machine=EXPORT in kinds)


def explained(of: BureauPapers) -> Explanation:
    found = explain(of)
    assert found is not None
    return found


def told(of: BureauPapers) -> list[tuple[str, str, dict[int, int], Sure]]:
    """Cause, piece, corrections and certainty of each operation."""
    explanation = explained(of)
    supported: list[Supported] = support(of, explanation)
    return [
        (
            each.operation.cause,
            of.kinds[each.operation.piece],
            each.operation.changes,
            sure_of(each, doubtful=False),
        )
        for each in supported
    ]


# --- Against all that can be counted out ---

MOST = 5
"""Figures up to which all truths are tried."""
BEYOND = 6 * MOST


def plain_cost(of: BureauPapers, column: int, truth: int) -> int:
    """Cost of a column over all possible figures of the missing papers."""
    nodes = tree_of(of.kinds, column)
    known = {at: of.rows[node.piece][column] for at, node in enumerate(nodes) if node.piece >= 0}
    hidden = [at for at, node in enumerate(nodes) if node.piece < 0]
    written = {figure for figure in known.values() if figure >= 0}
    least = 1 << 30
    for figures in product({truth, *written}, repeat=len(hidden)):
        has = {**known, **dict(zip(hidden, figures, strict=True)), -1: truth}
        cost = 0
        for at, node in enumerate(nodes):
            was, becomes = has[at], has[node.parent]
            if was >= 0 and was != becomes:
                row = [was if each == column else figure for each, figure in enumerate(of.rows[node.like])]
                kind = of.kinds[node.like]
                cause = slip(kind, row, column, becomes, by_machine=of.by_machine)
                cost += slip_cost(kind, column, cause, was, becomes)
        least = min(least, cost)
    return least


def plainly(of: BureauPapers) -> int:
    """The cost of the cheapest truth, without operations on rows."""
    costs = [[plain_cost(of, column, truth) for truth in range(BEYOND)] for column in range(VOTES + of.size)]
    registered, signed, found, blank, null, _, *_ = costs
    some = range(MOST + 1)
    of_gap = [min(found[f] + signed[s] + gap_cost(f - s) for s in range(BEYOND)) for f in range(BEYOND)]
    return min(registered) + min(
        of_gap[b + n + one + other]
        + blank[b]
        + null[n]
        + costs[VALID][one + other]
        + costs[VOTES][one]
        + costs[VOTES + 1][other]
        for b, n, one, other in product(some, some, some, some)
    )


@pytest.mark.parametrize("kinds", [PAPERS, ALL_EVIDENCE, (RECORD,), (EXPORT, PUBLISHED, PUBLISHED)], ids=" ".join)
def test_nothing_that_can_be_counted_out_is_cheaper(kinds: tuple[str, ...]) -> None:
    draw = np.random.default_rng(7)
    for _ in range(12):
        one, other, blank = draw.integers(0, MOST, 3).tolist()
        found = one + other + blank
        of = bureau(kinds, {}, (9, found, found, blank, 0, one + other, one, other))
        for _ in range(int(draw.integers(1, 4))):
            row = of.rows[int(draw.integers(len(kinds)))]
            column = int(draw.choice([at for at, value in enumerate(row) if value >= 0]))
            row[column] = int(draw.integers(0, MOST))
        explanation, least = explained(of), plainly(of)
        assert explanation.complete
        assert explanation.cost <= least
        if all(len(each.changes) == 1 for each in explanation.operations):
            assert explanation.cost == least


def test_a_cost_is_that_of_all_operations_and_the_gap_and_the_truth_satisfies_the_edits() -> None:
    of = bureau(PAPERS, {"pv_2": 626, "publie_6": 324, "emargements_1": 660})
    found = explained(of)
    assert found.cost == gap_cost(found.gap) + sum(each.cost for each in found.operations)
    _, signed, votes, blank, null, valid, *by_choice = found.truth
    assert (votes, valid, found.gap) == (blank + null + valid, sum(by_choice), votes - signed)
    assert all(found.cost <= rival.cost <= found.bound for rival in found.rivals)


def test_the_search_says_where_it_was_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    of = bureau(PAPERS, {"pv_2": 626})
    monkeypatch.setattr(search, "MOST_READINGS", 1)
    assert not explained(of).complete
    assert {sure for *_, sure in told(of)} == {Sure.OPEN}


# --- What is certain, likely, and a question ---


def test_two_digits_exchanged_against_sums_and_the_list_are_certain() -> None:
    assert told(bureau((LIST, RECORD), {"pv_2": 626})) == [("digits-exchanged", RECORD, {FOUND: 662}, Sure.CERTAIN)]


def test_copies_of_a_wrong_figure_are_one_operation_and_no_witnesses() -> None:
    of = bureau(ALL_EVIDENCE, {"pv_6": 324, "publie_6": 324})
    assert told(of) == [("digits-exchanged", RECORD, {VOTES: 342}, Sure.CERTAIN)]
    [operation] = operations_of(of, explained(of))
    assert operation.cells == {(ALL_EVIDENCE.index(kind), VOTES): 342 for kind in (RECORD, PUBLISHED)}


@pytest.mark.parametrize("column", [FOUND, VALID])
def test_one_figure_that_ends_two_edits_is_likely_where_several_bureaux_have_it(column: int) -> None:
    """All copies have it wrong, and nothing else speaks against it."""
    papers = bureau(PAPERS, {f"pv_{column}": 501, f"publie_{column}": 501})
    [supported] = support(papers, explained(papers))
    assert supported.operation.changes == {column: TRUE[column]}
    sures = [sure_of(supported, doubtful=False, shared=shared) for shared in (False, True)]
    assert sures == [Sure.OPEN, Sure.LIKELY]


def test_two_counts_exchanged_that_only_the_votes_of_a_copy_contradict_are_told() -> None:
    exchanged = {BLANK: TRUE[VALID], VALID: TRUE[BLANK]}
    papers = bureau(PAPERS, {f"{kind}_{at}": value for kind in ("pv", "publie") for at, value in exchanged.items()})
    for at in (VOTES, VOTES + 1):
        papers.rows[papers.kinds.index(RECORD)][at] = -1
    right = {at: TRUE[at] for at in (BLANK, VALID)}
    assert told(papers) == [("figures-exchanged", RECORD, right, Sure.LIKELY)]


def test_zeros_of_one_row_are_one_operation() -> None:
    """A sheet of the votes was lost; a few of them are too few to be no wrong digit."""
    true = (*TRUE[:VOTES], 335, 300, 7)
    papers = bureau(PAPERS, {"pv_6": 0, "pv_8": 0}, true)
    assert told(papers) == [("zero-for-missing", RECORD, {6: 335, 8: 7}, Sure.LIKELY)]


def test_papers_made_to_agree_never_make_the_list_wrong() -> None:
    """A hundred votes too many, valid, found and the signatures of the PV raised with them, and published so."""
    raised = (900, 762, 762, 20, 0, 742, 442, 300)
    for kinds in (PAPERS, (LIST, RECORD), (LIST, PUBLISHED), (UNIVERSE, *PAPERS)):
        of = bureau(kinds, {"emargements_1": 662}, raised)
        assert all(sure is Sure.OPEN for *_, sure in told(of))


@pytest.mark.parametrize(
    ("signed", "sure"),
    [(626, Sure.LIKELY), (6622, Sure.LIKELY), (66, Sure.LIKELY), (562, Sure.OPEN), (300, Sure.OPEN)],
)
def test_the_list_alone_is_likely_wrong_only_by_a_slip_that_fits_exactly(signed: int, sure: Sure) -> None:
    found = told(bureau(PAPERS, {"emargements_1": signed}))
    assert [(piece, each) for _, piece, _, each in found] in ([(LIST, sure)], [])


@pytest.mark.parametrize("wrong", [{"pv_6": 324, "pv_7": 301}, {"pv_6": 324, "publie_7": 301}])
def test_two_slips_in_one_sum_are_never_certain(wrong: dict[str, int]) -> None:
    assert all(sure is not Sure.CERTAIN for *_, sure in told(bureau(PAPERS, wrong)))


def test_of_many_figures_that_could_make_a_sum_work_out_none_is_likely() -> None:
    votes = (0, 130, 112, 104, 99, 88, 75, 34)
    true = (900, 662, 662, 20, 0, 642, *votes)
    of = bureau((LIST, RECORD), {"pv_7": 120}, true)
    assert all(sure is Sure.OPEN for *_, sure in told(of))


@pytest.mark.parametrize(("kind", "cause"), [(RECORD, "choices-exchanged"), (PUBLISHED, "choices-exchanged")])
def test_an_operation_on_two_figures_is_one(kind: str, cause: str) -> None:
    wrong = {f"{kind}_6": 300, f"{kind}_7": 342}
    [(found, piece, changes, _)] = told(bureau(ALL_EVIDENCE, wrong))
    assert (found, piece, changes) == (cause, kind, {VOTES: 342, VOTES + 1: 300})


def test_a_row_of_zeros_says_nothing_and_the_pv_beside_it_is_put_right() -> None:
    zeros = {f"publie_{column}": 0 for column in range(FOUND, VOTES + 2)}
    found = told(bureau(ALL_EVIDENCE, zeros | {"pv_6": 300, "pv_7": 342}))
    assert {(cause, piece) for cause, piece, *_ in found} == {
        ("row-of-zeros", PUBLISHED),
        ("choices-exchanged", RECORD),
    }


def test_ordinary_gaps_are_no_slips() -> None:
    for gap in (1, -2, 5, -8, 12):
        found = explained(bureau(PAPERS, {}, (900, 662 - gap, 662, 20, 0, 642, 342, 300)))
        assert (found.operations, found.gap) == ((), gap)


@pytest.mark.parametrize(("one", "other"), [(SIGNATURES, VALID), (SIGNATURES, BLANK), (BLANK, VALID)])
def test_two_counts_of_a_pv_in_each_others_place_are_one_operation(one: int, other: int) -> None:
    of = bureau(PAPERS, {f"pv_{one}": TRUE[other], f"pv_{other}": TRUE[one]})
    [(cause, piece, right, sure)] = told(of)
    assert (cause, piece, right) == ("figures-exchanged", RECORD, {one: TRUE[one], other: TRUE[other]})
    assert sure is not Sure.OPEN


def test_the_list_s_roll_and_signatures_in_each_others_place_are_one_question() -> None:
    of = bureau(PAPERS, {"emargements_0": TRUE[SIGNATURES], "emargements_1": TRUE[REGISTERED]})
    assert [(cause, sure) for cause, _, _, sure in told(of)] == [("figures-exchanged", Sure.OPEN)]


def test_slips_that_a_row_from_elsewhere_would_be_cheaper_than_are_named_as_such() -> None:
    of = bureau(ALL_EVIDENCE, {"pv_1": 66, "pv_2": 626, "pv_5": 6442})
    explanation = explained(of)
    assert [each.cause for each in explanation.operations] == ["figure-wrong"]  # of unknown figures, at one cost
    assert {(cause, *right.items()) for cause, _, right, _ in told(of)} == {
        ("digit-lost", (SIGNATURES, 662)),
        ("digits-exchanged", (FOUND, 662)),
        ("digit-doubled", (VALID, 642)),
    }
    assert Sure.CERTAIN not in {sure for *_, sure in told(of)}


@pytest.mark.parametrize(("right", "said"), [([662, -1, 642], [True, False, True]), ([-1, -1, -1], [True, True, True])])
def test_nothing_is_a_correction_only_where_a_whole_row_is_none_of_its_bureaus(
    right: list[int], said: list[bool]
) -> None:
    row = [626, 20, 624]
    assert [is_said(row, right, column) for column in range(3)] == said


@pytest.mark.parametrize(
    ("wrong", "of"),
    [
        ({"publie_6": 324}, {VOTES: 342}),  # the copy adds up again as the PV does: that is no second support
        ({"publie_3": 12, "publie_5": 650}, {BLANK: 20, VALID: 642}),
    ],
)
def test_papers_made_of_one_another_are_one_witness(wrong: Mapping[str, int], of: Mapping[int, int]) -> None:
    told_of = told(bureau((LIST, RECORD, RECAP, PUBLISHED), wrong))
    assert [(piece, changes, sure) for _, piece, changes, sure in told_of] == [(PUBLISHED, of, Sure.LIKELY)]
    told_of = told(bureau((EXPORT, LIST, RECORD, RECAP, PUBLISHED), wrong))  # the machine's count is another one
    assert {sure for *_, sure in told_of} == {Sure.CERTAIN}


def test_blank_and_null_exchanged_in_papers_made_of_one_another_are_a_question() -> None:
    true = (900, 662, 662, 20, 8, 634, 334, 300)
    wrong = {"pv_3": 8, "pv_4": 20, "recap_3": 8, "recap_4": 20}
    told_of = told(bureau((LIST, RECORD, RECAP, PUBLISHED), wrong, true))
    assert {sure for *_, sure in told_of} == {Sure.OPEN}


@pytest.mark.parametrize(
    ("wrong", "accused"),
    [
        ({"pv_2": 702, "pv_3": 60, "recap_2": 702, "recap_3": 60, "publie_2": 702}, PUBLISHED),
        ({"pv_2": 670, "pv_4": 8, "recap_2": 670, "publie_2": 670, "publie_4": 8}, RECAP),
    ],
)
def test_the_list_speaks_for_a_figure_that_closes_the_gap(wrong: Mapping[str, int], accused: str) -> None:
    """A PV to which blank or null votes were added: one copy has them right, and all have the sum."""
    told_of = told(bureau((LIST, RECORD, RECAP, PUBLISHED), wrong))
    assert [(piece, sure) for _, piece, _, sure in told_of] == [(accused, Sure.OPEN)]


def test_no_sum_of_another_figure_speaks_for_a_roll() -> None:
    """Two digits of the roll are exchanged on the list, which the PV copies; a vote of the result is wrong besides."""
    told_of = told(bureau(PAPERS, {"emargements_0": 990, "pv_0": 990, "publie_6": 341}))
    assert [sure for *_, changes, sure in told_of if REGISTERED in changes] == [Sure.LIKELY]


def test_a_machine_takes_no_null_votes() -> None:
    papers = bureau(PAPERS, {"pv_5": 476, "publie_5": 476, "publie_6": 176})
    for by_machine, expected in ((False, Sure.LIKELY), (True, Sure.OPEN)):
        told_of = told(replace(papers, by_machine=by_machine))
        assert [sure for *_, changes, sure in told_of if NULL in changes] == [expected]


NONE = {"publie_1": -1}
"""A result states no signatures."""
NO_VOTES = {"pv_6": -1, "pv_7": -1}


@pytest.mark.parametrize(
    ("true", "by"),
    [((1600, 1519, 1519, 10, 9, 1500, 235, 1265), 20), ((1000, 806, 806, 8, 7, 791, 232, 559), 54)],
)
def test_a_list_and_a_result_that_agree_are_a_question_against_a_raised_pv(true: Sequence[int], by: int) -> None:
    """Votes were added on the PV and on its centralising record, and signatures; 860 looks like 806 miswritten."""
    raised = {f"{kind}_{at}": true[at] + by for kind in ("pv", "recap") for at in (SIGNATURES, FOUND, VALID, VOTES)}
    told_of = told(bureau((LIST, RECORD, RECAP, PUBLISHED), raised | NONE | {"recap_6": -1, "recap_7": -1}, true))
    assert {sure for *_, sure in told_of} == {Sure.OPEN}


def test_what_a_sum_leaves_beside_another_correction_of_it_is_a_question() -> None:
    """Three slips of a PV in one sum, which the result copies: the blank votes would take what the null ones lack."""
    true = (1600, 1356, 1356, 11, 8, 1337, 700, 637)
    wrong = {f"{kind}_{at}": to for kind in ("pv", "publie") for at, to in ((BLANK, 1), (NULL, 3), (VALID, 1307))}
    told_of = {next(iter(changes)): sure for *_, changes, sure in told(bureau(PAPERS, wrong | NONE, true))}
    assert told_of == {BLANK: Sure.OPEN, VALID: Sure.LIKELY}


def test_a_sum_that_holds_in_a_copy_is_not_broken() -> None:
    """The votes found are wrong in all papers, so that valid votes seem to be, which are the sum of the votes."""
    true = (800, 663, 663, 20, 8, 635, 335, 300)
    wrong = {"emargements_1": 563, "pv_1": 563, "pv_2": 563, "publie_2": 563}
    told_of = told(bureau(PAPERS, wrong | NONE | NO_VOTES, true))
    assert {sure for *_, sure in told_of} == {Sure.OPEN}


def test_what_rests_on_a_question_that_a_look_at_other_bureaux_asks_is_part_of_it() -> None:
    """Both counts of voters of a PV have two digits exchanged; as long as one of them is asked, the other is."""
    of = bureau(PAPERS, {"pv_1": 626, "pv_2": 626} | NONE)
    supported = support(of, explained(of))
    assert {sure_of(each, doubtful=False) for each in supported} == {Sure.LIKELY}
    asked = [replace(each, rests=SIGNATURES in each.operation.changes) for each in supported]
    assert {sure_of(each, doubtful=False) for each in settle(asked)} == {Sure.OPEN}


def test_what_rests_on_what_rests_on_a_question_is_part_of_it() -> None:
    """The list is a question; valid votes rest on it, and on these the votes for a choice."""
    of = bureau(PAPERS, {"emargements_1": 762, "publie_5": 736, "pv_7": 3} | NONE)
    assert [(piece, sure) for _, piece, _, sure in told(of)] == [
        (kind, Sure.OPEN) for kind in (LIST, PUBLISHED, RECORD)
    ]


def test_a_figure_of_a_sum_that_is_asked_is_no_slip_by_itself() -> None:
    """Blank votes, valid ones and a choice are wrong in the PV; the result copies all but the valid votes."""
    true = (1000, 709, 709, 110, 0, 599, 350, 249)
    wrong = {f"{kind}_3": 127 for kind in ("pv", "recap", "publie")} | {"recap_6": -1, "recap_7": -1}
    wrong |= {"pv_5": 562, "recap_5": 562, "pv_6": 313, "publie_6": 313}
    told_of = told(bureau((LIST, RECORD, RECAP, PUBLISHED), wrong | NONE, true))
    assert {sure for *_, sure in told_of} == {Sure.OPEN}


def test_a_centralising_record_without_the_gap_is_a_question() -> None:
    of = bureau((LIST, RECORD, RECAP, PUBLISHED), {"recap_1": 664} | NONE, (900, 662, 664, 20, 0, 644, 344, 300))
    assert [(cause, sure) for cause, *_, sure in told(of)] == [("gap-corrected", Sure.OPEN)]


def test_the_roll_of_a_centralising_record_is_one_operation_with_what_copies_it() -> None:
    of = bureau((LIST, RECORD, RECAP, PUBLISHED), {"recap_0": 880, "publie_0": 880} | NONE)
    [operation] = operations_of(of, explained(of))
    assert operation.cells == {(2, REGISTERED): 900, (3, REGISTERED): 900}
