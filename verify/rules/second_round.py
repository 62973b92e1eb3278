"""A108: choices that cannot be voted for: withdrawn, not in the first round, or not qualified by it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from protocol.export.terms import choices_digest
from protocol.words import msg
from verify.materiality.kinds import Kind, kind_of
from verify.model.choices import match
from verify.model.contests import Contest
from verify.model.evidence import Evidence
from verify.model.findings import Checks, Finding, finding
from verify.model.first_round import Standing
from verify.model.holds import Side

_LISTS_MERGE = frozenset((Kind.MUNICIPAL_LISTS, Kind.MUNICIPAL_CANDIDATES, Kind.REGIONAL))
"""Elections whose second round may have choices under new names, or new ones."""
_MOST_GONE = 6
"""Of more choices that are gone only one at a time, or all of them, are looked for on a panel."""
_GONE = msg("by the list the candidacy is withdrawn")
_NOT_THERE = msg("this choice was not in the first round")
_NOT_QUALIFIED = msg("the first round does not qualify it")


def withdrawn(evidence: Evidence) -> Iterator[Finding]:
    """A108: a bureau's machine, PV or published row has a choice that is withdrawn; once, with every source of it."""
    sources: dict[tuple[int, int], list[Side]] = {}
    for at, side in (*_on_the_panel(evidence), *_with_votes(evidence)):
        sources.setdefault(at, []).append(side)
    for (unit, poll), (first, *others) in sources.items():
        yield finding(
            "A108",
            first,
            Side(evidence.contests.source, None),
            field="choix",
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            details={"reason": _GONE, "note": "".join(f", {side.source} ({side.value})" for side in others)},
        )


def _on_the_panel(evidence: Evidence) -> Iterator[tuple[tuple[int, int], Side]]:
    """Exports whose digest is that of the préfecture's list with a choice that is withdrawn."""
    lists = {
        index: panels for index, contest in enumerate(evidence.contests.contests) if (panels := _with_gone(contest))
    }
    if not lists or evidence.exports is None:
        return
    exports = evidence.exports
    for record in np.flatnonzero(exports.used).tolist():
        unit, poll = int(exports.unit[record]), int(exports.poll[record])
        panels = lists.get(int(evidence.contests.of[unit, poll]), {})
        some = panels.get(exports.columns["choices_digest"][record].tobytes())
        if some is not None:
            yield (unit, poll), Side(exports.place(record), some)


def _with_gone(contest: Contest) -> dict[bytes, str]:
    """Digests of the list with some of the choices that are gone from it, and these choices' names."""
    gone = contest.gone
    sizes = range(1, len(gone) + 1) if len(gone) <= _MOST_GONE else (1, len(gone))
    found = {}
    for some in (some for size in sizes for some in combinations(gone, size)):
        panel = [choice for choice in contest.listed if choice in contest.choices or choice in some]
        found[choices_digest(panel)] = " + ".join(some)
    return found


def _with_votes(evidence: Evidence) -> Iterator[tuple[tuple[int, int], Side]]:
    """Rows of PVs and of published results with votes for a choice that is withdrawn."""
    sources = [] if evidence.votes is None else [evidence.votes]
    for votes in (*sources, *(lines.votes for lines in evidence.published)):
        for unit, poll, label, place, count in votes.unknown:
            if count > 0 and is_gone(evidence, unit, poll, label):
                yield (unit, poll), Side(place, f"{label} ({count})")


def is_gone(evidence: Evidence, unit: int, poll: int, label: str) -> bool:
    """Whether a label means a choice of a bureau's contest that can no longer be voted for."""
    contest = int(evidence.contests.of[unit, poll])
    return contest >= 0 and match([label], evidence.contests.contests[contest].gone) == [0]


def by_the_first_round(evidence: Evidence) -> Iterator[Finding]:
    """A108: a choice of this second round was not in the first, or its votes there do not qualify it."""
    election, first = evidence.election, evidence.first_round
    if first is None or election is None or election.round != 2:
        return
    polls = {poll.number: poll for poll in election.polls}
    for index, standing in first.contests.items():
        contest = evidence.contests.contests[index]
        kind = kind_of(polls[contest.poll].type)
        if kind is None or kind in _LISTS_MERGE:
            continue
        stood = match(contest.choices, standing.choices)
        for choice, place in zip(contest.choices, stood, strict=True):
            reason = _NOT_THERE if place is None else None
            if place is not None and polls[contest.poll].whole and not _qualified(kind, standing, place, stood):
                reason = _NOT_QUALIFIED
            if reason is not None:
                yield finding(
                    "A108",
                    Side(evidence.contests.source, choice),
                    Side(first.file, standing.votes[place] if place is not None else None),
                    field="choix",
                    poll=contest.poll,
                    level="contest",
                    details={"reason": reason},
                )


def _qualified(kind: Kind, standing: Standing, place: int, stood: list[int | None]) -> bool:
    """Whether a choice may be in the second round; True where the first round's votes are not all known.

    Constitution, article 7: the two that are first once withdrawals are taken into account. Code électoral, L162 and
    L210-1: votes of an eighth of the registered voters, or else the first two.
    """
    votes = standing.votes
    if not votes:
        return True
    ahead = [other for other, count in enumerate(votes) if count > votes[place]]
    if kind is Kind.PRESIDENTIAL:
        return sum(other in stood for other in ahead) < 2
    return len(ahead) < 2 or standing.registered < 0 or votes[place] * 8 >= standing.registered


CHECKS: Checks = {
    withdrawn: ("A108",),
    by_the_first_round: ("A108",),
}
