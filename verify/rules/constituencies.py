"""A115: the constituency that a machine was programmed for is not the one that the lists have for its bureau."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.evidence import Evidence
from verify.figures import Bools, Ints, Texts
from verify.findings import Checks, Finding, Side, finding
from verify.lines.exports import text
from verify.lines.joins import coded


def other_constituency(evidence: Evidence) -> Iterator[Finding]:
    """A115: one finding for each constituency that stands in place of another, with the first place and how many."""
    found: dict[tuple[int, str, str], list[tuple[int, str]]] = {}
    for poll, carried, due, unit, place in (*_of_exports(evidence), *_of_urns(evidence)):
        found.setdefault((poll, carried, due), []).append((unit, place))
    for (poll, carried, due), places in found.items():
        units, (unit, place) = {each for each, _ in places}, places[0]
        alone = len(units) == 1
        source = evidence.universe.place(unit) if evidence.universe.official else evidence.contests.source
        yield finding(
            "A115",
            Side(place, carried or None),
            Side(source, due),
            field="constituency",
            insee=str(evidence.universe.insee[unit]) if alone else "",
            bureau=str(evidence.universe.bureau[unit]) if alone else "",
            poll=evidence.polls[poll],
            level="bureau" if alone else "contest",
            details={"times": len(units)},
        )


Wrong = tuple[int, str, str, int, str]
"""Index of the poll, the constituency carried, the one that is due, index of the bureau, the place."""


def _of_exports(evidence: Evidence) -> Iterator[Wrong]:
    exports = evidence.exports
    if exports is None:
        return
    used = np.flatnonzero(exports.used)
    unit, poll = exports.unit[used], exports.poll[used]
    carried = text(exports.columns["constituency"][used])
    due, wrong = _wrong(evidence, unit, poll, carried)
    for at in np.flatnonzero(wrong).tolist():
        yield int(poll[at]), str(carried[at]), str(due[at]), int(unit[at]), exports.place(int(used[at]))


def _of_urns(evidence: Evidence) -> Iterator[Wrong]:
    """Of urns that have no export with the same constituency."""
    modules, exports = evidence.modules, evidence.exports
    if modules is None:
        return
    for poll, number in enumerate(evidence.polls):
        record = modules.export[:, number - 1]
        raw = np.ascontiguousarray(modules.columns["constituency"][:, number - 1])
        there = modules.used & (modules.columns["choices"][:, number - 1] > 0)
        if exports is not None and len(exports.columns):
            there &= (record < 0) | (exports.columns["constituency"][record] != raw)
        used = np.flatnonzero(there)
        unit, carried = modules.unit[used], text(raw[used])
        due, wrong = _wrong(evidence, unit, np.full(len(used), poll), carried)
        for at in np.flatnonzero(wrong).tolist():
            yield poll, str(carried[at]), str(due[at]), int(unit[at]), modules.place(int(used[at]))


def _wrong(evidence: Evidence, unit: Ints, poll: Ints, carried: Texts) -> tuple[Texts, Bools]:
    """The constituency that is due, and where another one is carried.

    Due is that of the contest; of a contest of the whole election the bureau's own, or none at all. Where no list says
    anything, nothing is due.
    """
    contests, universe = evidence.contests, evidence.universe
    of_contests = np.array([contest.constituency if contests.official else "" for contest in contests.contests] + [""])
    of_contest = of_contests[contests.of[unit, poll]]
    of_bureau = universe.constituency[unit] if universe.official else np.full(len(unit), "")
    due = np.where(of_contest != "", of_contest, of_bureau)
    wrong = (due != "") & ((carried != "") | (of_contest != ""))
    return due, np.asarray(wrong & (_bare(carried) != _bare(due)), np.bool_)


def _bare(codes: Texts) -> Texts:
    """Codes without the zeros that they begin with: ``2`` and ``02`` are one constituency."""
    different, code = coded(codes)
    return np.array([each.strip().casefold().lstrip("0") for each in different] or [""])[code]


CHECKS: Checks = {other_constituency: ("A115",)}
