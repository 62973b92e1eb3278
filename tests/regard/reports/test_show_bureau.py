"""`regard show`: one bureau, every figure of it side by side."""

import re
from pathlib import Path

import pytest

from regard.views.bureaux import cards
from tests.regard.calling import CommandLine
from tests.regard.test_verify_night import plain_environment
from tests.verify.night_builder import INSEE, Night, small_night
from tests.verify.test_follow_ups import row, rows
from verify import audit

__all__ = ["plain_environment"]  # a fixture


def slipped() -> Night:
    night = small_night()
    night.row("pv.csv", "0002")["votes_trouves"] = "654"
    return night


def test_the_card_has_every_figure_where_it_stands() -> None:
    evidence = small_night().load()
    [card] = cards(evidence, audit.run(evidence), 1)
    assert (card.insee, card.bureau, card.commune, card.cases, card.findings) == (
        INSEE,
        "0002",
        "Essai-sur-Marne",
        (),
        (),
    )
    found = next(line for line in card.rows if str(line.label) == "votes found")
    assert [cell.value for cell in found.cells if cell.value >= 0] == [546, 546, 546]
    assert [cell.source for cell in found.cells if cell.source] == [
        "exports/77001-0002-1-1.esf@0",
        "pv.csv:3",
        "publie.txt:3",
    ]
    assert not any(line.differs for line in card.rows)
    votes = {str(line.label): {cell.value for cell in line.cells if cell.value >= 0} for line in card.rows[-3:]}
    assert votes == {"ZOLA Émile": {251}, "CURIE Marie": {190}, "LOVELACE Ada": {88}}


def test_every_bureau_and_poll_has_a_card() -> None:
    evidence = small_night(2).load()
    result = audit.run(evidence)
    for unit in range(len(evidence.universe)):
        assert [card.poll[0] for card in cards(evidence, result, unit)] == [1, 2]


def test_the_screen_marks_what_differs_and_says_what_to_do(tmp_path: Path, cli: CommandLine) -> None:
    night = slipped()
    night.raw["suites.csv"] = rows(row(remarque="relu"))
    cli("show", night.write(tmp_path / "night"), INSEE, "0002", code=1)
    assert "≠ votes found" in cli.out
    assert "≠ blank votes" not in cli.out
    assert re.search(r"(?m)^  PV +pv\.csv:3, voix\.csv:5 to 7$", cli.out)
    assert "→ Explained: relu" in cli.out
    assert "What to do: " in cli.out


def test_a_bureau_without_findings(tmp_path: Path, cli: CommandLine) -> None:
    cli("show", slipped().write(tmp_path / "night"), INSEE, "0001")
    assert "Nothing was found in this bureau." in cli.out


def test_the_remark_of_the_pv_is_quoted(tmp_path: Path, cli: CommandLine) -> None:
    night = small_night()
    night.row("pv.csv", "0002")["observations"] = "Le bureau 0001 a deux votes de trop."
    cli("show", night.write(tmp_path / "night"), INSEE, "0002")
    assert "The PV remarks: “Le bureau 0001 a deux votes de trop.”" in cli.said


def test_a_remark_that_a_case_quotes_is_quoted_once(tmp_path: Path, cli: CommandLine) -> None:
    night = small_night()
    night.row("pv.csv", "0002")["observations"] = "Un émargement a été oublié."
    night.row("emargements.csv", "0002")["emargements"] = "1"
    cli("show", night.write(tmp_path / "night"), INSEE, "0002", code=1)
    assert cli.said.count("Un émargement a été oublié.") == 1


@pytest.mark.parametrize(("commune", "bureau"), [(INSEE, "2"), ("essai-sur-marne", "0002"), ("ESSAI-SUR-MARNE", "002")])
def test_names_are_found_as_people_write_them(commune: str, bureau: str, tmp_path: Path, cli: CommandLine) -> None:
    cli("show", small_night().write(tmp_path / "night"), commune, bureau)
    assert "Essai-sur-Marne (77001), bureau 0002" in cli.out


@pytest.mark.parametrize(
    ("commune", "bureau", "said"),
    [
        ("Essai-sur-Marn", "1", "similar: Essai-sur-Marne (77001)"),
        ("Zzz", "1", "no commune of this name in this evidence"),
        (INSEE, "9", "no such bureau in 77001, which has 0001 to 0004"),
        (INSEE, "00022", "no such bureau in 77001; did you mean 0002?"),
    ],
)
def test_what_is_not_there(commune: str, bureau: str, said: str, tmp_path: Path, cli: CommandLine) -> None:
    assert said in cli("show", small_night().write(tmp_path / "night"), commune, bureau, code=2)


def listed(*places: tuple[str, str, str]) -> bytes:
    """A table of PVs, with a row for each code, commune and bureau."""
    rows = (f"{insee};{commune};{bureau};900;600;603;3;0;600\n" for insee, commune, bureau in places)
    head = "Code INSEE;Commune;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés\n"
    return (head + "".join(rows)).encode()


@pytest.mark.parametrize(
    ("commune", "said"),
    [
        ("havre", "havre: no commune of this name; similar: Le Havre (76351)"),
        ("Havr", "Havr: no commune of this name; similar: Le Havre (76351)"),
        (
            "saint",
            "saint: no commune of this name; similar: Saint-Jean (31488), Saint-Denis (93066), Saint-Denis (97411)",
        ),
        ("saint denis", "saint denis: several communes bear this name; give the code of one: Saint-Denis (93066), "),
        ("Saint-Denis", "several communes bear this name; give the code of one: Saint-Denis (93066), Saint-Denis (974"),
        ("", "no commune of this name in this evidence"),
        ("av", "no commune of this name in this evidence"),
    ],
)
def test_no_commune_is_picked_in_silence(commune: str, said: str, tmp_path: Path, cli: CommandLine) -> None:
    places = (
        ("76351", "Le Havre", "0001"),
        ("93066", "Saint-Denis", "0001"),
        ("97411", "Saint-Denis", "0002"),
        ("31488", "Saint-Jean", "0001"),
    )
    (tmp_path / "pv.csv").write_bytes(listed(*places))
    assert said in cli("show", tmp_path, commune, "2", code=2)


def test_two_communes_of_one_name_without_codes_are_not_taken_for_one(tmp_path: Path, cli: CommandLine) -> None:
    rows = b"Commune;Bureau;Inscrits;Emargements;Votes trouves\nSaint-Denis;0001;800;500;500\n"
    (tmp_path / "pv.csv").write_bytes(rows + b"Saint-Denis;0001;700;400;400\nSaint-Denis;0002;700;400;400\n")
    cli("show", tmp_path, "Saint-Denis", "1", code=1)
    assert cli.out.startswith("Saint-Denis, bureau 0001")
    assert "Only the first row is shown." in cli.said
    cli("show", tmp_path, "Saint-Denis", "2")
    assert "Only the first row is shown." not in cli.said
    coded = (rows + b"Saint-Denis;0001;700;400;400\n").replace(b"Commune;", b"Commune;INSEE;")
    (tmp_path / "pv.csv").write_bytes(coded.replace(b"Saint-Denis;", b"Saint-Denis;93066;"))
    cli("show", tmp_path, "Saint-Denis", "1", code=1)
    assert "Only the first row is shown." not in cli.said


def two_publications(folder: Path) -> Path:
    """A night of which a second published file says otherwise of one figure."""
    found = small_night().write(folder)
    (found / "publie2.txt").write_bytes((found / "publie.txt").read_bytes().replace(b";546;", b";545;"))
    return found


@pytest.mark.parametrize(
    ("language", "columns", "said"),
    [
        ("fr", "44", r"≠\s+votes\s+trouvés\s+:\s+546\s+\(machine,\s+PV,\s+publié\s+1\)\s+;\s+545\s+\(publié\s+2\)"),
        ("fr", "60", r" +publié  publié\n +liste .*  +1 +2\n(.*\n)*≠ votes trouvés +546 +546 +546 +545"),
        ("fr", "80", r" +liste .*  publié 1  publié 2\n(.*\n)*≠ votes trouvés +546 +546 +546 +545"),
        ("en", "44", r"≠\s+votes\s+found:\s+546\s+\(machine,\s+PV,\s+published\s+1\);\s+545\s+\(published\s+2\)"),
        ("en", "68", r" +published  published\n +list .*  +1 +2\n(.*\n)*≠ votes found +546 +546 +546 +545"),
    ],
)
def test_two_publications_stand_side_by_side_by_number(
    language: str,
    columns: str,
    said: str,
    tmp_path: Path,
    cli: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    cli("show", two_publications(tmp_path / "night"), INSEE, "0002", "--lang", language, code=1)
    assert re.search(said, cli.out)
    name = {"fr": "publié", "en": "published"}[language]
    assert re.findall(rf"(?m)^  {name} (\d) +(.*)$", cli.out) == [("1", "publie.txt:3"), ("2", "publie2.txt:3")]
    assert max(map(len, cli.out.splitlines())) <= int(columns)


@pytest.mark.parametrize("columns", ["40", "60", "80", "100"])
def test_no_line_is_wider_than_the_screen(
    columns: str, tmp_path: Path, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    cli("show", slipped().write(tmp_path / "night"), INSEE, "0002", code=1)
    assert max(map(len, cli.out.splitlines())) <= int(columns)
    assert all(figure in cli.out for figure in ("654", "546", "251"))
