"""`regard verify` of a day with two polls: which poll a finding, a case, a row and the coverage are of."""

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

import regard
from protocol.export import record as export
from regard.api import Result
from regard.language import show
from sim.elections import PROFILES
from sim.nights.night import simulate
from sim.planned import PlannedNight
from sim.queues.town import Circumstances, TownBureau
from sim.towns import town
from tests.regard.calling import CommandLine
from tests.sim.nights import rows
from tests.sources import put_text
from tests.verify.night_builder import codes_of, findings
from verify.cases.place_names import bureau_codes, place_of
from verify.model.findings import Severity
from verify.model.rule_results import Named

LISTED = tuple(
    TownBureau("76351", "Le Havre", f"{number:04}", 200 + 10 * number, number != 3, 1, 8, 18) for number in range(1, 5)
)
ELECTION = """id = "elections-2021-06-20"
date = 2021-06-20
tour = 1
[[scrutins]]
numero = 1
nom = "Élections régionales 2021"
type = "regionales"
[[scrutins]]
numero = 2
nom = "Élections départementales 2021"
type = "departementales"
"""


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two") / "night"
    of = Circumstances(PROFILES["2021-R1"], polls=2)
    simulate(folder, seed=4, year=2021, planned=PlannedNight(town(LISTED, of), of), rates={}, workers=1)
    return folder


@pytest.fixture
def night(honest: Path, tmp_path: Path) -> Path:
    """The same, to be changed, without the digests that would tell of it."""
    shutil.copytree(honest, tmp_path / "night")
    (tmp_path / "night" / "manifest.json").unlink()
    return tmp_path / "night"


def change(folder: Path, name: str, act: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    found = act(rows(folder, name))
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(found)


def put(folder: Path, name: str, bureau: str, poll: str, **cells: str) -> None:
    def act(found: list[dict[str, str]]) -> list[dict[str, str]]:
        return [row | cells if (row["bureau"], row["scrutin"]) == (bureau, poll) else row for row in found]

    change(folder, name, act)


def cases(result: Result) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (case.cause.name, [(place.bureau, place.poll) for place in case.places])
        for case in result.cases
        if case.severity > Severity.INFO
    ]


@pytest.mark.parametrize("poll", ["1", "2"])
def test_an_export_that_its_urn_contradicts(night: Path, poll: str) -> None:
    """A113: whichever poll's export it is, and one finding where both say the same."""

    def late(poll: int) -> None:
        path = night / "exports" / f"76351-0001-{poll}-1.esf"
        values = export.parse(path.read_bytes())
        assert values.opening is not None
        path.write_bytes(export.build(replace(values, opening=values.opening + 3600)))

    late(int(poll))
    [found] = findings(regard.audit(night), "A113")
    assert (found.bureau, found.poll, found.field) == ("0001", int(poll), "opening")
    assert found.right.source.startswith(f"exports/76351-0001-{poll}-1.esf")
    late(3 - int(poll))
    [found] = findings(regard.audit(night), "A113")
    assert (found.bureau, found.poll) == ("0001", 0)


def test_a_damaged_urn_is_one_case_of_all_polls(night: Path) -> None:
    path = night / "modules" / "76351-0002-1.urn"
    image = bytearray(path.read_bytes())
    image[-100] ^= 1
    path.write_bytes(bytes(image))
    result = regard.audit(night)
    assert cases(result) == [("image-damaged", [("0002", 1), ("0002", 2)])]


@pytest.mark.parametrize("poll", ["1", "2"])
def test_a_wrong_figure_explains_the_difference_between_polls(night: Path, poll: str) -> None:
    """R221 is part of the figure's case, which is of the figure's poll."""
    [row] = [each for each in rows(night, "pv.csv") if (each["bureau"], each["scrutin"]) == ("0003", poll)]
    right = row["votes_trouves"]
    wrong = next(
        right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in (0, 1) if right[at] != right[at + 1]
    )
    put(night, "pv.csv", "0003", poll, votes_trouves=wrong)
    result = regard.audit(night)
    assert cases(result) == [("digits-exchanged", [("0003", int(poll))])]
    assert "R221" in {result.findings[at].code for at in result.cases[0].findings}


def test_a_gap_explains_the_difference_between_polls(night: Path) -> None:
    """R221 is part of the gap's case."""
    for name in ("emargements.csv", "pv.csv", "recap.csv"):
        [row] = [each for each in rows(night, name) if (each["bureau"], each["scrutin"]) == ("0004", "2")]
        put(night, name, "0004", "2", emargements=str(int(row["emargements"]) + 1))
    put(night, "pv.csv", "0004", "2", observations="")
    result = regard.audit(night)
    assert cases(result) == [("gap-unmentioned", [("0004", 2)])]
    assert "R221" in {result.findings[at].code for at in result.cases[0].findings}


def test_gaps_are_counted_by_bureau_and_poll(night: Path, tmp_path: Path, cli: CommandLine) -> None:
    """Four bureaux are not said to be eight."""
    for changed, said in ((False, "dans les 8 comptes"), (True, "dans 1 compte ")):
        if changed:
            put(night, "emargements.csv", "0004", "2", emargements="1")
        report = tmp_path / f"{changed}.html"
        cli("verify", night, "--fail-on", "never", "--lang", "fr", "--report", report, code=None)
        assert said in report.read_text("utf-8").replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("poll", [1, 2])
def test_what_a_published_file_shows_by_itself_is_of_its_poll(night: Path, poll: int) -> None:
    path = night / f"publie.{poll}.txt"
    head, first, *others = path.read_text("iso-8859-1").splitlines()
    cells = first.split(";")
    cells[11] = "1,23"
    path.write_text("\r\n".join([head, ";".join(cells), *others, ""]), "iso-8859-1")
    assert cases(regard.audit(night)) == [("percentage-wrong", [("0001", poll)])]


def test_a_row_of_an_unknown_bureau_hides_nothing_of_the_other_poll(night: Path) -> None:
    """The count is missing in poll 1, and in poll 2 it stands under a code that is near."""

    def act(found: list[dict[str, str]]) -> list[dict[str, str]]:
        kept = [row for row in found if (row["bureau"], row["scrutin"]) != ("0001", "1")]
        return [row | {"bureau": "0011"} if (row["bureau"], row["scrutin"]) == ("0001", "2") else row for row in kept]

    change(night, "emargements.csv", act)
    found = {each.code: (each.bureau, each.poll) for each in regard.audit(night).findings if each.code != "C111"}
    assert (found["C105"], found["C108"]) == (("0001", 1), ("0001", 2))


def test_a_missing_image_is_of_no_poll(night: Path) -> None:
    (night / "modules" / "76351-0002-1.urn").unlink()
    [found] = findings(regard.audit(night), "C113")
    assert (found.bureau, found.poll) == ("0002", 0)


def test_an_export_of_an_unknown_bureau_says_its_poll(night: Path) -> None:
    path = night / "exports" / "76351-0001-2-1.esf"
    path.write_bytes(export.build(replace(export.parse(path.read_bytes()), bureau="1")))
    [found] = findings(regard.audit(night), "C102")
    assert found.poll == 2


def test_coverage_is_told_apart_by_poll(night: Path, cli: CommandLine) -> None:
    change(night, "emargements.csv", lambda found: [row for row in found if row["scrutin"] == "1"])
    (night / "publie.2.txt").unlink()
    coverage = regard.audit(night).coverage
    assert coverage.several_polls
    assert coverage.by_poll == {"emargements": {1: 4, 2: 0}, "publie": {1: 4, 2: 0}}
    cli("verify", night, "--verbose", "--fail-on", "never", "--lang", "fr")
    said = cli.out.replace("\xa0", " ").replace("\u202f", " ")
    assert "0 / 4   incomplet   (scrutin 1 : 4, scrutin 2 : 0)" in said
    assert "4 / 4   (scrutin 1)" in said


def test_one_poll_has_no_coverage_by_poll(tmp_path: Path) -> None:
    plain = Circumstances(PROFILES["2022-P1"])
    simulate(tmp_path / "n", seed=4, year=2022, planned=PlannedNight(town(LISTED, plain), plain), rates={}, workers=1)
    coverage = regard.audit(tmp_path / "n").coverage
    assert (coverage.several_polls, coverage.by_poll) == (False, {})


def test_the_poll_is_named_where_the_day_has_several() -> None:
    for places, several, english in (
        ([("1", 1)], False, "1"),
        ([("1", 2)], False, "1, poll 2"),
        ([("1", 1)], True, "1, poll 1"),
        ([("1", 2), ("2", 2)], True, "1 and 2, poll 2"),
        ([("1", 1), ("1", 2)], True, "1, polls 1 and 2"),
        ([("1", 0)], True, "1"),
        ([("1", 2), ("9", 0)], True, "1 and 9, poll 2"),
    ):
        named = [Named("76351", *place) for place in places]
        assert show("en", bureau_codes(named, several)) == english
        assert show("en", place_of(named, {"76351": "Le Havre"}, several)).endswith(english)


# --- Sheets that do not call the poll by its number ---


def sheet_rows(honest: Path, poll: str) -> list[list[object]]:
    found = [row for row in rows(honest, "emargements.csv") if row["scrutin"] == poll]
    return [[row["bureau"], int(row["inscrits"]), int(row["emargements"])] for row in found]


def workbook(path: Path, honest: Path, titles: tuple[str, str]) -> Path:
    book = xlsxwriter.Workbook(path)
    for title, poll in zip(titles, "12", strict=True):
        sheet = book.add_worksheet(title)
        for at, row in enumerate([["Bureau", "Inscrits", "Émargements"], *sheet_rows(honest, poll)]):
            sheet.write_row(at, 0, row)
    book.close()
    return path


def signed(result: Result) -> tuple[int, int]:
    return result.coverage.kinds["emargements"]


@pytest.mark.parametrize("titles", [("Scrutin 1", "Scrutin 2"), ("scrutin n°1", "SCRUTIN N°2"), ("Poll 1", "Poll 2")])
def test_sheets_by_the_number_of_the_poll(honest: Path, tmp_path: Path, titles: tuple[str, str]) -> None:
    """Their rows are of the commune of the exports, as no other is there."""
    book = workbook(tmp_path / "emargements.xlsx", honest, titles)
    result = regard.audit(exports=[honest / "exports"], files=[book])
    assert signed(result) == (4, 4)
    assert cases(result) == []


@pytest.mark.parametrize("titles", [("Régionales", "Départementales"), ("Élections rég.", "Élections dép.")])
def test_sheets_by_the_name_of_the_poll(honest: Path, tmp_path: Path, titles: tuple[str, str]) -> None:
    book = workbook(tmp_path / "emargements.xlsx", honest, titles)
    without = regard.audit(exports=[honest / "exports"], files=[book])
    assert signed(without) == (0, 4)
    assert "I113" in codes_of(without.findings)
    put_text(tmp_path / "election.toml", ELECTION)
    shutil.copytree(honest / "exports", tmp_path / "exports")
    result = regard.audit(tmp_path)
    assert signed(result) == (4, 4)
    assert cases(result) == []


@pytest.mark.parametrize("by", ["cell", "file", "cell of one file"])
def test_the_name_of_the_poll_in_a_cell_or_in_the_file_name(honest: Path, tmp_path: Path, by: str) -> None:
    put_text(tmp_path / "election.toml", ELECTION)
    shutil.copytree(honest / "exports", tmp_path / "exports")
    lines: dict[str, list[list[object]]] = {}
    for poll, name in (("1", "Régionales"), ("2", "Départementales")):
        file = {"cell": "tout.csv", "file": f"emargements_{name}.csv"}.get(by, f"fichier{poll}.csv")
        for row in sheet_rows(
            honest, "1"
        ):  # the same voters signed both lists: of files by name the bytes are the same
            lines.setdefault(file, []).append(row if by == "file" else [*row, name])
    for file, found in lines.items():
        with (tmp_path / file).open("w", encoding="utf-8", newline="") as out:
            head = ["Bureau", "Inscrits", "Émargements", *([] if by == "file" else ["Scrutin"])]
            csv.writer(out, delimiter=";").writerows([head, *found])
    result = regard.audit(tmp_path)
    assert signed(result) == (4, 4)
    assert cases(result) == []


def test_titles_alone_say_that_there_are_two_polls(honest: Path, tmp_path: Path) -> None:
    book = workbook(tmp_path / "emargements.xlsx", honest, ("Scrutin 1", "Scrutin 2"))
    other = workbook(tmp_path / "autre.xlsx", honest, ("Le Havre", "Bourges"))
    assert regard.audit(files=[book]).coverage.several_polls
    assert not regard.audit(files=[other]).coverage.several_polls


@pytest.mark.parametrize(
    ("language", "said"), [("en", "says which poll of the day"), ("fr", "de quel scrutin du jour")]
)
def test_rows_that_say_no_poll(honest: Path, tmp_path: Path, language: str, said: str, cli: CommandLine) -> None:
    """It is not said that there is no column of signatures, as there is one."""
    path = tmp_path / "emargements.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([["Bureau", "Inscrits", "Émargements"], *sheet_rows(honest, "1")])
    cli("verify", honest / "exports", path, "--fail-on", "never", "--lang", language, code=None)
    shown = cli.said
    assert said in shown
    assert "no column of" not in shown
    assert "aucune colonne" not in shown


def test_the_same_bytes_under_the_names_of_two_polls_are_lists_of_both(honest: Path, tmp_path: Path) -> None:
    put_text(tmp_path / "election.toml", ELECTION)
    shutil.copytree(honest / "exports", tmp_path / "exports")
    for name in (
        "émargements scrutin 1",
        "émargements départementales",
        "émargements",
        "émargements départementales (1)",
    ):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([["Bureau", "Inscrits", "Émargements"], *sheet_rows(honest, "1")])
    result = regard.audit(tmp_path)
    assert signed(result) == (4, 4)
    said = {each.path: show("en", each.why or each.note) for each in result.inputs if each.path.endswith(".csv")}
    assert said == {
        "émargements scrutin 1.csv": "commune by the other evidence: 76351",
        "émargements départementales.csv": "poll 2, by its name; the same bytes as émargements scrutin 1.csv; "
        "commune by the other evidence: 76351",
        "émargements.csv": "the same bytes as émargements scrutin 1.csv",
        "émargements départementales (1).csv": "the same bytes as émargements départementales.csv",
    }


def test_rows_of_which_nothing_says_the_poll_are_one_finding_and_lack_in_no_bureau(
    honest: Path, tmp_path: Path
) -> None:
    shutil.copytree(honest, tmp_path / "night")
    for poll in "12":
        with (tmp_path / "night" / f"émargements {'AB'[int(poll) - 1]}.csv").open("w", encoding="utf-8") as file:
            csv.writer(file, delimiter=";").writerows(
                [["Bureau", "Émargements"], *([a, c] for a, _, c in sheet_rows(honest, poll))]
            )
    for name in ("emargements.csv", "manifest.json"):
        (tmp_path / "night" / name).unlink()
    result = regard.audit(tmp_path / "night")
    grave = [found for found in result.findings if found.severity > Severity.INFO]
    assert {found.code for found in grave} == {"I113"}
    assert "the poll of each row (1, 2): its number or its name" in show("en", grave[0].message)
    assert len(cases(result)) == len(grave)
    used = [each for each in result.inputs if each.path.startswith("émargements")]
    assert all("4 rows or cells that could not be used" in show("en", each.why) for each in used if each.sheets)
