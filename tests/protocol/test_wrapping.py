"""Lines do not begin with the punctuation that French sets off with a space: in paragraphs, tables and help."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from rich.table import Table

from protocol.words import unbroken, wrap
from regard.arguments import Parser
from regard.templates import render
from regard.terminal import console
from tests.sources import put_text

ASTRAY = re.compile(r"^\s*(?:[:;?!»%‰]|minutes|s\b)|«\s*$", re.MULTILINE)
TEXT = "on attendait un nombre ; on y lit « 12a » : est-ce bien cela ? Non ! 33,3 % et 4 ‰ en 15 minutes, 42 s "


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


def test_in_a_page_a_number_stays_with_its_unit_and_with_what_is_numbered() -> None:
    assert unbroken("en 15 minutes au scrutin 2, n° 7") == "en 15\xa0minutes au scrutin\xa02, n°\xa07"
    assert unbroken("la colonne « N° bureau »") == "la colonne «\xa0N°\xa0bureau\xa0»"
    assert unbroken("la tour Eiffel, 3 bureaux") == "la tour Eiffel, 3 bureaux"


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
    parser.add_argument("--option", help=TEXT.replace("%", "%%") * 3)
    said = parser.format_help()
    assert not ASTRAY.search(said)
    assert said.count("« 12a »") == 6


@given(st.text(" ab:;«»\n", max_size=80), st.integers(1, 40))
def test_nothing_of_a_text_is_lost(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


def test_in_a_page_too_a_share_is_on_one_line() -> None:
    assert unbroken("33,3 % de 4 ‰ ; 5 % : oui") == "33,3\xa0% de 4\xa0‰\xa0; 5\xa0%\xa0: oui"


def test_what_a_page_shows_is_held_together_and_what_is_marked_up_stays_as_it_is(tmp_path: Path) -> None:
    put_text(tmp_path / "page.html.j2", "<style>a :hover{}</style>{{ text }}{{ drawn }}")
    put_text(tmp_path / "text.md.j2", "{{ text }}")
    drawn = Markup("<i>5 %</i>")
    page = render(tmp_path / "page.html.j2", text="33,3 % < 40 %", drawn=drawn)
    assert page == "<style>a :hover{}</style>33,3\xa0% &lt; 40\xa0%<i>5 %</i>"
    assert render(tmp_path / "text.md.j2", text="33,3 % < 40 %") == "33,3 % < 40 %"


@pytest.mark.parametrize("width", range(20, 60))
def test_what_follows_a_path_that_fills_its_line_does_not_begin_the_next(width: int) -> None:
    file = io.StringIO()
    out = console(file)
    out.width = width
    table = Table(box=None)
    table.add_column(overflow="fold")
    path = "C:/soirée/".ljust(42, "x") + "pv.csv"
    table.add_row(f"{path} : clôture laissée en blanc")
    out.print(table)
    said = file.getvalue()
    assert not ASTRAY.search(said)
    assert "".join(said.split()) == f"{path}:clôturelaisséeenblanc"
