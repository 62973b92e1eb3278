"""Ballots of a cast vote record report after NIST SP 1500-103: what of one is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from protocol.cvr.ballot_json import UnreadableBallot, not_what, objects, parse_ballot, truth, whole
from protocol.cvr.nist_report import ReportedContest, SchemaFaults, text
from protocol.words import msg

NO_SNAPSHOT = msg("not one current snapshot, but several or none")
UNIT_PARTS = ("device", "batch", "unit")


@dataclass(frozen=True, slots=True)
class RecordedPosition:
    """A mark: the choice, its rank (0 without ranks), and the votes that it may give."""

    choice: str
    rank: int
    votes: int


@dataclass(frozen=True, slots=True)
class RecordedContest:
    """A contest on a ballot; counts are None where the ballot does not say."""

    contest: str
    positions: tuple[RecordedPosition, ...]
    undervotes: int | None
    overvotes: int | None


@dataclass(frozen=True, slots=True)
class RecordedBallot:
    """A ballot as it counts: the identifiers of its election and its place, and its contests."""

    election: str
    place: tuple[str, str, str]
    contests: tuple[RecordedContest, ...]


def read_ballot(data: bytes, faults: SchemaFaults) -> RecordedBallot:
    """A ballot's current snapshot.

    Raises:
        UnreadableBallot: there is not one, or a field of it is not what it should be.
    """
    value = parse_ballot(data, None)
    if not isinstance(value, dict):
        raise UnreadableBallot(not_what("an object", "CVR"))
    faults.look("CVR", value)
    wanted, snapshots = value.get("CurrentSnapshotId"), objects(value, "CVRSnapshot")
    for each in snapshots:
        faults.look("CVRSnapshot", each)
    current = [each for each in snapshots if isinstance(wanted, str) and each.get("@id") == wanted]
    if len(current) != 1:
        raise UnreadableBallot(NO_SNAPSHOT)
    place = tuple(text(value, key) for key in ("CreatingDeviceId", "BatchId", "BallotStyleUnitId"))
    contests = tuple(_contest(each, faults) for each in objects(current[0], "CVRContest"))
    return RecordedBallot(text(value, "ElectionId"), (place[0], place[1], place[2]), contests)


def _contest(value: dict[str, Any], faults: SchemaFaults) -> RecordedContest:
    faults.look("CVRContest", value)
    positions: list[RecordedPosition] = []
    for selection in objects(value, "CVRContestSelection"):
        faults.look("CVRContestSelection", selection)
        positions += _positions(selection, faults)
    counts = [whole(value, key) if key in value else None for key in ("Undervotes", "Overvotes")]
    return RecordedContest(text(value, "ContestId"), tuple(positions), counts[0], counts[1])


def _positions(selection: dict[str, Any], faults: SchemaFaults) -> Iterator[RecordedPosition]:
    """The marks of a choice that may be votes: those that are there, and are not said to be none."""
    for each in objects(selection, "SelectionPosition"):
        faults.look("SelectionPosition", each)
        rank = whole(each, "Rank", whole(selection, "Rank", 0))
        votes = whole(each, "NumberVotes", 0)
        there = each.get("HasIndication") != "no" or truth(each, "IsGenerated", False)
        if there and votes and each.get("IsAllocable") != "no":
            yield RecordedPosition(text(selection, "ContestSelectionId"), rank, votes)


def count_contest(contest: RecordedContest, known: ReportedContest) -> tuple[dict[str, int], int | None, bool]:
    """What a contest on a ballot adds: votes by choice, undervotes (None where not known), whether it is overvoted.

    Of ranks the first one is counted, and none where two choices have it.
    """
    ranked = known.ranked or any(each.rank for each in contest.positions)
    votes: dict[str, int] = {}
    for each in contest.positions:
        if ranked and each.rank > 1:
            continue
        votes[each.choice] = 1 if ranked else votes.get(each.choice, 0) + each.votes
    allowed = 1 if ranked else known.allowed
    given = sum(votes.values())
    over = bool(contest.overvotes) or (allowed is not None and given > allowed)
    under = contest.undervotes
    if under is None and allowed is not None:
        blank = not contest.positions if ranked else not over
        under = (1 if ranked else allowed - given) if blank else 0
    return ({} if over else votes), under, over
