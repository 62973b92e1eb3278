"""`regard forecast` as it is used: the screen in two languages, JSON, CSV, the report, and the table to fill in."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from regard.commands.checking.template import FORECASTS
from regard.forecasts.contents import family
from tests.regard.browser import needs_chromium, obstacles
from tests.regard.calling import CommandLine
from tests.regard.dossier.reports import TakenApart
from tests.sources import put_text
from tests.verify.forecasts.samples import POLLS, RESULT, forecast_file, result_file

CLAIM = "Après,,,,Émile Zola,40.5,,\n"


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """The words of a command with polls, a claim and a result."""
    polls = forecast_file(tmp_path, POLLS + CLAIM)
    return ["forecast", str(polls), "--results", str(result_file(tmp_path))]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            [
                "Le vote du dimanche 10 avril 2022 : 1 480 voix (département : 2 lignes additionnées",
                "3 prévisions sont comparées, de 3 sources.",
                "4 candidats : tous les candidats",
                "parts égales",
                "– : jamais classé.",
            ],
        ),
        (
            "en",
            ["The vote of Sunday 10 April 2022: 1,480 votes", "3 forecasts are compared, of 3 sources."],
        ),
    ],
)
def test_the_screen(given: list[str], cli: CommandLine, language: str, words: list[str]) -> None:
    cli(*given, "--lang", language)
    for word in words:
        assert word in cli.said
    assert max(map(len, cli.out.splitlines())) <= 80
    assert len(cli.out.splitlines()) <= 40
    assert not cli.err
    assert "sha256" not in cli.out
    cli(*given, "--lang", language, "--verbose")
    assert all(word in cli.said for word in words)
    assert "sha256" in cli.out


def test_json_has_every_figure(given: list[str], cli: CommandLine) -> None:
    cli(*given, "--json", "-")
    document = json.loads(cli.out)
    [reading] = document["result"]["readings"]
    assert reading["how"] == "département: 2 rows added up, shares of the sum of the votes"
    by_source = {each["source"]: each for each in document["forecasts"]}
    assert by_source["Après"]["standing"] == "claimed_afterwards"
    nord = by_source["Nord"]
    assert (nord["measures"]["n"], nord["measures"]["mean_absolute"]) == (4, 0.337838)
    assert nord["errors"][0]["share"] == "41"
    assert nord["errors"][0]["result"] == 40.540541
    [everybody, two, one] = document["same_candidates"]
    assert [row["source"] for row in everybody["sources"]] == ["Nord", "Sud"]
    assert [row["n"] for row in two["sources"]] == [2, 2, 2]
    assert [(row["source"], row["rank"]) for row in one["sources"]][-1] == ("Après", None)
    assert {file["used"] for file in document["files"]} == {"whole"}
    assert document["result"]["adds_up"]


def test_a_page_holds_together_and_runs_nothing(given: list[str], tmp_path: Path, cli: CommandLine) -> None:
    target = tmp_path / "report.html"
    cli(*given, "--report", target, "--lang", "fr")
    data = target.read_bytes()
    page = TakenApart(data)
    assert page.elements
    text = data.decode()
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in text
    assert "<script" not in text
    cli(*given, "--report", tmp_path / "again.html", "--lang", "fr")
    assert (tmp_path / "again.html").read_bytes() == data


def test_names_from_a_file_are_text(tmp_path: Path, cli: CommandLine) -> None:
    rows = POLLS.replace("Nord", "<b onload=x>\u202e&").replace("Victor Hugo", "</svg><i>")
    given = ["forecast", str(forecast_file(tmp_path, rows)), "--results", str(result_file(tmp_path))]
    cli(*given, "--report", tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text("utf-8")
    assert TakenApart(text.encode()).elements
    assert "<b onload" not in text
    assert "\u202e" not in text + cli.out


def test_a_report_is_a_page(given: list[str], tmp_path: Path, cli: CommandLine) -> None:
    cli(*given, "--report", tmp_path / "report.pdf", code=2)


def test_a_result_that_does_not_add_up_is_said(tmp_path: Path, cli: CommandLine) -> None:
    result = result_file(tmp_path, RESULT.replace("10,980,", "10,780,"))
    cli("forecast", forecast_file(tmp_path), "--results", result, code=1)
    shown = cli.said
    assert "The result does not add up: département: 2 rows added up, shares of the stated valid votes" in shown
    assert "gives other shares, by up to 6.3345 points." in shown
    assert "Findings on the result:" in shown


def test_what_is_no_forecast_is_named_and_the_rest_is_used(
    given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cli: CommandLine
) -> None:
    monkeypatch.chdir(tmp_path)
    put_text(Path("other.csv"), "bureau,insee,votants\n0001,77001,30\n")
    cli("forecast", "other.csv", "absent.csv", *given[1:], code=2)
    assert "other.csv: not used; no table of forecasts: it would have columns such as" in cli.said
    assert "absent.csv: expected a file, found nothing" in cli.complained
    assert "3 forecasts are compared" in cli.out


def test_the_day_of_the_vote_must_be_known(tmp_path: Path, cli: CommandLine) -> None:
    path = tmp_path / "totals.csv"
    put_text(path, RESULT)
    words = ["forecast", str(forecast_file(tmp_path)), "--results", str(path), "--lang", "en"]
    cli(*words, code=2)
    assert "name it with --date" in cli.err
    for day in ("2022-04-10", "10/04/2022"):
        cli(*words, "--date", day)
    cli(*words, "--date", "10 April", code=2)
    assert "no day as 2026-03-15 or 15/03/2026" in cli.err


def test_results_of_a_part_of_the_country_are_said(given: list[str], cli: CommandLine) -> None:
    cli(*given, "--lang", "fr")
    shown = cli.said
    told = "Les résultats portent sur 2 départements : une prévision pour tout le pays ne porte pas sur eux."
    assert shown.index(told) < shown.index("Sur les mêmes candidats")


def test_results_of_a_city_are_said(real_data: Path, tmp_path: Path, cli: CommandLine) -> None:
    rows = "Nord,2022-04-08,1000,,Macron,28,,\nNord,2022-04-08,1000,,Le Pen,23,,\n"
    results = real_data / "2022-presidentielle-t1-vaureal.csv"
    cli("forecast", forecast_file(tmp_path, rows), "--results", results, code=None)
    assert "The results are those of 1 commune: a forecast for the whole" in cli.said


def test_results_of_the_whole_country_are_not_called_a_part(tmp_path: Path, cli: CommandLine) -> None:
    head = RESULT.split("\n", 1)[0]
    text = "\n".join([head, *(f"{code:02},1000,520,10,500,200,150,100,50" for code in range(1, 20))])
    text += "".join(f"\n{code:02},1000,520,10,500,200,150,100,50" for code in range(21, 96)) + "\n"
    given = ["forecast", str(forecast_file(tmp_path)), "--results", str(result_file(tmp_path, text)), "--lang", "en"]
    cli(*given, code=None)
    assert "the whole country" not in cli.said


def test_one_candidate_is_one_and_signs_are_french(
    tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = POLLS + "Ouest,2022-04-08,1000,,Émile Zola,44,40,48\n"
    report = tmp_path / "report.html"
    given = ["forecast", str(forecast_file(tmp_path, rows)), "--results", str(result_file(tmp_path))]
    cli(*given, "--report", report, "--lang", "fr")
    text = report.read_text("utf-8")
    assert "1 candidat\u00a0: Zola" in text
    for width in range(60, 81):
        monkeypatch.setenv("COLUMNS", str(width))
        cli(*given, "--lang", "fr")
        assert not any(line.lstrip().startswith("%") for line in cli.out.splitlines())


def test_where_nothing_is_left_the_reasons_stand_alone(given: list[str], tmp_path: Path, cli: CommandLine) -> None:
    cli(*given[:1], forecast_file(tmp_path, POLLS), *given[2:], "--since", "2030-01-01", code=2)
    assert not cli.out
    assert (
        "3 forecasts that were read can be compared with the vote of Sunday 10 April 2022 (before the days asked"
        in cli.err
    )
    rows = "Nord,2022-04-08,1000,,Sand,41,,\n"
    report = tmp_path / "report.html"
    cli(*given[:1], forecast_file(tmp_path, rows), *given[2:], "--report", report, code=2)
    assert not cli.out
    assert "(names nobody who stood: 1)" in cli.err
    assert "“Sand” (row 2)" in cli.err
    assert not report.exists()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.csv", b"", "empty.csv"),
        ("poll.pdf", b"%PDF-1.4\n%%EOF\n", "poll.pdf"),
        ("head.csv", b"source,end,candidate,share\n", "head.csv: not used; nothing filled in"),
        ("results.csv", RESULT.encode(), "results.csv: not used; no table of forecasts"),
        ("bad.csv", b"source,candidate,share\nNord,Zola,much\n", "expected a share from 0 to 100, got “much”"),
    ],
)
def test_a_file_without_forecasts_is_a_reason_and_no_report(
    tmp_path: Path, cli: CommandLine, name: str, data: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    cli("forecast", path, "--results", result_file(tmp_path), code=2)
    assert not cli.out
    assert reason in cli.err


def test_a_claim_alone_has_no_rank(tmp_path: Path, cli: CommandLine) -> None:
    given = ["forecast", str(forecast_file(tmp_path, CLAIM)), "--results", str(result_file(tmp_path))]
    cli(*given)
    assert re.search(r"^– Après ", cli.out, re.MULTILINE)


def test_a_name_that_no_candidate_has_is_said_with_its_row(tmp_path: Path, cli: CommandLine) -> None:
    polls = forecast_file(tmp_path, POLLS.replace("Victor Hugo", "V. HUGOT", 1))
    words = ["forecast", str(polls), "--results", str(result_file(tmp_path))]
    cli(*words)
    expected = "used in part; 1 row matches no candidate of the result and is not compared: “V. HUGOT” (row 5)"
    assert expected in cli.said
    cli(*words, "--json", "-")
    [file] = json.loads(cli.out)["files"]
    assert file["used"] == "part"


def test_names_in_several_forecasts_are_counted(tmp_path: Path, cli: CommandLine) -> None:
    polls = forecast_file(tmp_path, POLLS.replace("Victor Hugo", "V. HUGOT"))
    cli("forecast", polls, "--results", result_file(tmp_path))
    assert "2 rows match no candidate of the result and are not compared: “V. HUGOT” (2 rows)" in cli.said


def test_shares_of_more_than_a_hundred_are_not_ranked(tmp_path: Path, cli: CommandLine) -> None:
    rounded = "Ouest,2022-04-08,1000,,Émile Zola,61,,\nOuest,2022-04-08,1000,,Marie Curie,40,,\n"
    given = ["forecast", str(forecast_file(tmp_path, POLLS + rounded)), "--results", str(result_file(tmp_path))]
    cli(*given)
    assert "4 forecasts are compared" in cli.out
    forecast_file(tmp_path, POLLS + rounded.replace("61", "90"))
    cli(*given, code=1)
    shown = cli.said
    assert "3 forecasts are compared, of 3 sources." in shown
    assert "expected shares that add up to no more than 100: “Ouest”, got “130”" in shown


@pytest.mark.parametrize(("language", "name"), [("fr", "LISEZMOI.txt"), ("en", "README.txt")])
def test_the_table_to_fill_in_comes_back(tmp_path: Path, cli: CommandLine, language: str, name: str) -> None:
    folder = tmp_path / "new"
    cli("template", folder, "--forecast", "--lang", language)
    assert sorted(path.name for path in folder.iterdir()) == sorted([name, FORECASTS])
    assert "regard forecast" in cli.out
    path = folder / FORECASTS
    head = path.read_bytes()
    words = ["forecast", str(path), "--results", str(result_file(tmp_path)), "--lang", "en"]
    cli(*words, code=2)
    assert "nothing filled in" in cli.err
    line = "Nord;lemonde.fr;;2022-04-06;2022-04-08;1000;;Émile Zola;41,5 %\r\n"
    path.write_bytes(head + line.encode())
    cli(*words)
    assert re.search("1 +Nord +2 +0.96", cli.out)


def test_family_names() -> None:
    names = ("MÉLENCHON Jean-Luc", "LE PEN Marine", "DUPONT-AIGNAN Nicolas", "Émile Zola", "ZOLA")
    assert [family(name) for name in names] == ["Mélenchon", "Le Pen", "Dupont-Aignan", "Émile Zola", "Zola"]


@needs_chromium
@pytest.mark.check(7)
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_everybody_can_read_the_report(
    chromium: Browser, tmp_path: Path, width: int, colours: str, cli: CommandLine
) -> None:
    target, table = tmp_path / "report.html", forecast_file(tmp_path, POLLS + CLAIM)
    words = ["forecast", str(table), "--results", str(result_file(tmp_path)), "--report", str(target), "--lang", "fr"]
    cli(*words)
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=colours)  # type: ignore[arg-type]
    page.goto(target.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert obstacles(page) == []
    assert page.locator(".hash").first.evaluate("cell => cell.getBoundingClientRect().height") < 60
    page.close()
