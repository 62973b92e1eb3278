"""The table of threats: every rule in it exists and is linked to where it is explained, and its measurement is true."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from mkdocs_links import anchor
from regard.cli import COMMANDS
from tests.sources import ROOT
from verify.rulebook.catalogue import rules

GUIDES = [("threats.md", "rules.md"), ("menaces.md", "regles.md")]


def text_of(guide: str) -> str:
    return (ROOT / "docs" / "guide" / guide).read_text("utf-8")


@pytest.mark.parametrize(("guide", "reference"), GUIDES)
def test_every_rule_that_is_named_exists_and_is_linked(guide: str, reference: str) -> None:
    text = text_of(guide)
    linked = re.findall(r"\[([A-Z]\d{3})\]\(\.\./reference/([\w.]+)#([^)]+)\)", text)
    named = re.findall(r"(?<![\w#])([ACDIMRTPV]\d{3})(?!\w)", text)
    assert len(linked) == len(named) >= 30
    explained = (ROOT / "docs" / "reference" / reference).read_text("utf-8")
    headings = {line[4:8]: anchor(line[4:], "-") for line in explained.splitlines() if line.startswith("### ")}
    for code, file, place in linked:
        assert code in rules()
        assert (file, place) == (reference, headings[code])


@pytest.mark.parametrize(("guide", "reference"), GUIDES)
def test_every_threat_has_all_its_cells_and_every_command_exists(guide: str, reference: str) -> None:
    rows = [line for line in text_of(guide).splitlines() if line.startswith("|") and not line.startswith("|--")]
    assert len(rows) >= 30
    assert {line.count("|") for line in rows} == {6}
    assert all(cell.strip() for line in rows for cell in line.strip("|").split("|"))
    commands = set(re.findall(r"`regard (\w+)", text_of(guide)))
    assert {"witness", "changes", "check"} <= commands <= COMMANDS.keys()


@pytest.mark.check(2)
@pytest.mark.parametrize(("guide", "reference"), GUIDES)
def test_what_very_small_bureaux_reveal_is_measured(
    guide: str, reference: str, real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = text_of(guide)
    [program], [stated] = (re.findall(rf"^```{kind}\n(.*?)^```$", text, re.S | re.M) for kind in ("python", "text"))
    monkeypatch.chdir(real_data)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(program, guide, "exec"), {})  # noqa: S102 - of our own document
    assert said.getvalue() == stated
