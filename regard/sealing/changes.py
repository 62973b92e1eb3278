"""Changes between two editions of a sealed log, bureau by bureau, and the documents that explain them.

A document is a file that was sealed with a later edition and not with the earlier one, under a name that the earlier
one does not have: a correction comes as a paper of its own. A table that took the place of one of the same name is what
changed, and explains nothing; nor does one that states more bureaux whose figures stayed than ones whose figures
changed, which is the edition itself. A document explains a change where it states the later figure of that bureau.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.errors import RegardError
from protocol.opening import sha256_of
from protocol.quantities import Quantity
from protocol.sealing.editions import SealedInput
from protocol.sealing.leaves import Leaf, parse_leaf
from protocol.sealing.log import Place, SealedLog
from regard.sealing.edition_history import EditionAt
from regard.sealing.sheet_reading import SheetFigure, read_figures
from regard.sealing.witnesses import LogPlaces, UnknownBureau
from verify.model.contests import match

_LARGEST = 2**33
"""Bytes of a document that is compared with its digest."""
FigureName = tuple[Quantity, str]
"""Quantity, and of votes the choice."""


@dataclass(frozen=True, slots=True)
class EditionDocument:
    """A file that came with the later edition.

    Attributes:
        given: its name and digest, as they were sealed.
        read: whether the file is there, has that digest, and states figures of bureaux.
        table: whether it states more bureaux whose figures stayed than ones whose figures changed.
    """

    given: SealedInput
    read: bool
    table: bool


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure that is another one in the later edition; None where an edition does not have it.

    Attributes:
        name: what is counted.
        choice: of the votes; empty for all else.
        before, after: in the two editions.
        sources: the kinds of evidence that it was taken from, before and after; empty where that is not said.
        documents: those that state the later figure.
    """

    name: Quantity
    choice: str
    before: int | None
    after: int | None
    sources: tuple[str, str]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedBureau:
    """A bureau whose leaf is another one.

    Attributes:
        place: poll, commune and bureau.
        before, after: the indices of its leaves; None where an edition has none.
        figures: that changed; none where only digests, sources or the like did.
    """

    place: Place
    before: int | None
    after: int | None
    figures: tuple[ChangedFigure, ...]

    @property
    def unexplained(self) -> bool:
        """True if a figure that was there before changed, and no document states the new one."""
        there = self.before is not None
        return there and any(not figure.documents for figure in self.figures)


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """All that changed.

    Attributes:
        bureaux: by poll, commune and bureau.
        totals: of all bureaux by poll and figure, before and after.
        documents: that came with the later edition.
    """

    bureaux: tuple[ChangedBureau, ...]
    totals: tuple[tuple[str, FigureName, int, int], ...]
    documents: tuple[EditionDocument, ...]

    @property
    def unexplained(self) -> tuple[ChangedBureau, ...]:
        """Bureaux whose change no document explains."""
        return tuple(each for each in self.bureaux if each.unexplained)


def compare_editions(first: EditionAt, second: EditionAt) -> EditionChanges:
    """List the changes from the first edition to the second."""
    before, after = _latest(first), _latest(second)
    changed = {place for place in before.keys() | after.keys() if not _alike(before.get(place), after.get(place))}
    moved = {place for place in changed if _counted(before.get(place)) != _counted(after.get(place))}
    documents, stated = _documents(first, second, moved)
    bureaux = []
    for place in sorted(changed):
        (old, one), (new, other) = (each.get(place, (None, None)) for each in (before, after))
        bureaux.append(ChangedBureau(place, old, new, tuple(_figures(one, other, stated.get(place, [])))))
    return EditionChanges(tuple(bureaux), _totals(before, after), documents)


def _alike(old: tuple[int, Leaf] | None, new: tuple[int, Leaf] | None) -> bool:
    """Check that a bureau has the same content in both editions."""
    return old is not None and new is not None and old[1].replacing(None) == new[1].replacing(None)


def _counted(found: tuple[int, Leaf] | None) -> dict[FigureName, int]:
    """Counts of a bureau; empty if an edition does not have it."""
    return {} if found is None else _values(found[1])


def _latest(edition: EditionAt) -> dict[Place, tuple[int, Leaf]]:
    """The leaf that holds for each bureau and poll in an edition, with its index."""
    leaves = map(parse_leaf, edition.leaves)
    return {leaf.place: (index, leaf) for index, leaf in enumerate(leaves)}


def _values(leaf: Leaf | None) -> dict[FigureName, int]:
    """All figures of a leaf that are known."""
    if leaf is None:
        return {}
    counts = {(name, ""): leaf.figures[name] for name in Quantity if name in leaf.figures}
    return counts | {(Quantity.VOTES, each.name): each.votes for each in leaf.votes if each.votes is not None}


def _figures(
    one: Leaf | None, other: Leaf | None, stated: Sequence[tuple[str, SheetFigure]]
) -> Iterator[ChangedFigure]:
    """The figures in which two leaves of one bureau differ."""
    before, after = _values(one), _values(other)
    choices = [] if other is None else [each.name for each in other.votes]
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old != new:
            saying = tuple(dict.fromkeys(file for file, each in stated if _states(each, name, new, choices)))
            yield ChangedFigure(*name, old, new, (_source(one, name[0]), _source(other, name[0])), saying)


def _states(stated: SheetFigure, name: FigureName, value: int | None, choices: Sequence[str]) -> bool:
    """Check that a figure of a document is the one of an edition."""
    if stated.name is not name[0] or stated.value != value:
        return False
    [at] = match([stated.choice], choices) if stated.choice else [None]
    return not name[1] if at is None else choices[at] == name[1]


def _source(leaf: Leaf | None, name: Quantity) -> str:
    return "" if leaf is None else leaf.sources.get(name, "")


def _totals(
    before: Mapping[Place, tuple[int, Leaf]], after: Mapping[Place, tuple[int, Leaf]]
) -> tuple[tuple[str, FigureName, int, int], ...]:
    """Sums over all bureaux that have a figure, by poll."""
    sums: list[Counter[tuple[str, FigureName]]] = [Counter(), Counter()]
    for counted, leaves in zip(sums, (before, after), strict=True):
        for place, (_, leaf) in leaves.items():
            for name, value in _values(leaf).items():
                counted[place[0], name] += value
    names = dict.fromkeys((*sums[0], *sums[1]))
    return tuple((poll, name, sums[0][poll, name], sums[1][poll, name]) for poll, name in names)


def _documents(
    first: EditionAt, second: EditionAt, moved: Collection[Place]
) -> tuple[tuple[EditionDocument, ...], dict[Place, list[tuple[str, SheetFigure]]]]:
    """The files that came with the later edition, and what those that explain something state of each bureau."""
    known = _inputs(first)
    names, digests = {each.name for each in known}, {each.sha256 for each in known}
    new = [each for each in dict.fromkeys(_inputs(second)) if each.name not in names and each.sha256 not in digests]
    places = LogPlaces(SealedLog(second.leaves), "")
    stated: dict[Place, list[tuple[str, SheetFigure]]] = {}
    found = []
    for each in new:
        figures = [(places.find(figure), figure) for figure in _read(second.sealed.folder.parent, each)]
        named = {place for place, _ in figures if not isinstance(place, UnknownBureau)}
        table = len(named - set(moved)) > len(named & set(moved))
        found.append(EditionDocument(each, bool(figures), table))
        for place, figure in () if table else figures:
            if not isinstance(place, UnknownBureau):
                stated.setdefault(place, []).append((each.name, figure))
    return tuple(found), stated


def _inputs(edition: EditionAt) -> list[SealedInput]:
    """The files of an edition and of all before it."""
    return [each for one in edition.sealed.editions if one.size <= edition.size for each in one.inputs]


def _read(folder: Path, given: SealedInput) -> list[SheetFigure]:
    """The figures of a document beside the sealed folder; none where it is not there, or is another file."""
    path = folder / given.name
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            return []
        if sha256_of(path, _LARGEST, folder) != given.sha256:
            return []
        return read_figures(path, given.name)[0]
    except (RegardError, OSError, ValueError):  # a name that no file can have, for example
        return []
