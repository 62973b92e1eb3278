"""A signature file against the files that it lists, and who signed it: integrity and authenticity, told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from protocol.bu.bounds import Undecodable
from protocol.bu.bulletin import UrnaBulletin
from protocol.bu.certificates import ChipCertificate, read_certificate
from protocol.bu.checklist import AUTHENTICITY, INTEGRITY, Checklist
from protocol.bu.file_names import section_of_name
from protocol.bu.schema import FormatVersion
from protocol.bu.signature_file import SignatureFile, SignedFile, SignedList
from protocol.words import Text, msg, nmsg, series

DIGEST, SIGNER = "D101", "D103"
_LISTED = msg("length and SHA-512 of each file at hand against the signature file")
_OWN = msg("length and SHA-512 of the list of files in the signature file")
_ALIKE = msg("the list of files that the program signed against the one that the chip signed")
_CHIP = msg("signatures of the machine's security chip, over each listed file and over the list")
_LEFT_OUT = msg("signatures of the machine's security chip and of its certificate: left out, as asked")
_PROGRAM = msg("signature of the machine's program: its method is not published")
_ISSUER = msg("certificate of the machine's chip, with the key of its issuer that the electoral court published")
_MACHINE = msg("machine in the chip's certificate against the machine in the bulletin")
_LINE_KEY = msg("key of the bulletin's lines against the digest of it that the chip signed")
_KEY_ENDING = ".chvtp"

FindFile = Callable[[str], bytes | None]
"""The bytes of a file of that name; None where it is not at hand."""


def check_digests(checks: Checklist, signed: SignatureFile, find: FindFile, source: str, unit: str) -> None:
    """Lengths and digests of the files that are listed and at hand, and of the list itself."""
    absent = []
    for each in signed.by_chip.files:
        data = find(each.name)
        if data is not None:
            _compare(checks, _LISTED, each, data, (each.name, source), unit)
        elif not each.name.lower().endswith(_KEY_ENDING):  # its digest is compared with the key in the bulletin
            named = section_of_name(each.name)
            absent.append(each.name if named is None else named[1])
    for block in (signed.by_program, signed.by_chip):
        _compare(checks, _OWN, block.own, block.content, (source, source), unit)
    lists = [
        [(each.name, each.size, each.digest) for each in block.files] for block in (signed.by_program, signed.by_chip)
    ]
    if lists[0] == lists[1]:
        checks.holds(DIGEST, INTEGRITY, _ALIKE, source, unit)
    else:
        checks.fails(DIGEST, INTEGRITY, _ALIKE, source, unit)
    text = msg("files that the signature file lists and that are not at hand: {kinds}", kinds=series(absent))
    checks.not_checked(DIGEST, INTEGRITY, text, source, unit, len(absent))


def _compare(checks: Checklist, text: Text, signed: SignedFile, data: bytes, names: tuple[str, str], unit: str) -> None:
    digest = hashlib.sha512(data).digest()
    if (signed.size, signed.digest) == (len(data), digest):
        checks.holds(DIGEST, INTEGRITY, text, names[1], unit)
        return
    checks.fails(
        DIGEST,
        INTEGRITY,
        text,
        names[0],
        unit,
        left=_size_and_digest(signed.size, signed.digest),
        right=_size_and_digest(len(data), digest),
        left_source=names[1],
        right_source=names[0],
    )


def check_signer(
    checks: Checklist,
    signed: SignatureFile,
    bulletins: Sequence[UrnaBulletin],
    source: str,
    unit: str,
    signatures: bool,
) -> None:
    """The signatures of the chip, its certificate, and what it says of the bulletins' machine and key.

    Args:
        checks: where the outcome goes.
        signed: the signature file.
        bulletins: of its section.
        source: its name.
        unit: of the section.
        signatures: whether to check the signatures, which takes longer than all the rest.
    """
    checks.not_checked(SIGNER, AUTHENTICITY, _PROGRAM, source, unit)
    block = signed.by_chip
    if block.certificate is None:
        checks.not_checked(
            SIGNER, AUTHENTICITY, msg("signature of the machine's chip: without a certificate"), source, unit
        )
        return
    try:
        certificate = read_certificate(block.certificate)
    except Undecodable as error:
        text = msg("certificate of the machine's chip")
        checks.fails(
            SIGNER, AUTHENTICITY, text, source, unit, left=error.expected, right=error.got, left_source=msg("expected")
        )
        return
    if signatures:
        _check_chip(checks, block, certificate, source, unit)
        _check_issuer(checks, certificate, source, unit)
    else:
        checks.not_checked(SIGNER, AUTHENTICITY, _LEFT_OUT, source, unit, len(block.files) + 2)
    for bulletin in bulletins:
        _check_machine(checks, certificate, bulletin, source, unit)
        if bulletin.version is FormatVersion.V2022:
            _check_line_key(checks, block, bulletin, source, unit)


def _check_chip(checks: Checklist, block: SignedList, certificate: ChipCertificate, source: str, unit: str) -> None:
    signed = (*block.files, block.own)
    bad = [
        each.name or msg("the list itself") for each in signed if not certificate.verify(each.digest, each.signature)
    ]
    checks.holds(SIGNER, AUTHENTICITY, _CHIP, source, unit, len(signed) - len(bad))
    if bad:
        checks.fails(SIGNER, AUTHENTICITY, _CHIP, source, unit, place=series(bad), times=len(bad))


def _check_issuer(checks: Checklist, certificate: ChipCertificate, source: str, unit: str) -> None:
    issued = certificate.issued()
    if issued is None:
        text = msg(
            "certificate of the machine's chip: the key of its issuer is not at hand ({name})", name=certificate.issuer
        )
        checks.not_checked(SIGNER, AUTHENTICITY, text, source, unit)
    elif issued:
        checks.holds(SIGNER, AUTHENTICITY, _ISSUER, source, unit)
    else:
        checks.fails(SIGNER, AUTHENTICITY, _ISSUER, source, unit)


def _check_machine(
    checks: Checklist, certificate: ChipCertificate, bulletin: UrnaBulletin, source: str, unit: str
) -> None:
    digits = "".join(each for each in certificate.owner if each in "0123456789")
    if digits and int(digits[-8:]) == bulletin.machine:
        checks.holds(SIGNER, AUTHENTICITY, _MACHINE, source, unit)
        return
    checks.fails(
        SIGNER,
        AUTHENTICITY,
        _MACHINE,
        source,
        unit,
        left=certificate.owner,
        right=str(bulletin.machine),
        left_source=msg("certificate"),
        right_source=msg("bulletin"),
    )


def _check_line_key(checks: Checklist, block: SignedList, bulletin: UrnaBulletin, source: str, unit: str) -> None:
    listed = [each for each in block.files if each.name.lower().endswith(_KEY_ENDING)]
    if not listed:
        text = msg("key of the bulletin's lines: the signature file does not list it")
        checks.not_checked(SIGNER, AUTHENTICITY, text, source, unit)
    elif any((each.size, each.digest) == (len(bulletin.key), hashlib.sha512(bulletin.key).digest()) for each in listed):
        checks.holds(SIGNER, AUTHENTICITY, _LINE_KEY, source, unit)
    else:
        checks.fails(SIGNER, AUTHENTICITY, _LINE_KEY, source, unit)


def _size_and_digest(size: int, digest: bytes) -> Text:
    return nmsg(
        "{count:n} byte, SHA-512 {digest}…", "{count:n} bytes, SHA-512 {digest}…", size, digest=digest.hex()[:16]
    )
