"""A second reader of result exports, by the tables and the words of ``docs/reference/format.md`` alone."""

import functools
import re
import zlib
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.document_tables import Struct, flat, is_allowed, struct, table
from tests.sources import DOCS


@dataclass(frozen=True, slots=True)
class Document:
    """Tables of the document: the record, the verdicts by name, limits of fields, the checksum's range."""

    record: Struct
    verdicts: dict[str, int]
    length: int
    covered: int


@functools.cache
def document() -> Document:
    """The tables of the committed document."""
    text = (DOCS / "reference" / "format.md").read_text("utf-8")
    rows = table(text, "## The record")
    covers = dict(table(text, "## The checksum"))["covers"]
    last = re.match(r"bytes 0 to (\d+);", covers)
    assert last is not None
    return Document(
        record=struct(rows, base=10),
        verdicts={name: int(number) for number, name, *_ in table(text, "## What a reader says of a record")},
        length=sum(int(row[1]) for row in rows),
        covered=int(last[1]) + 1,
    )


@dataclass(slots=True)
class Record:
    """Reading of one record: the number of its verdict, its values, the first refused field."""

    verdict: int
    values: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    reserved: bool = False


def read(data: bytes) -> Record:
    """Read one record of the length that the document gives."""
    known = document()
    values = known.record.read(data)
    found = Record(known.verdicts["OK"], values)
    allowed = {name: each.allowed for name, each in known.record.fields.items()}
    for name, verdict in (("magic", "MAGIC"), ("format_version", "VERSION"), ("record_length", "LENGTH")):
        if not is_allowed(allowed[name], values[name]):
            found.verdict = known.verdicts[verdict]
            return found
    if values["crc32"] != zlib.crc32(data[: known.covered]):
        found.verdict = known.verdicts["CHECKSUM"]
        return found
    for name, words in allowed.items():
        if words == "zeros":
            found.reserved |= any(values[name])
        elif not _allowed(words, values[name]) or (name == "tallies" and any(values[name][values["choices"] :])):
            found.verdict, found.refused = known.verdicts["VALUE"], name
            return found
    return found


def _allowed(words: str, value: Any) -> bool:
    time, _, never = words.partition(" or ")
    if never:
        return is_allowed(time, value) or value == int(never, 16)
    return all(is_allowed(words, each) for each in flat(value))
