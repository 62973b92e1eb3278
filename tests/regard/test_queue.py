"""`regard study queue` as an elections office uses it."""

import importlib.util
import io
import json
import re
from pathlib import Path

import pytest

from regard import cli
from regard.commands.study import queue

pytestmark = pytest.mark.usefixtures("english")


def call(*arguments: str) -> int:
    return cli.main(["queue", *arguments])


def test_it_answers_the_offices_question(capsys: pytest.CaptureFixture[str]) -> None:
    bureau = ["--registered", "1000", "--service", "45", "--hours", "8-20"]
    arguments = [*bureau, "--election", "2007-P1", "--replications", "100"]
    assert call(*arguments) == 0
    said = capsys.readouterr().out
    assert "1,000 registered voters, one machine, 45 s a vote" in said
    for line in ("wait, all voters", "longest wait of a day", "longest queue", "last one has signed", "largest bureau"):
        assert line in said
    assert said.count(" min\n") >= 12
    assert max(map(len, said.splitlines())) < 100


def test_it_answers_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    bureau = ["--registered", "1000", "--service", "45.5", "--hours", "8-20"]
    assert cli.main(["queue", *bureau, "--election", "2007-P1", "--replications", "20", "--lang", "fr"]) == 0
    said = capsys.readouterr().out
    assert "1\u202f000 inscrits, une machine, 45,5 s par vote en moyenne" in said
    for line in ("attente, tous", "plus longue attente", "plus longue file", "le dernier a signé", "plus grand bureau"):
        assert line in said
    assert re.search(r"moyenne \d+,\d min +pire journée \d+,\d min", said)


def test_the_same_figures_on_one_process_and_two(capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for workers in ("1", "2"):
        assert call("--replications", "250", "--workers", workers, "--json", "-") == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


@pytest.mark.parametrize("command", ["simulate", "replay", "queue", "calibrate"])
def test_help_is_in_the_language_asked_for(capsys: pytest.CaptureFixture[str], command: str) -> None:
    words = {"fr": "(défaut : ", "en": "(default"}
    for language, other in (("fr", "en"), ("en", "fr")):
        with pytest.raises(SystemExit) as stopped:
            cli.main([command, "--lang", language, "--help"])
        assert stopped.value.code == 0
        said = " ".join(capsys.readouterr().out.split())
        assert words[language] in said
        assert words[other] not in said


def test_wrong_usage_is_said_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--hours", "8"], ["--service", "0"], ["--seed", "x"], ["--workers", "0"]):
        with pytest.raises(SystemExit):
            cli.main(["queue", "--lang", "fr", *arguments])
        assert ", et non « " in capsys.readouterr().err


def test_no_scheduler_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert call("--scheduler", "tcp://127.0.0.1:1", "--lang", "fr") == 2
    assert "regard study queue : non installé ici : dask, distributed." in capsys.readouterr().err


def plot(waits: list[float], limit: float) -> list[str]:
    hours = [{"hour": 8 + at, "wait_mean": wait} for at, wait in enumerate(waits)]
    return queue._plot(hours, limit, "fr")


def test_bars_are_of_one_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    assert plot([0.2, 7.6, 15.0, 15.1, 29.9, 84.0, 240.0, 700.0], 15.0) == [
        "  attente moyenne par heure d'arrivée ; │ : la limite, puis par doublements",
        "      0         15             240 min",
        "   8h           │              0,2 min",
        "   9h █████     │              7,6 min",
        "  10h ██████████│             15,0 min",
        "  11h ██████████│▒            15,1 min",
        "  12h ██████████│▒▒           29,9 min",
        "  13h ██████████│▒▒▒▒▒▒       84,0 min",
        "  14h ██████████│▒▒▒▒▒▒▒▒▒▒  240,0 min",
        "  15h ██████████│▒▒▒▒▒▒▒▒▒▶  700,0 min",
    ]
    assert plot([0.2], 15.0)[2] == plot([0.2, 62.6], 15.0)[2], "a run's own longest wait sets no scale"
    assert plot([7.6], 7.5)[1:] == ["      0         7,5            120 min", "   8h ██████████│▒             7,6 min"]


def test_bars_where_only_ascii_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    assert plot([16.5, 262.6], 15.0)[2:] == [
        "   8h ##########|=            16,5 min",
        "   9h ##########|=========>  262,6 min",
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_is_wider_than_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for registered, service in (("600", "42"), ("1300", "45.5")):
        assert call("--registered", registered, "--service", service, "--replications", "20", "--lang", language) == 0
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_json_holds_every_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--replications", "20", "--json"]
    assert call(*arguments, "-") == 0
    printed = json.loads(capsys.readouterr().out)
    assert call(*arguments, str(tmp_path / "q.json")) == 0
    assert json.loads((tmp_path / "q.json").read_text()) == printed
    assert printed["longest_wait_mean"] <= printed["longest_wait_worst"]
    assert printed["wait_mean"] <= printed["wait_p95"] <= printed["longest_wait_worst"]
    assert [hour["hour"] for hour in printed["by_hour"]] == list(range(8, 20))


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--replications", "2", "--json", str(tmp_path / "no" / "q.json")) == 2
    assert "regard study queue:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--hours", "20-8"],
        ["--hours", "8"],
        ["--hours", "8-16"],
        ["--service", "0"],
        ["--service", "nan"],
        ["--registered", "1e9"],
        ["--replications", "0"],
        ["--election", "1995-P1"],
        ["--machines", "0"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call(*arguments)
    assert stopped.value.code == 2
