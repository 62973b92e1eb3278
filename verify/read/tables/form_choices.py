"""Which lines of a form are votes of choices: they stand together, and no other line with a number is one of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from verify.read.counts import parse_count


def together(chosen: dict[int, str], valid: int | None, rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """Of the lines of a form that may be choices, those that are: the longest run that adds up to the valid votes.

    Where none does, as in a PV with an error of arithmetic, it is the longest run of lines without another between.

    Args:
        chosen: by the place of the line in the form, what may be a choice.
        valid: place of the valid votes, None where the form does not have them.
        rows: the figures of each bureau, by the place of their lines.
    """
    runs: list[list[int]] = []
    for at in sorted(chosen):
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    parts = [run[start:end] for run in runs for start, end in itertools.combinations(range(len(run) + 1), 2)]
    parts.sort(key=len, reverse=True)
    best = next((part for part in parts if valid is not None and _add_up(part, valid, rows)), None)
    best = best or max(runs, key=len, default=[])
    return {at: chosen[at] for at in best}


def _add_up(part: Sequence[int], valid: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether some lines add up to the valid votes, in most bureaux that have these."""
    stated = [(parse_count(row[valid]), row) for row in rows]
    same = [sum(max(parse_count(row[at]), 0) for at in part) == count for count, row in stated if count > 0]
    return sum(same) * 2 > len(same)
