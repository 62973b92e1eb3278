"""The fields of an export record in words: its value, and what can be wrong with the bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from protocol import civil_time
from protocol.errors import wanted
from protocol.export import record as export
from protocol.export.record import RecordVerdict
from protocol.words import Text, msg

VERDICTS = {
    RecordVerdict.OK: msg("the bytes are intact, which says nothing about the content"),
    RecordVerdict.MAGIC: msg("not an export (mark of the format)"),
    RecordVerdict.VERSION: msg("unknown version of the format"),
    RecordVerdict.LENGTH: msg("wrong length"),
    RecordVerdict.CHECKSUM: msg("checksum differs"),
    RecordVerdict.VALUE: msg("a value that the format does not allow"),
}
SHORT = {
    RecordVerdict.OK: msg("good"),
    RecordVerdict.MAGIC: msg("magic"),
    RecordVerdict.VERSION: msg("version"),
    RecordVerdict.LENGTH: msg("length"),
    RecordVerdict.CHECKSUM: msg("checksum"),
    RecordVerdict.VALUE: msg("value"),
}


@dataclass(frozen=True, slots=True)
class DumpLine:
    """One field of a dump: its offset and bytes, name, value and meaning; and what is wrong with it."""

    offset: int
    raw: str
    said: Text
    wrong: tuple[Text, ...] = ()


def record_lines(data: bytes, start: int) -> Iterator[DumpLine]:
    """Every field of a record that begins at that byte of its file, as far as it goes; the last one may be cut."""
    faults: dict[tuple[str, int], list[Text]] = {}
    for error in export.faults(data):
        faults.setdefault((error.field, error.offset), []).append(wanted(error.expected, error.got))
    for name, offset, size, said in _fields(data):
        raw = data[offset : offset + size]
        if not raw:
            yield DumpLine(start + offset, "", "", (msg("nothing from {name} on", name=name),))
            return
        wrong = tuple(faults.get((name.partition("[")[0], offset), ()))
        if len(raw) < size:
            wrong = (msg("cut: {raw} of {size} bytes", raw=len(raw), size=size),)
        yield DumpLine(start + offset, in_hexadecimal(raw), said, wrong)


def in_hexadecimal(raw: bytes) -> str:
    """Bytes in digits; a long run of nothing but zeros is counted."""
    return f"00 x {len(raw)}" if len(raw) > 16 and not any(raw) else raw.hex(" ").upper()


def _fields(data: bytes) -> Iterator[tuple[str, int, int, Text]]:
    """Name, offset, size and text of every field; the tallies one by one, those beyond the choices together."""
    for name, (offset, size) in export.PLACES.items():
        if name != "tallies":
            value = _value(name, data[offset : offset + size])
            field = msg("{field}: {value}", field=name, value=value) if value else name
            yield name, offset, size, msg("{field} ({meaning})", field=field, meaning=export.MEANING[name])
            continue
        choices = min(data[147], export.MAX_CHOICES) if len(data) > 147 else 0
        used = data[offset : offset + size].rstrip(b"\0")
        last = max(choices, -(-len(used) // 4))
        for number in range(last):
            place = offset + 4 * number
            votes = int.from_bytes(data[place : place + 4], "big")
            label = msg("votes of choice {number}", number=number + 1) if number < choices else _BEYOND
            field = msg("{field}: {value}", field=f"tallies[{number}]", value=votes)
            yield f"tallies[{number}]", place, 4, msg("{field} ({meaning})", field=field, meaning=label)
        if last < export.MAX_CHOICES:
            rest = 4 * (export.MAX_CHOICES - last)
            text = msg("{field} ({meaning})", field="tallies", meaning=msg("beyond the choices: zeros"))
            yield "tallies", offset + size - rest, rest, text


_BEYOND = msg("beyond the choices")


def _value(name: str, raw: bytes) -> Text:
    if name in export.TEXTS:
        return raw.rstrip(b"\0").decode("latin-1") or msg("empty")
    if name in ("magic", "choices_digest", "module_digest", "reserved"):
        return ""
    number = int.from_bytes(raw, "big")
    if name in export.TIMES:
        return str(number) if civil_time.LATEST < number < civil_time.NEVER else civil_time.text(number)
    return f"{number:08X}" if name == "crc32" else str(number)
