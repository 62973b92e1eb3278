"""The QR texts of a made-up day, as an urna writes them."""

import hashlib
from collections.abc import Iterator

from protocol.bu.counts import largest
from protocol.bu.qr_text import KEYS
from tests.protocol.bu.printing import figures_of
from tests.protocol.bu.writing import PROPORTIONAL, UrnaDay, line_signer

_PART_SIZE = 1000
"""Characters of a QR text, about: it is cut at the blank that follows."""


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
        for figure, number, votes in figures_of(office):
            if figure == "list" and number:
                yield f"PART:{number}"
            elif figure == "choice":
                yield f"{number}:{votes}"
            elif figure in keys:
                yield f"{keys[figure]}:{votes}"
