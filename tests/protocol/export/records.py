"""Result exports for the tests: the frozen ones with the values that they hold, and any for hypothesis."""

import dataclasses
import datetime
import hashlib
import string
import zlib
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from protocol.export import record as export
from protocol.export.columns import COLUMNS, Columns, checksums, examine, texts_good
from protocol.export.record import DTYPE, Export, Records, RecordVerdict

FOLDER = Path(__file__).parent / "frozen"
LIMIT = 268_435_455

PRESIDENTIAL = Export(
    model="ESF1 (HW 1.06/2.01 - FW 4.02)",
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
    zero_check=704_100_665,
    opening=704_102_400,
    closing=704_142_150,
    export=704_142_492,
    zero_sum=0,
    voters=801,
    enablings=803,
    cancellations=2,
    cast=801,
    blank=40,
    choices_digest=hashlib.sha256(b"Choix A\nChoix B\n").digest(),
    module_digest=bytes(32),
    tallies=(449, 312),
)
DEPARTMENTAL = Export(
    model="ESF1 (HW 1.06/2.01 - FW 4.02)",
    machine_serial="ESF1-00009",
    module_serial="U-12345678AB",
    machine_seal="000000000001",
    module_seal="S-2",
    election="2021-departementales-t-1",
    constituency="29-08",
    insee="2A004",
    bureau="01.1",
    date=datetime.date(2021, 6, 20),
    round=1,
    poll=2,
    part=3,
    registered=1500,
    zero_check=677_487_600,
    opening=677_491_200,
    closing=677_549_400,
    export=677_550_600,
    zero_sum=0,
    voters=3,
    enablings=5,
    cancellations=1,
    cast=3,
    blank=1,
    choices_digest=hashlib.sha256(b"\xc3\x89lan\nBr\xc3\xa8che\n\xc3\x8elot\n").digest(),
    module_digest=hashlib.sha256(b"").digest(),
    tallies=(0, 2, 0),
)
EXTREME = Export(
    model="",
    machine_serial="",
    module_serial="",
    machine_seal="",
    module_seal="",
    election="",
    constituency="",
    insee="",
    bureau="",
    date=datetime.date(9999, 12, 31),
    round=1,
    poll=5,
    part=255,
    registered=LIMIT,
    zero_check=None,
    opening=None,
    closing=None,
    export=None,
    zero_sum=LIMIT,
    voters=LIMIT,
    enablings=LIMIT,
    cancellations=LIMIT,
    cast=LIMIT,
    blank=LIMIT,
    choices_digest=hashlib.sha256(b"").digest(),
    module_digest=b"\xff" * 32,
    tallies=(LIMIT,) * 64,
)
FROZEN = {"presidential": PRESIDENTIAL, "departmental": DEPARTMENTAL, "extreme": EXTREME}


def frozen(name: str) -> bytes:
    """The bytes of a frozen record. Its text was written from the specification, not by the code under test."""
    text = (FOLDER / f"{name}.hex").read_text("utf-8")
    return bytes.fromhex("".join(line.partition("#")[0] for line in text.splitlines()))


def checked(record: bytes) -> bytes:
    """A record with the checksum that its bytes ask for."""
    return record[:572] + zlib.crc32(record[:572]).to_bytes(4, "big")


def changed(record: bytes, name: str, value: int | bytes, place: int = 0) -> bytes:
    """A record with another value in one field and a right checksum; ``place`` in bytes from the field's start."""
    offset, size = export.PLACES[name]
    raw = value if isinstance(value, bytes) else value.to_bytes(4 if name == "tallies" else size, "big")
    return checked(record[: offset + place] + raw + record[offset + place + len(raw) :])


def records(*parts: bytes) -> Records:
    """The bytes of whole records as one array."""
    return np.frombuffer(b"".join(parts), DTYPE)


def rows_of(exports: list[Export]) -> Columns:
    """The canonical columns of exports, each value put there one by one."""
    rows = np.zeros(len(exports), COLUMNS)
    for row, one in zip(rows, exports, strict=True):
        for field in dataclasses.fields(one):
            value = getattr(one, field.name)
            if field.name in export.TIMES:
                row[field.name] = -1 if value is None else value
            elif field.name == "tallies":
                row["tallies"][: len(value)] = value
            elif field.name == "date":
                row["date"] = int(value.strftime("%Y%m%d"))
            else:
                row[field.name] = value.encode() if isinstance(value, str) else value
        row["choices"], row["tally_sum"], row["reserved_zero"] = len(one.tallies), sum(one.tallies), True
    return rows


def random_rows(count: int, seed: int) -> Columns:
    """Rows with any value that the format takes in every field."""
    rng = np.random.default_rng(seed)
    rows = np.zeros(count, COLUMNS)
    for name in export.TEXTS:
        size = export.PLACES[name][1]
        text = rng.integers(0x20, 0x7F, (count, size), np.uint8)
        text[np.arange(size) >= rng.integers(0, size + 1, (count, 1))] = 0
        rows[name] = text.view(f"S{size}")[:, 0]
    for name, least, most in (("round", 1, 2), ("poll", 1, 5), ("part", 1, 255), ("choices", 1, 64)):
        rows[name] = rng.integers(least, most + 1, count)
    rows["date"] = 10_000 * rng.integers(2000, 10_000, count) + 100 * rng.integers(1, 13, count) + 28
    for name in export.COUNTS:
        rows[name] = rng.integers(0, LIMIT + 1, count)
    for name in export.TIMES:
        rows[name] = rng.integers(-1, 2**31, count)
    for name in ("choices_digest", "module_digest"):
        rows[name] = rng.integers(0, 256, (count, 32), np.uint8).view("V32")[:, 0]
    rows["tallies"] = rng.integers(0, LIMIT + 1, (count, 64))
    rows["tallies"][np.arange(64) >= rows["choices"][:, None]] = 0
    rows["tally_sum"] = rows["tallies"].sum(axis=1, dtype=np.int64)
    rows["reserved_zero"] = True
    return rows


def damaged(count: int, seed: int = 1) -> list[bytes]:
    """Records with up to three changed bytes each, half of them with a checksum that fits all the same."""
    rng = np.random.default_rng(seed)
    originals = [np.frombuffer(frozen(name), np.uint8) for name in FROZEN]
    found = []
    for number in range(count):
        record = originals[number % len(originals)].copy()
        for _ in range(rng.integers(1, 4)):
            place = int(rng.integers(0, 576) if rng.random() < 0.5 else rng.integers(8, 260))
            record[place] = rng.integers(0, 256) if rng.random() < 0.5 else record[place] ^ (1 << rng.integers(0, 8))
        found.append(checked(record.tobytes()) if number % 2 else record.tobytes())
    return found


def quick_verdicts(many: Records) -> list[RecordVerdict]:
    """The verdicts of the columns, record by record."""
    verdicts = examine(many).verdict
    whole = (verdicts == RecordVerdict.OK) | (verdicts == RecordVerdict.VALUE)
    verdicts[whole & (checksums(many) != many["crc32"])] = RecordVerdict.CHECKSUM
    verdicts[(verdicts == RecordVerdict.OK) & ~texts_good(many)] = RecordVerdict.VALUE
    return [RecordVerdict(verdict) for verdict in verdicts.tolist()]


_PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
_COUNT = st.one_of(st.integers(0, 2000), st.integers(0, LIMIT))
_TIME = st.one_of(st.none(), st.integers(0, 0x7FFF_FFFF))


def _text(name: str) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(_PRINTABLE + string.digits * 3), max_size=export.PLACES[name][1])


any_export: st.SearchStrategy[Export] = st.builds(
    Export,
    **{name: _text(name) for name in export.TEXTS},
    **dict.fromkeys(export.COUNTS, _COUNT),
    **dict.fromkeys(export.TIMES, _TIME),
    date=st.dates(datetime.date(2000, 1, 1)),
    round=st.integers(1, 2),
    poll=st.integers(1, 5),
    part=st.integers(1, 255),
    choices_digest=st.binary(min_size=32, max_size=32),
    module_digest=st.binary(min_size=32, max_size=32),
    tallies=st.lists(_COUNT, min_size=1, max_size=64).map(tuple),
)
"""Every export that the format can hold."""
