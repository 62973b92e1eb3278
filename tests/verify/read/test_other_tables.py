"""Other tables on the sheet of a PV: a header that is repeated is passed over, another one is named."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from tests.sources import new_folder
from tests.verify.night_builder import findings, loaded, stated
from tests.verify.read.test_any_file import checked, checked_pv, used
from verify.model.figures import MISSING
from verify.model.use import Used

HEAD = "Bureau;Inscrits;Émargements;Votants;Blancs;Exprimés"
ONE = f"{HEAD};ZOLA Émile;CURIE Marie\n1;1000;700;705;10;695;400;295\n2;1000;650;650;10;640;340;300\n"


@pytest.mark.parametrize(
    ("right", "gaps"), [(("3", "4"), [("1", 700, 702), ("3", 600, 609)]), (("1", "2"), [("1", 700, 702)])]
)
def test_a_table_beside_another_is_read_or_named(right: tuple[str, str], gaps: list[tuple[str, int, int]]) -> None:
    """Of other bureaux it is a part of the same evidence; of the same ones it may be of another election."""
    one, other = right
    rows = (
        (HEAD, "1;1000;700;702;10;692", "2;1000;650;650;10;640"),
        (HEAD, f"{one};900;600;609;0;609", f"{other};900;500;500;0;500"),
    )
    between = ";;Commune;" if len(gaps) == 1 else ";;"
    text = "".join(f"{left}{between}{right}\n" for left, right in zip(*rows, strict=True))
    result = checked_pv(text)
    assert stated(result, "R201") == gaps
    assert findings(result, "I113", "R210") == []
    uses = used(result)["pv.csv"].sheets
    if len(gaps) > 1:
        assert [(use.sheet, use.used) for use in uses] == [("A1", Used.WHOLE), ("H1", Used.WHOLE)]
        return
    [use] = uses
    assert (use.used, str(use.why)) == (Used.PART, "another table beside it, in the columns H to N, is not read")
    assert len(use.columns) == 7 - 1


@pytest.mark.parametrize("header", [HEAD, "BUREAU;INSCRITS;;Votants", f"{HEAD};ZOLA Émile;CURIE Marie"])
def test_a_header_that_is_repeated_is_no_bureau(header: str) -> None:
    text = f"{ONE}Bureaux du Nord\n{header}\n3;1000;640;650;10;640;340;300\n"
    result = checked_pv(text)
    assert [(one.bureau, one.right.value) for one in findings(result, "R201")] == [("1", 705), ("3", 650)]
    assert findings(result, "I113") == []
    assert used(result)["pv.csv"].sheets[0].used is Used.WHOLE


@pytest.mark.parametrize(
    ("header", "found"),
    [("Bureau;Votants;Inscrits;Émargements", 1000), (f"{HEAD};HUGO Victor;CURIE Marie", 650)],
)
@pytest.mark.parametrize("bureau", ["3", "1"])
def test_another_table_below_is_read_or_named(header: str, found: int, bureau: str) -> None:
    row = ";".join(f"{bureau};1000;640;650;10;640;340;300".split(";")[: len(header.split(";"))])
    result = checked_pv(f"{ONE}\n{header}\n{row}\n")
    is_other = bureau == "3"
    gaps = [("1", 705), *([("3", found)] if is_other else [])]
    assert [(one.bureau, one.right.value) for one in findings(result, "R201")] == gaps
    first, *others = used(result)["pv.csv"].sheets
    assert (len(others) > 0) is is_other
    if not is_other:
        assert (first.used, str(first.why)) == (
            Used.PART,
            "another table on the same sheet, from row 5 on, is not read",
        )
        assert str(first.action) == "Give each table a sheet or a file of its own."
        assert findings(result, "I113") == []


def test_a_smaller_table_above_is_named() -> None:
    text = f"Bureau;Émargements;Votants\n1;700;702\n\n{ONE}"
    [use] = used(checked_pv(text))["pv.csv"].sheets
    assert (use.used, str(use.why)) == (Used.PART, "another table on the same sheet, above row 4, is not read")
    text = f"Bureau;;Émargements;Votants\n{ONE}"  # a heading of the columns
    [use] = used(checked_pv(text))["pv.csv"].sheets
    assert use.used is Used.WHOLE


_COUNTS = ("registered", "signatures", "votes_found", "blank", "null", "valid")
BOTH = (("1", 500, 400, 402, 10, 2, 390, 200, 190), ("2", 300, 250, 250, 0, 1, 249, 100, 149))
"""Bureaux with their counts and the votes of two choices."""


def in_rows(
    *before: str, header: str = "Bureau", after: Callable[[list[str]], list[str]] = lambda row: [";".join(row)]
) -> str:
    """The table of these bureaux, with rows before its header, and each of its own made into one or several."""
    rows = [after(list(map(str, row))) for row in BOTH]
    head = f"{header};Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;ZOLA Émile;CURIE Marie"
    return "\n".join([*before, head, *(row for each in rows for row in each)])


def of_machines(row: list[str]) -> list[str]:
    """A bureau with two machines, in three rows."""
    code, registered, signed, *counts = row
    one = [str(int(count) // 2) for count in counts]
    other = [str(int(count) - int(half)) for count, half in zip(counts, one, strict=True)]
    parts = (
        [code, "A", registered, signed, *one],
        [code, "B", "", "", *other],
        [code, "A+B", registered, signed, *counts],
    )
    return list(map(";".join, parts))


PAGE, HEADER = "VILLE DE GAP;;page 1", in_rows().splitlines()[0]
WRITTEN = {
    "numbers of columns": in_rows().replace(HEADER, f"{HEADER}\n(1);(2);(3);(4);(5);(6);(7);(8);(9)"),
    "pages": in_rows(PAGE).replace("\n2;", f"\n{PAGE.replace('1', '2')}\n{HEADER}\n2;"),
    "the central bureau": in_rows().replace("\n1;", "\nBureau 1 (centralisateur);").replace("\n2;", "\nBureau 2;"),
    "machines": in_rows(header="Bureau;Machine", after=of_machines),
    "footnotes": in_rows().replace("Émargements", "Émargements (1)").replace("Exprimés", "Exprimés*"),
    "no header of bureaux": in_rows(header="", after=lambda row: [";".join([f"GAP {row[0]:0>2}", *row[1:]])]),
    "points of thousands": in_rows().replace(";500;", ";1.500;"),
    "aligned by spaces": re.sub("[^;\n]+", lambda cell: f"{cell[0]:>14}", in_rows("MAIRIE DE GAP")).replace(";", "  "),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_table_is_read_however_it_is_written(name: str) -> None:
    evidence = loaded(new_folder({"pv.txt": WRITTEN[name]}))
    assert evidence.records is not None
    assert evidence.votes is not None
    registered = (1500, 300) if "thousands" in name else (500, 300)
    counts = [
        each.values[:, 0].tolist() for each_name, each in evidence.records.figures.items() if each_name in _COUNTS
    ]
    assert list(zip(*counts, strict=True)) == [(of, *row[2:7]) for of, row in zip(registered, BOTH, strict=True)]
    assert [code.removeprefix("GAP ").lstrip("0") for code in evidence.universe.bureau.tolist()] == ["1", "2"]
    assert [str(each.got) for each in evidence.problems] == []


@pytest.mark.parametrize(
    "columns",
    [
        ("Inscrits;Émargements;Votants", "Blancs;Nuls;Exprimés;ZOLA;CURIE"),
        (HEAD.partition(";")[2].replace("Blancs", "Blancs;Nuls"), "ZOLA Émile;CURIE Marie"),
    ],
    ids=["counts", "votes"],
)
def test_further_columns_of_the_same_bureaux_below(columns: tuple[str, str]) -> None:
    width = columns[0].count(";") + 2
    upper = ["Gap", "Participation", f"Bureau;{columns[0]}", *(";".join(map(str, row[:width])) for row in BOTH)]
    lower = ["Voix par candidat", f"Bureau;{columns[1]}"]
    lower += [";".join(map(str, (row[0], *row[width:]))) for row in BOTH]
    evidence = loaded(new_folder({"05061_Gap.csv": "\n".join([*upper, *lower])}))
    assert evidence.records is not None
    assert evidence.votes is not None
    assert set(evidence.universe.commune.tolist()) == {"Gap"}
    counts = [each.values[:, 0].tolist() for name, each in evidence.records.figures.items() if name in _COUNTS]
    assert list(zip(*counts, evidence.votes.values[:, 0].tolist(), strict=True)) == [
        (*row[1:7], list(row[7:])) for row in BOTH
    ]
    assert [str(each.got) for each in evidence.problems] == []


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (
            "Bureau;Participation;;;Bulletins;;;ZOLA;CURIE",
            ";Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;Voix;Voix",
        ),
        (
            "Bureau;Électeurs;;;Dépouillement;;;ZOLA;CURIE",
            ";Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;Voix;Voix",
        ),
        (
            "Bureau;Participation;;;Suffrages;;;ZOLA;CURIE",
            ";Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;Voix;Voix",
        ),
        (
            ";Participation;;;Bulletins;;;ZOLA;CURIE",
            "Bureau;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;Voix;Voix",
        ),
        ("Bureau;Participation;;;Autres;;;ZOLA;CURIE", ";Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés;Voix;Voix"),
        ("Bureau;Inscrits;Émargements;Votants;Bulletins;;Exprimés;ZOLA;CURIE", ";;;;Blancs;Nuls;;Voix;Voix"),
    ],
)
def test_headings_over_groups_of_columns_are_no_counts(upper: str, lower: str) -> None:
    text = f"{upper}\n{lower}\n1;1000;700;705;10;2;693;393;300\n2;1000;650;650;10;2;638;338;300\n"
    result = checked_pv(text)
    assert stated(result, "R201") == [("1", 700, 705)]
    assert findings(result, "I113", "R210", "R212") == []
    [use] = used(result)["pv.csv"].sheets
    assert [column.header for column in use.columns[-2:]] == ["ZOLA", "CURIE"]
    assert {column.meaning for column in use.columns} >= {"registered", "signatures", "votes_found", "blank", "null"}


@pytest.mark.parametrize("name", ["pv.csv", "resultats par bureau.csv"])
@pytest.mark.parametrize(
    ("columns", "signed"),
    [
        ("Émargements 12h;Émargements 20h", 700),
        ("12h;19h (clôture)", 700),
        ("Émarg. 18h;Émargements", 700),
        ("Émargements 12h;Émargements 17h", None),
    ],
)
def test_the_signatures_of_the_last_hour_are_all(name: str, columns: str, signed: int | None) -> None:
    text = (
        f"Bureau;Inscrits;{columns};Votes trouvés;Blancs;Exprimés\n1;1000;300;700;705;5;700\n2;1000;200;650;650;5;645\n"
    )
    result = checked(new_folder({name: text}))
    assert [one.left.value for one in findings(result, "R201")] == [signed] * (signed is not None)
    assert str(used(result)[name].sheets[0].kinds[0]) == "pv"


def test_voters_of_the_last_hour_are_the_votes_found_where_they_are_all_other_votes() -> None:
    head = "Bureau;Inscrits;Émargements;Votants à 12h;Votants à 19h;Blancs;Nuls;Exprimés\n"
    rows = "1;1000;700;300;705;5;0;700\n2;1000;650;200;650;5;1;644\n"
    result = checked(new_folder({"pv.csv": head + rows}))
    assert [(one.left.value, one.right.value) for one in findings(result, "R201")] == [(700, 705)]
    early = rows.replace("705", "605").replace("650;5", "550;5")
    assert findings(checked(new_folder({"pv.csv": head + early})), "R201", "R202") == []


@pytest.mark.parametrize("nothing", ["néant", "NÉANT", "-"])
def test_nothing_is_zero_where_the_other_figures_of_the_row_say_so(nothing: str) -> None:
    head = "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;ZOLA;CURIE\n"
    right = head + f"1;1000;700;700;5;{nothing};695;395;300\n2;1000;650;650;{nothing};{nothing};650;300;350\n"
    assert findings(checked(new_folder({"pv.csv": right})), "I113", "R210", "R212") == []
    wrong = head + f"1;1000;700;700;5;{nothing};690;390;300\n2;1000;650;650;0;0;650;300;350\n"
    [unread] = findings(checked(new_folder({"pv.csv": wrong})), "I113")
    assert str(unread.field) == "Nuls"


def test_a_header_with_cells_merged_downwards_is_read_whole() -> None:
    above = ";Inscrits;Participation;;Dépouillement;;;Observations"
    text = f"{above}\nBureau;;Émargements;Votants;Blancs;Nuls;Exprimés\n1;1000;700;702;10;0;692;néant\n"
    result = checked_pv(text)
    assert [(one.bureau, one.right.value) for one in findings(result, "R204")] == [("1", 702)]
    assert [column.meaning for column in used(result)["pv.csv"].sheets[0].columns] == [
        "bureau", "registered", "signatures", "votes_found", "blank", "null", "valid", "observations",
    ]  # fmt: skip


HOURS = "Commune;Bureau;Heure;Inscrits;Émargements\n"


@pytest.mark.parametrize(
    "hours", [("12h", "17h", "20h"), ("12:00", "17:00", "18:30"), ("à 12 h", "17 heures", "Clôture")]
)
@pytest.mark.parametrize("again", ["Essai;1", "Essai;", ";"])
def test_of_rows_for_each_hour_the_last_one_counts(hours: tuple[str, str, str], again: str) -> None:
    first, second, last = hours
    text = f"{HOURS}Essai;1;{first};900;200\n{again};{second};900;400\n{again};{last};900;500\n"
    text += f"Essai;2;{first};800;210\nEssai;2;{second};800;380\nEssai;2;{last};800;450\nTotal;;{last};1700;950\n"
    result = loaded(signatures=(new_folder({"heures.csv": text}) / "heures.csv",))
    assert result.signatures is not None
    assert result.signatures["signatures"].values[:, 0].tolist() == [500, 450]
    assert result.hourly[12].values[:, 0].tolist() == [200, 210]
    [use] = result.inputs[0].sheets
    assert "a row for each hour" in str(use.notes[0])


@pytest.mark.parametrize(("first", "last", "counts"), [("12h", "17h", [-1, -1]), ("17h", "20h", [500, -1])])
def test_a_bureau_without_the_last_hour_has_no_count_of_the_day(first: str, last: str, counts: list[int]) -> None:
    rows = [f"Essai;1;{first};900;400", f"Essai;1;{last};900;500", "Essai;2;12h;800;210", "Essai;2;13h;800;380"]
    result = loaded(signatures=(new_folder({"heures.csv": HOURS + "\n".join(rows)}) / "heures.csv",))
    assert result.signatures is not None
    assert np.maximum(result.signatures["signatures"].values[:, 0], -1).tolist() == counts
    assert len(result.problems) == counts.count(-1)


def test_hours_at_which_rows_were_typed_are_none_of_the_turnout() -> None:
    text = f"{HOURS}Essai;1;20h15;900;500\nEssai;2;20h40;800;450\n"
    result = loaded(signatures=(new_folder({"heures.csv": text}) / "heures.csv",))
    assert result.signatures is not None
    assert result.signatures["signatures"].values[:, 0].tolist() == [500, 450]


@pytest.mark.parametrize(
    ("title", "file", "hour"),
    [
        ("Participation à 17 h", "a.csv", 17),
        ("Ville d'Essai", "participation 12h.csv", 12),
        ("Participation à 20 h", "a.csv", None),
        ("Bureau ouvert à 8 h", "a.csv", None),
        ("Émargements de 8 h à 19 h", "a.csv", None),
    ],
)
def test_voters_below_the_title_of_an_hour_are_those_of_the_hour(title: str, file: str, hour: int | None) -> None:
    text = f"{title};;\nBureau;Inscrits;Émargements\n1;900;500\n"
    result = loaded(signatures=(new_folder({file: text}) / file,))
    assert result.signatures is not None
    assert result.signatures["signatures"].values[:, 0].tolist() == [500 if hour is None else MISSING]
    assert {at: each.values[:, 0].tolist() for at, each in result.hourly.items()} == ({hour: [500]} if hour else {})
    [use] = result.inputs[0].sheets
    assert any("no counts of the day" in str(note) for note in use.notes) == (hour is not None)
    assert any("taken for those of the day" in str(note) for note in use.notes) == (title == "Participation à 20 h")


def test_a_table_of_valid_votes_is_of_the_evening_whatever_its_title_says() -> None:
    text = "Participation à 17 h et résultats;;;;\nBureau;Inscrits;Émargements;Votants;Exprimés\n1;900;500;500;490\n"
    result = loaded(records=(new_folder({"a.csv": text}) / "a.csv",))
    assert result.records is not None
    assert result.records["signatures"].values[:, 0].tolist() == [500]
