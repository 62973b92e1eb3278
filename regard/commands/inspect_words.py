"""The words of `regard inspect`: what fields mean and what can be wrong with bytes."""

from __future__ import annotations

from protocol.export.record import RecordVerdict
from protocol.words import msg

MEANING = {
    "magic": msg("mark of the format"),
    "format_version": msg("version of the format"),
    "record_length": msg("length, in bytes"),
    "model": msg("model, hardware and firmware"),
    "machine_serial": msg("serial number of the machine"),
    "module_serial": msg("serial number of the module"),
    "machine_seal": msg("seal on the machine"),
    "module_seal": msg("seal on the module"),
    "election": msg("id of the election"),
    "constituency": msg("constituency"),
    "insee": msg("INSEE code of the commune"),
    "bureau": msg("code of the bureau de vote"),
    "date": msg("polling day, YYYYMMDD"),
    "round": msg("round"),
    "poll": msg("number of the poll of that day"),
    "part": msg("part of the bureau's day"),
    "choices": msg("number of choices"),
    "registered": msg("registered voters"),
    "zero_check": msg("zero check"),
    "opening": msg("opening of the poll"),
    "closing": msg("closing of the poll"),
    "export": msg("time of this export"),
    "zero_sum": msg("sum of all counters at the zero check"),
    "voters": msg("public counter of voters"),
    "enablings": msg("enablings by the president"),
    "cancellations": msg("enablings ended without a vote"),
    "cast": msg("votes cast, blank ones included"),
    "blank": msg("blank votes"),
    "choices_digest": msg("SHA-256 of the choice list"),
    "module_digest": msg("SHA-256 of the module image"),
    "reserved": msg("reserved"),
    "crc32": msg("checksum of all bytes before it"),
}
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


def zeros(raw: bytes) -> str:
    """``00 x 60`` for a long run of nothing but zeros, else an empty text."""
    return f"00 x {len(raw)}" if len(raw) > 16 and not any(raw) else ""
