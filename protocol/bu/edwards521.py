"""EdDSA on the curve E-521, which the security chips of urnas from 2020 on sign with; public keys and checking only.

The curve is of Aranha, Barreto, Pereira and Ricardini (2013), the form of the signatures that of RFC 8032 with
``SigEd521`` as its prefix. No common library has it. Checking one signature takes some 10 ms.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

PRIME = 2**521 - 1
D = -376014
ORDER = 2**519 - 337554763258501705789107630418782636071904961214051226618635150085779108655765
POINT_SIZE = 66
SIGNATURE_SIZE = 2 * POINT_SIZE
_HASH_SIZE = 132
_PREFIX = b"SigEd521\x00\x00"
_SIGN_BIT = 8 * POINT_SIZE - 1

Point: TypeAlias = tuple[int, int, int]
"""In projective coordinates."""
NEUTRAL: Point = (0, 1, 1)
"""The neutral point of the curve."""


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Check a signature over a message; False also for an invalid key."""
    if len(signature) != SIGNATURE_SIZE or len(key) != POINT_SIZE:
        return False
    public, nonce = decode_point(key), decode_point(signature[:POINT_SIZE])
    scalar = int.from_bytes(signature[POINT_SIZE:], "little")
    if public is None or nonce is None or scalar >= ORDER:
        return False
    hashed = hashlib.shake_256(_PREFIX + signature[:POINT_SIZE] + key + message).digest(_HASH_SIZE)
    challenge = int.from_bytes(hashed, "little") % ORDER
    difference = add(_two_products(BASE, scalar, negate(public), challenge), negate(nonce))
    return same(double(double(difference)), NEUTRAL)  # taken four times, the cofactor


def decode_point(data: bytes) -> Point | None:
    """The point of 66 bytes, little-endian, its top bit the parity of x; None where there is none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> _SIGN_BIT, number & ((1 << _SIGN_BIT) - 1)
    if y >= PRIME:
        return None
    square = (1 - y * y) * pow(1 - D * y * y, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 1) // 4, PRIME)
    if x * x % PRIME != square or (x == 0 and sign):
        return None
    return (x if x & 1 == sign else PRIME - x), y, 1


def add(one: Point, other: Point) -> Point:
    """The sum of two points; the formula has no exceptions on this curve (Bernstein and Lange, 2007)."""
    x1, y1, z1 = one
    x2, y2, z2 = other
    a = z1 * z2 % PRIME
    b = a * a % PRIME
    c, d = x1 * x2 % PRIME, y1 * y2 % PRIME
    e = D * c * d % PRIME
    f, g = b - e, b + e
    x3 = a * f * ((x1 + y1) * (x2 + y2) - c - d) % PRIME
    return x3, a * g * (d - c) % PRIME, f * g % PRIME


def double(point: Point) -> Point:
    """A point added to itself."""
    x, y, z = point
    b = (x + y) ** 2 % PRIME
    c, d = x * x % PRIME, y * y % PRIME
    e = c + d
    j = e - 2 * z * z
    return (b - e) * j % PRIME, e * (c - d) % PRIME, e * j % PRIME


def negate(point: Point) -> Point:
    """The point that added to this one gives the neutral one."""
    return PRIME - point[0], point[1], point[2]


def _two_products(one: Point, first: int, other: Point, second: int) -> Point:
    """The sum of two points taken so many times each, by four bits of both numbers at once."""
    tables = _multiples(one), _multiples(other)
    found = NEUTRAL
    for shift in range((max(first, second).bit_length() + 3) // 4 * 4 - 4, -1, -4):
        found = double(double(double(double(found))))
        for table, scalar in zip(tables, (first, second), strict=True):
            if digit := scalar >> shift & 15:
                found = add(found, table[digit])
    return found


def _multiples(point: Point) -> list[Point]:
    found = [NEUTRAL, point]
    while len(found) < 16:
        found.append(add(found[-1], point))
    return found


def same(one: Point, other: Point) -> bool:
    """Compare two points."""
    return (one[0] * other[2] - other[0] * one[2]) % PRIME == 0 and (one[1] * other[2] - other[1] * one[2]) % PRIME == 0


def _base() -> Point:
    found = decode_point((12).to_bytes(POINT_SIZE, "little"))
    if found is None:
        raise AssertionError("no point of the curve has y = 12")
    return found


BASE = _base()
"""Its y is 12, its x even."""
