"""Codes of places as published, brought to one form: communes, départements, bureaux written among words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from protocol.words import Message, msg
from verify.model.bureau_codes import Coded, number_rows
from verify.model.figures import sum_groups
from verify.model.published import Level, Published
from verify.read.cells import merge_labels, relabel

OVERSEAS = {
    "ZA": "971",
    "ZB": "972",
    "ZC": "973",
    "ZD": "974",
    "ZM": "976",
    "ZN": "988",
    "ZP": "987",
    "ZS": "975",
    "ZW": "986",
    "ZZ": "99",
}
"""The ministry's letters for départements overseas and for voters abroad. ZX is two of them: see `insee_code`."""

# as texts: most runs never need them, and making them ready takes some milliseconds
_WHOLE_CONSTITUENCY = r"(?:\d{1,3}|2[AB]|Z[A-Z])(\d\d)"
_ROUNDED = r"(?i)\d([.,]\d+)?E\+\d+"
_DATE = r"(?:(\d{4})[/-](\d\d?)[/-](\d\d?)|(\d\d?)[/-](\d\d?)[/-](\d{4}))(?:[ T]00:00(?::00(?:\.0+)?)?)?"


def plain_code(text: str) -> str:
    """A code as a number without leading zeros (``08``, ``8.0`` and ``'08`` are ``8``), any other text as it stands."""
    text = without_fraction(text.strip().lstrip("'"))
    return text.lstrip("0") or "0" if text.isascii() and text.isdigit() else text


def constituency_code(text: str) -> str:
    """A circonscription or canton without its département: ``02``, ``2902`` and ``2.0`` are ``2``; names stay."""
    code = plain_code(text)
    if (found := re.fullmatch(_WHOLE_CONSTITUENCY, code.upper())) is not None:
        code = plain_code(found[1])
    return code


def department_code(text: str) -> str:
    """A département's code in one form: ``1`` is ``01``, ``ZA`` is ``971``, ``ZZ`` is ``99``; ZX stays ``ZX``."""
    code = plain_code(text).upper()
    if code.isdigit():
        return code.zfill(2)
    return OVERSEAS.get(code, code)


def insee_code(department: str, commune: str) -> str:
    """INSEE code of a commune by the ministry's two codes; empty where one of them is missing.

    The ministry numbers communes overseas with three digits of which the first repeats the département
    (ZA and 101 are 97101). ZX is Saint-Barthélemy (977) or Saint-Martin (978), by that first digit. Abroad, 99 and
    the ministry's own three digits. Since 2024 the commune's code is whole (``29011``, ``ZA101``).
    """
    if len(department) == 2 and len(commune) == 3 and (both := department + commune).isdigit() and both.isascii():
        return both  # as almost all are: 36,000 of them in a file
    commune = plain_code(commune).upper()
    if not commune or not department.strip():
        return ""
    if not commune.isdigit():  # whole, with letters: ZA101, 2A004
        letters, rest = commune[:2], commune[2:]
        if letters not in OVERSEAS and letters != "ZX":
            return commune
        department, commune = letters, rest
    elif len(commune) > 3:  # whole
        return commune.zfill(5)
    commune = commune.zfill(3)
    if department.strip().upper() == "ZX":
        return {"7": "977", "8": "978"}.get(commune[0], "97") + commune[1:]
    code = department_code(department)
    return code + (commune[1:] if len(code) == 3 else commune)


def insee_codes(department: Coded, commune: Coded, whole: bool) -> Coded:
    """The INSEE codes of communes, by the codes of their départements, or by their own where these are whole."""
    if whole:
        return relabel(commune, lambda code: insee_code(code[:2], code))
    code, first = number_rows([department, commune], len(commune))
    pairs = ([each.at(row) for each in (department, commune)] for row in first.tolist())
    return merge_labels([insee_code(*pair) for pair in pairs], code)


_COMMUNE_AHEAD = r"((?:\d\d|2[AB])\d{3})[_./ -](\w{1,8})"


_DAYS_END = 1914
"""From this year on a date is more than 5,000 days after 1900: no bureau has so many voters, or so high a number."""


def _date(text: str) -> Message:
    return msg("{text}, which looks like a date: make the column text, and write the code again", text=text)


def spoilt(text: str) -> tuple[Message, str] | None:
    """Describe what a spreadsheet made of an id, with the id that it most likely was, or empty.

    ``1900/01/12`` is a 12 that was shown as a date (day 12 counted from 1900); ``2,785500010019E+12`` an id of
    13 digits whose last ones are lost.
    """
    if re.fullmatch(_ROUNDED, text):
        return msg("{text}, an id that a spreadsheet rounded: its last digits are lost", text=text), ""
    if found := re.fullmatch(_DATE, text):
        year, month, day = (int(part) for part in (found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)))
        try:
            serial = (datetime.date(year, month, day) - datetime.date(1899, 12, 31)).days
        except ValueError:
            serial = 0
        if not serial or not 1900 <= year < _DAYS_END:
            return _date(text), ""
        serial += serial > 59  # spreadsheets count a 29 February 1900 that never was
        return msg("{text}, a {serial} that a spreadsheet turned into a date", text=text, serial=serial), str(serial)
    return None


_WITH_NAME = re.compile(
    r"([0-9](?:[0-9A-Za-z.]{0,6}[0-9A-Za-z])?)(?:\s*[-–—:(]\s*|\.(?=\s|\w{3})\s*|\s+(?!(?:bis|ter|quater|[a-z])\b))(?=[^\W\d_])",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    r"(?:bureau(?:\s+de\s+vote)?\s*(?:(?:n[°ºo]?\.?|num[ée]ro)\s*)?|b\.?v\.?\s*(?:(?:n[°ºo]\.?|num[ée]ro)\s*)?)(?=[0-9])",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(
    r".*\b(?:bureau(?:\s+de\s+vote)?|b\.?v\.?)\s*(?:(?:n[°ºo]\.?|num[ée]ro)\s*)?([0-9]{1,4}[a-z]?)\s*\)?\s*",
    re.IGNORECASE,
)
"""« École Jules-Ferry - Bureau n° 12 »."""
_NUMBERED = re.compile(r"(?:(?:bureau(?:\s+de\s+vote)?|b\.?v\.?)\s*)?n[°ºo]\.?\s*([0-9]{1,4}[a-z]?)\b.*", re.IGNORECASE)
"""« n° 7 – Collège Camille-Claudel »."""
_BESIDE_A_NAME = re.compile(r"[^\W\d_]\s*[-–—:(,]|[-–—:(,]\s*[^\W\d_]")
"""Between a number and the name of a place."""
_ONE_NUMBER = re.compile(r"[^\d]*([0-9]{1,4}[a-z]?)(?:er|e|[eè]me)?(?![\w])[^\d]*$", re.IGNORECASE)
"""« École Jules-Ferry (12) », « 1er bureau », « '0012 »: a code among words and signs, and no other number."""
_QUOTES = '«»“”" \xa0\u202f'
"""Marks around a code."""
_ORDINAL = re.compile(r"([0-9]{1,4})(er|e|[eè]me)", re.IGNORECASE)
_TWO_NUMBERS = re.compile(
    r"([0-9]{1,2})(?:\s*[-_./]\s*|\s*(?:er|e|[eè]me)?\s*arr(?:ondissement|dt)?\.?\W*(?:(?:bureau|bv)\W*(?:n[°o]\W*)?)?)([0-9]{1,2})",
    re.IGNORECASE,
)
_DIVIDED = re.compile(
    r"\s*(?:75056|69123|13055|751[0-9]{2}|6938[0-9]|132[0-9]{2})\b.*|\s*(?:paris|lyon|marseille)(?:\s+[0-9].*)?",
    re.IGNORECASE,
)
"""Cities of arrondissements, by their code and their name."""
_CITIES = {"751": "75056", "693": "69123", "132": "13055"}
_ARRONDISSEMENT = re.compile(r"(751|132|693)(0[1-9]|1[0-9]|20|8[1-9])")
_RUN_TOGETHER = 8
"""Letters of a code with its commune's ahead, at least."""
_ALONE = 2
"""Digits of a bureau's number within its arrondissement."""
_FEW = 2
"""Bureaux of which another row may be the sum by chance."""
_WHOLE = re.compile(r"([0-9]+)[.,]0+")


def without_fraction(code: str) -> str:
    """A code that became a number with decimals, as it was: ``12.0`` is ``12``."""
    whole = _WHOLE.fullmatch(code)
    return whole[1] if whole else code


def in_arrondissement(number: int, code: str) -> str:
    """The ministry's number of a bureau that is numbered within its arrondissement: the fifth of the first is 0105."""
    return f"{number:02}{int(code):02}"


def with_bare_codes(found: Published) -> Published:
    """Published results with the codes of their bureaux alone, where all are written with something more."""
    if found.level is not Level.BUREAU or not len(found.bureau):
        return found
    bureau = np.asarray(found.bureau)
    if np.strings.isalnum(bureau).any() and (np.strings.str_len(bureau) < _RUN_TOGETHER).any():
        return found  # one of them is a code alone
    codes: list[str] = bureau.tolist()
    insee: list[str] = np.asarray(found.insee).tolist()
    if all(map(str.isalnum, codes)) and not _are_run_together(codes, insee):
        return found
    bare = bare_codes(
        list(map(without_fraction, codes)), list(zip(insee, np.asarray(found.commune).tolist(), strict=True))
    )
    if all(bare) and (both := communes_ahead(bare, insee)) is not None:
        insee, bare = map(list, zip(*both, strict=True))
    if bare == codes:
        return found
    return replace(found, insee=np.array(insee, np.str_), bureau=np.array(bare, np.str_))


def _in_arrondissements(cells: Sequence[str], towns: Sequence[tuple[str, str]]) -> list[str] | None:
    """Codes of Paris, Lyon or Marseille most of which are two numbers, as the ministry writes them: « 1-5 » is 0105."""
    filled = [(cell, town) for cell, town in zip(cells, towns, strict=True) if cell]
    found = {cell: match for cell, _ in filled if (match := _TWO_NUMBERS.fullmatch(cell))}
    most = 2 * sum(cell in found for cell, _ in filled) >= len(filled) > 0
    if not most or not all(_DIVIDED.fullmatch(" ".join(town)) for _, town in filled):
        return None
    return [in_arrondissement(int(found[cell][1]), found[cell][2]) if cell in found else cell for cell in cells]


def has_sums(found: Published) -> bool:
    """Test whether a row of bureaux has no code, or a sign for it, or the sums of all others of its commune."""
    if found.level is not Level.BUREAU or not len(found.bureau):
        return False
    bureau, insee = np.asarray(found.bureau), np.asarray(found.insee)
    odd = bureau[~np.strings.isalnum(bureau)].tolist()
    if any(not any(map(str.isalnum, code)) for code in odd):
        return True
    of = np.concatenate([[0], np.cumsum(insee[1:] != insee[:-1])])  # the rows of a commune stand together
    rows = np.bincount(of)
    known = rows[of] > _FEW
    for name in ("registered", "votes_found", "valid"):
        counts = np.maximum(found.counts[name], 0)
        known &= (counts > 0) & (2 * counts == sum_groups(counts, of, len(rows))[of])
    return bool(known.any())


def communes_ahead(codes: Sequence[str], insee: Sequence[str]) -> list[tuple[str, str]] | None:
    """The commune and the bureau of codes that all say both: ``31555_0012``, or ``315550012`` beside 31555.

    None where one does not, or says another commune than the one beside it; an empty code says neither.
    """
    together = _are_run_together(codes, insee)
    found: list[tuple[str, str]] = []
    for code, of in zip(codes, insee, strict=True):
        both = (code[:5], code[5:]) if together or not code else _of_city(code)
        if both is None or (code and _city_of(of) not in ("", both[0])):
            return None
        found.append(both)
    return found if any(codes) else None


def _of_city(code: str) -> tuple[str, str] | None:
    """The commune and the bureau of a code that says both, the city's where it is that of an arrondissement."""
    found = re.fullmatch(_COMMUNE_AHEAD, code.strip(), re.ASCII)
    if found is None or (part := _ARRONDISSEMENT.fullmatch(found[1])) is None:
        return None if found is None else (found[1], found[2])
    number = int(part[2]) - (80 if part[1] == "693" else 0)
    whole = found[2] if len(found[2]) > _ALONE or not found[2].isdecimal() else in_arrondissement(number, found[2])
    return _CITIES[part[1]], whole


def _city_of(insee: str) -> str:
    """The commune of a code, the city's for that of an arrondissement."""
    part = _ARRONDISSEMENT.fullmatch(insee)
    return insee if part is None else _CITIES[part[1]]


def _are_run_together(codes: Sequence[str], insee: Sequence[str]) -> bool:
    """Test whether all codes are their commune's with that of the bureau behind it: ``060790001`` in 06079."""
    filled = (pair for pair in zip(codes, insee, strict=True) if pair[0])
    return any(codes) and all(len(of) == 5 and len(code) in (8, 9) and code.startswith(of) for code, of in filled)


def _where_numbered(cells: list[str], towns: Sequence[tuple[str, str]]) -> list[str]:
    """The number in place of each cell that says it is one, among others that are the name of a place alone."""
    named = (_BESIDE_A_NAME.search(cell) is not None for cell in cells)
    found = [
        of and (_AT_THE_END.fullmatch(cell) or _NUMBERED.fullmatch(cell)) for cell, of in zip(cells, named, strict=True)
    ]
    bare = [match[1] if match else cell for cell, match in zip(cells, found, strict=True)]
    others = {cell for cell, match in zip(cells, found, strict=True) if cell and not match}
    return (
        bare
        if _stay_apart(towns, cells, bare) and all(cell.isalnum() or not cell[0].isdigit() for cell in others)
        else cells
    )


def _stay_apart(towns: Sequence[tuple[str, str]], cells: list[str], bare: list[str]) -> bool:
    """Test whether no two bureaux of a town become one."""
    return len(set(zip(towns, bare, strict=True))) == len(set(zip(towns, cells, strict=True)))


def bare_codes(cells: list[str], towns: Sequence[tuple[str, str]]) -> list[str]:
    """Codes without the name behind them and the word before, where every cell is written so.

    Not where two bureaux of a commune would become one.
    """

    def without(pattern: re.Pattern[str], cut: Callable[[str, re.Match[str]], str]) -> list[str] | None:
        matches = [pattern.match(cell) for cell in cells]
        filled = [match for cell, match in zip(cells, matches, strict=True) if cell]
        if not filled or not all(filled):
            return None
        bare = [cut(cell, match) if match else cell for cell, match in zip(cells, matches, strict=True)]
        return bare if _stay_apart(towns, cells, bare) else None

    plain = [cell.strip(_QUOTES) for cell in cells]
    cells = plain if _stay_apart(towns, cells, plain) else cells
    if numbered := _in_arrondissements(cells, towns):
        return numbered
    cells = without(_IN_WORDS, lambda cell, match: cell[match.end() :]) or cells
    if ended := without(_AT_THE_END, lambda cell, match: match[1] if match.end() == len(cell) else cell):
        return ended
    if named := without(_WITH_NAME, lambda cell, match: match[1]):
        ordinals = list(map(_ORDINAL.fullmatch, filter(None, named)))
        of_bureaux = all("bureau" in cell.casefold() for cell in filter(None, cells))  # « 2e » may be its letter
        if all(ordinals) and (of_bureaux or any(match and match[2].lower() == "er" for match in ordinals)):
            return [_ORDINAL.sub(r"\1", code) for code in named]
        return named
    several = len(set(cells) - {""}) > 1 and not any(map(str.isalnum, cells))
    if several and (alone := without(_ONE_NUMBER, lambda cell, match: match[1])):
        return alone
    return _where_numbered(cells, towns)
