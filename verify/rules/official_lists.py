"""C, continued: what the official lists say, by themselves and against the machines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol.night import ELECTION, EXPORTS
from protocol.words import msg
from verify.columns.needs import (
    Contests,
    DayFrom,
    Election,
    Exports,
    ExportsByPoll,
    MachinesOnPaper,
    OfficialChoices,
    OfficialList,
    OtherPolls,
    Polls,
    Universe,
    UnplacedBureaux,
)
from verify.model.checks import check
from verify.model.contests import is_same_constituency
from verify.model.evidence import NO_POLL
from verify.model.figures import clock
from verify.model.machine_evidence import text
from verify.model.rule_results import Named, One, Side, named, one

NO_CONSTITUENCY = msg("none")
"""Sign on the list of a bureau whose contest is that of the whole election."""
_TAKEN = msg("one is taken for the other")
_UNCHECKED = msg("the votes of these bureaux have not been checked")


@check("C114")
def constituencies_unknown(unplaced: UnplacedBureaux, contests: Contests, universe: Universe) -> Iterator[One]:
    """C114: bureaux vote in a constituency of which the list of choices has none. One finding a constituency."""
    for each in unplaced:
        source = universe.constituencies_from or (universe.place(each.unit) if each.unit >= 0 else universe.source)
        yield one(
            Named(poll=each.poll),
            Side(source, each.constituency or None, piece=universe.side_of_all(None).piece),
            contests.side(each.meant or None),
            field="circonscription",
            case="taken" if each.taken else "",
            bureaux=each.bureaux,
            note=_TAKEN if each.taken else _UNCHECKED,
        )


@check("C115")
def other_constituency(exports: Exports, universe: OfficialList, polls: Polls, contests: Contests) -> Iterator[One]:
    """C115: an export is of another constituency than its bureau, by the official list, or of one that has none."""
    carried, whole = text(exports.columns["constituency"]), contests.undivided()
    for column, number in enumerate(polls):
        rows = np.flatnonzero(exports.used & (exports.poll == column))
        unit, listed = exports.unit[rows], universe.constituency_of(number)
        stated = (listed[unit] != "") | whole[unit, column]
        differs = (carried[rows] != listed[unit]) & stated & (carried[rows] != "")
        for row, at in zip(rows[differs].tolist(), unit[differs].tolist(), strict=True):
            ours, theirs = str(carried[row]), str(listed[at])
            if not is_same_constituency(ours, theirs, str(universe.insee[at])):
                sides = exports.side(row, ours), universe.side(at, theirs or NO_CONSTITUENCY)
                yield one(exports.at(row), *sides, field="circonscription")


@check("C116")
def polls_unknown(other: OtherPolls, exports: ExportsByPoll, source: DayFrom, polls: Polls) -> Iterator[One]:
    """C116: tables name a poll that the day does not have. One finding for each number, whatever names it."""
    for number in sorted({each.poll for each in other} - {NO_POLL}):
        named = [each for each in other if each.poll == number]
        rows = [f"{each.file} ({each.rows})" for each in named]
        rows += [f"{EXPORTS} ({exports[number]})"] if exports[number] else []
        sides = Side(named[0].place, str(number), piece=named[0].kind.piece), Side(source, ", ".join(map(str, polls)))
        yield one(Named(poll=number), *sides, field="scrutin", rows=", ".join(rows))


@check("C117")
def machines_on_paper(left: MachinesOnPaper, universe: Universe) -> Iterator[One]:
    """C117: the list says that a bureau votes on paper, and a machine left an export, an image, or a number for it."""
    for unit, side in left.items():
        yield one((unit, -1), side, universe.side(unit, "papier"), field="machine")


@check("C122")
def panels_doubled(contests: OfficialChoices) -> Iterator[One]:
    """C122: the list of choices has two choices on one panel, or one choice twice."""
    for each in contests.doubled:
        left, right = (Side(*side, piece=contests.piece) for side in zip(each.places, each.choices, strict=True))
        field = "choix" if left.value == right.value else "panneau"
        yield one(Named(poll=each.poll), left, right, field=field, panel=each.panel)


@check("C123")
def legal_hours_reversed(election: Election, universe: Universe) -> Iterator[One]:
    """C123: by the election's own hours every bureau closes before it opens."""
    if "" < election.closing <= election.opening:
        opening, closing = Side(ELECTION, election.opening), Side(ELECTION, election.closing)
        yield _hours(opening, closing, len(universe))


@check("C123")
def hours_reversed(universe: Universe) -> Iterator[One]:
    """C123: by the list a bureau closes before it opens. One finding for each pair of hours."""
    wrong = (universe.opening >= 0) & (universe.closing >= 0) & (universe.opening >= universe.closing)
    pairs = np.unique(np.stack([universe.opening[wrong], universe.closing[wrong]]), axis=1)
    for opening, closing in pairs.T.tolist():
        units = np.flatnonzero(wrong & (universe.opening == opening) & (universe.closing == closing))
        first, last = (universe.side(int(units[0]), clock(hour)) for hour in (opening, closing))
        yield _hours(first, last, len(units))


def _hours(opening: Side, closing: Side, bureaux: int) -> One:
    return one(Named(), named(opening, "ouverture"), closing, field="cloture", bureaux=bureaux)
