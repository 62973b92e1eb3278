"""Module images as a layout of dumps: their stored votes, counted again, with the names on the panel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from protocol.arrays import Bools
from protocol.dumps.checks import Checklist
from protocol.dumps.layouts import DumpFile, DumpLayout, DumpReading
from protocol.dumps.tallies import TALLY_LABELS, TallyKind
from protocol.errors import wrong_file
from protocol.export.as_dump import UNIT_PARTS, PollTallies
from protocol.export.record import RecordVerdict
from protocol.opening import Progress
from protocol.urn.checks import FAILS
from protocol.urn.files import UrnReading, read_urn_images
from protocol.urn.image import Section
from protocol.urn.terms import MAGIC, SECTION_LABELS
from protocol.words import Plural, msg, nmsg, series

TAKEN_FOR = msg("module image")
_NO_CLOSING = msg("no closing entry with a right checksum: the votes, counted again, are compared with nothing")
_COUNTS = (msg("the votes in the image"), msg("the machine's closing entry"))
_COUNTED_AGAIN = (msg("figures"), msg("counted again from the stored votes"))


def recognise(head: bytes, name: str) -> bool:
    """Recognise an image by its first bytes, or by its name alone, so that faults of a damaged one are named."""
    return head.startswith(MAGIC) or name.lower().endswith(".urn")


def read(layout: DumpLayout, files: Sequence[Path], below: Path | None, progress: Progress) -> DumpReading:
    """Read module images and count their votes again."""
    found = read_urn_images(files, progress, below)
    columns = found.urns.columns
    usable = np.isin(columns["verdict"], (RecordVerdict.OK, RecordVerdict.VALUE))
    polls = PollTallies(several=bool(columns["choices"][usable, 1:].any()))
    for row in columns[usable]:
        for poll in np.flatnonzero(row["choices"]).tolist():
            labels = found.urns.lists[row["labels"][poll]]
            counts = row["tallies"][poll].tolist(), int(row["blank"][poll]), int(row["cast"][poll])
            polls.add(row, poll + 1, row["constituency"][poll], labels, counts)
    used = {int(found.file[index]) for index in np.flatnonzero(usable).tolist()}
    problems = [
        wrong_file(file.path, file.problem.expected, file.problem.got)
        for file in found.files
        if file.problem is not None
    ]
    for index in np.flatnonzero(~usable).tolist():
        file = found.files[int(found.file[index])]
        problems.append(wrong_file(file.path, TAKEN_FOR, msg("bytes that are none")))
    facts = (_COUNTED_AGAIN,) if usable.any() else ()
    read_of = tuple(
        DumpFile(file.path, file.size, file.sha256, TAKEN_FOR if index in used else "")
        for index, file in enumerate(found.files)
    )
    return DumpReading(
        layout, polls.builder.finish(), read_of, tuple(_checks(found, usable).made), tuple(problems), facts
    )


def _checks(found: UrnReading, usable: Bools) -> Checklist:
    """Check the sections' checksums, both copies of each vote, and the recount against the machine's closing entry."""
    checks, whole, held = Checklist(), 0, 0
    for index in np.flatnonzero(usable).tolist():
        row = found.urns.columns[index]
        unit = "/".join(row[name].decode("latin-1") for name in UNIT_PARTS) if row["insee"] else ""
        of_unit = checks.of(str(found.files[int(found.file[index])].path), unit)
        held += _compare_counts(row, found.urns.lists, of_unit)
        wrong = [SECTION_LABELS[section.name.lower()] for section in Section if row["sections"][section] == FAILS]
        if wrong:
            text = msg("checksum: {sections}", sections=series(wrong))
            of_unit.fails("I106", text)
        else:
            whole += 1
    checks.holds("I106", msg("checksum of each section: no protection against deliberate change"), times=whole)
    checks.holds("M103", msg("votes of a poll, counted again: the same figures as in the closing entry"), times=held)
    return checks


def _compare_counts(row: np.void, labels: Sequence[Sequence[str]], checks: Checklist) -> int:
    """Check that both copies of each vote agree, and that the recount agrees with the machine's closing entry.

    Args:
        row: one image, with `protocol.urn.recount.COLUMNS`.
        labels: the lists of labels that the row points to.
        checks: the checks of its unit.

    Returns:
        The number of polls in which every figure agrees with the closing entry.
    """
    lost, repaired = int(row["unreadable"]), int(row["repaired"])
    if lost or repaired:
        said = (
            nmsg(
                "{count:n} vote readable in neither copy and not counted",
                "{count:n} votes readable in neither copy and not counted",
                lost,
            ),
            nmsg("{count:n} vote read from one copy alone", "{count:n} votes read from one copy alone", repaired),
        )
        checks.fails("I107", series(each for each, count in zip(said, (lost, repaired), strict=True) if count))
    if not row["closed"]:
        checks.not_checked("M103", _NO_CLOSING)
        return 0
    held = 0
    for poll in np.flatnonzero(row["choices"]).tolist():
        names = (msg("votes"), TALLY_LABELS[TallyKind.BLANK], *labels[row["labels"][poll]])
        counted, closed = (
            [row[f"{side}cast"][poll], row[f"{side}blank"][poll], *row[f"{side}tallies"][poll]]
            for side in ("", "closed_")
        )
        differing = [each for each in zip(names, counted, closed, strict=False) if each[1] != each[2]]
        held += not differing
        for name, *figures in differing:
            left, right = (series([Plural(int(figure))]) for figure in figures)
            text = msg("poll {poll}, {name}, counted again", poll=poll + 1, name=name)
            checks.differ("M103", text, (left, right), _COUNTS)
    return held
