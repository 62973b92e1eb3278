"""Counts given as rows, lined up with bureaux and polls; of a bureau in several files each says what others lack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, quantity_of
from protocol.transmission import CORRECTING, CORRECTIONS, StepUp
from protocol.words import Text, cited, msg, series, without_accents
from verify.align.lined_votes import MOST
from verify.align.rows import Rows, repeat
from verify.model.bureau_codes import Coded
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import MISSING, Bools, Figures, Ints, Places, Texts, once
from verify.model.table_faults import Repeat, Twice
from verify.model.transmission import VOTES, StatedCorrections, StatedSums, WayUp
from verify.read.counts import parse_count
from verify.read.sheet import Sheet, spots_of

_TIMES = 8
"""So often one file can name a bureau again, and figures are still compared."""
_HOUR = re.compile(r"emargements_([0-9]{2})h")


@dataclass(frozen=True, slots=True)
class Located:
    """The rows of a sheet: unit and poll of each, -1 for none, and which of them have both; shape ``(n,)``."""

    unit: Ints
    poll: Ints
    good: Bools


def line_up_counts(evidence: LinedEvidence, sheet: Sheet, located: Located, kind: EvidenceKind) -> Counted:
    """The counts of a sheet of some evidence by unit and poll.

    Of several rows of one bureau in one file the first counts, and each other one is among the repeats. Rows of several
    files, or sheets of a workbook, are taken together: what the first does not say, the others do. Where two rows say
    different counts, `LinedEvidence.twice` has both.
    """
    spots, at = spots_of(sheet), _places(evidence, located)
    kinds = (kind,) * len(spots.files)
    spot = np.broadcast_to(np.int64(0), len(sheet)) if spots.of is None else spots.of

    def standing(some: Rows, row: Ints) -> Places:
        return Places(spots.files, some.lined(spot, -1), some.lined(row, -1), kinds, spots.parts)

    def figures(some: Rows) -> dict[str, Figures]:
        places = standing(some, sheet.row)
        return {
            name: Figures(
                name,
                some.lined(values, MISSING),
                standing(some, sheet.lines[name]) if name in sheet.lines else places,
            )
            for name, values in (*sheet.counts.items(), *hours.items())
        }

    hours = {name: _parse_counts(sheet.extra[name]) for name in sheet.extra if _HOUR.fullmatch(name)}
    rows = Rows(at, np.flatnonzero(located.good), evidence.shape)
    counted, pieces = figures(rows), [rows]
    before = rows.named_before(sheet.piece_of)
    repeated, further = rows.again[before], rows.again[~before]
    for piece in np.unique(sheet.piece_of[further]).tolist():
        pieces.append(Rows(at, further[sheet.piece_of[further] == piece], evidence.shape))
        for name, other in figures(pieces[-1]).items():
            if name not in hours and _differ(counted[name], other).any():
                evidence.twice.append(Twice(counted[name], other))
            counted[name] = counted[name].or_else(other)
    for piece in np.unique(sheet.piece_of[repeated]).tolist():
        again = repeated[sheet.piece_of[repeated] == piece]
        told = np.zeros(len(sheet), np.bool_)
        for part in _apart(at, again):
            for name, other in figures(Rows(at, part, evidence.shape)).items():
                differs = np.zeros(evidence.shape, np.bool_) if name in hours else _differ(counted[name], other)
                if differs.any():
                    told[part] |= differs.ravel()[at[part]]
                    evidence.twice.append(Twice(counted[name], other))
        evidence.repeats.append(_repeat(sheet, again, told[again], len(evidence.polls) > 1))
    evidence.hourly |= {int(name[-3:-1]): counted.pop(name) for name in hours}
    said = _said(sheet)
    mentioned_by = (
        np.ones(evidence.shape, np.bool_) if said is None else _any([each.lined(said, False) for each in pieces])
    )
    present = _any([each.lined(np.ones(len(sheet), np.bool_), False) for each in pieces])
    return Counted(counted, present, mentioned_by, _remarks(sheet, located, said))


def _parse_counts(cells: Texts) -> Ints:
    return np.array([parse_count(cell) for cell in cells.tolist()], np.int64)


def _differ(first: Figures, other: Figures) -> Bools:
    """Mark where both are known, and not the same."""
    return np.asarray(first.known & other.known & (first.values != other.values), np.bool_)


def _any(masks: Sequence[Bools]) -> Bools:
    return masks[0] if len(masks) == 1 else np.logical_or.reduce(masks)


def _remarks(sheet: Sheet, located: Located, said: Bools | None) -> dict[tuple[int, int], str]:
    """The remarks that mention a gap, by unit and poll."""
    if said is None:
        return {}
    rows = np.flatnonzero(said & located.good & (sheet.texts["observations"] != ""))[::-1]  # the first row stays
    cells = zip(located.unit[rows].tolist(), located.poll[rows].tolist(), strict=True)
    return dict(zip(cells, sheet.texts["observations"][rows].tolist(), strict=True))


def _said(sheet: Sheet) -> Bools | None:
    """Mark the rows that mention a gap, and all those of a piece that has no remarks; None where none can be missed."""
    silent = np.array([not piece.remarks for piece in sheet.pieces], np.bool_)
    if "observations" not in sheet.texts or silent.all():
        return None
    said = mentioned(sheet.coded("observations"))
    return np.asarray(said | silent[sheet.piece_of], np.bool_) if silent.any() else said


def _repeat(sheet: Sheet, rows: Ints, told: Bools, several: bool) -> Repeat:
    """Rows of one piece that name a bureau again; and of which of them other findings say both figures.

    Where the day has ``several`` polls they say which one.
    """

    def named(at: int) -> Text:
        place: Text = f"{sheet.texts['insee'][rows[at]]} {sheet.texts['bureau'][rows[at]]}"
        if several:
            place = msg("{codes}, poll {poll}", codes=place, poll=str(sheet.texts["scrutin"][rows[at]]))
        return msg("{place} again", place=place)

    return repeat(sheet.shown(int(rows[0])), "bureau", msg("each bureau once"), sheet.row[rows], named, told)


def _places(evidence: LinedEvidence, located: Located) -> Ints:
    """The index of each row's unit and poll among all of them."""
    polls = len(evidence.polls)
    return located.unit if polls == 1 else located.unit * polls + located.poll


def _apart(at: Ints, rows: Ints) -> Iterator[Ints]:
    """Rows in parts that have each unit and poll once; of very many not all."""
    for _ in range(_TIMES):
        if len(rows):
            first, again = once(at[rows])
            yield rows[first]
            rows = rows[again]


def unknown_poll(evidence: LinedEvidence, sheet: Sheet, row: int) -> InputError:
    """Report a row of a poll that is none of the day's."""
    known = msg("a poll of this day: {polls}", polls=series(evidence.polls))
    return InputError(sheet.shown(row), int(sheet.row[row]), "scrutin", known, cited(str(sheet.texts["scrutin"][row])))


_WORDS = re.compile(
    r"emarg|ecart|differen|signat|\bsign[ea]|discrepan|\bgaps?\b|\b(en|de) (plus|moins|trop)\b|manqu|surplus|exced"
    r"|defici|deux fois|double|sans (avoir )?(vot|valid|sign)|(pas|point|jamais) (vot|valid|sign|emarg)|oubli|omis"
    r"|erreur|anomal|incident|quitt|parti\b"
    r"|(electeur|electrice|votant|personne|sont|etaient)s? (sont )?parti[es]+\b|depart\b"
    r"|abandon|\bannexe|ci-joint|not? (vot|sign)|without (vot|sign|valid)|twice|missing|left the"
)


def mentions_gap(remark: str) -> bool:
    """Test whether a remark has a word that stands for a gap between signatures and votes, or for what causes one."""
    return _WORDS.search(without_accents(remark)) is not None


def mentioned(remarks: Coded) -> Bools:
    """`mentions_gap` for a column of remarks, shape ``(n,)``; each text is looked at once."""
    said = np.array([mentions_gap(remark) for remark in remarks.labels], np.bool_)
    return np.asarray(said[remarks.codes], np.bool_)


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
    evidence.problems += (unknown_poll(evidence, sheet, row) for row in np.flatnonzero(poll < 0)[:MOST].tolist())
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
    """Read corrections in documents; a row that does not say where, or of what, is a problem."""
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
