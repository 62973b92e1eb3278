"""Which language is spoken, and how numbers are written in it."""

import ctypes
import sys
from types import SimpleNamespace

import pytest

from regard.language import default, number

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
