"""C, continued: what the official lists say, by themselves and against the machines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.night import CHOICES, ELECTION, EXPORTS
from protocol.words import msg
from verify.model.contests import bare
from verify.model.evidence import Evidence
from verify.model.exports import text
from verify.model.figures import Bools, Ints, clock
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.model.universe import PAPER, SEALING

_TAKEN = msg("one is taken for the other")
_UNCHECKED = msg("the votes of these bureaux have not been checked")


def constituencies_unknown(evidence: Evidence) -> Iterator[Finding]:
    """C114: bureaux vote in a constituency of which the list of choices has none. One finding a constituency."""
    contests, universe = evidence.contests, evidence.universe
    if not contests.official:
        return
    for each in contests.unplaced:
        if each.unit < 0 and any(other.kind == CHOICES.file for other in evidence.other_polls):
            continue  # C116 names the poll that has these choices
        source = universe.constituencies_from or (universe.place(each.unit) if each.unit >= 0 else universe.source)
        yield finding(
            "C114",
            Side(source, each.constituency or None),
            Side(contests.source, each.meant or None),
            field="circonscription",
            poll=each.poll,
            case="taken" if each.taken else "",
            details={"bureaux": each.bureaux, "note": _TAKEN if each.taken else _UNCHECKED},
        )


def other_constituency(evidence: Evidence) -> Iterator[Finding]:
    """C115: an export is of another constituency than its bureau, by the official list."""
    exports, universe = evidence.exports, evidence.universe
    if exports is None or not universe.official:
        return
    carried = text(exports.columns["constituency"])
    for column, number in enumerate(evidence.polls):
        rows = np.flatnonzero(exports.used & (exports.poll == column))
        unit, listed = exports.unit[rows], universe.constituency_of(number)
        differs = (carried[rows] != listed[unit]) & (listed[unit] != "") & (carried[rows] != "")
        for row, at in zip(rows[differs].tolist(), unit[differs].tolist(), strict=True):
            ours, theirs = str(carried[row]), str(listed[at])
            if not is_same(ours, theirs, str(universe.insee[at])):
                yield finding(
                    "C115",
                    Side(exports.place(row), ours),
                    Side(universe.place(at), theirs),
                    field="circonscription",
                    insee=str(universe.insee[at]),
                    bureau=str(universe.bureau[at]),
                    poll=number,
                )


def polls_unknown(evidence: Evidence) -> Iterator[Finding]:
    """C116: tables name a poll that the day does not have. One finding for each number, whatever names it."""
    source = ELECTION if evidence.election is not None else evidence.universe.source
    for number in sorted({each.poll for each in evidence.other_polls}):
        named = [each for each in evidence.other_polls if each.poll == number]
        rows = [f"{each.file} ({each.rows})" for each in named]
        if evidence.exports is not None:
            exports = int((evidence.exports.whole & (evidence.exports.columns["poll"] == number)).sum())
            rows += [f"{EXPORTS} ({exports})"] if exports else []
        yield finding(
            "C116",
            Side(named[0].place, str(number)),
            Side(source, ", ".join(map(str, evidence.polls))),
            field="scrutin",
            poll=number,
            details={"rows": ", ".join(rows)},
        )


def machines_on_paper(evidence: Evidence) -> Iterator[Finding]:
    """C117: the list says that a bureau votes on paper, and a machine left an export, an image, or a number for it."""
    universe = evidence.universe
    paper = universe.counting == PAPER
    left: dict[int, Side] = {}
    for name in SEALING:
        for unit in np.flatnonzero(paper & (universe.sealing[name] != "")).tolist():
            left[unit] = Side(universe.place(unit), str(universe.sealing[name][unit]))
    modules, exports = evidence.modules, evidence.exports
    if modules is not None:
        for image in np.flatnonzero(modules.used & _of(paper, modules.unit)).tolist():
            left[int(modules.unit[image])] = Side(modules.place(image), _serial(modules.columns[image]))
    if exports is not None:
        for record in np.flatnonzero(exports.used & _of(paper, exports.unit)).tolist():
            left[int(exports.unit[record])] = Side(exports.place(record), _serial(exports.columns[record]))
    for unit, side in sorted(left.items()):
        yield finding(
            "C117",
            side,
            Side(universe.place(unit), "papier"),
            field="machine",
            insee=str(universe.insee[unit]),
            bureau=str(universe.bureau[unit]),
        )


def panels_doubled(evidence: Evidence) -> Iterator[Finding]:
    """C122: the list of choices has two choices on one panel, or one choice twice."""
    for each in evidence.contests.doubled:
        (first, second), (one, other) = each.places, each.choices
        yield finding(
            "C122",
            Side(first, one),
            Side(second, other),
            field="panneau" if one != other else "choix",
            poll=each.poll,
            details={"panel": each.panel},
        )


def hours_reversed(evidence: Evidence) -> Iterator[Finding]:
    """C123: by the list a bureau closes before it opens. One finding for each pair of hours."""
    universe, election = evidence.universe, evidence.election
    if election is not None and election.opening >= election.closing:
        yield _hours(ELECTION, election.opening, election.closing, len(universe))
    wrong = (universe.opening >= 0) & (universe.closing >= 0) & (universe.opening >= universe.closing)
    pairs = np.unique(np.stack([universe.opening[wrong], universe.closing[wrong]]), axis=1)
    for opening, closing in pairs.T.tolist():
        units = np.flatnonzero(wrong & (universe.opening == opening) & (universe.closing == closing))
        yield _hours(universe.place(int(units[0])), clock(opening), clock(closing), len(units))


def _hours(source: str, opening: str, closing: str, bureaux: int) -> Finding:
    return finding("C123", Side(source, opening), Side(source, closing), field="cloture", details={"bureaux": bureaux})


def _of(units: Bools, unit: Ints) -> Bools:
    """For each index of a unit whether that unit is one of some; False for -1."""
    return np.append(units, False)[unit]


def _serial(row: np.void) -> str | None:
    return row["machine_serial"].decode("ascii", "replace") or None


def is_same(one: str, other: str, insee: str) -> bool:
    """Whether two codes are one: ``2``, ``02``, and with the code of the département before it ``7702``."""
    if bare(one) == bare(other):
        return True
    departments = (insee[:3], insee[:2]) if insee.startswith("97") else (insee[:2],)
    return any(bare(one.removeprefix(each)) == bare(other.removeprefix(each)) != "" for each in departments)


CHECKS: Checks = {
    constituencies_unknown: ("C114",),
    other_constituency: ("C115",),
    polls_unknown: ("C116",),
    machines_on_paper: ("C117",),
    panels_doubled: ("C122",),
    hours_reversed: ("C123",),
}
