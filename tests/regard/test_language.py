"""Choice of the language, and numbers written in it."""

import ast
import ctypes
import re
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from protocol.words import LOCALE
from regard.catalogues import update
from regard.language import default, exact_decimal, number
from tests.sources import put_text, sources

VARIABLES = ("REGARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("fr", "fr"),
        ("fr_FR.UTF-8", "fr"),
        ("FR_ca", "fr"),
        ("en_GB.UTF-8", "en"),
        ("C", "en"),
        ("de_DE", "en"),
        ("", "en"),
    ],
)
@pytest.mark.parametrize("variable", VARIABLES)
def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, language: str) -> None:
    monkeypatch.setenv(variable, value)
    assert default() == language


def test_the_first_variable_that_is_set_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    for at, name in enumerate(reversed(VARIABLES)):
        monkeypatch.setenv(name, "fr" if at % 2 else "en")
        assert default() == ("fr" if at % 2 else "en")


def test_nothing_set_is_english() -> None:
    assert default() == "en"


@pytest.mark.parametrize(
    ("number", "language"), [(0x040C, "fr"), (0x080C, "fr"), (0x0409, "en"), (0x0407, "en"), (1, "en")]
)
def test_windows_says_the_language_of_its_user_interface(
    monkeypatch: pytest.MonkeyPatch, number: int, language: str
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert default() == language
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert default() == "en"


def test_numbers_are_in_groups_of_three() -> None:
    assert [number("fr", value) for value in (0, 999, 1377, 1_300_000)] == [
        "0",
        "999",
        "1\u202f377",
        "1\u202f300\u202f000",
    ]
    assert [number("en", value) for value in (0, 999, 1377, 1_300_000)] == ["0", "999", "1,377", "1,300,000"]


@pytest.mark.parametrize("path", sorted(LOCALE.glob("*/LC_MESSAGES/*.po")), ids=lambda path: path.parts[-3])
def test_every_text_that_counts_has_its_two_forms_in_every_language(path: Path) -> None:
    """Babel takes the first form alone of a call with another text of ours inside: the text is then in English."""
    with path.open("rb") as file:
        plurals = {message.id for message in read_po(file) if isinstance(message.id, tuple)}
    trees = [ast.parse(text) for _, text in sources(r"nmsg\(")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    counting = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "nmsg"]
    forms = {tuple(ast.literal_eval(each) for each in call.args[:2]) for call in counting}
    assert len(forms) > 200
    assert forms - plurals == set()


@pytest.mark.parametrize("path", sorted(LOCALE.glob("*/LC_MESSAGES/*.po")), ids=lambda path: path.parts[-3])
def test_no_letter_of_a_translation_was_decoded_twice(path: Path) -> None:
    """UTF-8 that was read as Latin 1 has control characters."""
    assert re.findall(r"[^\n]*[\x80-\x9f].*", path.read_text("utf-8")) == []


def test_a_translation_appended_below_an_empty_entry_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "fr" / "LC_MESSAGES" / "regard.po"
    path.parent.mkdir(parents=True)
    empty = (
        'msgid "votes"\nmsgstr ""\n\nmsgid "{count} vote"\nmsgid_plural "{count} votes"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    )
    put_text(path, empty + "\n" + empty.replace('""', '"voix"'))
    texts = Catalog()
    texts.add("votes")
    texts.add(("{count} vote", "{count} votes"))
    assert {message.id: message.string for message in update(path, texts) if message.id} == {
        "votes": "voix",
        ("{count} vote", "{count} votes"): ("voix", "voix"),
    }


def test_exact_numbers_are_rounded_half_up() -> None:
    for value, digits, french in (
        (Fraction(100, 3), 1, "33,3"),
        (Fraction(1, 20), 1, "0,1"),
        (Fraction(100, 2001), 1, "0,0"),
        (Fraction(-100, 3), 1, "−33,3"),
        (Fraction(-1, 100), 1, "0,0"),
        (Fraction(25, 2), 2, "12,50"),
        (Fraction(100), 1, "100,0"),
    ):
        assert exact_decimal("fr", value, digits) == french
        assert exact_decimal("en", value, digits) == french.replace(",", ".")
