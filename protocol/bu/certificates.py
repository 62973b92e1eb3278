"""Certificates of the urnas' security chips: the key, its owner, who issued it, and checking with the key of that.

They are X.509 with a signature method of the Brazilian state's own, which libraries refuse; the few fields that are
needed are taken from their places.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from enum import Enum

from protocol.bu import edwards521
from protocol.bu.bounds import Element, Undecodable, children, element
from protocol.words import msg

_E521 = bytes.fromhex("2b0601040182dc2c0201")
"""1.3.6.1.4.1.44588.2.1"""
_ELLIPTIC, _P521 = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2b81040023")
_COMMON_NAME = bytes.fromhex("550403")
_INTEGER, _BIT_STRING, _SEQUENCE, _VERSION = 0x02, 0x03, 0x30, 0xA0
_PEM = b"-----BEGIN CERTIFICATE-----"
ISSUERS = {
    "AC UE2020": bytes.fromhex(
        "5d3d764d1123a914efbf93892db3b63d2f3c5d37a0f14a2d36d44905cc7428b9"
        "74355171df78c2a064e630b308b061a47fb0bd55715fc5b69419bfc92ed570aeb901"
    )
}
"""Keys of those who issue certificates to urnas, as the electoral court published them in 2024."""


class KeyKind(Enum):
    """Curves of the chips' keys."""

    E521 = "E-521"
    P521 = "P-521"


@dataclass(frozen=True, slots=True)
class ChipCertificate:
    """A certificate.

    Attributes:
        owner, issuer: common names.
        kind: curve of the key.
        key: as it stands: 66 bytes, or an encoded point.
        signed: the part that the issuer signed.
        signature: of the issuer.
    """

    owner: str
    issuer: str
    kind: KeyKind
    key: bytes
    signed: bytes
    signature: bytes

    def verify(self, digest: bytes, signature: bytes) -> bool:
        """Check the chip's signature over a SHA-512 digest; the chip signs the SHA-512 of the digest."""
        message = hashlib.sha512(digest).digest()
        if self.kind is KeyKind.E521:
            return edwards521.verify(self.key, message, signature)
        return _verify_p521(self.key, message, signature)

    def issued(self) -> bool | None:
        """Check the issuer's signature; None without the issuer's key."""
        key = ISSUERS.get(self.issuer)
        return None if key is None else edwards521.verify(key, self.signed, self.signature)


def read_certificate(data: bytes) -> ChipCertificate:
    """The certificate in PEM or DER, with bytes after it or not.

    Raises:
        Undecodable: it is none, or has a key of another kind.
    """
    if data.lstrip().startswith(_PEM):
        lines = data.strip().splitlines()
        try:
            data = base64.b64decode(b"".join(line for line in lines if not line.startswith(b"-")), validate=True)
        except (binascii.Error, ValueError):
            raise _unlike() from None
    whole = element(data, 0, len(data))
    if data[whole[2] :].strip(b"\0"):
        raise _unlike()
    try:
        signed, _, signature = children(data, whole)
        fields = [each for each in children(data, signed) if each[0] != _VERSION]
        _, _, issuer, _, owner, public = fields[:6]
        method, key = children(data, public)
        kind = _kind(data, children(data, method))
        names = _name(data, owner), _name(data, issuer)
    except ValueError:
        raise _unlike() from None
    tags = [each[0] for each in (whole, signed, public, key, signature)]
    if tags != [_SEQUENCE, _SEQUENCE, _SEQUENCE, _BIT_STRING, _BIT_STRING]:
        raise _unlike()
    if data[key[1] : key[1] + 1] + data[signature[1] : signature[1] + 1] != b"\0\0":  # bits that are not used
        raise _unlike()
    return ChipCertificate(
        *names,
        kind,
        data[key[1] + 1 : key[2]],
        data[whole[1] : signed[2]],
        data[signature[1] + 1 : signature[2]],
    )


def _kind(data: bytes, method: list[Element]) -> KeyKind:
    names = [data[start:end] for _, start, end in method]
    if names[:1] == [_E521]:
        return KeyKind.E521
    if names[:2] == [_ELLIPTIC, _P521]:
        return KeyKind.P521
    raise _unlike()


def _name(data: bytes, name: Element) -> str:
    """The common name in a distinguished name; empty where there is none."""
    for part in children(data, name):
        for pair in children(data, part):
            kind, value = children(data, pair)
            if data[kind[1] : kind[2]] == _COMMON_NAME:
                return data[value[1] : value[2]].decode("latin-1")
    return ""


def _verify_p521(key: bytes, digest: bytes, signature: bytes) -> bool:
    """ECDSA over a digest; both numbers of the signature are padded to 66 bytes, which no strict reader takes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA512

    try:
        numbers = children(signature, element(signature, 0, len(signature)))
        if [each[0] for each in numbers] != [_INTEGER, _INTEGER] or numbers[1][2] != len(signature):
            return False
        r, s = (int.from_bytes(signature[start:end], "big") for _, start, end in numbers)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP521R1(), key)
        public.verify(encode_dss_signature(r, s), digest, ec.ECDSA(Prehashed(SHA512())))
    except (InvalidSignature, Undecodable, ValueError):
        return False
    return True


def _unlike() -> Undecodable:
    return Undecodable(msg("the certificate of an urna's chip"), msg("other content"))
