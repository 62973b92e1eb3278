"""`regard rules`: the catalogue on the command line."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from protocol.words import language as spoken
from regard.cli import main
from regard.language import show
from verify.model.thresholds import Thresholds
from verify.rulebook.catalogue import CATEGORIES, rules

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(autouse=True)
def one_line_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence is looked for as a whole; how lines are broken is another test's."""
    monkeypatch.setenv("COLUMNS", "9999")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_has_every_rule(capsys: pytest.CaptureFixture[str], language: str) -> None:
    assert main(["rules", "--lang", language]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    words = {"error": "erreur", "warning": "avertissement", "info": "information"}
    for code, rule in rules().items():
        severity = f"{words[rule.severity]:<14}" if language == "fr" else f"{rule.severity:<8}"
        assert f"  {code}  {severity}{show(language, rule.title)}" in said.out.splitlines()
    for letter in {code[0] for code in rules()}:
        assert f"{letter}  {show(language, CATEGORIES[letter])}" in said.out.splitlines()


@pytest.mark.check(2)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_rule_in_full(capsys: pytest.CaptureFixture[str], language: str) -> None:
    for code in rules():
        assert main(["rules", code, "--lang", language]) == 0
        said = capsys.readouterr().out
        rule = rules()[code]
        for text in (code, show(language, rule.title), show(language, rule.action)):
            assert text in said
        assert "{" not in said, code
        for part in re.split(r"\{[^}]*\}", spoken(language).template(rule.text)):
            assert part.strip() in said
        assert rule.basis is None or show(language, rule.basis) in said


def test_a_code_in_small_letters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "r201", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("R201 More votes than signatures\n")


@pytest.mark.parametrize(("code", "near"), [("R200", "R20"), ("X", ""), ("", ""), ("é\x1b[31m", "")])
def test_a_code_that_does_not_exist(capsys: pytest.CaptureFixture[str], code: str, near: str) -> None:
    assert main(["rules", code, "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no such rule" in said.err
    assert near in said.err
    assert "\x1b" not in said.err
    assert not said.err.endswith("; \n")


@pytest.mark.parametrize("document", ["rules.md", "regles.md"])
def test_every_threshold_is_told_with_its_rules(document: str) -> None:
    text = (DOCS / "reference" / document).read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE))
    assert {name: int(value) for name, value in rows.items()} == dataclasses.asdict(Thresholds())
    codes = [re.findall(r"[A-Z][0-9]{3}", line) for line in re.findall(r"^\| `\w+` \| \d.*$", text, re.MULTILINE)]
    assert all(codes)
    assert {code for some in codes for code in some} <= rules().keys()
