"""Choices that are withdrawn and were on a panel all the same, or have votes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from protocol.export.terms import choices_digest
from verify.model.contests import Contest
from verify.model.evidence import LinedEvidence
from verify.model.holds import Side

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
