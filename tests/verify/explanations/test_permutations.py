"""Figures in one another's rows: whatever the order, they are put back; ordinary gaps stay what they are."""

from itertools import permutations

import numpy as np
import pytest

from verify.cases.wide.displaced import look_elsewhere
from verify.explanations.permutations import NOWHERE, Permutation, SourcedFigures, assign, find_permutations
from verify.model.figures import Bools, Ints

ROWS, FIRST = 120, 40


def town(seed: int) -> tuple[Ints, Ints]:
    """Votes found and signatures of bureaux, with a gap of one or two votes in a fourth of them."""
    draw = np.random.default_rng(seed)
    found = draw.choice(np.arange(400, 1600, 3), ROWS, replace=False).astype(np.int64)
    return found, found + draw.choice([0, 0, 0, 0, 0, 0, 1, -2], ROWS)


def of_one_figure(column: Ints, due: Ints) -> SourcedFigures:
    """A column, and what one other count says of it."""
    return SourcedFigures(column[:, None], due[:, None], np.array([0]), np.array([True]))


def repeated(column: Ints) -> Bools:
    """Rows that have the figure of the row beside."""
    same = column[1:] == column[:-1]
    return np.asarray(np.append(False, same) | np.append(same, False), np.bool_)


def match(column: Ints, found: Ints) -> list[Permutation]:
    """The rearrangements of a column of signatures."""
    figures = of_one_figure(column, found)
    acts = find_permutations(figures, repeated(column), figures.suspects())
    assert acts is not None
    return acts


def orders(length: int, seed: int) -> dict[str, Ints]:
    """By name, which row of a run each of its rows has the figure of."""
    at = np.arange(length)
    return {
        "slip": np.roll(at, 1),
        "slip upwards": np.roll(at, -1),
        "rotation": np.roll(at, length // 2),
        "upside down": at[::-1],
        "three rows at the end": np.append(at[3:], at[:3]),
        "blocks": np.concatenate((at[length // 2 :], at[2 : length // 2], at[:2])),
        "any order": np.random.default_rng(seed).permutation(length),
    }


@pytest.mark.parametrize("length", [5, 8, 13, 20])
@pytest.mark.parametrize("order", orders(5, 0))
def test_a_run_in_another_order_is_one_act_that_puts_every_figure_back(order: str, length: int) -> None:
    for seed in range(3):
        found, right = town(seed)
        column = right.copy()
        column[FIRST : FIRST + length] = right[FIRST : FIRST + length][orders(length, seed)[order]]
        [act] = match(column, found)
        column[act.rows] = column[act.source]
        assert (column == right).all()
        assert act.lead.min() > 0


@pytest.mark.parametrize("step", [1, -1])
def test_the_figure_that_a_slip_pushed_out_stands_nowhere(step: int) -> None:
    found, right = town(1)
    column = right.copy()
    rows = np.arange(FIRST, FIRST + 9)
    column[rows] = right[rows + step]
    [act] = match(column, found)
    assert act.rows.tolist() == rows.tolist()
    lost = act.source == NOWHERE
    assert act.rows[lost].tolist() == [rows[0] if step > 0 else rows[-1]]
    assert (column[act.source[~lost]] == right[act.rows[~lost]]).all()


def test_ordinary_gaps_and_wrong_figures_are_in_nobodys_place() -> None:
    found, right = town(2)
    assert match(right, found) == []
    right[[10, 50, 51, 90]] += [100, 270, -64, 9]
    assert match(right, found) == []


def test_two_exchanges_side_by_side_are_one_act() -> None:
    found, right = town(3)
    column = right.copy()
    column[[3, 4, 5, 6]] = right[[4, 3, 6, 5]]
    assert [act.rows.tolist() for act in match(column, found)] == [[3, 4, 5, 6]]


def test_where_too_many_rows_are_contradictory_nothing_is_matched() -> None:
    found = np.arange(10_000, 40_000, 100, dtype=np.int64)
    figures = of_one_figure(np.roll(found, 1), found)
    assert find_permutations(figures, np.zeros(300, np.bool_), figures.suspects()) is None


def test_an_assignment_is_the_cheapest_of_all() -> None:
    draw = np.random.default_rng(4)
    for _ in range(60):
        height = int(draw.integers(1, 6))
        cost = draw.integers(0, 12, (height, height + int(draw.integers(0, 3)))).astype(np.int64)
        rows, columns = np.arange(height), assign(cost)
        least = min(cost[rows, each].sum() for each in permutations(range(cost.shape[1]), height))
        assert len(set(columns.tolist())) == height
        assert cost[rows, columns].sum() == least


@pytest.mark.parametrize("order", orders(5, 0))
def test_rows_whose_figures_stand_elsewhere_are_seen_in_all_communes_at_once(order: str) -> None:
    """Three communes in one pass: of the second a run is in another order, the others have wrong figures."""
    right = 400 + 20 * np.random.default_rng(4).permutation(ROWS)
    column, length, commune = np.tile(right, 3), 8, np.repeat([0, 1, 2], ROWS)
    run = ROWS + FIRST + np.arange(length)
    column[run] = column[run][orders(length, 4)[order]]
    column[[3, 2 * ROWS + 90]] = 5000, right[20]
    figures = of_one_figure(column, np.tile(right, 3))
    fitting, _, suspect = look_elsewhere(figures, figures.suspects(), commune)
    moved = run[orders(length, 4)[order] != np.arange(length)]
    assert np.flatnonzero(fitting).tolist() == moved.tolist()
    assert np.flatnonzero(suspect).tolist() == sorted([3, *moved.tolist(), 2 * ROWS + 90])
