"""Other tables on the sheet of a PV: a header that is repeated is passed over, another one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.night_builder import findings
from tests.verify.test_any_file import checked, put, used
from verify.model.use import Used

HEAD = "Bureau;Inscrits;Émargements;Votants;Blancs;Exprimés"
ONE = f"{HEAD};ZOLA Émile;CURIE Marie\n1;1000;700;705;10;695;400;295\n2;1000;650;650;10;640;340;300\n"


def test_a_table_beside_another_is_named(tmp_path: Path) -> None:
    rows = (
        (HEAD, "1;1000;700;702;10;692", "2;1000;650;650;10;640"),
        (HEAD, "3;900;600;609;0;609", "4;900;500;500;0;500"),
    )
    text = "".join(f"{left};;Commune;{right}\n" for left, right in zip(*rows, strict=True)).replace(
        ";;Commune;3", ";;A;3"
    )
    result = checked(put(tmp_path / "night", {"pv.csv": text}))
    assert [(one.bureau, one.left.value, one.right.value) for one in findings(result, "R201")] == [("1", 700, 702)]
    assert findings(result, "I113", "R210") == []
    [use] = used(result)["pv.csv"].sheets
    assert (use.used, str(use.why)) == (
        Used.PART, "another table beside it, in the columns H to N, is not read",
    )  # fmt: skip
    assert len(use.columns) == 7 - 1


@pytest.mark.parametrize("header", [HEAD, "BUREAU;INSCRITS;;Votants", f"{HEAD};ZOLA Émile;CURIE Marie"])
def test_a_header_that_is_repeated_is_no_bureau(tmp_path: Path, header: str) -> None:
    text = f"{ONE}Bureaux du Nord\n{header}\n3;1000;640;650;10;640;340;300\n"
    result = checked(put(tmp_path / "night", {"pv.csv": text}))
    assert [(one.bureau, one.right.value) for one in findings(result, "R201")] == [("1", 705), ("3", 650)]
    assert findings(result, "I113") == []
    assert used(result)["pv.csv"].sheets[0].used is Used.WHOLE


@pytest.mark.parametrize("header", ["Bureau;Votants;Inscrits;Émargements", f"{HEAD};HUGO Victor;CURIE Marie"])
def test_another_table_below_is_named(tmp_path: Path, header: str) -> None:
    result = checked(put(tmp_path / "night", {"pv.csv": f"{ONE}\n{header}\n3;1000;640;650;10;640;340;300\n"}))
    assert [(one.bureau, one.right.value) for one in findings(result, "R201")] == [("1", 705)]
    assert findings(result, "I113") == []
    [use] = used(result)["pv.csv"].sheets
    assert (use.used, str(use.why)) == (Used.PART, "another table on the same sheet, from row 5 on, is not read")
    assert str(use.action) == "Give each table a sheet or a file of its own."


def test_a_smaller_table_above_is_named(tmp_path: Path) -> None:
    text = f"Bureau;Émargements;Votants\n8;700;702\n\n{ONE}"
    [use] = used(checked(put(tmp_path / "night", {"pv.csv": text})))["pv.csv"].sheets
    assert (use.used, str(use.why)) == (Used.PART, "another table on the same sheet, above row 4, is not read")
    text = f"Bureau;;Émargements;Votants\n{ONE}"  # a heading of the columns
    [use] = used(checked(put(tmp_path / "night", {"pv.csv": text})))["pv.csv"].sheets
    assert use.used is Used.WHOLE


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
def test_headings_over_groups_of_columns_are_no_counts(tmp_path: Path, upper: str, lower: str) -> None:
    text = f"{upper}\n{lower}\n1;1000;700;705;10;2;693;393;300\n2;1000;650;650;10;2;638;338;300\n"
    result = checked(put(tmp_path / "night", {"pv.csv": text}))
    assert [(one.bureau, one.left.value, one.right.value) for one in findings(result, "R201")] == [("1", 700, 705)]
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
def test_the_signatures_of_the_last_hour_are_all(tmp_path: Path, name: str, columns: str, signed: int | None) -> None:
    text = (
        f"Bureau;Inscrits;{columns};Votes trouvés;Blancs;Exprimés\n1;1000;300;700;705;5;700\n2;1000;200;650;650;5;645\n"
    )
    result = checked(put(tmp_path / "night", {name: text}))
    assert [one.left.value for one in findings(result, "R201")] == [signed] * (signed is not None)
    assert str(used(result)[name].sheets[0].kinds[0]) == "pv"


def test_voters_of_the_last_hour_are_the_votes_found_where_they_are_all_other_votes(tmp_path: Path) -> None:
    head = "Bureau;Inscrits;Émargements;Votants à 12h;Votants à 19h;Blancs;Nuls;Exprimés\n"
    rows = "1;1000;700;300;705;5;0;700\n2;1000;650;200;650;5;1;644\n"
    result = checked(put(tmp_path / "night", {"pv.csv": head + rows}))
    assert [(one.left.value, one.right.value) for one in findings(result, "R201")] == [(700, 705)]
    early = rows.replace("705", "605").replace("650;5", "550;5")
    assert findings(checked(put(tmp_path / "early", {"pv.csv": head + early})), "R201", "R202") == []


@pytest.mark.parametrize("nothing", ["néant", "NÉANT", "-"])
def test_nothing_is_zero_where_the_other_figures_of_the_row_say_so(tmp_path: Path, nothing: str) -> None:
    head = "Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;ZOLA;CURIE\n"
    right = head + f"1;1000;700;700;5;{nothing};695;395;300\n2;1000;650;650;{nothing};{nothing};650;300;350\n"
    assert findings(checked(put(tmp_path / "right", {"pv.csv": right})), "I113", "R210", "R212") == []
    wrong = head + f"1;1000;700;700;5;{nothing};690;390;300\n2;1000;650;650;0;0;650;300;350\n"
    [unread] = findings(checked(put(tmp_path / "wrong", {"pv.csv": wrong})), "I113")
    assert str(unread.field) == "Nuls"
