"""A list of choices that all machines of a contest contradict in the same way: one case, that of the list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from protocol.words import Text, msg
from verify.cases.wide.operations import CaseDesk
from verify.model.cases import CaseDetail, Sure
from verify.model.findings import Finding, shown

LEAST_MACHINES = 3
"""Machines of a contest that have one and the same list."""
_OF_TEN = 9
"""Machines of ten that have it."""
CHOICES = "choix"
"""The list of choices, as a piece of evidence."""
_OF_VOTES = frozenset(("R207", "R212", "R218", "R222"))
"""Findings on votes by choice, which other lists of choices come to."""


def draft_lists_of_choices(desk: CaseDesk) -> None:
    """A case for each contest of which nine of ten machines have one list, and the préfecture's is another.

    Likewise where nine of ten bureaux have a choice that the list calls withdrawn.
    """
    evidence, drafting, places = desk.evidence, desk.drafting, desk.places
    contests, groups = evidence.contests.of, dict[tuple[int, str, str], list[int]]()
    for row in np.flatnonzero(desk.free("A103", "A108")).tolist():
        finding, contest = drafting.table[row], int(contests[places.unit[row], places.poll[row]])
        groups.setdefault((contest, finding.code, str(finding.details.get("machine"))), []).append(row)
    for (contest, code, _), rows in groups.items():
        machines = evidence.machines if code == "A103" else None
        of = contests if machines is None else contests[machines.lists[:2]]
        listed = int(np.count_nonzero(of == contest))
        if len(rows) >= LEAST_MACHINES and 10 * len(rows) >= _OF_TEN * listed:
            along = [] if machines is None else _along(desk, rows)
            said = _said(drafting.table[rows[0]], evidence.contests.source, len(rows), listed)
            drafting.add("list-of-choices", rows + along, Sure.LIKELY, CHOICES, CaseDetail(said=said))


def _said(first: Finding, source: str, count: int, listed: int) -> Text:
    values: dict[str, object] = {"source": source}
    if first.code == "A108":
        return msg(
            "{source} calls a candidacy withdrawn, and {bureaux:n} of {listed:n} bureaux have it: "
            "“{choice}” in {place}",
            **values,
            bureaux=count,
            listed=listed,
            choice=shown(first.left.value),
            place=first.left.source,
        )
    return msg(
        "{machines:n} machines had the same list of {theirs:n} choices; {source} has {listed:n} for them, and "
        "another list",
        **values,
        machines=count,
        theirs=first.left.value,
        listed=first.right.value,
    )


def _along(desk: CaseDesk, rows: Sequence[int]) -> list[int]:
    """Findings that another list of choices makes: on votes by choice that were compared in spite of it.

    Where the machines have more choices, also cells that name one which the list has not.
    """
    drafting, places, first = desk.drafting, desk.places, desk.drafting.table[rows[0]]
    having = np.zeros(desk.evidence.shape, np.bool_)
    having[places.unit[rows], places.poll[rows]] = True
    found = []
    for row in np.flatnonzero(desk.free(*_OF_VOTES, "R213") & having[places.unit, places.poll]).tolist():
        slip = drafting.keys.code_of(row) == "R213"
        if not slip or drafting.table[row].details["rule"] in _OF_VOTES:
            found.append(row)
    theirs, listed = first.left.value, first.right.value
    if isinstance(theirs, int) and isinstance(listed, int) and theirs > listed:
        strange = drafting.free() & drafting.keys.of("I113") & (drafting.keys.poll == first.poll)
        for row in np.flatnonzero(strange)[:_LOOKED_AT].tolist():
            each = drafting.table[row]
            if each.field == CHOICES and each.right.source == desk.evidence.contests.source:
                found.append(row)
    return found


_LOOKED_AT = 1000
"""Cells that cannot be read of which each is looked at, at most."""
