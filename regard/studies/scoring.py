"""Scores of an audit's findings against the known faults of a simulated night: caught, missed, false.

The comparison lives here and not in `verify`, which never opens the truth. The definitions stand in
`docs/studies/matrix.md`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from protocol import night
from protocol.errors import InputError
from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.quantities import VOTERS, Quantity, quantity_of
from protocol.transmission import FEED, FOLDER, STEPS
from protocol.words import Message, cited, msg, nmsg
from verify.model.figures import BLANK, MISSING, UNREADABLE
from verify.model.findings import Finding, Severity
from verify.read.sheet import Sheet, read_sheet
from verify.rulebook.catalogue import rule

Place = tuple[str, str]
"""INSEE code and bureau."""

_FILES: dict[str, tuple[str, ...]] = {
    kind: tuple(each.file.rstrip("/*") for each in EvidenceKind if each.piece is kind)
    for kind in (*DUMPS, EvidenceKind.SIGNATURES, EvidenceKind.RECORDS, EvidenceKind.TABULATION, EvidenceKind.PUBLISHED)
}
"""Beginnings of the sources of findings, by the piece of evidence that the truth names. The day itself is no file."""
_WAY_UP = (f"{FOLDER}/", f"{FEED}/", f"{FEED}.", night.TABULATION.file, "publie.")
"""Likewise of the steps of the way up, each of which later ones copy."""
_COPIED = {"pv": (night.TABULATION.file, "publie."), "recap": ("publie.",)}
_COUNTS = frozenset((*VOTERS, Quantity.VOTES))
"""Later papers copy these counts of earlier ones: what speaks of the copy speaks of the fault."""
_VOTERS = frozenset(
    (
        *(Quantity.SIGNATURES, Quantity.VOTES_FOUND, Quantity.NULL, Quantity.VALID),
        *("cast", "voters", "enablings", "zero_sum"),
    )
)
_HOUR = re.compile(r"[0-9]{2}h")
"""The field of a finding on the voters at a full hour, which is a count of voters as well."""
_DAY = {
    "votes": _VOTERS,
    "emargements": _VOTERS,
    "annulations": frozenset({"enablings"}),
    "ouverture": frozenset({"ouverture", "opening"}),
    "cloture": frozenset({"cloture", "closing"}),
    "date": frozenset({"zero_check", "opening", "closing", "export", "log"}),
}
"""Subject that a finding needs to concern a fault of the day, by the field that the truth names: here any count of
voters. Nothing is about a field that is not here, such as the choice that somebody meant."""
_GAP = ("jour", "votes - emargements")
_INTO_GAP = {("jour", "votes"): 1, ("jour", "emargements"): -1, ("emargements", Quantity.SIGNATURES): -1}
"""Counts of voters that are held against each other: their effects make one, that on votes less signatures."""
_AGAINST_ZERO = frozenset({"R209", "R215"})
"""Rules whose left figure should not be there at all; the right one is of something else."""
_NO_FIGURES = (BLANK, MISSING, UNREADABLE)


@dataclass(frozen=True, slots=True)
class TruthLine:
    """One line of `verite.csv`; ``effect`` in votes, None where the field is no count; ``poll`` by its number."""

    fault: str
    insee: str
    bureau: str
    piece: str
    field: str
    effect: int | None
    poll: str


class FaultOutcome(Enum):
    """Result of one fault in one bureau."""

    CAUGHT = "caught"
    SEEN = "seen"
    MISSED = "missed"
    CANCELLED = "cancelled"


def count_outcome(outcome: FaultOutcome, count: int) -> Message:
    """Number of faults with that result."""
    return {
        FaultOutcome.CAUGHT: nmsg("{count:n} caught", "{count:n} caught", count),
        FaultOutcome.SEEN: nmsg("{count:n} seen", "{count:n} seen", count),
        FaultOutcome.MISSED: nmsg("{count:n} missed", "{count:n} missed", count),
        FaultOutcome.CANCELLED: nmsg("{count:n} cancelled", "{count:n} cancelled", count),
    }[outcome]


@dataclass(frozen=True, slots=True)
class Instance:
    """One fault in one bureau: its outcome, the codes of the findings that concern it, and those of screens (P)."""

    fault: str
    insee: str
    bureau: str
    outcome: FaultOutcome
    codes: tuple[str, ...]
    screens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The truth of one night compared with one audit.

    Attributes:
        instances: every fault in every bureau that it struck, in the order of the truth.
        false: findings, screens apart, where there is no fault.
        false_screens: screens that name a bureau without a fault, or a commune without one.
    """

    instances: tuple[Instance, ...]
    false: tuple[Finding, ...]
    false_screens: tuple[Finding, ...]


def read_truth(path: Path) -> list[TruthLine]:
    """The lines of a `verite.csv`.

    Raises:
        InputError: it cannot be read, or a cell is not what belongs there.
    """
    return truth_in(read_sheet(path, night.TRUTH, path.parent))


def truth_in(sheet: Sheet) -> list[TruthLine]:
    """The lines of a `verite.csv` that was read.

    Raises:
        InputError: a cell is not what belongs there.
    """
    if sheet.problems:
        raise sheet.problems[0]
    columns = (
        sheet.texts[name].tolist() for name in ("faute", "insee", "bureau", "piece", "champ", "effet", "scrutin")
    )
    lines = []
    for row, (fault, insee, bureau, piece, column, effect, poll) in zip(
        sheet.row.tolist(), zip(*columns, strict=True), strict=True
    ):
        field = column if piece == "jour" else quantity_of(column) or column  # the day itself has no columns of a file
        lines.append(TruthLine(fault, insee, bureau, piece, field, _effect(sheet.file, row, effect), poll))
    return lines


def _effect(file: str, row: int, text: str) -> int | None:
    digits = text.removeprefix("-").removeprefix("+")
    if not text:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
        raise InputError(file, row, "effet", msg("a signed whole number, or nothing"), cited(text))
    return int(text)


def score(truth: Sequence[TruthLine], findings: Iterable[Finding], bureaux: Collection[Place]) -> Score:
    """Hold the truth of a night against the findings of an audit.

    Args:
        truth: the lines of its `verite.csv`.
        findings: of the audit. Coverage (C111) and what it could change (V) say nothing of a fault and are passed over.
        bureaux: all bureaux of the official list; a finding that names another one is about its commune.
    """
    scored = [found for found in findings if found.code != "C111" and found.code[0] != "V"]
    plain = [found for found in scored if found.code[0] != "P"]
    screens = [found for found in scored if found.code[0] == "P"]
    by_place = _by_place(plain, bureaux)
    screens_by_place = _by_place(screens, bureaux)
    nets = net_effects(truth)
    instances = []
    for (fault, insee, bureau), lines in instances_of(truth).items():
        here = by_place[insee, bureau]
        wider = [*by_place[insee, ""], *by_place["", ""]]
        concerning = _concerning(lines, here) + _concerning(lines, wider, named=True)
        instances.append(
            Instance(
                fault=fault,
                insee=insee,
                bureau=bureau,
                outcome=_outcome(lines, nets, concerning),
                codes=tuple(sorted({found.code for found in concerning})),
                screens=tuple(sorted({found.code for found in screens_by_place[insee, bureau]})),
            )
        )
    return Score(tuple(instances), tuple(_false(truth, by_place)), tuple(_false(truth, screens_by_place)))


def instances_of(truth: Sequence[TruthLine]) -> dict[tuple[str, str, str], list[TruthLine]]:
    """The lines of each fault in each bureau, in the order of the truth."""
    found: dict[tuple[str, str, str], list[TruthLine]] = {}
    for line in truth:
        found.setdefault((line.fault, line.insee, line.bureau), []).append(line)
    return found


def _by_place(findings: Iterable[Finding], bureaux: Collection[Place]) -> defaultdict[Place, list[Finding]]:
    """Findings by bureau; those above it by commune (``(insee, "")``) or together (``("", "")``)."""
    communes = {insee for insee, _ in bureaux}
    found: defaultdict[Place, list[Finding]] = defaultdict(list)
    for each in findings:
        if (each.insee, each.bureau) in bureaux:
            found[each.insee, each.bureau].append(each)
        else:
            found[each.insee if each.insee in communes else "", ""].append(each)
    return found


Count = tuple[str, str, str]
"""A poll, a piece of evidence and a count in it."""


def _count(line: TruthLine) -> tuple[Count, int]:
    """Count and sign of a line's effect."""
    sign = _INTO_GAP.get((line.piece, line.field))
    return ((line.poll, line.piece, line.field), 1) if sign is None else ((line.poll, *_GAP), sign)


def net_effects(truth: Iterable[TruthLine]) -> dict[tuple[Place, Count], int]:
    """The sum of all effects on each count of each bureau; votes and signatures are one count, their difference."""
    nets: defaultdict[tuple[Place, Count], int] = defaultdict(int)
    for line in truth:
        if line.effect is not None:
            count, sign = _count(line)
            nets[(line.insee, line.bureau), count] += sign * line.effect
    return dict(nets)


def _concerning(lines: Sequence[TruthLine], findings: Sequence[Finding], named: bool = False) -> list[Finding]:
    """Findings that speak of what the lines name; with ``named`` only those with a source in that piece of evidence."""
    return [found for found in findings if any(speaks_of(found, line, named) for line in lines)]


def speaks_of(found: Finding, line: TruthLine, named: bool) -> bool:
    """Check that a finding concerns the subject of a line; with ``named`` by a source in that piece of evidence."""
    of_step = line.piece == FEED or line.piece.partition(".")[0] in STEPS
    files = _WAY_UP if of_step else _FILES.get(line.piece)
    if files is None:
        about = _DAY.get(line.field, frozenset())
        return not named and (found.field in about or (about is _VOTERS and bool(_HOUR.fullmatch(str(found.field)))))
    if line.field in _COUNTS:
        files += _COPIED.get(line.piece, ())
    if any(side.source.startswith(files) for side in (found.left, found.right)):
        return True
    of = rule(found.code)
    return not named and line.piece in (*of.needs, *of.absence)


def _outcome(
    lines: Sequence[TruthLine],
    nets: dict[tuple[Place, Count], int],
    concerning: Sequence[Finding],
) -> FaultOutcome:
    place = lines[0].insee, lines[0].bureau
    counts = {_count(line)[0] for line in lines if line.effect is not None}
    due = {abs(nets[place, count]) for count in counts} - {0}
    if counts and not due and all(line.effect is not None for line in lines):
        return FaultOutcome.CANCELLED
    if not concerning:
        return FaultOutcome.MISSED
    return FaultOutcome.CAUGHT if due <= _sizes(concerning) else FaultOutcome.SEEN


def _sizes(findings: Sequence[Finding]) -> set[int]:
    """By how much figures of one bureau differ: each finding's, and the sum over those of each rule in each poll."""
    sizes: set[int] = set()
    sums: defaultdict[tuple[str, int], int] = defaultdict(int)
    for found in findings:
        left, right = found.left.value, found.right.value
        if found.code in _AGAINST_ZERO:
            right = 0
        gap = found.details.get("gap")
        if isinstance(gap, int) and gap not in _NO_FIGURES:
            sizes.add(abs(gap))
        if isinstance(left, int) and isinstance(right, int) and left not in _NO_FIGURES and right not in _NO_FIGURES:
            sizes.add(abs(left - right))
            sums[found.code, found.poll] += left - right
    return sizes | {abs(sum_) for sum_ in sums.values()}


def _false(truth: Sequence[TruthLine], by_place: dict[Place, list[Finding]]) -> Iterable[Finding]:
    """Findings of a bureau, a commune or a night in which there is no fault."""
    struck = {(line.insee, line.bureau) for line in truth}
    struck |= {(line.insee, "") for line in truth} | ({("", "")} if truth else set())
    for place, findings in by_place.items():
        if place not in struck:
            yield from findings


def grave(findings: Iterable[Finding]) -> int:
    """Count the errors and warnings."""
    return sum(found.severity >= Severity.WARNING for found in findings)
