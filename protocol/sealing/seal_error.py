"""Errors of keys, leaves, notes, checkpoints, proofs and sealed folders."""

from __future__ import annotations

import base64
import binascii
import json
import re

from protocol.errors import RegardError


class SealError(RegardError):
    """Something of a seal that does not hold.

    Raised, for example, where a leaf is not in canonical form, or a checkpoint's root is not that of its leaves.
    """


def encode64(data: bytes) -> str:
    """Bytes in the standard base 64 of RFC 4648, section 4."""
    return base64.b64encode(data).decode()


def decode64(text: str) -> bytes | None:
    """The bytes of base 64; None where it is not the one way to write them."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return data if encode64(data) == text else None


canonical_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
"""JSON in the one form of RFC 8785, of values that are texts, whole numbers, lists and objects."""
DIGEST = re.compile("[0-9a-f]{64}")
"""A SHA-256 in hexadecimal digits."""
