"""Files among the evidence without a table are named, with their kind and advice."""

import gzip
import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from regard.language import show
from tests.sources import new_file, put_text
from tests.verify.night_builder import audited, findings, input_of, loaded
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.use import NothingReadable, Used

PV = "Bureau;Émargements;Bulletins trouvés dans l'urne\n1;702;702\n2;640;640\n"
PDF = b"%PDF-1.4\n1 0 obj\n"
DAMAGED = "expected a PDF whose text can be read, got a PDF that is damaged (Unexpected EOF)"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
UNPACKED = {
    "scan du PV.pdf": (PDF, DAMAGED),
    "scan sans nom": (PDF, "no file of this kind is read"),
    "scan.csv": (PDF, DAMAGED),
    "IMG_1.JPG": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "an image, which is not read: type its figures in"),
    "IMG_2.heic": (b"\0\0\0\x18ftypheic\0\0\0\0", "an image, which is not read: type its figures in"),
    "note.doc": (OLE, "a text document, whose tables are not read: copy them into a spreadsheet"),
    "note.rtf": (b"{\\rtf1 Bonjour}", "a text document, whose tables are not read: copy them into a spreadsheet"),
    "courriel.msg": (
        OLE,
        "an e-mail of Outlook, which is not read: save it as .eml, or its attachments by themselves",
    ),
    "~$emargements.xlsx": (
        b"\x06Martin" + b" " * 158,
        "what a spreadsheet leaves beside a workbook that is open: save the workbook and close it",
    ),
    "Thumbs.db": (OLE, "a file that the operating system has made: no evidence"),
    "desktop.ini": ("[.ShellClassInfo]\r\n".encode("utf-16"), "a file that the operating system has made: no evidence"),
    "pieces.rar": (b"Rar!\x1a\x07\0", "an archive of a kind that is not opened: unpack it"),
    "pv.xlsb": (b"PK\x03\x04", "a workbook of a kind that is not read: save it as .xlsx"),
    "courriel.txt": (
        "Bonjour,\nBureau 1 : 963 inscrits, 737 émargements, 737 votants. ZOLA Émile 268, CURIE Marie 196.\n".encode(),
        "expected a table of bureaux, got figures in sentences, which are not read: type them in as a table",
    ),
    "autre.dat": (b"autre chose", "no file of this kind is read"),
}


@pytest.mark.parametrize("name", UNPACKED)
def test_each_is_named_with_what_it_is(tmp_path: Path, name: str) -> None:
    data, said = UNPACKED[name]
    put_text(tmp_path / "pv.csv", PV)
    (tmp_path / name).write_bytes(data)
    result = audited(tmp_path)
    found = input_of(result, name)
    assert (found.used, str(found.why)) == (Used.NONE, said)


@pytest.mark.parametrize("attached", [True, False])
def test_tables_of_an_e_mail_are_read(tmp_path: Path, attached: bool) -> None:
    """In its text, and in what is attached to it, whatever its encoding."""
    mail = EmailMessage()
    mail["Subject"] = "RE: votre demande"
    mail.set_content(
        "Bonjour,\n\nvoici les chiffres.\n" if attached else f"Bonjour,\n\n{PV}\nCordialement\n", cte="base64"
    )
    if attached:
        mail.add_attachment(PV.encode("cp1252"), maintype="text", subtype="csv", filename="Relevé.csv")
        mail.add_attachment(b"\xff\xd8\xff\xe0", maintype="image", subtype="jpeg", filename="photo.jpg")
    (tmp_path / "17 RE_ votre demande.eml").write_bytes(mail.as_bytes())
    evidence = loaded(tmp_path)
    assert evidence.records is not None
    assert evidence.records.figures["votes_found"].values[:, 0].tolist() == [702, 640]
    said = {use.sheet: str(use.why) for use in evidence.inputs[0].sheets}
    assert ("an image, which is not read" in said.get("photo.jpg", "")) is attached


MIXED = b"Content-Type: multipart/mixed; boundary=x\n\n--x\n"


@pytest.mark.parametrize("data", [b"", b"From: a\n" + MIXED, b"\0" * 99, MIXED * 65, MIXED + b"--x\n" * 1000])
def test_what_is_no_e_mail_is_named(tmp_path: Path, data: bytes) -> None:
    put_text(tmp_path / "pv.csv", PV)
    (tmp_path / "courriel.eml").write_bytes(data)
    result = audited(tmp_path)
    assert {each.path: each.used for each in result.inputs} == {"pv.csv": Used.WHOLE, "courriel.eml": Used.NONE}


def test_where_nothing_is_read_every_file_is_named(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("scan.pdf", "photo.jpg", "pv.xlsx", "abime.xlsx", "abime.zip")]
    contents = [PDF, b"\xff\xd8\xff\xe0", OLE, b"PK\x03\x04 rien", b"PK\x03\x04 rien"]
    for file, data in zip(files, contents, strict=True):
        file.write_bytes(data)
    with pytest.raises(NothingReadable) as raised:
        loaded(files=tuple(files))
    said = str(raised.value)
    assert [file.name for file in files if file.name not in said] == []
    french = show("fr", raised.value.message)
    assert "un PDF abîmé" in french
    assert "un fichier abîmé, ou autre chose qu'un classeur" in french
    assert "un fichier abîmé ou incomplet" in french
    assert "Cannot detect" not in french


def test_of_many_files_the_first_are_named_and_the_others_counted(tmp_path: Path) -> None:
    files = [tmp_path / f"photo {number}.jpg" for number in range(9)]
    for file in files:
        file.write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(NothingReadable, match=r"photo 5\.jpg: .*;\s+3 more files"):
        loaded(files=tuple(files))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_results_are_results_in_whatever_encoding(tmp_path: Path, encoding: str) -> None:
    header = "Code INSEE;Commune;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA Émile;CURIE Marie\n"
    (tmp_path / "tableau.csv").write_bytes((header + "77001;Essai;0001;1012;702;10;0;692;461;231\n").encode(encoding))
    evidence = loaded(tmp_path)
    assert [each.kind for each in evidence.inputs] == ["publie"]


def test_a_header_over_two_lines_is_shown_on_one(tmp_path: Path) -> None:
    text = '"Bureau\r\nn°";"Nombre\r\nd\'émargements"\r\n"1";"702"\r\n"2";"640?"\r\n'
    (tmp_path / "emargements.csv").write_text(text, encoding="utf-8", newline="")
    result = audited(signatures=(tmp_path / "emargements.csv",))
    [use] = result.inputs[0].sheets
    assert [column.header for column in use.columns] == ["Bureau n°", "Nombre d'émargements"]
    [found] = findings(result, "I113")
    assert found.field == "Nombre d'émargements"


def test_of_two_files_with_the_same_bytes_one_is_used(tmp_path: Path) -> None:
    text = "Code INSEE;Bureau;Inscrits;Votants;Blancs;Nuls;Exprimés;ZOLA Émile\n77001;1;1012;702;10;0;692;692\n"
    for name in ("resultats (1).csv", "resultats.csv", "resultats - copie.csv"):
        put_text(tmp_path / name, text)
    put_text(tmp_path / "resultats - soir.csv", text.replace("692;692", "692;691"))
    result = audited(tmp_path)
    assert {each.path: (each.used, str(each.why)) for each in result.inputs} == {
        "resultats (1).csv": (Used.NONE, "the same bytes as resultats.csv"),
        "resultats - copie.csv": (Used.NONE, "the same bytes as resultats.csv"),
        "resultats - soir.csv": (Used.WHOLE, ""),
        "resultats.csv": (Used.WHOLE, ""),
    }
    assert all(each.sha256 for each in result.inputs)


@pytest.mark.parametrize("name", ["pv.csv", "copie.csv"])
def test_of_results_with_the_bytes_of_the_pvs_it_is_said(tmp_path: Path, name: str) -> None:
    text = "Code INSEE;Bureau;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés\n77001;1;1012;702;702;10;0;692\n"
    for each in {"pv.csv", name}:
        put_text(tmp_path / each, text)
    result = audited(records=(tmp_path / "pv.csv",), published=(tmp_path / name,))
    assert [each.used for each in result.inputs] == [Used.WHOLE, Used.WHOLE]
    said = f"the same bytes as {tmp_path / 'pv.csv'}: that both agree says nothing"
    assert [said in str(each.note) for each in result.inputs] == [False, True]
    assert result.inputs[0].sha256 == result.inputs[1].sha256


def test_results_of_the_pvs_size_are_read(tmp_path: Path) -> None:
    text = "Code INSEE;Bureau;Inscrits;Émargements;Votants;Blancs;Nuls;Exprimés\n77001;1;1012;702;702;10;0;692\n"
    for each, number in (("pv.csv", "10;0;692"), ("resultats.csv", "12;0;690")):
        put_text(tmp_path / each, text.replace("10;0;692", number))
    result = audited(records=(tmp_path / "pv.csv",), published=(tmp_path / "resultats.csv",))
    assert {each.used for each in result.inputs} == {Used.WHOLE}
    assert not any("same bytes" in str(each.note) for each in result.inputs)


def test_a_link_to_what_is_read_is_not_read_again(tmp_path: Path) -> None:
    put_text(tmp_path / "tableau.csv", PV)
    put_text(tmp_path / "emargements.csv", "Bureau;Émargements\n0001;702\n")
    links = {"raccourci.csv": "tableau.csv", "signatures.csv": "emargements.csv", "ici": "."}
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    result = audited(tmp_path)
    assert {each.path: str(each.why) for each in result.inputs if each.used is not Used.WHOLE} == {
        "raccourci.csv": "a link to tableau.csv",
        "signatures.csv": "a link to emargements.csv",
        "ici": "a link to a folder, which is not followed: give that folder itself",
    }


def test_empty_files_are_named_as_such(tmp_path: Path) -> None:
    put_text(tmp_path / "tableau.csv", PV)
    for name in ("vide.csv", "vide aussi.txt"):
        (tmp_path / name).touch()
    inputs = audited(tmp_path).inputs
    left = {each.path: str(each.why) for each in inputs if each.used is Used.NONE}
    assert left == dict.fromkeys(("vide.csv", "vide aussi.txt"), "an empty file")


def test_the_same_bytes_of_two_rounds_are_each_rounds_own(tmp_path: Path) -> None:
    for name in ("resultats du tour 1.csv", "resultats T2.csv"):
        put_text(tmp_path / name, PV)
    used = {each.path: each.used for each in audited(tmp_path).inputs}
    assert used == {"resultats du tour 1.csv": Used.WHOLE, "resultats T2.csv": Used.NONE}


def test_an_archive_in_an_archive_is_named_as_that(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("PV.csv", PV)
    with zipfile.ZipFile(tmp_path / "pieces.zip", "w") as archive:
        archive.writestr("PV.zip", inner.getvalue())
        archive.writestr("autre.csv", PV)
    [used] = loaded(tmp_path).inputs
    assert used.used is Used.PART
    said = {use.sheet: show("fr", use.why) for use in used.sheets}
    assert "une archive dans une archive, qui n'est pas ouverte : en extraire les fichiers" in said["PV.zip"]
    assert said["autre.csv"] == ""


XML = b'<?xml version="1.0"?>\n<!-- a > b -->\n<!DOCTYPE x>\n<x:results xmlns:x="y"><row/></x:results>'


@pytest.mark.parametrize(
    "given",
    [
        lambda path: Sources(published=(path,)),
        lambda path: Sources(records=(path,)),
        lambda path: Sources(files=(path,)),
    ],
)
@pytest.mark.parametrize(
    ("name", "data", "root"),
    [("r.xml", XML, "x:results"), ("r.csv", b"\xef\xbb\xbf<results>1</results>", "results")],
)
@pytest.mark.parametrize("packed", [False, True])
def test_xml_of_another_form_is_called_that(
    given: Callable[[Path], Sources], name: str, data: bytes, root: str, packed: bool
) -> None:
    path = new_file(f"{name}.gz" if packed else name, gzip.compress(data) if packed else data)
    with pytest.raises(NothingReadable, match=f"XML of another form, with the root element « {root} »"):
        load(given(path))
