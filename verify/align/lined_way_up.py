"""The documents of the way up, lined up: rows find their bureaux, sums their places, corrections their figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, quantity_of
from protocol.way_up import CORRECTING, CORRECTIONS, StepUp
from protocol.words import cited, msg, series
from verify.align.lined_counts import Located, line_up_counts
from verify.align.lined_votes import MOST
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Ints
from verify.model.way_up import VOTES, StatedCorrections, StatedSums, WayUp
from verify.read.sheet import Sheet

Index = Callable[[LinedEvidence, EvidenceKind, Sheet], Located]
_STEPS = tuple(StepUp)


def lined_way_up(evidence: LinedEvidence, sheets: Mapping[str, Sheet], index: Index) -> WayUp:
    """All documents that were read.

    Args:
        evidence: with bureaux, polls and contests.
        sheets: by the names that the tables have in the folder of a night.
        index: finds unit and poll of each row of a sheet.
    """
    steps, sums = {}, {}
    columns = VOTES + max((_choices(sheet) for sheet in sheets.values()), default=0)
    for step in StepUp:
        if (sheet := sheets.get(step.file)) is not None:
            steps[step] = line_up_counts(evidence, sheet, index(evidence, step.kind, sheet), step.kind)
        if (sheet := sheets.get(step.sums_file)) is not None:
            sums[step] = _sums(evidence, sheet, columns)
    corrections = None
    if (sheet := sheets.get(CORRECTIONS.file)) is not None:
        corrections = _corrections(evidence, sheet, index(evidence, EvidenceKind.WAY_UP, sheet), columns)
    every = [*(step.file for step in StepUp), CORRECTIONS.file]
    return WayUp(steps, sums, corrections, columns, tuple(name for name in every if name not in sheets))


def _choices(sheet: Sheet) -> int:
    return sum(name.startswith("voix_") for name in sheet.counts)


def _sums(evidence: LinedEvidence, sheet: Sheet, columns: int) -> StatedSums:
    """Sums of polls of the day; a row of another one is a problem."""
    numbers = {str(number): at for at, number in enumerate(evidence.polls)}
    poll = np.array([numbers.get(text, -1) for text in sheet.texts["scrutin"].tolist()], np.int64)
    for row in np.flatnonzero(poll < 0)[:MOST].tolist():
        known = msg("a poll of this day: {polls}", polls=series(evidence.polls))
        got = cited(str(sheet.texts["scrutin"][row]))
        evidence.problems.append(InputError(sheet.file, int(sheet.row[row]), "scrutin", known, got))
    good = poll >= 0
    values = np.full((len(sheet), columns), MISSING, np.int64)
    for at, name in enumerate((*VOTERS, *(f"voix_{number}" for number in range(1, columns - VOTES + 1)))):
        if name in sheet.counts:
            values[:, at] = sheet.counts[name]
    return StatedSums(
        file=sheet.file,
        departement=sheet.texts["departement"][good],
        insee=sheet.texts["insee"][good],
        poll=poll[good],
        values=values[good],
        row=sheet.row[good],
    )


def _corrections(evidence: LinedEvidence, sheet: Sheet, located: Located, columns: int) -> StatedCorrections:
    """What documents say was corrected; a row that does not say where, or of what, is a problem."""
    wanted = {
        "etape": msg("a step that corrects: {steps}", steps=series([step.value for step in CORRECTING])),
        "champ": msg("a column of the tables of the way"),
    }
    steps = {step.value: _STEPS.index(step) for step in CORRECTING}
    found: dict[str, Ints] = {}
    for name, code in (("etape", steps.get), ("champ", partial(_column, columns))):
        cells = sheet.texts[name].tolist()
        found[name] = np.array([-1 if (at := code(cell)) is None else at for cell in cells], np.int64)
        for row in np.flatnonzero(found[name] < 0)[:MOST].tolist():
            where = int(sheet.row[row])
            evidence.problems.append(InputError(sheet.file, where, name, wanted[name], cited(cells[row])))
    before, after = sheet.counts["avant"], sheet.counts["apres"]
    good = located.good & (found["etape"] >= 0) & (found["champ"] >= 0) & (before >= 0) & (after >= 0)
    nothing = np.full(len(sheet), MISSING, np.int64)
    return StatedCorrections(
        file=sheet.file,
        step=found["etape"][good],
        unit=located.unit[good],
        poll=np.asarray(located.poll[good], np.int64),
        column=found["champ"][good],
        before=before[good],
        after=after[good],
        hour=sheet.counts.get("heure", nothing)[good],
        document=sheet.texts["document"][good],
        row=sheet.row[good],
    )


def _column(columns: int, name: str) -> int | None:
    """The place of a column among so many of the widest table; None where there is no such column."""
    if (quantity := quantity_of(name)) in VOTERS and quantity is not None:
        return VOTERS.index(quantity)
    number = name.removeprefix("voix_")
    if name != number and number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= columns - VOTES:
        return VOTES + int(number[:3]) - 1
    return None
