"""A: does each export belong to this election and bureau, and may each choice be voted for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import APPROVED_MODEL
from protocol.night import MANIFEST, parse_export_name
from protocol.quantities import Quantity
from protocol.words import msg, series
from verify.columns.lists import identity as shown
from verify.columns.needs import (
    Contests,
    Election,
    Exports,
    FirstRound,
    Identity,
    Inputs,
    Manifest,
    NamedPolls,
    OfficialChoices,
    OfficialList,
    Polls,
    Present,
    Universe,
    Withdrawn,
)
from verify.materiality.kinds import ElectionKind, kind_of
from verify.model import machine_evidence
from verify.model.checks import check
from verify.model.contests import match
from verify.model.findings import shown_source
from verify.model.machine_evidence import APPROVED_BY, APPROVED_SINCE, SEALED, text
from verify.model.rule_results import Named, One, Side, one

if TYPE_CHECKING:
    from verify.model.contests import Standing


@check("A101")
def other_election(exports: Exports, identity: Identity, named: NamedPolls, polls: Polls) -> Iterator[One]:
    """A101: another election, date or round than this night's, or a poll that nothing else of the night names."""
    source, wanted = identity
    right = Side(source, shown(wanted, polls))
    other_poll = (exports.poll < 0) & ~np.isin(exports.columns["poll"], named)
    for record in np.flatnonzero(exports.whole & (exports.foreign | other_poll)).tolist():
        row = exports.columns[record]
        carried = shown((row["election"].item(), int(row["date"]), int(row["round"])), [int(row["poll"])])
        at = Named(row["insee"].decode("ascii"), row["bureau"].decode("ascii"), int(row["poll"]))
        yield one(at, exports.side(record, carried), right, field="election")


@check("A102")
def other_name(exports: Exports) -> Iterator[One]:
    """A102: a file of one export is named for another commune, bureau, poll or part. Names of other forms are free."""
    records = np.bincount(exports.reading.file, minlength=len(exports.names))
    names = [parse_export_name(file.path.name) for file in exports.reading.files]
    alone = np.array([name is not None for name in names], np.bool_) & (records == 1)
    for record in np.flatnonzero(exports.whole & alone[exports.reading.file]).tolist():
        row, file = exports.columns[record], int(exports.reading.file[record])
        carried = row["insee"].decode("ascii"), row["bureau"].decode("ascii"), int(row["poll"]), int(row["part"])
        name = names[file]
        if name is not None and name != carried:
            left, right = (" ".join(map(str, each)) for each in (carried, name))
            yield one(
                Named(*name[:3]),
                exports.side(record, left),
                Side(exports.names[file], right, piece=EvidenceKind.EXPORTS),
                field="bureau",
            )


@check("A103")
def other_choices(exports: Exports, contests: OfficialChoices) -> Iterator[One]:
    """A103: the machine's choice list, or its order, is not the préfecture's."""
    digests, sizes = contests.panels()
    used = np.flatnonzero(exports.used)  # others may have no unit, and there may be no unit at all
    of, columns = contests.of[exports.unit[used], exports.poll[used]], exports.columns
    differs = (columns["choices_digest"][used] != digests[of]) | (columns["choices"][used] != sizes[of])
    wrong = (of >= 0) & differs
    for record, index in zip(used[wrong].tolist(), of[wrong].tolist(), strict=True):
        yield one(
            exports.at(record),
            exports.side(record, int(columns["choices"][record])),
            contests.side(int(sizes[index])),
            field="choix",
            machine=columns["choices_digest"][record].tobytes().hex()[:16],
            prefecture=digests[index].tobytes().hex()[:16],
        )


@check("A104")
def other_model(exports: Exports) -> Iterator[One]:
    """A104: the machine does not carry the name of the model approved for political elections since April 2007."""
    columns = exports.columns
    other = (columns["date"] >= APPROVED_SINCE) & (columns["model"] != np.bytes_(APPROVED_MODEL.encode()))
    for record in np.flatnonzero(exports.used & other).tolist():
        left = exports.side(record, columns["model"][record].decode("ascii"))
        yield one((int(exports.unit[record]), -1), left, Side(APPROVED_BY, APPROVED_MODEL), field="model")


@check("A105")
def other_sealing(exports: Exports, universe: OfficialList) -> Iterator[One]:
    """A105: a machine, module or seal number is not the sealing record's, or is missing on one of the two."""
    for column, name in SEALED.items():
        if not universe.states(column):
            continue
        for record in _unlike_record(exports, universe, column, name):
            unit, part = int(exports.unit[record]), int(exports.columns["part"][record])
            expected, carried = universe.sealed(column, unit, part), exports.columns[name][record].decode("ascii")
            if carried != expected:
                left, right = exports.side(record, carried or None), universe.side(unit, expected or None)
                yield one((unit, -1), left, right, field=column, case="" if carried and expected else "absent")


def _unlike_record(exports: machine_evidence.ExportLines, universe: Universe, column: str, name: str) -> list[int]:
    """Exports whose number is not all that the sealing record has of the bureau, and those of a day in parts."""
    stated = universe.sealing[column]
    differs = text(exports.columns[name]) != np.where(exports.unit >= 0, stated[exports.unit], "")
    if (np.strings.find(stated, "+") >= 0).any():
        differs |= exports.columns["part"] > 1
    rows: list[int] = np.flatnonzero(exports.used & differs).tolist()
    return rows


@check("A106")
def other_digest(manifest: Manifest, inputs: Inputs) -> Iterator[One]:
    """A106: a file's SHA-256 is not the manifest's."""
    there = {used.path: used.sha256 for used in inputs}
    for path, stated in manifest.items():
        digest = there.get(path)  # None as well for a file that was not read
        if digest is not None and digest != stated:
            yield one(Named(), Side(path, digest[:16]), Side(MANIFEST, stated[:16]), field="sha256")


@check("A109")
def files_gone(manifest: Manifest, present: Present) -> Iterator[One]:
    """A109: files that the manifest names are not in the folder; one finding for each folder within it."""
    named: dict[str, list[str]] = {}
    for path in manifest:
        named.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, paths in named.items():
        gone = [path for path in paths if path not in present]
        if gone:
            sides = Side(folder or ".", len(paths) - len(gone)), Side(MANIFEST, len(paths))
            yield one(Named(), *sides, field="files", first=min(gone))


_LISTS_MERGE = frozenset((ElectionKind.MUNICIPAL_LISTS, ElectionKind.MUNICIPAL_CANDIDATES, ElectionKind.REGIONAL))
"""Elections whose second round may have choices under new names, or new ones."""
_GONE = msg("by the list the candidacy is withdrawn")
_NOT_THERE = msg("this choice was not in the first round")
_NOT_QUALIFIED = msg("the first round does not qualify it")


@check("A108")
def withdrawn(sources: Withdrawn, contests: Contests) -> Iterator[One]:
    """A108: a bureau's machine, PV or published row has a choice that is withdrawn; once, with every source of it."""
    for at, (first, *others) in sources.items():
        also = (msg("{source} ({value})", source=shown_source(side.source), value=side.value) for side in others)
        note = series(("", *also))
        yield one(at, first, contests.side(None), field="choix", reason=_GONE, note=note)


@check("A108")
def by_the_first_round(first: FirstRound, election: Election, contests: Contests) -> Iterator[One]:
    """A108: a choice of this second round was not in the first, or its votes there do not qualify it."""
    if election.round != 2:
        return
    polls = {poll.number: poll for poll in election.polls}
    for index, standing in first.contests.items():
        contest = contests.contests[index]
        kind = kind_of(polls[contest.poll].type)
        if kind is None or kind in _LISTS_MERGE:
            continue
        stood = match(contest.choices, standing.choices)
        for choice, place in zip(contest.choices, stood, strict=True):
            reason = _NOT_THERE if place is None else None
            if place is not None and polls[contest.poll].whole and not _qualified(kind, standing, place, stood):
                reason = _NOT_QUALIFIED
            if reason is not None:
                right = Side(
                    first.file,
                    standing.votes[place] if place is not None else None,
                    Quantity.VOTES,
                    EvidenceKind.OTHER_ROUND,
                )
                left = contests.side(choice)
                yield one(Named(poll=contest.poll), left, right, field="choix", reason=reason)


def _qualified(kind: ElectionKind, standing: Standing, place: int, stood: list[int | None]) -> bool:
    """Check that a choice may be in the second round; True if the first round's votes are not all known.

    Constitution, article 7: the two that are first once withdrawals are taken into account. Code électoral, L162 and
    L210-1: votes of an eighth of the registered voters, or else the first two.
    """
    votes = standing.votes
    if not votes:
        return True
    ahead = [other for other, count in enumerate(votes) if count > votes[place]]
    if kind is ElectionKind.PRESIDENTIAL:
        return sum(other in stood for other in ahead) < 2
    return len(ahead) < 2 or standing.registered < 0 or votes[place] * 8 >= standing.registered
