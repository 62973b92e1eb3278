"""The study of forecasts: made of real polls and results, in each language, with pictures that stand by themselves."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from regard.reference.documents import name_in
from regard.studies import forecasts_document
from regard.studies.expected_shares import measure_expectations


@pytest.fixture(scope="module")
def made(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studies")
    assert forecasts_document.main([str(real_data), str(folder)]) == 0
    return folder


@pytest.mark.check(5)
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ["result 76 times of 120 (63 %)", "| QotMii | 5 | 7.34 | 8 | 2.72–4.12 |", "claimed afterwards"]),
        ("fr", ["résultat 76 fois sur 120 (63 %)", "| QotMii | 5 | 7,34 | 8 | 2,72–4,12 |", "affirmé après coup"]),
    ],
)
def test_it_says_what_was_measured(made: Path, code: str, words: list[str]) -> None:
    text = (made / f"{name_in(code, 'forecasts')}.md").read_text(encoding="utf-8")
    for word in words:
        assert word in " ".join(text.split())
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    assert len(pictures) == 3
    for name in pictures:
        root = ElementTree.fromstring((made / name).read_bytes())  # noqa: S314 - our own bytes
        assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_votes_of_2012_add_up_to_the_valid_votes() -> None:
    assert sum(forecasts_document.PROCLAIMED_2012.values()) == 35_883_209


def test_the_other_round_is_the_better_expectation_only_where_rounds_divide_bureaux_alike(real_data: Path) -> None:
    found = measure_expectations(*(real_data / name for name in forecasts_document.BUREAUX_2017))
    assert found.bureaux == 27_673
    lines = {str(line.text): line for line in found.lines}
    alone, better = lines["LE PEN: the commune alone"], lines["LE PEN: its own share of MACRON in the other round"]
    assert better.named < alone.named
    assert better.caught[1] > 5 * alone.caught[1]
    blank, with_round = lines["blank votes: the commune alone"], lines["blank votes: its own share in the other round"]
    assert abs(with_round.spread - blank.spread) < 0.001
    assert found.against_nation > 0.5
