"""`regard study queue`: the question that an elections office asks first, without a list."""

import json
from typing import Any

import pytest

from regard.cli import main


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The figures of 40 days."""
    assert main(["queue", "--replications", "40", *arguments, "--json", "-"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("english")
def test_more_voters_wait_longer_and_the_largest_bureau_is_within_the_limit(capsys: pytest.CaptureFixture[str]) -> None:
    as_in_2007 = ("--service", "45", "--election", "2007-P1")
    small, large = (asked(capsys, *as_in_2007, "--registered", number) for number in ("1000", "1300"))
    assert 20 < small["longest_wait_mean"] < 60 < 120 < large["longest_wait_mean"]
    assert small["largest_bureau"] == large["largest_bureau"]
    sizes = (str(small["largest_bureau"] + more) for more in (0, 10))
    within, beyond = (asked(capsys, *as_in_2007, "--registered", number)["longest_wait_mean"] for number in sizes)
    assert within <= small["limit_minutes"] < beyond
    hours = small["by_hour"]
    assert [each["hour"] for each in hours] == list(range(8, 20))
    came = sum(each["arrivals_mean"] for each in hours)
    waited = sum(each["wait_mean"] * each["arrivals_mean"] for each in hours)
    assert waited / came == pytest.approx(small["wait_mean"], abs=0.02)


def test_the_screen_says_the_figures_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    figures = asked(capsys)
    assert main(["study", "queue", "--replications", "40", "--lang", "fr"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "1 000 inscrits, une machine, 42 s par vote en moyenne, de 8h à 20h" in said
    assert f"Plus longue attente de la journée : {figures['longest_wait_mean']:.1f}".replace(".", ",") in said
    assert f"en moyenne sous 15 min : {figures['largest_bureau']:,} inscrits".replace(",", " ") in said
