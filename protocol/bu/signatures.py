"""The signature file of a section (vscmr, vota.vsc): digests of all files that the urna wrote, signed twice.

One signature is by a key in the program, with a method that is not published; the other by the machine's chip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from protocol.bu.bounds import Undecodable, children, element
from protocol.bu.bulletin import UrnaBulletin
from protocol.bu.certificates import ChipCertificate, read_certificate
from protocol.bu.counts import UrnaSection, section_of_name
from protocol.bu.schema import SIGNED_FILES, FormatVersion, decode
from protocol.dumps.checks import Checklist
from protocol.words import Text, msg, nmsg, series

_ENUMERATED, _SEQUENCE = 0x0A, 0x30
SIGNATURE_FORMS = {
    "2022": (FormatVersion.V2022, "EntidadeAssinaturaResultado"),
    "2024": (FormatVersion.V2024, "EntidadeAssinaturaEcourna"),
    "2026": (FormatVersion.V2024, "EntidadeAssinatura2026"),
}
"""Version and root of the file in the form of a year."""
_YEARS = {_ENUMERATED: ("2022", "2024"), _SEQUENCE: ("2026",)}
"""By the tag of the first element: the forms that may be."""


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file that is listed: its name, size, SHA-512, and the signature over that."""

    name: str
    size: int
    digest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list of files and the signature over it.

    Attributes:
        files: that are listed.
        content: the encoded list.
        own: what is said of the list itself.
        certificate: of the chip; None with a key in the program.
    """

    files: tuple[SignedFile, ...]
    content: bytes
    own: SignedFile
    certificate: bytes | None


@dataclass(frozen=True, slots=True)
class SignatureFile:
    """A signature file: the list that the program signed, and the one that the chip signed."""

    model: int
    by_program: SignedList
    by_chip: SignedList
    deviations: tuple[Text, ...] = ()

    @property
    def section(self) -> UrnaSection | None:
        """The section of the first file that has one in its name."""
        named = (section_of_name(each.name) for each in self.by_chip.files)
        return next((each[0] for each in named if each is not None), None)


def read_signature_file(data: bytes) -> SignatureFile:
    """Decode a signature file.

    Raises:
        Undecodable: it is none.
    """
    first = children(data, element(data, 0, len(data)))[:1]
    tag = first[0][0] if first else 0
    error = Undecodable(msg("a signature file"), msg("other content"))
    for version, root in map(SIGNATURE_FORMS.__getitem__, _YEARS.get(tag, ())):
        try:
            decoded = decode(version, root, data)
            lists = [_list(version, decoded.value[key]) for key in ("assinaturaSW", "assinaturaHW")]
        except Undecodable as unlike:
            error = unlike
            continue
        value = decoded.value
        model = value["equipamento"]["modelo"] if "equipamento" in value else value.get("modeloUrna")
        deviations = (*decoded.deviations, *lists[0][1], *lists[1][1])
        return SignatureFile(value.get("modeloEquipamento", model), lists[0][0], lists[1][0], deviations)
    raise error


def _list(version: FormatVersion, value: dict[str, Any]) -> tuple[SignedList, tuple[Text, ...]]:
    content = bytes(value["conteudoAutoAssinado"])
    decoded = decode(version, SIGNED_FILES, content)
    files = tuple(_file(each["nomeArquivo"], each["assinatura"]) for each in decoded.value["arquivosAssinados"])
    own = _file("", value["autoAssinado"]["assinatura"])
    kind, origin = value.get("origem", ("certificadoDigital", value.get("certificadoDigital")))
    certificate = bytes(origin) if kind == "certificadoDigital" and origin is not None else None
    return SignedList(files, content, own, certificate), decoded.deviations


def _file(name: str, signature: dict[str, Any]) -> SignedFile:
    return SignedFile(name, signature["tamanho"], bytes(signature["hash"]), bytes(signature["assinatura"]))


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


def check_digests(checks: Checklist, signed: SignatureFile, find: FindFile) -> None:
    """Lengths and digests of the files that are listed and at hand, and of the list itself."""
    absent = []
    for each in signed.by_chip.files:
        data = find(each.name)
        if data is not None:
            _compare(checks, _LISTED, each, data, each.name)
        elif not each.name.lower().endswith(_KEY_ENDING):  # its digest is compared with the key in the bulletin
            named = section_of_name(each.name)
            absent.append(each.name if named is None else named[1])
    for block in (signed.by_program, signed.by_chip):
        _compare(checks, _OWN, block.own, block.content, checks.source)
    lists = [
        [(each.name, each.size, each.digest) for each in block.files] for block in (signed.by_program, signed.by_chip)
    ]
    checks.settle(lists[0] == lists[1], DIGEST, _ALIKE)
    if absent:
        text = nmsg(
            "{count:n} file named in the signature file is missing: {kinds}",
            "{count:n} files named in the signature file are missing: {kinds}",
            len(absent),
            kinds=series(absent),
        )
        checks.not_checked(DIGEST, text)


def _compare(checks: Checklist, text: Text, signed: SignedFile, data: bytes, name: str) -> None:
    digest = hashlib.sha512(data).digest()
    if (signed.size, signed.digest) == (len(data), digest):
        checks.holds(DIGEST, text)
    else:
        sides = _size_and_digest(signed.size, signed.digest), _size_and_digest(len(data), digest)
        checks.of(name, checks.unit).differ(DIGEST, text, sides, (checks.source, name))


def check_signer(checks: Checklist, signed: SignatureFile, bulletins: Sequence[UrnaBulletin], signatures: bool) -> None:
    """The signatures of the chip, its certificate, and what it says of the bulletins' machine and key.

    Args:
        checks: where the outcome goes.
        signed: the signature file.
        bulletins: of its section.
        signatures: whether to check the signatures, which takes longer than all the rest.
    """
    checks.not_checked(SIGNER, _PROGRAM)
    block = signed.by_chip
    if block.certificate is None:
        checks.not_checked(SIGNER, msg("signature of the machine's chip: without a certificate"))
        return
    try:
        certificate = read_certificate(block.certificate)
    except Undecodable as error:
        text = msg("certificate of the machine's chip")
        checks.fails(SIGNER, text, left=error.expected, right=error.got, left_source=msg("expected"))
        return
    if signatures:
        _check_chip(checks, block, certificate)
        _check_issuer(checks, certificate)
    else:
        checks.not_checked(SIGNER, _LEFT_OUT, len(block.files) + 2)
    for bulletin in bulletins:
        _check_machine(checks, certificate, bulletin)
        if bulletin.version is FormatVersion.V2022:
            _check_line_key(checks, block, bulletin)


def _check_chip(checks: Checklist, block: SignedList, certificate: ChipCertificate) -> None:
    signed = (*block.files, block.own)
    bad = [
        each.name or msg("the list itself") for each in signed if not certificate.verify(each.digest, each.signature)
    ]
    checks.holds(SIGNER, _CHIP, len(signed) - len(bad))
    if bad:
        checks.fails(SIGNER, _CHIP, place=series(bad), times=len(bad))


def _check_issuer(checks: Checklist, certificate: ChipCertificate) -> None:
    issued = certificate.issued()
    if issued is None:
        text = msg(
            "certificate of the machine's chip: the key of its issuer is not at hand ({name})", name=certificate.issuer
        )
        checks.not_checked(SIGNER, text)
    else:
        checks.settle(issued, SIGNER, _ISSUER)


def _check_machine(checks: Checklist, certificate: ChipCertificate, bulletin: UrnaBulletin) -> None:
    digits = "".join(each for each in certificate.owner if each in "0123456789")
    if digits and int(digits[-8:]) == bulletin.machine:
        checks.holds(SIGNER, _MACHINE)
    else:
        sides = certificate.owner, str(bulletin.machine)
        checks.differ(SIGNER, _MACHINE, sides, (msg("certificate"), msg("bulletin")))


def _check_line_key(checks: Checklist, block: SignedList, bulletin: UrnaBulletin) -> None:
    listed = [each for each in block.files if each.name.lower().endswith(_KEY_ENDING)]
    if not listed:
        text = msg("key of the bulletin's lines: the signature file does not list it")
        checks.not_checked(SIGNER, text)
        return
    key = len(bulletin.key), hashlib.sha512(bulletin.key).digest()
    checks.settle(key in [(each.size, each.digest) for each in listed], SIGNER, _LINE_KEY)


def _size_and_digest(size: int, digest: bytes) -> Text:
    return nmsg(
        "{count:n} byte, SHA-512 {digest}…", "{count:n} bytes, SHA-512 {digest}…", size, digest=digest.hex()[:16]
    )
