"""Sheets that witnesses copied in bureaux, and proofs that they kept, against the leaves of a sealed log.

A sheet that agrees says that the figures of one bureau were sealed as they were posted. Agreement of the sheets that
somebody sends in says nothing of the other bureaux.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from protocol.quantities import Quantity
from protocol.sealing.folder import SealedFolder
from protocol.sealing.keys import PublicKey
from protocol.sealing.leaves import Leaf
from protocol.sealing.log import Place, SealedLog
from protocol.sealing.proofs import ProofCheck, check_proof
from protocol.words import Text, msg, series
from regard.sealing.places import bare
from regard.sealing.sheet_reading import ProofFile, SheetFigure, WitnessFiles
from verify.model.contests import match


class SheetState(StrEnum):
    """Result of comparing the sheets of a bureau with its leaf, the gravest last."""

    NOTHING = "nothing"
    """No figure of them is in the leaf."""
    AGREES = "agrees"
    REPLACED = "replaced"
    """They have the figures of an earlier leaf, which another one took the place of."""
    DIFFERS = "differs"
    CONTRADICTED = "contradicted"
    """Two of them differ from each other."""


_GRAVEST_LAST = tuple(SheetState)


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure on which sheets and leaf are not at one.

    Attributes:
        name: what is counted.
        choice: of the votes; empty for all else.
        state: what is wrong: one of the last three.
        sealed: in the leaf that holds; None where the leaf has no such choice.
        stated: by the sheets, each with its file and row.
        earlier: the index of the replaced leaf that has the stated figure.
    """

    name: Quantity
    choice: str
    state: SheetState
    sealed: int | None
    stated: tuple[tuple[int, str], ...]
    earlier: int | None = None


@dataclass(frozen=True, slots=True)
class WitnessedBureau:
    """A bureau of the log with its sheets.

    Attributes:
        place: poll, commune and bureau.
        index: of the leaf that holds.
        state: the gravest of its figures.
        compared: figures that are in the leaf.
        lacking: figures that are not.
        complete: the votes of all choices were compared, or where the leaf has none, all its figures.
        figures: on which they are not at one.
        where: files and rows.
    """

    place: Place
    index: int
    state: SheetState
    compared: int
    lacking: int
    complete: bool
    figures: tuple[StatedFigure, ...]
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownBureau:
    """A bureau of a sheet that is not in the log, as the sheet writes it, and the one that was probably meant."""

    insee: str
    bureau: str
    poll: str
    nearest: str
    where: str
    why: Text

    @property
    def said(self) -> Text:
        """That it is not there, as a sentence."""
        said = msg("commune {insee}, bureau {bureau}: {why}", insee=self.insee, bureau=self.bureau, why=self.why)
        return msg("{said}; nearest: {nearest}", said=said, nearest=self.nearest) if self.nearest else said


class ProofState(StrEnum):
    """Result of checking a kept proof against the log, the gravest last."""

    HOLDS = "holds"
    REPLACED = "replaced"
    """Another leaf took the place of the one that it proves."""
    LATER = "later"
    """It is of a log with more leaves than this one."""
    FAULT = "fault"
    SPLIT = "split"
    """Its checkpoint is signed by the log's key, and has another root than this log had at that size."""


@dataclass(frozen=True, slots=True)
class KeptProof:
    """A proof that was handed in, the outcome of its check, and the index of the leaf that holds now."""

    name: str
    state: ProofState
    check: ProofCheck
    now: int | None = None


@dataclass(frozen=True, slots=True)
class Witnessed:
    """All that was handed in, against the log."""

    bureaux: tuple[WitnessedBureau, ...]
    unknown: tuple[UnknownBureau, ...]
    proofs: tuple[KeptProof, ...]
    left: tuple[Text, ...]

    @property
    def agreeing(self) -> frozenset[Place]:
        """Bureaux with a whole sheet that agrees, and none that differs."""
        return frozenset(each.place for each in self.bureaux if each.complete and each.state is SheetState.AGREES)

    @property
    def differing(self) -> frozenset[Place]:
        """Bureaux with a sheet that does not agree."""
        return frozenset(
            each.place for each in self.bureaux if each.state not in (SheetState.AGREES, SheetState.NOTHING)
        )

    @property
    def clean(self) -> bool:
        """True if nothing contradicts the log."""
        proofs = all(each.state is ProofState.HOLDS for each in self.proofs)
        return proofs and not self.differing and not self.unknown


def compare(sealed: SealedFolder, files: WitnessFiles, keys: Sequence[PublicKey], poll: str = "") -> Witnessed:
    """Compare all that was handed in with the leaves that hold.

    Args:
        sealed: the log.
        files: sheets and proofs.
        keys: of the log, for the proofs.
        poll: of the sheets that name none; empty where the log has one poll only.
    """
    places = LogPlaces(sealed.log, poll)
    found: dict[Place, list[SheetFigure]] = {}
    unknown: dict[tuple[str, str, str], UnknownBureau] = {}
    for figure in files.figures:
        place = places.find(figure.insee, figure.bureau, figure.poll, figure.where)
        if isinstance(place, UnknownBureau):
            unknown.setdefault((figure.poll, figure.insee, figure.bureau), place)
        else:
            found.setdefault(place, []).append(figure)
    bureaux = tuple(_compare_one(sealed.log, place, some) for place, some in sorted(found.items()))
    proofs = tuple(_kept(sealed, proof, keys) for proof in files.proofs)
    return Witnessed(bureaux, tuple(unknown.values()), proofs, files.left)


class LogPlaces:
    """The bureaux of a log, found by what sheets call them."""

    def __init__(self, log: SealedLog, poll: str) -> None:
        self._known = log.latest
        self._polls = polls = sorted({place[0] for place in log.latest})
        communes = {place[1] for place in log.latest}
        self._poll = poll or (polls[0] if len(polls) == 1 else "")
        self._commune = min(communes) if len(communes) == 1 else ""
        self._bare: dict[Place, list[Place]] = {}
        self._codes: dict[tuple[str, str], list[str]] = {}
        for place in log.latest:
            self._bare.setdefault((*place[:2], bare(place[2])), []).append(place)
            self._codes.setdefault(place[:2], []).append(place[2])

    def find(self, insee: str, bureau: str, poll: str, where: str = "") -> Place | UnknownBureau:
        """The bureau that is written: by its code, or the only one that differs by zeros at the start."""
        poll, insee = poll or self._poll, insee or self._commune
        place = (poll, insee, bureau)
        if place in self._known:
            return place
        alike = self._bare.get((poll, insee, bare(bureau)), [])
        if len(alike) == 1:
            return alike[0]
        codes = self._codes.get((poll, insee), [])
        if not poll:
            why = msg("the log has the polls {polls}: --poll says which", polls=series(self._polls))
        elif not insee:
            why = msg("the sheet names no commune by its INSEE code")
        elif not codes:
            why = msg("no bureau of this commune and poll is in the log")
        else:
            why = msg("this bureau is not in the log")
        near = difflib.get_close_matches(bureau[:20], codes, 1, 0.6)
        return UnknownBureau(insee, bureau, poll, near[0] if near else "", where, why)


def _compare_one(log: SealedLog, place: Place, figures: Sequence[SheetFigure]) -> WitnessedBureau:
    """Compare the sheets of one bureau with its leaf."""
    index = log.latest[place]
    leaf = log.leaf(index)
    earlier = list(_earlier(log, leaf))
    known = [each.name for each in leaf.votes]
    labels = list(dict.fromkeys(each.choice for each in figures if each.name is Quantity.VOTES))
    choice_of = dict(zip(labels, match(labels, known), strict=True))
    stated: dict[tuple[Quantity, str], dict[int, str]] = {}
    for each in figures:
        at = choice_of.get(each.choice) if each.name is Quantity.VOTES else None
        choice = each.choice if at is None else known[at]
        stated.setdefault((each.name, choice), {}).setdefault(each.value, each.where)
    agreed, wrong, lacking = set[tuple[Quantity, str]](), [], 0
    for (name, choice), values in stated.items():
        sealed = leaf.known.get((name, choice))
        if sealed is None and name is not Quantity.VOTES and len(values) == 1:
            lacking += 1
        elif list(values) == [sealed]:
            agreed.add((name, choice))
        else:
            wrong.append(_stated(name, choice, sealed, values, earlier))
    needed = {(Quantity.VOTES, each.name) for each in leaf.votes if each.votes is not None}
    needed = needed or {(name, "") for name in Quantity if name in leaf.figures}
    states = [each.state for each in wrong] or [SheetState.AGREES if agreed else SheetState.NOTHING]
    where = tuple(dict.fromkeys(each.where for each in figures))
    compared = len(stated) - lacking
    state = max(states, key=_GRAVEST_LAST.index)
    return WitnessedBureau(place, index, state, compared, lacking, needed <= agreed, tuple(wrong), where)


def _stated(
    name: Quantity, choice: str, sealed: int | None, values: dict[int, str], earlier: Iterable[tuple[int, Leaf]]
) -> StatedFigure:
    pairs = tuple(values.items())
    if len(pairs) > 1:
        return StatedFigure(name, choice, SheetState.CONTRADICTED, sealed, pairs)
    [value] = values
    before = next((index for index, leaf in earlier if leaf.known.get((name, choice)) == value), None)
    state = SheetState.DIFFERS if before is None else SheetState.REPLACED
    return StatedFigure(name, choice, state, sealed, pairs, before)


def _earlier(log: SealedLog, leaf: Leaf) -> Iterator[tuple[int, Leaf]]:
    """The leaves that a leaf took the place of, the last one first."""
    while leaf.replaces is not None:
        index = leaf.replaces
        leaf = log.leaf(index)
        yield index, leaf


def _kept(sealed: SealedFolder, proof: ProofFile, keys: Sequence[PublicKey]) -> KeptProof:
    """Check a kept proof against the present log."""
    check = check_proof(proof.data, keys)
    log = sealed.log
    if check.fault is not None or check.checkpoint is None or check.leaf is None:
        return KeptProof(proof.name, ProofState.FAULT, check)
    head = check.checkpoint
    if head.size > log.tree.size:
        return KeptProof(proof.name, ProofState.LATER, check)
    if log.tree.root(head.size) != head.root:
        return KeptProof(proof.name, ProofState.SPLIT, check)
    now = log.latest[check.leaf.place]
    return KeptProof(proof.name, ProofState.HOLDS if now == check.index else ProofState.REPLACED, check, now)
