"""The forms: what is in them is text and nothing else, they are the same each time, and regard knows them again."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import docx
import pypdf
import pytest

from protocol.extras import ExtraMissing
from protocol.own_files import END, START, is_own
from protocol.words import Text
from regard.letters import forms
from regard.letters.handout import Handout, HandoutBlock, HandoutSection
from regard.letters.law import Vote
from regard.letters.making import handout
from regard.letters.matter import Matter
from regard.paths import digest_of
from tests.regard.letters.hostile import NAMES
from verify.model.use import Input, Used

VOTE = Vote("municipales", datetime.date(2026, 3, 15), 1)

READ = (Input("pv", "pv.csv", 3, "ab" * 32), Input("folder", "x", 0, None), Input("exports", "été.esf", 3, "cd" * 32))


def made_of(
    language: str = "fr", facts: tuple[Text, ...] = (), commune: str = "", inputs: tuple[Input, ...] = READ
) -> Handout:
    return handout(VOTE, Matter(((commune, (commune,)),) if commune else (), facts=facts), inputs, language)


def text_of_pdf(data: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_what_was_not_used_is_not_among_what_was_read() -> None:
    private = Input("file", "Note privée.txt", 1, "11" * 32, used=Used.NONE)
    part = Input("file", "part.csv", 1, "22" * 32, used=Used.PART)
    made = made_of(inputs=(*READ, private, part))
    assert made.inputs == (*made_of().inputs, ("part.csv", "22" * 32))
    assert "Note privée" not in repr(made)


@pytest.mark.parametrize("form", forms.FORMS)
def test_the_same_document_has_the_same_bytes_and_is_known_again(form: str, language: str) -> None:
    render: Callable[[Handout], bytes] = forms.FORMS[form]
    data = render(made_of(language))
    assert data == render(made_of(language))
    assert data != render(made_of("en" if language == "fr" else "fr"))
    assert is_own(data[:START], data[-END:])


def test_other_files_of_these_kinds_are_not_taken_for_ours() -> None:
    html, pdf, text = (forms.FORMS[form](made_of()) for form in forms.FORMS)
    assert not is_own(html.replace(b'id="regard-next"', b'id="other"')[:START], html[-END:])
    assert not is_own(pdf[:START], pdf[-END:].replace(b"<pdf:Keywords>regard<", b"<pdf:Keywords>others<"))
    assert not is_own(text[:START], text[:-6])


def test_a_pdf_is_tagged_has_a_language_and_page_numbers_and_the_digest() -> None:
    data = forms.pdf_of(made_of())
    reader = pypdf.PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in data
    assert reader.metadata is not None
    assert reader.metadata.title == made_of().title.replace(" :", "\xa0:")
    assert reader.metadata.creation_date is None
    digest = digest_of((("pv.csv", "ab" * 32), ("été.esf", "cd" * 32)))
    letters = 0
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        alone = "[signature]" in text or "je conteste" in text
        letters += alone
        assert (f"page {number} / {len(reader.pages)}" in text) != alone
        assert (digest in text) != alone
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]  # A4
    assert letters == 6
    whole = text_of_pdf(data).replace("\xad\n", "").replace("\n", " ").replace("\xa0", " ")
    for word in ("je conteste les opérations électorales", "18 h 00", "été.esf", "code électoral, art. R. 119"):
        assert word in whole


def test_without_evidence_that_is_said_on_every_page() -> None:
    for page in pypdf.PdfReader(io.BytesIO(forms.pdf_of(made_of(inputs=())))).pages:
        assert ("aucune pièce n'a été lue" in page.extract_text()) != ("[signature]" in page.extract_text())


# --- Hostile names ---


def hostile() -> Handout:
    inputs = tuple(Input("file", name, 1, "00" * 32) for name in NAMES)
    return made_of("en", facts=NAMES, commune=NAMES[0], inputs=inputs)


def test_hostile_names_are_text_in_a_pdf() -> None:
    data = forms.pdf_of(hostile())
    text = text_of_pdf(data).replace("\n", "").replace("\u200b", "")
    for name in (NAMES[0], "=cmd|", '#panic("x")#let a = 1[*b*]$x^2$', "{{7*7}}", "x" * 3000):
        assert re.sub(r"\s", "", name) in re.sub(r"\s", "", text)
    assert "[U+4E2D]" in text  # in no font of Typst's
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data
    assert not set("\u202e\u2066\u200f\x1b\x00") & set(text)
    assert data == forms.pdf_of(hostile())


def test_hostile_names_are_text_in_html() -> None:
    class Seen(HTMLParser):
        tags: set[str] = set()  # noqa: RUF012
        data = ""

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.tags.add(tag)

        def handle_data(self, data: str) -> None:
            self.data += data

    seen = Seen()
    page = forms.html_of(hostile()).decode()
    seen.feed(page)
    assert "script" not in seen.tags
    assert NAMES[0] in seen.data
    assert "{{ 7*7 }}" in seen.data
    assert not set("\u202e\u2066\u200f\x1b\x00\x0b") & set(page)
    assert "http" not in page.replace("http-equiv", "")


def test_hostile_names_are_text_in_a_text_document() -> None:
    data = forms.docx_of(hostile())
    document = docx.Document(io.BytesIO(data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for name in (NAMES[0], NAMES[1], NAMES[4]):
        assert name in text.replace("\xa0", " ")
    assert not set("\u202e\u2066\u200f\x1b\x00\x0b") & set(text)
    assert "\ufffd" in text  # seen, not gone
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]


# --- The text document ---


def test_a_text_document_has_headings_languages_and_no_times() -> None:
    data = forms.docx_of(made_of("en"))
    document = docx.Document(io.BytesIO(data))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 2"]
    assert "Letter 2: A complaint (réclamation)" in headings
    [letter] = [p for p in document.paragraphs if "je conteste" in p.text]
    [translated] = [p for p in document.paragraphs if "I contest" in p.text]
    assert 'w:val="fr-FR"' in letter._p.xml
    assert 'w:val="en-GB"' in translated._p.xml
    assert document.core_properties.author == ""
    assert document.core_properties.created == datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    footer = document.sections[0].footer.paragraphs[0]
    assert digest_of(made_of("en").inputs) in footer.text
    assert 'w:instr="PAGE"' in footer._p.xml
    assert 'w:instr="NUMPAGES"' in footer._p.xml
    feet = ["".join(p.text for p in section.footer.paragraphs) for section in document.sections]
    assert [bool(foot) for foot in feet] == [True] + [False] * 6


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_what_is_not_installed_is_named(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protocol.extras.find_spec", lambda name: None)
    with pytest.raises(ExtraMissing) as refused:
        forms.need(form)
    assert "not installed here: python-docx, typst. To install: " in str(refused.value)
    assert str(refused.value).count("HTML") == 1
    forms.need("html")


@pytest.mark.parametrize("lines", [38, 40, 42, 44, 46, 48])
def test_the_digest_of_the_evidence_is_not_alone_on_a_page(lines: int) -> None:
    made = made_of("en")
    [read] = [each for each in made.sections if each.title == "Evidence that was read"]
    above = HandoutSection("plain", "en", "", (HandoutBlock("entries", rows=(("a line",),) * lines),))
    data = forms.pdf_of(replace(made, sections=(above, read)))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert [page for page in pages if "sha256sum" in page] == [page for page in pages if read.title in page]
