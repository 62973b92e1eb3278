"""The screen of a plan, made up: what is cut off is said."""

from __future__ import annotations

import io

from regard.office.screen import PlanScreen
from regard.terminal import console
from tests.regard.office.plans import plan


def test_bureaux_that_are_not_shown_are_counted() -> None:
    out = io.StringIO()
    PlanScreen(plan([20.0] * 28), "en", console(out)).show()
    lines = out.getvalue().splitlines()
    table = next(at for at, line in enumerate(lines) if "one machine below that" in line)
    assert [line.split()[1] for line in lines[table + 1 : table + 13]] == [f"{at:04}" for at in range(1, 13)]
    assert lines[table + 13] == "… and 16 more (--xlsx, --json)"
