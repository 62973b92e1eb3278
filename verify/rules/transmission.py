"""T: do the figures arrive, from the bureau's record to what is published."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg
from verify.columns.counts import counted_signatures
from verify.columns.exchanged import of_another
from verify.columns.machine_votes import machine_votes
from verify.model.choices import match
from verify.model.evidence import Evidence, PublishedLines
from verify.model.figures import MISSING, Figures, Ints, Places, total
from verify.model.findings import Checks, Finding, Found, differ, finding
from verify.model.holds import Side
from verify.model.published import Flaw, Level, Published
from verify.read.published.checks import flaws
from verify.read.published.comparison import compare, parts_only
from verify.read.published.sums import RANK, SUMS, NoSum

_RECORD = (Quantity.VOTES_FOUND, Quantity.BLANK, Quantity.NULL, Quantity.VALID)
"""Published counts and the PV's own name for each."""


def published_against_records(evidence: Evidence) -> Iterator[Found]:
    """T301: published and PV, field by field and choice by choice; what is exchanged is told as that."""
    for lines in evidence.published:
        alone = np.ones(evidence.shape, np.bool_)
        if evidence.votes is not None:
            values, places = evidence.votes.values, evidence.votes.places
            for found, at in _exchanged(evidence, "T301", lines, values, places):
                alone[at] = False
                yield found
            yield from _votes(evidence, "T301", lines, np.where(alone[:, :, None], values, MISSING), places)
        if evidence.records is not None:
            for name in _RECORD:
                yield from differ(evidence, "T301", lines.counted.figures.get(name), evidence.records[name], alone)


def published_signatures(evidence: Evidence) -> Iterator[Found]:
    """T313: signatures as published, and as the sign-in list or the PV has them."""
    for lines in evidence.published:
        published = lines.counted["signatures"]
        figures = Figures("signatures", published.values, published.places)
        yield from differ(evidence, "T313", figures, counted_signatures(evidence))


def published_against_machines(evidence: Evidence) -> Iterator[Found]:
    """T302: published and machine, for bureaux that have no PV."""
    machines = evidence.machines
    if machines is None:
        return
    without = np.ones(evidence.shape, np.bool_) if evidence.records is None else ~evidence.records.present
    valid = Figures(
        "valid", machines.cast.values - np.where(machines.cast.known, machines.blank.values, 0), machines.cast.places
    )
    votes = np.where(without[:, :, None], machine_votes(evidence, machines), MISSING)
    places = machines.cast.places.along(votes.shape[2])
    for lines in evidence.published:
        alone = without.copy()
        for found, at in _exchanged(evidence, "T302", lines, votes, places):
            alone[at] = False
            yield found
        yield from _votes(evidence, "T302", lines, np.where(alone[:, :, None], votes, MISSING), places)
        for name, own in (("votes_found", machines.cast), ("blank", machines.blank), ("valid", valid)):
            yield from differ(evidence, "T302", lines.counted.figures.get(name), own, alone)


def _exchanged(
    evidence: Evidence, code: str, lines: PublishedLines, values: Ints, places: Places
) -> Iterator[tuple[Finding, tuple[int, int]]]:
    """Bureaux whose published row has the votes of another one of their commune, and their unit and poll."""
    published, first, names = lines.votes, places.first(), evidence.universe.bureau
    for poll, number in enumerate(evidence.polls):
        ours, theirs = published.values[:, poll], values[:, poll]
        whole = ((ours >= 0) == (theirs >= 0)).all(axis=1) & (theirs >= 0).any(axis=1)
        wrong = whole & (ours != theirs).any(axis=1)
        for unit, source in of_another(evidence, theirs, ours, whole, wrong):
            other = str(names[source])
            note = msg(" They are the votes of bureau {other}.", other=other)
            left, right = (int(total(votes[unit])) for votes in (ours, theirs))
            yield (
                finding(
                    code,
                    Side(published.places.first().text(unit, poll), left),
                    Side(first.text(unit, poll), right),
                    field="votes",
                    insee=str(evidence.universe.insee[unit]),
                    bureau=str(names[unit]),
                    poll=number,
                    details={"note": note, "other": other},
                ),
                (unit, poll),
            )


def _votes(evidence: Evidence, code: str, lines: PublishedLines, values: Ints, places: Places) -> Iterator[Finding]:
    published = lines.votes
    differs = (published.values >= 0) & (values >= 0) & (published.values != values)
    for unit, poll in np.argwhere(differs.sum(axis=2) == 2).tolist():
        one, other = np.flatnonzero(differs[unit, poll]).tolist()
        ours, theirs = published.values[unit, poll], values[unit, poll]
        if ours[one] == theirs[other] and ours[other] == theirs[one]:
            differs[unit, poll] = False  # told at once
            name = evidence.contests.label(unit, poll, other)
            note = msg(" “{name}” has the other one: an exchange.", name=name)
            yield finding(
                code,
                Side(published.places.text(unit, poll, one), int(ours[one])),
                Side(places.text(unit, poll, one), int(theirs[one])),
                field=evidence.contests.label(unit, poll, one),
                insee=str(evidence.universe.insee[unit]),
                bureau=str(evidence.universe.bureau[unit]),
                poll=evidence.polls[poll],
                details={"note": note, "other": name},
            )
    for unit, poll, choice in np.argwhere(differs).tolist():
        yield finding(
            code,
            Side(published.places.text(unit, poll, choice), int(published.values[unit, poll, choice])),
            Side(places.text(unit, poll, choice), int(values[unit, poll, choice])),
            field=evidence.contests.label(unit, poll, choice),
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
        )


def published_flaws(evidence: Evidence) -> Iterator[Finding]:
    """T306, T307, T308, T310, T320, T321, T322: what a published file shows by itself, at whatever level it is.

    T303, T304 and T305 as well where it has several levels, as a feed.
    Where more rows lack a choice than the file can tell from rows of another contest, the préfecture's list tells.
    """
    for table in evidence.tables:
        found = flaws(table)
        if not any(flaw.code == "T310" for flaw in found):
            yield from _choices_not_published(evidence, table)
        for flaw in found:
            yield _of_flaw(table, flaw)


def _of_flaw(table: Published, flaw: Flaw) -> Finding:
    if flaw.unit < 0:
        place, insee, bureau = flaw.place, flaw.department, ""
        level = Level.DEPARTMENT.value if flaw.department else "file"
    else:
        place, bureau, level = table.place(flaw.unit), str(table.bureau[flaw.unit]), table.level.value
        insee = str(table.insee[flaw.unit]) or str(table.department[flaw.unit])
    return finding(
        flaw.code,
        Side(place, flaw.left),
        Side(flaw.against or place, flaw.right),
        field=flaw.field,
        insee=insee,
        bureau=bureau,
        level=level,
        case=flaw.case,
        details={"sum": flaw.how},
    )


def _choices_not_published(evidence: Evidence, table: Published) -> Iterator[Finding]:
    """T310: choices of the préfecture's list that a row lacks, though it has most of them and other rows have all."""
    if not evidence.contests.official:
        return
    sizes = evidence.contests.sizes()
    for lines in evidence.published:
        if lines.published is not table:
            continue
        there = lines.votes.values != MISSING
        inside = np.arange(there.shape[2]) < sizes[:, :, None]
        if not (inside & ~there & lines.counted.present[:, :, None]).any():
            continue
        somewhere = np.zeros((len(evidence.contests.contests) + 1, there.shape[2]), np.bool_)
        np.logical_or.at(somewhere, evidence.contests.of, there)
        most = 2 * (there & inside).sum(axis=2) > sizes
        lacks = inside & ~there & somewhere[evidence.contests.of] & most[:, :, None]
        for unit, poll, choice in np.argwhere(lacks).tolist():
            place = lines.counted["registered"].places.text(unit, poll)
            yield finding(
                "T310",
                Side(place, None),
                Side(evidence.contests.source, None),
                field=evidence.contests.label(unit, poll, choice),
                insee=str(evidence.universe.insee[unit]),
                bureau=str(evidence.universe.bureau[unit]),
                level=table.level.value,
            )


def published_of_no_poll(evidence: Evidence) -> Iterator[Finding]:
    """T312: of several polls of the day, a published file is of none: it names no choice of any."""
    for published in evidence.of_no_poll:
        choices = dict.fromkeys(choice for contest in evidence.contests.contests for choice in contest.choices)
        yield finding(
            "T312",
            Side(published.file, "; ".join(published.labels[:_NAMED]) or None),
            Side(evidence.contests.source, "; ".join(list(choices)[:_NAMED]) or None),
            field="scrutin",
        )


_NAMED = 4
"""Choices that a finding names."""


def published_against_published(evidence: Evidence) -> Iterator[Finding]:
    """T303, T304, T305, T309, T311: two published files of one contest, of two levels, or two editions of one."""
    for left, right in combinations(evidence.tables, 2):
        if left.file == right.file or not _of_one_contest(left, right):
            continue
        try:
            lowest = compare(left, right)[0]
        except NoSum:
            continue
        code = "T309" if left.level is right.level else SUMS[lowest.level]
        parts = parts_only(lowest.differences, RANK[right.level] - RANK[left.level])
        for difference in lowest.differences:
            if difference.place in parts and difference.field != "registered":
                continue  # told once, by the registered voters
            insee, _, bureau = difference.place.partition("/")
            yield finding(
                "T311" if difference.place in parts else code,
                Side(_row(left, difference.left_row), difference.left),
                Side(_row(right, difference.right_row), difference.right),
                field=difference.field,
                insee=insee if lowest.level in (Level.BUREAU, Level.COMMUNE) else difference.place,
                bureau=bureau if lowest.level is Level.BUREAU else "",
                level=lowest.level.value,
            )


def _of_one_contest(left: Published, right: Published) -> bool:
    if left.round and right.round and left.round != right.round:
        return False
    return _common(left, right) * 2 > max(len(left.labels), len(right.labels))


def _common(left: Published, right: Published) -> int:
    return sum(at is not None for at in match(left.labels, right.labels))


def _row(table: Published, row: int) -> str:
    return f"{table.file}:{row}" if row >= 0 else f"{table.file} (somme)"


CHECKS: Checks = {
    published_against_records: ("T301",),
    published_against_machines: ("T302",),
    published_signatures: ("T313",),
    published_of_no_poll: ("T312",),
    published_flaws: ("T306", "T307", "T308", "T310", "T320", "T321", "T322", "T303", "T304", "T305"),
    published_against_published: ("T303", "T304", "T305", "T309", "T311"),
}
