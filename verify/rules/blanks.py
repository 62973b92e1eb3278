"""C, continued: what a table leaves out, cell by cell: blank counts, empty columns, choices without a row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from protocol import night
from protocol.quantities import VOTERS, Quantity
from protocol.words import msg, series
from verify.model.evidence import Counted, Evidence, Votes
from verify.model.field_names import field_label
from verify.model.figures import BLANK, MISSING, Bools, Places
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.model.universe import MACHINE

_SIGNED = (Quantity.REGISTERED, Quantity.SIGNATURES)
_MOST_NAMED = 6
"""Choices that a finding names."""
_CHOICES = msg("choices of this bureau")
_BUREAUX = msg("bureaux for this choice")


def counts_blank(evidence: Evidence) -> Iterator[Finding]:
    """C120: a row leaves counts blank; null votes may be, as a machine takes none. C105 has the sign-in list's own."""
    for kind, file, counted, names in _tables(evidence):
        blank = {name: _blank(evidence, counted, name) for name in names}
        for name in names:
            if is_empty(evidence, counted, name) or (file, name) == (night.SIGNATURES.file, "signatures"):
                blank[name][:] = False
        for unit, poll in np.argwhere(np.any(list(blank.values()), axis=0)).tolist():
            there = [name for name in names if blank[name][unit, poll]]
            yield finding(
                "C120",
                Side(counted[there[0]].places.text(unit, poll), None),
                Side(evidence.universe.source, str(evidence.universe.bureau[unit])),
                field=there[0],
                insee=str(evidence.universe.insee[unit]),
                bureau=str(evidence.universe.bureau[unit]),
                poll=evidence.polls[poll],
                case="" if evidence.complete(kind) else "incomplete",
                details={"columns": series(map(field_label, there))},
            )


def columns_empty(evidence: Evidence) -> Iterator[Finding]:
    """C121: a column of counts is blank in every row of a table."""
    for kind, file, counted, names in _tables(evidence):
        for name in names:
            if is_empty(evidence, counted, name):
                shown = (counted[name].places.files or (file,))[0].rstrip(":")
                yield finding(
                    "C121",
                    Side(shown, 0),
                    Side(shown, int(counted.present.sum())),
                    field=name,
                    case="" if evidence.complete(kind) else "incomplete",
                )


def _tables(evidence: Evidence) -> Iterator[tuple[str, str, Counted, tuple[str, ...]]]:
    """Kind of evidence, file, and counts of each table that may leave some blank."""
    if evidence.records is not None:
        yield "pv", night.RECORDS.file, evidence.records, VOTERS
    if evidence.signatures is not None:
        yield "emargements", night.SIGNATURES.file, evidence.signatures, _SIGNED
    if evidence.tabulation is not None:
        yield "recap", night.TABULATION.file, evidence.tabulation, VOTERS


def _blank(evidence: Evidence, counted: Counted, name: str) -> Bools:
    """Where a row leaves a count blank that it should have; shape ``(units, polls)``."""
    blank = (counted[name].values == BLANK) & ~_named(evidence, counted[name].places)
    if name == "null":
        blank &= (evidence.universe.counting != MACHINE)[:, None]
    return np.asarray(blank, np.bool_)


def _named(evidence: Evidence, places: Places) -> Bools:
    """Which places are rows of which I113 says already that they have too few cells, or cannot be split."""
    rows = {(problem.file, problem.row) for problem in evidence.problems if problem.row and problem.column is None}
    named = np.zeros(places.file.shape, np.bool_)
    for index, file in enumerate(places.files):
        of_file = [row for name, row in rows if file == f"{name}:"]
        if of_file:
            named |= (places.file == index) & np.isin(places.at, of_file)
    return named


def is_empty(evidence: Evidence, counted: Counted, name: str) -> bool:
    """Whether a table has a column and of several rows none that has this count."""
    there = counted.present
    if name == "null":
        there = there & (evidence.universe.counting != MACHINE)[:, None]
    return int(there.sum()) > 1 and bool((counted[name].values[there] == BLANK).all())


def choices_missing(evidence: Evidence) -> Iterator[Finding]:
    """C118: some choices of a bureau have no votes where its others have; or a choice has none in any bureau."""
    votes, contests = evidence.votes, evidence.contests
    if votes is None:
        return
    sizes = contests.sizes()
    inside = np.arange(votes.values.shape[2]) < sizes[:, :, None]
    blank = (votes.values == BLANK) & ~_named(evidence, votes.places)
    lacks = inside & ((votes.values == MISSING) | blank)
    present = (inside & (votes.values >= 0)).any(axis=2)  # where none can be read, I113 names the cells
    lacks &= (present & (votes.strange_rows == 0))[:, :, None]  # I113 or A108 names what stands in the place of one
    if not contests.official:  # of unknown lists, a choice of another constituency is none that is missing
        lacks &= (2 * (inside & ~lacks).sum(axis=2) > sizes)[:, :, None]
    case = "" if evidence.complete("pv") else "incomplete"
    for index, contest in enumerate(contests.contests):
        here = (contests.of == index) & present
        everywhere = lacks[here].all(axis=0) if int(here.sum()) > 1 else np.zeros(lacks.shape[2], np.bool_)
        for choice in np.flatnonzero(everywhere).tolist():
            yield finding(
                "C118",
                Side(_file(votes), 0),
                Side(contests.source, int(here.sum())),
                field=contest.choices[choice],
                poll=contest.poll,
                level="file",
                case=case,
                details={"what": _BUREAUX, "names": contest.choices[choice]},
            )
        lacks[here] &= ~everywhere
    for unit, poll in np.argwhere(lacks.any(axis=2)).tolist():
        names = [contests.label(unit, poll, choice) for choice in np.flatnonzero(lacks[unit, poll]).tolist()]
        size = int(sizes[unit, poll])
        yield finding(
            "C118",
            Side(votes.places.first().text(unit, poll), size - len(names)),
            Side(contests.source, size),
            field=names[0],
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            case=case,
            details={"what": _CHOICES, "names": ", ".join(names[:_MOST_NAMED]) + (", …" * (len(names) > _MOST_NAMED))},
        )


def votes_missing(evidence: Evidence) -> Iterator[Finding]:
    """C119: a bureau has a PV, and no votes in a table that has those of others; one finding where none has any."""
    votes, records = evidence.votes, evidence.records
    if votes is None or records is None:
        return
    there = (votes.values != MISSING).any(axis=2)
    missing = records.present & ~there & (evidence.contests.sizes() > 0)
    for stray in evidence.strays:
        if stray.kind == night.VOTES.file and stray.nearest:  # C108 names it
            missing[(evidence.universe.insee == stray.insee) & (evidence.universe.bureau == stray.nearest)] = False
    for each in evidence.other_polls:  # C116
        if each.kind == night.VOTES.file:
            missing[each.unit[each.unit >= 0]] = False
    case = "" if evidence.complete("pv") else "incomplete"
    if not there.any() and missing.any():
        right = Side(records["votes_found"].places.files[0].rstrip(":"), int(missing.sum()))
        yield finding("C119", Side(_file(votes), 0), right, field="votes", level="file", case=case)
        return
    for unit, poll in np.argwhere(missing).tolist():
        yield finding(
            "C119",
            Side(_file(votes), 0),
            Side(records["votes_found"].places.text(unit, poll), 1),
            field="votes",
            insee=str(evidence.universe.insee[unit]),
            bureau=str(evidence.universe.bureau[unit]),
            poll=evidence.polls[poll],
            case=case,
        )


def _file(votes: Votes) -> str:
    return (votes.places.files or (night.VOTES.file,))[0].rstrip(":")


CHECKS: Checks = {
    choices_missing: ("C118",),
    votes_missing: ("C119",),
    counts_blank: ("C120",),
    columns_empty: ("C121",),
}
