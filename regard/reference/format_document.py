"""The document of the result export, made from the definition that the code itself uses."""

from __future__ import annotations

import datetime
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from protocol import civil_time, night
from protocol.export import columns, reading, scan
from protocol.export import record as export
from protocol.export.dtypes import flatten
from protocol.export.record import Export, RecordVerdict
from protocol.limits import DATE_RULE, TEXT_RULE
from protocol.urn.image import IMAGE_SIZE
from regard.reference import markdown

EXAMPLE = Export(
    model=export.APPROVED_MODEL,
    machine_serial="ESF1-03417",
    module_serial="U-0815",
    machine_seal="A1207733",
    module_seal="",
    election="2022-presidentielle",
    constituency="",
    insee="77513",
    bureau="0004",
    date=datetime.date(2022, 4, 24),
    round=2,
    poll=1,
    part=1,
    registered=1207,
    zero_check=civil_time.seconds(datetime.date(2022, 4, 24), 7, 31, 5),
    opening=civil_time.seconds(datetime.date(2022, 4, 24), 8),
    closing=civil_time.seconds(datetime.date(2022, 4, 24), 19, 2, 30),
    export=civil_time.seconds(datetime.date(2022, 4, 24), 19, 8, 12),
    zero_sum=0,
    voters=801,
    enablings=803,
    cancellations=2,
    cast=801,
    blank=40,
    choices_digest=export.choices_digest(["Choix A", "Choix B"]),
    module_digest=bytes(32),
    tallies=(449, 312),
)
"""The record of the worked example. It is invented, and frozen in the tests as hexadecimal text."""

_ALLOWED = {
    "magic": export.MAGIC.hex(" ").upper(),
    "format_version": str(export.VERSION),
    "record_length": str(export.RECORD_LENGTH),
    "date": "date",
    "tallies": f"0 to {export.MAX_COUNT}",
    "reserved": "zeros",
    "crc32": "checksum",
    **dict.fromkeys(export.TEXTS, "text"),
    **{name: f"{least} to {most}" for name, (least, most) in export.LIMITS.items()},
    **dict.fromkeys(export.TIMES, f"0 to {civil_time.LATEST} or {civil_time.NEVER:08X}"),
}


def document() -> str:
    """The text of ``docs/reference/format.md``."""
    return markdown.document(
        __file__,
        DATE_RULE=DATE_RULE,
        IMAGE_SIZE=IMAGE_SIZE,
        Kind=scan.Kind,
        MAX_FILE=reading.MAX_FILE,
        TEXT_RULE=TEXT_RULE,
        Verdict=RecordVerdict,
        columns=list(_columns()),
        crc_check=zlib.crc32(b"123456789"),  # of which catalogues of checksums give the CRC
        example=_example(),
        export=export,
        fields=list(_fields()),
        moment=EXAMPLE.closing,
        night=night,
        scan=scan,
        time=civil_time,
    )


def _fields() -> Iterator[tuple[str, ...]]:
    for name, (offset, size) in export.PLACES.items():
        yield (
            str(offset),
            str(size),
            field_type(name, export.DTYPE[name]),
            f"`{name}`",
            _ALLOWED.get(name, "any"),
            export.MEANING[name].text,
        )


def field_type(name: str, kind: np.dtype[Any]) -> str:
    """The type of a field of a format, as its document writes it."""
    base, shape = flatten(kind)
    if base.kind == "V" and base.fields is None:
        text, shape = ("text" if name in export.TEXTS else "bytes"), (*shape, base.itemsize)
    else:
        text = "struct" if base.fields is not None else f"u{8 * base.itemsize}"
    return text + "".join(f"[{length}]" for length in shape)


def _columns() -> Iterator[tuple[str, ...]]:
    sources = {
        "tally_sum": "exact sum of the tallies",
        "reserved_zero": "whether `reserved` is all zeros",
        "tallies": "`tallies`; -1 for one above the limit",
    } | {name: f"`{name}`; -1 for never" for name in export.TIMES}
    for name in columns.COLUMNS.names or ():
        base, shape = columns.COLUMNS[name].base, columns.COLUMNS[name].shape
        kind = f"{base.kind}{base.itemsize}" if base.kind in "SV" else base.name
        yield f"`{name}`", f"`{kind}`" + "".join(f" × {n}" for n in shape), sources.get(name, f"`{name}`")


def _example() -> str:
    record = export.build(EXAMPLE)
    lines = []
    for name, (offset, size) in export.PLACES.items():
        raw = record[offset : offset + size]
        shown = raw.hex(" ").upper()
        if size > 32:
            used = len(EXAMPLE.tallies) * 4 if name == "tallies" else 4
            shown = f"{raw[:used].hex(' ').upper()} ... {size - used} more bytes 00"
        elif size > 16:
            shown = f"{raw[:16].hex(' ').upper()}\n     {raw[16:].hex(' ').upper()}"
        lines.append(f"{offset:3}  {shown}  {name} = {_plain(name)}")
    return "\n".join(lines)


def _plain(name: str) -> str:
    if name in export.TIMES:
        return civil_time.write(getattr(EXAMPLE, name))
    if name in ("choices_digest", "module_digest"):
        return "SHA-256 of `Choix A`, `Choix B`, a line feed after each" if name == "choices_digest" else "no image"
    special = {
        "magic": "89 E S F CR LF 1A LF",
        "format_version": str(export.VERSION),
        "record_length": str(export.RECORD_LENGTH),
        "choices": str(len(EXAMPLE.tallies)),
        "tallies": ", ".join(map(str, EXAMPLE.tallies)),
        "reserved": "zeros",
        "crc32": "the checksum of all bytes above",
    }
    return special.get(name) or str(getattr(EXAMPLE, name)) or "(empty)"
