"""Printed text and QR texts against the bulletin of their section, figure by figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from protocol.bu.agreement import OtherCopy, compare, compare_values
from protocol.bu.bulletin import UrnaBulletin
from protocol.bu.counts import largest
from protocol.bu.printed import PrintedBulletin
from protocol.bu.qr_text import QrBulletin
from protocol.bu.schema import FormatVersion
from protocol.dumps.checks import Checklist
from protocol.words import msg, series

PRINTED, QR, QR_HASH = "D105", "D106", "D108"
_PUBLIC_TEST_KEY = bytes.fromhex("cf3af898467a5b7a52d33d53bc037e2642a8da996903fc252217e9c033e2f291")
"""One of the published test keys of Ed25519, which some programs carry as if it were the electoral court's."""
_PRINTED_TEXT = msg("every figure of the bulletin against the printed text")
_QR_TEXT = msg("every figure of the bulletin against the QR texts")
_HASHES = msg("hash at the end of each QR text, over it and those before it")
_REGISTERED, _TURNOUT, _ABSENT = msg("registered voters"), msg("turnout"), msg("absent")
_BY_HAND, _MACHINE, _LOAD_CODE = msg("identified by an official"), msg("machine"), msg("load code")
_OPENED, _CLOSED = msg("opening"), msg("closing")
_SECTION, _PLACE, _PROGRAM = msg("section"), msg("polling place"), msg("program")


def compare_printed(checks: Checklist, bulletin: UrnaBulletin, printed: PrintedBulletin) -> None:
    """The printed text against a bulletin: the head, and every office in its order."""
    section = bulletin.section
    copy = OtherCopy(PRINTED, msg("printed text"), _PRINTED_TEXT)
    registered, turnout = largest(bulletin.offices)
    place = [printed.number(label) for label in ("Município", "Zona Eleitoral", "Seção Eleitoral")]
    pairs = [
        (_REGISTERED, registered, printed.number("Eleitores aptos")),
        (_TURNOUT, turnout, printed.number("Comparecimento")),
        (_ABSENT, registered - turnout, printed.number("Eleitores faltosos")),
        (_PLACE, bulletin.place, printed.number("Local de Votação")),
        (_MACHINE, bulletin.machine, printed.number("Código identificação UE")),
        (_OPENED, bulletin.opened, printed.time("Data de abertura da UE", "Horário de abertura")),
        (_CLOSED, bulletin.closed, printed.time("Data de fechamento da UE", "Horário de fechamento")),
        (_LOAD_CODE, bulletin.load_code, printed.load_code),
        (_LOAD_CODE, bulletin.load_code[-6:], printed.load_end),
        (_SECTION, [section.municipality, section.zone, section.section], None if None in place else place),
    ]
    if bulletin.version is FormatVersion.V2022:
        pairs.append((_BY_HAND, bulletin.by_hand, printed.number("Habilitados por ano nascimento")))
    compare_values(checks, pairs, copy)
    ours, theirs = bulletin.offices, printed.offices
    titled = all(theirs[at][1].office in (0, office.office) for at, office in enumerate(ours[: len(theirs)]))
    if len(ours) != len(theirs) or not titled:
        sides = str(len(ours)), series(title for title, _ in theirs)
        text = msg("offices of the bulletin against those of the printed text")
        checks.differ(PRINTED, text, sides, (msg("bulletin"), msg("printed text")))
        return
    named = [
        replace(counts, election=office.election, office=office.office)
        for office, (_, counts) in zip(ours, theirs, strict=True)
    ]
    compare(checks, ours, named, copy)


def compare_qr(checks: Checklist, bulletin: UrnaBulletin, qr: QrBulletin) -> None:
    """Compare the QR texts with a bulletin; incomplete texts have no counts."""
    if qr.missing:
        return
    copy = OtherCopy(QR, msg("QR texts"), _QR_TEXT)
    registered, turnout = largest(bulletin.offices)
    pairs = [
        (_REGISTERED, registered, qr.registered),
        (_TURNOUT, turnout, qr.turnout),
        (_BY_HAND, bulletin.by_hand, qr.by_hand),
        (_PLACE, bulletin.place, qr.place),
        (_PROGRAM, bulletin.software.split(" ")[0], qr.program),
        (_OPENED, bulletin.opened, qr.opened),
        (_CLOSED, bulletin.closed, qr.closed),
        (_MACHINE, bulletin.machine, qr.machine),
        (_LOAD_CODE, bulletin.load_code, qr.load_code),
    ]
    compare_values(checks, pairs, copy)
    compare(checks, bulletin.offices, qr.offices, copy)


def check_qr(checks: Checklist, qr: QrBulletin) -> None:
    """The hashes of QR texts, and what their signature says of who signed."""
    if qr.missing:
        text = msg(
            "QR texts: part {numbers} is missing, so hashes and votes are not checked", numbers=_numbers(qr.missing)
        )
        checks.not_checked(QR_HASH, text)
        return
    checks.holds(QR_HASH, _HASHES, sum(qr.hashes))
    bad = [number for number, good in enumerate(qr.hashes, 1) if not good]
    if bad:
        place = msg("part {numbers}", numbers=_numbers(bad))
        checks.fails(QR_HASH, _HASHES, place=place, times=len(bad))
    if _is_signed_with_test_key(qr):
        text = msg("the QR texts are signed with a published test key that everybody has: who signed is not known")
        checks.fails("D117", text)
    else:
        text = msg("signature of the QR texts: the key is not at hand")
        checks.not_checked("D103", text)


def _is_signed_with_test_key(qr: QrBulletin) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(_PUBLIC_TEST_KEY).verify(qr.signature, qr.last_hash)
    except InvalidSignature:
        return False
    return True


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
