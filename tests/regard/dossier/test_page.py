"""The page: whole by itself, well formed, harmless whatever is in the evidence, the same bytes every time."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from protocol.words import unbroken
from regard.cli import main
from regard.dossier.contents import build
from regard.dossier.page import as_page
from regard.outputs import check_replaceable
from tests.regard import pseudo
from tests.regard.dossier.reports import TakenApart, dossier_of, examined, page_of
from tests.regard.test_pseudo_language import KNOWN, NAMES, assert_spoken
from tests.regard.test_verify_night import damaged_night, gap_night, plain_environment
from tests.sources import ROOT
from tests.verify.night_builder import Night, small_night
from verify.model.use import Used

__all__ = ["plain_environment"]  # a fixture
HOSTILE = "<script>alert(1)</script>\"'>&amp;=cmd|‮\x1b[31m\x07 ]]><!-- "
FILES = {"exports", "publie", "regard", "python", "construct", "pyarrow", "numpy", "python-calamine"}
"""Names of files and packages, which are the same in every language."""
NIGHTS = [small_night, damaged_night, gap_night]


@pytest.mark.parametrize("night", NIGHTS)
def test_a_page_is_well_formed_and_whole_by_itself(night: Callable[[], Night], language: str, tmp_path: Path) -> None:
    page = page_of(night(), tmp_path / "night", language)
    assert page.elements[0] == ("html", {"lang": language, "id": "regard-report"})
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for name, attributes in page.elements:
        assert name not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not any(key.startswith("on") or key == "style" for key in attributes), (name, attributes)
        for key in ("href", "src"):
            if key in attributes:
                assert attributes[key].startswith("#")
                assert attributes[key][1:] in ids, attributes[key]
        for key in ("aria-labelledby", "aria-describedby", "for", "headers"):
            assert all(each in ids for each in attributes.get(key, "").split()), (name, attributes)
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {"main", "header", "footer", "nav"} <= {name for name, _ in page.elements}


def test_the_policy_lets_nothing_in(language: str, tmp_path: Path) -> None:
    dossier, _ = dossier_of(damaged_night(), tmp_path / "night", language)
    text = as_page(dossier).decode()
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy.startswith("default-src &#39;none&#39;;")
    assert "unsafe" not in policy
    assert "http" not in re.sub(r'xmlns="http://www.w3.org/2000/svg"|http-equiv', "", text)


def test_hostile_texts_are_harmless(tmp_path: Path) -> None:
    night = damaged_night()
    for row in night.tables["univers.csv"]:
        row["commune"] = HOSTILE + row["commune"]
    for row in night.tables["pv.csv"]:
        row["observations"] = HOSTILE
    for file in ("voix.csv", "choix.csv"):
        for row in night.tables[file]:
            row["choix"] = HOSTILE + row["choix"]
    night.election = replace(night.election, name=HOSTILE)
    folder = night.write(tmp_path / "night")
    (folder / "exports" / "=cmd<b>\"'.esf").write_bytes(b"nothing")
    evidence, result = examined(folder)
    data = as_page(build(evidence, result, "fr"))
    page = TakenApart(data)
    assert [name for name, _ in page.elements].count("script") == 2  # the data and ours
    assert "<script>alert(1)</script>" in page.text  # as text, not as an element
    assert b"<script>alert" not in data
    text = data.decode()
    assert not [c for c in text if not c.isprintable() and c != "\n" and c not in "\xa0\u202f"]
    assert "=cmd<b>\"'.esf" in page.text


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path) -> None:
    pages = [as_page(dossier_of(damaged_night(), tmp_path / "night")[0]) for _ in range(2)]
    assert pages[0] == pages[1]


def test_regard_knows_its_report_and_replaces_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = gap_night().write(tmp_path / "night")
    target = tmp_path / "dossier.html"
    arguments = ["verify", str(folder), "--report", str(target), "--lang", "fr"]
    assert main(arguments) == 0
    first = target.read_bytes()
    check_replaceable(target)
    assert main(arguments) == 0
    assert target.read_bytes() == first
    target.write_text("<!doctype html>\n<html lang='fr'><title>mine</title>")
    assert main(arguments) == 2
    assert b"mine" in target.read_bytes()
    assert "dossier.html" in capsys.readouterr().err


def test_a_report_is_no_evidence(tmp_path: Path) -> None:
    folder = gap_night().write(tmp_path / "night")
    before, result = examined(folder)
    (folder / "dossier.html").write_bytes(as_page(build(before, result, "en")))
    evidence, again = examined(folder)
    [report] = [used for used in evidence.inputs if used.path == "dossier.html"]
    assert report.used is Used.NONE
    assert [found.message for found in again.findings] == [found.message for found in result.findings]


def test_a_report_goes_to_standard_output(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    folder = gap_night().write(tmp_path / "night")
    main(["verify", str(folder), "--report", "-", "--lang", "en"])
    assert capsysbinary.readouterr().out.startswith(b"<!doctype html>")


@pytest.mark.parametrize("night", NIGHTS)
def test_every_text_of_it_is_translated(night: Callable[[], Night], pseudo_language: str, tmp_path: Path) -> None:
    page = page_of(night(), tmp_path / "night", pseudo_language)
    for where, text in page.texts:
        if where not in ("style", "script"):
            assert pseudo.plain(text, KNOWN, NAMES | FILES) == [], (where, text)
    for _, attributes in page.elements:
        for name in ("aria-label", "title", "alt", "placeholder"):
            assert pseudo.plain(attributes.get(name, ""), KNOWN, NAMES) == []
    assert_spoken(page.texts[0][1])


def test_each_case_in_detail_says_what_to_do(tmp_path: Path) -> None:
    dossier, _ = dossier_of(gap_night(), tmp_path / "night", "fr")
    [card] = dossier.first
    text = as_page(dossier).decode()
    details = unescape(text[text.index('<h2 id="first">') : text.index('<h2 id="changes">')])
    assert f"<b>Que faire.</b> {unbroken(card.what_to_do)}" in details


def test_commands_are_set_apart_and_tables_of_cases_fold_on_a_small_screen(tmp_path: Path) -> None:
    text = as_page(dossier_of(gap_night(), tmp_path / "night", "fr")[0]).decode()
    body, _, _ = text.partition('<script type="application/json"')
    assert "<code>regard next</code>" in body
    assert "`" not in body
    assert '<table class="fold">' in body
    folded = body[body.index("@media screen and (max-width: 44rem)") :]
    assert ".fold td" in folded[: folded.index("@media print")]
    assert re.search(r'<td data-label="Où il se trouve', body)


def test_no_rule_of_the_style_stands_twice() -> None:
    style = (ROOT / "regard" / "dossier" / "html" / "report.css").read_text("utf-8")
    rules = [
        line.strip() for line in style.splitlines() if line.strip().startswith((".", "svg", "fig")) and "{" in line
    ]
    assert [rule for rule in set(rules) if rules.count(rule) > 1] == []
