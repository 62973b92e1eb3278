"""The screen of a plan, made up: what is cut off is said."""

import io

import pytest

from regard.office.screen import PlanScreen
from regard.terminal import console
from tests.regard.office.plans import plan


@pytest.mark.parametrize(("verbose", "shown"), [(False, 3), (True, 12)])
def test_bureaux_that_are_not_shown_are_counted(verbose: bool, shown: int) -> None:
    out = io.StringIO()
    PlanScreen(plan([20.0] * 28), "en", console(out)).show(verbose=verbose)
    lines = out.getvalue().splitlines()
    table = next(at for at, line in enumerate(lines) if "one machine below that" in line)
    assert [line.split()[1] for line in lines[table + 1 : table + 1 + shown]] == [
        f"{at:04}" for at in range(1, shown + 1)
    ]
    assert lines[table + 1 + shown] == f"… and {28 - shown} more (--json)"


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_first_answer_fits_one_screen_and_more_is_asked_for(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = []
    for verbose in (False, True):
        out = io.StringIO()
        PlanScreen(plan([2.0 + at * 7 % 45 for at in range(60)], scenarios=4), code, console(out)).show(verbose=verbose)
        said.append(out.getvalue())
    short, everything = said
    assert len(short.splitlines()) <= 40
    assert "SHA-256" in everything
    assert "SHA-256" not in short
    assert {line for line in short.splitlines() if "█" in line} <= set(everything.splitlines())
