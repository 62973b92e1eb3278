"""R, continued: the PV by itself, against the centralising record, and between the polls of one day."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import numpy as np

from protocol.words import msg
from verify.columns.counts import signatures, votes_found
from verify.model.evidence import Evidence
from verify.model.exports import Exports
from verify.model.figures import BLANK, Figures, clock, hits
from verify.model.findings import Checks, Finding, Found, differ, finding, where
from verify.model.holds import Side


def registered(evidence: Evidence) -> Iterator[Found]:
    """R211: registered voters differ between the official list and another source; rolls do move between rounds.

    Without an official list they are compared with the first source that knows them.
    """
    universe = evidence.universe
    sources = [evidence.signatures, evidence.records]
    if evidence.records is None:  # beside the PVs the centralising record is held against them: R214
        sources.append(evidence.tabulation)
    others = [counted["registered"] for counted in sources if counted is not None]
    if evidence.machines is not None:
        others.append(evidence.machines.registered)
    others += [lines.counted["registered"] for lines in evidence.published]
    values = np.broadcast_to(universe.registered[:, None], evidence.shape)
    listed = Figures("registered", values, universe.places(len(evidence.polls)))
    if not universe.official and others:
        listed = reduce(Figures.or_else, others)
    for other in others:
        yield from differ(evidence, "R211", listed, other)
    if evidence.exports is not None:
        yield from _other_parts(evidence, evidence.exports, listed)


def _other_parts(evidence: Evidence, exports: Exports, listed: Figures) -> Iterator[Finding]:
    """R211 for the parts of a bureau's day that another part does not speak for: modules are programmed one by one."""
    used = np.flatnonzero(exports.used)
    several = exports.parts[exports.unit[used], exports.poll[used]] > 1
    for record in used[several].tolist():
        at = int(exports.unit[record]), int(exports.poll[record])
        value, due = int(exports.columns["registered"][record]), int(listed.values[at])
        if due >= 0 and value not in (due, int(exports.registered.values[at])):
            yield finding(
                "R211",
                Side(listed.places.text(*at), due),
                Side(exports.place(record), value),
                field="registered",
                insee=str(evidence.universe.insee[at[0]]),
                bureau=str(evidence.universe.bureau[at[0]]),
                poll=evidence.polls[at[1]],
            )


def tabulated(evidence: Evidence) -> Iterator[Found]:
    """R214: the commune's centralising record shows other figures for a bureau than its PV does."""
    if evidence.tabulation is None or evidence.records is None:
        return
    records = evidence.records
    found, signed = records["votes_found"], records["signatures"]
    both = found.known & signed.known
    gap = {"gap": Figures("gap", np.where(both, found.values - signed.values, 0), found.places)}
    for name in ("registered", "signatures", "votes_found", "blank", "null", "valid"):
        left, right = evidence.tabulation[name], records[name]
        mask = left.known & right.known & (left.values != right.values)
        yield from where(evidence, "R214", mask, left, right, details=gap)


def blank_and_null(evidence: Evidence) -> Iterator[Found]:
    """R215: a machine's blank votes stand among the nulls of the PV, and its blanks are none."""
    if evidence.records is None or evidence.machines is None:
        return
    blank, null, machine = evidence.records["blank"], evidence.records["null"], evidence.machines.blank
    mask = (machine.values > 0) & (null.values == machine.values) & (blank.values == 0)
    yield from where(evidence, "R215", mask, null, machine)


def one_hand(evidence: Evidence) -> Iterator[Finding]:
    """R217: both counts of a commune are from one file and equal in every bureau: not two independent counts."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if signed is None or found is None or (evidence.election is not None and evidence.election.rehearsed):
        return
    if evidence.signatures is not None or evidence.machines is not None:
        return
    known = (signed.known & found.known).any(axis=1)
    equal = np.where(signed.known & found.known, signed.values == found.values, True).all(axis=1)
    communes, inverse = np.unique(evidence.universe.insee, return_inverse=True)
    bureaux = np.bincount(inverse, known, len(communes)).astype(np.int64)
    gaps = np.bincount(inverse, known & ~equal, len(communes)).astype(np.int64)
    for index in np.flatnonzero((bureaux >= evidence.thresholds.one_hand_bureaux) & (gaps == 0)).tolist():
        first = int(np.flatnonzero((inverse == index) & known)[0])
        poll = int(np.flatnonzero(signed.known[first])[0])
        yield finding(
            "R217",
            Side(signed.places.text(first, poll), int(bureaux[index])),
            Side(found.places.text(first, poll), 0),
            field="signatures",
            insee=str(communes[index]),
        )


def missing_times(evidence: Evidence) -> Iterator[Finding]:
    """R219: the PV leaves the time of opening or of closing blank."""
    if evidence.records is None:
        return
    for name in ("ouverture", "cloture"):
        stated = evidence.records[name]
        for unit, poll in zip(*hits(stated.values == BLANK), strict=True):
            place = stated.places.text(unit, poll)
            yield finding(
                "R219",
                Side(place, None),
                Side(place, "HH:MM"),
                field=name,
                insee=str(evidence.universe.insee[unit]),
                bureau=str(evidence.universe.bureau[unit]),
                poll=evidence.polls[poll],
            )


def times_reversed(evidence: Evidence) -> Iterator[Finding]:
    """R225: by its PV a bureau closed before it opened."""
    if evidence.records is None:
        return
    opening, closing = evidence.records["ouverture"], evidence.records["cloture"]
    for unit, poll in zip(*hits(opening.known & closing.known & (opening.values >= closing.values)), strict=True):
        place = opening.places.text(unit, poll)
        yield finding(
            "R225",
            Side(place, clock(int(opening.values[unit, poll]))),
            Side(place, clock(int(closing.values[unit, poll]))),
            field="cloture",
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
        )


def proxies(evidence: Evidence) -> Iterator[Found]:
    """R220: more proxies than signatures; a proxy holder signs for each voter represented."""
    signed = evidence.once(signatures)
    if signed is None:
        return
    given = [] if evidence.records is None else [evidence.records["proxies"]]
    given += [lines.counted["proxies"] for lines in evidence.published]
    noted = np.zeros(evidence.shape, np.bool_)
    for each in given:
        mask = each.known & signed.known & (each.values > signed.values) & ~noted
        noted |= mask
        yield from where(evidence, "R220", mask, Figures("proxies", each.values, each.places), signed)


def between_polls(evidence: Evidence) -> Iterator[Finding]:
    """R221: signatures or votes of two polls of one day differ, without a remark in their PVs where these are there."""
    there, mentioned = np.zeros(evidence.shape, np.bool_), np.zeros(evidence.shape, np.bool_)
    if evidence.records is not None:
        there, mentioned = evidence.records.present, evidence.records.present & evidence.records.mentioned
    for figures in (evidence.once(signatures), evidence.once(votes_found)):
        if figures is None:
            continue
        for poll in range(1, len(evidence.polls)):
            first, other = figures.values[:, 0], figures.values[:, poll]
            both = there[:, 0] & there[:, poll]
            mask = (first >= 0) & (other >= 0) & (first != other) & ~mentioned[:, 0] & ~mentioned[:, poll]
            for unit in np.flatnonzero(mask).tolist():
                yield finding(
                    "R221",
                    Side(figures.places.text(unit, 0), int(first[unit])),
                    Side(figures.places.text(unit, poll), int(other[unit])),
                    field=figures.name,
                    insee=str(evidence.universe.insee[unit]),
                    bureau=str(evidence.universe.bureau[unit]),
                    poll=evidence.polls[poll],
                    case="" if both[unit] else "unrecorded",
                    details={"first": evidence.polls[0], "note": _SILENT if both[unit] else ""},
                )


_SILENT = msg(", without a remark in the PVs")

CHECKS: Checks = {
    registered: ("R211",),
    tabulated: ("R214",),
    blank_and_null: ("R215",),
    one_hand: ("R217",),
    missing_times: ("R219",),
    times_reversed: ("R225",),
    proxies: ("R220",),
    between_polls: ("R221",),
}
