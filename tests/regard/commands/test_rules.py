"""`regard rules`: the catalogue on the command line."""

import dataclasses
import re

import pytest

from protocol.words import language as spoken
from regard.language import show
from tests.regard.calling import CommandLine
from tests.sources import DOCS
from verify.model.thresholds import Thresholds
from verify.rulebook.catalogue import CATEGORIES, rules


@pytest.fixture(autouse=True)
def one_line_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence is looked for as a whole; how lines are broken is another test's."""
    monkeypatch.setenv("COLUMNS", "9999")


def test_the_list_has_every_rule(cli: CommandLine, language: str) -> None:
    cli("rules", "--lang", language)
    assert cli.err == ""
    words = {"error": "erreur", "warning": "avertissement", "info": "information"}
    for code, rule in rules().items():
        severity = f"{words[rule.severity]:<14}" if language == "fr" else f"{rule.severity:<8}"
        assert f"  {code}  {severity}{show(language, rule.title)}" in cli.out.splitlines()
    for letter in {code[0] for code in rules()}:
        assert f"{letter}  {show(language, CATEGORIES[letter])}" in cli.out.splitlines()


@pytest.mark.check(2)
def test_each_rule_in_full(cli: CommandLine, language: str) -> None:
    for code in rules():
        cli("rules", code, "--lang", language)
        said = cli.out
        rule = rules()[code]
        for text in (code, show(language, rule.title), show(language, rule.action)):
            assert text in said
        assert "{" not in said, code
        for part in re.split(r"\{[^}]*\}", spoken(language).template(rule.text)):
            assert part.strip() in said
        assert rule.basis is None or show(language, rule.basis) in said


def test_a_code_in_small_letters(cli: CommandLine) -> None:
    cli("rules", "r201")
    assert cli.out.startswith("R201 More votes than signatures\n")


@pytest.mark.parametrize(("code", "near"), [("R200", "R20"), ("X", ""), ("", ""), ("é\x1b[31m", "")])
def test_a_code_that_does_not_exist(cli: CommandLine, code: str, near: str) -> None:
    cli("rules", code, code=2)
    assert cli.out == ""
    assert "no such rule" in cli.err
    assert near in cli.err
    assert "\x1b" not in cli.err
    assert not cli.err.endswith("; \n")


@pytest.mark.parametrize("document", ["rules.md", "regles.md"])
def test_every_threshold_is_told_with_its_rules(document: str) -> None:
    text = (DOCS / "reference" / document).read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE))
    assert {name: int(value) for name, value in rows.items()} == dataclasses.asdict(Thresholds())
    codes = [re.findall(r"[A-Z][0-9]{3}", line) for line in re.findall(r"^\| `\w+` \| \d.*$", text, re.MULTILINE)]
    assert all(codes)
    assert {code for some in codes for code in some} <= rules().keys()
