"""`regard queue` as an elections office uses it."""

import argparse
import json
from pathlib import Path

import pytest

from regard import queue


def call(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    queue.add_arguments(parser)
    return queue.run(parser.parse_args(list(arguments)))


def test_it_answers_the_offices_question(capsys: pytest.CaptureFixture[str]) -> None:
    bureau = ["--registered", "1000", "--service", "45", "--hours", "8-20"]
    arguments = [*bureau, "--election", "2007-P1", "--replications", "100"]
    assert call(*arguments) == 0
    said = capsys.readouterr().out
    assert "1,000 registered voters, one machine, 45 s a vote" in said
    for line in ("wait, all voters", "longest wait of a day", "longest queue", "last one has signed", "largest bureau"):
        assert line in said
    assert said.count(" min\n") >= 12
    assert max(map(len, said.splitlines())) < 160


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
    assert "regard queue:" in capsys.readouterr().err


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
