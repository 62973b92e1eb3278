"""Bureau by bureau and piece by piece: was it there, and has it the figures of those before it on the way?

On the way a figure passes from the urn to its export, to the PV and its votes by choice, to the centralising record, to
the published results; signatures pass from the sign-in list to the PV and on. A piece is marked where it has a figure
that no piece before it has, so that a slip shows once, where it happens, and not in every copy of it; where a case says
which piece is probably wrong, it is that one. A gap between votes and signatures that all pieces agree on is marked
where the signatures stand first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.quantities import Quantity
from regard.dossier.model import States
from verify.cases.corrections import correct
from verify.columns.counts import signatures, votes_found
from verify.columns.day_parts import paper_part
from verify.columns.machine_votes import machine_votes
from verify.columns.sources import editions
from verify.model.cases import Correction
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import MISSING, UNREADABLE, Bools, Ints, absent
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Severity
from verify.model.universe import PAPER


class PieceState(IntEnum):
    """State of one kind of evidence of a bureau in a poll."""

    NOT_ASKED = 0
    """There can be none: of a machine in a bureau on paper, or of a poll that a file is not about."""
    AGREES = 1
    """There, with figures that a piece before it has as well, or the first of them."""
    DIFFERS = 2
    """There, with a figure that no piece before it has, or with figures that do not add up."""
    ALONE = 3
    """There, and no other piece has its figures."""
    ABSENT = 4
    UNREAD = 5
    """There, and damaged or not understood, so that it does not count."""
    PARTLY = 6
    """There, with figures that other pieces have as well, and votes by choice that are compared with none."""
    GAP = 7
    """There, and the signatures in it are not as many as the votes found, whatever piece one asks."""


_COUNTS = (Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)


_OF_SUMS = frozenset(("R210", "T306"))
"""Rules of figures of one piece that do not add up."""


@dataclass(slots=True)
class _Piece:
    """One piece of every bureau and poll: what it has, all of shape ``(units, polls)``, votes with one axis more.

    ``unknown`` marks votes for names that are no known choice: they are compared with nothing.
    """

    present: Bools
    expected: Bools
    counts: dict[Quantity, Ints] = field(default_factory=dict)
    votes: Ints | None = None
    unknown: Bools | None = None


def states(
    evidence: LinedEvidence, findings: FindingTable, corrections: Sequence[Correction] = ()
) -> dict[str, States]:
    """The state of every bureau and poll, shape ``(units * polls,)``, by kind of evidence as in the coverage.

    Args:
        evidence: as it was read.
        findings: of its audit.
        corrections: those of cases that say which piece is probably wrong.
    """
    with_them = correct(evidence, corrections)
    pieces = dict(_pieces(with_them))
    compared = {kind: _nowhere(evidence) for kind in pieces}
    differs: dict[str, Bools] = {}
    wrong_before = _nowhere(evidence)
    for kind, piece in pieces.items():  # a sum that does not work out is handed on with its figures
        wrong = _does_not_add_up(piece)
        differs[kind] = wrong & ~wrong_before
        wrong_before |= wrong
    for name in _COUNTS:
        on_the_way = [(kind, piece.counts[name]) for kind, piece in pieces.items() if name in piece.counts]
        _compare(on_the_way, compared, differs)
    _compare([(kind, piece.votes) for kind, piece in pieces.items() if piece.votes is not None], compared, differs)
    damaged = _by_findings(evidence, findings, pieces, compared, differs)
    _blame(evidence, corrections, differs)
    _mark_sums(evidence, findings, pieces, differs)
    gaps = _gaps(with_them, pieces, differs)
    found: dict[str, States] = {}
    for kind, piece in pieces.items():
        there = piece.present
        unknown = False if piece.unknown is None else piece.unknown
        tests = {
            PieceState.UNREAD: damaged[kind],
            PieceState.GAP: there & gaps.get(kind, False),
            PieceState.DIFFERS: there & differs[kind],
            PieceState.PARTLY: there & compared[kind] & unknown,
            PieceState.AGREES: there & compared[kind],
            PieceState.ALONE: there,
            PieceState.ABSENT: piece.expected,
        }
        state = np.select(list(tests.values()), list(map(int, tests)), int(PieceState.NOT_ASKED))
        found[kind] = state.astype(np.int8).reshape(-1)
    return found


def _nowhere(evidence: LinedEvidence) -> Bools:
    return np.zeros(evidence.shape, np.bool_)


def _compare(on_the_way: list[tuple[str, Ints]], compared: dict[str, Bools], differs: dict[str, Bools]) -> None:
    """Look where a piece has a figure that no piece before it has, though some have one."""
    earlier: list[tuple[str, Ints]] = []
    for kind, values in on_the_way:
        known = values >= 0
        there, same = np.zeros(values.shape, np.bool_), np.zeros(values.shape, np.bool_)
        for before, theirs in earlier:
            both = known & (theirs >= 0)
            there |= both
            same |= both & (theirs == values)
            compared[before] |= _any(both)
        compared[kind] |= _any(there)
        differs[kind] |= _any(there & ~same)
        earlier.append((kind, values))


def _blame(evidence: LinedEvidence, corrections: Sequence[Correction], differs: dict[str, Bools]) -> None:
    """Mark the pieces that cases say are probably wrong; what only repeats them is not marked."""
    polls = {number: column for column, number in enumerate(evidence.polls)}
    published = {
        file: _edition(number) for number, edition in enumerate(editions(evidence), 1) for file in edition.files
    }
    for each in corrections:
        kind = published.get(each.file, each.piece) if each.piece == EvidenceKind.PUBLISHED else each.piece
        if kind == EvidenceKind.RECORDS and each.choice >= 0:
            kind = EvidenceKind.VOTES
        if each.copied or kind not in differs or each.field == Quantity.REGISTERED or each.place.poll not in polls:
            continue
        unit = evidence.universe.index(each.place.insee, each.place.bureau)
        if unit >= 0:
            differs[kind][unit, polls[each.place.poll]] = True


def _mark_sums(
    evidence: LinedEvidence, findings: FindingTable, pieces: dict[str, _Piece], differs: dict[str, Bools]
) -> None:
    """Mark pieces that do not add up by a finding, of bureaux of which no piece is marked yet."""
    marked = np.logical_or.reduce([_nowhere(evidence), *differs.values()])
    for found, unit, columns in _in_bureaux(evidence, findings, findings.of_first(), _OF_SUMS.__contains__):
        if found.left.piece in pieces and not marked[unit, columns].any():
            differs[found.left.piece][unit, columns] = True


def _in_bureaux(
    evidence: LinedEvidence, findings: FindingTable, mask: Bools, wanted: Callable[[str], bool]
) -> Iterator[tuple[Finding, int, list[int]]]:
    """Some findings of wanted rules, each with its bureau and the polls that it is about."""
    keys = findings.keys()
    codes = [code for code in keys.codes if wanted(code)]
    for at in np.flatnonzero(mask & keys.of(*codes)).tolist():
        found = findings[at]
        unit = evidence.universe.index(found.insee, found.bureau)
        if unit >= 0:
            yield found, unit, [column for column, number in enumerate(evidence.polls) if found.poll in (0, number)]


def _gaps(evidence: LinedEvidence, pieces: dict[str, _Piece], differs: dict[str, Bools]) -> dict[str, Bools]:
    """Find gaps between votes and signatures, at the first piece with signatures that is not marked yet."""
    signed, votes = evidence.once(signatures), evidence.once(votes_found)
    if signed is None or votes is None:
        return {}
    left = np.asarray(signed.known & votes.known & (signed.values != votes.values), np.bool_)
    found: dict[str, Bools] = {}
    for kind, piece in pieces.items():
        if Quantity.SIGNATURES in piece.counts:
            found[kind] = left & piece.present & ~differs[kind] & (piece.counts[Quantity.SIGNATURES] >= 0)
            left = left & ~found[kind]
    return found


def _any(mask: Bools) -> Bools:
    """For each bureau and poll whether it holds, of votes for any choice."""
    return mask if mask.ndim == 2 else np.asarray(mask.any(axis=2), np.bool_)


def _does_not_add_up(piece: _Piece) -> Bools:
    names = (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
    if any(name not in piece.counts for name in names):
        return np.zeros(piece.present.shape, np.bool_)
    found, *parts = (piece.counts[name] for name in names)
    known = np.logical_and.reduce([found >= 0, *(part >= 0 for part in parts)])
    return np.asarray(known & (sum(parts) != found), np.bool_)


def _pieces(evidence: LinedEvidence) -> Iterator[tuple[str, _Piece]]:
    """All pieces in the order of the way."""
    every = np.ones(evidence.shape, np.bool_)
    machines = np.broadcast_to((evidence.universe.counting != PAPER)[:, None], evidence.shape)
    yield from _of_machines(evidence, machines)
    if evidence.signatures is not None:
        signed = evidence.signatures
        yield EvidenceKind.SIGNATURES, _Piece(_there(signed), every, {Quantity.SIGNATURES: signed["signatures"].values})
    if evidence.records is not None:
        yield EvidenceKind.RECORDS, _counted(evidence.records, every)
    if evidence.votes is not None:
        votes = evidence.votes.values
        yield EvidenceKind.VOTES, _Piece(_any(votes >= 0), every, {Quantity.VALID: _summed(votes)}, votes)
    if evidence.tabulation is not None:
        yield EvidenceKind.TABULATION, _counted(evidence.tabulation, every)
    for number, edition in enumerate(editions(evidence), 1):
        polls = np.broadcast_to(edition.present.any(axis=0)[None], evidence.shape)
        unknown = _nowhere(evidence)
        piece = _Piece(_nowhere(evidence), polls, unknown=unknown)
        for lines in evidence.published:
            if lines.published.file not in edition.files or not edition.present[lines.counted.present].all():
                continue
            here = lines.counted.present
            piece.present |= here
            for name, values in _counts_of(lines.counted).items():
                piece.counts[name] = np.where(here, values, piece.counts.get(name, absent(evidence.shape)))
            old = np.full_like(lines.votes.values, MISSING) if piece.votes is None else piece.votes
            piece.votes = np.where(here[:, :, None], lines.votes.values, old)
            unknown |= here & (lines.votes.strange_rows > 0)
        yield _edition(number), piece


def _of_machines(evidence: LinedEvidence, machines: Bools) -> Iterator[tuple[str, _Piece]]:
    """The urns and the exports; the counts of an urn are at hand where there is no export of it."""
    if evidence.machines is None:
        return
    tallies, on_paper = evidence.once(machine_votes), evidence.once(paper_part)
    cast, blank = evidence.machines.cast.values, evidence.machines.blank.values
    has_export = _nowhere(evidence) if evidence.exports is None else evidence.exports.counts.parts > 0
    alone = on_paper == 0  # beside votes on paper, blank votes and those for choices are not the bureau's

    def piece(present: Bools, here: Bools) -> _Piece:
        counts = {
            Quantity.VOTES_FOUND: np.where(here & (cast >= 0), cast + on_paper, MISSING),
            Quantity.BLANK: np.where(here & alone, blank, MISSING),
            Quantity.VALID: np.where(here & alone & (cast >= 0) & (blank >= 0), cast - blank, MISSING),
        }
        votes = None if tallies is None else np.where((here & alone)[:, :, None], tallies, MISSING)
        return _Piece(present, machines, counts, votes)

    if evidence.urns is not None:
        with_image = _nowhere(evidence)
        with_image[evidence.urns.unit[evidence.urns.used]] = True
        yield EvidenceKind.URNS, piece(with_image, with_image & ~has_export)
    if evidence.exports is not None:
        yield EvidenceKind.EXPORTS, piece(has_export, has_export)


def _edition(number: int) -> str:
    """The name of an edition of the published results."""
    return EvidenceKind.PUBLISHED if number == 1 else f"{EvidenceKind.PUBLISHED} {number}"


def _counted(counted: Counted, expected: Bools) -> _Piece:
    return _Piece(_there(counted), expected, _counts_of(counted))


def _counts_of(counted: Counted) -> dict[Quantity, Ints]:
    return {name: counted.figures[name].values for name in _COUNTS if name in counted.figures}


def _there(counted: Counted) -> Bools:
    """Find rows with a figure in it, readable or not."""
    filled = np.zeros(counted.present.shape, np.bool_)
    for name in _COUNTS:
        if name in counted.figures:
            values = counted.figures[name].values
            filled |= (values >= 0) | (values == UNREADABLE)
    return np.asarray(counted.present & filled, np.bool_)


def _summed(votes: Ints) -> Ints:
    """Votes of all choices, MISSING where there is none of any."""
    known = votes >= 0
    return np.where(known.any(axis=2), np.where(known, votes, 0).sum(axis=2), MISSING)


def _by_findings(
    evidence: LinedEvidence,
    findings: FindingTable,
    pieces: dict[str, _Piece],
    compared: dict[str, Bools],
    differs: dict[str, Bools],
) -> dict[str, Bools]:
    """Mark what no count shows: dumps that contradict themselves, and what cannot be read. Returns the latter."""
    damaged = {
        kind: np.logical_or.reduce([_nowhere(evidence), *(each == UNREADABLE for each in piece.counts.values())])
        for kind, piece in pieces.items()
    }
    if EvidenceKind.URNS in pieces and EvidenceKind.EXPORTS in pieces:  # rules compare the two, image by image
        both = pieces[EvidenceKind.URNS].present & pieces[EvidenceKind.EXPORTS].present
        compared[EvidenceKind.URNS] |= both
    grave = findings.of_first() & (findings.keys().severity > Severity.INFO)
    for found, unit, columns in _in_bureaux(evidence, findings, grave, lambda code: code[0] in "AIM"):
        for kind in {side.piece for side in (found.left, found.right) if side.piece in DUMPS} & pieces.keys():
            (damaged if found.code[0] == "I" else differs)[kind][unit, columns] = True
    return damaged
