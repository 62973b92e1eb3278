"""The search of all bureaux at once finds what a plain one finds, one bureau after the other, with the same lead."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from tests.verify.cases import plain_search
from tests.verify.cases.plain_search import Bureau, plainly
from verify.cases import search
from verify.cases.search import explain
from verify.explanations.identities import Ties, ties_of
from verify.explanations.moves import Move
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
    URN,
    VALID,
    VOTES,
    PieceFigures,
    Row,
    SideBySide,
)
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Ints

CHOICES = 4
HAS = {
    UNIVERSE: (REGISTERED,),
    URN: (FOUND, BLANK, *range(VOTES, VOTES + CHOICES)),
    EXPORT: (REGISTERED, FOUND, BLANK, NULL, *range(VOTES, VOTES + CHOICES)),
    LIST: (REGISTERED, SIGNATURES),
    RECAP: (SIGNATURES, FOUND, BLANK, NULL, VALID),
}
EVIDENCE = (
    (UNIVERSE, EXPORT, LIST, RECORD, PUBLISHED),
    (UNIVERSE, LIST, RECORD),
    (URN, EXPORT, LIST, RECORD, RECAP, PUBLISHED, PUBLISHED),
    (LIST, PUBLISHED, PUBLISHED),
    (EXPORT, PUBLISHED),
    (URN, RECORD, RECAP),
)


def right_figures(draw: np.random.Generator, kinds: tuple[str, ...]) -> list[Row]:
    """The figures of a bureau, as they should be, but for a gap."""
    votes = draw.integers(0, 400, CHOICES).tolist()
    if draw.random() < 0.1:
        votes[1] = votes[0]
    blank, null, valid = int(draw.integers(0, 30)), int(draw.integers(0, 5) * (EXPORT not in kinds)), sum(votes)
    found = blank + null + valid
    registered, signed = found + int(draw.integers(0, 300)), found - int(draw.integers(-1, 2))
    whole = [registered, signed, found, blank, null, valid, *votes]
    return [[v if at in HAS.get(kind, range(len(whole))) else MISSING for at, v in enumerate(whole)] for kind in kinds]


def written_wrong(draw: np.random.Generator, kinds: tuple[str, ...], rows: list[Row]) -> None:
    """One figure, or two, of a piece, with or without the copies that are made of it."""
    piece = int(draw.integers(len(kinds)))
    column, other = (int(each) for each in draw.integers(len(rows[0]), size=2))
    was = rows[piece][column]
    if was < 0:
        return
    figures = [int(str(was)[::-1]), was + 10, was // 10, 10 * was, int(draw.integers(500)), was + 1, 0]
    figures += [rows[piece][other], rows[piece][SIGNATURES], MISSING]
    becomes = figures[int(draw.integers(len(figures)))]
    for later in range(piece, len(kinds)) if draw.random() < 0.5 else (piece,):
        if rows[later][column] == was:
            rows[later][column] = becomes
            if draw.random() < 0.3 and rows[later][other] >= 0:
                rows[later][other] = max(rows[later][other] - abs(becomes - was), 0) if draw.random() < 0.5 else was


def bureau(draw: np.random.Generator, kinds: tuple[str, ...]) -> Bureau:
    """A bureau of which some figures were written wrong."""
    rows = right_figures(draw, kinds)
    for _ in range(int(draw.integers(1, 5))):
        written_wrong(draw, kinds, rows)
    size, strange = int(draw.choice((0, CHOICES - 1, CHOICES), p=(0.1, 0.1, 0.8))), int(draw.integers(0, 3))
    mentioned, by_machine, apart = (bool(each) for each in draw.random(3) < (0.2, 0.5, 0.2))
    return Bureau(kinds, rows, size, strange, mentioned, by_machine, apart)


def tied(bureaux: list[Bureau]) -> tuple[Ties, Ints]:
    """The bureaux as they are laid out."""
    figures = np.array([each.rows for each in bureaux], np.int64)
    kinds = bureaux[0].kinds
    pieces = [PieceFigures(kind, "", figures[:, at], lambda row, column: "") for at, kind in enumerate(kinds)]
    none = np.zeros(len(bureaux), np.int64)
    known = ((each.size, each.strange, each.mentioned, each.by_machine, each.apart) for each in bureaux)
    size, strange, mentioned, by_machine, apart = np.array(list(known), np.int64).T
    evidence, every = cast("LinedEvidence", None), tuple(pieces)
    grid = SideBySide(evidence, none, none, every, figures, size, strange, mentioned, by_machine, apart, none)
    return ties_of(grid), figures


def hinted(draw: np.random.Generator, bureaux: list[Bureau]) -> dict[int, list[Move]]:
    return {at: moves for at, each in enumerate(bureaux) if (moves := hint(draw, each))}


def hint(draw: np.random.Generator, of: Bureau) -> list[Move]:
    """Now and then moves that another bureau suggests, some of figures that are not known then."""
    piece, column = int(draw.integers(len(of.kinds))), int(draw.integers(SIGNATURES, VOTES))
    value = int(draw.choice((MISSING, 5, int(draw.integers(500)), max(of.rows[-1][column], 0))))
    copies = ((len(of.kinds) - 1, FOUND, value),) if draw.random() < 0.5 and piece < len(of.kinds) - 1 else ()
    moves = [Move("bureaux-exchanged", piece, ((column, value),), copies, int(draw.integers(3, 12)), "x")]
    return moves * int(draw.random() < 0.3)


@pytest.mark.parametrize("kinds", EVIDENCE, ids=" ".join)
@pytest.mark.parametrize("seed", range(3))
def test_the_search_finds_what_a_plain_one_finds(kinds: tuple[str, ...], seed: int) -> None:
    draw = np.random.default_rng(seed)
    bureaux = [bureau(draw, kinds) for _ in range(40)]
    hints = hinted(draw, bureaux)
    found = explain(*tied(bureaux), hints)
    assert len(found) == len(bureaux)
    for at, each in enumerate(bureaux):
        assert found[at] == plainly(each, hints.get(at, ())), each


def test_bureaux_of_which_too_many_figures_would_be_looked_at_are_searched_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw = np.random.default_rng(9)
    bureaux = [bureau(draw, EVIDENCE[0]) for _ in range(30)]
    hints = hinted(draw, bureaux)
    ties, figures = tied(bureaux)
    at_once = explain(ties, figures, hints)
    monkeypatch.setattr(search, "_AT_ONCE", 7 * figures[0].size * figures.shape[2])
    assert explain(ties, figures, hints) == at_once


def test_an_explanation_in_which_a_zero_is_read_in_the_first_column_is_another_one() -> None:
    export = [1170, MISSING, 1056, 19, 0, MISSING, 311, 292, 88, 346]
    published = [0, 1056, 1056, 19, 0, 1037, 311, 292, 88, 171]
    alone = Bureau((EXPORT, PUBLISHED), [export, published], 4, 0, mentioned=False, by_machine=True, apart=True)
    assert explain(*tied([alone]), {}) == [plainly(alone, ())]


def test_of_moves_that_read_the_same_that_one_counts_which_comes_first() -> None:
    listed, other = [994, 826, *[MISSING] * 8], [984, 816, 827, 11, 3, 813, 169, 307, 257, 90]
    published = [984, 826, 827, 11, 3, 813, 169, 297, 257, 90]
    kinds, rows = (LIST, PUBLISHED, PUBLISHED), [listed, published, other]
    alone = Bureau(kinds, rows, 4, 1, mentioned=False, by_machine=False, apart=False)
    [found] = explain(*tied([alone]), {})
    assert found == plainly(alone, ())
    assert found.moves[0].copies == ((1, REGISTERED, 994),)


def test_no_bureau_has_no_explanation() -> None:
    ties, figures = tied([bureau(np.random.default_rng(1), EVIDENCE[1])])
    none = np.zeros(0, np.int64)
    assert explain(ties.of(none), figures[none], {}) == []


def test_width_and_depth_are_those_of_the_plain_search() -> None:
    assert (search.WIDTH, search.DEPTH) == (plain_search.WIDTH, plain_search.DEPTH)
