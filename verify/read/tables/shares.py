"""The percentages of an auditor's table: of which two counts each column is, and which of them are not that ratio.

A header says both counts (« % Vot/Ins »), one (« Participation », « % blancs »), or none (« % » right of the votes of a
choice). What it leaves open is what half of the rows fit at least, else nothing is said. A percentage is right if it
is the ratio rounded to the digits that it is written with, or its fraction: 51,3 % and 0.513.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

import numpy as np

from protocol.quantities import Quantity
from protocol.words import without_accents
from verify.model.contests import match
from verify.model.figures import MISSING, Bools, Ints
from verify.read.counts import parse_count
from verify.read.published.checks import TRUNCATED, UNREADABLE, WRONG
from verify.read.tables.headers import is_share
from verify.read.tables.table import AuditorTable

_REGISTERED, _FOUND, _VALID = Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.VALID
_WORDS: dict[str, str] = {
    **dict.fromkeys(("ins", "inscr", "inscrit", "inscrits", "registered"), _REGISTERED),
    **dict.fromkeys(("vot", "votant", "votants", "participation", "turnout"), _FOUND),
    **dict.fromkeys(("exp", "expr", "exprime", "exprimes", "valid"), _VALID),
    **dict.fromkeys(("abs", "abst", "abstention", "abstentions"), Quantity.ABSTENTIONS),
    **dict.fromkeys(("bl", "blanc", "blancs", "blank"), Quantity.BLANK),
    **dict.fromkeys(("nul", "nuls", "null"), Quantity.NULL),
    **dict.fromkeys(("voix", "suffrages", "votes", "score"), Quantity.VOTES),
}
_TURNOUT = frozenset(("participation", "turnout"))
"""Words for the share of those who voted, beside whatever column they stand."""
_SMALL = frozenset(
    (
        *("taux", "de", "des", "d", "du", "en", "sur", "la", "le", "les", "l", "par", "rapport", "aux", "pourcentage"),
        *(
            "pourcentages",
            "proportion",
            "proportions",
            "pct",
            "percent",
            "percentage",
            "part",
            "of",
            "the",
            "rate",
            "share",
            "bulletins",
        ),
    )
)
_OVER = re.compile(r"\s*/\s*|\bsur(?: les)?\b|\bpar rapport aux\b|\bdes (?=inscrits|votants|exprimes)")
_BELOW: dict[str, tuple[str, ...]] = {
    _FOUND: (_REGISTERED,),
    Quantity.SIGNATURES: (_REGISTERED,),
    Quantity.ABSTENTIONS: (_REGISTERED,),
    Quantity.BLANK: (_FOUND, _REGISTERED),
    Quantity.NULL: (_FOUND, _REGISTERED),
    _VALID: (_FOUND, _REGISTERED),
    Quantity.VOTES: (_VALID, _REGISTERED, _FOUND),
}
"""Most probable wholes of the share of each count, if a header does not name one."""
_SURE = frozenset((_FOUND, Quantity.ABSTENTIONS, Quantity.SIGNATURES))
"""Counts whose share is of one other in any table."""
_VOTERS = (Quantity.SIGNATURES, _FOUND)
_NUMBER = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,30}))?\s*%?")
_SMALL_NUMBER = re.compile(r"[0-9](?:[.,][0-9]{1,18})?[eE]-(?:0?[1-9]|1[0-9])")
"""As programs write less than a ten thousandth: 8.787e-05."""
_DIGITS = 6
"""Decimals that are looked at; a spreadsheet's own numbers have 17, and zeros before them."""


@dataclass(frozen=True, slots=True)
class ShareOff:
    """One percentage that is not its ratio.

    Attributes:
        row: index of the row.
        header: of its column.
        written: as it is written.
        due: the ratio with as many decimals; empty where the count below is zero.
        kind: as in `verify.read.published.checks`.
    """

    row: int
    header: str
    written: str
    due: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Share:
    """A column of shares: its index, the count or the column of votes above, and what can be below."""

    at: int
    above: str | int
    below: tuple[str, ...]
    sure: bool


def shares_off(
    table: AuditorTable, counts: Mapping[str, list[int]], votes: Mapping[int, list[int]]
) -> Iterator[ShareOff]:
    """The percentages of a table that are not the ratio of its counts.

    Args:
        table: the table.
        counts: of each row, by name.
        votes: of each row, by the index of the column of a choice.
    """
    if not any(is_share(cell) or _is_turnout(cell) for cell in table.header.cells):
        return
    figures = {name: np.array(values, np.int64) for name, values in counts.items()}
    if table.long and (cells := table.cells("votes")) is not None:
        figures[Quantity.VOTES] = np.array([parse_count(cell) for cell in cells], np.int64)
    if {_REGISTERED, _FOUND} <= figures.keys():
        registered, found = figures[_REGISTERED], figures[_FOUND]
        known = (registered >= 0) & (found >= 0)
        figures.setdefault(Quantity.ABSTENTIONS, np.where(known, registered - found, MISSING))
    for at, of_column in groupby(_shares(table, set(votes)), attrgetter("at")):
        share, *others = of_column
        column = _Column([row[at].strip() for row in table.rows])
        fits = []
        for each in (share, *others):
            above = figures.get(each.above) if isinstance(each.above, str) else np.array(votes[each.above], np.int64)
            if above is None and each.above == _FOUND:
                above = figures.get(Quantity.SIGNATURES)
            if above is not None:
                fits += [column.compared(above, figures[name]) for name in each.below if name in figures]
        fits = [each for each in fits if each.known.any()]
        if not fits:
            continue
        best = max(fits, key=lambda fit: int(fit.right.sum()))  # the first of those that fit as well
        if share.sure or int(best.right.sum()) * 2 >= int(best.known.sum()):
            yield from best.off(_named(table, share))


def _named(table: AuditorTable, share: _Share) -> str:
    """The header of a column of shares, with the choice that it is of where it does not name it."""
    header = table.header.shown(share.at)
    label = table.choices[share.above] if isinstance(share.above, int) else ""
    words = set(re.findall(r"\w+", without_accents(header)))
    return f"{label} {header}" if words.isdisjoint(re.findall(r"\w+", without_accents(label))) and label else header


def _shares(table: AuditorTable, choices: set[int]) -> Iterator[_Share]:
    """The columns of shares of which the count above is known."""
    cells = table.header.cells
    meaning = {index: name for name, index in table.header.at.items()}
    labels = [table.choices[at] for at in sorted(choices)]
    before: str | int | None = None
    for at, cell in enumerate(cells):
        if at in choices:
            before = at
        elif at in meaning:
            before = Quantity.VOTES if meaning[at] == Quantity.VOTES else meaning[at]
        elif (is_share(cell) or _is_turnout(cell)) and not any(map(str.isdigit, cell)):
            yield from _share(at, cell, before, sorted(choices), labels)


def _is_turnout(cell: str) -> bool:
    return without_accents(cell).strip() in _TURNOUT


def _share(at: int, cell: str, before: str | int | None, choices: list[int], labels: list[str]) -> Iterator[_Share]:
    """Read a share's two counts in its header, where it says enough."""
    plain = re.sub(r"[^\w/%]+", " ", without_accents(cell.strip()))
    over, *under = _OVER.split(plain.replace("%", " ").strip(), maxsplit=1)
    below = _meant(under[0]) if under else None
    above: str | int | None = _meant(over)
    supposed = False
    words = [word for word in re.findall(r"\w+", over) if word not in _SMALL]
    if above is None and words:
        [named] = match([" ".join(word for word in re.sub(r"[%(].*$|%", " ", cell).split())], labels)
        above = None if named is None else choices[named]
        if above is None:
            return
        below = below or _meant(plain.partition("%")[2])  # « ZOLA % inscrits »
    elif above is None or above in (Quantity.VOTES, _REGISTERED):  # « % », « % voix », « % inscrits »
        below, above = below or (above if above == _REGISTERED else None), before
        supposed = below == _REGISTERED and isinstance(before, str)
    elif below is None and _TURNOUT.isdisjoint(words) and above in _BELOW.get(_count(before), ()):
        # « % exprimés » beside a choice; « % Vot » beside the blank votes, or of those who voted
        if isinstance(before, str):
            yield _Share(at, above, _BELOW[above], sure=False)
        below, above = above, before
    if above is None:
        return
    name = _count(above)
    if below is not None:
        yield _Share(at, above, (below,), sure=not supposed)
        if supposed:  # « Émargements », « dont procurations », « % inscrits »
            yield from (_Share(at, other, (below,), sure=False) for other in _VOTERS if other != above)
    elif name in _BELOW:
        yield _Share(at, above, _BELOW[name], sure=name in _SURE)


def _count(above: str | int | None) -> str:
    """The count that a column is of, votes for that of a choice."""
    return Quantity.VOTES if isinstance(above, int) else above or ""


def _meant(text: str) -> str | None:
    """The count that words mean, none where they have others beside it."""
    words = [word for word in re.findall(r"\w+", text) if word not in _SMALL]
    meant = {_WORDS.get(word) for word in words}
    return meant.pop() if len(meant) == 1 else None


@dataclass(frozen=True, slots=True)
class _Fit:
    """Fit of a column to a ratio: where both are known, where it is right, and the two counts."""

    column: _Column
    above: Ints
    below: Ints
    known: Bools
    right: Bools
    scale: int

    def off(self, header: str) -> Iterator[ShareOff]:
        for row in np.flatnonzero(self.known & ~self.right).tolist():
            yield self.column.off(row, header, int(self.above[row]), int(self.below[row]), self.scale)


class _Column:
    """The cells of a column of shares: units of the last decimal, and how many decimals; -1 for what is no share."""

    def __init__(self, cells: list[str]) -> None:
        self._cells = cells
        different = {cell: _units(cell) for cell in set(cells)}
        self._stated = np.array([different[cell][0] for cell in cells], np.int64)
        self._digits = np.array([different[cell][1] for cell in cells], np.int64)
        self._is_there = np.array([cell != "" for cell in cells], np.bool_)
        self._cut = np.array([different[cell][2] for cell in cells], np.int64)

    def compared(self, above: Ints, below: Ints) -> _Fit:
        """Compare with a ratio, as percentages or as fractions."""
        known = self._is_there & (above >= 0) & (below >= 0)
        both = (self._scaled(above, below, known, scale) for scale in (100, 1))
        return max(both, key=lambda fit: int(fit.right.sum()))

    def _scaled(self, above: Ints, below: Ints, known: Bools, scale: int) -> _Fit:
        due = scale * above * 10**self._digits
        near = 2 * np.abs(self._stated * below - due) <= below * (1 + 2 * self._cut)
        right = (self._stated >= 0) & np.where(below == 0, self._stated == 0, near)
        return _Fit(self, above, below, known, np.asarray(known & right, np.bool_), scale)

    def off(self, row: int, header: str, above: int, below: int, scale: int) -> ShareOff:
        """Report a cell that does not fit."""
        stated, digits = int(self._stated[row]), int(self._digits[row])
        exact = scale * above * 10**digits
        kind = UNREADABLE if stated < 0 else TRUNCATED if below and stated == exact // below else WRONG
        due = "" if not below else _written((2 * exact + below) // (2 * below), digits)
        return ShareOff(row, header, self._cells[row][:40], due, kind)


def _units(cell: str) -> tuple[int, int, int]:
    """A share in units of its last decimal that is looked at, how many decimals these are, and whether some are cut."""
    if _SMALL_NUMBER.fullmatch(cell):
        cell = f"{Decimal(cell.replace(',', '.')):f}"
    found = _NUMBER.fullmatch(cell)
    if found is None:
        return -1, 2, 0
    decimals = found[2] or ""
    return int(found[1] + decimals[:_DIGITS]), min(len(decimals), _DIGITS), int(len(decimals) > _DIGITS)


def _written(units: int, digits: int) -> str:
    return f"{units // 10**digits},{units % 10**digits:0{digits}}" if digits else str(units)
