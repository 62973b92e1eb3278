"""Dominion's exports in JSON: what is counted, what is not, and what is said of it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from protocol.cvr import ballot_json, counting, sessions
from protocol.dumps.checks import CheckVerdict
from protocol.dumps.tallies import ChoiceKind
from tests.protocol.cvr.made import (
    BALLOTS,
    DOMINION,
    LISTS,
    VOTES,
    changed,
    contest,
    element,
    export,
    folder,
    mark,
    read,
    said,
    session,
    votes,
)
from tests.sources import put_files


@pytest.fixture(params=["msgspec", "json"], autouse=True)
def decoders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test with the fast decoder, and with the one of the standard library."""
    if request.param == "json":
        monkeypatch.setitem(__import__("sys").modules, "msgspec", None)
        assert sessions.decoder() is sessions.decode_slowly
    else:
        pytest.importorskip("msgspec")
        assert sessions.decoder() is not sessions.decode_slowly
    return str(request.param)


def test_ballots_are_counted_by_tabulator_batch_and_precinct() -> None:
    reading = read(folder())
    assert votes(reading.tallies) == VOTES
    assert reading.problems == ()
    assert reading.tallies.unit_parts == ("tabulator", "batch", "precinct portion")
    assert {(check.code, check.verdict) for check in reading.checks} == {
        ("D104", CheckVerdict.HOLDS),
        ("D114", CheckVerdict.HOLDS),
        ("D110", CheckVerdict.NOT_CHECKED),
    }
    assert [(each.party, each.kind) for each in reading.tallies.choices[:3]] == [
        ("Green", ChoiceKind.NAMED),
        ("", ChoiceKind.NAMED),
        ("", ChoiceKind.WRITE_IN),
    ]
    counts = {
        (reading.tallies.units[at], reading.tallies.contests[number].name): ballots
        for at, number, _, ballots in reading.tallies.counts.tolist()
    }
    assert counts == {
        ("10/1/5", "Mayor"): 4,
        ("10/1/5", "Judge"): 3,
        ("10/2/5", "Mayor"): 1,
        ("10/2/5", "Judge"): 1,
        ("10/1/6", "Mayor"): 1,
    }


def test_a_corrected_ballot_counts_as_it_was_corrected() -> None:
    first, second = element(contest(1, mark(11)), current=False), element(contest(1, mark(12)))
    other = {**session(), "Original": second, "Modified": first}
    reading = read(folder([{**session(), "Original": first, "Modified": second}, other]))
    assert {key[2]: number for key, number in votes(reading.tallies).items() if key[3] == "choice"} == {"Ben": 2}


@pytest.mark.parametrize("current", [True, False])
def test_two_elements_that_say_the_same_of_themselves_are_not_counted(current: bool) -> None:
    both = [element(contest(1, mark(number)), current=current) for number in (11, 12)]
    reading = read(folder([{**session(), "Original": both[0], "Modified": both[1]}]))
    assert votes(reading.tallies) == {}
    assert "not one current element" in str(reading.problems[0])


def test_before_5_10_contests_stand_without_a_card() -> None:
    ballots = copy.deepcopy(list(BALLOTS))
    for each in ballots:
        (card,) = each["Original"].pop("Cards")
        each["Original"]["Contests"] = card["Contests"]
    reading = read(folder(ballots))
    assert votes(reading.tallies) == VOTES
    assert reading.problems == ()


def test_fields_that_older_versions_do_not_have() -> None:
    ballots = copy.deepcopy(list(BALLOTS))
    for each in ballots[:5]:
        for one in each["Original"]["Cards"][0]["Contests"]:
            for every in one["Marks"]:
                del every["IsAmbiguous"], every["OutstackConditionIds"]
    assert votes(read(folder(ballots)).tallies) == VOTES


def test_the_number_of_the_condition_comes_from_its_list() -> None:
    ballots = [session(contest(1, mark(11), conditions=[7])), session(contest(1, mark(12), conditions=[30]))]
    conditions = [{"Id": 30, "Description": "InvalidContest"}, {"Id": 7, "Description": "Undervote"}]
    found = votes(read(folder(ballots, OutstackConditionManifest=conditions)).tallies)
    assert found["10/1/5", "Mayor", "Ada", "choice"] == 1
    assert ("10/1/5", "Mayor", "Ben", "choice") not in found


def test_several_votes_in_a_contest_of_several() -> None:
    contests = [{"Description": "Council", "Id": 1, "VoteFor": 2, "NumOfRanks": 0}]
    ballots = [
        session(contest(1, mark(11), mark(12))),
        session(contest(1, mark(11), under=1)),
        session(contest(1, *(mark(number, vote=False) for number in (11, 12, 13)), over=2)),
    ]
    reading = read(folder(ballots, ContestManifest=contests))
    found = {key[2:]: number for key, number in votes(reading.tallies).items()}
    assert found == {("Ada", "choice"): 2, ("Ben", "choice"): 1, ("", "undervote"): 1, ("", "overvote"): 1}
    assert ("D104", "holds", "") in said(reading)


def test_sums_that_do_not_add_up() -> None:
    reading = read(folder([session(contest(1, mark(11), under=1)), session(contest(1, mark(11)))]))
    (check,) = [each for each in reading.checks if each.code == "D104"]
    assert (check.verdict, check.unit, check.left, check.right) == (CheckVerdict.FAILS, "10/1/5", "3", "2")
    assert "Mayor" in str(check.text)


def test_what_the_lists_do_not_have_is_not_counted() -> None:
    ballots = [
        session(contest(1, mark(11)), contest(9, mark(91))),
        session(contest(1, mark(21))),  # a candidate of the other contest
        session(contest(9, mark(91))),
    ]
    reading = read(folder(ballots))
    assert {key[1:]: number for key, number in votes(reading.tallies).items() if number} == {
        ("Mayor", "Ada", "choice"): 1
    }
    texts = {str(check.text) for check in reading.checks if check.code == "D114"}
    assert texts == {
        "contest 9 is on 2 cards and not in the list of contests: not counted",
        "1 vote in contest 1 is for candidate 21, whom the list does not have there: not counted",
    }
    assert {check.verdict for check in reading.checks if check.code == "D114"} == {CheckVerdict.FAILS}


@pytest.mark.parametrize(
    "without", [["CandidateManifest"], ["ContestManifest"], ["CandidateManifest", "ContestManifest"]]
)
def test_without_a_list_nobody_is_said_to_be_on_it(without: list[str]) -> None:
    reading = read(folder(without=without))
    assert {check.verdict for check in reading.checks if check.code == "D114"} == {CheckVerdict.NOT_CHECKED}


@pytest.mark.parametrize("name", ["CandidateManifest", "ContestManifest"])
def test_nobody_is_on_an_empty_list(name: str) -> None:
    reading = read(folder(**{name: []}))
    assert CheckVerdict.HOLDS not in {check.verdict for check in reading.checks if check.code == "D114"}


def test_an_export_of_another_election_is_not_counted() -> None:
    at = folder()
    (at / "CvrExport_2.json").write_bytes(export(election="Village 2020"))
    reading = read(at)
    assert votes(reading.tallies) == VOTES
    (check,) = [each for each in reading.checks if each.code == "D114" and each.verdict is CheckVerdict.FAILS]
    assert "Village 2020" in str(check.text)
    (file,) = [each for each in reading.files if each.path.name == "CvrExport_2.json"]
    assert file.taken_for == ""
    assert str(file.note) == "of another election: not counted"


def test_an_export_that_names_no_election_is_counted() -> None:
    at = folder()
    reading = read(at)
    (at / "CvrExport.json").write_bytes(export(election=""))
    unnamed = read(at)
    assert votes(unnamed.tallies) == votes(reading.tallies)
    assert [check.code for check in unnamed.checks if check.verdict is CheckVerdict.FAILS] == []


def test_two_elections_without_lists_are_kept_apart(tmp_path: Path) -> None:
    for number, election in enumerate(("A", "B")):
        (tmp_path / f"CvrExport_{number}.json").write_bytes(export([session(contest(1, mark(11)))], election))
    found = votes(read(*tmp_path.iterdir()).tallies)
    assert {key[1:3] for key in found if key[3] == "choice"} == {("1 (A)", "11"), ("1 (B)", "11")}


def test_split_files_add_up_and_the_same_file_counts_once() -> None:
    again = export(BALLOTS[2:])
    reading = read(put_files(folder(BALLOTS[:2]), {"CvrExport_2.json": again, "CvrExport_3.json": again}))
    assert votes(reading.tallies) == VOTES
    assert [(check.unit, str(check.text)) for check in reading.checks if check.code == "D111"] == [
        ("", "the file has the same bytes as CvrExport_2.json: it was counted once"),
        ("10/1", "the batch is in several files (CvrExport.json, CvrExport_2.json); all were counted"),
    ]


def test_the_only_lists_serve_another_folder() -> None:
    lists = folder()
    (lists / "CvrExport.json").rename(lists.with_name("CvrExport.json"))
    assert votes(read(lists.parent).tallies) == VOTES


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("IncludeTabulatorFilter", True),
        ("IncludeBallotTypeFilter", True),
        ("ContestFilter", [4]),
        ("PrecinctPortionFilter", [1, 2]),
        ("CvrSuppressionType", 1),
        ("TurnoutThreshold", 10),
    ],
)
def test_a_filter_is_said(key: str, value: object) -> None:
    configuration = {"IncludeTabulatorFilter": False, "ContestFilter": [], "IncludeOnlyPublishedResultContainers": True}
    at = folder()
    (at / "Configuration.json").write_text(json.dumps(configuration))
    assert ("D115", "holds", "") in said(read(at))
    (at / "Configuration.json").write_text(json.dumps({**configuration, key: value}))
    (check,) = [each for each in read(at).checks if each.code == "D115"]
    assert check.verdict is CheckVerdict.FAILS
    assert key in str(check.text)


def test_no_ballots() -> None:
    reading = read(folder([]))
    assert votes(reading.tallies) == {}
    assert reading.problems == ()
    assert [str(file.note) for file in reading.files if file.path.name == "CvrExport.json"] == ["0 ballots"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"TabulatorId": "ten"}, "no whole number in TabulatorId"),
    ({"TabulatorId": ...}, "no whole number in TabulatorId"),
    ({"BatchId": -1}, "no whole number in BatchId"),
    ({"BatchId": 10**30}, "no whole number in BatchId"),
    ({"BatchId": True}, "no whole number in BatchId"),
    ({"Original": []}, "no object in Original"),
    ({"Original": ...}, "not one current element, but two or none"),
    ({"Original": {**element(), "IsCurrent": 1}}, "neither true nor false in IsCurrent"),
    ({"Original": {**element(), "PrecinctPortionId": None}}, "no whole number in PrecinctPortionId"),
    ({"Original": {**element(), "Cards": {}}}, "no list of objects in Cards"),
    ({"Original": {**element(), "Cards": [1]}}, "no list of objects in Cards"),
    ({"Original": element({**contest(1), "Marks": "all"})}, "no list of objects in Marks"),
    ({"Original": element({**contest(1), "OutstackConditionIds": ["7"]})}, "no list of whole numbers"),
    ({"Original": element(contest(1, mark(11, IsVote="true")))}, "neither true nor false in IsVote"),
    ({"Original": element(contest(1, mark(11, IsAmbiguous=None)))}, "neither true nor false in IsAmbiguous"),
    ({"Original": element(contest(1, under=2**60))}, "no whole number in Undervotes"),
]


@pytest.mark.parametrize(("fields", "what"), WRONG, ids=[what for _, what in WRONG])
def test_a_ballot_that_cannot_be_read_is_left_out_and_said(fields: dict[str, Any], what: str) -> None:
    whole = read(folder(BALLOTS[:4]))
    reading = read(folder(changed(4, **fields)[:5]))
    assert votes(reading.tallies) == votes(whole.tallies)
    (problem,) = reading.problems
    assert what in str(problem.got)
    assert str(problem.got).startswith("1 that cannot")
    assert str(problem.expected).startswith("ballots that can be counted in bytes ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"IsVote":true', b'"IsVote":true,"IsVote":false'),
        (b'"IsVote":true', b'"IsVote":true,"\\u0049sVote":false'),
        (b'"IsVote":true', b'"IsVote" :true,"IsVote":false'),
        (b'"IsVote":true', b'"IsVote"' + b" " * 100 + b':true,"IsVote":false'),
        (b'"CandidateId":11', b'"CandidateId":11,"CandidateId":12'),
        (b'"TabulatorId":10', b'"TabulatorId":10,"TabulatorId":11'),
        (b'"Undervotes":0', b'"Undervotes":0,"Undervotes":1'),
        (b'"IsCurrent":true', b'"IsCurrent":true,"IsCurrent":false'),
        (b'"Marks":[{', b'"Marks":[],"Marks":[{'),
        (b'"Id":1,"ManifestationId"', b'"Id":2,"Id":1,"ManifestationId"'),
    ],
)
def test_a_field_that_stands_twice_counts_for_neither_value(old: bytes, new: bytes) -> None:
    data = export(BALLOTS[:2])
    assert data.count(old) >= 1
    reading = read(put_files(folder(), {"CvrExport.json": data.replace(old, new, 1)}))
    assert votes(reading.tallies) == votes(read(folder(BALLOTS[1:2])).tallies)
    assert "a field stands twice in an object" in str(reading.problems[0])


def test_texts_that_look_like_fields_do_not_confuse() -> None:
    names = ['"IsVote":true,', "}],{[", '\\"', "\\\\", "IsVote", 'x\\":{', "\u00e9\u2028", "\\u0049sVote"]
    ballots = [{**each, "ImageMask": name, "SessionType": name} for each in BALLOTS for name in names]
    found = votes(read(folder(ballots)).tallies)
    assert found == {key: len(names) * number for key, number in VOTES.items()}


def test_layouts_know_what_they_are() -> None:
    assert not DOMINION.model
    for name, rows in LISTS.items():
        head = json.dumps({"Version": "5", "List": rows}).encode()
        assert DOMINION.recognise(head, f"{name}.json")
        assert not DOMINION.recognise(head.replace(b"List", b"Rows"), f"{name}.json")


def test_what_exports_look_like_today_goes_the_fast_way(monkeypatch: pytest.MonkeyPatch, decoders: str) -> None:
    if decoders == "json":
        pytest.skip("msgspec's way is the fast one")
    monkeypatch.setattr(sessions, "decode_slowly", None)
    corrected = {**session(), "Original": element(current=False), "Modified": element(contest(1, mark(11)))}
    assert votes(read(folder([*BALLOTS, corrected])).tallies) == {
        **VOTES,
        ("10/1/5", "Mayor", "Ada", "choice"): 2,
    }


def test_fields_are_told_apart_by_their_codes() -> None:
    """Those that are taken out, and those that real exports have beside them."""
    others = (
        *("RecordId", "CountingGroupId", "ImageMask", "SessionType", "VotingSessionIdentifier"),
        *("UniqueVotingIdentifier", "BallotTypeId", "KeyInId", "PaperIndex", "ManifestationId", "PartyId"),
        *("MarkDensity", "WriteinIndex", "WriteinDensity"),
    )
    every = (*ballot_json.KEYS, *others)
    assert len({sessions.code_of(key) for key in every}) == len(every)


@pytest.mark.parametrize("without", [(), ("ContestManifest", "CandidateManifest")])
@pytest.mark.parametrize("cells", [9, 12, 23, 30])
def test_more_units_than_memory_holds_are_said(
    monkeypatch: pytest.MonkeyPatch, without: tuple[str, ...], cells: int
) -> None:
    monkeypatch.setattr(counting, "MAX_CELLS", cells)
    reading = read(folder(without=without))
    (problem,) = reading.problems
    assert "fit into memory" in str(problem)
    assert sum(votes(reading.tallies).values()) < sum(VOTES.values())
