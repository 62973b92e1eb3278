"""The choices that the form of a PV offers: those of the list; without one, those that other PVs have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from protocol.night import VOTES_TABLE
from regard.serve.desk import Desk
from regard.serve.entries import MOST_CHOICES, EntryPlace
from verify.model.contests import Contest
from verify.model.evidence import LinedEvidence


@dataclass(frozen=True, slots=True)
class OfferedChoices:
    """Names in the order of the form.

    Attributes:
        names: all of them.
        own: those that nothing but this PV has: their names can be corrected, or taken away.
    """

    names: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()


def offered_choices(desk: Desk, place: EntryPlace) -> OfferedChoices:
    """The choices of a PV: by the list, else as other evidence and PVs of the same poll have them."""
    found = desk.examiner.latest()
    evidence = None if found is None else found.evidence
    contest = None if evidence is None else _contest(evidence, place)
    if evidence is not None and contest is not None and evidence.contests.official:
        return OfferedChoices(contest.choices)
    entered = desk.journal.entered()
    others = [each.counted for key, each in entered.items() if key != place.key and each.place.poll == place.poll]
    noted = dict.fromkeys(
        choice for entry in others if entry is not None for choice, votes in entry.votes.items() if votes is not None
    )
    this = entered.get(place.key)
    latest = None if this is None else this.latest
    own = {} if latest is None else {choice: None for choice, votes in latest.votes.items() if votes is not None}
    is_older = evidence is None or evidence.contests.source == VOTES_TABLE  # what was entered since is not in it
    elsewhere = {} if contest is None or is_older else dict.fromkeys(contest.choices)
    names = tuple({**elsewhere, **(noted if not elsewhere else {}), **own})[:MOST_CHOICES]
    return OfferedChoices(names, frozenset(own.keys() - noted.keys()))


def _contest(evidence: LinedEvidence, place: EntryPlace) -> Contest | None:
    """The contest that a bureau votes in; of one that is not on the list, the only one of the poll."""
    contests = evidence.contests
    if place.poll not in evidence.polls:
        return None
    column = evidence.polls.index(place.poll)
    unit = int(evidence.universe.find(np.array([place.insee]), np.array([place.bureau]))[0])
    if unit >= 0 and contests.of[unit, column] >= 0:
        return contests.contests[int(contests.of[unit, column])]
    of_poll = [each for each in contests.contests if each.poll == place.poll]
    return of_poll[0] if len(of_poll) == 1 else None


def without_other_choices(form: Mapping[str, str], offered: OfferedChoices) -> dict[str, str]:
    """A form without the choices that it was given for another poll or bureau, and in which no votes were typed."""
    left = {
        at
        for at in range(MOST_CHOICES)
        if f"offered-{at}" in form
        and not form.get(f"votes-{at}", "").strip()
        and form.get(f"choice-{at}", "") not in offered.names
    }
    return {name: value for name, value in form.items() if not any(name == f"choice-{at}" for at in left)}
