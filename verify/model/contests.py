"""Contests: the choices of each poll and constituency in panel order, and votes lined up with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import choices_digest
from protocol.words import Text
from verify.model.choices import match
from verify.model.figures import Bools, Ints
from verify.model.holds import Side
from verify.model.joins import encode
from verify.model.universe import Universe


@dataclass(frozen=True, slots=True)
class Contest:
    """One contest: ``poll`` as its number, ``constituency`` empty for the whole election, choices in panel order.

    ``listed`` are the choices with those that the list says can no longer be voted for, in panel order.
    """

    poll: int
    constituency: str
    choices: tuple[str, ...]
    listed: tuple[str, ...]

    @property
    def gone(self) -> tuple[str, ...]:
        """Choices on the list that can no longer be voted for."""
        return tuple(choice for choice in self.listed if choice not in self.choices)

    @property
    def digest(self) -> bytes:
        """The digest that a machine loaded with this list exports."""
        return choices_digest(self.choices)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Bureaux whose constituency the list of choices does not have, in one poll.

    Attributes:
        poll: number of the poll.
        constituency: theirs, as the list of bureaux writes it; empty where it has none.
        unit: index of the first of them; -1 where the list of choices has none for the whole poll.
        bureaux: how many they are.
        meant: the constituency of the list of choices that was taken for it, or else the nearest, or empty.
        taken: whether it was taken.
    """

    poll: int
    constituency: str
    unit: int
    bureaux: int
    meant: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Doubled:
    """Two rows of the list of choices that cannot both be right: one panel for two choices, or one choice twice."""

    poll: int
    places: tuple[str, str]
    choices: tuple[str, str]
    panel: int


@dataclass(frozen=True, slots=True)
class Contests:
    """All contests, and which of them each bureau votes in.

    Attributes:
        source: the file that the choices were taken from.
        piece: the evidence that this is: the préfecture's list, else what stands in for it; None where nothing does.
        contests: each once.
        of: index into ``contests`` for every unit and poll, -1 for none, shape ``(units, polls)``.
        doubled: rows of the list that have one panel, or one choice.
        unplaced: bureaux whose constituency has no list of choices under that code.
    """

    source: str
    piece: EvidenceKind | None
    contests: tuple[Contest, ...]
    of: Ints
    unplaced: tuple[Unplaced, ...] = ()
    doubled: tuple[Doubled, ...] = ()

    @property
    def official(self) -> bool:
        """True for the préfecture's list."""
        return self.piece is EvidenceKind.CHOICES

    def side(self, value: int | Text | None, quantity: str = "") -> Side:
        """Something that the list says as a whole."""
        return Side(self.source, value, quantity, self.piece)

    @property
    def width(self) -> int:
        """The largest number of choices of any contest."""
        return max((len(contest.choices) for contest in self.contests), default=0)

    def label(self, unit: int, poll: int, choice: int) -> str:
        """The name of a choice in the contest of a unit and poll."""
        return self.contests[int(self.of[unit, poll])].choices[choice]

    def is_gone(self, unit: int, poll: int, label: str) -> bool:
        """Check that a label means a choice of a unit's contest that can no longer be voted for."""
        contest = int(self.of[unit, poll])
        return contest >= 0 and match([label], self.contests[contest].gone) == [0]

    def undivided(self) -> Bools:
        """Find polls that are one contest for the whole election in the préfecture's list; shape ``(units, polls)``."""
        whole = np.array([self.official and not contest.constituency for contest in self.contests] + [False], np.bool_)
        return np.asarray(whole[self.of], np.bool_)

    def sizes(self) -> Ints:
        """Number of choices for every unit and poll, 0 where there is no contest; shape ``(units, polls)``."""
        lengths = np.array([len(contest.choices) for contest in self.contests] + [0], np.int64)
        return np.asarray(lengths[self.of], np.int64)

    def panels(self) -> tuple[npt.NDArray[np.void], Ints]:
        """The digest and the number of choices of each contest, and of none at the end; each ``(contests + 1,)``."""
        digests = np.array([contest.digest for contest in self.contests] + [bytes(32)], "V32")
        return digests, np.array([len(contest.choices) for contest in self.contests] + [0], np.int64)

    def place(self, unit: Ints, poll: Ints, label: Ints, labels: Sequence[str]) -> Ints:
        """Index of each label within the contest of its unit and poll, -1 where it is not a choice there.

        Args:
            unit: indices of units, shape ``(m,)``, none negative.
            poll: indices of polls, shape ``(m,)``, none negative.
            label: indices into ``labels``, shape ``(m,)``.
            labels: each label once.
        """
        here = self.of[unit, poll]
        if len(self.contests) == 1:
            row = np.full((2, len(labels) or 1), -1, np.int64)  # the last one for where there is no contest
            row[0, : len(labels)] = _indices(match(labels, self.contests[0].choices))
            return np.asarray(row[here, label], np.int64)
        # many contests and many labels: only the pairs that occur, never a table of all
        pairs, inverse = np.unique(here * max(len(labels), 1) + label, return_inverse=True)
        contest_of, label_of = np.divmod(pairs, max(len(labels), 1))
        found = np.full(len(pairs), -1, np.int64)
        for index, contest in enumerate(self.contests):
            first, end = np.searchsorted(contest_of, [index, index + 1])
            some = [labels[i] for i in label_of[first:end].tolist()]
            found[first:end] = _indices(match(some, contest.choices)) if some else []
        return np.asarray(found[inverse], np.int64)


def _indices(found: Sequence[int | None]) -> Ints:
    return np.array([-1 if choice is None else choice for choice in found], np.int64)


def merge_contests(entries: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Entries as for `build`, taken from votes: constituencies that all have the same choices are one contest.

    Files of a national election name the circonscription of each bureau, which plays no part in it.
    """
    lists: dict[int, dict[str, set[str]]] = {}
    for poll, area, choice in entries:
        lists.setdefault(poll, {}).setdefault(area, set()).add(choice)
    one = {poll for poll, areas in lists.items() if len({frozenset(choices) for choices in areas.values()}) == 1}
    return [(poll, "" if poll in one else area, choice) for poll, area, choice in entries]


def build(
    source: str,
    piece: EvidenceKind | None,
    universe: Universe,
    polls: Sequence[int],
    entries: Sequence[tuple[int, str, str]],
    gone: Collection[tuple[int, str, str]] = (),
) -> Contests:
    """Contests from ``(poll number, constituency, choice)`` in panel order; ``gone`` are those that are no choices.

    A bureau's contest in a poll is that of its own constituency, else the one without a constituency, else the only
    one whose code differs by its zeros at the start: ``2`` for ``02``.
    """
    grouped: dict[tuple[int, str], list[str]] = {}
    for poll, constituency, choice in entries:
        choices = grouped.setdefault((poll, constituency), [])
        if choice not in choices:
            choices.append(choice)
    contests = tuple(
        Contest(poll, area, tuple(choice for choice in listed if (poll, area, choice) not in gone), tuple(listed))
        for (poll, area), listed in grouped.items()
    )
    of = np.full((len(universe), len(polls)), -1, np.int64)
    unplaced: list[Unplaced] = []
    for column, number in enumerate(polls if len(universe) else ()):
        areas, inverse = encode(universe.constituency_of(number))
        index = {contest.constituency: i for i, contest in enumerate(contests) if contest.poll == number}
        if not index:
            unplaced.append(Unplaced(number, "", -1, len(universe), "", False))
            continue
        placed = [area if area in index else "" if "" in index else _without_zeros(area, list(index)) for area in areas]
        of[:, column] = np.array([index.get(area, -1) for area in placed], np.int64)[inverse]
        for code, (area, found) in enumerate(zip(areas, placed, strict=True)):
            same = found in index and not universe.official and bare(found) == bare(area)
            if not same and (found not in index or found not in ("", area)):
                units, meant = np.flatnonzero(inverse == code), found or _nearest(area, list(index))
                unplaced.append(Unplaced(number, area, int(units[0]), len(units), meant, found in index))
    return Contests(source, piece, contests, of, tuple(unplaced))


def bare(constituency: str) -> str:
    """The code of a constituency without its zeros at the start."""
    return constituency.lstrip("0").casefold()


def is_same_constituency(one: str, other: str, insee: str) -> bool:
    """Compare two codes: ``2``, ``02``, and with the code of the département before it ``7702``."""
    if bare(one) == bare(other):
        return True
    departments = (insee[:3], insee[:2]) if insee.startswith("97") else (insee[:2],)
    return any(bare(one.removeprefix(each)) == bare(other.removeprefix(each)) != "" for each in departments)


def _without_zeros(area: str, listed: Sequence[str]) -> str:
    """The one of several codes that differs from another by its zeros only; empty where none or more than one does."""
    same = [other for other in listed if area and bare(other) == bare(area)]
    return same[0] if len(same) == 1 else ""


def _nearest(area: str, listed: Sequence[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(area, listed, 1, 0.6)), "")
