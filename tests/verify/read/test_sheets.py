"""Workbooks, sheet by sheet: each is what it is, none is compared with itself, and what is left is named."""

from pathlib import Path

import pytest

from protocol import night
from tests.sources import new_file, new_folder, put_text
from tests.verify.night_builder import audited, bureaux_with, findings, loaded, stated
from tests.verify.published import samples
from tests.verify.read.tables_as import zipped
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.rule_results import Side
from verify.model.use import CHOICE, Input, NothingReadable, Use, Used, alike, note_of, of_sheets, why_of
from verify.read.tables.asked import NoMeaning

PV = """Commune|Bureau|Inscrits|Émargements|Votants (d'après le compteur)|Exprimés|ZOLA Émile|CURIE Marie
Essai|'0001|1000|700|702|702|400|302
Essai|'0002|990|650|650|650|300|350
"""
ROLL = "Bureau|Émargements\n'0001|700\n'0002|653\n"
NOTES = "Remarque\nVu avec la mairie\n"
BOOK = {"PV": PV, "Émargements": ROLL, "Notes": NOTES}


def write(sheets: dict[str, str], name: str = "book.xlsx") -> Path:
    path = new_folder() / name
    path.write_bytes(samples.workbook(sheets))
    return path


def checked(**sources: Path | tuple[Path, ...] | tuple[str, ...]) -> Audit:
    paths = {name: (given,) if isinstance(given, Path) else given for name, given in sources.items()}
    return audited(**paths)  # type: ignore[arg-type]


def uses(result: Audit) -> dict[str, tuple[tuple[str, ...], Used]]:
    [used] = result.inputs
    return {use.sheet: (use.kinds, use.used) for use in used.sheets}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pv.csv"


@pytest.mark.parametrize("options", [("records", "signatures"), ("records",), ("signatures",)])
def test_each_sheet_is_taken_for_what_it_is(options: tuple[str, ...]) -> None:
    book = write(BOOK)
    result = checked(**dict.fromkeys(options, book))
    assert uses(result) == {
        "PV": (("pv", "voix"), Used.WHOLE),
        "Émargements": (("emargements",), Used.WHOLE),
        "Notes": ((), Used.NONE),
    }
    [differs] = findings(result, "R205")
    assert (differs.bureau, differs.left.value, differs.right.value) == ("0002", 650, 653)
    assert (differs.left.source, differs.right.source) == (f"{book}:3 [PV]", f"{book}:3 [Émargements]")
    assert bureaux_with(result, "R201", "R202") == ["0001", "0002"]
    [used] = result.inputs
    assert (used.used, str(used.why)) == (Used.PART, f"[Notes] {used.sheets[2].why}")


def test_a_sheet_is_never_compared_with_itself() -> None:
    book = write({"PV": PV})
    result = checked(records=book, signatures=book)
    assert uses(result) == {"": (("pv", "voix"), Used.WHOLE)}
    assert findings(result, "R205") == []
    [lacks] = [found for found in findings(result, "I113") if found.field == "emargements"]
    assert lacks.left.source == f"{book}:1"


def test_signatures_given_as_pvs_are_pvs_where_there_are_no_others() -> None:
    book = write({"Feuil1": ROLL})
    assert [kinds for kinds, _ in uses(checked(records=book)).values()] == [("pv",)]
    assert [kinds for kinds, _ in uses(checked(signatures=book)).values()] == [("emargements",)]


def test_sheets_of_another_round_are_left_and_named() -> None:
    other = PV.replace("|702|", "|703|")
    for sheets, wanted, signed in (
        (("PV T1", "PV T2"), (), 702),
        (("PV T2", "PV T1"), (), 702),
        (("PV T1", "PV T2"), ("pv t2",), 703),
    ):
        book = write(dict(zip(sheets, (PV, other) if sheets[0] == "PV T1" else (other, PV), strict=True)))
        result = checked(records=book, sheets=wanted)
        assert [gap.right.value for gap in findings(result, "R201")] == [signed]
        assert findings(result, "R226") == []
        assert sorted(used.name for _, used in uses(result).values()) == ["NONE", "WHOLE"]


def test_one_sheet_is_asked_for() -> None:
    book = write(BOOK)
    result = checked(records=book, sheets=("pv",))
    assert uses(result)["Émargements"] == ((), Used.NONE)
    assert findings(result, "R205") == []
    with pytest.raises(NothingReadable, match="a sheet « feuil9 »"):
        checked(records=book, sheets=("Feuil9",))


def test_communes_by_sheet_and_sign_ins_of_both_on_one() -> None:
    town = "Bureau|Émargements|Votes trouvés\n1|5|6\n2|7|7\n"
    roll = "Commune|Bureau|Émargements\nEssai|1|5\nEssai|2|7\nAutre|1|5\nAutre|2|8\n"
    result = checked(records=write({"Essai": town, "Autre": town, "Émargements": roll}))
    assert [(found.insee, found.bureau) for found in findings(result, "R205")] == [("Autre", "2")]
    assert findings(result, "R226", "I113") == []


def test_a_sheet_of_one_bureau_may_have_one_row_with_columns_in_any_order() -> None:
    first, second = "Émargements|Votants|Inscrits\n700|702|1000\n", "Inscrits|Votants|Émargements\n900|650|650\n"
    result = checked(records=write({"Bureau 1": first, "Bureau 2": second}))
    assert [(one.bureau, one.left.value, one.right.value) for one in findings(result, "R201")] == [("1", 700, 702)]
    assert result.coverage.kinds["pv"] == (2, 2)


def test_what_a_sheet_lacks_another_says() -> None:
    counts = "Bureau|Émargements|Votes trouvés|Observations\n1|5|6|écart\n2|7|7|néant\n"
    further = "Bureau|Votes trouvés|Blancs|Nuls|Exprimés\n1|6|1|0|4\n2|7|0|0|7\n"
    result = checked(records=write({"A1": counts, "A2": further}))
    assert [(found.bureau, found.left.value) for found in findings(result, "R210")] == [("1", 4)]
    assert findings(result, "R204", "R226") == []  # the second sheet has no remarks: none can be missed in it
    assert result.coverage.kinds["pv"] == (2, 2)


@pytest.mark.parametrize(("other", "told"), [("1|5|6", []), ("1|5|8", [("1", 6, 8)]), ("1|5|", [])])
def test_one_bureau_in_two_files(tmp_path: Path, other: str, told: list[tuple[str, int, int]]) -> None:
    head = "Bureau|Émargements|Votes trouvés\n"
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text((head + "1|5|6\n").replace("|", ";"))
    second.write_text((head + other + "\n2|7|9\n").replace("|", ";"))
    result = checked(records=(first, second))
    assert stated(result, "R226") == told
    assert {(gap.bureau, gap.right.value) for gap in findings(result, "R201")} == {("1", 6), ("2", 9)}
    assert findings(result, "I114") == []


def test_votes_of_one_bureau_in_two_files(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("Bureau;Choix;Voix\n1;ZOLA;5\n1;CURIE;\n1;HUGO;4\n")
    second.write_text("Bureau;Choix;Voix\n1;ZOLA;6\n1;CURIE;7\n1;CURIE;7\n")
    result = checked(votes=(first, second))
    [found] = findings(result, "R226")
    assert (found.field, found.left.source, found.left.value) == ("ZOLA", f"{first}:2", 5)
    assert found.right == Side(f"{second}:2", 6)
    assert result.ledger.looks["R226"] == 1
    [again] = findings(result, "I114")  # in one file once is enough
    assert again.left.source == f"{second}:4"


@pytest.mark.parametrize(
    ("name", "why"), [("pv.csv", "1 column not understood: « Blancs et nuls »"), ("resultats.csv", "")]
)
def test_blank_and_null_votes_of_a_pv_in_one_column_are_said_not_to_be_read(name: str, why: str) -> None:
    """Of published results they are part of a sum; beside either of the two they say nothing more."""
    path = new_file(name, "Code INSEE;Bureau;Inscrits;Votants;Blancs et nuls;Exprimés\n77001;1;400;300;12;288\n")
    [used] = loaded(files=(path,)).inputs
    assert str(used.why) == why
    path.write_text("Code INSEE;Bureau;Inscrits;Votants;Nuls;Blancs et nuls;Exprimés\n77001;1;400;300;3;12;288\n")
    [used] = loaded(files=(path,)).inputs
    assert str(used.why) == ""


def test_a_column_that_is_not_understood_is_named_and_can_be_told(path: Path) -> None:
    path.write_text("Bureau;Émargements;Bidule;Adresse;Page\n1;5;6;rue;2\n")
    [used] = checked(records=path).inputs
    assert (used.used, str(used.why)) == (Used.PART, "1 column not understood: « Bidule »")
    assert '--map "Bidule=…"' in str(used.action)
    for meaning in ("votes_found", "votes_trouves", "Votes trouvés", "total du compteur"):
        result = checked(records=path, columns=(f"bidule={meaning}",))
        assert [gap.right.value for gap in findings(result, "R201")] == [6]
        assert result.inputs[0].used is Used.WHOLE
    left = checked(records=path, columns=("Bidule=", "Émargements=votes_found"))
    assert left.inputs[0].used is Used.WHOLE
    taken = {column.header: column.meaning for column in left.inputs[0].sheets[0].columns}
    assert taken == {"Bureau": "bureau", "Émargements": "votes_found", "Bidule": "", "Adresse": "", "Page": ""}


@pytest.mark.parametrize(
    ("header", "choices"),
    [("Bidule", 0), ("ZOLA", 1), ("Mme ZOLA Émile", 1), ("Bidule;Machin", 2), ("Exprimés;Bidule", 1)],
)
def test_one_figure_that_nobody_understands_is_no_choice(path: Path, header: str, choices: int) -> None:
    path.write_text(f"Bureau;Émargements;Votes trouvés;{header}\n1;5;6;6{';6' * header.count(';')}\n")
    [used] = checked(records=path).inputs
    assert sum(column.meaning == CHOICE for column in used.sheets[0].columns) == choices


def test_what_is_said_of_columns_must_make_sense(path: Path) -> None:
    path.write_text("Bureau;Émargements;Votes trouvés\n1;5;6\n")
    for wrong in ("Émargements", "=votes_found", "Émargements=machin", "Émargements=abstentions"):
        with pytest.raises(NoMeaning):
            checked(records=path, columns=(wrong,))
    [missing] = findings(checked(records=path, columns=("Machin=signatures",)), "I113")
    assert (missing.field, missing.left.source) == ("Machin", "--map")


def test_a_column_used_twice_is_named_where_it_says_otherwise(path: Path) -> None:
    for cell, used in (("6", Used.WHOLE), ("", Used.WHOLE), ("7", Used.PART)):
        path.write_text(f"Bureau;Émargements;Bulletins trouvés;Enveloppes\n1;5;6;{cell}\n")
        [given] = checked(records=path).inputs
        assert given.used is used
        assert ("« Enveloppes » would be votes found as well" in str(given.why)) == (used is Used.PART)


def test_a_file_in_a_night_s_own_form_names_the_columns_that_mean_nothing(tmp_path: Path) -> None:
    head = "insee,bureau,scrutin,inscrits,emargements"
    (tmp_path / night.SIGNATURES.file).write_text(f"{head},emargements_10h,page,bidule\n77001,1,1,9,6,3,1,2\n")
    [used] = [each for each in loaded(tmp_path).inputs if each.kind == night.SIGNATURES.kind]
    assert (used.used, str(used.why)) == (Used.PART, "1 column not understood: « bidule »")


def test_nothing_used_of_a_file_that_was_given_is_an_error(tmp_path: Path) -> None:
    path, empty = tmp_path / "pv.csv", tmp_path / "empty.csv"
    path.write_text("Bureau;Émargements;Votes trouvés\n1;5;5\n")
    empty.write_text("Bureau;Émargements;Votes trouvés\n1;;\n")
    inputs: list[Input] = list(checked(records=(path, empty)).inputs)
    assert [each.used for each in inputs] == [Used.WHOLE, Used.NONE]
    [found] = findings(checked(records=(path, empty)), "I122")
    assert (found.left.source, str(found.left.value)) == (str(empty), "nothing filled in")


@pytest.mark.parametrize("hidden", [(), ("Émargements",), ("PV", "Notes")])
def test_a_hidden_sheet_is_read_and_named_as_hidden(hidden: tuple[str, ...]) -> None:
    path = new_file("book.xlsx", samples.workbook(BOOK, hidden))
    result = checked(records=path)
    assert bureaux_with(result, "R205") == ["0002"]
    [used] = result.inputs
    told = {use.sheet for use in used.sheets if "a hidden sheet, read like the others" in map(str, use.notes)}
    assert told == set(hidden) - {"Notes"}
    assert [str(use.why).startswith("a hidden sheet: ") for use in used.sheets] == [False, False, "Notes" in hidden]


def test_codes_and_cells_stay_as_they_are_written(path: Path) -> None:
    put_text(
        path,
        "Code INSEE;Bureau;Émargements;% participation;Votants trouvés;Exprimés;ZOLA;% ZOLA;CURIE;%\n"
        "99001;11-42;700;70,1;702;692;400;57,8;292;42,2\n"
        "99001;12;-3;0,1;11-42;692;400;57,8;292;42,2\n",
    )
    result = checked(records=path)
    [gap] = findings(result, "R201")
    assert (gap.insee, gap.bureau, gap.left.value, gap.right.value) == ("99001", "11-42", 700, 702)
    assert {str(found.left.value) for found in findings(result, "I113")} | {
        str(found.right.value) for found in findings(result, "I113")
    } >= {"“-3”"}
    assert sum(len(use.columns) for use in result.inputs[0].sheets) == 10
    assert [column.header for use in result.inputs[0].sheets for column in use.columns if column.meaning == CHOICE] == [
        "ZOLA", "CURIE",
    ]  # fmt: skip
    assert findings(result, "R210") == []


def test_a_finding_names_the_member_of_an_archive(tmp_path: Path) -> None:
    """Of one file in it as of several: else two figures of one row number look like one."""
    pv = "INSEE;Bureau;Émargements;Bulletins trouvés\n77001;0001;700;702\n77001;x;?;1\n"
    signed = "INSEE;Bureau;Émargements\n77001;0001;701\n"
    both, one = tmp_path / "both.zip", tmp_path / "one.zip"
    both.write_bytes(zipped({"a/pv.csv": pv.encode(), "b/liste.csv": signed.encode()}))
    one.write_bytes(zipped({"a/pv.csv": pv.encode()}))
    result = audited(files=(both,))
    found = {each.code: each for each in result.findings}
    assert found["R205"].left.source == f"{both} › a/pv.csv:2"
    assert found["R205"].right.source == f"{both} › b/liste.csv:2"
    assert found["I113"].left.source == f"{both} › a/pv.csv:3"
    assert result.coverage.source == f"{both} › a/pv.csv"
    assert [(each.path, each.used.value) for each in result.inputs] == [(str(both), "part")]
    found = {each.code: each for each in audited(records=(one,)).findings}
    assert found["R201"].left.source == f"{one} › a/pv.csv:2"
    published = Sources(published=(one,))
    assert {each.published.file for each in load(published).published} == {f"{one} › a/pv.csv"}


def test_sheets_of_which_the_same_is_said_are_one_line() -> None:
    uses = [Use(f"Bureau {at}", ("pv",), Used.WHOLE, notes=("as a form",)) for at in range(1, 4)]
    uses += [Use(name, (), Used.NONE, "nothing in it") for name in ("Notes", "Plan")]
    assert str(note_of(uses)) == "[Bureau 1 … Bureau 3, 3 in all] as a form / [Notes … Plan, 2 in all] not used"
    assert str(why_of(uses)) == "[Notes … Plan, 2 in all] nothing in it"
    assert [len(each) for each in alike(uses, [str(use.kinds) for use in uses])] == [3, 2]
    assert str(of_sheets(uses[:1], "PVs")) == "[Bureau 1] PVs"
