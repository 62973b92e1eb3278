"""Answers of town halls to who asks for sign-in counts and votes found, as they come: each is read or named."""

import io
import zipfile
from email.message import EmailMessage

import pytest

from protocol.quantities import Quantity
from tests.sources import new_folder, put_files, put_text
from tests.verify.night_builder import audited, codes_of, loaded
from tests.verify.published.samples import workbook
from tests.verify.read.test_any_file import used
from verify.align.communes import stands_in
from verify.model.evidence import LinedEvidence
from verify.model.use import NothingReadable, Used
from verify.read.tables.headers import is_other, meanings_of
from verify.read.tables.towns import town_of_file, town_of_titles, towns_of_files
from verify.read.totals import names_total

ROWS = [["Bureau", "Émargements", "Votants"], ["1", "700", "702"], ["2", "650", "650"], ["TOTAL", "1 350", "1 352"]]
READ = [("1", 700, 702), ("2", 650, 650)]
PAGE = "<html><body><h1>Ville de Gap</h1><table>{}</table><p>Cordialement</p></body></html>"


def counted(evidence: LinedEvidence) -> list[tuple[str, int, int]]:
    """Bureaux with their signatures and votes found, by PVs."""
    assert evidence.records is not None
    figures = (evidence.records[name].values[:, 0].tolist() for name in (Quantity.SIGNATURES, Quantity.VOTES_FOUND))
    return list(zip(evidence.universe.bureau.tolist(), *figures, strict=True))


def read(name: str, content: str | bytes, number: int = 0) -> list[tuple[str, int, int]]:
    return counted(loaded(new_folder({f"05061 Gap/{name}": content}) / "05061 Gap", round=number))


def why(name: str, content: str) -> str:
    with pytest.raises(NothingReadable) as refused:
        read(name, content)
    return str(refused.value)


def in_page(cells: list[list[str]]) -> str:
    return PAGE.format("".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in row)}</tr>" for row in cells))


def document(member: str, text: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        kind = "mimetype" if member == "content.xml" else "[Content_Types].xml"
        archive.writestr(kind, "application/vnd.oasis.opendocument.text")
        archive.writestr(member, text)
    return data.getvalue()


# --- Web pages, e-mails and text documents ---


@pytest.mark.parametrize("name", ["reponse.html", "reponse.xls", "reponse.doc"])
def test_a_table_of_a_web_page_is_read_whatever_the_name(name: str) -> None:
    assert read(name, in_page(ROWS)) == READ


def test_merged_cells_of_a_web_page_keep_their_columns() -> None:
    heads = (
        "<tr><td rowspan=2>Bureau<td colspan='2'>1er tour<td colspan=2>2nd tour</tr>"
        "<tr><td>Émargements<td>Votants<td>Émargements<td>Votants</tr>"
    )
    rows = "".join(f"<tr><td>{code}<td>9<td>8<td>{signed}<td>{found}</tr>" for code, signed, found in READ)
    page = PAGE.format(f"<!-- <tr><td>9 --><style>td{{x}}</style>{heads}{rows}")
    assert read("reponse.html", page, 2) == READ


@pytest.mark.parametrize("alone", [True, False])
def test_the_table_of_an_email_is_read_from_its_page(alone: bool) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "mairie@example.org", "Re: votre demande"
    if alone:
        mail.set_content(in_page(ROWS), subtype="html")
    else:
        mail.set_content("\n".join(cell for row in ROWS for cell in row))  # what a program leaves of a table
        mail.add_alternative(in_page(ROWS), subtype="html")
    assert read("reponse.eml", mail.as_bytes()) == READ


def test_the_question_below_an_answer_is_no_bureau() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Re: votre demande"
    rows = "\n".join(";".join(row) for row in ROWS)
    mail.set_content(f"Bonjour,\n{rows}\n\n> Merci de nous dire :\n> 1) émargements ; 2) votants ; 3) inscrits\n")
    assert read("reponse.eml", mail.as_bytes()) == READ
    mail.set_content("Voir plus bas.\n" + "\n".join(f"> {';'.join(row)}" for row in ROWS))
    assert [each[1:] for each in read("reponse.eml", mail.as_bytes())] == [each[1:] for each in READ]


def test_the_table_of_a_text_document_is_read() -> None:
    cells = [[f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row] for row in ROWS]
    rows = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
    text = f"<w:document><w:p><w:t>Ville de Gap</w:t></w:p><w:tbl>{rows}</w:tbl></w:document>"
    assert read("reponse.docx", document("word/document.xml", text)) == READ
    text = (
        text.replace("w:tbl", "table:table").replace("w:tr>", "table:table-row>").replace("w:tc>", "table:table-cell>")
    )
    assert read("reponse.odt", document("content.xml", text.replace("w:", "text:"))) == READ


def test_a_file_that_nobody_reads_is_named_in_its_folder_with_what_to_do() -> None:
    letter = "05061 Gap/courrier.doc"
    folder = new_folder({"pv.csv": "Bureau;Émargements;Votants\n1;700;702\n", letter: b"\xd0\xcf\x11\xe0"})
    found = used(audited(folder))[letter]
    assert (found.used, str(found.why)) == (
        Used.NONE,
        "a text document, whose tables are not read: copy them into a spreadsheet",
    )


# --- Sentences ---


@pytest.mark.parametrize(
    "line",
    [
        "Bureau {} : {} émargements et {} bulletins trouvés dans l'urne.",
        "- BV {} (École 2) : émargements {}, bulletins {}",
        "Bureau n° {} - {} émargements ; {} votants",
        "Pour le bureau {}, {} émargements et {} bulletins ont été dénombrés.",
        "BV{} École Jean Moulin - Émargements = {} - Votants = {}",
    ],
)
def test_a_sentence_for_each_bureau_is_read(line: str) -> None:
    lines = [line.replace("École 2", "École Jean Moulin").format(*each) for each in READ]
    text = "\n".join(["Bonjour,", "Voici, comme demandé, nos chiffres de 2022 :", *lines, "Total : 1350 et 1352."])
    assert read("reponse.txt", text) == READ


@pytest.mark.parametrize("other", ["Bureau 3 : fermé en 2022", "annexe : 80 votants", "Bureau 3 : 12 procurations"])
def test_sentences_that_are_not_all_alike_are_refused(other: str) -> None:
    lines = "Bonjour,\nBureau 1 : 700 émargements et 702 votants\n{}\nBureau 2 : 650 émargements et 650 votants"
    assert "expected" in why("reponse.txt", lines.format(other))


# --- Texts and letters around a table ---


def test_columns_aligned_by_spaces_in_a_letter_are_read() -> None:
    rows = "\n".join("".join(cell.ljust(15) for cell in row).rstrip() for row in ROWS)
    letter = f"Bonjour,\nSuite à votre demande, voici nos chiffres :\n\n{rows}\n\nCordialement,\nLa mairie\n"
    assert read("reponse.txt", letter) == READ


def test_lines_with_quotes_around_each_are_rows() -> None:
    text = "\n".join(f'"{",".join(row)}"' for row in ROWS)
    assert read("reponse.csv", text) == READ


def test_a_table_below_the_head_of_a_letter_is_read() -> None:
    head = [[f"Ligne {chr(ord('a') + at)} de la lettre"] for at in range(14)]
    assert read("reponse.csv", "\n".join(";".join(row) for row in [*head, *ROWS])) == READ


# --- Headers and cells ---


def test_a_number_alone_names_bureaux_beside_voters() -> None:
    assert meanings_of(["N°", "Émargements"])[0] == "bureau"
    assert meanings_of(["N°", "Inscrits", "Votants", "", "N°", "Inscrits"])[::4] == ["bureau", "bureau"]
    assert meanings_of(["N°", "Bureau", "Émargements"])[0] is None
    assert meanings_of(["N°", "Candidat", "Voix"])[0] is None


def test_rounds_side_by_side_over_numbers_alone_are_told_apart() -> None:
    merged = ";1er tour;;2nd tour;\nN°;Émargements;Votants;Émargements;Votants\n"
    beside = "1er tour;;;;2nd tour;;\nN°;Émargements;Votants;;N°;Émargements;Votants\n"
    for text in (merged + "1;9;8;700;702\n2;7;7;650;650\n", beside + "1;9;8;;1;700;702\n2;7;7;;2;650;650\n"):
        assert read("reponse.csv", text, 2) == READ


def test_codes_over_columns_and_a_total_name_bureaux() -> None:
    text = ";0001;0002;TOTAL\nÉmargements;700;650;1350\nVotants;702;650;1352\n"
    assert read("reponse.csv", text) == [("0001", 700, 702), ("0002", 650, 650)]


def test_each_figure_may_say_what_it_counts() -> None:
    text = (
        "Bureau;Émargements;Votants;Blancs;Nuls\n1;700 émargés;702 votants;3 blancs;1 nul\n2;650;650;0 blanc;4 nuls\n"
    )
    assert read("reponse.csv", text) == READ
    assert not loaded(records=(put_text(new_folder() / "pv.csv", text),)).problems


def test_columns_beside_bureau_without_any_count_below_are_no_bureaux() -> None:
    text = "BV;Source;Nombre\nBV 1;Liste;700\nBV 1;Urne;702\nBV 2;Liste;650\nBV 2;Urne;650\n"
    assert "expected" in why("reponse.csv", text)


def test_shares_and_letters_of_columns_are_passed_over() -> None:
    text = (
        "Bureau (A);Émargements (B);Votants (C);Différence (C - B)\n1;700 (70,12 %);702 (70,3%);2\n2;650 (65 %);650;0\n"
    )
    assert read("reponse.csv", text) == READ
    assert is_other("Différence\n(C - B)")
    assert all(map(names_total, ("S/Total canton 2", "S/T", "Total ville")))


@pytest.mark.parametrize(
    "text",
    ["Émargements;1350\nVotants;1352\nInscrits;2000\n", "Commune;Émargements;Votants\nGap;1350;1352\nDigne;90;90\n"],
)
def test_figures_of_whole_communes_are_named_as_that(text: str) -> None:
    assert "figures of whole communes, and of no bureau: ask for those" in why("reponse.csv", text)


# --- Which town has answered ---


def test_the_folder_of_a_town_goes_before_names_that_are_no_town() -> None:
    assert town_of_file("29019 Brest/Tableau Mme Dupont.xlsx") == "Brest (29019)"
    assert town_of_file("Brest/document scan.pdf") == "Brest"
    files = ["Brest/GESCO.xlsx", "Gap/GESCO.xlsx", "Gap/Digne.csv", "PV/Gap.csv", "T1/Gap.csv"]
    assert towns_of_files(files) == ["Brest", "Gap", "Digne", "Gap", "Gap"]


def test_a_title_says_its_town_alone_and_the_folder_its_code() -> None:
    assert town_of_titles(["Ville de Bouligny Présidentielle du 23 avril 2017"], "a.csv") == "Bouligny"
    assert town_of_titles(["Ville de BREST"], "29019 Brest/a.csv") == "Brest (29019)"
    assert town_of_titles(["Ville de Gap"], "29019 Brest/a.csv") == "Gap"


def test_answers_of_the_same_name_in_folders_are_of_their_towns() -> None:
    folder = new_folder()
    for town, signed in (("Brest", 700), ("Gap", 500), ("Digne", 300)):
        rows = [f"{code};{signed + 100};{signed + code};{signed + code}" for code in range(1, 6)]
        text = "\n".join(["Bureau;Inscrits;Émargements;Votants", *rows])
        put_files(folder, {f"{town}/GESCO.csv": text})
    result = audited(folder)
    assert codes_of(result.findings).isdisjoint({"R226", "R201", "I122"})
    assert set(loaded(folder).universe.insee.tolist()) == {"Brest", "Gap", "Digne"}


@pytest.mark.parametrize(("third", "strange"), [("03", []), ("0003", ["01", "02"])])
def test_codes_with_other_zeros_than_the_list_are_its_own_where_all_are(third: str, strange: list[str]) -> None:
    header = "insee,commune,departement,circonscription,bureau,inscrits,comptage,ouverture,cloture"
    listed = "\n".join([header, *(f"05061,Gap,05,,000{number},1000,papier,," for number in (1, 2, 3))])
    text = f"Commune;Bureau;Émargements;Votants\nGap;01;700;702\nGap;02;650;650\nGap;{third};600;600\n"
    result = audited(new_folder({"univers.csv": listed, "pv.csv": text}))
    named = [finding.left.value for finding in result.findings if finding.code == "C108"]
    assert [str(value).split()[-1] for value in named] == strange


def test_the_round_of_an_answer_is_not_told_by_other_towns() -> None:
    header = "Bureau;Émargements;Votants"
    both = f"1er tour\n{header}\n1;700;702\n2;650;650\n3;99;99\n2nd tour\n{header}\n1;711;712\n2;660;660\n3;98;98\n"
    folder = new_folder({"05061 Gap/reponse.csv": f"Ville de Gap\n{both}"})
    for town, row in (("04070 Digne", "1;711;712"), ("29019 Brest", "2;660;660")):
        put_files(folder, {f"{town}/reponse.csv": f"{header}\n{row}\n4;31;31\n5;32;32\n6;33;33\n"})
    found = loaded(folder)
    assert found.records is not None
    assert {700, 650, 99} <= set(found.records[Quantity.SIGNATURES].values[:, 0].tolist())


@pytest.mark.parametrize("tables", [1, 2])
def test_rows_of_the_only_table_of_a_document_are_counted_from_its_first_one(tables: int) -> None:
    """Of several tables, rows and lines of text are counted together."""
    table = "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS) + "</table>"
    other = "<p>Et :</p><table><tr><td>Une</td><td>autre</td></tr></table>" * (tables - 1)
    page = f"<html><body><h1>Ville de Gap</h1><p>Madame,</p>{table}{other}<p>Cordialement</p></body></html>"
    evidence = loaded(new_folder({"reponse.html": page}))
    assert evidence.records is not None
    places = evidence.records[Quantity.SIGNATURES].places
    first = 2 if tables == 1 else 4
    assert [places.text(unit, 0) for unit in (0, 1)] == [f"reponse.html:{row}" for row in (first, first + 1)]


def test_a_commune_whose_name_begins_like_a_title_keeps_it() -> None:
    assert town_of_titles(["PV - Ville d'Avray - T2"], "reponse.csv") == "Ville d'Avray"
    assert town_of_titles(["Ville d'Avray (92077)"], "reponse.csv") == "Ville d'Avray (92077)"
    assert town_of_file("92077 Ville-d'Avray/pv.csv") == "Ville-d'Avray (92077)"
    assert town_of_file("Ville-de-Brest.csv") == "Brest"


def test_a_title_that_is_the_name_of_the_folder_has_its_code() -> None:
    assert town_of_titles(["ALBI"], "81004 Albi/reponse.txt") == "Albi (81004)"


def test_two_communes_of_one_name_are_told_apart_by_the_codes_of_their_folders() -> None:
    rows = "Commune de Saint-Denis\n\nBureau;Inscrits;Émargements;Votes trouvés\n"
    folder = new_folder(
        {f"{code} Saint-Denis/pv.csv": f"{rows}1;1000;{n};{n}\n" for code, n in (("93066", 5), ("97411", 7))}
    )
    evidence = loaded(folder)
    assert evidence.universe.insee.tolist() == ["93066", "97411"]
    assert evidence.problems == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mail.htm", "<html><body><p>Mairie de Gap</p>" + "<p>Bureau {} : {} émargements, {} votants<br>" * 2),
        ("mail.html", "<?xml version='1.0'?><html>" + "<p>BV {} : {} émargements, {} votants</p>" * 2 + "</html>"),
        ("mail.txt", "Bonjour,\n" + "BV {} : {} émargements / {} votants (soit 78,99 %)\n" * 2),
        ("mail.txt", "Bonjour\n" + "{}e bureau : {} émargements pour {} votants.\n" * 2),
        ("pv.txt", "BUREAU {}\n Émargements ....... {}\n Votants … {}\n" * 2),
        ("pv.txt", "Bureau {}\nÉmargements : {}*\nVotants : {} (1)\n" * 2),
    ],
)
def test_lines_of_text_are_read_as_people_write_them(name: str, text: str) -> None:
    assert read(name, text.format(*(figure for row in READ for figure in row))) == READ


@pytest.mark.parametrize("other", ["82172 Perpignan-sur-Mer", "Perpignan-sur-Mer"])
def test_a_commune_whose_name_is_part_of_another_does_not_get_its_bureaux(other: str) -> None:
    header = "Bureau;Inscrits;Émargements;Votes trouvés\n"
    rows = ("1;1000;705;705\n2;900;611;611\n3;850;577;577\n", "1;1259;1138;1138\n2;748;498;498\n3;839;548;548\n")
    named = "Commune;" + header + "".join(f"Perpignan;{row}\n" for row in rows[0].splitlines())
    evidence = loaded(new_folder({"66136 Perpignan/pv.csv": named, f"{other}/pv.csv": header + rows[1]}))
    expected = ["66136"] * 3 + [other[:5] if other[0].isdigit() else other] * 3
    assert evidence.universe.insee.tolist() == expected
    assert evidence.problems == []


def test_a_commune_in_a_column_has_the_code_of_its_folder() -> None:
    rows = "Commune;Bureau;Inscrits;Émargements;Votes trouvés\nSaint-Denis;1;1000;{n};{n}\n"
    folder = new_folder({f"{code} Saint-Denis/pv.csv": rows.format(n=n) for code, n in (("93066", 5), ("97411", 7))})
    evidence = loaded(folder)
    assert evidence.universe.insee.tolist() == ["93066", "97411"]
    assert evidence.problems == []


def test_a_commune_is_named_by_a_word_that_hyphens_join_to_what_names_none() -> None:
    assert stands_in("brest", "PV-Brest-T2.xlsx")
    assert stands_in("le havre", "Le-Havre réponse.csv")
    assert not stands_in("colombes", "92009 Bois-Colombes/pv.csv")


def test_votes_below_the_names_of_a_form_on_a_sheet_for_each_bureau_are_read() -> None:
    heads = "Inscrits|Émargements|Votants|Exprimés|MARTIN|LEROY"
    book = workbook({code: f"Mairie\n{heads}\n900|{n}|{n}|{n}|{n - 9}|9" for code, n in (("1", 700), ("2", 650))})
    votes = loaded(new_folder({"05061 Gap/pv.xlsx": book})).votes
    assert votes is not None
    assert votes.values[:, 0].tolist() == [[691, 9], [641, 9]]


def test_an_answer_of_one_round_in_its_headers_is_read() -> None:
    rows = "Bureau;Inscrits au 1er tour;Émargements 1er tour;Votants 1er tour\n1;900;700;702\n2;800;650;650\n"
    assert read("pv.csv", f"Ville de Gap\n{rows}", 1) == READ


def test_the_example_of_a_question_names_no_town() -> None:
    example = (
        "<p>Exemple de réponse :</p><table><tr><td>Bureau<td>Émargements<td>Votants<tr><td>1<td>400<td>401</table>"
    )
    evidence = loaded(new_folder({"05061 Gap/mail.html": in_page(ROWS).replace("</body>", f"{example}</body>")}))
    assert set(evidence.universe.commune.tolist()) == {"Gap"}
    assert counted(evidence) == READ  # the first of two figures is used, and both are named (R226)


def test_the_whole_of_the_registered_is_not_the_principal_list() -> None:
    header = "Bureau;Liste principale inscrits;Liste complémentaire inscrits;Inscrits total;Émargements;Votants\n"
    evidence = loaded(new_folder({"pv.csv": f"{header}1;893;7;900;700;702\n2;790;10;800;650;650\n"}))
    assert evidence.records is not None
    assert evidence.records[Quantity.REGISTERED].values[:, 0].tolist() == [900, 800]


@pytest.mark.parametrize("below", ["Moyenne", "Taux", "Médiane :"])
def test_a_row_of_averages_is_no_bureau(below: str) -> None:
    assert read("pv.csv", f"Bureau;Émargements;Votants\n1;700;702\n2;650;650\n{below};675;676\n") == READ
