"""The text for the printer of an urna: read with its counts and QR pictures, and written in the widths of the paper."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from protocol.bu.bounds import Undecodable
from protocol.bu.counts import PROPORTIONAL, OfficeCounts, largest
from protocol.bu.qr_symbol import read_picture, write_picture
from protocol.bu.qr_text import KEYS
from protocol.bu.writing import UrnaDay, line_signer
from protocol.words import msg

PICTURE = 0x0B
_PICTURE_HEAD = 9
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
"""Bytes that switch the printer's style."""
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
    elif label in LABELS or "sem candidato" in label.lower():
        counts.note(LABELS.get(label, "null"), votes, party)
    else:
        return False
    return True


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


WIDTH = 38
_SCALE = 4
_PART_SIZE = 1000
"""Characters of a QR text, about: it is cut at the blank that follows."""
_WIDE, _NORMAL = b"\x15", b"\x13"


def write_qr_texts(day: UrnaDay) -> list[str]:
    """The QR texts of a day, the last one signed with the day's key."""
    words = [*_head(day), *_body(day)]
    bodies: list[list[str]] = [[]]
    for word in words:
        if sum(map(len, bodies[-1])) + len(bodies[-1]) > _PART_SIZE:
            bodies.append([])
        bodies[-1].append(word)
    texts, before, digest = [], "", b""
    for number, body in enumerate(bodies, 1):
        hashed = f"{before}{' '.join(body)}"
        digest = hashlib.sha512(hashed.encode("latin-1")).digest()
        before = f"{hashed} HASH:{digest.hex().upper()} "
        start = f"QRBU:{number}:{len(bodies)} VRQR:1.5 VRCH:20220829"
        texts.append(f"{start} {' '.join(body)} HASH:{digest.hex().upper()}")
    texts[-1] += f" ASSI:{line_signer(day.key).sign(digest).hex().upper()}"
    return texts


def write_printed(day: UrnaDay) -> bytes:
    """The text for the printer, with the QR texts as pictures."""
    texts = write_qr_texts(day)
    lines = [*_print_head(day)]
    for office in day.offices:
        lines += _print_office(office)
    out = _WIDE + _NORMAL + "\n".join(lines).encode("latin-1") + b"\n"
    for number, text in enumerate(texts, 1):
        bitmap, width = write_picture(text)
        out += f"{f' {number} de {len(texts)} ':-^{WIDTH}}\n\n".encode("latin-1")
        out += bytes([PICTURE]) + len(bitmap).to_bytes(4, "little") + width.to_bytes(4, "little") + bytes([_SCALE])
        out += bitmap + b"\n\n"
    signature = texts[-1].rpartition("ASSI:")[2]
    end = [
        "ASSINATURA QR CODE:",
        *(signature[at : at + WIDTH] for at in range(0, len(signature), WIDTH)),
        "",
        "=" * WIDTH,
    ]
    end += ["", "   Código de identificação da carga", f"   {_by_threes(day.load_code)}", ""]
    return out + "\n".join(end).encode("latin-1") + b"\n\x12\x1b"


def _head(day: UrnaDay) -> Iterator[str]:
    section = day.section
    registered, turnout = largest(day.offices)
    yield "ORIG:VOTA ORLC:LEG"
    yield from (f"PROC:{section.vote} DTPL:{day.opened[:8]} PLEI:{section.vote} TURN:1".split())
    yield f"FASE:{'SOT'[section.phase - 1]}"
    yield f"UNFE:ZZ MUNI:{section.municipality} ZONA:{section.zone} SECA:{section.section}"
    yield f"IDUE:{day.machine} IDCA:{day.load_code} VERS:{day.software.split()[0]} LOCA:{day.place}"
    yield f"APTO:{registered} COMP:{turnout} FALT:{registered - turnout} HBMA:{day.by_hand}"
    yield f"DTAB:{day.opened[:8]} HRAB:{day.opened[9:]} DTFC:{day.closed[:8]} HRFC:{day.closed[9:]}"


def _body(day: UrnaDay) -> Iterator[str]:
    election, keys = None, {figure: key for key, figure in KEYS.items()}
    for office in day.offices:
        if office.election != election:
            election = office.election
            yield f"IDEL:{election}"
        yield f"CARG:{office.office}"
        yield f"TIPO:{int(office.office in PROPORTIONAL)}"
        yield "VERC:202209161234"
        for figure, number, votes in office.figures():
            if figure == "list" and number:
                yield f"PART:{number}"
            elif figure == "choice":
                yield f"{number}:{votes}"
            elif figure in keys:
                yield f"{keys[figure]}:{votes}"


def _print_head(day: UrnaDay) -> Iterator[str]:
    section = day.section
    registered, turnout = largest(day.offices)
    yield f"{'Boletim de Urna':^{WIDTH}}"
    yield ""
    for label, text in (
        ("Município", f"{section.municipality:05}"),
        ("Zona Eleitoral", f"{section.zone:04}"),
        ("Local de Votação", f"{day.place:04}"),
        ("Seção Eleitoral", f"{section.section:04}"),
        ("Eleitores aptos", f"{registered:04}"),
        ("Comparecimento", f"{turnout:04}"),
        ("Eleitores faltosos", f"{registered - turnout:04}"),
        ("Habilitados por ano nascimento", f"{day.by_hand:04}"),
        ("Código identificação UE", f"{day.machine:08}"),
        ("Data de abertura da UE", _date(day.opened)),
        ("Horário de abertura", _clock(day.opened)),
        ("Data de fechamento da UE", _date(day.closed)),
        ("Horário de fechamento", _clock(day.closed)),
    ):
        yield _line(label, text)
    yield f"      {_by_threes(day.load_code[-6:])}"


def _print_office(office: OfficeCounts) -> Iterator[str]:
    titles = {number: title for title, number in TITLES.items()}
    labels = {figure: label for label, figure in LABELS.items()}
    yield ""
    yield f"{titles.get(office.office, f'CONSULTA {office.office}'):-^{WIDTH}}"
    for figure, number, votes in office.figures():
        if figure == "list":
            if number:
                yield f"Partido: {number} - P{number}"
            yield "Nome do candidato       Num cand Votos"
        elif figure == "choice":
            yield f"  {f'CANDIDATO {number}':<23}{number:>7}  {votes:04}"
        elif figure == "sums":
            yield "-" * WIDTH
        else:
            indent = "    " if figure.startswith("party") else ""
            yield _line(f"{indent}{labels[figure]}", f"{votes:04}")


def _line(label: str, text: str) -> str:
    return f"{label}{text:>{WIDTH - len(label)}}"


def _by_threes(digits: str) -> str:
    return ".".join(digits[at : at + 3] for at in range(0, len(digits), 3))


def _date(time: str) -> str:
    return f"{time[6:8]}/{time[4:6]}/{time[:4]}"


def _clock(time: str) -> str:
    return f"{time[9:11]}:{time[11:13]}:{time[13:]}"
