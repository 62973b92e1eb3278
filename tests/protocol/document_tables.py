"""The tables of a format's document, and a reader made of them: nothing here comes from the code under test."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


def table(text: str, heading: str, number: int = 0) -> list[list[str]]:
    """The rows of a table below a heading, without its first; code marks are taken off."""
    below = text[text.index(f"\n{heading}\n") + len(heading) + 2 :]
    below = re.split(r"\n#+ ", below)[0]
    tables: list[list[list[str]]] = []
    inside = False
    for line in below.split("\n"):
        if not line.startswith("|"):
            inside = False
            continue
        if not inside:
            tables.append([])
        inside = True
        tables[-1].append([cell.strip().replace("`", "") for cell in line.strip("|").split(" | ")])
    return tables[number][2:]


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a table of fields: where it begins, its type, what is allowed in it."""

    name: str
    offset: int
    size: int
    base: str
    shape: tuple[int, ...]
    allowed: str

    @property
    def width(self) -> int:
        """Bytes of one number, text or piece of bytes."""
        return int(self.base[1:]) // 8 if self.base[0] == "u" else self.shape[-1]

    def read(self, data: bytes, at: int = 0) -> Any:
        """The value of the field where its struct begins at ``at``; arrays are lists, the first index outermost."""
        shape = self.shape if self.base[0] == "u" else self.shape[:-1]
        return self._part(data[at + self.offset : at + self.offset + self.size], shape)

    def _part(self, data: bytes, shape: tuple[int, ...]) -> Any:
        if not shape:
            return int.from_bytes(data, "big") if self.base[0] == "u" else data
        step = len(data) // shape[0]
        return [self._part(data[place : place + step], shape[1:]) for place in range(0, len(data), step)]


def field(row: list[str], base: int = 16) -> Field:
    """A row ``offset, size, type, name, ...``; the column ``allowed`` is the fifth where there are six."""
    kind = re.fullmatch(r"(u8|u16|u32|text|bytes|struct)((?:\[\d+\])*)", row[2])
    assert kind is not None, row
    shape = tuple(int(length) for length in re.findall(r"\d+", kind[2]))
    found = Field(row[3], int(row[0], base), int(row[1]), kind[1], shape, row[4] if len(row) > 5 else "")
    if kind[1] != "struct":
        count = 1
        for length in shape:
            count *= length
        assert found.size == count * (found.width if kind[1][0] == "u" else 1), row
    return found


@dataclass(frozen=True, slots=True)
class Struct:
    """The fields of a table, those of the structs in it apart; offsets are from the table's first field."""

    start: int
    fields: dict[str, Field]
    inner: dict[str, Struct]

    def read(self, data: bytes, at: int | None = None) -> dict[str, Any]:
        """All values of a struct that begins at ``at``, by default where the table says."""
        place = self.start if at is None else at
        values = {name: each.read(data, place) for name, each in self.fields.items() if each.base != "struct"}
        for name, struct in self.inner.items():
            whole = self.fields[name]
            size = whole.size // whole.shape[0]
            first = place + whole.offset
            values[name] = [struct.read(data, first + index * size) for index in range(whole.shape[0])]
        return values


def struct(rows: list[list[str]], base: int = 16) -> Struct:
    """The struct of a table's rows."""
    fields = [field(row, base) for row in rows]
    start = fields[0].offset
    return _struct(start, fields, "")


def _struct(start: int, fields: list[Field], prefix: str) -> Struct:
    own: dict[str, Field] = {}
    inner: dict[str, Struct] = {}
    for each in fields:
        name = each.name.removeprefix(prefix)
        if "[" in name or not each.name.startswith(prefix):
            continue
        own[name] = Field(name, each.offset - start, each.size, each.base, each.shape, each.allowed)
        if each.base == "struct":
            below = f"{each.name}[0]."
            inner[name] = _struct(each.offset, [other for other in fields if other.name.startswith(below)], below)
    return Struct(start, own, inner)


def is_allowed(words: str, value: Any) -> bool:
    """Check a value by the words of the column ``allowed``; lists are for the reader."""
    numbers = re.fullmatch(r"(\d+) to (\d+)", words)
    if numbers:
        return bool(int(numbers[1]) <= value <= int(numbers[2]))
    if words.isdigit():
        return bool(value == int(words))
    if re.fullmatch(r"[0-9A-F]{2}( [0-9A-F]{2})+", words):
        return bool(value == bytes.fromhex(words))
    if words == "text":
        return bool(all(0x20 <= byte <= 0x7E for byte in value.rstrip(b"\0")))
    if words == "date":
        try:
            return datetime.datetime.strptime(f"{value:08}", "%Y%m%d").date() >= datetime.date(2000, 1, 1)
        except ValueError:
            return False
    return True


def flat(value: Any) -> Iterator[Any]:
    """The numbers and bytes of lists of any depth."""
    if isinstance(value, list):
        for each in value:
            yield from flat(each)
    else:
        yield value
