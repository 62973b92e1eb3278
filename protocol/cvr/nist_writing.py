"""Writing a cast vote record report after NIST SP 1500-103, version 1, as JSON.

A report holds ballots, not totals: from totals none is made up. Each ballot of an export becomes a CVR with its unit
and its contests, marks that count and their ranks; those that are alike stand one after another, in the order of
`protocol.cvr.markings`. The standard wants an identifier for each snapshot: they are numbered in that order, which
says nothing more than the order itself.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from protocol.cvr.counted import NONE
from protocol.cvr.markings import MarkedContest, Markings
from protocol.cvr.nist_report import PREFIX
from protocol.dumps.tallies import ChoiceKind, Tallies

VERSION = "1.0.0"
ELECTION, SCOPE, WRITER = "election-1", "scope", "writer"
_CACHED = 100_000
"""Contests on ballots whose text is kept, as most come again."""


def _typed(kind: str, **fields: Any) -> dict[str, Any]:
    return {"@type": PREFIX + kind, **{key: value for key, value in fields.items() if value not in (None, "")}}


def _named(kind: str, identifier: str, **fields: Any) -> dict[str, Any]:
    return {"@id": identifier, **_typed(kind, **fields)}


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def report(
    tallies: Tallies, markings: Markings, election: str, generated: datetime.datetime, program: str
) -> Iterator[bytes]:
    """The document in pieces.

    Args:
        tallies: contests, choices and units of the ballots; their rows are not used.
        markings: the ballots, by the indices of ``tallies``.
        election: its name.
        generated: when it is written, with its zone.
        program: what writes it, as ``regard 1.0``.
    """
    units = [name.split("/", 2) for name in tallies.units]
    devices = {name: f"device-{number}" for number, name in enumerate(dict.fromkeys(each[0] for each in units), 1)}
    places = {name: f"unit-{number}" for number, name in enumerate(dict.fromkeys(each[2] for each in units), 1)}
    for names in (devices, places):
        names.pop(NONE, None)
    head = {
        **_typed("CastVoteRecordReport", Version=VERSION, GeneratedDate=generated.isoformat(timespec="seconds")),
        "ReportGeneratingDeviceIds": [WRITER],
        "ReportingDevice": [
            _named("ReportingDevice", WRITER, Application=program),
            *(_named("ReportingDevice", number, SerialNumber=name) for name, number in devices.items()),
        ],
        "GpUnit": [
            _named("GpUnit", SCOPE, Type="other", OtherType="election"),
            *(_named("GpUnit", number, Type="precinct", Name=name) for name, number in places.items()),
        ],
        **_election(tallies, election),
    }
    yield _dump(head)[:-1] + b',"CVR":['
    contests = _Contests(tallies)
    number = 0
    for unit, marked, times in markings:
        device, batch, place = units[unit]
        fields = _typed(
            "CVR",
            BatchId="" if batch == NONE else batch,
            ElectionId=ELECTION,
            CreatingDeviceId=devices.get(device),
            BallotStyleUnitId=places.get(place),
        )
        start = _dump(fields)[:-1]
        inside = b",".join(contests.text(each) for each in marked)
        for _ in range(times):
            comma = b"," if number else b""
            number += 1
            snapshot = b'{"@id":"s-%d","@type":"CVR.CVRSnapshot","Type":"interpreted","CVRContest":[%b]}'
            yield b'%b%b,"CurrentSnapshotId":"s-%d","CVRSnapshot":[%b]}' % (
                comma,
                start,
                number,
                snapshot % (number, inside),
            )
    yield b"]}\n"


def _election(tallies: Tallies, election: str) -> dict[str, Any]:
    """Contests, choices, candidates and parties."""
    names = list(dict.fromkeys(each.party for each in tallies.choices if each.party))
    parties = {name: f"party-{number}" for number, name in enumerate(names, 1)}
    selections: list[list[dict[str, Any]]] = [[] for _ in tallies.contests]
    candidates = []
    for number, each in enumerate(tallies.choices):
        named = each.kind is not ChoiceKind.PARTY
        if named:
            party = parties.get(each.party)
            candidates.append(_named("Candidate", f"candidate-{number}", Name=each.name, PartyId=party))
        if each.kind is ChoiceKind.PARTY:
            selection = _named("PartySelection", f"choice-{number}", PartyIds=[parties.get(each.party, "")])
        else:
            ids = [f"candidate-{number}"] if named else None
            written = True if each.kind is ChoiceKind.WRITE_IN else None
            selection = _named("CandidateSelection", f"choice-{number}", CandidateIds=ids, IsWriteIn=written)
        selections[each.contest].append(selection)
    contests = [
        _named(
            "CandidateContest",
            f"contest-{number}",
            Name=each.name,
            VotesAllowed=each.vote_for,
            VoteVariation="rcv" if each.ranks > 1 else None,
            # The schema wants one; a contest may be on the ballots without any choice that is known.
            ContestSelection=selections[number] or [_named("ContestSelection", f"no-choice-{number}")],
        )
        for number, each in enumerate(tallies.contests)
    ]
    found = _named(
        "Election", ELECTION, Name=election, ElectionScopeId=SCOPE, Contest=contests, Candidate=candidates or None
    )
    return {
        "Election": [found],
        **({"Party": [_named("Party", number, Name=name) for name, number in parties.items()]} if parties else {}),
    }


class _Contests:
    """The texts of contests on ballots, each made once."""

    def __init__(self, tallies: Tallies) -> None:
        self._ranked = [each.ranks > 1 for each in tallies.contests]
        self._made: dict[MarkedContest, bytes] = {}

    def text(self, marked: MarkedContest) -> bytes:
        found = self._made.get(marked)
        if found is None:
            found = _dump(self._contest(marked))
            if len(self._made) < _CACHED:
                self._made[marked] = found
        return found

    def _contest(self, marked: MarkedContest) -> dict[str, Any]:
        firsts = {choice for choice, rank, _ in marked.positions if rank == 1}
        selections: dict[int, list[dict[str, Any]]] = {}
        for choice, rank, votes in marked.positions:
            good = not marked.overvotes and (rank != 1 or len(firsts) == 1)
            position = _typed(
                "SelectionPosition",
                HasIndication="yes",
                NumberVotes=votes,
                IsAllocable="yes" if good else "no",
                Rank=rank or None,
            )
            selections.setdefault(choice, []).append(position)
        return {
            **_typed(
                "CVRContest",
                ContestId=f"contest-{marked.contest}",
                Undervotes=marked.undervotes,
                Overvotes=marked.overvotes,
            ),
            "CVRContestSelection": [
                _typed("CVRContestSelection", ContestSelectionId=f"choice-{choice}", SelectionPosition=positions)
                for choice, positions in selections.items()
            ],
        }
