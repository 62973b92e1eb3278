"""Follow-ups by people, matched with the present findings. None is hidden by them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from verify.model.case_table import CaseTable
from verify.model.figures import Ints
from verify.model.finding_table import FindingTable
from verify.model.follow_ups import Followed, FollowStatus, FollowUp, Today
from verify.rulebook.causes import causes

_NUMBER = re.compile(r"\d[\d\s\u00a0\u202f]*")
_LOOKED_AT = 1000
"""Findings of one follow-up whose figures are compared at most."""


def follow(table: FindingTable, cases: CaseTable, rows: Sequence[FollowUp]) -> tuple[Followed, ...]:
    """Each follow-up with the findings and cases that it is about today."""
    if not rows:
        return ()
    names = [case.cause.name for case in cases] if any(row.about in causes() for row in rows) else []
    look = _Look(table, cases, names)
    return tuple(map(look.followed, rows))


class _Look:
    """The findings by their places."""

    def __init__(self, table: FindingTable, cases: CaseTable, causes_of_cases: Sequence[str]) -> None:
        self._table, self._cases, self._causes = table, cases, causes_of_cases
        keys = self._keys = table.keys()
        self._order = np.argsort(keys.place, kind="stable")
        self._start = np.searchsorted(keys.place[self._order], np.arange(len(keys.places) + 1))
        self._of: dict[tuple[str, str], list[int]] = {}
        for at in range(len(keys.places)):
            insee, bureau = keys.places[at]
            for place in {(insee, bureau), (insee, ""), ("", "")}:
                self._of.setdefault(place, []).append(at)

    def followed(self, row: FollowUp) -> Followed:
        """Subject of one follow-up."""
        found = self._found(row)
        cases = np.unique(self._cases.number[found])
        numbers = tuple(cases[cases > 0].tolist())
        positions = tuple(found.tolist())
        if not positions:  # what was kept out is about no finding
            state = Today.SAME if row.status is FollowStatus.KEPT_OUT and not row.about else Today.GONE
            return Followed(row, state, (), ())
        then = _numbers(row.figures)
        if not then or any(tuple(sorted(_figures_now(self._table, at))) == then for at in positions[:_LOOKED_AT]):
            return Followed(row, Today.SAME, positions, numbers)
        now = " / ".join(map(str, _figures_now(self._table, positions[0])))
        return Followed(row, Today.CHANGED, positions, numbers, now)

    def _found(self, row: FollowUp) -> Ints:
        """The positions of its findings, in their order."""
        keys = self._keys
        places = self._of.get((row.insee, row.bureau), ())
        parts = [self._order[self._start[at] : self._start[at + 1]] for at in places]
        found = np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
        if row.poll:
            found = found[(keys.poll[found] == row.poll) | (keys.poll[found] == 0)]
        if row.about in causes():
            number = self._cases.number[found]
            of = [bool(at) and self._causes[at - 1] == row.about for at in number.tolist()]
            return found[np.array(of, np.bool_)]
        if row.about:
            code = keys.codes.index(row.about) if row.about in keys.codes else -1
            return np.asarray(found[keys.code[found] == code], np.int64)
        return np.asarray(found[self._cases.number[found] > 0], np.int64)


def _figures_now(table: FindingTable, at: int) -> tuple[int, ...]:
    """The two figures of a finding that are numbers, as far as there are any."""
    found = table[at]
    return tuple(each for each in (found.left.value, found.right.value) if isinstance(each, int) and each >= 0)


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers in a text, in the order of their size."""
    return tuple(sorted(int(re.sub(r"\D", "", each)[:18]) for each in _NUMBER.findall(text)))
