"""The tables of bureaux, communes and départements, as rows of cells that are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from protocol.insee import departement_of
from protocol.words import language
from regard.dossier.coverage_states import PieceState
from regard.dossier.fixed_words import STATES
from regard.dossier.model import BureauColumns, Dossier
from regard.views.saying import Speaker

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
