"""A list of choices that all machines of a contest contradict in the same way: one case, that of the list."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.words import msg
from verify.cases.drafting import Drafting
from verify.cases.wide.operations import CaseDesk
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools
from verify.model.findings import shown

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
    _draft_withdrawn(desk)
    evidence, drafting, places = desk.evidence, desk.drafting, desk.places
    differs = desk.free("A103")
    if np.count_nonzero(differs) < LEAST_MACHINES or not evidence.contests.official:
        return
    contest = evidence.contests.of[places.unit, places.poll]
    for number, having in _agreed_lists(evidence):
        here = differs & (contest == number) & having[places.unit, places.poll]
        rows = np.flatnonzero(here).tolist()
        if len(rows) < LEAST_MACHINES:
            continue
        sides = drafting.table[rows[0]].left, drafting.table[rows[0]].right
        theirs, listed = (side.value for side in sides)
        along = _of_votes(desk, having)
        if isinstance(theirs, int) and isinstance(listed, int) and theirs > listed:
            along += _not_on_the_list(drafting, evidence.contests.source, evidence.polls[int(places.poll[rows[0]])])
        said = msg(
            "{machines:n} machines had the same list of {theirs:n} choices; {source} has {listed:n} for them, and "
            "another list",
            machines=len(rows),
            theirs=theirs,
            source=evidence.contests.source,
            listed=listed,
        )
        drafting.add("list-of-choices", rows + along, Sure.LIKELY, CHOICES, CaseDetail(said=said))


def _draft_withdrawn(desk: CaseDesk) -> None:
    evidence, drafting, places = desk.evidence, desk.drafting, desk.places
    rows = np.flatnonzero(desk.free("A108"))
    contest = evidence.contests.of[places.unit[rows], places.poll[rows]]
    for number in np.unique(contest).tolist():
        here, listed = rows[contest == number].tolist(), int((evidence.contests.of == number).sum())
        if len(here) >= LEAST_MACHINES and 10 * len(here) >= _OF_TEN * listed:
            said = msg(
                "{source} calls a candidacy withdrawn, and {bureaux:n} of {listed:n} bureaux have it: "
                "“{choice}” in {place}",
                source=evidence.contests.source,
                bureaux=len(here),
                listed=listed,
                choice=shown(drafting.table[here[0]].left.value),
                place=drafting.table[here[0]].left.source,
            )
            drafting.add("list-of-choices", here, Sure.LIKELY, CHOICES, CaseDetail(said=said))


def _agreed_lists(evidence: LinedEvidence) -> Iterator[tuple[int, Bools]]:
    """Contests of which the machines have one list that is not the préfecture's.

    The contest, and the bureaux whose machine has that list, of shape ``(units, polls)``.
    """
    if evidence.machines is None:
        return
    unit, poll, digest = evidence.machines.lists
    digests, _ = evidence.contests.panels()
    values, which = np.unique(digest, return_inverse=True)
    of = evidence.contests.of[unit, poll]
    for number in np.unique(of[of >= 0]).tolist():
        machines = np.flatnonzero(of == number)
        counts = np.bincount(which[machines], minlength=len(values))
        most = int(np.argmax(counts))
        enough = counts[most] >= LEAST_MACHINES and 10 * counts[most] >= _OF_TEN * len(machines)
        if enough and values[most].tobytes() != digests[number].tobytes():
            some = machines[which[machines] == most]
            having: Bools = np.zeros(evidence.shape, np.bool_)
            having[unit[some], poll[some]] = True
            yield number, having


def _of_votes(desk: CaseDesk, having: Bools) -> list[int]:
    """Findings on votes by choice that were compared in spite of it, in some bureaux and polls."""
    here = desk.free(*_OF_VOTES, "R213") & having[desk.places.unit, desk.places.poll]
    rows = np.flatnonzero(here)
    slips = desk.drafting.keys.of("R213")[rows].tolist()
    return [
        row
        for row, slip in zip(rows.tolist(), slips, strict=True)
        if not slip or desk.drafting.table[row].details["rule"] in _OF_VOTES
    ]


def _not_on_the_list(drafting: Drafting, source: str, poll: int) -> list[int]:
    """Cells that name a choice which the list has not."""
    rows = np.flatnonzero(drafting.free() & drafting.keys.of("I113") & (drafting.keys.poll == poll)).tolist()
    found = [(row, drafting.table[row]) for row in rows[:_LOOKED_AT]]
    return [row for row, each in found if each.field == CHOICES and each.right.source == source]


_LOOKED_AT = 1000
"""Cells that cannot be read of which each is looked at, at most."""
