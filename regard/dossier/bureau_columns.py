"""Every bureau and every commune, as columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind
from protocol.insee import as_written
from protocol.quantities import Quantity
from protocol.words import series
from regard.dossier.coverage_states import states
from regard.dossier.model import BureauColumns, CommuneColumns, GapSummary
from regard.reports.fields import column
from regard.reports.tables import figures_of
from regard.views.cases import LinesOfCases
from regard.views.saying import Speaker
from verify.audit import Audit
from verify.cases.looking_again import LIKELY_ENOUGH
from verify.columns.counts import registered, signatures, votes_found
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.labels import evidence_label

SHOWN = (
    (EvidenceKind.SIGNATURES, Quantity.SIGNATURES),
    (EvidenceKind.RECORDS, Quantity.SIGNATURES),
    (EvidenceKind.EXPORTS, Quantity.VOTES_FOUND),
    (EvidenceKind.RECORDS, Quantity.VOTES_FOUND),
    (EvidenceKind.TABULATION, Quantity.VOTES_FOUND),
    (EvidenceKind.PUBLISHED, Quantity.VOTES_FOUND),
)
"""The figures that a table of bureaux shows beside the registered voters: the counts of voters, along the way."""


def bureau_columns(evidence: LinedEvidence, result: Audit, lines: LinesOfCases, speaker: Speaker) -> BureauColumns:
    """Every bureau and poll; columns of which no figure is known are left out."""
    universe, polls = evidence.universe, len(evidence.polls)
    found = figures_of(evidence)
    figures = {"registered": (speaker.sentence(Quantity.REGISTERED.label), registered(evidence).values.reshape(-1))}
    for kind, quantity in SHOWN:
        values = found[column(kind, quantity)]
        if (values >= 0).any():
            figures[column(kind, quantity)] = speaker.sentence(series((quantity.label, kind.there), " ")), values
    gap, compared, votes = _gaps(evidence)
    first, count = _cases_of(evidence, result, lines)
    rows = (universe.by_number[:, None] * polls + np.arange(polls)).reshape(
        -1
    )  # 2 before 10, as people go through them
    commune = np.repeat(np.arange(len(universe.communes)), np.diff(universe.communes, append=len(universe)))
    return BureauColumns(
        commune=np.repeat(commune, polls),
        bureau=np.repeat(np.array(list(map(speaker.name, universe.bureau.tolist())), np.str_), polls)[rows],
        poll=np.tile(np.array(evidence.polls, np.int64), len(universe)),
        figures={name: (said, values[rows]) for name, (said, values) in figures.items()},
        gap=gap.reshape(-1)[rows],
        compared=np.asarray(compared.reshape(-1)[rows], np.bool_),
        found=votes.reshape(-1)[rows],
        states={
            kind: (speaker.sentence(evidence_label(kind)), state[rows])
            for kind, state in states(evidence, result.findings, result.cases.corrections(*LIKELY_ENOUGH)).items()
        },
        case=first[rows],
        cases=count[rows],
    )


def _cases_of(evidence: LinedEvidence, result: Audit, lines: LinesOfCases) -> tuple[Ints, Ints]:
    """For each bureau and poll the first of the lines of its cases, 0 for none, and how many it is in."""
    keys, polls = result.findings.keys(), np.array(evidence.polls, np.int64)
    size = len(evidence.universe) * len(polls)
    first, count = np.zeros(size, np.int64), np.zeros(size, np.int64)
    at = np.flatnonzero((result.cases.number > 0) & result.findings.of_first())
    if not len(at) or not size:
        return first, count
    place = keys.place[at]
    wanted, inverse = np.unique(place, return_inverse=True)
    unit = evidence.universe.find(keys.places.insee[wanted], keys.places.bureau[wanted])[inverse]
    column = np.searchsorted(polls, keys.poll[at]) % len(polls)
    rows, numbers = [], []
    for index, number in enumerate(polls.tolist()):  # a finding of no poll is of all of them
        here = (unit >= 0) & ((keys.poll[at] == 0) | ((column == index) & (keys.poll[at] == number)))
        rows.append(unit[here] * len(polls) + index)
        numbers.append(lines.first[result.cases.number[at][here]])
    row, number = np.concatenate(rows), np.concatenate(numbers)
    pairs = np.unique(np.stack([row, number]), axis=1)
    starts = np.flatnonzero(np.append(True, pairs[0, 1:] != pairs[0, :-1]))[: pairs.shape[1]]
    first[pairs[0, starts]] = pairs[1, starts]
    np.add.at(count, pairs[0], 1)
    return first, count


def commune_columns(evidence: LinedEvidence, result: Audit, bureaux: BureauColumns, speaker: Speaker) -> CommuneColumns:
    """Every commune of the list."""
    universe, polls = evidence.universe, len(evidence.polls)
    first = universe.communes
    start = first * polls

    def added(values: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Ints:
        whole = np.asarray(values, np.int64)
        return np.add.reduceat(whole, start) if len(start) else np.zeros(0, np.int64)

    counts = result.findings.by_commune()
    insee = universe.insee[first].tolist()
    gap = bureaux.gap
    return CommuneColumns(
        insee=tuple(map(speaker.name, insee)),
        name=tuple(speaker.name(as_written(name)) for name in universe.commune[first].tolist()),
        department=tuple(map(speaker.name, universe.department[first].tolist())),
        start=start,
        bureaux=np.diff(first, append=len(universe)),
        compared=added(bureaux.compared),
        more=added(gap > 0),
        fewer=added(gap < 0),
        beyond=added(np.maximum(gap, 0)),
        short=added(np.maximum(-gap, 0)),
        findings=np.array([sum(counts[code][1].values()) if code in counts else 0 for code in insee], np.int64),
    )


def _gaps(evidence: LinedEvidence) -> tuple[Ints, Bools, Ints]:
    """Votes found less signatures, 0 where not both are known; where both are, and the votes, -1 where unknown.

    Shape ``(units, polls)``.
    """
    nothing = np.full(evidence.shape, -1, np.int64)
    signed, votes = (
        nothing if of is None else np.where(of.known, of.values, -1)
        for of in (evidence.once(signatures), evidence.once(votes_found))
    )
    compared = (votes >= 0) & (signed >= 0)
    return np.where(compared, votes - signed, 0), compared, votes


def gap_summary(evidence: LinedEvidence, permille: int) -> GapSummary:
    """The gaps of all bureaux, nothing netted between them."""
    gap, compared, votes = _gaps(evidence)
    return GapSummary(
        compared=int(compared.sum()),
        equal=int((compared & (gap == 0)).sum()),
        more=int((gap > 0).sum()),
        fewer=int((gap < 0).sum()),
        beyond=int(np.maximum(gap, 0).sum()),
        short=int(np.maximum(-gap, 0).sum()),
        outside=int((compared & (np.abs(gap) * 1000 > permille * votes)).sum()),
        largest=int(np.abs(gap).max(initial=0)),
        permille=permille,
    )
