"""What the official lists say, and what machines left that they do not foresee."""

from __future__ import annotations

from collections import Counter

import numpy as np

from protocol.night import CHOICES, ELECTION
from verify.model.amiss import NO_POLL
from verify.model.contests import Unplaced
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.holds import Side
from verify.model.universe import PAPER, SEALING


def unplaced(evidence: LinedEvidence) -> list[Unplaced] | None:
    """Bureaux of constituencies without a list of choices; None without the official one.

    A poll without any list is none of them where the list has choices of a poll that the day does not have.
    """
    if not evidence.contests.official:
        return None
    other_poll = any(each.kind == CHOICES.kind for each in evidence.other_polls)
    return [each for each in evidence.contests.unplaced if each.unit >= 0 or not other_poll]


def named_polls(evidence: LinedEvidence) -> Ints:
    """Numbers of polls that the day does not have and some table names."""
    return np.unique(np.array([each.poll for each in evidence.other_polls if each.poll != NO_POLL], np.int64))


def exports_by_poll(evidence: LinedEvidence) -> Counter[int]:
    """How many exports carry the number of a poll."""
    exports = evidence.exports
    return Counter() if exports is None else Counter(exports.columns["poll"][exports.whole].tolist())


def day_from(evidence: LinedEvidence) -> str:
    """What says which polls the day has."""
    return ELECTION if evidence.election is not None else evidence.universe.source


def machines_on_paper(evidence: LinedEvidence) -> dict[int, Side]:
    """By unit that the list has on paper, what a machine left of it: an export, an image, else a number or a seal."""
    universe, urns, exports = evidence.universe, evidence.urns, evidence.exports
    paper = universe.counting == PAPER
    left: dict[int, Side] = {}
    for name in SEALING:
        for unit in np.flatnonzero(paper & (universe.sealing[name] != "")).tolist():
            left[unit] = universe.side(unit, str(universe.sealing[name][unit]))
    if urns is not None:
        for image in np.flatnonzero(urns.used & _of(paper, urns.unit)).tolist():
            left[int(urns.unit[image])] = urns.side(image, _serial(urns.columns[image]))
    if exports is not None:
        for record in np.flatnonzero(exports.used & _of(paper, exports.unit)).tolist():
            left[int(exports.unit[record])] = exports.side(record, _serial(exports.columns[record]))
    return left


def _of(units: Bools, unit: Ints) -> Bools:
    """For each index of a unit whether that unit is one of some; False for -1."""
    return np.append(units, False)[unit]


def _serial(row: np.void) -> str | None:
    return row["machine_serial"].decode("ascii", "replace") or None
