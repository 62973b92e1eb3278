"""Rows of totals in the tables of the night: where what they state is not the sum of their bureaux."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from verify.model.evidence import ContradictedTotal
from verify.model.figures import MISSING, Ints, Texts
from verify.read.sheet import Sheet
from verify.read.totals import TotalOff, names_total, totals_off

_CLOCKS = ("ouverture", "cloture")


def contradicted_totals(sheet: Sheet, piece: EvidenceKind, rows: Sequence[int]) -> Iterator[ContradictedTotal]:
    """The figures of some rows of totals that are not what their bureaux add up to, file by file and poll by poll.

    Args:
        sheet: the table.
        piece: the evidence that it is.
        rows: indices of its rows of totals, in order.
    """
    polls = sheet.texts["scrutin"]
    groups = dict.fromkeys((int(sheet.piece_of[row]), str(polls[row])) for row in rows)
    for part, poll in groups:
        some = np.flatnonzero((sheet.piece_of == part) & (polls == poll))
        yield from (_of_choices if "choix" in sheet.texts else _of_counts)(sheet, piece, some)


def _of_counts(sheet: Sheet, piece: EvidenceKind, some: Ints) -> Iterator[ContradictedTotal]:
    """Of a table with a row for each bureau; of a bureau with two rows the first one counts."""
    places, totals = _places(sheet, some), list(_named(sheet, some))
    first = np.unique(np.concatenate([np.unique(places, return_index=True)[1], np.array(totals, np.int64)]))
    some = some[first]
    figures = {name: values[some] for name, values in sheet.counts.items() if name not in _CLOCKS}
    for off in totals_off(_named(sheet, some), _communes(sheet, some), figures):
        yield _contradicted(sheet, piece, int(some[off.row]), off)


def _of_choices(sheet: Sheet, piece: EvidenceKind, some: Ints) -> Iterator[ContradictedTotal]:
    """Of a table with a row for each choice, bureau by bureau."""
    _, first, of = np.unique(_places(sheet, some), return_index=True, return_inverse=True)
    order = np.argsort(first)
    bureaux = some[first[order]]  # the first row of each, in the order of the table
    rank = np.argsort(order)
    labels = sheet.texts["choix"][some]
    figures: dict[str, Ints] = {}
    for label in np.unique(labels).tolist():
        here = np.flatnonzero(labels == label)[::-1]  # of two rows of a choice the first one stays
        figures[label] = np.full(len(bureaux), MISSING, np.int64)
        figures[label][rank[of[here]]] = sheet.counts["votes"][some[here]]
    for off in totals_off(_named(sheet, bureaux), _communes(sheet, bureaux), figures):
        yield _contradicted(sheet, piece, int(bureaux[off.row]), off)


def _contradicted(sheet: Sheet, piece: EvidenceKind, row: int, off: TotalOff) -> ContradictedTotal:
    place = sheet.place(row)
    return ContradictedTotal(place, sheet.shown(row), piece, off.field, off.stated, off.summed, off.text)


def _places(sheet: Sheet, some: Ints) -> Texts:
    insee, bureau = (np.asarray(sheet.texts[name][some], np.str_) for name in ("insee", "bureau"))
    return np.strings.add(np.strings.add(insee, "\1"), bureau)


def _communes(sheet: Sheet, some: Ints) -> list[str]:
    return list(map(str, sheet.texts["commune" if "commune" in sheet.texts else "insee"][some]))


def _named(sheet: Sheet, some: Ints) -> dict[int, str]:
    """Names that some rows of totals give themselves, by their index."""
    found = {}
    columns = [sheet.texts[name][some].tolist() for name in ("commune", "insee", "bureau") if name in sheet.texts]
    for at, cells in enumerate(zip(*columns, strict=True)):
        said = next((cell for cell in cells if names_total(cell)), "")
        if said:
            found[at] = said
    return found
