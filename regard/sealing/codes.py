"""Make QR codes of a proof: one where it fits, else several with their part numbers.

A part begins with a line ``regard-part@v1 NUMBER/COUNT DIGEST``, the digest being the first eight digits of the whole
proof's SHA-256. No part begins or ends with a blank, which readers of codes may cut off.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Sequence
from hashlib import sha256

from protocol.extras import need
from protocol.sealing.seal_error import SealError
from protocol.words import msg, nmsg, series

WHOLE = 2953
"""Bytes of the largest code: version 40, level L, byte mode."""
PART = 1900
"""Bytes of a part, whose code is then no finer than it has to be (version 32 at level L)."""
MOST_PARTS = 6
"""QR codes of one proof at most."""
HEAD = "regard-part@v1"
_PART = re.compile(rf"{HEAD} ([1-9])/([1-9]) ([0-9a-f]{{8}})\n".encode())


def need_codes() -> None:
    """Make sure, before any work, that codes can be made.

    Raises:
        ExtraMissing: the package is not installed.
    """
    need("seal", "segno")


def code_texts(proof: bytes) -> tuple[str, ...]:
    """Cut a proof into the texts of codes, in order; empty if too many would be needed."""
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


def as_copied(data: bytes) -> bytes:
    """A text without what copying does to it: other ends of lines, a mark of its coding, blanks around it."""
    text = data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip()
    return text and text + b"\n"


def is_part(text: bytes) -> bool:
    """Recognise a text that holds a part of a proof."""
    return _PART.search(text) is not None


def join_parts(texts: Sequence[bytes]) -> bytes:
    """The proof whose parts stand in texts, one or several in each, in any order and as often as one likes.

    Args:
        texts: each as `as_copied` leaves it.

    Raises:
        SealError: parts are missing or damaged, or are of different proofs.
    """
    parts: dict[int, bytes] = {}
    proofs = set()
    damaged = SealError(msg("a part of the proof was damaged: read the codes again"))
    for text in texts:
        heads = [*_PART.finditer(text)]
        for head, end in zip(heads, [*(each.start() for each in heads[1:]), len(text)], strict=True):
            number, part = int(head[1]), text[head.end() : end].strip()
            proofs.add(head.group(2, 3))
            if len(proofs) > 1:
                raise SealError(msg("these are parts of different proofs"))
            if parts.setdefault(number, part) != part:
                raise damaged
    [(count, digest)] = proofs
    missing = [number for number in range(1, int(count) + 1) if number not in parts]
    if missing:
        raise SealError(
            nmsg(
                "code {missing} of {of} is missing: read it as well, and give all texts together",
                "codes {missing} of {of} are missing: read them as well, and give all texts together",
                len(missing),
                missing=series(missing),
                of=int(count),
            )
        )
    proof = b"".join(parts[number] for number in sorted(parts)) + b"\n"
    if len(parts) > int(count) or sha256(proof).hexdigest()[:8] != digest.decode():
        raise damaged
    return proof


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
    import segno  # noqa: PLC0415 - an extra

    picture = io.BytesIO()
    code = segno.make_qr(text, error="l", mode="byte", encoding="utf-8")  # a higher level where there is room
    code.save(picture, kind="svg", border=4, light="#fff", xmldecl=False, omitsize=True, svgclass=None, lineclass=None)
    return picture.getvalue()
