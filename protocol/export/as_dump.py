"""Result exports as a layout of dumps: tallies by choice number, as an export has no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from protocol.dumps.checks import Checklist
from protocol.dumps.layouts import DumpFile, DumpLayout, DumpReading
from protocol.dumps.tallies import DumpChoice, DumpContest, TallyBuilder, TallyKind
from protocol.errors import FormatError, InputError, wrong_file
from protocol.export.reading import ExportReading
from protocol.export.reading import read as read_exports
from protocol.export.record import RecordVerdict
from protocol.export.terms import INSTEAD, MAGIC
from protocol.opening import Progress
from protocol.words import msg, nmsg

UNIT_PARTS = ("insee", "bureau")
TAKEN_FOR = msg("result export")


def recognise(head: bytes, name: str) -> bool:
    """By the mark of the format; a file that only has the ending of its name is read for what is wrong with it."""
    return head.startswith(MAGIC) or name.lower().endswith(".esf")


def read(layout: DumpLayout, files: Sequence[Path], below: Path | None, progress: Progress) -> DumpReading:
    """Read result exports; only records without fault are counted."""
    found = read_exports(files, progress, below)
    good = found.verdict == RecordVerdict.OK
    polls = PollTallies(several=bool((found.columns["poll"][good] > 1).any()))
    for row in found.columns[good]:
        names = [str(number + 1) for number in range(int(row["choices"]))]
        counts = row["tallies"].tolist(), int(row["blank"]), int(row["cast"])
        polls.add(row, int(row["poll"]), row["constituency"], names, counts)
    counted = Counter(found.file[good].tolist())
    read_of = tuple(
        DumpFile(file.path, file.size, file.sha256, TAKEN_FOR, nmsg("{count:n} record", "{count:n} records", number))
        if (number := counted[index])
        else DumpFile(file.path, file.size, file.sha256, "", msg("no whole record is in it"))
        for index, file in enumerate(found.files)
    )
    return DumpReading(layout, polls.builder.finish(), read_of, tuple(_checks(found).made), tuple(_problems(found)))


class PollTallies:
    """Gathers the votes of polls, of exports and of module images alike.

    Attributes:
        builder: has them.
    """

    def __init__(self, several: bool) -> None:
        self.builder = TallyBuilder(UNIT_PARTS)
        self._several = several
        self._with_roll: set[tuple[int, int]] = set()

    def add(
        self, row: np.void, poll: int, constituency: bytes, names: Sequence[str], counts: tuple[list[int], int, int]
    ) -> None:
        """Add one poll of one module, named by the election's id and the round; where there are several, by its own.

        Args:
            row: the columns of the record or the image.
            poll: its number.
            constituency: of the poll.
            names: of its choices.
            counts: votes of each choice, blank votes, and votes cast.
        """
        election, place = row["election"].decode("latin-1"), constituency.decode("latin-1")
        round_ = int(row["round"])
        told = (election, f"tour {round_}", f"scrutin {poll}" if self._several else "", place)
        builder = self.builder
        unit = builder.unit(*(row[name].decode("latin-1") for name in UNIT_PARTS))
        contest = builder.contest(DumpContest(f"{election}/{round_}/{poll}/{place}", " ".join(filter(None, told))))
        tallies, blank, cast = counts
        for number, (name, votes) in enumerate(zip(names, tallies, strict=False), 1):
            choice = builder.choice(DumpChoice(contest, str(number), name))
            builder.add(unit, contest, TallyKind.CHOICE, votes, choice)
        builder.add(unit, contest, TallyKind.BLANK, blank)
        builder.count(unit, contest, ballots=cast)
        if (unit, contest) not in self._with_roll:  # the parts of a day carry the same roll
            self._with_roll.add((unit, contest))
            builder.count(unit, contest, registered=int(row["registered"]))


def _checks(found: ExportReading) -> Checklist:
    """The checksums, and what each record adds up to."""
    checks = Checklist()
    whole = np.isin(found.verdict, (RecordVerdict.OK, RecordVerdict.VALUE))
    text = msg("checksum of each record (CRC-32): no protection against deliberate change")
    checks.holds("I104", text, times=int(whole.sum()))
    for row in found.columns[whole & ~found.columns["reserved_zero"]]:
        unit = "/".join(row[name].decode("ascii") for name in UNIT_PARTS)
        text = msg(
            "reserved bytes are used: it was made from a damaged image, and is no result, or is of a later version"
        )
        checks.of("", unit).fails("I105", text)
    good = found.columns[found.verdict == RecordVerdict.OK]
    unlike = good["tally_sum"] + good["blank"] != good["cast"]
    text = msg("votes by choice and blank votes against votes cast")
    sources = msg("votes by choice and blank votes"), msg("votes cast")
    for row in good[unlike]:
        votes = int(row["tally_sum"]) + int(row["blank"])
        unit = "/".join(row[name].decode("ascii") for name in UNIT_PARTS)
        checks.of("", unit).differ("M101", text, (str(votes), str(row["cast"])), sources)
    checks.holds("M101", text, times=int((~unlike).sum()))
    return checks


def _problems(found: ExportReading) -> list[InputError]:
    """List unreadable parts and records that are not counted."""
    problems = [wrong_file(found.files[each.file].path, each.expected, each.got) for each in found.problems]
    for index in np.flatnonzero(found.verdict != RecordVerdict.OK).tolist():
        reason: FormatError | None = found.reasons.get(index)
        offset, got = int(found.offset[index]), INSTEAD[RecordVerdict(found.verdict[index])]
        expected = msg("a record without fault at byte {offset}", offset=offset)
        if reason is not None:
            got = reason.got
            expected = msg(
                "{expected} in the field {field} of the record at byte {offset}",
                expected=reason.expected,
                field=reason.field,
                offset=offset,
            )
        problems.append(wrong_file(found.files[found.file[index]].path, expected, got))
    return problems
