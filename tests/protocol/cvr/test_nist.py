"""Cast vote record reports after NIST SP 1500-103."""

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from protocol.dumps.checks import CheckVerdict
from protocol.dumps.layouts import LAYOUTS, DumpReading
from protocol.dumps.recognising import find_dumps
from protocol.dumps.tallies import ChoiceKind
from tests.protocol.cvr.made import PLANTED, said, votes
from tests.real_files import needed

NIST = next(layout for layout in LAYOUTS if layout.name == "nist-cvr")


def typed(kind: str, **fields: Any) -> dict[str, Any]:
    return {"@type": f"CVR.{kind}", **{key.replace("at_id", "@id"): value for key, value in fields.items()}}


def position(rank: int | None = None, **other: Any) -> dict[str, Any]:
    ranked = {} if rank is None else {"Rank": rank}
    return typed("SelectionPosition", HasIndication="yes", NumberVotes=1, **ranked, **other)


def contest(number: str, marks: dict[str, list[dict[str, Any]]], **other: Any) -> dict[str, Any]:
    selections = [
        typed("CVRContestSelection", ContestSelectionId=choice, SelectionPosition=positions)
        for choice, positions in marks.items()
    ]
    return typed("CVRContest", ContestId=number, CVRContestSelection=selections, **other)


def ballot(*contests: dict[str, Any], old: tuple[dict[str, Any], ...] = (), **other: Any) -> dict[str, Any]:
    snapshots = [typed("CVRSnapshot", at_id=PLANTED[0], Type="modified", CVRContest=list(contests))]
    if old:
        snapshots.append(typed("CVRSnapshot", at_id="old", Type="original", CVRContest=list(old)))
    planted = {"BallotPrePrintedId": PLANTED[1], "UniqueId": PLANTED[2], "BallotAuditId": PLANTED[3]}
    return typed("CVR", ElectionId="e", CurrentSnapshotId=PLANTED[0], CVRSnapshot=snapshots, **{**planted, **other})


PLACE: dict[str, Any] = {"CreatingDeviceId": "d", "BatchId": "7", "BallotStyleUnitId": "u"}
RECORDS = (
    ballot(contest("m", {"a": [position()]}), contest("j", {"c": [position(1)], "d": [position(2)]}), **PLACE),
    ballot(contest("m", {"w": [position(CVRWriteIn={"@type": "CVR.CVRWriteIn", "Text": PLANTED[4]})]}), **PLACE),
    ballot(contest("m", {"a": [position()], "w": [position()]}), contest("j", {}), **PLACE),
    ballot(contest("m", {}), contest("j", {"c": [position(1)], "d": [position(1)]}), **PLACE),
    ballot(contest("j", {"d": [position(2)]}), old=(contest("m", {"a": [position()]}),), **PLACE),
    ballot(contest("q", {"y": [position(IsAllocable="no")]}, Undervotes=1, Overvotes=0)),
    ballot(contest("q", {"y": [{**position(), "NumberVotes": 0}]})),
)
FOUND = {
    ("Scanner 9/7/North", "Mayor", "Ada", "choice"): 1,
    ("Scanner 9/7/North", "Mayor", "Write-in", "choice"): 1,
    ("Scanner 9/7/North", "Mayor", "", "undervote"): 1,
    ("Scanner 9/7/North", "Mayor", "", "overvote"): 1,
    ("Scanner 9/7/North", "Judge", "Cleo", "choice"): 1,
    ("Scanner 9/7/North", "Judge", "", "undervote"): 1,
    ("Scanner 9/7/North", "Judge", "", "overvote"): 1,
    ("-/-/-", "Question", "", "undervote"): 2,
    ("-/-/-", "Question", "", "overvote"): 0,
}


def document(records: tuple[Any, ...] | list[Any] = RECORDS) -> dict[str, Any]:
    def choice(kind: str, number: str, **fields: Any) -> dict[str, Any]:
        return typed(kind, at_id=number, **fields)

    mayor = [choice("CandidateSelection", "a", CandidateIds=["A"]), choice("CandidateSelection", "w", IsWriteIn=True)]
    judge = [
        choice("CandidateSelection", "c", CandidateIds=["C"]),
        choice("CandidateSelection", "d", CandidateIds=["D"]),
    ]
    asked = [choice("BallotMeasureSelection", "y", Selection="Yes")]
    names = {"A": "Ada", "C": "Cleo", "D": "Dan"}
    contests = [
        typed("CandidateContest", at_id="m", Name="Mayor", VotesAllowed=1, ContestSelection=mayor),
        typed("CandidateContest", at_id="j", Name="Judge", VoteVariation="rcv", ContestSelection=judge),
        typed("BallotMeasureContest", at_id="q", Name="Question", ContestSelection=asked),
    ]
    return typed(
        "CastVoteRecordReport",
        CVR=list(records),
        Election=[
            typed(
                "Election",
                at_id="e",
                Name="Town",
                ElectionScopeId="u",
                Contest=contests,
                Candidate=[typed("Candidate", at_id=key, Name=name, PartyId="p") for key, name in names.items()],
            )
        ],
        Party=[typed("Party", at_id="p", Name="Green")],
        GpUnit=[typed("GpUnit", at_id="u", Type="precinct", Name="North")],
        ReportingDevice=[typed("ReportingDevice", at_id="d", SerialNumber="Scanner 9", Application="App")],
        ReportGeneratingDeviceIds=["d"],
        GeneratedDate="2024-11-05T20:00:00-05:00",
        Version="1.0.0",
    )


def read(path: Path, value: Any = None) -> DumpReading:
    if value is not None:
        path.write_text(json.dumps(value), encoding="utf-8")
    (reading,) = find_dumps([path]).readings
    assert reading.layout is NIST
    return reading


def test_current_snapshots_are_counted(tmp_path: Path) -> None:
    reading = read(tmp_path / "a", document())
    assert votes(reading.tallies) == FOUND
    assert reading.problems == ()
    assert said(reading) == [("D114", "holds", ""), ("D118", "holds", "")]
    assert [(each.name, each.party, each.kind) for each in reading.tallies.choices[:2]] == [
        ("Ada", "Green", ChoiceKind.NAMED),
        ("Write-in", "", ChoiceKind.WRITE_IN),
    ]
    assert reading.tallies.contests[1].ranks == 2
    assert [str(value) for _, value in reading.facts] == ["Town", "App", "2024-11-05T20:00:00-05:00"]


def test_ranks_that_only_the_ballots_show(tmp_path: Path) -> None:
    value = document()
    del value["Election"][0]["Contest"][1]["VoteVariation"]
    assert votes(read(tmp_path / "a", value).tallies) == FOUND


def test_the_definitions_may_come_first_or_last(tmp_path: Path) -> None:
    value = document()
    assert votes(read(tmp_path / "a", dict(reversed(value.items()))).tallies) == FOUND


SNAPSHOT = RECORDS[0]["CVRSnapshot"][0]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"CurrentSnapshotId": "other"}, "not one current snapshot"),
        ({"CVRSnapshot": [SNAPSHOT] * 2}, "not one current snapshot"),
        ({"CVRSnapshot": "none"}, "no list of objects in CVRSnapshot"),
        (
            {"CVRSnapshot": [{**SNAPSHOT, "CVRContest": [contest("m", {"a": [position(-1)]})]}]},
            "Rank",
        ),
    ],
)
def test_a_ballot_that_cannot_be_read(tmp_path: Path, change: dict[str, Any], what: str) -> None:
    reading = read(tmp_path / "a", document([{**RECORDS[0], **change}, *RECORDS]))
    assert votes(reading.tallies) == FOUND
    (problem,) = reading.problems
    assert what in str(problem.got)


def test_what_the_report_does_not_describe_is_not_counted(tmp_path: Path) -> None:
    more = (
        ballot(contest("x", {"a": [position()]}), **PLACE),
        ballot(contest("q", {"a": [position()]}, Undervotes=0)),
        {**ballot(contest("m", {"a": [position()]})), "ElectionId": "f"},
    )
    reading = read(tmp_path / "a", document([*RECORDS, *more]))
    assert votes(reading.tallies) == FOUND
    assert [check.code for check in reading.checks if check.verdict is CheckVerdict.FAILS] == ["D114"] * 3


def test_where_a_report_leaves_the_schema_is_said(tmp_path: Path) -> None:
    value = document()
    del value["GeneratedDate"], value["Election"][0]["Candidate"][0]["@type"]
    value["Election"][0]["Contest"][0]["@type"] = "CandidateContest"
    value["Party"][0]["@type"] = "CVR.Candidate"
    reading = read(tmp_path / "a", value)
    assert votes(reading.tallies) == FOUND
    assert [(check.place, str(check.text)) for check in reading.checks if check.code == "D118"] == [
        ("Candidate", "Candidate has no type; it was read as what its place says"),
        ("CastVoteRecordReport", "CastVoteRecordReport has no field GeneratedDate, which the schema requires"),
        ("Contest", "the type of Contest has no prefix CVR.; it was read with it"),
        ("Party", "the type of Party is not one of the schema; it was read as what its place says"),
    ]


def test_the_sample_that_breaks_its_schema(real_data: Path) -> None:
    path = needed(real_data / "other_machines" / "nist_cvr_cdf" / "rctab_cdf_1500-103.json")
    reading = read(path)
    expected: Counter[str] = Counter()
    value = json.loads(path.read_bytes())
    names = {each["@id"]: each["Name"] for each in value["Election"][0]["Candidate"]}
    for record in value["CVR"]:
        for each in record["CVRSnapshot"][0]["CVRContest"][0]["CVRContestSelection"]:
            if any(mark["Rank"] == 1 for mark in each["SelectionPosition"]):
                expected[names[each["ContestSelectionId"].replace("cs-", "candidate-")]] += 1
    assert {key[2]: number for key, number in votes(reading.tallies).items() if key[3] == "choice"} == expected
    assert sum(expected.values()) == 15
    failing = [check for check in reading.checks if check.verdict is CheckVerdict.FAILS]
    assert {check.code for check in failing} == {"D118"}
    assert {check.place: check.times for check in failing} == {"Candidate": 4, "Contest": 1, "ContestSelection": 4}


def test_no_planted_value_of_a_report_is_in_what_was_read(tmp_path: Path) -> None:
    broken = copy.deepcopy(list(RECORDS))
    broken[0]["CVRSnapshot"][0]["CVRContest"][0]["CVRContestSelection"] = PLANTED[5]
    broken[1]["@type"] = "CVR." + PLANTED[5]
    reading = read(tmp_path / "a", document([*RECORDS, *broken]))
    shown = repr(reading) + "".join(map(str, reading.problems)) + "".join(str(each.text) for each in reading.checks)
    assert len(reading.problems) == 1
    assert [each for each in PLANTED if each in shown] == []


def test_the_schema_is_no_report(real_data: Path) -> None:
    folder = real_data / "other_machines" / "nist_cvr_cdf"
    found = find_dumps([folder])
    assert [file.path.name for file in found.unrecognised] == ["NIST_V0_cast_vote_records.json"]
    (reading,) = found.readings
    assert reading.problems == ()
    verdicts = {check.verdict for check in reading.checks if check.code == "D118"}
    assert verdicts == {CheckVerdict.FAILS}
