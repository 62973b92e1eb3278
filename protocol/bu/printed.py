"""The text that the printer of an urna got: figures by their labels, counts by office, and the QR pictures in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from protocol.bu.bounds import Undecodable
from protocol.bu.counts import OfficeCounts
from protocol.bu.qr_picture import read_picture
from protocol.words import msg

PICTURE = 0x0B
_PICTURE_HEAD = 9
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
"""What switches the printer's style."""
_TITLE = re.compile(r"-{2,}\s*([^-\d\s].*?)\s*-{2,}")
_PARTY = re.compile(r"Partido: (\d{1,2}) - .*")
_FIGURE = re.compile(r"(\S.*?)\s{2,}(\S+)")
_SIGNATURE = "ASSINATURA QR CODE:"
_HEXADECIMAL = re.compile(r"[0-9A-F]{2,38}")
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


@dataclass(slots=True)
class PrintedBulletin:
    """What is on the paper.

    Attributes:
        figures: of the head, by their labels.
        offices: title and counts, in order; the election is not said.
        load_code: all digits of it; empty where they are not there.
        load_end: its last six digits; empty where they are not there.
        qr_texts: of the pictures that could be read.
        qr_damaged: number of pictures that could not be read.
        qr_signature: that is printed beside them, in hexadecimal digits.
    """

    figures: dict[str, str] = field(default_factory=dict)
    offices: list[tuple[str, OfficeCounts]] = field(default_factory=list)
    load_code: str = ""
    load_end: str = ""
    qr_texts: list[str] = field(default_factory=list)
    qr_damaged: int = 0
    qr_signature: str = ""

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
    lines = "".join(_texts(content, found)).split("\n")
    counts: OfficeCounts | None = None
    party = 0
    for raw in lines:
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
    if _SIGNATURE in (stripped := [_CONTROLS.sub("", line).strip() for line in lines]):
        for line in stripped[stripped.index(_SIGNATURE) + 1 :]:
            if not _HEXADECIMAL.fullmatch(line):
                break
            found.qr_signature += line
    if not found.offices:
        raise Undecodable(msg("a printed bulletin"), msg("other content"))
    return found


def _texts(content: bytes, found: PrintedBulletin) -> Iterator[str]:
    """The text between the pictures, which are read on the way."""
    at = 0
    while (picture := content.find(PICTURE, at)) >= 0:
        yield content[at:picture].decode("latin-1")
        head = content[picture + 1 : picture + 1 + _PICTURE_HEAD]
        length, width = int.from_bytes(head[:4], "little"), int.from_bytes(head[4:8], "little")
        at = picture + 1 + _PICTURE_HEAD + length
        if len(head) < _PICTURE_HEAD or at > len(content):
            raise Undecodable(msg("QR pictures that are whole"), msg("one that is longer than its text"))
        try:
            found.qr_texts.append(read_picture(content[at - length : at], width))
        except Undecodable:
            found.qr_damaged += 1
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
    elif label == "Votos de legenda":
        if votes:
            counts.party[party] = votes
    elif label == "Total do partido":
        counts.party_totals[party] = votes
    elif label == "Eleitores Aptos":
        counts.registered = votes
    elif label == "Total de votos Nominais":
        counts.sums["nominal"] = votes
    elif label == "Total de votos de Legenda":
        counts.sums["party"] = votes
    elif label == "Brancos":
        counts.blank = votes
    elif label == "Nulos" or "sem candidato" in label.lower():
        counts.null += votes
    elif label == "Total Apurado":
        counts.total = votes
    else:
        return False
    return True


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
