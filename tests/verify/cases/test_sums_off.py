"""A sum that is off: every figure of it may be the wrong one, and what could change looks at all of them."""

import json
from pathlib import Path

import pytest

from regard.language import show
from tests.regard.calling import CommandLine
from tests.sources import new_folder, put_text
from tests.verify.night_builder import audited, bureaux_of, codes_of
from verify.cases.place_names import place_of
from verify.rulebook.causes import CaseKind

HEAD = "Code INSEE;Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;DURAND Anne;PETIT Luc;MOREL Ida;ROUX Paul"
ROWS = (
    "29999;Essai;0001;1043;688;12;0;676;299;301;46;30",
    "29999;Essai;0002;1118;757;15;0;742;364;339;15;19",
    "29999;Essai;0003;976;641;9;2;630;303;322;5;0",
)
"""In 0002 the votes are 5 short of the valid ones: in truth it is PETIT Luc's 339, who has won by one vote then."""
ELECTION = """id = "essai"
nom = "Essai"
date = 2022-06-19
tour = 2
[[scrutins]]
numero = 1
nom = "Essai"
type = "legislatives"
"""


def night(*rows: str, absent: int = 0) -> Path:
    """A night of these rows; so many signatures are absent from the list of the first bureau."""
    voters = [int(row.split(";")[4]) for row in rows]
    voters[0] -= absent
    signed = "\n".join(";".join([*row.split(";")[:3], str(count)]) for row, count in zip(rows, voters, strict=True))
    return new_folder(
        {
            "pv.csv": "\n".join((HEAD, *rows)) + "\n",
            "emargements.csv": f"Code INSEE;Commune;Bureau;Émargements\n{signed}\n",
            "election.toml": ELECTION,
        }
    )


def verified(cli: CommandLine, folder: Path) -> tuple[str, list[dict[str, int]]]:
    """The screen, and what each reading of the one case that has any changes, by how much."""
    report = folder.parent / f"{folder.name}.json"
    said = cli("verify", folder, "--json", report, code=1)
    [case] = [each for each in json.loads(report.read_text("utf-8"))["cases"] if each["readings"]]
    assert case["sure"] == "open"
    changes = [
        {each["field"]: each["becomes"] - each["was"] for each in one["corrections"]} for one in case["readings"]
    ]
    return said, changes


def test_the_true_figure_is_among_the_readings_and_the_outcome_may_change(cli: CommandLine) -> None:
    said, changes = verified(cli, night(*ROWS))
    of_choices = [{name: 5} for name in HEAD.split(";")[-4:]]
    of_counts = [{"valid": -5, "votes_found": -5}, {"valid": -5, "blank": 5}, {"valid": -5, "null": 5}]
    assert len(changes) == 7
    assert all(each in changes for each in (*of_choices, *of_counts))
    assert "The outcome can change with one other reading: bureau 0002, PETIT Luc in the PV, 344" in said


def test_a_reading_that_decides_is_named_where_votes_beyond_signatures_do_already(cli: CommandLine) -> None:
    folder = night(*ROWS, absent=12)
    said, _ = verified(cli, folder)
    said = " ".join(said.split())
    assert "With the figures as they stand, the votes beyond signatures or voters can change the outcome." in said
    alone = "Even without taking votes away, this figure read otherwise changes it: bureau 0002, PETIT Luc"
    assert alone in " ".join(cli("verify", folder, "--verbose", code=1).split())


def test_a_choice_without_votes_cannot_lose_any(cli: CommandLine) -> None:
    _, changes = verified(cli, night(*ROWS[::2], ROWS[1].replace("364;339;15;19", "371;361;15;0")))
    assert {"DURAND Anne": -5} in changes
    assert not any("ROUX Paul" in each for each in changes)


def test_a_count_may_be_wrong_and_the_votes_of_any_choice_with_it(cli: CommandLine) -> None:
    """The parts of the votes found are 5 short: valid votes were added up from the votes."""
    wrong = ROWS[1].replace("742;364;339;15;19", "737;364;339;15;19")
    said, changes = verified(cli, night(*ROWS[::2], wrong))
    assert {"blank": 5} in changes
    assert {"valid": 5, "PETIT Luc": 5} in changes
    assert "The outcome can change with one other reading: bureau 0002, PETIT Luc in the PV, 344" in said


def test_a_total_with_a_bureau_that_has_no_row_names_it_and_what_is_missing_is_of_the_same_case(tmp_path: Path) -> None:
    header = "Bureau;Inscrits;{counts};Blancs;Nuls;Exprimés;Liste A;Liste B"
    rows = [(at, 300 + 31 * at, 9, 1 + at) for at in range(1, 6)]
    lines = [
        f"{at};900;{n};{blank};{null};{n - blank - null};{n - 210};{210 - blank - null}" for at, n, blank, null in rows
    ]
    put_text(tmp_path / "PV Gap (05061).csv", "\n".join([header.format(counts="Votes trouvés"), *lines]))
    figures = [list(map(int, line.split(";")[1:])) for line in lines]
    total = "Total;" + ";".join(str(sum(column)) for column in zip(*figures, strict=True))
    put_text(tmp_path / "resultats_publies.csv", "\n".join([header.format(counts="Votants"), *lines[:4], total]))
    [case] = audited(tmp_path).cases
    assert (case.cause.name, bureaux_of(case)) == ("total-off", ["5"])
    assert "has the figures of this bureau, which has no row there" in show("en", case.detail.said)


def test_a_total_that_counts_a_bureau_with_two_rows_once_is_not_wrong(tmp_path: Path) -> None:
    rows = [(1, 300, 9), (2, 331, 7), (3, 362, 4), (3, 362, 2)]
    lines = [f"{at};900;{n};{n};{blank};0;{n - blank};{n - 210};{210 - blank}" for at, n, blank in rows]
    figures = [list(map(int, line.split(";")[1:])) for line in lines[:3]]
    total = "Total;" + ";".join(str(sum(column)) for column in zip(*figures, strict=True))
    header = "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;Liste A;Liste B"
    put_text(tmp_path / "PV Gap (05061).csv", "\n".join([header, *lines, total]))
    result = audited(tmp_path)
    assert "total-off" not in {case.cause.name for case in result.cases}
    assert {"I114", "C125"} & codes_of(result.findings) == {"I114"}


@pytest.mark.parametrize("of", ["PV.csv", "PV centralisateur.csv"])
@pytest.mark.parametrize("total", [820, 818])
def test_a_total_that_a_corrected_figure_makes_right_is_of_its_case(tmp_path: Path, of: str, total: int) -> None:
    """In a table of PVs, and in a centralising record beside it."""
    lines = [f"{at};900;{votes + 320};{votes + 320};20;0;{votes + 300};300;{votes}" for at, votes in BUREAUX.items()]
    head = "Bureau;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;ANNE Marie;BLAN Luc"
    put_text(tmp_path / "PV.csv", "\n".join([head, *lines]))
    wrong = [line.replace(";300;190", ";300;19") for line in lines]
    put_text(tmp_path / of, "\n".join([head, *wrong, f"TOTAL;3600;2100;2100;80;0;2020;1200;{total}"]))
    result = audited(tmp_path)
    causes = [(case.cause.name, [each.becomes for each in case.detail.corrections]) for case in result.cases]
    assert ("digit-lost", [190]) in causes
    assert [cause for cause, _ in causes].count("total-off") == (total != 820)


BUREAUX = {1: 180, 2: 210, 3: 190, 4: 240}


@pytest.mark.parametrize("short", [2, 4])
def test_a_file_that_has_less_in_several_places_is_an_earlier_edition(tmp_path: Path, short: int) -> None:
    counts = "inscrits,votants,exprimes,DURAND,PETIT"
    communes, sums = [f"departement,commune,commune_libelle,{counts}"], [f"departement,departement_libelle,{counts}"]
    for at in range(10, 16):
        communes += [f"{at},{commune:03},Essai,900,600,590,300,290" for commune in (1, 2)]
        less = 3 * at if at < 10 + short else 0
        sums.append(f"{at},Essai,1800,{1200 - less},{1180 - less},600,{580 - less}")
    for name, lines in (("communes.csv", communes), ("departements.csv", sums)):
        put_text(tmp_path / name, "\n".join(lines) + "\n")
    cases = audited(published=(tmp_path / "communes.csv", tmp_path / "departements.csv")).cases
    causes = [case.cause.name for case in cases if case.cause.kind is CaseKind.REREAD]
    assert causes == (["older-edition"] if short > 2 else ["sum-leaves-out"] * short)
    assert {str(place_of(case.places, {})) for case in cases if short > 2} <= {"4 départements"}
