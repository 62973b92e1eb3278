"""The text for the printer of an urna: read with its counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from protocol.bu.bounds import Undecodable
from protocol.bu.counts import OfficeCounts
from protocol.words import msg

PICTURE = 0x0B
_PICTURE_HEAD = 9
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
"""Bytes that switch the printer's style."""
_TITLE = re.compile(r"-{2,}\s*([^-\d\s].*?)\s*-{2,}")
_PARTY = re.compile(r"Partido: (\d{1,2}) - .*")
_FIGURE = re.compile(r"(\S.*?)\s{2,}(\S+)")
_LOAD_CODE = re.compile(r"\d{3}(?:\.\d{3}){7}")
_LOAD_END = re.compile(r"\d{3}\.\d{3}")
_MOST_DIGITS = 8
TITLES = {
    "PRESIDENTE": 1,
    "GOVERNADOR": 3,
    "SENADOR": 5,
    "DEPUTADO FEDERAL": 6,
    "DEPUTADO ESTADUAL": 7,
    "DEPUTADO DISTRITAL": 8,
    "PREFEITO": 11,
    "VEREADOR": 13,
}
"""Numbers of offices by their titles; questions have others."""
LABELS = {
    "Votos de legenda": "party",
    "Total do partido": "party total",
    "Eleitores Aptos": "registered",
    "Total de votos Nominais": "nominal",
    "Total de votos de Legenda": "parties",
    "Brancos": "blank",
    "Nulos": "null",
    "Total Apurado": "total",
}
"""Figures of an office, by the labels before them."""


@dataclass(slots=True)
class PrintedBulletin:
    """Content of a printed bulletin.

    Attributes:
        figures: of the head, by their labels.
        offices: title and counts, in order; the election is not said.
        load_code: all digits of it; empty where they are not there.
        load_end: its last six digits; empty where they are not there.
    """

    figures: dict[str, str] = field(default_factory=dict)
    offices: list[tuple[str, OfficeCounts]] = field(default_factory=list)
    load_code: str = ""
    load_end: str = ""

    def number(self, label: str) -> int | None:
        """A figure of the head; None where it is not there or no number."""
        return _number(self.figures.get(label, ""))

    def time(self, day: str, hour: str) -> str:
        """Day and time of two labels, as ``20221002T080242``; empty where they are not there."""
        date, clock = self.figures.get(day, "").split("/"), self.figures.get(hour, "").replace(":", "")
        return f"{''.join(reversed(date))}T{clock}" if len(date) == 3 and clock else ""


def read_printed(content: bytes) -> PrintedBulletin:
    """Take a printed text apart.

    Raises:
        Undecodable: a picture is longer than the text that it stands in, or there is no office.
    """
    found = PrintedBulletin()
    counts: OfficeCounts | None = None
    party = 0
    for raw in "".join(_texts(content)).split("\n"):
        line = _CONTROLS.sub("", raw).strip()
        if title := _TITLE.fullmatch(line):
            counts, party = OfficeCounts(office=TITLES.get(title[1].upper(), 0)), 0
            found.offices.append((title[1], counts))
        elif match := _PARTY.fullmatch(line):
            party = int(match[1])
        elif counts is not None and _take(line, counts, party):
            continue
        elif match := _FIGURE.fullmatch(line):
            found.figures.setdefault(match[1], match[2])
        elif _LOAD_CODE.fullmatch(line):
            found.load_code = line.replace(".", "")
        elif _LOAD_END.fullmatch(line):
            found.load_end = line.replace(".", "")
    if not found.offices:
        raise Undecodable(msg("a printed bulletin"), msg("other content"))
    return found


def _texts(content: bytes) -> Iterator[str]:
    """The text between the pictures of QR codes, which are not read."""
    at = 0
    while (picture := content.find(PICTURE, at)) >= 0:
        yield content[at:picture].decode("latin-1")
        head = content[picture + 1 : picture + 1 + _PICTURE_HEAD]
        at = picture + 1 + _PICTURE_HEAD + int.from_bytes(head[:4], "little")
        if len(head) < _PICTURE_HEAD or at > len(content):
            raise Undecodable(msg("QR pictures that are whole"), msg("one that is longer than its text"))
    yield content[at:].decode("latin-1")


def _take(line: str, counts: OfficeCounts, party: int) -> bool:
    """A line of an office: a choice, a sum; False for any other."""
    words = line.rsplit(maxsplit=2)
    votes = _number(words[-1]) if words else None
    if votes is None:
        return False
    label = line[: -len(words[-1])].strip()
    if (number := _number(words[-2]) if len(words) > 1 else None) is not None:
        counts.nominal[number] = votes
        if party:
            counts.parties[number] = party
    elif label in LABELS or "sem candidato" in label.lower():
        counts.note(LABELS.get(label, "null"), votes, party)
    else:
        return False
    return True


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
