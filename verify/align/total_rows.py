"""Rows of totals in the tables of the night: where what they state is not the sum of their bureaux."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from verify.model.bureau_codes import Coded, number_in_order
from verify.model.contests import match
from verify.model.evidence import ContradictedTotal
from verify.model.figures import MISSING, Ints, name_files
from verify.read.cells import relabel
from verify.read.sheet import Sheet
from verify.read.totals import names_total, totals_off

_CLOCKS = ("ouverture", "cloture")


def contradicted_totals(sheet: Sheet, piece: EvidenceKind, rows: Sequence[int]) -> Iterator[ContradictedTotal]:
    """The figures of some rows of totals that are not what their bureaux add up to, file by file and poll by poll.

    A file that has nothing but totals, as that of a centralising record, is held against the bureaux of all others.

    Args:
        sheet: the table.
        piece: the evidence that it is.
        rows: indices of its rows of totals, in order.
    """
    polls = sheet.texts["scrutin"]
    groups = dict.fromkeys((int(sheet.piece_of[row]), str(polls[row])) for row in rows)
    of_bureaux = np.ones(len(sheet), np.bool_)
    of_bureaux[list(rows)] = False
    for part, poll in groups:
        own = sheet.piece_of == part
        every = np.flatnonzero((own if (own & of_bureaux).any() else own | of_bureaux) & (polls == poll))
        summed = every[of_bureaux[every]]
        parts = summed[np.unique(sheet.piece_of[summed], return_index=True)[1]]
        files = name_files(sheet.shown(row) for row in parts.tolist())
        some, figures = _by_choice(sheet, every) if "choix" in sheet.texts else (_once(sheet, every), sheet.counts)
        counted = {name: values[some] for name, values in figures.items() if name not in _CLOCKS}
        texts = {
            name: sheet.texts[name][some].tolist() for name in ("commune", "insee", "bureau") if name in sheet.texts
        }
        named = (next(filter(names_total, cells), "") for cells in zip(*texts.values(), strict=True))
        totals = {at: said for at, said in enumerate(named) if said}
        for at, off in totals_off(totals, texts.get("commune", texts["insee"]), counted):
            yield ContradictedTotal(sheet.place(int(some[at])), files, piece, *off)


def _once(sheet: Sheet, some: Ints) -> Ints:
    """Some rows without those of a bureau that has one before: the first one counts."""
    _, first = number_in_order(_places(sheet, some), len(some))
    sums = np.flatnonzero(sheet.coded("bureau").take(some).marks(names_total))
    return np.asarray(some[np.unique(np.concatenate([first, sums]))], np.int64)


def _places(sheet: Sheet, some: Ints) -> list[Coded]:
    """The communes and bureaux of some rows, as one file writes these without their zeros and another one with them."""
    insee, bureau = (sheet.coded(name).take(some) for name in ("insee", "bureau"))
    return [insee, relabel(bureau, lambda code: code.lstrip("0") or code)]


def _by_choice(sheet: Sheet, some: Ints) -> tuple[Ints, Mapping[str, Ints]]:
    """The first row of each bureau of some rows with a choice each; and, there, the bureau's votes by choice."""
    of, first = number_in_order(_places(sheet, some), len(some))
    head, choice = some[first], sheet.coded("choix").take(some)
    own = np.unique(choice.codes[~sheet.coded("bureau").take(some).marks(names_total)])
    choices = [choice.labels[code] for code in own.tolist()]
    votes: dict[str, Ints] = {}
    for code in np.unique(choice.codes).tolist():
        here = np.flatnonzero(choice.codes == code)[::-1]  # of two rows of a choice the first one stays
        label = choice.labels[code]
        [known] = [None] if label in choices else match([label], choices)  # a total may have the full names of lists
        label = label if known is None else choices[known]
        counted = votes.setdefault(label, np.full(len(sheet), MISSING, np.int64))
        counted[head[of[here]]] = sheet.counts["votes"][some[here]]
    return head, votes
