"""Codes of places as published, brought to one form: INSEE codes, départements, and ids that a spreadsheet spoilt."""

from __future__ import annotations

import datetime
import re

from protocol.words import Message, msg

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
_WHOLE_FLOAT = r"\d+[.,]0+"
_WHOLE_CONSTITUENCY = r"(?:\d{1,3}|2[AB]|Z[A-Z])(\d\d)"
_ROUNDED = r"(?i)\d([.,]\d+)?E\+\d+"
_DATE = r"(?:(\d{4})[/-](\d\d?)[/-](\d\d?)|(\d\d?)[/-](\d\d?)[/-](\d{4}))(?:[ T]00:00(?::00(?:\.0+)?)?)?"


def plain_code(text: str) -> str:
    """A code as a number without leading zeros (``08``, ``8.0`` and ``'08`` are ``8``), any other text as it stands."""
    text = text.strip().lstrip("'")
    if re.fullmatch(_WHOLE_FLOAT, text):
        text = re.split("[.,]", text)[0]
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


_COMMUNE_AHEAD = r"((?:\d\d|2[AB])\d{3})[_./ -](\w{1,8})"


def without_commune(code: str) -> tuple[str, str] | None:
    """The commune and the bureau of a code that says both, as ``31555_0012``; None where it does not."""
    found = re.fullmatch(_COMMUNE_AHEAD, code.strip(), re.ASCII)
    return None if found is None else (found[1], found[2])


_DAYS_END = 1914
"""From this year on a date is more than 5,000 days after 1900: no bureau has so many voters, or so high a number."""


def spoilt(text: str) -> tuple[Message, str] | None:
    """What a spreadsheet made of an id: what it says now, in words, and the id that it most likely was, or empty.

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
            return msg("{text}, which looks like a date", text=text), ""
        if not 1900 <= year < _DAYS_END:
            return msg("{text}, which looks like a date", text=text), ""
        serial += serial > 59  # spreadsheets count a 29 February 1900 that never was
        return msg("{text}, a {serial} that a spreadsheet turned into a date", text=text, serial=serial), str(serial)
    return None
