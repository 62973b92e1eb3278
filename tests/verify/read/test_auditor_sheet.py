"""Sign-in counts and PVs as auditors have them: the same figures in every form, and every problem named at once."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import night
from protocol.errors import InputError
from protocol.opening import open_evidence
from regard.cli import main
from tests.sources import new_file, new_folder, put_text
from tests.verify.night_builder import CURIE, ZOLA
from tests.verify.published import samples
from verify.model.figures import BLANK, MISSING
from verify.model.use import note_of
from verify.read import bounds
from verify.read.tables import reading as auditor_sheet
from verify.read.tables.asked import Asked
from verify.read.tables.parts import GivenSheets
from verify.read.totals import names_total

PV, SIGNED, VOTES = night.RECORDS.kind, night.SIGNATURES.kind, night.VOTES.kind
TABLE = """Commune;N° bureau;Inscrits;Nb émargements;Bulletins trouvés dans l'urne;Blancs;Nuls;Suffrages exprimés;ZOLA
Essai;0001;1000;700;702;10;0;692;692
Essai;0002;1200;801;801;1;0;800;800
"""


def given_as(kind: str, content: str | bytes, name: str = "pv.csv", known: Sequence[str] = ()) -> GivenSheets:
    path = new_folder() / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return auditor_sheet.parse(open_evidence(path), name, (kind,), Asked(choices=tuple(known)))


def records(content: str | bytes, name: str = "pv.csv") -> GivenSheets:
    return given_as(PV, content, name)


def counts(found: GivenSheets, *columns: str, kind: str = PV) -> list[list[int]]:
    return [found.sheets[kind].counts[column].tolist() for column in columns]


def votes(found: GivenSheets) -> list[tuple[str, str, int]]:
    """Those of bureaux; a total keeps its own, to be compared with their sum."""
    sheet = found.sheets[VOTES]
    cells = (sheet.texts["bureau"], sheet.texts["choix"], sheet.counts["votes"])
    rows = zip(*(values.tolist() for values in cells), strict=True)
    return [row for row in rows if not names_total(row[0])]


# --- the same figures in every form ----------------------------------------------------------------------------------

HEADERS = {
    "insee": ("Code INSEE", "INSEE", "code_insee"),
    "bureau": ("N° bureau", "Bureau", "NUMERO BUREAU DE VOTE", "BV"),
    "scrutin": ("scrutin", "N° scrutin"),
    "registered": ("Inscrits", "Nb d'inscrits", "INSCR."),
    "signatures": ("Émargements", "NB_EMARG", "Nombre d'émargements"),
    "votes_found": ("Bulletins trouvés dans l'urne", "Votes trouvés", "Nb bulletins"),
    "blank": ("Blancs", "Bulletins blancs"),
    "null": ("Nuls", "Votes nuls"),
    "valid": ("Suffrages exprimés", "valid"),
}
FIGURES = ("registered", "signatures", "votes_found", "blank", "null", "valid")
COUNT = st.none() | st.integers(0, 2**24)


def written(number: int | None, space: str) -> str:
    return "" if number is None else f"{number:,}".replace(",", space)


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, list[str], dict[str, list[int | None]], dict[str, list[int | None]]]:
    """A file in some form, the codes of its bureaux, and the counts and votes that it must read back to."""
    some = st.lists(st.sampled_from(["0001", "0002", "12", "0A11", "01.1", "BV01"]), unique=True, min_size=1)
    codes = draw(some.filter(lambda codes: codes != ["BV01"]))  # of codes that all have it « BV » is no part
    figures = {name: [draw(COUNT) for _ in codes] for name in FIGURES}
    choices = {name: [draw(COUNT) for _ in codes] for name in draw(st.sampled_from([(), (ZOLA,), (ZOLA, CURIE)]))}
    space = draw(st.sampled_from(["", " ", "\u00a0", "\u202f"]))
    delimiter, encoding = draw(st.sampled_from([(";", "utf-8"), (",", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-8")]))
    if space != "\u202f":
        encoding = draw(st.sampled_from([encoding, "cp1252", "latin-1"]))
    polls = draw(st.booleans())
    names = {name: draw(st.sampled_from(spellings)) for name, spellings in HEADERS.items()}
    head = [names["insee"], names["bureau"], *([names["scrutin"]] if polls else []), *(names[n] for n in FIGURES)]
    page = draw(st.booleans())
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=draw(st.sampled_from(["\n", "\r\n"])))
    writer.writerow([*head, *choices, *(["Page"] if page else [])])
    for index, code in enumerate(codes):
        cells = [written(values[index], space) for values in (*figures.values(), *choices.values())]
        writer.writerow(["77001", code, *(["1"] if polls else []), *cells, *([str(index)] if page else [])])
    if draw(st.booleans()):
        sums = [written(sum(v or 0 for v in values), space) for values in (*figures.values(), *choices.values())]
        writer.writerow(["", "TOTAL", *([""] if polls else []), *sums, *([""] if page else [])])
    return out.getvalue().encode(encoding), codes, figures, choices


@given(table=tables())
def test_what_was_written_in_any_form_reads_back(
    table: tuple[bytes, list[str], dict[str, list[int | None]], dict[str, list[int | None]]],
) -> None:
    data, codes, figures, choices = table
    if not any(value is not None for name in ("signatures", "votes_found", "valid") for value in figures[name]):
        return  # nothing of a PV is filled in
    found = records(data)
    sheet = found.sheets[PV]
    bureaux = [index for index, code in enumerate(sheet.texts["bureau"].tolist()) if code != "TOTAL"]
    assert sheet.texts["bureau"][bureaux].tolist() == codes
    assert set(sheet.texts["insee"][bureaux].tolist()) == {"77001"}
    for name, values in figures.items():
        empty = MISSING if all(value is None for value in values) else BLANK
        read = sheet.counts[name][bureaux].tolist()
        total = any("TOTAL" in code for code in sheet.texts["bureau"].tolist())
        expected = [(BLANK if total else empty) if value is None else value for value in values]
        assert read == expected, name
    entries = {(bureau, choice): count for bureau, choice, count in votes(found)} if VOTES in found.sheets else {}
    assert entries == {
        (code, choice): values[index]
        for choice, values in choices.items()
        for index, code in enumerate(codes)
        if values[index] is not None
    }
    assert [problem for problem in found.problems if problem.column not in ("votes_trouves",)] == []


@given(data=st.binary(max_size=400) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes) -> None:
    path = new_file("any", data)
    for kind in (PV, SIGNED, VOTES):
        try:
            auditor_sheet.parse(open_evidence(path), str(path), (kind,))
        except InputError as error:
            said = str(error)
        else:
            said = str(path)
        assert str(path) in said


CELL = st.sampled_from(
    ["", "1", "12", "1 000", "x", "TOTAL", "Bureau", "Votants", "Émargements", "ZOLA", "Voix", "=1", '"']
)


@pytest.mark.check(11)
@given(rows=st.lists(st.lists(CELL, max_size=8), max_size=8), mark=st.sampled_from(";,\t"))
def test_any_cells_are_read_or_refused_and_can_be_audited(tmp_path: Path, rows: list[list[str]], mark: str) -> None:
    path = tmp_path / "pv.csv"
    text = "Bureau;Votants;Émargements;Choix;Voix\n".replace(";", mark) + "\n".join(mark.join(row) for row in rows)
    put_text(path, text)
    for option in ("--pv", "--emargements", "--voix"):
        assert main(["verify", option, str(path), "--fail-on", "never", "--json", str(tmp_path / "out")]) in (0, 2)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_workbook_is_read_as_its_csv(delimiter: str) -> None:
    text = TABLE.replace(";", delimiter)
    book = samples.workbook({"PV": "Élection|||\n||\n" + TABLE.replace(";", "|").replace("|000", "|'000")})
    one, other = records(text), records(book, "pv.xlsx")
    for kind in (PV, VOTES):
        for name, values in one.sheets[kind].counts.items():
            assert values.tolist() == other.sheets[kind].counts[name].tolist()
        for name, cells in one.sheets[kind].texts.items():
            assert cells.tolist() == other.sheets[kind].texts[name].tolist()
    assert other.sheets[PV].row.tolist() == [4, 5]  # as the spreadsheet counts, titles and empty rows included
    assert one.problems == other.problems == ()


def test_a_row_a_choice_with_the_counts_in_every_row_or_as_rows_of_their_own() -> None:
    by_column = "Bureau;Émargements;Votants;Candidat;Voix\n0001;700;702;ZOLA;400\n0001;700;702;CURIE;292\n"
    by_row = "Bureau;Rubrique;Nombre de voix\n0001;Émargements;700\n0001;Votants;702\n0001;ZOLA;400\n0001;CURIE;292\n"
    for text in (by_column, by_row):
        found = records(text)
        assert counts(found, "signatures", "votes_found") == [[700], [702]]
        assert votes(found) == [("0001", "ZOLA", 400), ("0001", "CURIE", 292)]
        assert found.problems == ()
    other = records(by_column.replace("0001;700;702;CURIE", "0001;701;702;CURIE"))
    [problem] = other.problems
    assert (problem.row, problem.column, str(problem.got)) == (3, "Émargements", "701")


def test_a_listed_choice_is_no_count() -> None:
    text = "Bureau;Candidat;Voix\n0001;BLANC;4\n0001;ZOLA;5\n"
    assert votes(given_as(VOTES, text, known=("M. BLANC Louis", "ZOLA Émile"))) == [
        ("0001", "BLANC", 4),
        ("0001", "ZOLA", 5),
    ]
    assert votes(given_as(VOTES, text)) == [("0001", "ZOLA", 5)]


# --- what a table tells, and what it leaves open ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "read"),
    [
        ("Bureau de vote;ZOLA Émile;CURIE Marie\n1;400;300\n2;250;251\n", "pv.csv", True),
        (
            "Suffrages obtenus par chaque liste;;\n;;\nBureau;Ensemble;Un cap\n1;400;300\nTotal;400;300\n",
            "pv.csv",
            True,
        ),
        ("Bureau;Ensemble;Un cap\n1;400;300\n", "voix par liste.csv", True),
        ("Bureau;Hommes;Femmes\n1;400;300\n2;250;251\n", "pv.csv", False),
        ("Bureau;ZOLA Émile\n1;400\n2;250\n", "pv.csv", False),
    ],
)
def test_a_table_of_votes_alone(text: str, name: str, read: bool) -> None:
    """Names over its columns, or a title, a sheet or a file that says so: no other count is needed."""
    if not read:
        with pytest.raises(InputError):
            given_as(VOTES, text, name)
        return
    assert [(bureau, number) for bureau, _, number in votes(given_as(VOTES, text, name))][:2] == [
        ("1", 400),
        ("1", 300),
    ]


def test_choices_of_the_list_are_found_wherever_they_stand() -> None:
    text = "Bureau;Mme CURIE Marie;Voix ZOLA;Adresse;12;% ZOLA;Émargements;Votants\n0001;4;5;7;8;10,1;9;9\n"
    found = given_as(PV, text, known=(ZOLA, CURIE))
    assert votes(found) == [("0001", "Mme CURIE Marie", 4), ("0001", "ZOLA", 5)]
    assert VOTES not in given_as(PV, text).sheets  # left of the counts and not known: no choice


def test_a_column_that_is_empty_throughout_was_not_filled_in() -> None:
    found = records("Bureau;Votants;Émargements;Blancs;Observations;Clôture\n1;5;4;;;\n2;6;6;;;\n")
    assert counts(found, "blank", "cloture") == [[MISSING] * 2] * 2
    assert "observations" not in found.sheets[PV].texts


def test_clocks() -> None:
    found = records("Bureau;Votants;Ouverture;Heure de clôture\n1;5;8h;19:00:00\n2;5;08:00;19h05\n")
    assert counts(found, "ouverture", "cloture") == [[480, 480], [1140, 1145]]


def test_signatures_by_the_hour() -> None:
    found = given_as(SIGNED, "Bureau;Émargements à 10 h;Émargements\n0001;100;700\n")
    assert found.sheets[SIGNED].extra["emargements_10h"].tolist() == ["100"]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (["12 - École", "0013 – Mairie"], ["12", "0013"]),
        (["Bureau n° 12", "bureau 13"], ["12", "13"]),
        (["12.0", "13,0"], ["12", "13"]),
        (["12 - École", "13"], ["12 - École", "13"]),
        (["BV 12 - École", "BV n°0013 - Mairie"], ["12", "0013"]),
        (["Bureau 12 (École)", "Bureau 13 (Mairie)"], ["12", "13"]),
        (["0012 École", "0013 Mairie annexe"], ["0012", "0013"]),
        (["12 bis", "12 ter"], ["12 bis", "12 ter"]),
        (["12 - École", "12 - Mairie"], ["12 - École", "12 - Mairie"]),
        (["BV01", "0A11"], ["BV01", "0A11"]),
    ],
)
def test_codes_of_bureaux(cells: list[str], codes: list[str]) -> None:
    text = "Bureau;Votants\n" + "".join(f"{cell};5\n" for cell in cells)
    assert records(text).sheets[PV].texts["bureau"].tolist() == codes


def test_a_code_that_a_spreadsheet_turned_into_a_date_is_told() -> None:
    found = records("Bureau;Votants\n1900/01/12;5\n0001;6\n")
    assert found.sheets[PV].texts["bureau"].tolist() == ["0012", "0001"]
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "Bureau")]


@pytest.mark.parametrize(
    ("head", "cells", "insee"),
    [
        ("Code INSEE", "1053", "01053"),
        ("Code INSEE", "2a004", "2A004"),
        ("Code département;Code commune", "68;224", "68224"),
        ("Code département;Code commune", "ZA;101", "97101"),
        ("Commune", "68224", "68224"),
        ("departement;commune", "02;146", "02146"),
    ],
)
def test_insee_codes(head: str, cells: str, insee: str) -> None:
    found = records(f"{head};Bureau;Votants\n{cells};1;5\n")
    assert found.sheets[PV].texts["insee"].tolist() == [insee]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Commune;Bureau;Votants\nEssai;;\n;1;5\n;2;6\nAutre;;\n;1;7\n", ["Essai", "Essai", "Autre"]),
        ("Commune;Bureau;Votants\nEssai;1;5\nTotal;;5\n;2;6\n", ["Essai", "Total", "Essai"]),
        ("Commune;commune_libelle;Bureau;Votants\n68224;Essai;1;5\n;;2;6\n", ["Essai", "Essai"]),
        ("Bureau;Votants\nEssai;\n1;5\n2;6\nAutre;\n1;7\n", ["Essai", "Essai", "Autre"]),
        ("Bureau;Votants\nLes votes;\n1;5\n2;6\nSource : mairie\n", ["", "", ""]),
        ("ESSAI\nBureau;Votants\n1;5\n2;6\nAutre\nBureau;Votants\n1;7\n", ["ESSAI", "ESSAI", "Autre"]),
        ("Commune des Lieux\nBureau;Votants\n1;5\n2;6\nAutre\n1;7\n", ["Les Lieux", "Les Lieux", "Autre"]),
        ("Relevé du 3 mars\nBureau;Votants\n1;5\n2;6\nAutre\n1;7\n", ["", "", "Autre"]),
    ],
)
def test_a_commune_that_stands_by_itself_above_its_bureaux(text: str, places: list[str]) -> None:
    found = records(text)
    rows = len(found.sheets[PV])
    assert found.sheets[PV].texts.get("commune", np.full(rows, "")).tolist() == places[:rows]
    assert found.problems == ()


def test_totals_of_communes_by_their_figures() -> None:
    text = "Commune;Bureau;Inscrits;Votants\nA;1;9;5\n;2;9;6\n;;18;11\nB;1;8;5\n;2;8;4\n;;16;9\n;;34;20\n"
    found = records(text)
    assert found.problems == ()
    assert [code.endswith("by its figures") for code in found.sheets[PV].texts["bureau"].tolist()] == [
        False, False, True, False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Commune|Bureau|Votants|Exprimés|Candidats|\nNom|N°|||ZOLA|CURIE\nEssai|1|9|9|4|5\n",
        "Commune|Bureau|Participation||Voix|\nNom|N°|Votants|Exprimés|ZOLA|CURIE\nEssai|1|9|9|4|5\n",
        "Commune||Comptes||Voix|\nNom|Bureau|Votants|Exprimés|ZOLA|CURIE\nEssai|1|9|9|4|5\n",
        "Commune|Bureau|Votants|Exprimés|Candidats|\n||||ZOLA|CURIE\nEssai|1|9|9|4|5\n",
        "Commune|Bureau|Votants|Exprimés|ZOLA||CURIE|\n||||Voix|%|Voix|%\nEssai|1|9|9|4|44,44|5|55,56\n",
        "||||ZOLA||CURIE|\nCommune|Bureau|Votants|Exprimés|Voix|%|Voix|%\nEssai|1|9|9|4|44,44|5|55,56\n",
        "Commune|Bureau|ZOLA|CURIE|Votants|Exprimés\nEssai|1|4|5|9|9\n",
    ],
)
def test_headers_of_two_rows_and_choices_on_the_left(text: str) -> None:
    for name, content in (("pv.xlsx", samples.workbook({"PV": text})), ("pv.csv", text.replace("|", ";").encode())):
        found = records(content, name)
        assert votes(found) == [("1", "ZOLA", 4), ("1", "CURIE", 5)]
        assert found.sheets[PV].texts["commune"].tolist() == ["Essai"]
        assert found.problems == ()


def test_headings_of_groups_are_not_added_to_headers_that_are_known() -> None:
    text = "BUREAU|VOTANTS||BULLETINS|||LISTES|\nN°|Émarg.|Vot.|Bl.|N.|Expr.|ZOLA|CURIE\n1|12|12|2|1|9|4|5\n"
    found = records(samples.workbook({"PV": text}), "pv.xlsx")
    counts = found.sheets[PV].counts
    assert [int(counts[each][0]) for each in ("signatures", "votes_found", "blank", "null", "valid")] == [
        12,
        12,
        2,
        1,
        9,
    ]
    assert votes(found) == [("1", "ZOLA", 4), ("1", "CURIE", 5)]


def test_short_headers_of_more_votes_than_registered_voters_are_of_no_choice() -> None:
    text = "Bureau;Inscrits;Émargements;Zz;Yy;ZOLA;CURIE\n1;900;500;500;498;300;190\n2;800;400;400;395;200;195\n"
    found = records(text)
    assert {choice for _, choice, _ in votes(found)} == {"ZOLA", "CURIE"}


def test_short_names_are_choices_where_each_voter_names_several() -> None:
    text = "Bureau;Inscrits;Émargements;ROY;PETIT;GRAND\n1;500;400;390;395;380\n2;400;300;290;280;285\n"
    assert {choice for _, choice, _ in votes(records(text))} == {"ROY", "PETIT", "GRAND"}


def test_a_row_with_more_counts_than_there_are_headers_is_named_and_not_read() -> None:
    found = records("Bureau;Inscrits;Votants\n1;900;500;450\n2;800;400\n3;700;300;à revoir\n")
    assert found.sheets[PV].texts["bureau"].tolist() == ["2", "3"]
    assert [(problem.row, str(problem.got)) for problem in found.problems] == [(2, "4 cells"), (4, "4 cells")]


def test_names_and_votes_in_blocks() -> None:
    head = "Bureau;Votants;Exprimés;N°Panneau;Nom;Prénom;Voix;% Voix/Exp;N°Panneau;Nom;Prénom;Voix;% Voix/Exp"
    rows = "1;9;9;1;ZOLA;Émile;4;44,44;2;CURIE;Marie;5;55,56\n2;3;3;1;ZOLA;Émile;3;100,00;2;CURIE;Marie;0;0,00\n"
    found = records(f"{head}\n{rows}Total;12;12;;;;7;;;;;5;\n")
    assert votes(found) == [
        ("1", "ZOLA Émile", 4), ("1", "CURIE Marie", 5), ("2", "ZOLA Émile", 3), ("2", "CURIE Marie", 0),
    ]  # fmt: skip
    assert found.problems == ()


def test_blocks_whose_choices_differ_by_row() -> None:
    head = "Bureau;Votants;Exprimés;Candidat 1;Voix 1;% 1;Candidat 2;Voix 2;% 2"
    rows = (
        "1;9;9;ZOLA;4;44,44;CURIE;5;55,56\n2;3;3;HUGO;3;100,00;;;\n"
        "3;9;9;ZOLA;4;44,44;ZOLA;5;55,56\n4;2;2;HUGO;1;50;;1;50\n"
    )
    found = records(f"{head}\n{rows}")
    of_third = [("3", "ZOLA", 4), ("3", "ZOLA", 5)]  # that it is there twice is said of all votes of a bureau together
    assert votes(found) == [("1", "ZOLA", 4), ("1", "CURIE", 5), ("2", "HUGO", 3), *of_third, ("4", "HUGO", 1)]
    told = [(problem.row, problem.column, str(problem.got)) for problem in found.problems]
    assert told == [(5, "Voix 2", "1")]


@pytest.mark.parametrize(
    "head",
    [
        "nom_liste_1;nb_voix_liste_1;nom_liste_2;nb_voix_liste_2",
        "Liste;Voix;Liste;Voix",
        "Candidat 1;Voix du candidat 1;Candidat 2;Voix du candidat 2",
    ],
)
def test_headers_of_blocks(head: str) -> None:
    found = records(f"Bureau;Votants;Exprimés;{head}\n1;9;9;EN AVANT;4;AUTREMENT;5\n")
    assert votes(found) == [("1", "EN AVANT", 4), ("1", "AUTREMENT", 5)]
    assert found.problems == ()


def test_votes_under_a_header_that_names_nobody_are_told() -> None:
    head = "Bureau;Votants;Exprimés;Voix;N° panneau;Voix;N° panneau"
    found = records(f"{head}\n1;9;9;4;1;5;2\n2;9;9;4;1;5;2\n")
    assert VOTES not in found.sheets
    assert [(problem.row, problem.column) for problem in found.problems] == [(1, "Voix")]


def test_a_bureau_named_once_above_its_choices() -> None:
    text = "Bureau;Rubrique;Nombre\n1;Votants;9\n;ZOLA;4\n;CURIE;5\nTotal 1;;18\n2;Votants;3\n;ZOLA;3\n"
    found = records(text)
    assert votes(found) == [("1", "ZOLA", 4), ("1", "CURIE", 5), ("2", "ZOLA", 3)]
    assert found.problems == ()


# --- what is wrong, all of it, with its place ------------------------------------------------------------------------


def test_all_problems_at_once_with_row_column_expected_and_got() -> None:
    text = "Commune;Bureau;Inscritz;Émargements;Votants\nA;1;9;x;7\nA;2;9;5;y\nA;;9;5;7\nA;4;9;5\n"
    found = records(text)
    told = [(problem.row, problem.column, str(problem.got)) for problem in found.problems]
    assert sorted(told, key=str) == sorted(
        [
            (1, "Inscritz", "a header not known"),
            (2, "Émargements", "“x”"),
            (3, "Votants", "“y”"),
            (4, "Bureau", "nothing"),
            (5, None, "4 cells"),
        ],
        key=str,
    )
    [near] = [problem for problem in found.problems if problem.row == 1]
    assert str(near.expected) == "« Inscrits »"


@pytest.mark.parametrize(
    ("kind", "text", "row", "column", "parts"),
    [
        (
            PV,
            "Burau;Emargemants;Voted\n1;2;3\n",
            1,
            "bureau",
            ["« Burau » is near « N° bureau »", "« Emargemants » is near"],
        ),
        (SIGNED, "Titre\n\nBureau;Inscrits\n1;2\n", 3, "emargements", ["Bureau | Inscrits"]),
        (PV, "\n\n", None, None, ["nothing"]),
    ],
)
def test_a_header_that_lacks_what_is_needed(
    kind: str, text: str, row: int | None, column: str | None, parts: list[str]
) -> None:
    with pytest.raises(InputError) as raised:
        given_as(kind, text)
    assert (raised.value.row, raised.value.column) == (row, column)
    assert all(part in str(raised.value.got) for part in parts)


def test_a_file_is_used_as_what_it_is_and_what_it_was_given_as_is_missed() -> None:
    found = given_as(VOTES, "Bureau;Émargements;Votants\n1;2;3\n")
    assert found.sheets.keys() == {PV}
    assert [(problem.row, problem.column, str(problem.got)) for problem in found.problems] == [
        (1, "voix", "Bureau | Émargements | Votants")
    ]


def test_a_table_of_votes_has_a_row_for_each_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was cut where a table of bureaux is."""
    monkeypatch.setattr(bounds, "bureaux", lambda size: 20)
    content = "Bureau;Candidat;Voix\n" + "".join(f"{n // 3 + 1};Liste {'ABC'[n % 3]};{n}\n" for n in range(60))
    found = given_as(VOTES, content, "voix.csv")
    assert len(found.sheets[VOTES]) == 60
    assert found.problems == ()


@pytest.mark.parametrize(
    "note",
    [
        "NB",
        "Source;mairie",
        ";Source : mairie",
        "(1);voir le PV",
        "Le bureau 2 a été recompté",
        "* provisoire",
        "Vu;le maire",
    ],
)
def test_a_note_below_a_table_is_no_bureau(note: str) -> None:
    found = records(f"Bureau;Inscrits;Votants;ZOLA;CURIE\n1;9;5;3;2\n2;9;6;4;2\n{note}\n")
    assert found.sheets[PV].texts["bureau"].tolist() == ["1", "2"]
    assert found.problems == ()
    assert "1 row without bureau and figures left out" in str(note_of(found.uses))


@pytest.mark.parametrize(
    ("headers", "cells"),
    [
        (["Compté par"], ["1", "2", "3"]),
        (["Compté par", "Vérifié par"], ["1;4", "2;4", "3;4"]),
        (["Proportion_(ZOLA)"], ["0", "1", "0"]),
        (["Proportion (ZOLA)", "proportion CURIE"], ["60;40", "67;33", "50;50"]),
    ],
)
def test_columns_without_which_the_votes_add_up_are_no_choices(headers: list[str], cells: list[str]) -> None:
    rows = ["1;9;5;3;2", "2;9;6;4;2", "3;9;8;4;4"]
    head = ";".join(["Bureau;Inscrits;Exprimés;ZOLA;CURIE", *headers])
    found = records("\n".join([head, *map(";".join, zip(rows, cells, strict=True))]))
    assert {choice for _, choice, _ in votes(found)} == {"ZOLA", "CURIE"}


def test_a_header_over_names_is_no_counter() -> None:
    found = records("Bureau;Inscrits;Émargements;Compté par\n1;9;5;Dupont\n2;9;6;Martin\n")
    assert not [problem for problem in found.problems if problem.column == "Compté par"]
