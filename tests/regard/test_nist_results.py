"""Results in NIST's common data format: by the parts of its schema that are used, and as the evidence has them.

Each definition here is within that of the schema as NIST publishes it (version 2, usnistgov/ElectionResultsReporting at
04fe7b7): the same required fields, some of its fields, some of the values of its enumerations. So what fits these fits
that. The schema itself (`NIST_V2_election_results_reporting.json`) is used as well where it lies beside the real data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from regard.cli import main
from regard.reports.nist_results import as_nist
from tests.real_files import needed
from tests.regard.test_verify_night import plain_environment
from tests.verify.night_builder import PUBLISHED, Night, small_night

__all__ = ["plain_environment"]  # a fixture

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def strict(type_: str, required: str, **properties: Any) -> dict[str, Any]:
    """An object of the standard: no other properties, and its own name where it says one."""
    named = {
        "@type": {"enum": [f"ElectionResults.{type_}"]},
        **{key.replace("_id", "@id"): value for key, value in properties.items()},
    }
    return {"type": "object", "required": required.split(), "properties": named, "additionalProperties": False}


def several(of: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least}


LANGUAGE = strict("LanguageString", "Content Language", Content=TEXT, Language=TEXT)
WORDS = strict("InternationalizedText", "Text", Text=several(LANGUAGE, 1))
IDENTIFIER = strict(
    "ExternalIdentifier",
    "Type Value",
    Type={"enum": ["fips", "local-level", "national-level", "ocd-id", "other", "state-level"]},
    OtherType=TEXT,
    Value=TEXT,
)
COUNT = {"enum": ["total", "other", "election-day"]}
VOTES = strict("VoteCounts", "Count Type", Count={"type": "number"}, Type=COUNT, GpUnitId=TEXT)
SUMMARY = strict(
    "SummaryCounts", "Type", Type=COUNT, GpUnitId=TEXT, BallotsCast=WHOLE, BallotsRejected=WHOLE, Undervotes=WHOLE
)
SELECTION = strict(
    "CandidateSelection", "CandidateIds @id", _id=TEXT, CandidateIds=several(TEXT, 1), VoteCounts=several(VOTES)
)
CONTEST = strict(
    "CandidateContest",
    "VotesAllowed ElectoralDistrictId Name @id",
    _id=TEXT,
    Name=TEXT,
    ElectoralDistrictId=TEXT,
    VotesAllowed=WHOLE,
    TotalSubUnits=WHOLE,
    NumberElected=WHOLE,
    VoteVariation={"enum": ["majority", "plurality", "proportional", "other"]},
    SummaryCounts=several(SUMMARY),
    BallotSelection=several(SELECTION),
)
UNIT = strict(
    "ReportingUnit",
    "Type @id",
    _id=TEXT,
    Type={"enum": ["precinct", "municipality", "country", "other"]},
    OtherType=TEXT,
    Name=TEXT,
    ComposingGpUnitIds=several(TEXT),
    ExternalIdentifier=several(IDENTIFIER),
    VotersRegistered=WHOLE,
    VotersParticipated=WHOLE,
)
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
ELECTION = strict(
    "Election",
    "ElectionScopeId EndDate Name StartDate Type",
    ElectionScopeId=TEXT,
    Name=WORDS,
    StartDate=DAY,
    EndDate=DAY,
    Type={"enum": ["general", "runoff", "special", "other"]},
    Candidate=several(strict("Candidate", "BallotName @id", _id=TEXT, BallotName=WORDS)),
    Contest=several(CONTEST),
)
SCHEMA = strict(
    "ElectionReport",
    "Format GeneratedDate Issuer IssuerAbbreviation SequenceEnd SequenceStart Status VendorApplicationId",
    Format={"enum": ["precinct-level", "summary-contest"]},
    GeneratedDate={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    Issuer=TEXT,
    IssuerAbbreviation=TEXT,
    Notes=TEXT,
    SequenceStart=WHOLE,
    SequenceEnd=WHOLE,
    Status={"enum": ["unofficial-complete", "unofficial-partial", "certified", "correction", "recount"]},
    VendorApplicationId=TEXT,
    GpUnit=several(UNIT),
    Election=several(ELECTION),
)


def report(night: Night, tmp_path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(b"".join(as_nist(night.load(tmp_path))))
    jsonschema.validate(document, SCHEMA)
    return document


def without(night: Night, *files: str) -> Night:
    for file in files:
        night.raw[file] = None
        night.tables.pop(file, None)
    return night


def counted(document: dict[str, Any], contest: int = 0) -> dict[str, dict[str, int]]:
    """Votes by choice and bureau."""
    election = document["Election"][0]
    names = {each["@id"]: each["BallotName"]["Text"][0]["Content"] for each in election["Candidate"]}
    return {
        names[selection["CandidateIds"][0]]: {each["GpUnitId"]: each["Count"] for each in selection["VoteCounts"]}
        for selection in election["Contest"][contest]["BallotSelection"]
    }


def test_votes_of_every_bureau_are_there(tmp_path: Path) -> None:
    night = small_night()
    document = report(night, tmp_path)
    assert "publie.txt" in document["Notes"]
    assert counted(document)["CURIE Marie"] == {
        f"bureau-{row.insee}-{row.bureau}": row.votes["CURIE Marie"] for row in night.published[PUBLISHED]
    }
    [contest] = document["Election"][0]["Contest"]
    assert {each["GpUnitId"]: each["Undervotes"] for each in contest["SummaryCounts"]} == {
        f"bureau-{row.insee}-{row.bureau}": row.counts["Blancs"] for row in night.published[PUBLISHED]
    }
    assert document["Status"] == "unofficial-complete"


@pytest.mark.parametrize(
    ("gone", "source", "bureaux"),
    [
        ((PUBLISHED,), "PV", 5),
        ((PUBLISHED, "pv.csv", "voix.csv"), "machines", 4),
    ],
)
def test_figures_are_those_of_the_best_evidence(
    gone: tuple[str, ...], source: str, bureaux: int, tmp_path: Path
) -> None:
    document = report(without(small_night(), *gone), tmp_path)
    assert f"Figures of {source}." in document["Notes"]
    assert len(counted(document)["ZOLA Émile"]) == bureaux


def test_what_is_missing_is_no_zero(tmp_path: Path) -> None:
    night = without(small_night(), PUBLISHED)
    night.drop("voix.csv", "0001", choice="ZOLA Émile")
    night.row("pv.csv", "0002")["blancs"] = ""
    document = report(night, tmp_path)
    assert "bureau-77001-0001" not in counted(document)["ZOLA Émile"]
    assert document["Status"] == "unofficial-partial"
    summaries = {each["GpUnitId"]: each for each in document["Election"][0]["Contest"][0]["SummaryCounts"]}
    assert "Undervotes" not in summaries["bureau-77001-0002"]


def test_every_name_that_is_referred_to_is_there(tmp_path: Path) -> None:
    document = report(small_night(2), tmp_path)
    units = {each["@id"] for each in document["GpUnit"]}
    named: list[str] = [part for each in document["GpUnit"] for part in each.get("ComposingGpUnitIds", ())]
    election = document["Election"][0]
    for contest in election["Contest"]:
        named += [contest["ElectoralDistrictId"], *(each["GpUnitId"] for each in contest["SummaryCounts"])]
        named += [each["GpUnitId"] for selection in contest["BallotSelection"] for each in selection["VoteCounts"]]
    assert set(named) | {election["ElectionScopeId"]} == units
    ids = [each["@id"] for each in (*document["GpUnit"], *election["Candidate"], *election["Contest"])]
    assert len(set(ids)) == len(ids)
    assert [each["Name"] for each in election["Contest"]] == [poll.name for poll in small_night(2).election.polls]


def test_the_date_is_that_of_the_environment_where_it_says_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1649635200")
    evidence = small_night().load(tmp_path)
    first, second = (b"".join(as_nist(evidence)) for _ in range(2))
    assert first == second
    assert json.loads(first)["GeneratedDate"] == "2022-04-11T00:00:00Z"


def test_the_command_writes_it_and_replaces_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, target = small_night().write(tmp_path / "night"), tmp_path / "results.json"
    for _ in range(2):
        assert main(["verify", str(folder), "--nist", str(target), "--quiet", "--lang", "en"]) == 0
    jsonschema.validate(json.loads(target.read_bytes()), SCHEMA)
    target.write_text("{}")
    assert main(["verify", str(folder), "--nist", str(target), "--quiet", "--lang", "en"]) == 2
    assert target.read_text() == "{}"
    assert "is not regard's" in capsys.readouterr().err


def test_without_an_election_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = without(small_night(), "election.toml").write(tmp_path / "night")
    code = main(["verify", str(folder), "--nist", str(tmp_path / "r.json"), "--quiet", "--lang", "en"])
    assert code == 2
    assert "--nist needs the election and its day" in capsys.readouterr().err
    assert not (tmp_path / "r.json").exists()


def test_it_fits_the_schema_that_nist_publishes(tmp_path: Path, real_data: Path) -> None:
    schema = json.loads(needed(real_data / "NIST_V2_election_results_reporting.json").read_text("utf-8"))
    jsonschema.validate(report(small_night(2), tmp_path), schema, cls=jsonschema.Draft4Validator)
