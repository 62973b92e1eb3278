"""P416: a share that is not what the bureau's own share in the other round lets expect; towns, and real results."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.verify.night_builder import CHOICES, PublishedRow, infos, small_night
from tests.verify.town_builder import Town, bureau, one, run
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.rules.plausibility_rounds import LEAST_BUREAUX
from verify.statistics.expected import centred, expected, spread

ZOLA = CHOICES[0]


def rounds(bureaux: int = 240, alike: bool = True) -> tuple[Town, Town]:
    """A town divided by quarter, in both rounds alike or not; the first choice differs by some 20 points."""
    random = np.random.default_rng(1)
    here, there = [], []
    for number in range(1, bureaux + 1):
        quarter = int(random.integers(-100, 101))
        other = quarter if alike else int(random.integers(-100, 101))
        small = random.integers(-6, 7, 2).tolist()
        here.append(bureau(f"{number:04}", votes=(350 + quarter + small[0], 250 - quarter, 100)))
        there.append(bureau(f"{number:04}", votes=(380 + other + small[1], 220 - other, 100)))
    return here, there


def move(row: PublishedRow, votes: int) -> None:
    """Votes of a bureau given from its second choice to its first."""
    row.votes[ZOLA] += votes
    row.votes[CHOICES[1]] -= votes


def test_p416(tmp_path: Path) -> None:
    here, there = rounds()
    row = min(here, key=lambda row: row.votes[ZOLA])
    assert not infos(run(tmp_path, here, there), "P416")
    move(row, 100)  # well within what other quarters have
    result = run(tmp_path, here, there)
    found = one(result, "P416")
    assert (found.bureau, found.details["others"]) == (row.bureau, 239)
    assert found.field in CHOICES
    assert not infos(result, "P404")
    before = next(each for each in there if each.bureau == row.bureau).votes[str(found.field)]
    assert found.details["other_votes"] == before


def test_p416_needs_rounds_that_divide_the_town_alike(tmp_path: Path) -> None:
    here, there = rounds(alike=False)
    move(here[0], 100)
    assert not infos(run(tmp_path, here, there), "P416")


def test_p416_needs_bureaux_for_a_slope_and_the_other_round(tmp_path: Path) -> None:
    here, there = rounds(LEAST_BUREAUX - 1)
    move(min(here, key=lambda row: row.votes[ZOLA]), 100)
    assert not infos(run(tmp_path, here, there), "P416")
    assert "P416" not in run(tmp_path, rounds()[0]).coverage.checked


def test_p416_is_not_checked_by_pvs_of_the_other_round_without_votes(tmp_path: Path) -> None:
    here, there = small_night().write(tmp_path / "here"), small_night().write(tmp_path / "there")
    coverage = audit.run(load(Sources(folder=here, other_round=there))).coverage
    assert {"P411", "P414"} <= set(coverage.checked)
    assert coverage.unchecked["P416"] == ("autre_tour: votes",)


def test_p416_leaves_out_what_is_out_of_line_with_the_commune(tmp_path: Path) -> None:
    here, there = rounds()
    move(max(here, key=lambda row: row.votes[ZOLA]), 240 - 100)
    codes = Counter(found.code for found in run(tmp_path, here, there).findings if found.code in ("P404", "P416"))
    assert codes.total() == 1


@pytest.mark.check(7)
@pytest.mark.parametrize(("here", "most"), [(0, 10), (1, 5)])
def test_p416_on_the_nation_of_2017(real_data: Path, here: int, most: int) -> None:
    files = [real_data / f"2017-presidentielle-{turn}_par_bureau_large.csv.gz" for turn in (1, 2)]
    result = audit.run(load(Sources(published=(files[here],), other_round=files[1 - here])))
    assert 1 <= len(infos(result, "P416")) <= most


def test_what_the_slope_takes_away() -> None:
    group = np.repeat(np.arange(3), 40)
    before = np.random.default_rng(2).normal(size=120)
    values = 2 * before + group * 5.0
    left = values - expected(values, before[:, None], group)
    assert spread(values, group) > 1
    assert spread(left, group) == pytest.approx(0, abs=1e-9)
    assert np.bincount(group, centred(values, group)) == pytest.approx(np.zeros(3), abs=1e-9)
