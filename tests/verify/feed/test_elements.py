"""XML of unknown origin: refused, cut or bounded, and never looked up outside."""

from pathlib import Path

import pytest

from tests.verify.feed import feeds
from verify.read.disguised import is_xml
from verify.read.feed.elements import MAX_CHOICES, figures_of, parse
from verify.read.xml_tree import MAX_DEPTH, MAX_TEXT

FILE = feeds.new_feed()["2A/R12ACIR.xml"]
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE Election [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<Election>&b;</Election>"
)
OUTSIDE = b'<!DOCTYPE Election [<!ENTITY x SYSTEM "file:///etc/passwd">]><Election>&x;</Election>'
PAGE = b"\xef\xbb\xbf <!DOCTYPE html>\n<html><body>404</body></html>"


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (BOMB, "a document type"),
        (OUTSIDE, "a document type"),
        (b"<Election>&x;</Election>", "undefined entity"),
        (PAGE, "a page of a web server: it had no such file then"),
        (b"<Resultats/>", "« Resultats »"),
        (b"<?xml version='1.0' encoding='rot13'?><Election/>", "not a text encoding"),
        (b"<?xml version='1.0' encoding='none'?><Election/>", "unknown encoding"),
        (b"<Election>" + b"<a>" * MAX_DEPTH, "more"),
        (b"<Election><a>" + b"x" * (MAX_TEXT + 1) + b"</a></Election>", "more"),
        (b"<Election><a>x</a><a>y</a></Election>", "« y » after « x »"),
        (b"<Election><Tours><Tour>%s</Tour></Tours></Election>" % (b"<Liste><a/></Liste>" * (MAX_CHOICES + 1)), "more"),
        (b"<Election><Quartier><Tours><Tour><NumTour>1</NumTour></Tour></Tours></Quartier></Election>", "not read"),
        (b"<Election><a>\xff</a></Election>", "not well-formed"),
    ],
)
def test_what_is_refused(data: bytes, got: str) -> None:
    found = parse(data, "x.xml")
    [problem] = found.problems
    assert got in str(problem.got)
    assert problem.file == "x.xml"
    assert found.places == []


def test_what_is_read() -> None:
    for data in (FILE, FILE.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + FILE):
        found = parse(data, "x.xml")
        assert (len(found.places), found.problems, found.kind, found.year) == (2, [], "Législatives", "2022")
    latin = FILE.replace(b"UTF-8", b"ISO-8859-1").decode().encode("iso-8859-1")
    assert parse(latin, "x.xml").kind == "Législatives"


def test_every_cut_of_a_file_is_seen() -> None:
    end = len(FILE.rstrip())
    whole = parse(FILE, "x.xml").places
    for size in range(FILE.index(b"<Scrutin>"), end, 7):
        found = parse(FILE[:size], "x.xml")
        assert found.cut
        assert found.places == whole[: len(found.places)]
        assert [str(problem.got) for problem in found.problems] == ["one that was cut short"]


def test_a_list_with_the_names_on_it_is_one_choice() -> None:
    lists = (
        "<Listes><Liste><NomListe>BLEUE</NomListe><NbVoix>7</NbVoix><Candidats><Candidat><NomPsn>A</NomPsn></Candidat>"
        "<Candidat><NomPsn>B</NomPsn></Candidat></Candidats></Liste></Listes>"
    )
    data = f"<Election><Tours><Tour><NumTour>1</NumTour><Resultats>{lists}</Resultats></Tour></Tours></Election>"
    [place] = parse(data.encode(), "x.xml").places
    assert figures_of(place.tours[0])[-1:] == [("BLEUE", "7")]
    assert len(place.tours[0].choices) == 1


def test_the_index_of_2011(real_data: Path) -> None:
    data = (real_data / "night_xml" / "2011_senatoriales_essai_index.xml").read_bytes()
    assert is_xml(data)
    found = parse(data, "index.xml")
    assert (len(found.index), found.places, found.problems, found.kind) == (44, [], [], "Sénatoriales")
    assert {row["Clos"] for row in found.index} == {"NON CLOS"}
