"""Every bureau, commune and département: as columns, and as the rows of cells that are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind
from protocol.insee import as_written, departement_of
from protocol.quantities import Quantity
from protocol.words import language, series
from regard.dossier.coverage_states import PieceState, states
from regard.dossier.fixed_words import STATES
from regard.dossier.model import BureauColumns, CommuneColumns, Dossier, GapSummary
from regard.reports.fields import column
from regard.reports.tables import figures_of
from regard.views.cases import LinesOfCases
from regard.views.saying import Speaker
from verify.audit import Audit
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
    """Every bureau and poll; columns without a known figure are left out."""
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
            for kind, state in states(evidence, result).items()
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
        counts={
            "bureaux_column": np.diff(first, append=len(universe)),
            "compared": added(bureaux.compared),
            "more": added(gap > 0),
            "beyond": added(np.maximum(gap, 0)),
            "fewer": added(gap < 0),
            "short": added(np.maximum(-gap, 0)),
            "findings": np.array([sum(counts[code][1].values()) if code in counts else 0 for code in insee], np.int64),
        },
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
    listed = False if evidence.signatures is None else evidence.signatures["signatures"].known
    return GapSummary(
        compared=int(compared.sum()),
        unlisted=int((compared & ~np.asarray(listed, np.bool_)).sum()),
        equal=int((compared & (gap == 0)).sum()),
        more=int((gap > 0).sum()),
        fewer=int((gap < 0).sum()),
        beyond=int(np.maximum(gap, 0).sum()),
        short=int(np.maximum(-gap, 0).sum()),
        outside=int((compared & (np.abs(gap) * 1000 > permille * votes)).sum()),
        largest=int(np.abs(gap).max(initial=0)),
        permille=permille,
    )


MOST_ROWS, MOST_IN_CASES = 3000, 1000
"""Rows of the table of bureaux; where these are not enough, rows of bureaux in a case."""
MOST_COMMUNES = 1000
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
SIGNS: dict[PieceState, str] = {
    PieceState.NOT_ASKED: "",
    PieceState.AGREES: "=",
    PieceState.DIFFERS: "≠",
    PieceState.ALONE: "·",
    PieceState.ABSENT: "∅",
    PieceState.UNREAD: "?",
    PieceState.PARTLY: "(=)",
    PieceState.GAP: "Δ",
}
"""One character for each state, which reads in grey as well."""


@dataclass(frozen=True, slots=True)
class BureauRow:
    """One row of the table of bureaux: its place, its figures, its gap, the signs of its pieces, its first case.

    ``marks`` are the names of what it can be looked for by.
    """

    commune: str
    bureau: str
    poll: int
    figures: tuple[str, ...]
    gap: str
    more: int
    states: tuple[tuple[str, str], ...]
    case: int
    cases: int
    marks: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of the table of communes or départements."""

    code: str
    name: str
    cells: tuple[str, ...]


def with_sign(dossier_language: str, value: int) -> str:
    """A difference with its sign, as the language writes numbers; the sign is a true minus."""
    shown = language(dossier_language).number(abs(value))
    return f"+{shown}" if value > 0 else f"−{shown}" if value < 0 else shown


def several_polls(columns: BureauColumns) -> bool:
    """Check that the day has more than one poll."""
    return bool(len(columns)) and bool((columns.poll != columns.poll[0]).any())


def headings(dossier: Dossier) -> list[tuple[str, str]]:
    """The headings of the table of bureaux, each with the class of its cells: numbers to the right, signs centred."""
    say, columns = dossier.words, dossier.bureaux
    return [
        (say["commune"], ""),
        (say["bureau"], ""),
        *([(say["poll"], "n")] if several_polls(columns) else []),
        (say["gap"], "n"),
        (say["case"], "n"),
        *((heading, "n") for heading, _ in columns.figures.values()),
        *((heading, "c") for heading, _ in columns.states.values()),
    ]


def bureau_table(dossier: Dossier) -> list[BureauRow]:
    """Every bureau and poll; where they are very many, those that are in a case, as far as there is room."""
    rows = np.arange(len(dossier.bureaux))
    if len(rows) > MOST_ROWS:
        rows = np.flatnonzero(dossier.bureaux.case)[:MOST_IN_CASES]
    return list(_bureau_rows(dossier, rows.tolist()))


def _bureau_rows(dossier: Dossier, rows: Sequence[int]) -> Iterator[BureauRow]:
    columns, names = dossier.bureaux, dossier.communes
    figures = [values.tolist() for _, values in columns.figures.values()]
    states = [[PieceState(code) for code in values.tolist()] for _, values in columns.states.values()]
    words = {state: (SIGNS[state], state.name.lower()) for state in PieceState}
    number = language(dossier.language).number
    gap, compared = columns.gap.tolist(), columns.compared.tolist()
    for row in rows:
        commune = int(columns.commune[row])
        yield BureauRow(
            commune=names.called(commune),
            bureau=str(columns.bureau[row]),
            poll=int(columns.poll[row]),
            figures=tuple(number(values[row]) if values[row] >= 0 else "" for values in figures),
            gap=with_sign(dossier.language, gap[row]) if compared[row] else "",
            more=gap[row],
            states=tuple(words[of_kind[row]] for of_kind in states),
            marks=_marks(int(columns.case[row]), gap[row], [of_kind[row] for of_kind in states]),
            case=int(columns.case[row]),
            cases=int(columns.cases[row]),
        )


def _marks(case: int, gap: int, states: Sequence[PieceState]) -> str:
    lacking = not {PieceState.ABSENT, PieceState.UNREAD}.isdisjoint(states)
    marks = (("in-case", bool(case)), ("with-gap", bool(gap)), ("lacking", lacking))
    return " ".join(name for name, there in marks if there)


def commune_table(dossier: Dossier) -> list[PlaceRow]:
    """The communes; where they are very many, those with the most findings, in the order of the list."""
    columns, counts = dossier.communes, dossier.communes.counts
    chosen = np.arange(len(columns))
    if len(columns) > MOST_COMMUNES:
        weight = np.lexsort((chosen, -(counts["beyond"] + counts["short"]), -counts["findings"]))
        chosen = np.sort(weight[:MOST_COMMUNES])
    number = language(dossier.language).number
    return [
        PlaceRow(
            code=columns.insee[at] if known_departement(columns.insee[at]) else "",
            name=columns.called(at),
            cells=tuple(number(int(each[at])) for each in counts.values()),
        )
        for at in chosen.tolist()
    ]


def known_departement(insee: str) -> str:
    """The code of the département of an INSEE code; empty for what is none, as of communes known by name only."""
    return "" if _INSEE.fullmatch(insee) is None else departement_of(insee)


def department_table(dossier: Dossier) -> list[PlaceRow]:
    """The départements, by the first figures of the INSEE codes; none where there is only one."""
    columns = dossier.communes
    codes = list(map(known_departement, columns.insee))
    if len(set(codes)) < 2:
        return []
    at = {code: number for number, code in enumerate(dict.fromkeys(codes))}
    names: dict[str, str] = {}
    for code, listed in zip(codes, columns.department, strict=True):
        names.setdefault(code, listed or code or dossier.words["unknown"])
    sums = np.zeros((len(at), len(columns.counts)), np.int64)
    np.add.at(sums, [at[code] for code in codes], np.stack(list(columns.counts.values()), axis=1))
    number = language(dossier.language).number
    return [
        PlaceRow(code, names[code], tuple(map(number, cells))) for code, cells in zip(at, sums.tolist(), strict=True)
    ]


def state_counts(columns: BureauColumns) -> list[tuple[str, tuple[int, ...]]]:
    """For each kind of evidence how many bureaux and polls are in each state, in the order of `PieceState`."""
    return [
        (heading, tuple(np.bincount(values, minlength=len(PieceState)).tolist()))
        for heading, values in columns.states.values()
    ]


def state_legend(dossier_language: str) -> Sequence[tuple[str, str, str]]:
    """Sign, name for programs and name for people of each state that is shown."""
    speaker = Speaker(dossier_language)
    return [(SIGNS[state], state.name.lower(), speaker.text(STATES[state])) for state in PieceState if SIGNS[state]]
