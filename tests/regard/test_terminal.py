"""Output on a terminal: widths, colours, progress, and nothing that a file could inject."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from regard.printing import MOST_WIDE
from regard.terminal import clean, console, step_line


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(st.text())
def test_clean_text_has_no_control_and_no_direction_characters(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert not {unicodedata.category(letter) for letter in cleaned} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def test_clean_text_is_left_alone() -> None:
    for text in ("", "Émile ZOLA", "Hawaiʻi", "1\u202f377", "a\u00a0b", "漢字", "a ; b"):
        assert clean(text) == text


def test_unclean_text_is_replaced() -> None:
    for text in ("\x1b[31m", "\x07", "\u202e", "\u2066", "\u200b", "\r", "\n", "\x9b", "\udcff", "\x00"):
        assert "\ufffd" in clean(text)


@pytest.mark.parametrize("columns", ["", "0", "-1", "19", "99999", "wide", "²"])
def test_a_pipe_is_80_wide_and_without_colours(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    out = io.StringIO()
    console(out).print("x" * 100, style="red")
    assert out.getvalue() == "x" * 80 + "\n" + "x" * 20 + "\n"


@pytest.mark.parametrize("columns", [20, 200])
def test_a_pipe_is_as_wide_as_somebody_says(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = io.StringIO()
    console(out).print("x" * 300)
    assert len(out.getvalue().splitlines()[0]) == columns


def test_no_line_in_a_pipe_ends_with_blanks() -> None:
    out, table = io.StringIO(), Table("a", "b", box=None)
    table.add_row("x", "long\nand\nnarrow")
    console(out).print("a   \nb", table)
    lines = out.getvalue().splitlines()
    assert "a" in lines
    assert [line for line in lines if line.endswith(" ")] == []


def test_a_terminal_is_never_wider_than_good_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for columns, width in (("40", 40), ("300", MOST_WIDE)):
        monkeypatch.setenv("COLUMNS", columns)
        assert console(Tty()).width == width


def test_markup_in_text_is_text() -> None:
    out = io.StringIO()
    console(out).print("[red]x[/] :smile: [link=file:///etc]y[/link]")
    assert out.getvalue() == "[red]x[/] :smile: [link=file:///etc]y[/link]\n"


def test_progress_says_nothing_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    err = io.StringIO()
    monkeypatch.setattr("sys.stderr", err)
    with step_line("en") as report:
        report("exports", 10**9)
    assert err.getvalue() == ""


def test_progress_speaks_after_a_second_only(monkeypatch: pytest.MonkeyPatch) -> None:
    err = Tty()
    monkeypatch.setattr("sys.stderr", err)
    now = [0.0]
    monkeypatch.setattr("regard.terminal.time.monotonic", lambda: now[0])
    with step_line("en") as report:
        report("exports", 512)
        assert "reading" not in err.getvalue()
        now[0] = 1.5
        report("exports", 1024)
    assert "reading exports 1,024" in err.getvalue()


def test_progress_is_cleared_when_something_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    err = Tty()
    monkeypatch.setattr("sys.stderr", err)
    monkeypatch.setattr("regard.terminal.time.monotonic", iter([0.0, *[2.0] * 1000]).__next__)
    with pytest.raises(ValueError, match="stop"), step_line("en") as report:  # noqa: PT012
        report("a step of its own name", 0)
        raise ValueError("stop")
    assert "a step of its own name" in err.getvalue()
    assert err.getvalue().endswith(("\x1b[?25h", "\x1b[2K"))
