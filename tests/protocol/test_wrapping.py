"""Lines do not begin with the punctuation that French sets off with a space: in paragraphs, tables and help."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from protocol.wrapping import wrap
from regard.arguments import Parser
from regard.terminal import console

ASTRAY = re.compile(r"^\s*[:;?!»]|«\s*$", re.MULTILINE)
TEXT = "on attendait un nombre ; on y lit « 12a » : est-ce bien cela ? Non ! "


@pytest.mark.parametrize("width", range(16, 70))
def test_a_paragraph(width: int) -> None:
    lines = wrap(TEXT * 3, width, "  ")
    assert not ASTRAY.search("\n".join(lines))
    assert max(map(len, lines)) <= width
    assert " ".join(line.strip() for line in lines) == (TEXT * 3).strip()


@pytest.mark.parametrize("width", range(20, 70))
def test_what_is_printed_and_the_cells_of_a_table(width: int) -> None:
    file = io.StringIO()
    out = console(file)
    out.width = width
    table = Table(box=None)
    table.add_column()
    table.add_column()
    table.add_row("une règle", TEXT * 2)
    out.print(TEXT * 3, style="bold")
    out.print(table)
    said = file.getvalue()
    assert not ASTRAY.search(re.sub("(?m)^une règle", "", said))
    assert said.count("« 12a »") == 5


@pytest.mark.parametrize("width", range(12, 40))
def test_a_number_is_on_one_line(width: int) -> None:
    number = "27\u202f510\u202f352"
    file = io.StringIO()
    out = console(file)
    out.width = width
    out.print(f"T307 {number} " * 3)
    assert file.getvalue().count(number) == 3


@pytest.mark.parametrize("columns", range(40, 100, 3))
def test_the_help_of_a_command(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    parser = Parser(language="fr", prog="regard", description=TEXT * 3)
    parser.add_argument("--option", help=TEXT * 3)
    said = parser.format_help()
    assert not ASTRAY.search(said)
    assert said.count("« 12a »") == 6


@given(st.text(" ab:;«»\n", max_size=80), st.integers(1, 40))
def test_nothing_of_a_text_is_lost(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())
