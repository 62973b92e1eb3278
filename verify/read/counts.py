"""Counts and clocks as people and spreadsheets write them, in a table of a night, an auditor, or published results."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from protocol.export.terms import MAX_COUNT as MAX_COUNT
from protocol.words import without_accents
from verify.model.figures import BLANK, UNREADABLE

_SPACES = re.compile(r"[ \t\u00a0\u2009\u202f]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:( |['’])[0-9]{3})(?:\1[0-9]{3})*")
_WITH_MORE = re.compile(
    r"([0-9 '’]+[0-9]|[0-9]) ?(?:\( ?[0-9]{1,3}(?:[.,][0-9]{1,9})? ?% ?\)|\([1-9*]\)|[*¹²³]+"
    r"|(?:voix|votes?|votants?|suffrages?|bulletins?|[ée]lecteurs?|inscrits?|blancs?|nuls?|voters?|ballots?|[ée]marg(?:[ée]s?|ements?)?)\b\W*)",
    re.IGNORECASE,
)
"""A count, and behind it its share, what it counts, or a note's call: « 702 (68,93 %) », « 328 voix », « 633 (1) »."""
_IN_WORDS = re.compile(r"([^()]*)\(([^()]*)\)")
"""A count in figures and in words: « 812 (huit cent douze) », « huit cent douze (812) »."""
_WORD = re.compile(r"[^\W\d_]+")
_UNITS = "et un deux troi quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_TENS = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100, "mille": 1000}
_NUMERALS = {word: number for number, word in enumerate(_UNITS.split())} | _TENS | {"zero": 0, "une": 1}
"""Words of French numbers, without the s at their end."""
_ARABIC = "\N{ARABIC DECIMAL SEPARATOR}\N{ARABIC THOUSANDS SEPARATOR}\N{ARABIC PERCENT SIGN}"
_SIGNS = str.maketrans(_ARABIC, ", %")
_OTHER_DIGITS = re.compile(rf"(?![0-9])\d|[{_ARABIC}]")
_WHOLE = re.compile(r"([0-9]+)[.,]0{1,2}")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_CUT_IN_TWO = re.compile(r"[0-9]+[eE]\+[0-9]{1,2}")
_MOST_DIGITS = 9
"""Digits of a count at most; a number with more is too large in any case."""
_CLOCK = re.compile(r"([0-9]{1,2})\s*(?:[:hH]\s*([0-9]{2})(?::[0-9]{2})?|[hH])")


def parse_count(cell: str) -> int:
    """Digits, with spaces of any kind between groups of three, ``805,0``, or ``8,05E+02``; else BLANK or UNREADABLE.

    A share in brackets behind them, ``805 (79,1 %)``, the name of what they count, or the call of a note is left out.
    With the number in words beside it, ``12 (douze)``, it is a count where both are the same.

    ``1.000`` is unreadable: it could be one or a thousand. So is ``1,23E+03``, which may be any of 1225 to 1234. So is
    what is more than `MAX_COUNT`: no count of voters, and sums of counts stay far below 2**63.
    """
    text = cell
    if not (cell.isascii() and cell.isdigit()):
        text = _SPACES.sub(" ", with_our_digits(cell)).strip()
        if not text:
            return BLANK
        if counted := _WITH_MORE.fullmatch(text):
            text = counted[1]
        elif both := _IN_WORDS.fullmatch(text):
            figure, words = sorted(both.groups())
            number = spelled_out(words)
            return number if number == parse_count(figure) else UNREADABLE
        if whole := _WHOLE.fullmatch(text):
            text = whole[1]
        elif _GROUPED.fullmatch(text):
            text = re.sub("[ '’]", "", text)
        elif scientific := _SCIENTIFIC.fullmatch(text):
            text = _all_digits(*scientific.groups("")) or text
        if not (text.isascii() and text.isdigit()):
            return UNREADABLE
    digits = text.lstrip("0")
    number = int(digits or "0") if len(digits) <= _MOST_DIGITS else MAX_COUNT + 1
    return number if number <= MAX_COUNT else UNREADABLE


def spelled_out(text: str) -> int:
    """The number that a text says in French words, ``mille deux cent quatre-vingts``; else UNREADABLE."""
    numbers = [_NUMERALS.get(word.removesuffix("s"), UNREADABLE) for word in _WORD.findall(without_accents(text))]
    if UNREADABLE in numbers or not numbers:
        return UNREADABLE
    thousands = found = 0
    for number in numbers:
        if number == 1000:
            thousands, found = max(found, 1) * number, 0
        elif number == 100:
            found = max(found, 1) * number
        else:
            found += 4 * 20 - 4 if number == 20 and found % 100 == 4 else number
    return thousands + found


def with_our_digits(cell: str) -> str:
    """A cell with the digits of any script as 0 to 9, and the Arabic signs between them as ours."""
    if cell.isascii() or not _OTHER_DIGITS.search(cell):
        return cell
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in cell).translate(_SIGNS)


def counts_in(cells: Iterable[str]) -> int:
    """Count the cells that hold a count."""
    return sum(parse_count(cell) >= 0 for cell in cells)


def parse_clock(cell: str) -> int:
    """Minutes since midnight of the polling day: ``19:00``, ``19h00``, ``8h``, ``24:15`` after midnight.

    BLANK or UNREADABLE where there is none.
    """
    plain = cell.strip()
    if not plain:
        return BLANK
    match = _CLOCK.fullmatch(plain)
    if match is None:
        return UNREADABLE
    hours, minutes = int(match[1]), int(match[2] or 0)
    return hours * 60 + minutes if hours < 48 and minutes < 60 else UNREADABLE


def is_scientific(cell: str) -> bool:
    """Test whether a cell is a figure in scientific notation, as a spreadsheet shows it in a narrow column."""
    return _SCIENTIFIC.fullmatch(cell.strip()) is not None


def _all_digits(first: str, decimals: str, exponent: str) -> str:
    """The whole number that a figure in scientific notation is; empty where its last digits are not shown."""
    places = int(exponent)
    return first + decimals[:places] if len(decimals) >= places and not decimals[places:].strip("0") else ""


def put_together(row: list[str], width: int) -> list[str]:
    """A row in which commas between cells also cut figures such as ``7,02E+02``: these as one cell each.

    The row as it is where it does not come to its width that way.
    """
    found: list[str] = []
    for cell in row:
        if found and len(found[-1]) == 1 and found[-1].isdigit() and _CUT_IN_TWO.fullmatch(cell):
            found[-1] += f",{cell}"
        else:
            found.append(cell)
    return found if len(found) == width else row
