"""The command line as a whole: help, version, wrong usage, and errors told as sentences."""

import argparse
import contextlib
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from protocol.errors import FormatError, InputError, LinkError, RegardError
from protocol.words import msg
from regard import cli
from regard.arguments import Either
from regard.cli import COMMANDS, GROUPS, ROOMS
from regard.language import show
from tests.programs import finish, run
from tests.regard.calling import CommandLine
from tests.sources import ROOT
from verify.model.published import UnknownLayout
from verify.model.use import NothingReadable

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture(autouse=True)
def errors_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGARD_TRACEBACK", raising=False)


def test_help_names_every_command(cli: CommandLine, language: str) -> None:
    cli(*(["--help"] if language == "en" else ["--lang=fr", "--help"]))
    said = cli.said
    for room in ROOMS:
        shown = room.commands if room.about is None else {room.name: room.about}
        assert show(language, room.title) in said
        for command, about in shown.items():
            assert f" {command} {show(language, about)}" in said
    assert ("modèle" if language == "fr" else "model") in said


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_exists_and_has_help(cli: CommandLine, command: str) -> None:
    room = COMMANDS[command]
    assert importlib.import_module(f"regard.commands.{room.name}.{command}").run
    said = []
    for words in (room.spell(command).split(), [command]):  # as it is called, and as it was before there were groups
        cli(*words, "--help")
        said.append(cli.out)
    assert f"regard {room.spell(command)} " in said[0]
    assert said[0] == said[1]


def test_a_group_lists_its_commands(cli: CommandLine) -> None:
    cli("lab", code=2)
    assert all(f"{name} {about}" in cli.said for name, about in GROUPS["lab"].commands.items())
    cli("lab", "ports")
    assert cli.err == ""


def test_a_command_of_a_group_has_its_old_name_until_version_2(cli: CommandLine) -> None:
    for language, said in (
        ("en", "regard ports: this command is now `regard lab ports`; the short name ends with version 2"),
        ("fr", "regard ports : cette commande s'appelle maintenant `regard lab ports` ; le nom court disparaît à la"),
    ):
        cli("ports", "--lang", language)
        assert said in cli.complained


def test_what_options_are_parsed_with_is_there() -> None:
    """Some parsers are loaded only when there is a value to parse."""
    for room in ROOMS:
        for command in room.commands:
            for option in room.options(command):
                for each in option.options if isinstance(option, Either) else (option,):
                    parse = each.settings.get("type")
                    with contextlib.suppress(ValueError, argparse.ArgumentTypeError):
                        parse and parse("neither a number nor a word")


def test_no_command_and_version(cli: CommandLine) -> None:
    cli(code=2)
    assert "usage: regard" in cli.out
    cli("--version")
    assert cli.out.startswith("regard 1.")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            InputError("pv.csv", 3, "blancs", msg("{header} cells", header=17), "1"),
            "pv.csv, ligne 3, colonne blancs : il fallait 17 cellules ; le fichier contient : 1",
        ),
        (
            InputError("pv.csv", None, None, msg("a file"), msg("nothing")),
            "pv.csv : il fallait un fichier ; il n'y a rien",
        ),
        (
            FormatError("round", 144, msg("{least} to {most}", least=1, most=2), "7"),
            "round, octet 144 : il fallait de 1 à 2 ; le fichier contient : 7",
        ),
        (
            LinkError(msg("no answer from the unit, for {seconds} seconds", seconds=15)),
            "aucune réponse de l'unité, depuis 15 secondes",
        ),
        (NothingReadable(msg("no bureau in any of the files given")), "aucun bureau dans les fichiers donnés\n"),
        (
            NothingReadable(
                msg("no bureau in any of the files given"), [InputError("a.csv", 1, None, msg("text"), msg("more"))]
            ),
            "aucun bureau dans les fichiers donnés : a.csv, ligne 1 : il fallait du texte ; le fichier contient : "
            "davantage",
        ),
        (
            NothingReadable(
                msg("no bureau in any of the files given"), [InputError(n, None, None, "x", "y") for n in "ab"]
            ),
            "aucun bureau dans les fichiers donnés :\n  a : il fallait x ; le fichier contient : y ;\n  b : il",
        ),
        (
            UnknownLayout(Path("a.csv"), msg("a readable file")),
            "a.csv : un fichier lisible",
        ),
        (PermissionError(13, "Permission denied", "/x"), "/x : accès refusé"),
        (RegardError("something that no table has"), "something that no table has"),
        (ZeroDivisionError("x"), "ZeroDivisionError : x. C'est un défaut de regard"),
    ],
)
def test_errors_are_sentences_in_french_too(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr("regard.commands.guide.rules.run", fail)
    cli("rules", "--lang", "fr", code=2)
    assert f"regard rules : {said}" in cli.err


def test_an_unknown_command(cli: CommandLine) -> None:
    cli("verfy", code=2)
    assert "verify" in cli.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("pv\x1b[2J.csv", 3, "blancs", "a count", "'x'"), 2, "pv\ufffd[2J.csv, row 3, column blancs"),
        (PermissionError(13, "Permission denied", "/x\x07"), 2, "/x\ufffd: Permission denied"),
        (KeyboardInterrupt(), 130, ""),
        (MemoryError(), 2, "regard rules: there is not enough memory: close other programs"),
        (ZeroDivisionError("a\x1b[31mb"), 2, "ZeroDivisionError: a\ufffd[31mb. This is a bug in regard"),
    ],
)
def test_errors_are_sentences(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr("regard.commands.guide.rules.run", fail)
    cli("rules", code=code)
    told = cli.err
    assert said in told
    assert "Traceback" not in told
    assert "\x1b" not in told


def test_a_bug_shows_where_on_request(monkeypatch: pytest.MonkeyPatch, cli: CommandLine) -> None:
    def fail(_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("regard.commands.guide.rules.run", fail)
    monkeypatch.setenv("REGARD_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        cli("rules", code=None)


def test_output_that_nobody_reads_any_more_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "regard", "rules"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert finish(process)[1] == ""


def test_only_the_chosen_command_is_loaded() -> None:
    heavy = "[name for name in ('numpy', 'rich', 'construct', 'simpy', 'verify.audit') if name in sys.modules]"
    program = f"import sys, regard.cli; regard.cli.build_parser((), 'en').format_help(); print({heavy})"
    assert run([sys.executable, "-c", program], cwd=ROOT) == ("[]\n", "")


def test_the_language_of_the_help_is_known_before_anything_is_parsed() -> None:
    assert cli._language(["verify", "--lang", "fr"]) == "fr"
    assert cli._language(["--lang=fr"]) == "fr"
    assert cli._language(["--lang"]) == "en"
    assert cli._language(["--lang", "de"]) == "en"


def test_a_demonstration_is_not_written_where_a_file_is(tmp_path: Path, cli: CommandLine) -> None:
    (tmp_path / "file").write_bytes(b"")
    cli("demo", tmp_path / "file", "--lang", "fr", code=2)
    assert (cli.out, cli.err) == ("", f"regard demo : {tmp_path / 'file'} : n'est pas un dossier\n")
