"""The help and the errors of every command, in French and in English."""

import argparse
import contextlib
import re

import pytest

from regard.arguments import real, whole
from regard.cli import COMMANDS, build_parser
from regard.commands.guide import SHELLS
from tests.regard.calling import CommandLine
from tests.verify.night_builder import small_night

PARSERS = [None, *COMMANDS]
WORDS = {
    "fr": "le la les de des du un une et ou où dans avec sur pour par aide fichier dossier défaut écrire lire chaque",
    "en": "the of and or to in with from for this that where each one all file files folder folders path write read "
    "show help message exit positional default same instead name rate bytes time night command usage:",
}
"""Words that are of one language only, and that its help texts can hardly do without."""
VALUES = {"default", "name"}
"""Words typed in either language."""


def command(name: str | None, language: str) -> argparse.ArgumentParser:
    parser = build_parser([name] if name else [], language)
    return parser if name is None else parser.command(COMMANDS[name].spell(name).split())


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize(("language", "other"), [("fr", "en"), ("en", "fr")])
def test_help_has_no_word_of_the_other_language(name: str | None, language: str, other: str) -> None:
    text = re.sub(r"(?<![\w-])--?[a-z][a-z-]*|\{[^ ]*\}", " ", command(name, language).format_help())
    words = set(re.findall(r"[^\W\d_]+:?", text.casefold())) - set(COMMANDS) - VALUES
    assert words & set(WORDS[other].split()) == set()
    assert words & set(WORDS[language].split())


@pytest.mark.parametrize("name", PARSERS)
def test_every_argument_is_explained_in_both_languages(name: str | None) -> None:
    both = zip(command(name, "fr")._actions, command(name, "en")._actions, strict=True)
    for french, english in both:
        assert (french.option_strings, french.dest) == (english.option_strings, english.dest)
        if not isinstance(french, argparse._SubParsersAction):
            assert french.help, french.dest
            assert english.help, french.dest
            assert french.help != english.help, french.dest


def test_headings_have_the_space_of_french() -> None:
    text = command("verify", "fr").format_help()
    assert text.startswith("usage : regard verify [-h]")
    assert re.findall(r"(?m)^[a-z].*:$", text) == ["arguments :", "options :"]
    english = command("verify", "en").format_help()
    assert re.findall(r"(?m)^[a-z].*:$", english) == ["positional arguments:", "options:"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("read", "regard lab read : erreur : il manque : --port, -o/--output"),
        ("precision", "il manque : CHEMIN"),
        ("rules R201 --nothing", "argument inconnu : --nothing"),
        ("verify --p x", "option ambiguë : --p peut être --pv, --published"),
        ("verify --pv", "argument --pv : une valeur est attendue"),
        ("results --compare a", "argument --compare : 2 valeurs sont attendues"),
        ("simulate a --force=1", "argument --force : la valeur '1' est de trop"),
        ("inspect a --record x", "argument --record : il faut un nombre entier de 1 à 999999999, et non « x »"),
        ("verify --fail-on all", "argument --fail-on : « all » n'est pas l'un des choix : "),
        ("tell", "argument COMMANDE : « tell » n'est pas l'un des choix : "),
        ("demo --seed x", "il faut un nombre entier de 0 à 9223372036854775807, et non « x »"),
        ("emulate a --noise 2", "il faut un nombre de 0 à 1, et non « 2 »"),
        (
            "emulate a --disconnect-after 0",
            "il faut un nombre entier de 1 à 9223372036854775807, et non « 0 »",
        ),
        ("matrix --seeds 10001", "il faut un nombre entier de 1 à 10000, et non « 10001 »"),
        (
            "plan a --hours 8",
            "il faut des heures comme 8-20, ouverture avant 12 et clôture après 17, et non « 8 »",
        ),
        ("replay a b --date 2022", "il faut un jour comme 15/03/2026 ou 2026-03-15, et non « 2022 »"),
        ("export a -o b --at noon", "il faut une heure AAAA-MM-JJTHH:MM:SS, et non « noon »"),
    ],
)
def test_errors_are_in_french(cli: CommandLine, arguments: str, said: str) -> None:
    cli("--lang", "fr", *arguments.split(), code=2)
    usage, told = cli.err.rsplit("\nregard", 1)
    assert said in f"regard{told}"
    assert usage.startswith("usage : regard")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("verfy a", "regard : erreur : « verfy » : commande inconnue ; vouliez-vous dire verify ?"),
        ("--lang fr simulat a", "« simulat » : commande inconnue ; vouliez-vous dire simulate"),
        ("verify a --jsn x", "argument inconnu : --jsn x ; vouliez-vous dire --json ?"),
        ("verify a --jsn=x", "argument inconnu : --jsn=x ; vouliez-vous dire --json ?"),
    ],
)
def test_what_is_nearly_right_is_named(cli: CommandLine, arguments: str, said: str) -> None:
    cli(*arguments.split(), *(() if "--lang" in arguments else ("--lang", "fr")), code=2)
    assert said in cli.err


def test_a_wrong_option_is_told_with_the_usage_of_its_command(cli: CommandLine) -> None:
    cli("inspect", "a", "--nothing", code=2)
    assert cli.err.startswith("usage: regard lab inspect ")
    assert "regard lab inspect: error: unrecognized arguments: --nothing\n" in cli.err


VALUES_GIVEN = (
    *("1", "2", "150", "30 %", "95 %", "2026-03-15", "2026-03-16", "2026-03-15T18:00:00", "8-20", "9-19", "17:00", "x"),
    *("votes:1=12", "votes:2=7", "12h=0.3,17h=0.8", "29019", "13,2A", "a.csv", "127.0.0.1:1"),
    *("legislatives", "presidentielle"),
)
"""Values of which every option takes one or two."""


def _values_of(action: argparse.Action, parser: argparse.ArgumentParser) -> list[str]:
    """Two values that an option takes, or one twice where it takes no other."""
    found = []
    for text in map(str, action.choices or VALUES_GIVEN):
        with contextlib.suppress(argparse.ArgumentError):
            parser._get_value(action, text)
            found.append(text)
    assert found, (action.dest, "takes none of the values of this test")
    return [found[0], found[-1]]


@pytest.mark.parametrize("name", PARSERS[1:])
def test_no_value_that_was_given_disappears(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every option with values of every command keeps all of them, or says that given more than once."""
    parser = command(name, "en")
    actions = [each for each in parser._actions if each.option_strings and each.nargs != 0]
    for each in parser._actions:
        each.required = False
    for group in parser._mutually_exclusive_groups:
        group.required = False
    for each in actions:
        count = each.nargs if isinstance(each.nargs, int) else 1
        option = each.option_strings[-1]
        first, second = ([option, *[value] * count] for value in _values_of(each, parser))
        positional = [word for other in parser._get_positional_actions() for word in _given(other, parser)]
        once = [getattr(parser.parse_known_args([*positional, *words])[0], each.dest) for words in (first, second)]
        if isinstance(each, argparse._AppendAction) or each.nargs in ("+", "*"):
            both = parser.parse_known_args([*positional, *first, *second])[0]
            assert getattr(both, each.dest) == once[0] + once[1], option
            continue
        with pytest.raises(SystemExit) as stopped:
            parser.parse_known_args([*positional, *first, *second])
        assert stopped.value.code == 2
        assert f"{'/'.join(each.option_strings)}: given more than once" in capsys.readouterr().err


def _given(action: argparse.Action, parser: argparse.ArgumentParser) -> list[str]:
    return [] if action.nargs in ("?", "*") else _values_of(action, parser)[:1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("check a --figures registered=5 --figures inscrits=6", "“registered” is given twice"),
        ("verify . --map A=inscrits --map a=votes", "a=votes: this header was given a meaning already"),
        ("simulate nowhere/x --faults roll-missing=1,roll-missing=0", "“roll-missing”: its rate is given twice"),
    ],
)
def test_one_name_twice_is_refused(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, arguments: str, said: str
) -> None:
    monkeypatch.chdir(small_night().write())
    cli(*arguments.split(), code=2)
    assert said in cli.err


def test_a_path_after_an_option_is_told_its_place(cli: CommandLine) -> None:
    for words in (["--json", "x", "b"], ["--json", "x", "--", "b"]):
        cli("verify", "a", *words, code=2)
        assert "b; files and folders that no option names go before the options" in cli.err
    cli("verify", "a", "--jsn", "x", code=2)
    assert "did you mean --json?" in cli.err


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_names_every_command_and_option(cli: CommandLine, shell: str) -> None:
    cli("completion", shell)
    assert [name for name in COMMANDS if name not in cli.out] == []
    assert "emargements" in cli.out


def test_errors_are_in_english(cli: CommandLine) -> None:
    cli("emulate", "a", "--noise", "2", code=2)
    assert "regard lab emulate: error: argument --noise: expected a number from 0 to 1, got “2”" in cli.err


def test_a_file_name_taken_for_an_option_cannot_rewrite_the_screen(cli: CommandLine) -> None:
    cli("verify", "--\x1b[2J", code=2)
    assert "unrecognized arguments: --\ufffd[2J" in cli.err


def test_the_language_may_stand_before_the_command(cli: CommandLine) -> None:
    for words, title in (
        ("--lang fr rules R201", "R201 Plus de votes que d'émargements"),
        ("--lang en rules R201", "R201 More votes than signatures"),
        ("--lang en rules R201 --lang fr", "R201 Plus de votes que d'émargements"),
    ):
        cli(*words.split())
        assert title in cli.out.split("\n")


@pytest.mark.parametrize("text", ["", "-1", "11", "1.0", "1e0", "٣", " 3", "3_0", "9" * 5000])
def test_whole_numbers_within_bounds(text: str) -> None:
    assert [whole(0, 10)(digits) for digits in ("0", "7", "10")] == [0, 7, 10]
    with pytest.raises(argparse.ArgumentTypeError):
        whole(0, 10)(text)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-0.1", "1.1"])
def test_numbers_within_bounds(text: str) -> None:
    assert [real(0, 1)(digits) for digits in ("0", "0.5", "1e-3")] == [0, 0.5, 0.001]
    with pytest.raises(argparse.ArgumentTypeError):
        real(0, 1)(text)
