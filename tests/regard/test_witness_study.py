"""Drawn sheets measured against the formula; the study moves votes as it states."""

from fractions import Fraction
from pathlib import Path

import pytest

from regard.sealing.witness_plan import MostMoved, valid_votes
from regard.studies import witness_study
from regard.studies.witness_study import measure, move
from tests.regard.sealing.sealed_nights import town

FIFTH = MostMoved(Fraction(1, 5))


@pytest.mark.parametrize(("shift", "most", "altered"), [(143, FIFTH, 1), (144, FIFTH, 2), (30, MostMoved(votes=5), 6)])
def test_votes_are_moved_in_the_fewest_bureaux_and_none_is_lost(shift: int, most: MostMoved, altered: int) -> None:
    before, after = town(20), move(town(20), shift, most)
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert len(changed) == altered
    assert [valid_votes(leaf) for leaf in after] == [valid_votes(leaf) for leaf in before]
    assert [sum(each.votes or 0 for each in leaf.votes) for leaf in after] == [715] * 20
    gained = sum((other.votes[-1].votes or 0) - (one.votes[-1].votes or 0) for one, other in changed)
    assert gained == shift


def test_more_than_there_is_room_for_is_refused() -> None:
    with pytest.raises(ValueError, match="no room for 1 votes more"):
        move(town(2), 287, FIFTH)


def test_what_is_measured_is_what_the_formula_says() -> None:
    for each in measure(town(60), 1000, witness_study.MOST, (1, 5, 10, 30), 400):
        low, high = each.interval
        assert low <= each.exact <= high
        assert each.altered == 7  # of 143 votes each


def test_a_shift_in_many_bureaux_is_seen_more_often() -> None:
    [few], [many] = (list(measure(town(60), 250, most, [5], 400)) for most in (witness_study.MOST, MostMoved(votes=5)))
    assert few.exact == many.exact
    assert many.altered == 50
    assert many.interval[0] > many.exact


def test_the_study_is_written_with_its_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(witness_study, "simulate", lambda folder: town(200))
    document = tmp_path / "witnesses.md"
    assert witness_study.main(["--draws", "50"], document) == 0
    assert "a simulated night of 200 bureaux" in " ".join(document.read_text("utf-8").split())
    drawn = document.with_suffix(".svg").read_bytes()
    assert drawn.count(b"<circle") == len(witness_study.COUNTS) * len(witness_study.SHIFTS)
    assert drawn.startswith(b"<svg")
    assert str(document) in capsys.readouterr().out
