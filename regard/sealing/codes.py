"""QR codes that hold a proof: one where it fits, else several, of which each says which part it is.

A part begins with a line ``regard-part@v1 NUMBER/COUNT DIGEST``, the digest being the first eight digits of the whole
proof's SHA-256. No part begins or ends with a blank, which readers of codes may cut off.
"""

from __future__ import annotations

import io
from hashlib import sha256
from importlib.util import find_spec

from protocol.words import msg
from regard.pdf import ExtraMissing

WHOLE = 2953
"""Bytes of the largest code: version 40, level L, byte mode."""
PART = 1900
"""Bytes of a part, whose code is then no finer than it has to be (version 32 at level L)."""
MOST_PARTS = 6
HEAD = "regard-part@v1"


def need_codes() -> None:
    """Make sure, before any work, that codes can be made.

    Raises:
        ExtraMissing: the package is not installed.
    """
    if find_spec("segno") is None:
        raise ExtraMissing(
            msg("QR codes need {package}, which is not installed: pip install {package}", package="segno")
        )


def code_texts(proof: bytes) -> tuple[str, ...]:
    """What the codes of a proof hold, in their order; nothing where it would take too many, or cannot be cut."""
    text = proof.decode()
    if len(proof) <= WHOLE:
        return (text,)
    count = -(-len(proof) // PART)
    if count > MOST_PARTS:
        return ()
    ends = [_cut(text, len(text) * at // count) for at in range(count)] + [len(text)]
    heads = (f"{HEAD} {at + 1}/{count} {sha256(proof).hexdigest()[:8]}\n" for at in range(count))
    parts = tuple(head + text[start:end] for head, start, end in zip(heads, ends, ends[1:], strict=False))
    return parts if max(len(each.encode()) for each in parts) <= WHOLE else ()


def _cut(text: str, at: int) -> int:
    """The nearest place from there on that has a blank neither before nor behind it; the end where there is none."""
    while 0 < at < len(text) and (text[at - 1].isspace() or text[at].isspace()):
        at += 1
    return at


def code_svg(text: str) -> bytes:
    """The QR code of a text in UTF-8, with its quiet zone.

    Raises:
        ExtraMissing: the package is not installed.
    """
    need_codes()
    import segno

    picture = io.BytesIO()
    code = segno.make_qr(text, error="l", mode="byte", encoding="utf-8")  # a higher level where there is room
    code.save(picture, kind="svg", border=4, light="#fff", xmldecl=False, omitsize=True, svgclass=None, lineclass=None)
    return picture.getvalue()
