"""Writing a Dominion folder: one export a batch, the lists beside them, and the ballot manifest of an election office.

Ballots are given as numbers of candidates in the order in which they are to stand, which must be drawn: an order in
which they were cast tells who voted how. For the same reason each has the record number ``"X"``, as some counties
write it, and neither picture nor other number of its own.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSION = "5.17.18.1"
"""Of the program whose files these are like."""
MOST_CANDIDATES = 100
"""Candidates of a contest have numbers of their own: those of the second one follow this one."""
BLANK = 0
"""In place of a candidate's number: nothing is marked."""
BALLOT_MANIFEST = "ballot_manifest.csv"
_CONDITIONS = {
    "Ambiguous": 0,
    "Writein": 1,
    "BlankBallot": 2,
    "Undervote": 4,
    "Overvote": 5,
    "BlankContest": 6,
    "InvalidContest": 7,
}
_HIDDEN = "X"


@dataclass(frozen=True, slots=True)
class CardElection:
    """An election of contests in which a voter has one vote, each on a ballot of its own.

    Attributes:
        name: what exports call it by.
        date: polling day.
        jurisdiction: who holds it.
        contests: their names and candidates; the first contest has number 1, and so has its first candidate.
    """

    name: str
    date: datetime.date
    jurisdiction: str
    contests: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class CardBatch:
    """The ballots of one batch.

    Attributes:
        tabulator, batch, portion: numbers of the machine, of the batch on it, and of the precinct portion.
        election: name of the election.
        ballots: of each ballot the place of its candidate in the contest, from 1, or `BLANK`.
        contest: its number.
    """

    tabulator: int
    batch: int
    portion: int
    election: str
    ballots: Sequence[int]
    contest: int = 1


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A precinct portion, which is a precinct of its own.

    Attributes:
        number: of both.
        name: of both.
    """

    number: int
    name: str


def write_export(batch: CardBatch) -> bytes:
    """``CvrExport_<n>.json``: the ballots of one batch."""
    kinds = {choice: _json(_session(batch, choice)) for choice in set(batch.ballots)}
    head = {"Version": VERSION, "ElectionId": batch.election, "Sessions": []}
    return b"".join((_json(head)[:-2], b",".join([kinds[choice] for choice in batch.ballots]), b"]}"))


def write_lists(
    election: CardElection, tabulators: Mapping[int, str], places: Sequence[CardPlace]
) -> Iterator[tuple[str, bytes]]:
    """The lists beside the exports, by the names of their files.

    Args:
        election: the election.
        tabulators: what each machine is called, by its number.
        places: all precinct portions.
    """
    contests = list(enumerate(election.contests, 1))
    rows: dict[str, list[dict[str, Any]]] = {
        "ElectionEventManifest": [
            _row(1, election.name, Jurisdiction=election.jurisdiction, ElectionDate=f"{election.date:%Y%m%d}")
        ],
        "ContestManifest": [
            _row(
                contest,
                name,
                DistrictId=1,
                VoteFor=1,
                NumOfRanks=0,
                NumOfWriteins=0,
                Disabled=0,
                Type="Candidacy",
            )
            for contest, (name, _) in contests
        ],
        "CandidateManifest": [
            _row(_candidate(contest, place), name, ContestId=contest, Type="Regular", Disabled=0, Affiliations=[])
            for contest, (_, candidates) in contests
            for place, name in enumerate(candidates, 1)
        ],
        "TabulatorManifest": [
            _row(number, name, VotingLocationNumber=1, VotingLocationName=name, Type="ImagecastPrecinct2")
            for number, name in tabulators.items()
        ],
        "PrecinctManifest": [_row(place.number, place.name) for place in places],
        "PrecinctPortionManifest": [_row(place.number, place.name, PrecinctId=place.number) for place in places],
        "BallotTypeManifest": [_row(contest, name) for contest, (name, _) in contests],
        "BallotTypeContestManifest": [{"BallotTypeId": contest, "ContestId": contest} for contest, _ in contests],
        "CountingGroupManifest": [_row(1, "Election Day")],
        "OutstackConditionManifest": [{"Description": name, "Id": number} for name, number in _CONDITIONS.items()],
    }
    for name, listed in rows.items():
        yield f"{name}.json", _json({"Version": VERSION, "List": listed})
    yield "Configuration.json", _json(_CONFIGURATION)


def write_ballot_manifest(batches: Iterable[tuple[int, int, int, str]]) -> bytes:
    """The ballot manifest, with the columns of Colorado: tabulator, batch, number of ballots, where they are kept."""
    lines = [f"1,{tabulator},{batch},{ballots},{place}" for tabulator, batch, ballots, place in batches]
    return "\n".join(["CountyID,ScannerID,BatchID,NumBallots,StorageLocation", *lines, ""]).encode()


_CONFIGURATION = {
    "IncludeTabulatorFilter": False,
    "TabulatorFilterValue": 0,
    "IncludeResultContainerFilter": False,
    "ResultContainerFilterValue": 0,
    "IncludeBallotTypeFilter": False,
    "BallotTypeFilterValue": 0,
    "ContestFilter": [],
    "PrecinctPortionFilter": [],
    "SplitFilesPerBatch": True,
    "IncludeOnlyPublishedResultContainers": False,
    "UseTabulatorFormat": False,
    "IncludeSessionDetails": False,
    "IncludeMarkDensity": False,
    "CvrType": 0,
    "CvrTurnoutTest": 0,
    "CvrSuppressionType": 0,
    "TurnoutThreshold": 0,
    "OutstackConditions": [],
}


def _session(batch: CardBatch, choice: int) -> dict[str, Any]:
    blank = choice == BLANK
    candidate = _candidate(batch.contest, choice)
    mark = {
        "CandidateId": candidate,
        "ManifestationId": candidate,
        "PartyId": 0,
        "Rank": 1,
        "MarkDensity": 100,
        "IsAmbiguous": False,
        "IsVote": True,
        "OutstackConditionIds": [],
    }
    conditions = [_CONDITIONS["Undervote"], _CONDITIONS["BlankContest"]]
    contest = {
        "Id": batch.contest,
        "ManifestationId": batch.contest,
        "Undervotes": int(blank),
        "Overvotes": 0,
        "OutstackConditionIds": conditions if blank else [],
        "Marks": [] if blank else [mark],
    }
    card = {
        "Id": 1,
        "KeyInId": 1,
        "PaperIndex": 0,
        "Contests": [contest],
        "OutstackConditionIds": [_CONDITIONS["BlankBallot"]] if blank else [],
    }
    original = {"PrecinctPortionId": batch.portion, "BallotTypeId": batch.contest, "IsCurrent": True, "Cards": [card]}
    return {
        "TabulatorId": batch.tabulator,
        "BatchId": batch.batch,
        "RecordId": _HIDDEN,
        "CountingGroupId": 1,
        "ImageMask": "",
        "SessionType": "ScannedVote",
        "VotingSessionIdentifier": "",
        "UniqueVotingIdentifier": "",
        "Original": original,
    }


def _candidate(contest: int, place: int) -> int:
    """The number of a candidate."""
    return (contest - 1) * MOST_CANDIDATES + place


def _row(number: int, name: str, **further: object) -> dict[str, Any]:
    return {"Description": name, "Id": number, "ExternalId": "", **further}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
