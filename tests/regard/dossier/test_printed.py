"""The report as PDF: what the page says, on A4, bounded, tagged, harmless, the same bytes every time."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest

from protocol.own_files import END, START, is_own
from regard.cli import main
from regard.dossier import printed as printing
from regard.dossier.bureau_table import MOST_IN_CASES, MOST_ROWS
from regard.dossier.contents import build
from regard.dossier.model import Dossier
from regard.dossier.page import as_page
from regard.dossier.printed import as_pdf, pictures_of, print_values
from tests.regard import pseudo
from tests.regard.dossier.reports import TakenApart, dossier_of, examined
from tests.regard.letters.hostile import NAMES
from tests.regard.test_pseudo_language import KNOWN
from tests.regard.test_pseudo_language import NAMES as NAMES_OF_PLACES
from tests.regard.test_verify_night import damaged_night, gap_night
from tests.verify.night_builder import small_night


def texts_of(data: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def plain(text: str) -> str:
    """Without what a page has for its looks: spaces, line ends, and the marks around commands."""
    return re.sub(r"[\s\u200b\xad`]", "", text)


def test_every_page_has_its_number_and_the_digest_of_the_inputs(language: str, tmp_path: Path) -> None:
    dossier, _ = dossier_of(damaged_night(), tmp_path / "night", language)
    data = as_pdf(dossier)
    pages = texts_of(data)
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert f"page {number} / {len(pages)}" in text
        assert dossier.fingerprint in text
    assert data == as_pdf(dossier)
    assert is_own(data[:START], data[-END:])
    reader = pypdf.PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert reader.metadata
    named = {"en": "Verification report: ", "fr": "Rapport de vérification\u00a0: "}
    assert str(reader.metadata.title).startswith(named[language])
    assert b"pdfuaid:part" in data
    assert {tuple(sorted(round(float(side)) for side in page.mediabox[2:])) for page in reader.pages} == {(595, 842)}


def test_what_the_page_says_is_in_it(language: str, tmp_path: Path) -> None:
    dossier, _ = dossier_of(gap_night(), tmp_path / "night", language)
    pages = texts_of(as_pdf(dossier))
    whole = plain("".join(pages))
    for line in (*dossier.verdict, *dossier.not_checked, *dossier.limits, dossier.places):
        assert plain(line) in whole
    assert plain(dossier.verdict[0]) in plain(pages[0])
    for section in dossier.sections:
        for card in section.cards:
            assert plain(card.said) in whole
            for figure in card.figures:
                assert plain(figure.value) in whole
                assert plain(figure.where) in whole
    for used in dossier.inputs:
        assert plain(used.path) in whole
        assert used.sha256 in whole
    for bureau in dossier.bureaux.bureau.tolist():
        assert bureau in whole
    assert dossier.steps
    for passage in dossier.steps:
        for block in passage.blocks:
            for text in (block.text, *(cell for row in block.rows for cell in row)):
                assert plain(text) in whole


def test_the_sums_of_contests_are_whole_on_paper_and_on_the_page(tmp_path: Path) -> None:
    night = small_night()
    night.sign("0001", -3)
    dossier, _ = dossier_of(night, tmp_path / "night")
    assert dossier.changes
    for form in ("".join(texts_of(as_pdf(dossier))), TakenApart(as_page(dossier)).text):
        for each in dossier.changes:
            for text in (each.votes, each.conclusion, *each.steps, each.what_to_do):
                assert plain(text) in plain(form)


def test_pictures_are_drawn_and_named(tmp_path: Path) -> None:
    dossier, _ = dossier_of(gap_night(), tmp_path / "night", "fr")
    named, files = pictures_of(dossier)
    shown = [*named["gaps"]["names"], *named["strip"]["names"]]
    assert sorted(shown) == sorted(files)
    assert len(shown) > 1
    data = as_pdf(dossier)
    assert data.count(b"/S/Figure") == len(shown)
    assert len(re.findall(rb"/Alt[ (<]", data)) >= len(shown)


@pytest.mark.check(3)
def test_a_long_strip_is_cut_into_pages(tmp_path: Path) -> None:
    dossier = bounded(dossier_of(damaged_night(), tmp_path / "night")[0], MOST_ROWS)
    named, files = pictures_of(dossier)
    sizes = [re.findall(rb'viewBox="0 (\d+) (\d+) (\d+)"', files[name])[0] for name in named["strip"]["names"]]
    tops, widths, heights = zip(*(map(int, size) for size in sizes), strict=True)
    assert len(tops) == 3
    assert tops[1:] == tuple(top + height for top, height in zip(tops, heights, strict=True))[:-1]
    assert all(174 * height <= 250 * width for width, height in zip(widths, heights, strict=True))  # mm of the page
    assert len(pypdf.PdfReader(io.BytesIO(as_pdf(dossier))).pages) < 120


def test_names_in_no_font_are_spelt_in_pictures_as_well(tmp_path: Path) -> None:
    night = small_night()
    for row in night.tables["univers.csv"]:
        row["commune"] = "中文 <b>&"
    night.row("emargements.csv", "0001")["emargements"] = "600"
    dossier = dossier_of(night, tmp_path / "night")[0]
    _, files = pictures_of(dossier)
    assert "中文" in files["gaps.svg"].decode()
    whole = plain("".join(texts_of(as_pdf(dossier))))
    assert "[U+4E2D][U+6587]" in whole
    assert not set(re.findall(r"\[U\+\w+\]", whole)) - {"[U+4E2D]", "[U+6587]"}  # our own signs are in the fonts


def test_hostile_names_are_text(tmp_path: Path) -> None:
    night = small_night()
    for row in night.tables["univers.csv"]:
        row["commune"] = NAMES[0] + NAMES[4] + NAMES[2]
    for row, name in zip(night.tables["pv.csv"], NAMES[5:8], strict=False):
        row["observations"] = name
        row["votes_trouves"] = "7"
    data = as_pdf(dossier_of(night, tmp_path / "night")[0])
    whole = plain("".join(texts_of(data)))
    assert plain(NAMES[0]) in whole
    assert "#panic(" in whole
    assert not set("\u202e\u2066\u200f\x1b") & set(whole)
    assert b"/JavaScript" not in data


def test_a_third_language_is_one_file(pseudo_language: str, tmp_path: Path) -> None:
    dossier, _ = dossier_of(damaged_night(), tmp_path / "night", pseudo_language)
    bounded(dossier)
    values = print_values(dossier)
    for name in ("page", "foot", "gaps", "lines_left", "communes_left", "bureaux_left", "inputs_left"):
        for text in strings(values[name]):
            assert pseudo.plain(text, KNOWN, NAMES_OF_PLACES) == [], text
    for each in (*values["first"], *values["cards"]):
        assert "⟦" in each["sure_word"]


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def bounded(dossier: Dossier, more: int = MOST_ROWS + 5) -> Dossier:
    """A report of so many bureaux and cases that not all of them are printed."""
    columns, take = dossier.bureaux, np.sort(np.arange(more) % len(dossier.bureaux))
    bureaux = replace(
        columns,
        commune=columns.commune[take],
        bureau=columns.bureau[take],
        poll=columns.poll[take],
        figures={name: (heading, values[take]) for name, (heading, values) in columns.figures.items()},
        gap=columns.gap[take],
        compared=columns.compared[take],
        found=columns.found[take],
        states={name: (heading, values[take]) for name, (heading, values) in columns.states.items()},
        case=columns.case[take],
        cases=columns.cases[take],
    )
    [section, *others] = [each for each in dossier.sections if each.cards]
    many = tuple(replace(section.cards[0], number=number) for number in range(5000, 5900))
    return replace(dossier, bureaux=bureaux, sections=(replace(section, cards=many), *others), further=7)


@pytest.mark.check(5)
def test_a_nation_is_bounded_and_says_what_is_left_out(tmp_path: Path) -> None:
    dossier = bounded(dossier_of(damaged_night(), tmp_path / "night")[0])
    values = print_values(dossier)
    printed = sum(len(row) > 1 for row in values["bureaux"])
    assert 0 < printed <= MOST_IN_CASES
    assert values["bureaux_left"].startswith(f"And {3005 - printed:,} more, which")
    assert len(values["cards"]) == printing.PRINTED_CARDS
    assert values["lines_left"].startswith("And 7 more, which")
    pages = texts_of(as_pdf(dossier))
    assert len(pages) < 80
    assert plain(values["lines_left"]) in plain("".join(pages))
    assert plain(values["bureaux_left"]) in plain("".join(pages))


def test_the_ending_chooses_the_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged_night().write(tmp_path / "night")
    for name, begins in (
        ("a.pdf", b"%PDF-"),
        ("b.PDF", b"%PDF-"),
        ("c.html", b"<!doctype html>"),
        ("d.HTM", b"<!doctype"),
    ):
        assert main(["verify", str(tmp_path / "night"), "--report", str(tmp_path / name), "--lang", "fr"]) == 1
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert main(["verify", str(tmp_path / "night"), "--report", str(tmp_path / "a.pdf"), "--lang", "en"]) == 1
    assert capsys.readouterr().err == ""
    for name in ("a.docx", "a"):
        assert main(["verify", str(tmp_path / "night"), "--report", str(tmp_path / name), "--lang", "fr"]) == 2
        assert ".html ou .htm ou .pdf" in capsys.readouterr().err
        assert not (tmp_path / name).exists()


def test_without_typst_nothing_is_read_and_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("protocol.extras.find_spec", lambda name: None)
    assert main(["verify", str(tmp_path / "absentee"), "--report", str(tmp_path / "a.pdf"), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "typst" in said
    assert "HTML" in said
    assert "absentee" not in said


def test_the_annex_says_kinds_sizes_and_uses_in_words_and_once(tmp_path: Path) -> None:
    folder = gap_night().write(tmp_path / "night")
    (folder / "notes.xyz").write_bytes(b"nothing that is known")
    evidence, result = examined(folder)
    dossier = build(evidence, result, "fr", {"fail_on": "error"})
    values = print_values(dossier)
    [notes] = [row for row in values["inputs"] if row[0] == "notes.xyz"]
    assert notes[1] == "autre fichier"
    assert notes[2].replace("\xa0", " ") == "21 octets"
    assert notes[4].casefold().count("non utilisé") == 1
    [[option, value]] = values["options"]
    assert "code de sortie" in option
    assert value == "erreur"
    assert values["fingerprint"].count(dossier.fingerprint) == 1
    assert values["fingerprint"].count(":") == 1
    whole = "".join(texts_of(as_pdf(dossier)))
    assert "`" not in whole
    assert "regard next" in re.sub(r"\s+", " ", whole)
