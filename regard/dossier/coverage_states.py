"""Bureau by bureau and piece by piece: was it there, and does a case say that its figures should read otherwise?

A piece is marked where a case corrects it, or where a reading of an open case does, so that a slip shows once, where it
happens, and not in every copy of it; a case without corrections marks the piece that is probably wrong. A gap between
votes and signatures that no correction ends is marked where the signatures stand first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

import numpy as np

from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.quantities import Quantity
from regard.dossier.model import States
from verify.audit import Audit
from verify.cases.corrections import correct
from verify.cases.wording import GAPS
from verify.columns.counts import gap
from verify.columns.sources import editions, having
from verify.model.cases import LIKELY_ENOUGH, Correction
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import UNREADABLE, Bools
from verify.model.findings import Finding, Severity
from verify.model.universe import PAPER


class PieceState(IntEnum):
    """State of one kind of evidence of a bureau in a poll."""

    NOT_ASKED = 0
    """There can be none: of a machine in a bureau on paper, or of a poll that a file is not about."""
    AGREES = 1
    """There, as another piece is, and no case says that it should read otherwise."""
    DIFFERS = 2
    """There, and a case says that it should read otherwise, or that it is probably wrong."""
    ALONE = 3
    """There, and no other piece is."""
    ABSENT = 4
    UNREAD = 5
    """There, and damaged or not understood, so that it does not count."""
    PARTLY = 6
    """There, with votes for choices of other names, which are compared with none."""
    GAP = 7
    """There, and the signatures in it are not as many as the votes found, whatever piece one asks."""


Masks = dict[str, Bools]
"""By kind of evidence, of shape ``(units, polls)``."""
_COUNTS = (Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)


def states(evidence: LinedEvidence, result: Audit) -> dict[str, States]:
    """The state of every bureau and poll, shape ``(units * polls,)``, by kind of evidence as in the coverage."""
    there = {kind: np.broadcast_to(mask, evidence.shape) for kind, mask, _ in having(evidence)}
    there.pop(EvidenceKind.WAY_UP, None)
    if evidence.signatures is None:
        there.pop(EvidenceKind.SIGNATURES, None)
    differs, unread, gaps, unknown = ({kind: _nowhere(evidence) for kind in there} for _ in range(4))
    _mark_cases(evidence, result, differs, unread)
    found = gap(correct(evidence, result.cases.corrections(*LIKELY_ENOUGH)))
    left = _nowhere(evidence) if found is None else found.values != 0
    for kind, counted in _tables(evidence):
        values = np.stack([counted.figures[name].values for name in _COUNTS if name in counted.figures])
        unread[kind] |= (values == UNREADABLE).any(axis=0)
        if kind in (EvidenceKind.RECORDS, EvidenceKind.TABULATION):
            there[kind] = there[kind] & (values >= 0).any(axis=0)
        if Quantity.SIGNATURES in counted.figures:
            signed = left & counted["signatures"].known
            gaps[kind] |= signed & ~differs[kind]
            left = left & ~signed
    for kind, lines in zip(_published(evidence), evidence.published, strict=True):
        unknown[kind] |= lines.counted.present & (lines.votes.strange_rows > 0)
    several = sum(mask.astype(np.int64) for mask in there.values()) > 1
    states = {}
    for kind, here in there.items():
        tests = {
            PieceState.UNREAD: unread[kind],
            PieceState.GAP: here & gaps[kind],
            PieceState.DIFFERS: here & differs[kind],
            PieceState.PARTLY: here & unknown[kind],
            PieceState.AGREES: here & several,
            PieceState.ALONE: here,
            PieceState.ABSENT: _expected(evidence, kind, here),
        }
        state = np.select(list(tests.values()), list(map(int, tests)), int(PieceState.NOT_ASKED))
        states[kind] = state.astype(np.int8).reshape(-1)
    return states


def _nowhere(evidence: LinedEvidence) -> Bools:
    return np.zeros(evidence.shape, np.bool_)


def _expected(evidence: LinedEvidence, kind: str, there: Bools) -> Bools:
    """Select the bureaux that can have such a piece: one with machines their dumps, results those of their polls."""
    if kind in DUMPS:
        return np.broadcast_to((evidence.universe.counting != PAPER)[:, None], evidence.shape)
    of_polls = there.any(axis=0) if kind.startswith(EvidenceKind.PUBLISHED) else np.ones(len(evidence.polls), np.bool_)
    return np.broadcast_to(of_polls, evidence.shape)


def _published(evidence: LinedEvidence) -> list[str]:
    """The name of the edition that each published file is of."""
    of_files = [each.files for each in evidence.once(editions)]
    at = (
        next(at for at, files in enumerate(of_files, 1) if each.published.file in files) for each in evidence.published
    )
    return [EvidenceKind.PUBLISHED if number == 1 else f"{EvidenceKind.PUBLISHED} {number}" for number in at]


def _tables(evidence: LinedEvidence) -> Iterator[tuple[str, Counted]]:
    """The pieces with counts, in the order of the way."""
    for kind, counted in (
        (EvidenceKind.SIGNATURES, evidence.signatures),
        (EvidenceKind.RECORDS, evidence.records),
        (EvidenceKind.TABULATION, evidence.tabulation),
        *zip(_published(evidence), (each.counted for each in evidence.published), strict=True),
    ):
        if counted is not None:
            yield kind, counted


def _mark_cases(evidence: LinedEvidence, result: Audit, differs: Masks, unread: Masks) -> None:
    """Mark the pieces that cases correct, read otherwise or take for wrong, and those that cannot be read."""
    keys, universe = result.findings.keys(), evidence.universe
    unit = universe.find(keys.places.insee, keys.places.bureau)[keys.place] if len(keys.place) else keys.place
    grave = result.findings.of_first() & (keys.severity > Severity.INFO) & (unit >= 0)
    damaged = keys.of(*(code for code in keys.codes if code[0] == "I"))
    published = dict(zip((each.published.file for each in evidence.published), _published(evidence), strict=True))
    for block in result.cases.blocks():
        blamed = np.array(block.pieces, object)[block.piece]
        blamed[np.array([cause.name in GAPS for cause in block.causes], np.bool_)[block.cause]] = ""
        for at, detail in block.details.items():
            some = detail.corrections or [each for reading in detail.readings for each in reading.corrections]
            blamed[at] = "" if some else blamed[at]
            _mark_corrections(evidence, some, published, differs)
        of_findings = np.repeat(blamed, np.diff(block.start))
        for kind in differs:
            rows = block.findings[(of_findings == kind.partition(" ")[0]) & grave[block.findings]]
            if kind.startswith(EvidenceKind.PUBLISHED) and len(set(published.values())) > 1:
                rows = rows[[kind in map(published.get, _files(result.findings[row])) for row in rows.tolist()]]
            for masks, wanted in ((unread, damaged[rows]), (differs, ~damaged[rows])):
                for column, number in enumerate(evidence.polls):
                    masks[kind][unit[rows[wanted & np.isin(keys.poll[rows], (0, number))]], column] = True


def _files(found: Finding) -> list[str]:
    """The files that the figures of a finding stand in."""
    return [side.source.partition(":")[0] for side in (found.left, found.right)]


def _mark_corrections(
    evidence: LinedEvidence, corrections: Sequence[Correction], published: Mapping[str, str], differs: Masks
) -> None:
    """Mark the pieces whose figures should read otherwise; what only repeats them is not marked."""
    for each in corrections:
        kind = published.get(each.file, each.piece) if each.piece == EvidenceKind.PUBLISHED else each.piece
        if kind == EvidenceKind.RECORDS and each.choice >= 0:
            kind = EvidenceKind.VOTES
        if each.copied or kind not in differs or each.field == Quantity.REGISTERED:
            continue
        unit = evidence.universe.index(each.place.insee, each.place.bureau)
        if unit >= 0 and each.place.poll in evidence.polls:
            differs[kind][unit, evidence.polls.index(each.place.poll)] = True
