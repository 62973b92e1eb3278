"""Choices that two tables name so differently that no word tells they are the same: their figures do.

« Liste Vivre ensemble » in one table is « M. DUPONT » in another where most bureaux of both have the same votes for the
two, no other choice of either does, and most of the names that no word tells find one so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from protocol import night
from protocol.export.terms import MAX_CHOICES
from protocol.words import Message, cited, msg, series
from verify.align.files import Files
from verify.align.lined_tables import polls_named
from verify.model.contests import match
from verify.model.figures import Ints
from verify.model.published import Level, Published
from verify.model.universe import Universe, find_units
from verify.read.sheet import Sheet

_FEWEST = 3
"""Bureaux with the same votes at least: in one or two, equal figures may be chance."""


class _PlacedVotes(NamedTuple):
    """Votes of one table: of each the bureau and poll as one number, -1 for none, the label by index, and the votes."""

    place: Ints
    label: Ints
    votes: Ints


@dataclass(frozen=True)
class _TableVotes:
    """Votes of one table: its file, its labels, and by need its entries and the communes that these are of."""

    file: str
    labels: Sequence[str]
    universe: Universe
    polls: int
    make: Callable[[], _PlacedVotes]

    @cached_property
    def entries(self) -> _PlacedVotes:
        """All its votes."""
        return self.make()

    @cached_property
    def communes(self) -> frozenset[int]:
        """The communes of its bureaux, by number."""
        places = np.unique(self.entries.place)
        return frozenset(self.universe.commune_number[places[places >= 0] // self.polls].tolist())


def name_by_figures(files: Files, universe: Universe, polls: tuple[int, ...]) -> None:
    """Give the choices of tables of votes the names that an earlier table has for the same figures, and note it."""
    earlier: list[_TableVotes] = []
    table = partial(_TableVotes, universe=universe, polls=max(len(polls), 1))
    sheet = files.sheets.get(night.VOTES.kind)
    if sheet is not None:
        choice = sheet.coded("choix")
        renamed: dict[tuple[int, str], str] = {}
        for number, piece in enumerate(sheet.pieces):
            rows = np.flatnonzero(sheet.piece_of == number)
            present = np.flatnonzero(np.bincount(choice.codes[rows], minlength=len(choice.labels)))
            labels = [choice.labels[at] for at in present.tolist()]
            own = table(piece.file, labels, make=partial(_of_rows, sheet, universe, polls, rows, present))
            names = _name(files, own, earlier, in_one_piece=True)
            renamed |= {(number, was): name for was, name in zip(labels, names, strict=True) if was != name}
        if renamed:
            of = zip(sheet.piece_of.tolist(), sheet.texts["choix"].tolist(), strict=True)
            named = np.array([renamed.get(each, each[1]) for each in of], np.str_)
            files.sheets[night.VOTES.kind] = sheet.with_texts("choix", named)
    for number, results in enumerate(files.published):
        if results.level is Level.BUREAU and len(polls) == 1:
            own = table(results.file, results.labels, make=partial(_of_results, results, universe))
            names = _name(files, own, earlier, in_one_piece=False)
            called = {name: was for was, name in zip(results.labels, names, strict=True) if was != name}
            files.published[number] = replace(results, labels=tuple(names), called=called)


def _of_rows(sheet: Sheet, universe: Universe, polls: tuple[int, ...], rows: Ints, labels: Ints) -> _PlacedVotes:
    unit = find_units(universe, sheet.texts["insee"][rows], sheet.texts["bureau"][rows])
    poll = polls_named(polls, sheet)[rows]
    place = np.where((unit >= 0) & (poll >= 0), unit * max(len(polls), 1) + poll, -1)
    label = np.searchsorted(labels, sheet.coded("choix").codes[rows])
    return _PlacedVotes(place, label, sheet.counts["votes"][rows])


def _of_results(results: Published, universe: Universe) -> _PlacedVotes:
    unit = find_units(universe, results.insee, results.bureau)[results.vote_unit]
    return _PlacedVotes(unit, results.vote_label, results.votes)


def _name(files: Files, own: _TableVotes, earlier: list[_TableVotes], *, in_one_piece: bool) -> list[str]:
    """The names for the labels of a table, which is then one of the earlier ones.

    Of tables that are taken as ``in_one_piece`` of evidence, also of those that words tell.
    """
    names, said = list(own.labels), list[Message]()
    few = [each for each in earlier if max(len(each.labels), len(names)) <= MAX_CHOICES]
    for other in few:
        if set(names) <= set(other.labels) or own.communes.isdisjoint(other.communes):
            continue
        meant = match(names, other.labels)
        if in_one_piece:
            names = [name if at is None else other.labels[at] for name, at in zip(names, meant, strict=True)]
        lacking = [at for at, found in enumerate(meant) if found is None]
        free = [at for at, found in enumerate(match(other.labels, names)) if found is None]
        for at, to, equal, shared in _pairs(own, lacking, other, free) if lacking and free else ():
            names[at] = other.labels[to]
            said.append(
                msg(
                    "{label} taken for {choice}: the same votes in {equal:n} of {all:n} bureaux",
                    label=cited(own.labels[at]),
                    choice=cited(names[at]),
                    equal=equal,
                    all=shared,
                )
            )
    if said:
        files.note(own.file, series(said, msg("; ")))
    earlier.append(replace(own, labels=names))
    return names


def _pairs(
    own: _TableVotes, lacking: list[int], other: _TableVotes, free: list[int]
) -> list[tuple[int, int, int, int]]:
    """Labels of two tables that have the same votes in two bureaux of three: equal and shared bureaux of each pair."""
    mine, theirs = own.entries, other.entries
    places = np.intersect1d(mine.place, theirs.place)
    places = places[places >= 0]
    left, right = _by_place(mine, lacking, places), _by_place(theirs, free, places)
    shared = np.array([[np.count_nonzero((a > 0) & (b >= 0)) for b in right] for a in left])
    equal = np.array([[np.count_nonzero((a > 0) & (a == b)) for b in right] for a in left])
    alike = (equal >= _FEWEST) & (3 * equal >= 2 * shared)
    alone = alike & (alike.sum(axis=1, keepdims=True) == 1) & (alike.sum(axis=0, keepdims=True) == 1)
    if 2 * np.count_nonzero(alone) <= len(lacking):  # one of many may have the same few votes by chance
        return []
    return [(lacking[a], free[b], int(equal[a, b]), int(shared[a, b])) for a, b in np.argwhere(alone).tolist()]


def _by_place(entries: _PlacedVotes, labels: list[int], places: Ints) -> Ints:
    """Votes of some labels in some places, -1 for none, shape ``(labels, places)``; of several the first."""
    place, label, votes = entries
    row = np.full(int(label.max(initial=0)) + 1 + max(labels), -1, np.int64)
    row[labels] = np.arange(len(labels))
    good = np.flatnonzero((row[label] >= 0) & np.isin(place, places))[::-1]
    found = np.full((len(labels), len(places)), -1, np.int64)
    found[row[label[good]], np.searchsorted(places, place[good])] = votes[good]
    return found
