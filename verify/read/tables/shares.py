"""The percentages of an auditor's table: of which two counts each column is, and which of them are not that ratio.

A header says both counts (« % Vot/Ins »), one (« Participation », « % blancs »), or none (« % » right of the votes of a
choice). What it leaves open is what half of the rows fit at least, else nothing is said. A percentage is right if it
is the ratio rounded to the digits that it is written with, or its fraction: 51,3 % and 0.513.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from protocol.quantities import Quantity
from protocol.words import without_accents
from verify.model.bureau_codes import Coded
from verify.model.contests import match
from verify.model.figures import MISSING, Bools, Ints
from verify.model.published import Flaw
from verify.read.cells import strip
from verify.read.layouts.rows import TableRows
from verify.read.published.checks import is_share_of, judge_share
from verify.read.rows import Problems
from verify.read.tables.headers import NOISE, is_share, without_share
from verify.read.tables.table import COUNTS, AuditorTable

_REGISTERED, _FOUND, _VALID, _VOTES = Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.VALID, Quantity.VOTES
_WORDS: dict[str, str] = {
    **dict.fromkeys(("ins", "inscr", "inscrit", "inscrits", "registered"), _REGISTERED),
    **dict.fromkeys(("vot", "votant", "votants", "participation", "turnout"), _FOUND),
    **dict.fromkeys(("exp", "expr", "exprime", "exprimes", "valid"), _VALID),
    **dict.fromkeys(("abs", "abst", "abstention", "abstentions"), Quantity.ABSTENTIONS),
    **dict.fromkeys(("bl", "blanc", "blancs", "blank"), Quantity.BLANK),
    **dict.fromkeys(("nul", "nuls", "null"), Quantity.NULL),
    **dict.fromkeys(("voix", "suffrages", "votes", "score"), _VOTES),
}
_TURNOUT = frozenset(("participation", "turnout"))
"""Words for the share of those who voted, beside whatever column they stand."""
_SMALL = NOISE.union(("en", "sur", "par", "rapport", "aux", "rate", "share", "bulletins"))
_BELOW = (_VALID, _FOUND, _REGISTERED)
"""Counts that others are shares of, the most probable first."""
_RANK: dict[str, int] = {_REGISTERED: 0, _FOUND: 1, Quantity.SIGNATURES: 1, Quantity.ABSTENTIONS: 1, _VOTES: 3}
"""A count is a share of those of a smaller rank; all others have 2."""
_OTHERS = 2
_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,30}))?\s*%?")
_SMALL_NUMBER = re.compile(r"[0-9](?:[.,][0-9]{1,18})?[eE]-(?:0?[1-9]|1[0-9])")
"""As programs write less than a ten thousandth: 8.787e-05."""
_DIGITS = 6
"""Decimals that are looked at; a spreadsheet's own numbers have 17, and zeros before them."""


def shares_off(table: AuditorTable, rows: TableRows) -> Iterator[Flaw]:
    """The percentages of a table that are not the ratio of its counts in some rows of it, each with its row."""
    if not any(is_share(cell) or _is_turnout(cell) for cell in table.header.cells):
        return
    rows = rows.with_problems(Problems(""))  # which are reported where the counts are read
    counted = [name for name in (*COUNTS, *([_VOTES] if table.long else [])) if table.has(name)]
    figures = {str(name): rows.counts(table.header.at[name]) for name in counted}
    if Quantity.SIGNATURES in figures:
        figures.setdefault(_FOUND, figures[Quantity.SIGNATURES])
    if {_REGISTERED, _FOUND} <= figures.keys():
        registered, found = figures[_REGISTERED], figures[_FOUND]
        known = (registered >= 0) & (found >= 0)
        figures.setdefault(Quantity.ABSTENTIONS, np.where(known, registered - found, MISSING))
    for at, before in _share_columns(table):
        ratios = list(_ratios(table, table.header.cells[at], before, figures))
        column = _Column.of(strip(rows.coded(at)))
        compared = [
            column.compared(one, figures[one] if isinstance(one, str) else rows.counts(one), figures[below])
            for one, below in ratios
        ]
        fits = [fit for fit in compared if fit.known.any()]
        if not fits:
            continue
        best = max(fits, key=lambda fit: int(fit.right.sum()))  # the first of those that fit as well
        if len(ratios) == 1 or int(best.right.sum()) * 2 >= int(best.known.sum()):
            yield from column.off(best, _named(table, at, best.of))


def _named(table: AuditorTable, at: int, of: str | int) -> str:
    """The header of a column of shares, with the choice that it is of where it does not name it."""
    header = table.header.shown(at)
    label = table.choices[of] if isinstance(of, int) else ""
    words = set(re.findall(r"\w+", without_accents(header)))
    return f"{label} {header}" if words.isdisjoint(re.findall(r"\w+", without_accents(label))) and label else header


def _share_columns(table: AuditorTable) -> Iterator[tuple[int, str | int]]:
    """The columns of shares, each with the count left of it, or the column of a choice."""
    meaning = {index: name for name, index in table.header.at.items()}
    before: str | int = ""
    for at, cell in enumerate(table.header.cells):
        if at in table.choices:
            before = at
        elif at in meaning:
            before = meaning[at]
        elif (is_share(cell) or _is_turnout(cell)) and not any(map(str.isdigit, cell)):
            yield at, before


def _is_turnout(cell: str) -> bool:
    return without_accents(cell).strip() in _TURNOUT


def _ratios(
    table: AuditorTable, cell: str, before: str | int, counted: Collection[str]
) -> Iterator[tuple[str | int, str]]:
    """The ratios that a header can mean: the count above, or the column of a choice, and the count below."""
    words = [word for word in re.findall(r"[^\W_]+", without_accents(without_share(cell))) if word not in _SMALL]
    meant = {_WORDS[word] for word in words if word in _WORDS}
    choice = None
    if not _WORDS.keys() >= set(words):
        columns = sorted(table.choices)
        [named] = match([re.split("[%(]", cell)[0]], [table.choices[at] for at in columns])
        if named is None:
            return
        choice = columns[named]
    wholes = {_REGISTERED} if not _TURNOUT.isdisjoint(words) else set(_BELOW)
    aboves: list[str | int] = [*counted, *([before] if isinstance(before, int) else [])]
    for above in aboves if choice is None else [choice]:
        kind = _VOTES if isinstance(above, int) else above
        for below in _BELOW:
            if below not in wholes & set(counted) or _RANK.get(kind, _OTHERS) <= _RANK.get(below, _OTHERS):
                continue
            said = {below} if choice is not None else {kind, below}
            beside = choice is not None or above == before or kind in meant or meant == {_REGISTERED}
            if meant <= said and beside:
                yield above, below


@dataclass(frozen=True, slots=True)
class _Fit:
    """Fit of a column to a ratio.

    Attributes:
        of: what is above: a count, or the column of a choice.
        above, below: both counts of each row; of percentages a hundred times what is above.
        known: where both are known, and there is a share.
        right: where that is the ratio.
    """

    of: str | int
    above: Ints
    below: Ints
    known: Bools
    right: Bools


@dataclass(frozen=True, slots=True)
class _Column:
    """The cells of a column of shares.

    Attributes:
        cells: as they are written.
        stated: in units of the last decimal, -1 for what is no share.
        digits: how many decimals are looked at.
        cut: 1 where there are more.
    """

    cells: Coded
    stated: Ints
    digits: Ints
    cut: Ints

    @classmethod
    def of(cls, cells: Coded) -> _Column:
        different = np.array(list(map(_units, cells.labels)), np.int64).reshape(-1, 3)
        return cls(cells, *different[cells.codes].T)

    def compared(self, of: str | int, above: Ints, below: Ints) -> _Fit:
        """Compare with a ratio, as percentages or as fractions."""
        there = np.array([cell != "" for cell in self.cells.labels], np.bool_)[self.cells.codes]
        known = there & (above >= 0) & (below >= 0)
        scaled = (100 * above, above)
        right = (known & is_share_of(self.stated, self.digits, each, below, self.cut) for each in scaled)
        both = (_Fit(of, each, below, known, fits) for each, fits in zip(scaled, right, strict=True))
        return max(both, key=lambda fit: int(fit.right.sum()))

    def off(self, fit: _Fit, header: str) -> Iterator[Flaw]:
        """The cells that are not the ratio."""
        for row in np.flatnonzero(fit.known & ~fit.right).tolist():
            share = int(self.stated[row]), int(self.digits[row])
            kind, due = judge_share(*share, int(fit.above[row]), int(fit.below[row]))
            yield Flaw("T307", row, header, self.cells.labels[self.cells.codes[row]][:40], due, kind)


def _units(cell: str) -> tuple[int, int, int]:
    """A share in units of its last decimal that is looked at, how many decimals these are, and whether some are cut."""
    if _SMALL_NUMBER.fullmatch(cell):
        cell = f"{Decimal(cell.replace(',', '.')):f}"
    found = _NUMBER.fullmatch(cell)
    if found is None:
        return -1, 2, 0
    decimals = found[2] or ""
    return int(found[1] + decimals[:_DIGITS]), min(len(decimals), _DIGITS), int(len(decimals) > _DIGITS)
