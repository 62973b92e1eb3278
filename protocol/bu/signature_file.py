"""The signature file of a section (vscmr, vota.vsc): digests of all files that the urna wrote, signed twice.

One signature is by a key in the program, with a method that is not published; the other by the machine's chip.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from protocol.bu.bounds import Undecodable, children, element
from protocol.bu.file_names import UrnaSection, section_of_name
from protocol.bu.schema import SIGNED_FILES, FormatVersion, decode
from protocol.words import Text, msg

_ENUMERATED, _SEQUENCE = 0x0A, 0x30
_ROOTS = (
    (_ENUMERATED, FormatVersion.V2022, "EntidadeAssinaturaResultado"),
    (_ENUMERATED, FormatVersion.V2024, "EntidadeAssinaturaEcourna"),
    (_SEQUENCE, FormatVersion.V2024, "EntidadeAssinatura2026"),
)
"""By the tag of the first element: the versions that may be."""


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
    for start, version, root in _ROOTS:
        if start != tag:
            continue
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
