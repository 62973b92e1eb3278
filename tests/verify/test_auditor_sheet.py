"""Sign-in counts and PVs as auditors have them: the same figures in every form, and every problem named at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol import night
from protocol.errors import InputError
from regard.cli import main
from tests.verify.night_builder import CURIE, INSEE, LOVELACE, ZOLA, small_night
from tests.verify.published import samples
from verify import audit, auditor_sheet
from verify.audit import Audit
from verify.auditor_sheet import Given, NotUnderstood
from verify.evidence import Sources
from verify.figures import BLANK, MISSING, UNREADABLE
from verify.findings import Finding
from verify.loading import load

PV, SIGNED, VOTES = night.RECORDS.file, night.SIGNATURES.file, night.VOTES.file
TABLE = """Commune;N° bureau;Inscrits;Nb émargements;Bulletins trouvés dans l'urne;Blancs;Nuls;Suffrages exprimés;ZOLA
Essai;0001;1000;700;702;10;0;692;692
Essai;0002;1200;801;801;1;0;800;800
"""


def given_as(kind: str, folder: Path, content: str | bytes, name: str = "pv.csv", known: Sequence[str] = ()) -> Given:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return auditor_sheet.read(path, kind, name, known)


def records(folder: Path, content: str | bytes, name: str = "pv.csv") -> Given:
    return given_as(PV, folder, content, name)


def counts(found: Given, *columns: str, kind: str = PV) -> list[list[int]]:
    return [found.sheets[kind].counts[column].tolist() for column in columns]


def votes(found: Given) -> list[tuple[str, str, int]]:
    sheet = found.sheets[VOTES]
    cells = (sheet.texts["bureau"], sheet.texts["choix"], sheet.counts["voix"])
    return list(zip(*(values.tolist() for values in cells), strict=True))


def checked(folder: Path, **files: str) -> Audit:
    """An audit of these files alone; `pv`, `emargements`, `voix`, `univers` as text."""
    given_files = {}
    for name, content in files.items():
        path = folder / f"{name}.csv"
        path.write_text(content, encoding="utf-8")
        given_files[name] = path
    sources = Sources(
        folder=folder if "univers" in files else None,
        records=given_files.get("pv"),
        signatures=given_files.get("emargements"),
        votes=given_files.get("voix"),
    )
    return audit.run(load(sources))


def of(result: Audit, *codes: str) -> list[Finding]:
    return [found for found in result.findings if found.code in codes]


UNIVERSE = """insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture
68224,Mulhouse,68,,0001,1000,machine,08:00,19:00
68224,Mulhouse,68,,0002,1200,machine,08:00,19:00
42218,Saint-Étienne,42,,0001,900,papier,08:00,19:00
"""


# --- the same figures in every form ----------------------------------------------------------------------------------

HEADERS = {
    "insee": ("Code INSEE", "INSEE", "code_insee"),
    "bureau": ("N° bureau", "Bureau", "NUMERO BUREAU DE VOTE", "BV"),
    "scrutin": ("scrutin", "N° scrutin"),
    "inscrits": ("Inscrits", "Nb d'inscrits", "INSCR."),
    "emargements": ("Émargements", "NB_EMARG", "Nombre d'émargements"),
    "votes_trouves": ("Bulletins trouvés dans l'urne", "Votes trouvés", "Nb bulletins"),
    "blancs": ("Blancs", "Bulletins blancs"),
    "nuls": ("Nuls", "Votes nuls"),
    "exprimes": ("Suffrages exprimés", "exprimes"),
}
FIGURES = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
COUNT = st.none() | st.integers(0, 2**24)


def written(number: int | None, space: str) -> str:
    return "" if number is None else f"{number:,}".replace(",", space)


@st.composite
def tables(draw: st.DrawFn) -> tuple[bytes, list[str], dict[str, list[int | None]], dict[str, list[int | None]]]:
    """A file in some form, the codes of its bureaux, and the counts and votes that it must read back to."""
    codes = draw(st.lists(st.sampled_from(["0001", "0002", "12", "0A11", "01.1", "BV01"]), unique=True, min_size=1))
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
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_in_any_form_reads_back(
    tmp_path: Path, table: tuple[bytes, list[str], dict[str, list[int | None]], dict[str, list[int | None]]]
) -> None:
    data, codes, figures, choices = table
    if not any(value is not None for name in ("emargements", "votes_trouves", "exprimes") for value in figures[name]):
        return  # nothing of a PV is filled in
    found = records(tmp_path, data)
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
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_with_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    for kind in (PV, SIGNED, VOTES):
        try:
            auditor_sheet.read(path, kind)
        except InputError as error:
            said = str(error)
        else:
            said = str(path)
        assert str(path) in said


CELL = st.sampled_from(
    ["", "1", "12", "1 000", "x", "TOTAL", "Bureau", "Votants", "Émargements", "ZOLA", "Voix", "=1", '"']
)


@given(rows=st.lists(st.lists(CELL, max_size=8), max_size=8), mark=st.sampled_from(";,\t"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cells_are_read_or_refused_and_can_be_audited(tmp_path: Path, rows: list[list[str]], mark: str) -> None:
    path = tmp_path / "pv.csv"
    text = "Bureau;Votants;Émargements;Choix;Voix\n".replace(";", mark) + "\n".join(mark.join(row) for row in rows)
    path.write_text(text, encoding="utf-8")
    for option in ("--pv", "--emargements", "--voix"):
        assert main(["verify", option, str(path), "--fail-on", "never", "--json", str(tmp_path / "out")]) in (0, 2)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_workbook_is_read_as_its_csv(tmp_path: Path, delimiter: str) -> None:
    text = TABLE.replace(";", delimiter)
    book = samples.workbook({"PV": "Élection|||\n||\n" + TABLE.replace(";", "|").replace("|000", "|'000")})
    one, other = records(tmp_path, text), records(tmp_path, book, "pv.xlsx")
    for kind in (PV, VOTES):
        for name, values in one.sheets[kind].counts.items():
            assert values.tolist() == other.sheets[kind].counts[name].tolist()
        for name, cells in one.sheets[kind].texts.items():
            assert cells.tolist() == other.sheets[kind].texts[name].tolist()
    assert other.sheets[PV].row.tolist() == [4, 5]  # as the spreadsheet counts, titles and empty rows included
    assert one.problems == other.problems == ()


def test_a_row_a_choice_with_the_counts_in_every_row_or_as_rows_of_their_own(tmp_path: Path) -> None:
    by_column = "Bureau;Émargements;Votants;Candidat;Voix\n0001;700;702;ZOLA;400\n0001;700;702;CURIE;292\n"
    by_row = "Bureau;Rubrique;Nombre de voix\n0001;Émargements;700\n0001;Votants;702\n0001;ZOLA;400\n0001;CURIE;292\n"
    for text in (by_column, by_row):
        found = records(tmp_path, text)
        assert counts(found, "emargements", "votes_trouves") == [[700], [702]]
        assert votes(found) == [("0001", "ZOLA", 400), ("0001", "CURIE", 292)]
        assert found.problems == ()
    other = records(tmp_path, by_column.replace("0001;700;702;CURIE", "0001;701;702;CURIE"))
    [problem] = other.problems
    assert (problem.row, problem.column, problem.got) == (3, "Émargements", "701")


def test_a_listed_choice_is_no_count(tmp_path: Path) -> None:
    text = "Bureau;Candidat;Voix\n0001;BLANC;4\n0001;ZOLA;5\n"
    assert votes(given_as(VOTES, tmp_path, text, known=("M. BLANC Louis", "ZOLA Émile"))) == [
        ("0001", "BLANC", 4),
        ("0001", "ZOLA", 5),
    ]
    assert votes(given_as(VOTES, tmp_path, text)) == [("0001", "ZOLA", 5)]


# --- what a table tells, and what it leaves open ---------------------------------------------------------------------


def test_a_wide_pv_gives_the_votes_as_well(tmp_path: Path) -> None:
    found = records(tmp_path, TABLE)
    assert votes(found) == [("0001", "ZOLA", 692), ("0002", "ZOLA", 800)]
    assert "voix: ZOLA" in found.note
    assert "« Bulletins trouvés dans l'urne » = votes_trouves" in found.note


def test_choices_of_the_list_are_found_wherever_they_stand(tmp_path: Path) -> None:
    text = "Bureau;Mme CURIE Marie;Voix ZOLA;Adresse;12;% ZOLA;Émargements;Votants\n0001;4;5;7;8;10,1;9;9\n"
    found = given_as(PV, tmp_path, text, known=(ZOLA, CURIE))
    assert votes(found) == [("0001", "Mme CURIE Marie", 4), ("0001", "ZOLA", 5)]
    assert VOTES not in given_as(PV, tmp_path, text).sheets  # left of the counts and not known: no choice


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1 234", 1234), ("1\u00a0234", 1234), ("1\u202f234", 1234), ("0700", 700), ("700,0", 700), ("700.00", 700),
        ("", BLANK), ("1.000", UNREADABLE), ("1,000", UNREADABLE), ("12O", UNREADABLE),
        ("-3", UNREADABLE), ("néant", UNREADABLE),
    ],
)  # fmt: skip
def test_numbers(tmp_path: Path, cell: str, number: int) -> None:
    found = records(tmp_path, f"Bureau;Inscrits;Émargements;Votants\n1;9;5;7\n2;{cell};5;7\n")
    assert counts(found, "inscrits") == [[9, number]]
    wrong = [(problem.row, problem.column, problem.got) for problem in found.problems]
    assert wrong == ([(3, "Inscrits", repr(cell))] if number == UNREADABLE else [])


def test_a_column_that_is_empty_throughout_was_not_filled_in(tmp_path: Path) -> None:
    found = records(tmp_path, "Bureau;Votants;Émargements;Blancs;Observations;Clôture\n1;5;4;;;\n2;6;6;;;\n")
    assert counts(found, "blancs", "cloture") == [[MISSING] * 2] * 2
    assert "observations" not in found.sheets[PV].texts


def test_clocks(tmp_path: Path) -> None:
    found = records(tmp_path, "Bureau;Votants;Ouverture;Heure de clôture\n1;5;8h;19:00:00\n2;5;08:00;19h05\n")
    assert counts(found, "ouverture", "cloture") == [[480, 480], [1140, 1145]]


def test_signatures_by_the_hour(tmp_path: Path) -> None:
    found = given_as(SIGNED, tmp_path, "Bureau;Émargements à 10 h;Émargements\n0001;100;700\n")
    assert found.sheets[SIGNED].extra["emargements_10h"].tolist() == ["100"]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        (["12 - École", "0013 – Mairie"], ["12", "0013"]),
        (["Bureau n° 12", "bureau 13"], ["12", "13"]),
        (["12.0", "13,0"], ["12", "13"]),
        (["12 - École", "13"], ["12 - École", "13"]),
        (["BV01", "0A11"], ["BV01", "0A11"]),
    ],
)
def test_codes_of_bureaux(tmp_path: Path, cells: list[str], codes: list[str]) -> None:
    text = "Bureau;Votants\n" + "".join(f"{cell};5\n" for cell in cells)
    assert records(tmp_path, text).sheets[PV].texts["bureau"].tolist() == codes


def test_a_code_that_a_spreadsheet_turned_into_a_date_is_told(tmp_path: Path) -> None:
    found = records(tmp_path, "Bureau;Votants\n1900/01/12;5\n0001;6\n")
    assert found.sheets[PV].texts["bureau"].tolist() == ["12", "0001"]
    assert [(problem.row, problem.column) for problem in found.problems] == [(2, "Bureau")]


@pytest.mark.parametrize(
    ("head", "cells", "insee"),
    [
        ("Code INSEE", "1053", "01053"),
        ("Code INSEE", "2a004", "2A004"),
        ("Code département;Code commune", "68;224", "68224"),
        ("Code département;Code commune", "ZA;101", "97101"),
        ("Commune", "68224", "68224"),
    ],
)
def test_insee_codes(tmp_path: Path, head: str, cells: str, insee: str) -> None:
    found = records(tmp_path, f"{head};Bureau;Votants\n{cells};1;5\n")
    assert found.sheets[PV].texts["insee"].tolist() == [insee]


def test_a_commune_named_once_holds_for_the_rows_below(tmp_path: Path) -> None:
    found = records(tmp_path, "Commune;Bureau;Votants\nEssai;1;5\n;2;6\nTOTAL;;11\nAutre;1;5\n;2;6\n")
    assert found.sheets[PV].texts["commune"].tolist() == ["Essai", "Essai", "TOTAL", "Autre", "Autre"]


def test_tabs_of_one_kind_are_one_table_and_other_tabs_are_named(tmp_path: Path) -> None:
    row = "Commune|N° bureau|Émargements|Votants\n{}|'0001|5|{}\n"
    book = samples.workbook({"Nord": row.format("A", 6), "Notes": "Lire ceci\n", "Sud": row.format("B", 7)})
    found = records(tmp_path, book, "pv.xlsx")
    assert counts(found, "votes_trouves") == [[6, 7]]
    assert "not used" in found.note
    (tmp_path / "only.xlsx").write_bytes(book)
    result = audit.run(load(Sources(records=tmp_path / "only.xlsx")))
    assert [one.right.source for one in of(result, "R201")] == [
        f"{tmp_path / 'only.xlsx'}:2 [Nord]",
        f"{tmp_path / 'only.xlsx'}:2 [Sud]",
    ]


# --- what is wrong, all of it, with its place ------------------------------------------------------------------------


def test_all_problems_at_once_with_row_column_expected_and_got(tmp_path: Path) -> None:
    text = "Commune;Bureau;Inscritz;Émargements;Votants\nA;1;9;x;7\nA;2;9;5;y\nA;;9;5;7\nA;4;9;5\n"
    found = records(tmp_path, text)
    told = [(problem.row, problem.column, problem.got) for problem in found.problems]
    assert sorted(told, key=str) == sorted(
        [
            (1, "Inscritz", "a header not known"),
            (2, "Émargements", "'x'"),
            (3, "Votants", "'y'"),
            (4, "Bureau", "nothing"),
            (5, None, "4 cells"),
        ],
        key=str,
    )
    [near] = [problem for problem in found.problems if problem.row == 1]
    assert near.expected == "« Inscrits »"


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
        (VOTES, "Bureau;Émargements;Votants\n1;2;3\n", 1, "voix", ["Émargements"]),
        (PV, "\n\n", None, None, ["nothing"]),
    ],
)
def test_a_header_that_lacks_what_is_needed(
    tmp_path: Path, kind: str, text: str, row: int | None, column: str | None, parts: list[str]
) -> None:
    with pytest.raises(InputError) as raised:
        given_as(kind, tmp_path, text)
    assert (raised.value.row, raised.value.column) == (row, column)
    assert all(part in raised.value.got for part in parts)


def test_headers_with_nothing_below_are_no_evidence_and_not_wrong(tmp_path: Path) -> None:
    for text in ("Bureau;Émargements;Votants\n", "Bureau;Émargements;Votants\n0001;;\n0002;;\n"):
        assert records(tmp_path, text).sheets == {}
    result = checked(tmp_path, pv=TABLE, emargements="Bureau;Inscrits;Émargements\n0001;;\n")
    assert of(result, "I113") == []
    assert [used.note for used in result.inputs if used.kind == SIGNED] == ["nothing filled in"]


@pytest.mark.parametrize(
    "row",
    [";TOTAL;2200;1501;1503;11;0;1492;1492", "Total;;2200;1501;1503;11;0;1492;1492", ";;2200;1501;1503;11;0;1492;1492"],
)
def test_c110_total_rows_by_name_or_by_their_figures(tmp_path: Path, row: str) -> None:
    result = checked(tmp_path, pv=TABLE + row + "\n")
    [found] = of(result, "C110")
    assert found.left.source.endswith("pv.csv:4")
    assert result.coverage.bureaux == 2
    assert len(of(result, "R201")) == 1
    assert of(result, "I113", "R202", "R204") == []


def test_a_footnote_is_no_bureau(tmp_path: Path) -> None:
    found = records(tmp_path, TABLE + ";Source : mairie;;;;;;;\nRelevé par nous;;;;;;;;\n")
    assert len(found.sheets[PV]) == 2
    assert "2 rows" in found.note


# --- what follows from it --------------------------------------------------------------------------------------------


def test_pvs_alone_show_their_gap_with_the_page_of_the_scan(tmp_path: Path) -> None:
    text = (
        "Commune;Bureau;Émargements;Votants;Observations;Page\nA;1;700;702;RAS;3\nA;2;5;6;un émargement oublié;p. 4\n"
    )
    result = checked(tmp_path, pv=text)
    assert [found.right.source for found in of(result, "R201")] == [
        f"{tmp_path}/pv.csv:2 [page 3]",
        f"{tmp_path}/pv.csv:3 [p. 4]",
    ]
    [silent] = of(result, "R204")
    assert silent.bureau == "1"


def test_r204_says_nothing_where_remarks_were_not_given(tmp_path: Path) -> None:
    result = checked(tmp_path, pv=TABLE)
    assert of(result, "R204") == []
    assert len(of(result, "R201")) == 1


def test_the_sign_in_sheet_that_carries_both_counts_stands_for_pvs_as_well(tmp_path: Path) -> None:
    result = checked(tmp_path, emargements=TABLE)
    assert len(of(result, "R201")) == 1
    assert set(result.coverage.kinds) == {"emargements", "pv", "voix"}
    alone = checked(tmp_path, emargements=TABLE, pv=TABLE.replace("0001;1000;700", "0001;1000;702"))
    assert len(of(alone, "R205")) == 1  # a PV that was given is the PV


def test_a_commune_by_name_is_the_one_of_that_name_on_the_list(tmp_path: Path) -> None:
    text = "Commune;Bureau;Émargements;Votants\nMULHOUSE;0001;5;6\nSt Etienne;0001;7;7\n"
    result = checked(tmp_path, univers=UNIVERSE, pv=text)
    [gap] = of(result, "R201")
    assert (gap.insee, gap.bureau) == ("68224", "0001")
    assert result.coverage.kinds["pv"] == (2, 3)
    assert of(result, "I113", "C108") == []


def test_a_name_that_is_not_on_the_list_is_told_with_the_nearest(tmp_path: Path) -> None:
    result = checked(tmp_path, univers=UNIVERSE, pv="Commune;Bureau;Votants\nMulhous;0001;6\nMulhouse;0002;6\n")
    [wrong] = of(result, "I113")
    assert (wrong.field, wrong.left.value) == ("commune", "« Mulhous »; nearest « Mulhouse »")
    assert len(of(result, "C108")) == 1


def test_two_communes_of_one_name_are_told_apart_by_the_departement_or_not_at_all(tmp_path: Path) -> None:
    universe = UNIVERSE + "67001,Mulhouse,67,,0001,10,papier,08:00,18:00\n"
    text = "Département;Commune;Bureau;Votants\n{};Mulhouse;0001;6\n"
    assert of(checked(tmp_path, univers=universe, pv=text.format("68")), "I113", "C108") == []
    [wrong] = of(checked(tmp_path, univers=universe, pv=text.format("")), "I113")
    assert wrong.left.value == "68224, 67001"


def test_the_only_commune_needs_no_column(tmp_path: Path) -> None:
    one = "\n".join(UNIVERSE.splitlines()[:3]) + "\n"
    result = checked(tmp_path, univers=one, pv="Bureau;Votants\n0001;5\n")
    assert result.coverage.kinds["pv"] == (1, 2)
    [wrong] = of(checked(tmp_path, univers=UNIVERSE, pv="Bureau;Votants\n0001;5\n"), "I113")
    assert wrong.field == "insee"


def test_c108_names_0012_for_12_where_there_is_a_list(tmp_path: Path) -> None:
    result = checked(tmp_path, univers=UNIVERSE, pv="Commune;Bureau;Votants\nMulhouse;1;6\n")
    [found] = of(result, "C108")
    assert (found.left.value, found.right.value) == ("68224 1", "0001")


def test_without_a_list_12_and_0012_of_two_files_are_one_bureau(tmp_path: Path) -> None:
    result = checked(tmp_path, pv="Bureau;Votants\n12;6\n13;7\n", emargements="Bureau;Émargements\n0012;5\n0014;7\n")
    [gap] = of(result, "R201")
    assert gap.bureau == "12"
    [stray] = of(result, "I113")  # no list: which of the two files lacks a bureau, nobody can say
    assert stray.left.value == "0014"


def test_the_poll_may_be_left_out_where_there_is_one(tmp_path: Path) -> None:
    text = f"INSEE;Bureau;Émargements;Votants\n{INSEE};0001;5;6\n"
    for polls in (1, 2):
        folder = tmp_path / str(polls)
        folder.mkdir()
        built = small_night(polls=polls)
        built.incomplete()
        built.raw["pv.csv"] = text.encode()
        told = [found.field for found in of(built.run(folder), "I113")]
        assert told == ([] if polls == 1 else ["scrutin"])


def test_choices_are_matched_with_the_list_of_the_night(tmp_path: Path) -> None:
    built = small_night()
    row = built.row("pv.csv", "0001")
    cast = [int(built.row("voix.csv", "0001", choice=choice)["voix"]) for choice in (ZOLA, CURIE, LOVELACE)]
    head = "INSEE;Bureau;Inscrits;Émargements;Votes trouvés;Blancs;Nuls;Exprimés;M. ZOLA;Mme Curie Marie;LOVELACE"
    keys = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
    folder = tmp_path / "night"
    built.write(folder)
    for change in (0, 1):
        cells = [row[key] for key in keys] + [str(cast[0] + change), str(cast[1]), str(cast[2])]
        (tmp_path / "wide.csv").write_text(f"{head}\n{INSEE};0001;{';'.join(cells)}\n", encoding="utf-8")
        (folder / "voix.csv").unlink(missing_ok=True)
        result = audit.run(load(Sources(folder=folder, records=tmp_path / "wide.csv")))
        assert [found.field for found in of(result, "R207")] == [ZOLA] * change


def test_a_night_file_with_columns_of_choices_besides(tmp_path: Path) -> None:
    head = "insee,bureau,scrutin,inscrits,emargements,votes_trouves,blancs,nuls,exprimes,ZOLA"
    text = f"{head}\n77001,0001,1,9,6,6,0,0,6,6\n"
    (tmp_path / "pv.csv").write_text(text, encoding="utf-8")
    assert audit.run(load(Sources(records=tmp_path / "pv.csv"))).coverage.kinds["voix"] == (1, 1)


def test_the_other_round_may_be_an_auditors_table(tmp_path: Path) -> None:
    (tmp_path / "pv.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "t1.csv").write_text(TABLE.replace(";", "\t"), encoding="utf-16")
    evidence = load(Sources(records=tmp_path / "pv.csv", other_round=tmp_path / "t1.csv"))
    assert evidence.other_round is not None
    assert evidence.other_round["signatures"].values.tolist() == [[700], [801]]


# --- real feeds with both counts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["records", "signatures", "published"])
@pytest.mark.parametrize(
    ("file", "more", "fewer"),
    [
        ("2017-presidentielle-t1-paris-city.csv", 213, 68),
        ("2022-presidentielle-t2-paris-city.csv", 172, 58),
        ("2015-departementales-t1-toulouse.json", 10, 9),
    ],
)
def test_a_feed_with_both_counts_serves_as_both(real_data: Path, option: str, file: str, more: int, fewer: int) -> None:
    path = real_data / file
    sources = {"records": Sources(records=path), "signatures": Sources(signatures=path)}
    result = audit.run(load(sources.get(option, Sources(published=(path,)))))
    assert (len(of(result, "R201")), len(of(result, "R202"))) == (more, fewer)
    assert of(result, "R204", "C108", "I114") == []
    both = audit.run(load(Sources(records=path, published=(path,))))
    assert len(of(both, "P401")) == len({(found.insee, found.bureau) for found in of(both, "P401")})


def test_not_understood_tells_everything() -> None:
    problems = [InputError("a", 1, "x", "y", "z"), InputError("a", 2, "x", "y", "z")]
    assert NotUnderstood(problems).problems == tuple(problems)
    assert str(NotUnderstood(problems)) == str(problems[0])


def test_the_sheets_are_of_one_length(tmp_path: Path) -> None:
    for sheet in records(tmp_path, TABLE).sheets.values():
        lengths = {len(values) for values in (*sheet.texts.values(), *sheet.counts.values(), *sheet.extra.values())}
        assert lengths == {len(sheet)}
        assert all(values.dtype == np.int64 for values in sheet.counts.values())
