"""The screen of a plan, made up: what is cut off is said."""

import io

import pytest

from regard.office.contents import PlannedTown
from regard.office.screen import PlanScreen
from regard.reports.screen import Screen, ScreenLine
from regard.terminal import console
from tests.regard.office.plans import plan


def shown_plan(found: PlannedTown, code: str, *, verbose: bool) -> str:
    out = io.StringIO()
    PlanScreen(found, Screen(code, console(out), whole=verbose)).show(verbose=verbose)
    return out.getvalue()


@pytest.mark.parametrize(("verbose", "shown"), [(False, 3), (True, 12)])
def test_bureaux_that_are_not_shown_are_counted(verbose: bool, shown: int) -> None:
    lines = shown_plan(plan([20.0] * 28), "en", verbose=verbose).splitlines()
    table = next(at for at, line in enumerate(lines) if "one machine less" in line and "wait with them" in line)
    assert [line.split()[0] for line in lines[table + 1 : table + 1 + shown]] == [
        f"{at:04}" for at in range(1, shown + 1)
    ]
    assert lines[table + 1 + shown] == f"… and {28 - shown} more (--json)"


def test_a_heading_below_which_nothing_fits_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = io.StringIO()
    screen = Screen("en", console(out))
    screen.lines(0, ["sentence"] * 36)
    screen.add(1, ScreenLine(""), ScreenLine("Heading", "bold"), "row " * 40)
    screen.end()
    assert out.getvalue().splitlines()[35:] == ["    sentence", "… 3 more lines: --verbose"]


@pytest.mark.parametrize("scenarios", [4, 20])
@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_first_answer_fits_one_screen_and_more_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, code: str, scenarios: int
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    found = plan([2.0 + at * 7 % 45 for at in range(60)], scenarios=scenarios)
    short, everything = (shown_plan(found, code, verbose=verbose) for verbose in (False, True))
    assert len(short.splitlines()) <= 40
    assert "SHA-256" in everything
    assert "SHA-256" not in short
    assert {line for line in short.splitlines() if "█" in line} <= set(everything.splitlines())
