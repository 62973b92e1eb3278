"""No table that people open runs what a hostile file has put into it, and a name that is read back is what it was."""

import csv
import io
import json
from pathlib import Path

import pytest

from protocol.output_refusals import OutputRefused, check_name, quote_formulas, space_formula
from tests.regard.calling import CommandLine
from tests.regard.test_verify_night import damaged_night
from tests.sim.nights import night as simulated
from tests.sim.nights import rows
from tests.sources import new_file

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝")


def running(data: bytes) -> list[str]:
    """Cells that a spreadsheet would run, whichever separator it takes the file to have."""
    text = data.decode("utf-8-sig")
    found = []
    for separator in ",;\t|":
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found += [cell for cell in line if cell.startswith(STARTS) and not cell[1:].isdecimal()]
    return found


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace a cell wherever it stands in a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = [[new if cell == old else cell for cell in line] for line in csv.reader(file)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


@pytest.mark.check(3)
@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "Foo;=HYPERLINK(1);", 'Foo;"=HYPERLINK(1)"', "Foo,=1+1", "@SUM(1)", "-2+3", "＝1", "a|+1"]
)
def test_findings_run_nothing(name: str, tmp_path: Path, cli: CommandLine) -> None:
    night = damaged_night().write()
    rewrite(night / "voix.csv", "CURIE Marie", name)
    rewrite(night / "univers.csv", "Essai-sur-Marne", name)
    cli("verify", night, "--csv", tmp_path / "f.csv", "--json", tmp_path / "f.json", code=1)
    data = (tmp_path / "f.csv").read_bytes()
    assert running(data) == []
    messages = [found["message"] for found in json.loads((tmp_path / "f.json").read_bytes())["findings"]]
    told = next(message for message in messages if name in message)  # for programs it is what it was
    assert quote_formulas(told) in [row["message"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))]
    cli("verify", night, night, "--csv", tmp_path / "g.csv", "--workers", "1", code=1)
    assert running((tmp_path / "g.csv").read_bytes()) == []


@pytest.fixture
def published() -> Path:
    """Results of a machine commune, as the ministry publishes them."""
    path = new_file("pr22_t1.txt", (simulated(["34192"]) / "publie.txt").read_bytes())
    return path


@pytest.mark.parametrize("name", ["=cmd|'/C calc'!A0", "+ FORT ENSEMBLE", "-2+3", "@SUM(1)"])
def test_a_replayed_night_runs_nothing_and_keeps_the_names(
    name: str, published: Path, tmp_path: Path, cli: CommandLine
) -> None:
    text = published.read_text(encoding="latin-1")
    assert "Palavas" in text
    assert "ARTHAUD;Nathalie" in text
    published.write_text(
        text.replace("Palavas-les-Flots", name).replace("ARTHAUD;Nathalie", f"{name};"), encoding="latin-1"
    )
    night = tmp_path / "night"
    cli("replay", published, night)
    tables = list(night.glob("*.csv"))
    assert len(tables) >= 6
    for table in tables:
        assert running(table.read_bytes()) == [], table.name
    assert name in [row["choix"].strip() for row in rows(night, "choix.csv")]
    assert {row["commune"].strip() for row in rows(night, "univers.csv")} == {name}
    report = tmp_path / "f.json"
    cli("verify", night, "--published", published, "--json", report)
    summary = json.loads(report.read_bytes())["summary"]
    assert (summary["errors"], summary["warnings"]) == (0, 0)


@pytest.mark.parametrize("name", ["Foo,=HYPERLINK(1)", "Foo|=1", 'Foo,"@SUM(1)'])
def test_a_name_that_runs_where_it_is_taken_apart_is_refused(
    name: str, published: Path, tmp_path: Path, cli: CommandLine
) -> None:
    text = published.read_text(encoding="latin-1").replace("Palavas-les-Flots", name)
    published.write_text(text, encoding="latin-1")
    cli("replay", published, tmp_path / "night", code=2)
    assert "a spreadsheet would run as a formula" in cli.err
    assert not (tmp_path / "night").exists()
    choices = tmp_path / "choix.csv"
    with choices.open("w", encoding="utf-8", newline="") as file:
        header = ("scrutin", "circonscription", "panneau", "choix", "type")
        csv.writer(file).writerows([header, ("1", "", "1", name, "candidat")])
    cli("template", tmp_path / "t", "--choix", choices, "--wide", "--lang", "fr", code=2)
    assert "un tableur exécuterait" in cli.err
    assert not (tmp_path / "t").exists()


def test_which_texts_would_run() -> None:
    for harmless in ("", "a=b", "1 = 2", "Le Pré-Saint-Gervais", "a; b", "x;-", "77001,0001"):
        assert space_formula(harmless) == harmless
    for harmless in ("", "a=b", "a ; = b", "Liste A, + de gauche", "a,b;c|d"):
        check_name(harmless)
        assert quote_formulas(harmless) == harmless
    for harmful in ("a;=b", "a\n@b", "a|-1", "a;'+1", "a\t=1"):
        assert quote_formulas(harmful).count("'") == harmful.count("'") + 1
        with pytest.raises(OutputRefused):
            check_name(harmful)
