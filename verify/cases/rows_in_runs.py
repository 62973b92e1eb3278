"""Rows that have one another's figures: in a run that slipped by one, or all round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from verify.cases.slipped import SHORTEST_RUN
from verify.model.figures import MISSING, Ints


def bridge(found: dict[int, int], due: Ints, values: Ints) -> None:
    """Take a row between others that slipped as slipped, where it is the one beside and another bureau's as well."""
    for here in [here for here, other in found.items() if other < 0]:
        for step in (1, -1):
            other = here + step
            around = found.get(here - 1) == here - 1 + step, found.get(here + 1) == here + 1 + step
            if all(around) and _is_row_of(values[here], due[other]):
                found[here] = other


def _is_row_of(row: Ints, due: Ints) -> bool:
    """Whether a row has all figures that are due of a bureau, some at least."""
    known = (row >= 0) & (due >= 0)
    return bool(known.any() and (row == due)[known].all())


def rows_in_runs(found: Mapping[int, int]) -> dict[int, range]:
    """The runs of rows that stand one too high, or too low, by every row of theirs.

    Args:
        found: by row of a commune, in the order of its bureaux, the one whose figures it has; -1 for none.
    """
    runs: dict[int, range] = {}
    for step in (1, -1):
        run: list[int] = []
        for here in [*sorted(here for here, other in found.items() if other == here + step), MISSING]:
            if run and here != run[-1] + 1:
                end = run[-1] + 1 if step > 0 else run[0] - 1  # it may have the row that was pushed out
                members = sorted([*run, end]) if found.get(end, -1) in run else run
                whole = range(members[0], members[-1] + 1)
                runs |= dict.fromkeys(members, whole) if len(members) >= SHORTEST_RUN else {}
                run = []
            run.append(here)
    return runs


def rows_in_circles(found: Mapping[int, int], commune: Ints) -> dict[int, Sequence[int]]:
    """All rows of a commune that have one another's figures all round, in circles of three at least, by each of them.

    Args:
        found: by row the one whose figures it has; -1 for none.
        commune: a number for the commune and poll of each row.
    """
    circles: dict[int, list[int]] = {}
    seen: set[int] = set()
    for start in found:
        path, here = dict[int, None](), start
        while here not in seen and here in found:
            seen.add(here)
            path[here] = None
            here = found[here]
        circle = list(path)[list(path).index(here) :] if here in path else []
        if len(circle) >= SHORTEST_RUN:
            circles.setdefault(int(commune[start]), []).extend(circle)
    return {row: rows for rows in map(sorted, circles.values()) for row in rows}


def name_runs(starts: dict[int, int], runs: Mapping[int, Sequence[int]]) -> None:
    """Give each of some runs a row to be named by; that of a run over some of the same rows, in whatever piece."""
    for run in {id(run): run for run in runs.values()}.values():
        name = next((starts[row] for row in run if row in starts), run[0])
        for row in run:
            starts.setdefault(row, name)
