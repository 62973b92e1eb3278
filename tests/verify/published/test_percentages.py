"""Published percentages: rounded at two decimals, exactly, a half either way; truncation is named as that."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.words import Text
from tests.sources import new_file
from tests.verify.published import samples
from verify.model.published import Flaw, Published
from verify.read.published.checks import TRUNCATED, UNREADABLE, WRONG, check_percentages
from verify.read.results_files import read

HEADER = (
    "Code département;Libellé département;Inscrits;Votants;% Votants;Exprimés;Nom candidat 1;Prénom candidat 1;Voix 1\n"
)


def reading(registered: int, found: int, text: str) -> Published:
    return read(new_file("r.csv", f"{HEADER}01;Ain;{registered};{found};{text};1;A;B;1\n"))


@pytest.mark.parametrize(
    ("registered", "found", "text", "kind", "expected"),
    [
        (800, 1, "0,13", "", ""),  # 0.125: half goes up
        (800, 1, "0,12", "", ""),  # or to the even digit
        (800, 205, "25,62", "", ""),
        (800, 205, "25,63", "", ""),
        (800, 1, "0,14", WRONG, "0,13"),
        (80_001, 100, "0,12", "", ""),  # just below the half
        (80_001, 100, "0,13", WRONG, "0,12"),
        (79_999, 100, "0,13", "", ""),  # just above
        (3, 1, "33,33", "", ""),
        (3, 2, "66,67", "", ""),
        (3, 2, "66,66", TRUNCATED, "66,67"),
        (3, 2, "66.67", "", ""),
        (3, 2, "66,67%", "", ""),
        (3, 2, "66,67 %", "", ""),
        (3, 2, "٦٦٫٦٧٪", "", ""),
        (3, 2, "66,67\u202f%", "", ""),
        (3, 2, "66,7", WRONG, "66,67"),
        (500, 46, "9,2", "", ""),  # trailing zeros cut
        (500, 46, "9,20", "", ""),
        (1, 1, "100", "", ""),
        (1, 1, "100,000", "", ""),
        (5, 6, "120", "", ""),  # more voters than registered: the percentage is right
        (5, 0, "0", "", ""),
        (0, 0, "0", "", ""),
        (0, 1, "1", WRONG, ""),
        (3, 1, "a third", UNREADABLE, "33,33"),
        (3, 1, "-33,33", UNREADABLE, "33,33"),
        (3, 1, "33,333333333333336", "", ""),
        (3, 1, "33,336", WRONG, "33,33"),
    ],
)
def test_thresholds(registered: int, found: int, text: str, kind: Text, expected: str) -> None:
    result = check_percentages(reading(registered, found, text))
    assert result.checked == 1
    if not kind:
        assert result.wrong == ()
    else:
        assert result.wrong == (Flaw("T307", 0, "votes_found/registered", text, expected, kind),)


def test_an_empty_percentage_or_an_absent_figure_is_not_checked() -> None:
    assert check_percentages(reading(3, 2, "")).checked == 0
    found = reading(3, 2, "1")
    found.counts["registered"][0] = -1
    assert check_percentages(found).checked == 0


def test_percentages_of_choices_point_to_the_entry() -> None:
    path = new_file("r.txt", samples.PRESIDENTIAL.replace("34,72", "34,73"))
    result = check_percentages(read(path))
    [wrong] = result.wrong
    assert (wrong.field, wrong.left, wrong.right) == ("PETIT-LUC Jean-Marc votes/valid", "34,73", "34,72")
    assert result.checked == 2 * 8 + 4 * 2


COUNTS = st.integers(1, 2**28)


@pytest.fixture(scope="module")
def one_row() -> Published:
    return reading(3, 2, "66,67")


@given(COUNTS, COUNTS)
def test_agrees_with_fractions(one_row: Published, registered: int, found: int) -> None:
    hundredths = Fraction(10_000 * found, registered)
    rounded, cut = math.floor(hundredths + Fraction(1, 2)), math.floor(hundredths)
    if rounded >= 999_999:  # no percentage that anyone would write
        return
    counts = {"registered": np.array([registered]), "votes_found": np.array([found])}
    for value, kind in ((rounded, None), (cut, None if cut == rounded else TRUNCATED), (rounded + 1, WRONG)):
        text = np.array([f"{value // 100},{value % 100:02}"])
        table = replace(one_row, counts=counts, percentages={"votes_found/registered": text})
        assert [each.how for each in check_percentages(table).wrong] == ([] if kind is None else [kind])
