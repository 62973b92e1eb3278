"""Legal basis of rules in the report: each article once, written as in letters, apart from other sources."""

from pathlib import Path

import pytest

from protocol.words import unbroken
from regard.views.legal import bases, with_articles
from regard.views.saying import Speaker
from tests.regard.dossier.reports import dossier_of, page_of
from tests.regard.test_verify_night import damaged_night
from verify.rulebook.catalogue import rule, rules


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("R62.", "art. R. 62."),
        ("L193 and L210-1", "art. L. 193 and art. L. 210-1"),
        ("LO180", "art. L.O. 180"),
        ("n° 2001316, 2007-3449", "n° 2001316, 2007-3449"),
    ],
)
def test_articles_are_written_as_in_letters(written: str, shown: str) -> None:
    assert with_articles(written).replace("\xa0", " ") == shown


def test_an_article_stands_once_with_its_longer_wording(language: str) -> None:
    given = [basis for code in ("R201", "R202", "R203", "R204") if (basis := rule(code).basis)]
    assert len({basis.text for basis in given}) > 1
    [one] = bases(given, Speaker(language))
    assert one.law
    assert one.of == tuple(range(len(given)))
    assert one.text.count("62") == 1
    assert one.text == max((with_articles(Speaker(language).text(each)) for each in given), key=len)


def test_studies_and_foreign_rules_are_no_law() -> None:
    rests = {code: each.basis for code, each in rules().items() if each.basis is not None}
    no_law = {code for code, basis in rests.items() if not bases([basis], Speaker("en"))[0].law}
    assert {"P401"} <= no_law
    assert not no_law & {code for code, basis in rests.items() if "Code électoral" in basis.text}
    for code in no_law:
        assert with_articles(rests[code].text) == rests[code].text, code


def test_the_report_has_what_is_no_law_under_its_own_heading(tmp_path: Path) -> None:
    dossier, _ = dossier_of(damaged_night(), tmp_path / "night", "fr")
    landmarks = [line.basis for line in dossier.law if not line.law]
    assert landmarks
    text = page_of(damaged_night(), tmp_path / "other", "fr").text
    section = text[text.rindex("Base légale") : text.rindex("Annexe")]
    law, _, after = section.partition("Repères (ce n'est pas du droit)")
    for line in dossier.law:
        basis = unbroken(line.basis).partition(" `")[0]  # a command stands in an element of its own
        assert (basis in law) is line.law
        assert (basis in after) is not line.law
    assert "R62" not in text
    assert not {basis for card in dossier.first for basis in card.basis} & set(landmarks)
