"""Two editions of a sealed log: whether it only grew, what changed bureau by bureau, and documents that explain it.

A document is a file that was sealed with a later edition and not with the earlier one, under a name that the earlier
one does not have: a correction comes as a paper of its own. A table that took the place of one of the same name is what
changed, and explains nothing; nor does one that states more bureaux whose figures stayed than ones whose figures
changed, which is the edition itself. A document explains a change where it states the later figure of that bureau.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from protocol.errors import RegardError
from protocol.opening import sha256_of
from protocol.quantities import Quantity
from protocol.sealing.folder import SealedEdition, SealedFolder, SealedInput
from protocol.sealing.keys import PublicKey
from protocol.sealing.leaves import FigureName, Leaf, parse_leaf
from protocol.sealing.log import Place, SealedLog
from protocol.sealing.notes import Note, SignedCheckpoint
from protocol.sealing.proofs import ProofFault, check_signatures
from protocol.sealing.seal_error import encode64
from protocol.sealing.tree import is_continued
from protocol.words import cited, msg, series
from regard.sealing.sheet_reading import SheetFigure, read_figures
from regard.sealing.witnesses import LogPlaces, UnknownBureau
from regard.sealing.words import edition_label
from verify.model.contests import match


class HistoryState(StrEnum):
    """Relation of the later edition to the earlier one, the gravest last."""

    SAME = "same"
    CONTINUED = "continued"
    """The leaves of the later one begin with those of the earlier one, and a proof shows it."""
    OTHER_LOG = "other-log"
    """The two are signed by different keys: nothing holds one to the other."""
    REWRITTEN = "rewritten"
    """Signed by one key, and the later one does not begin with the leaves of the earlier one."""
    SPLIT = "split"
    """Two checkpoints of one size, signed by one key, with different roots."""


@dataclass(frozen=True, slots=True)
class EditionAt:
    """One edition of a sealed folder: all of it up to a checkpoint.

    Attributes:
        sealed: the folder.
        at: index of the checkpoint.
    """

    sealed: SealedFolder
    at: int

    @property
    def signed(self) -> SignedCheckpoint:
        """Its checkpoint."""
        return self.sealed.checkpoints[self.at]

    @property
    def size(self) -> int:
        """Its leaves."""
        return self.signed.checkpoint.size

    @property
    def edition(self) -> SealedEdition:
        """Its last edition."""
        return [each for each in self.sealed.editions if each.size == self.size][-1]

    @property
    def leaves(self) -> Sequence[bytes]:
        """Its leaves."""
        return self.sealed.log.leaves[: self.size]


@dataclass(frozen=True, slots=True)
class EditionHistory:
    """Relation of two editions.

    Attributes:
        state: that.
        proof: the hashes that show that the later one continues the earlier one; made and checked.
        evidence: two signed notes that cannot both be right; none where the log only grew.
        differs: index of the first leaf that is not the same in both, where there is one.
        cosigned: by witness, the time at which it signed each edition; None where it did not, or not validly.
    """

    state: HistoryState
    proof: tuple[bytes, ...] = ()
    evidence: tuple[Note, ...] = ()
    differs: int | None = None
    cosigned: tuple[tuple[str, int | None, int | None], ...] = ()

    @property
    def grew(self) -> bool:
        """True if the log only grew."""
        return self.state in (HistoryState.SAME, HistoryState.CONTINUED)

    @property
    def all_cosigned(self) -> bool:
        """True if every required witness signed both editions."""
        return all(None not in times for _, *times in self.cosigned)


def find_edition(sealed: SealedFolder, wanted: str | None, before: int | None = None) -> EditionAt:
    """An edition of a folder by its name or its number of leaves.

    Args:
        sealed: the folder.
        wanted: of several editions of one name the last one is meant; None for the newest.
        before: look only at editions with fewer leaves than this.

    Raises:
        RegardError: there is none.
    """
    sizes = [each.checkpoint.size for each in sealed.checkpoints]
    there = [each for each in sealed.editions if before is None or each.size < before]
    found = [each.size for each in there if wanted in (None, each.name, str(each.size))]
    if found:
        return EditionAt(sealed, sizes.index(found[-1]))
    known = series(
        msg("{name} ({size:n} leaves)", name=edition_label(each.name), size=each.size) for each in sealed.editions
    )
    if wanted is None:
        raise RegardError(msg("{folder}: no earlier edition; there is {known}", folder=sealed.folder, known=known))
    raise RegardError(
        msg("{folder}: no edition {name}; there is {known}", folder=sealed.folder, name=cited(wanted), known=known),
    )


def history(first: EditionAt, second: EditionAt, witnesses: Sequence[PublicKey]) -> EditionHistory:
    """Compare the second edition with the first one.

    Raises:
        RegardError: the second one is the earlier one.
    """
    cosigned = tuple((each.name, _cosigned(first, each), _cosigned(second, each)) for each in witnesses)
    return replace(_relation(first, second), cosigned=cosigned)


def _relation(first: EditionAt, second: EditionAt) -> EditionHistory:
    if first.sealed.keys[0] != second.sealed.keys[0]:
        return EditionHistory(HistoryState.OTHER_LOG, differs=_first_difference(first, second))
    if (split := _split(first.sealed, second.sealed)) is not None:
        return EditionHistory(HistoryState.SPLIT, (), split, _first_difference(first, second))
    earlier, later = first.signed.checkpoint, second.signed.checkpoint
    if later.size < earlier.size:
        if first.sealed.log.tree.root(later.size) == later.root:
            raise RegardError(msg("the second edition is the earlier one: name them the other way round"))
    else:
        tree = second.sealed.log.tree.first(later.size)
        proof = tuple(tree.consistency(earlier.size))
        if is_continued(earlier.size, earlier.root, later.size, later.root, proof):
            same = earlier.size == later.size
            return EditionHistory(HistoryState.SAME if same else HistoryState.CONTINUED, proof)
    notes = (first.signed.note, second.signed.note)
    return EditionHistory(HistoryState.REWRITTEN, (), notes, _first_difference(first, second))


def _split(one: SealedFolder, other: SealedFolder) -> tuple[Note, Note] | None:
    """Two checkpoints of one size with different roots; the earliest such."""
    of_one = {each.checkpoint.size: each for each in one.checkpoints}
    for each in other.checkpoints:
        before = of_one.get(each.checkpoint.size)
        if before is not None and before.checkpoint.root != each.checkpoint.root:
            return before.note, each.note
    return None


def _first_difference(first: EditionAt, second: EditionAt) -> int | None:
    pairs = zip(first.leaves, second.leaves, strict=False)
    differs = next((index for index, (one, other) in enumerate(pairs) if one != other), None)
    # one may be cut short
    return min(first.size, second.size) if differs is None and second.size < first.size else differs


def _cosigned(edition: EditionAt, witness: PublicKey) -> int | None:
    """The time at which a witness signed an edition."""
    found = check_signatures(edition.signed, (*edition.sealed.keys, witness))
    return None if isinstance(found, ProofFault) else dict(found).get(witness.name)


def proof_text(first: EditionAt, second: EditionAt, found: EditionHistory) -> bytes:
    """Text that others check: the proof that the log only grew, else the two contradictory notes.

    The proof is in the form in which a log hands it to a witness (C2SP tlog-witness): ``old`` and the size of the
    earlier edition, the hashes in base 64, an empty line, the later checkpoint.
    """
    if found.evidence:
        return b"\n".join(each.data for each in found.evidence)
    lines = [f"old {first.size}", *map(encode64, found.proof), "", ""]
    return "\n".join(lines).encode() + second.signed.note.data


_LARGEST = 2**33
"""Bytes of a document that is compared with its digest."""


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
    none: tuple[int | None, Leaf | None] = None, None
    pairs = {place: (before.get(place, none), after.get(place, none)) for place in sorted(before.keys() | after.keys())}
    moved = {place for place, ((_, one), (_, other)) in pairs.items() if _known(one) != _known(other)}
    documents, stated = _documents(first, second, moved)
    bureaux = tuple(
        ChangedBureau(place, old, new, tuple(_figures(one, other, stated.get(place, []))))
        for place, ((old, one), (new, other)) in pairs.items()
        if one is None or other is None or one.replacing(None) != other.replacing(None)
    )
    return EditionChanges(bureaux, _totals(before, after), documents)


def _latest(edition: EditionAt) -> dict[Place, tuple[int, Leaf]]:
    """The leaf that holds for each bureau and poll in an edition, with its index."""
    leaves = map(parse_leaf, edition.leaves)
    return {leaf.place: (index, leaf) for index, leaf in enumerate(leaves)}


def _known(leaf: Leaf | None) -> dict[FigureName, int]:
    return {} if leaf is None else leaf.known


def _figures(
    one: Leaf | None, other: Leaf | None, stated: Sequence[tuple[str, SheetFigure]]
) -> Iterator[ChangedFigure]:
    """The figures in which two leaves of one bureau differ."""
    before, after = _known(one), _known(other)
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
            for name, value in leaf.known.items():
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
        figures = [
            (places.find(figure.insee, figure.bureau, figure.poll), figure)
            for figure in _read(second.sealed.folder.parent, each)
        ]
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
