"""Invented exports: small, with what tells ballots apart planted in every field that may hold it."""

import copy
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from protocol.dumps.layouts import LAYOUTS, DumpReading
from protocol.dumps.tallies import Tallies
from tests.sources import new_folder, put_text

PLANTED = ("987654321", "PLANTED-MASK", "PLANTED-VOTING", "PLANTED-UNIQUE", "987654322", "PLANTED-KEY")
"""Numbers and names of single ballots; nothing that is written or shown may have one of them."""
DOMINION = next(layout for layout in LAYOUTS if layout.name == "dominion")


def mark(candidate: int, rank: int = 1, vote: bool = True, **other: Any) -> dict[str, Any]:
    """A mark."""
    return {
        "CandidateId": candidate,
        "ManifestationId": 987654322,
        "PartyId": 0,
        "Rank": rank,
        "MarkDensity": 100,
        "IsAmbiguous": False,
        "IsVote": vote,
        "OutstackConditionIds": [],
        **other,
    }


def contest(number: int, *marks: dict[str, Any], under: int = 0, over: int = 0, conditions: Any = ()) -> dict[str, Any]:
    """A contest on a card."""
    return {
        "Id": number,
        "ManifestationId": 987654322,
        "Undervotes": under,
        "Overvotes": over,
        "OutstackConditionIds": list(conditions),
        "Marks": list(marks),
    }


def element(*contests: dict[str, Any], portion: int = 5, current: bool = True) -> dict[str, Any]:
    """A ballot as it was read, or as it was corrected."""
    card = {
        "Id": 1,
        "KeyInId": 987654321,
        "PaperIndex": 0,
        "Contests": list(contests),
        "OutstackConditionIds": [],
    }
    return {"PrecinctPortionId": portion, "BallotTypeId": 2, "IsCurrent": current, "Cards": [card]}


def session(*contests: dict[str, Any], tabulator: int = 10, batch: int = 1, **other: Any) -> dict[str, Any]:
    """A ballot; ``portion`` and other fields by name."""
    return {
        "TabulatorId": tabulator,
        "BatchId": batch,
        "RecordId": 987654321,
        "CountingGroupId": 2,
        "ImageMask": "D:\\NAS\\Users\\PLANTED-MASK_987654321*.*",
        "SessionType": "ScannedVote",
        "VotingSessionIdentifier": "PLANTED-VOTING",
        "UniqueVotingIdentifier": "PLANTED-UNIQUE",
        "Original": element(*contests, portion=other.pop("portion", 5)),
        **other,
    }


BALLOTS = (
    session(contest(1, mark(11)), contest(2, mark(21), mark(22, rank=2))),
    session(contest(1, mark(12)), contest(2, mark(22), mark(21), over=1)),
    session(contest(1, under=1), contest(2, under=1)),
    session(contest(1, mark(11, vote=False), mark(12, vote=False), over=1), contest(2, mark(21)), batch=2),
    session(contest(1, mark(13, WriteinIndex=3, WriteinDensity=80)), portion=6),
    session(contest(1, mark(11, IsAmbiguous=True), under=1), contest(2, mark(22, vote=False), conditions=[7])),
)
"""A contest of one vote, and a ranked one: what each kind of card has."""
VOTES = {
    ("10/1/5", "Mayor", "Ada", "choice"): 1,
    ("10/1/5", "Mayor", "Ben", "choice"): 1,
    ("10/1/5", "Mayor", "", "undervote"): 2,
    ("10/1/5", "Mayor", "", "overvote"): 0,
    ("10/1/5", "Judge", "Cleo", "choice"): 1,
    ("10/1/5", "Judge", "", "undervote"): 1,
    ("10/1/5", "Judge", "", "overvote"): 1,
    ("10/2/5", "Mayor", "", "undervote"): 0,
    ("10/2/5", "Mayor", "", "overvote"): 1,
    ("10/2/5", "Judge", "Cleo", "choice"): 1,
    ("10/2/5", "Judge", "", "undervote"): 0,
    ("10/2/5", "Judge", "", "overvote"): 0,
    ("10/1/6", "Mayor", "Write-in", "choice"): 1,
    ("10/1/6", "Mayor", "", "undervote"): 0,
    ("10/1/6", "Mayor", "", "overvote"): 0,
}
"""Their sums."""
LISTS: dict[str, list[dict[str, Any]]] = {
    "ContestManifest": [
        {"Description": "Mayor", "Id": 1, "VoteFor": 1, "NumOfRanks": 0, "Type": "Candidacy"},
        {"Description": "Judge", "Id": 2, "VoteFor": 1, "NumOfRanks": 2, "Type": "Candidacy"},
    ],
    "CandidateManifest": [
        {"Description": "Ada", "Id": 11, "ContestId": 1, "Type": "Regular", "Affiliations": [7]},
        {"Description": "Ben", "Id": 12, "ContestId": 1, "Type": "Regular", "Affiliations": []},
        {"Description": "Write-in", "Id": 13, "ContestId": 1, "Type": "WriteIn", "Affiliations": []},
        {"Description": "Cleo", "Id": 21, "ContestId": 2, "Type": "Regular", "Affiliations": []},
        {"Description": "Dan", "Id": 22, "ContestId": 2, "Type": "Regular", "Affiliations": []},
    ],
    "ElectionEventManifest": [
        {"Description": "Town 2024", "Id": 3, "ExternalId": "", "Jurisdiction": "Town", "ElectionDate": "20241105"}
    ],
    "PartyManifest": [{"Description": "Green", "Id": 7, "ExternalId": ""}],
}


def export(ballots: Iterable[Any] = BALLOTS, election: str = "Town 2024", indent: int | None = None) -> bytes:
    """An export of ballots."""
    separators = (",", ":") if indent is None else None
    document = {"Version": "5.17.18.1", "ElectionId": election, "Sessions": list(ballots)}
    return json.dumps(document, separators=separators, indent=indent).encode()


def folder(ballots: Iterable[Any] = BALLOTS, without: Iterable[str] = (), **lists: Any) -> Path:
    """A folder with an export and its lists, some of them other ones or left out."""
    at = new_folder()
    for name, rows in {**LISTS, **lists}.items():
        if name not in without:
            put_text(at / f"{name}.json", json.dumps({"Version": "5.17.18.1", "List": rows}))
    (at / "CvrExport.json").write_bytes(export(ballots))
    return at


def changed(number: int, **fields: Any) -> list[dict[str, Any]]:
    """The ballots, with fields of one of them changed; a field with the value ... is left out."""
    ballots = copy.deepcopy(list(BALLOTS))
    for key, value in fields.items():
        if value is ...:
            del ballots[number][key]
        else:
            ballots[number][key] = value
    return ballots


def read(*paths: Path, below: Path | None = None) -> DumpReading:
    if len(paths) == 1 and paths[0].is_dir():
        return DOMINION.read(sorted(paths[0].rglob("*.*")), paths[0])
    return DOMINION.read(paths, below)


def votes(tallies: Tallies) -> dict[tuple[str, str, str, str], int]:
    """The rows of tallies."""
    return {(unit, contest, choice, kind): number for unit, contest, choice, kind, number in tallies.tidy()}


UNCHECKED = ("D110", "not checked", "")
"""Sentence on batches without a ballot manifest."""


def said(reading: DumpReading) -> list[tuple[str, str, str]]:
    """Code, verdict and unit of each check."""
    return [(check.code, check.verdict.value, check.unit) for check in reading.checks]
