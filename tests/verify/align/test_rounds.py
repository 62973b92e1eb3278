"""Files with both rounds of an election: the one that the other evidence is about is read, and the other one named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from protocol import night
from tests.regard.calling import CommandLine
from tests.sources import new_file, put_text
from tests.verify.night_builder import loaded
from tests.verify.night_urn_images import night_with_urn
from tests.verify.published import samples
from verify import audit
from verify.align.elections import round_meant
from verify.model.evidence import Counted, LinedEvidence, LinedVotes
from verify.model.findings import Severity
from verify.model.use import Used
from verify.read.sheet import read_sheet
from verify.read.tables.asked import SeveralRounds

Rows = list[list[str]]
COUNTS = ("Inscrits", "Votants", "Blancs", "Nuls", "Exprimés")
FIGURES = {
    1: {"1": (400, 300, 9, 3, 288), "2": (90, 80, 1, 1, 78), "3": (510, 401, 0, 0, 401), "4": (77, 50, 2, 0, 48)},
    2: {"1": (401, 310, 20, 2, 288), "2": (90, 71, 3, 0, 68), "3": (511, 377, 7, 1, 369), "4": (77, 61, 0, 0, 61)},
}
VOTES: dict[int, dict[str, tuple[int, ...]]] = {
    1: {"1": (100, 90, 98), "2": (40, 20, 18), "3": (200, 101, 100), "4": (20, 20, 8)},
    2: {"1": (188, 100), "2": (30, 38), "3": (200, 169), "4": (31, 30)},
}
CHOICES: dict[int, tuple[str, ...]] = {1: ("ZOLA", "CURIE", "SAND"), 2: ("ZOLA", "CURIE")}


def figures(number: int, bureau: str) -> list[str]:
    """The counts and the votes of a bureau, as cells; nothing of a choice that did not stand."""
    votes = [*map(str, VOTES[number][bureau]), ""][:3]
    return [*map(str, FIGURES[number][bureau]), *votes]


def table(number: int) -> Rows:
    own = len(CHOICES[number]) + len(COUNTS)
    rows = [[bureau, *figures(number, bureau)[:own]] for bureau in FIGURES[number]]
    return [["Bureau", *COUNTS, *CHOICES[number]], *rows]


def in_rows(header: str, first: str, second: str) -> Rows:
    rows = [[bureau, said, *figures(n, bureau)] for n, said in ((1, first), (2, second)) for bureau in FIGURES[n]]
    return [["Bureau", header, *COUNTS, *CHOICES[1]], *rows]


def named_once() -> Rows:
    rows = [
        [bureau if n == 1 else "", ("1er tour", "2e tour")[n - 1], *figures(n, bureau)]
        for bureau in FIGURES[1]
        for n in (1, 2)
    ]
    return [["Bureau", "Tour", *COUNTS, *CHOICES[1]], *rows]


def long() -> Rows:
    rows = [
        [str(number), bureau, *map(str, FIGURES[number][bureau]), choice, str(votes)]
        for number in (1, 2)
        for bureau in FIGURES[number]
        for choice, votes in zip(CHOICES[number], VOTES[number][bureau], strict=True)
    ]
    return [["Tour", "Bureau", *COUNTS, "Candidat", "Voix"], *rows]


def in_blocks(first: str, second: str, total: bool = False) -> Rows:
    blocks = []
    for number, title in ((1, first), (2, second)):
        rows = table(number)
        sums = [str(sum(map(int, cells))) for cells in zip(*(row[1:] for row in rows[1:]), strict=True)]
        blocks += [[title], *rows, *([["Total", *sums]] if total else [])]
    return [["Ville d'Essai"], *blocks, ["Source : mairie"]]


def below_one_header() -> Rows:
    first = [[*row[:6], str(int(row[6]) + int(row[8])), row[7]] for row in table(1)[1:]]
    return [table(2)[0], ["1er tour"], *first, ["2nd tour"], *table(2)[1:]]


def in_columns(header: Callable[[str, int], str]) -> Rows:
    head = ["Bureau", *(header(name, number) for number in (1, 2) for name in (*COUNTS, *CHOICES[number]))]
    rows = [[bureau, *table(1)[at][1:], *table(2)[at][1:]] for at, bureau in enumerate(FIGURES[1], 1)]
    return [head, *rows]


def merged(first: str, second: str, bureau_below: bool) -> Rows:
    names = [[*COUNTS, *CHOICES[number]] for number in (1, 2)]
    above = [first, *[""] * (len(names[0]) - 1), second, *[""] * (len(names[1]) - 1)]
    bureau = ("", "Bureau") if bureau_below else ("Bureau", "")
    head = [[bureau[0], *above], [bureau[1], *names[0], *names[1]]]
    return [["Élection présidentielle"], *head, *in_columns(lambda name, number: name)[1:]]


def side_by_side() -> Rows:
    left, right = table(1), table(2)
    titles = ["1er tour", *[""] * len(left[0]), "2nd tour"]
    return [titles, *([*one, "", *other] for one, other in zip(left, right, strict=True))]


ONE_HEADER = "blocks below one header"
LAYOUTS: dict[str, Rows] = {
    "a column of numbers": in_rows("Tour", "1", "2"),
    "a column of names": in_rows("N° tour", "1er tour", "2nd tour"),
    "in the place of the poll": in_rows("Scrutin", "1er tour", "2ème tour"),
    "dates": in_rows("Date", "23/04/2017", "07/05/2017"),
    "bureaux named once": named_once(),
    "a row a choice": long(),
    "blocks": in_blocks("1er tour", "2nd tour"),
    "blocks with totals": in_blocks("PREMIER TOUR - 23 avril 2017", "SECOND TOUR - 7 mai 2017", total=True),
    ONE_HEADER: below_one_header(),
    "columns": in_columns(lambda name, number: f"{name} T{number}"),
    "columns in words": in_columns(lambda name, number: f"{name} ({('1er', '2nd')[number - 1]} tour)"),
    "columns by their beginning": in_columns(lambda name, number: f"tour{number}_{name}"),
    "columns run together": in_columns(lambda name, number: f"{name}T{number}"),
    "columns numbered": in_columns(lambda name, number: f"{name} {number}"),
    "merged cells": merged("1er tour", "2nd tour", bureau_below=False),
    "merged cells beside the bureau": merged("PREMIER TOUR - 23 avril", "SECOND TOUR - 7 mai", bureau_below=True),
    "side by side": side_by_side(),
}
SHEETS = {
    "sheets": ("T1", "T2"),
    "sheets in words": ("Premier tour", "Second tour"),
    "sheets named otherwise": ("Résultats 1er tour", "Résultats 2e tour"),
    "sheets of two days": ("23-04-2017", "07-05-2017"),
    "sheets of no name": ("Feuil1", "Feuil2"),
}


CASES = [(name, number) for name in (*LAYOUTS, *SHEETS) for number in (1, 2) if (name, number) != (ONE_HEADER, 1)]
"""But for the round of three choices below the header of two."""


def text(rows: Rows) -> str:
    return "".join(";".join(row) + "\n" for row in rows)


def book(names: tuple[str, str]) -> bytes:
    return samples.workbook({name: text(table(n)).replace(";", "|") for n, name in enumerate(names, 1)})


def read(counted: Counted, votes: LinedVotes | None, evidence: LinedEvidence) -> dict[str, tuple[list[int], list[int]]]:
    names = ("registered", "votes_found", "blank", "null", "valid")
    found = {}
    for unit, bureau in enumerate(evidence.universe.bureau.tolist()):
        own = [] if votes is None else [int(count) for count in votes.values[unit, 0] if count >= 0]
        found[bureau] = [int(counted.figures[name].values[unit, 0]) for name in names], sorted(own)
    return found


def of(number: int) -> dict[str, tuple[list[int], list[int]]]:
    return {bureau: (list(FIGURES[number][bureau]), sorted(VOTES[number][bureau])) for bureau in FIGURES[number]}


def written(folder: Path, name: str) -> Path:
    if name in SHEETS:
        path = folder / "pv.xlsx"
        path.write_bytes(book(SHEETS[name]))
    else:
        path = folder / "pv.csv"
        path.write_text(text(LAYOUTS[name]))
    return path


def amiss(evidence: LinedEvidence) -> list[str]:
    found = audit.run(evidence).findings
    return [each.code for each in found if each.severity >= Severity.WARNING]


@pytest.mark.check(4)
@pytest.mark.parametrize(("name", "number"), CASES)
def test_pvs_are_of_the_round_that_was_published(tmp_path: Path, name: str, number: int) -> None:
    results = tmp_path / "resultats.csv"
    results.write_text(text(table(number)))
    evidence = loaded(records=(written(tmp_path, name),), published=(results,))
    assert evidence.records is not None
    assert read(evidence.records, evidence.votes, evidence) == of(number)
    assert amiss(evidence) == []
    assert [problem.got for problem in evidence.problems] == []
    [pv] = [each for each in evidence.inputs if each.kind == "pv"]
    assert sorted(use.used.name for use in pv.sheets) == ["NONE", "WHOLE"]


@pytest.mark.check(2)
@pytest.mark.parametrize(("name", "number"), CASES)
def test_published_results_are_of_the_round_of_the_pvs(tmp_path: Path, name: str, number: int) -> None:
    pvs = tmp_path / "releve.csv"
    pvs.write_text(text(table(number)))
    evidence = loaded(records=(pvs,), published=(written(tmp_path, name),))
    [lined] = evidence.published
    assert read(lined.counted, lined.votes, evidence) == of(number)
    assert len(evidence.other_elections) == 1
    assert [code for code in amiss(evidence) if code != "T324"] == []


@pytest.mark.parametrize("name", ["a column of numbers", "columns", "blocks", "sheets"])
def test_the_round_that_was_asked_for(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name)
    for number in (1, 2):
        evidence = loaded(records=(path,), round=number)
        assert evidence.records is not None
        assert read(evidence.records, evidence.votes, evidence) == of(number)
    alone = loaded(records=(path,))
    assert alone.records is not None
    assert read(alone.records, alone.votes, alone) == of(1)
    other = next(use for each in alone.inputs for use in each.sheets if use.used is Used.NONE)
    assert str(other.action) == "To check that round: --round 2; beside this one: --other-round."


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_file_of_both_rounds_is_not_said_to_say_of_none(tmp_path: Path, number: int) -> None:
    """Beside a file that has a round in its name, and one that has none, of which alone that is said."""
    folder = tmp_path / "folder"
    folder.mkdir()
    written(folder, "sheets")
    (folder / f"pv T{number or 1}.csv").write_text(text(table(number or 1)))
    (folder / "a.csv").write_text(text(table(number or 1)).replace("0001", "0101"))
    inputs = loaded(folder, round=number).inputs
    said = {each.path: "of which round" in str(each.note) for each in inputs}
    assert {path.partition(".")[0] for path, noted in said.items() if noted} == {"a"}
    assert len(said) == 3


def test_dumps_of_the_other_round_than_the_one_asked_for_are_named_and_not_compared(tmp_path: Path) -> None:
    night = night_with_urn()
    night.raw["election.toml"] = None
    night.write(tmp_path)
    every = {Path(each.path).parent.name for each in loaded(tmp_path, round=1).inputs}
    assert {"exports", "modules"} <= every
    evidence = loaded(tmp_path, round=2)
    assert (evidence.exports, evidence.urns, evidence.machines) == (None, None, None)
    dumps = [each for each in evidence.inputs if each.path.startswith(("exports/", "modules/"))]
    assert {(each.used, str(each.why)) for each in dumps} == {(Used.NONE, "of round 1, which --round 1 reads")}
    assert all(each.unread and each.sha256 for each in dumps)
    assert loaded(tmp_path, round=1).exports is not None


def test_what_the_screen_says_of_the_round_that_is_not_read(tmp_path: Path, cli: CommandLine) -> None:
    cli("verify", "--pv", written(tmp_path, "columns"), "--round", "1", code=None)
    assert "[T2] of round 2, which --round 2 reads" in cli.said


def test_figures_of_neither_round_are_refused_once(tmp_path: Path, cli: CommandLine) -> None:
    results = tmp_path / "resultats.csv"
    rows = [[row[0], row[1], str(int(row[2]) - 1), *row[3:]] for row in table(2)[1:]]
    results.write_text(text([table(2)[0], *rows]))
    for name, said in (
        ("columns", "expected the round that is checked: --round 1 or --round 2, got tables of both rounds"),
        ("sheets of no name", "got two tables of the same bureaux with other figures"),
    ):
        path = written(tmp_path, name)
        evidence = loaded(records=(path,), published=(results,))
        assert evidence.records is None
        [pv] = [each for each in evidence.inputs if each.kind == "pv"]
        assert (pv.used, said in str(pv.why), len(evidence.problems)) == (Used.NONE, True, 1)
    cli("verify", "--pv", written(tmp_path, "columns"), "--published", results, "--lang", "fr", code=None)
    assert "--round 1 ou --round 2" in cli.said


def test_the_other_round_of_one_file(tmp_path: Path) -> None:
    path = written(tmp_path, "columns")
    evidence = loaded(records=(path,), other_round=path, round=2)
    assert evidence.other_round is not None
    assert [int(count) for count in evidence.other_round["votes_found"].values[:, 0]] == [300, 80, 401, 50]


def test_columns_of_two_things_that_are_no_rounds_stay_one_table() -> None:
    path = new_file("pv.csv", "Bureau;Inscrits;Émargements;Votes trouvés;Machine 1;Machine 2\n1;400;300;300;100;200\n")
    evidence = loaded(records=(path,))
    assert evidence.records is not None
    assert [each.sheets[0].sheet for each in evidence.inputs] == [""]


@pytest.mark.parametrize("sheets", [("Essai T1", "Essai T2"), ("Essai", "Autre")])
def test_communes_by_sheet_are_no_rounds(sheets: tuple[str, str]) -> None:
    path = new_file("pv.xlsx", book(sheets))
    evidence = loaded(records=(path,))
    communes = set(evidence.universe.commune.tolist())
    assert communes == ({""} if "T1" in sheets[0] else {"Essai", "Autre"})


@pytest.mark.parametrize(
    ("signed", "meant"),
    [
        ((200, 201, 998, 999), 2),  # of half of its bureaux
        ((200, 997, 998, 999), 1),  # of too few to say it, but not of other figures
        ((996, 997, 998, 999), None),
    ],
)
def test_counts_say_the_round_where_half_of_them_do(signed: tuple[int, ...], meant: int | None) -> None:
    both = {
        number: frozenset((str(at), 100 * number + at - 1) for at in range(1, 5))  # 100 to 103, and 200 to 203
        for number in (1, 2)
    }
    rows = [f"77001,{at:04},1,500,{count}" for at, count in enumerate(signed, 1)]
    path = new_file("emargements.csv", "\n".join(["insee,bureau,scrutin,inscrits,emargements", *rows]))
    sheet = read_sheet(path, night.SIGNATURES)
    assert round_meant(SeveralRounds("pv.csv", both, named=True), [sheet], [], [path]) == meant


def test_of_files_named_after_two_rounds_those_of_most_are_read(tmp_path: Path) -> None:
    for count, name in enumerate(("PV T1.csv", "PV second tour.csv", "resultats T2.csv")):
        put_text(tmp_path / name, f"Bureau;Émargements;Votants\n1;70{count};702\n")
    used = {each.path: each.used is not Used.NONE for each in loaded(tmp_path).inputs}
    assert (used["PV T1.csv"], used["PV second tour.csv"]) == (False, True)
