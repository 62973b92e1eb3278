"""Result exports as a layout of dumps: tallies by choice number, as an export has no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from protocol.dumps.checks import Checklist
from protocol.dumps.layouts import DumpFile, DumpLayout, DumpReading
from protocol.dumps.tallies import DumpChoice, DumpContest, TallyBuilder, TallyKind
from protocol.errors import FormatError, InputError
from protocol.export.reading import ExportReading
from protocol.export.reading import read as read_exports
from protocol.export.record import RecordVerdict
from protocol.export.terms import MAGIC
from protocol.words import Text, msg, nmsg

UNIT_PARTS = ("insee", "bureau")
TAKEN_FOR = msg("result export")
_REASONS: dict[RecordVerdict, Text] = {
    RecordVerdict.CHECKSUM: msg("a checksum that is not that of its bytes"),
    RecordVerdict.VERSION: msg("another version of the format"),
    RecordVerdict.LENGTH: msg("another length of record"),
    RecordVerdict.VALUE: msg("a value that the format does not allow"),
    RecordVerdict.MAGIC: msg("bytes that are no record"),
}


def recognise(head: bytes, name: str) -> bool:
    """By the mark of the format; a file that only has the ending of its name is read for what is wrong with it."""
    return head.startswith(MAGIC) or name.lower().endswith(".esf")


def read(
    layout: DumpLayout, files: Sequence[Path], below: Path | None, progress: Callable[[int], None] | None
) -> DumpReading:
    """Read result exports; only records without fault are counted."""
    found = read_exports(files, progress, below)
    builder = TallyBuilder(UNIT_PARTS)
    registered: set[tuple[int, int]] = set()
    good = found.verdict == RecordVerdict.OK
    several = bool((found.columns["poll"][good] > 1).any())
    for row in found.columns[good]:
        unit = builder.unit(row["insee"].decode("ascii"), row["bureau"].decode("ascii"))
        poll = int(row["poll"])
        contest = builder.contest(poll_contest(row, int(row["round"]), poll, row["constituency"], several))
        for number in range(int(row["choices"])):
            choice = builder.choice(DumpChoice(contest, str(number + 1), str(number + 1)))
            builder.add(unit, contest, TallyKind.CHOICE, int(row["tallies"][number]), choice)
        builder.add(unit, contest, TallyKind.BLANK, int(row["blank"]))
        builder.count(unit, contest, ballots=int(row["cast"]))
        if (unit, contest) not in registered:  # the parts of a day carry the same roll
            registered.add((unit, contest))
            builder.count(unit, contest, registered=int(row["registered"]))
    counted = Counter(found.file[good].tolist())
    read_of = tuple(
        DumpFile(file.path, file.size, file.sha256, TAKEN_FOR, nmsg("{count:n} record", "{count:n} records", number))
        if (number := counted[index])
        else DumpFile(file.path, file.size, file.sha256, "", msg("no whole record is in it"))
        for index, file in enumerate(found.files)
    )
    return DumpReading(layout, builder.finish(), read_of, tuple(_checks(found).made), tuple(_problems(found)))


def poll_contest(row: np.void, round_: int, poll: int, constituency: bytes, several: bool) -> DumpContest:
    """The contest of one poll, named by the election's id and the round; where there are several polls, by its own."""
    election, place = row["election"].decode("ascii"), constituency.decode("ascii")
    name = " ".join(filter(None, (election, f"tour {round_}", f"scrutin {poll}" if several else "", place)))
    return DumpContest(f"{election}/{round_}/{poll}/{place}", name)


def _checks(found: ExportReading) -> Checklist:
    """The checksums, and what each record adds up to."""
    checks = Checklist()
    whole = np.isin(found.verdict, (RecordVerdict.OK, RecordVerdict.VALUE))
    text = msg("checksum of each record (CRC-32): no protection against intent")
    checks.holds("I104", text, times=int(whole.sum()))
    good = found.columns[found.verdict == RecordVerdict.OK]
    unlike = good["tally_sum"] + good["blank"] != good["cast"]
    text = msg("votes by choice and blank votes against votes cast")
    sources = msg("votes by choice and blank votes"), msg("votes cast")
    for row in good[unlike]:
        votes = int(row["tally_sum"]) + int(row["blank"])
        unit = "/".join(row[name].decode("ascii") for name in UNIT_PARTS)
        checks.differ("M101", text, "", unit, (str(votes), str(row["cast"])), sources)
    checks.holds("M101", text, times=int((~unlike).sum()))
    return checks


def _problems(found: ExportReading) -> list[InputError]:
    """List unreadable parts and records that are not counted."""
    problems = [
        InputError(str(found.files[each.file].path), None, None, each.expected, each.got) for each in found.problems
    ]
    for index in np.flatnonzero(found.verdict != RecordVerdict.OK).tolist():
        reason: FormatError | None = found.reasons.get(index)
        offset, got = int(found.offset[index]), _REASONS[RecordVerdict(found.verdict[index])]
        expected = msg("a record without fault at byte {offset}", offset=offset)
        if reason is not None:
            got = reason.got
            expected = msg(
                "{expected} in the field {field} of the record at byte {offset}",
                expected=reason.expected,
                field=reason.field,
                offset=offset,
            )
        problems.append(InputError(str(found.files[found.file[index]].path), None, None, expected, got))
    return problems
