"""Writing the signature file of a section, with a chip whose key is made up.

No key of a chip, of those who certify chips, or of the urnas' program is known. What is written here is known for
made up by its certificate, whose issuer is nobody, and by the program's signature, which is zeros.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from protocol.bu.schema import SIGNED_FILES, FormatVersion, encode

SIGNATURE_FORMS = {
    "2022": (FormatVersion.V2022, "EntidadeAssinaturaResultado"),
    "2024": (FormatVersion.V2024, "EntidadeAssinaturaEcourna"),
    "2026": (FormatVersion.V2024, "EntidadeAssinatura2026"),
}
"""Version and root of the file in the form of a year."""
ISSUER = "regard"
_SHA512, _ECDSA, _CEPESC = 4, 2, 3
_MODEL_2015 = 15
_KEY_SET = "ECOURNA"
_NUMBER_SIZE = 66
_ECDSA_SHA512 = bytes.fromhex("300a06082a8648ce3d040304")
_COMMON_NAME = bytes.fromhex("0603550403")
_VERSION_AND_SERIAL = bytes.fromhex("a003020102020101")
_VALIDITY = b"\x17\x0d150101000000Z\x17\x0d400101000000Z"


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


def made_up_chip(machine: int, secret: bytes) -> Chip:
    """A chip of an older model, ECDSA on P-521: the same secret, the same key and signatures.

    Args:
        machine: the urna's number.
        secret: 64 bytes, which are the key.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA512
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP521R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    names = _name(ISSUER), _element(0x30, _VALIDITY), _name(f"UE{machine:08}")
    signed = _element(0x30, _VERSION_AND_SERIAL, _ECDSA_SHA512, *names, public)
    signature = key.sign(signed, ec.ECDSA(SHA512(), deterministic_signing=True))
    certificate = _element(0x30, signed, _ECDSA_SHA512, _element(0x03, b"\x00", signature))

    def sign(digest: bytes) -> bytes:
        method = ec.ECDSA(Prehashed(SHA512()), deterministic_signing=True)
        numbers = decode_dss_signature(key.sign(hashlib.sha512(digest).digest(), method))
        return _element(0x30, *(_element(0x02, number.to_bytes(_NUMBER_SIZE, "big")) for number in numbers))

    return Chip(certificate, sign, _MODEL_2015, _ECDSA)


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


def _name(text: str) -> bytes:
    """A distinguished name that is a common name."""
    return _element(0x30, _element(0x31, _element(0x30, _COMMON_NAME, _element(0x0C, text.encode()))))


def _element(tag: int, *parts: bytes) -> bytes:
    """One element of DER."""
    content = b"".join(parts)
    size = len(content)
    count = (size.bit_length() + 7) // 8
    length = bytes([size]) if size < 128 else bytes([0x80 | count]) + size.to_bytes(count, "big")
    return bytes([tag]) + length + content
