"""Decode an urna's files by their ASN.1 modules, one file a version, with asn1tools.

asn1tools accepts elements in any order and ignores unknown ones. So each decoded value is encoded again, and must give
the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from protocol.bu.bounds import Element, Undecodable, check_bounds, children, element
from protocol.extras import lacks
from protocol.words import Text, msg

BULLETIN = "EntidadeBoletimUrna"
ENVELOPE = "EntidadeEnvelopeGenerico"
VOTES = "EntidadeResultadoRDV"
SIGNED_FILES = "Assinatura"
_STRING, _SEQUENCE = 0x1B, 0x30


class FormatVersion(Enum):
    """Versions of the format, by the first election that used them."""

    V2022 = "2022"
    V2024 = "2024"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded value.

    Attributes:
        value: from asn1tools, with enumerations as numbers.
        deviations: departures of the bytes from the format that did not prevent decoding.
    """

    value: Any
    deviations: tuple[Text, ...] = ()


def lacks_libraries() -> bool:
    """Check whether a library that these files need is missing."""
    return lacks("machines", "asn1tools", "cryptography")


@cache
def modules(version: FormatVersion) -> Any:
    """Compile the modules of a version, once, in half a second."""
    import asn1tools

    text = files(__package__).joinpath(f"format_{version.value}.asn").read_text(encoding="utf-8")
    return asn1tools.compile_string(text, "ber", numeric_enums=True)


def decode(version: FormatVersion, name: str, data: bytes) -> Decoded:
    """Decode one value, after a check of its sizes.

    Raises:
        Undecodable: it is not of this type. The error quotes no content and no place, as these may be ballots.
    """
    check_bounds(data)
    compiled = modules(version)
    deviations: list[Text] = []
    try:
        value = compiled.decode(name, data)
        again = compiled.encode(name, value)
    except Exception:  # its message would quote the bytes
        raise _unlike(name) from None
    if again != data:
        deviations.append(msg("it has bytes that the format has no place for"))
    try:
        compiled.types[name].check_constraints(value)
    except Exception:  # as above
        deviations.append(msg("it has values outside the bounds of the format"))
    return Decoded(value, tuple(deviations))


def encode(version: FormatVersion, name: str, value: Any) -> bytes:
    """Encode one value.

    Raises:
        ValueError: it is not of this type.
    """
    compiled = modules(version)
    try:
        return bytes(compiled.encode(name, value, check_constraints=True))
    except Exception as error:
        raise ValueError(f"not a {name}: {error}") from error


def version_of(data: bytes, place: int) -> FormatVersion:
    """Read the format version of a bulletin, envelope or votes from the machine's description near its start.

    The third element of ``Carga`` is a time in 2022, and since then the computer that made the load card.

    Raises:
        Undecodable: there is no such description.
    """
    try:
        urna = children(data, element(data, 0, len(data)))[place]
        load = children(data, children(data, urna)[2])[1]
        tag = children(data, load)[2][0]
    except IndexError:
        raise _unlike(BULLETIN) from None
    if tag == _SEQUENCE:
        return FormatVersion.V2024
    if tag != _STRING:
        raise _unlike(BULLETIN)
    return FormatVersion.V2022


def has_machine(envelope: bytes) -> bool:
    """Check an envelope for the machine's description, which printed texts have and bulletins lack."""
    found: list[Element] = children(envelope, element(envelope, 0, len(envelope)))
    return len(found) > 2 and found[2][0] == _SEQUENCE


def holds_ballots(data: bytes) -> bool:
    """Detect a file of single votes, which comes without an envelope.

    It has the machine after the header, then the votes; an envelope has a number after the header, the phase.
    """
    found: list[Element] = children(data, element(data, 0, len(data)))
    return len(found) == 3 and [each[0] for each in found[1:]] == [_SEQUENCE, _SEQUENCE]


def _unlike(name: str) -> Undecodable:
    return Undecodable(msg("{format} as the format has it", format=name), msg("other content"))
