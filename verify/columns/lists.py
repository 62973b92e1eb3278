"""The official lists and the identity of the election: contradictions, withdrawn choices, and panels not foreseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from protocol.export.terms import choices_digest
from protocol.night import CHOICES, ELECTION, EXPORTS, URNS
from protocol.words import Message, msg, series
from verify.model.contests import Contest, Unplaced
from verify.model.evidence import NO_POLL, LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.machine_evidence import Identity, expected_identity
from verify.model.rule_results import Side
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
    """Count exports by the number of their poll."""
    exports = evidence.exports
    return Counter() if exports is None else Counter(exports.columns["poll"][exports.whole].tolist())


def day_from(evidence: LinedEvidence) -> str:
    """Name the source that states the polls of the day."""
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


_MOST_GONE = 6
"""Of more choices that are gone only one at a time, or all of them, are looked for on a panel."""


def withdrawn(evidence: LinedEvidence) -> dict[tuple[int, int], list[Side]]:
    """By unit and poll, each machine, PV and published row that has a withdrawn choice."""
    sources: dict[tuple[int, int], list[Side]] = {}
    for at, side in (*_on_the_panel(evidence), *_with_votes(evidence)):
        sources.setdefault(at, []).append(side)
    return sources


def _on_the_panel(evidence: LinedEvidence) -> Iterator[tuple[tuple[int, int], Side]]:
    """Exports whose digest is that of the préfecture's list with a choice that is withdrawn."""
    lists = {
        index: panels for index, contest in enumerate(evidence.contests.contests) if (panels := _with_gone(contest))
    }
    if not lists or evidence.exports is None:
        return
    exports = evidence.exports
    for record in np.flatnonzero(exports.used).tolist():
        at = exports.at(record)
        panels = lists.get(int(evidence.contests.of[at]), {})
        some = panels.get(exports.columns["choices_digest"][record].tobytes())
        if some is not None:
            yield at, exports.side(record, some)


def _with_gone(contest: Contest) -> dict[bytes, str]:
    """Digests of the list with some of the choices that are gone from it, and these choices' names."""
    gone = contest.gone
    sizes = range(1, len(gone) + 1) if len(gone) <= _MOST_GONE else (1, len(gone))
    found = {}
    for some in (some for size in sizes for some in combinations(gone, size)):
        panel = [choice for choice in contest.listed if choice in contest.choices or choice in some]
        found[choices_digest(panel)] = " + ".join(some)
    return found


def _with_votes(evidence: LinedEvidence) -> Iterator[tuple[tuple[int, int], Side]]:
    """Rows of PVs and of published results with votes for a choice that is withdrawn."""
    sources = [] if evidence.votes is None else [evidence.votes]
    for votes in (*sources, *(lines.votes for lines in evidence.published)):
        for unit, poll, label, place, count in votes.unknown:
            if count > 0 and evidence.contests.is_gone(unit, poll, label):
                yield (unit, poll), Side(place, f"{label} ({count})", "choices", votes.places.pieces[0])


def stated_identity(evidence: LinedEvidence) -> tuple[str, Identity] | None:
    """Find the source that states election, date and round, and these; None without one."""
    exports, urns = evidence.exports, evidence.urns
    expected = None if exports is None else expected_identity(exports.columns, exports.whole, evidence.election)
    if expected is None and urns is not None:
        expected = urns.expected
    if expected is None:
        return None
    source = EXPORTS if exports is not None and exports.whole.any() else URNS
    return (ELECTION if evidence.election is not None else source), expected


def identity(election: Identity, polls: Iterable[int]) -> Message:
    """An election as findings show it, with some of its polls."""
    name, date, round_ = election
    return msg(
        "{election} of {date}, round {round}, poll {polls}",
        election=name.decode("ascii", "replace"),
        date=msg("{year:04}-{month:02}-{day:02}", year=date // 10_000, month=date // 100 % 100, day=date % 100),
        round=round_,
        polls=series(numbers, ",") if (numbers := list(polls)) else "-",
    )
