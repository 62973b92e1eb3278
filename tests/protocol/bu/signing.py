"""Made-up keys of security chips for the tests: signature files as an urna writes them, of each kind that there is."""

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA512

from protocol.bu import edwards521
from protocol.bu.schema import SIGNED_FILES, FormatVersion, encode
from protocol.bu.signatures import SIGNATURE_FORMS

SECRET = int.from_bytes(hashlib.shake_256(b"a chip of nobody").digest(65), "little") % edwards521.ORDER
_E521_METHOD = bytes.fromhex("300c060a2b0601040182dc2c0201")
_E521_SIGNED = bytes.fromhex("300c060a2b0601040182dc2c0103")
_SHA512, _ECDSA, _CEPESC = 4, 2, 3
_KEY_SET = "ECOURNA"


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip that signs.

    Attributes:
        certificate: of its key.
        sign: makes the signature over a SHA-512 digest.
        model: of the urna.
        algorithm: of the signatures.
    """

    certificate: bytes
    sign: Callable[[bytes], bytes]
    model: int
    algorithm: int


def write_signature_file(
    year: str, chip: Chip, files: Mapping[str, bytes], written: str, program_signature: bytes = bytes(64)
) -> bytes:
    """The signature file over some files.

    Args:
        year: one of `SIGNATURE_FORMS`.
        chip: that signs.
        files: all files that it lists, by their names.
        written: time, as ``20221002T180722``.
        program_signature: what stands in the place of each signature of the program.

    Raises:
        ValueError: a value that the format does not have.
    """
    version, root = SIGNATURE_FORMS[year]
    chip_part = _part(version, files, written, chip.sign, chip.algorithm)
    program_part = _part(version, files, written, lambda _: program_signature, _CEPESC)
    chip_part["certificadoDigital"] = chip.certificate
    chip_part["origem"] = ("certificadoDigital", chip.certificate)
    program_part["conjuntoChave"] = _KEY_SET
    program_part["origem"] = ("conjuntoChave", _KEY_SET)
    value = {
        "modeloUrna": chip.model,
        "modeloEquipamento": chip.model,
        "equipamento": {"modelo": chip.model, "algoritmo": chip.algorithm},
        "assinaturaSW": program_part,
        "assinaturaHW": chip_part,
    }
    return encode(version, root, value)


def _part(
    version: FormatVersion, files: Mapping[str, bytes], written: str, sign: Callable[[bytes], bytes], algorithm: int
) -> dict[str, object]:
    listed = [{"nomeArquivo": name, "assinatura": _sign_data(data, sign)} for name, data in files.items()]
    content = encode(version, SIGNED_FILES, {"arquivosAssinados": listed})
    return {
        "dataHoraCriacao": written,
        "versao": 2,
        "autoAssinado": {
            "usuario": {"nomeUsuario": "UEAD", "serial": 1},
            "algoritmoHash": {"algoritmo": _SHA512},
            "algoritmoAssinatura": {
                "algoritmo": _ECDSA if version is FormatVersion.V2022 else algorithm,
                "bits": 256,
            },
            "assinatura": _sign_data(content, sign),
        },
        "conteudoAutoAssinado": content,
    }


def _sign_data(data: bytes, sign: Callable[[bytes], bytes]) -> dict[str, object]:
    digest = hashlib.sha512(data).digest()
    return {"tamanho": len(data), "hash": digest, "assinatura": sign(digest)}


def multiply(point: edwards521.Point, scalar: int) -> edwards521.Point:
    """A point taken so many times, bit by bit."""
    found = edwards521.NEUTRAL
    for bit in f"{scalar:b}":
        found = edwards521.double(found)
        if bit == "1":
            found = edwards521.add(found, point)
    return found


def public(secret: int) -> bytes:
    """The point of a secret as 66 bytes: y, and the parity of x in the highest bit."""
    x, y, z = multiply(edwards521.BASE, secret)
    inverse = pow(z, -1, edwards521.PRIME)
    parity = x * inverse % edwards521.PRIME & 1
    return (y * inverse % edwards521.PRIME | parity << 527).to_bytes(edwards521.POINT_SIZE, "little")


def sign_e521(secret: int, message: bytes) -> bytes:
    """EdDSA with a nonce that depends on the message."""
    key = public(secret)
    nonce = int.from_bytes(hashlib.shake_256(secret.to_bytes(66, "little") + message).digest(132), "little")
    nonce %= edwards521.ORDER
    point = public(nonce)
    hashed = hashlib.shake_256(b"SigEd521\x00\x00" + point + key + message).digest(132)
    scalar = (nonce + int.from_bytes(hashed, "little") * secret) % edwards521.ORDER
    return point + scalar.to_bytes(66, "little")


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element of DER."""
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = (len(content).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(content).to_bytes(size, "big") + content


def name(text: str) -> bytes:
    return tlv(0x30, tlv(0x31, tlv(0x30, bytes.fromhex("0603550403"), tlv(0x0C, text.encode()))))


def e521_chip(machine: int) -> Chip:
    """A chip of 2020 whose certificate a made-up issuer signed."""
    key = tlv(0x30, _E521_METHOD, tlv(0x03, b"\x00", public(SECRET)))
    signed = tlv(
        0x30,
        bytes.fromhex("a003020102020105"),
        _E521_SIGNED,
        name("AC UE2020"),
        tlv(0x30, b"\x17\x0d220101000000Z\x17\x0d360101000000Z"),
        name(f"UEAD{machine:08}"),
        key,
    )
    certificate = tlv(0x30, signed, _E521_SIGNED, tlv(0x03, b"\x00", sign_e521(SECRET + 1, signed)))
    return Chip(certificate, lambda digest: sign_e521(SECRET, hashlib.sha512(digest).digest()), 20, 4)


def p521_chip(machine: int) -> Chip:
    """A chip of an older model: ECDSA, numbers padded to 66 bytes, two bytes of zero after the certificate."""
    key = ec.generate_private_key(ec.SECP521R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"UE{machine:08}")])
    since = datetime.datetime(2015, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 7, since, since + datetime.timedelta(days=9000))
    certificate = made.sign(key, SHA512()).public_bytes(serialization.Encoding.DER) + b"\x00\x00"

    def sign(digest: bytes) -> bytes:
        signature = key.sign(hashlib.sha512(digest).digest(), ec.ECDSA(Prehashed(SHA512())))
        numbers = [tlv(2, number.to_bytes(66, "big")) for number in decode_dss_signature(signature)]
        return tlv(0x30, *numbers)

    return Chip(certificate, sign, 15, 2)


def signature_file(year: str, chip: Chip, files: Mapping[str, bytes]) -> bytes:
    """The signature file over some files, in the form of a year; that of the program as long as a real one."""
    return write_signature_file(year, chip, files, "20221002T171913", bytes(4725))
