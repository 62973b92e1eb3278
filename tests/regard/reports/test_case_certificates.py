"""Cases in JSON with what they were weighed by: the readings of a question, and the certificate of the search."""

from pathlib import Path

from tests.regard.calling import CommandLine
from tests.regard.test_verify_night import as_json
from tests.verify.night_builder import small_night
from verify.explanations.slips import gap_cost


def test_a_figure_in_a_table_says_its_row_and_its_column_as_it_is_written(tmp_path: Path, cli: CommandLine) -> None:
    header = "Code INSEE;Bureau;Inscrits;Émargements;Votants;Exprimés;CURIE"
    rows = ["77001;1;900;702;702;702;702", "77001;2;900;801;804;804;803"]
    (tmp_path / "pv.csv").write_text("\n".join((header, *rows)), "utf-8")
    document = as_json(cli, "--pv", tmp_path / "pv.csv")
    found = {each["code"]: each for each in document["findings"]}
    cells = {
        (side["row"], side["column"], side["value"]) for side in (found["R201"][name] for name in ("left", "right"))
    }
    assert cells == {(3, "Émargements", 801), (3, "Votants", 804)}
    assert {found["C111"][side]["row"] for side in ("left", "right")} == {None}


def test_open_cases_have_their_readings_and_all_that_were_weighed_a_certificate(
    tmp_path: Path, cli: CommandLine
) -> None:
    """One digit of a list against all else, and two digits exchanged in a PV."""
    night = small_night()
    night.add("emargements.csv", "0001", "emargements", 100)
    night.row("pv.csv", "0002")["emargements"] = "456"
    document = as_json(cli, night.write(tmp_path / "night"))
    [asked] = [case for case in document["cases"] if case["readings"]]
    assert (asked["sure"], asked["corrections"]) == ("open", [])
    assert [{(each["piece"], each["field"]) for each in reading["corrections"]} for reading in asked["readings"]] == [
        {("emargements", "signatures")},
        {("pv", "signatures")},
    ]
    weighed = [case["certificate"] for case in document["cases"] if case["certificate"]]
    assert len(weighed) >= 2
    for each in weighed:
        of_operations = sum(cost for _, _, cost in each["operations"])
        assert each["cost"] == of_operations + gap_cost(each["gap"]) + each["doubt"]
        assert each["complete"]
        assert all(each["cost"] <= rival <= each["bound"] for rival in each["rivals"])
        _, _, found, blank, null, valid, *votes = each["truth"]
        assert (found, valid) == (blank + null + valid, sum(votes))
