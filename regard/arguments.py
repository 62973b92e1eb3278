"""Commands and their options as data, and argparse in the language asked for."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from protocol.words import HELD, Message, cited, hold, msg, nmsg, release, series, wrap
from regard.language import show, speak, speaking

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction
    from typing import Any, NoReturn

ARGPARSE = (
    msg("usage: "),
    msg("options"),
    msg("positional arguments"),
    msg("%(heading)s:"),
    msg("argument %(argument_name)s: %(message)s"),
    msg("%(prog)s: error: %(message)s\n"),
    msg("the following arguments are required: %s"),
    msg("unrecognized arguments: %s"),
    msg("one of the arguments %s is required"),
    msg("not allowed with argument %s"),
    msg("ambiguous option: %(option)s could match %(matches)s"),
    msg("ignored explicit argument %r"),
    msg("expected one argument"),
    msg("expected at most one argument"),
    msg("expected at least one argument"),
    nmsg("expected %s argument", "expected %s arguments", 2),
    msg("invalid %(type)s value: %(value)r"),
)
"""argparse's own words, of all Pythons that regard runs on: it looks them up in the catalogue of the language."""


_BRACKETS = re.compile(r"\[[^][]*\]")
"""An option in the line of usage, with what it takes."""
_SHARE = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,9})?|[.,][0-9]{1,9}|[0-9]{1,9}/[1-9][0-9]{0,8})\s*(%?)")
_FURTHER = " " * 4
"""Before the further lines of a usage that is too wide to stand beside the name of the command."""


class _Help(argparse.HelpFormatter):
    """Help whose lines break where `protocol.words` says."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return [release(line) for line in super()._split_lines(hold(text), width)]

    def _format_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any) -> str:
        """Format the usage; where argparse makes a line too wide (long names, a narrow window), wrap it as words."""
        said: str = super()._format_usage(usage, actions, groups, prefix)
        if max(map(len, said.splitlines())) <= self._width:
            return said
        room = self._width - len(_FURTHER)

        def held(found: re.Match[str]) -> str:
            return found[0].replace(" ", HELD) if len(found[0]) <= room else found[0]

        words = _BRACKETS.sub(held, " ".join(said.split()))
        return "\n".join(wrap(words, self._width, _FURTHER, break_long_words=False)) + "\n\n"

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return release(super()._fill_text(hold(text), width, indent))


class _Once(argparse._StoreAction):
    """Store the values of an option: a list grows each time it is given, any other option is refused the second time.

    argparse itself would drop all but the last.
    """

    def __call__(self, parser: Any, namespace: Any, values: Any, option: str | None = None) -> None:
        if option is not None and self.dest in parser.given:
            if self.nargs not in ("+", "*"):
                raise argparse.ArgumentError(self, show(parser.get_default("lang"), msg("given more than once")))
            values = [*getattr(namespace, self.dest), *values]
        parser.given.add(self.dest)
        super().__call__(parser, namespace, values, option)


class Parser(argparse.ArgumentParser):
    """A parser whose help and errors are in the language asked for, its own words included.

    Attributes:
        given: names of the options that have a value so far in the words being parsed.
    """

    def __init__(self, *, language: str, **options: Any) -> None:
        speak(language)  # argparse translates its own words when it prints them, in the language of the process
        super().__init__(add_help=False, formatter_class=_Help, **options)
        self.given: set[str] = set()
        for name in (None, "store"):
            self.register("action", name, _Once)
        self.set_defaults(lang=language)
        self.add_argument("-h", "--help", action="help", help=show(language, msg("show this help message and exit")))

    def format_help(self) -> str:
        """Format the help, in the language of this parser."""
        speak(self.get_default("lang"))
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as argparse does, in the language of this parser."""
        speak(self.get_default("lang"))
        self.given.clear()
        return super().parse_known_args(args, namespace)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as argparse does; an unknown word is reported with the usage of its command."""
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            given = sys.argv[1:] if args is None else args
            command = self.command(given)
            command.error(self._unknown(unknown, command, given))
        return parsed

    def command(self, words: Sequence[str]) -> Parser:
        """Find the parser of the command that words call, or of the group if they name no command of it."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for place, word in enumerate(words):
                    if word in action.choices:
                        found: Parser = action.choices[word]
                        return found.command(words[place + 1 :])
        return self

    def list_commands(self, listed: Mapping[str, Sequence[argparse.Action]]) -> None:
        """Show the commands, before all options, in groups under these titles."""
        self._positionals._group_actions.clear()
        groups = [self.add_argument_group(title) for title in listed]
        for group, actions in zip(groups, listed.values(), strict=True):
            group._group_actions.extend(actions)
        self._action_groups = [*groups, *self._action_groups[: -len(groups)]]

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Check as argparse does; the message quotes the value as the language does."""
        if action.choices is None or value in action.choices:
            return
        said = msg("{value} is none of the choices: {choices}", value=cited(value), choices=series(action.choices))
        raise argparse.ArgumentError(action, show(self.get_default("lang"), said))

    def _unknown(self, words: Sequence[str], command: argparse.ArgumentParser, given: Sequence[str]) -> str:
        """Report words that a command does not know, with the nearest option, or the right place of paths."""
        from difflib import get_close_matches  # noqa: PLC0415 - start-up
        from itertools import takewhile  # noqa: PLC0415 - start-up

        language = self.get_default("lang")
        said = show(language, msg("unrecognized arguments: %s")) % " ".join(words)
        words = [word for word in words if word != "--"]
        several = any(not each.option_strings and each.nargs in ("?", "*", "+") for each in command._actions)
        after = any(word[:1] == "-" for word in takewhile(lambda word: word != words[0], given))
        if several and after and words[0][:1] != "-":
            return show(
                language, msg("{said}; files and folders that no option names go before the options", said=said)
            )
        options = [option for action in command._actions for option in action.option_strings]
        near = get_close_matches(words[0].partition("=")[0][:40], options, 1, 0.6) if words[0][:1] == "-" else []
        return show(language, msg("{said}; did you mean {near}?", said=said, near=near[0])) if near else said

    def error(self, message: str) -> NoReturn:
        """Print the error, and end with 2."""
        from regard.terminal import clean, complain_as_it_is  # noqa: PLC0415 - start-up

        self.print_usage(sys.stderr)
        said = show(self.get_default("lang"), msg("%(prog)s: error: %(message)s\n"))
        complain_as_it_is(clean(said.rstrip("\n") % {"prog": self.prog, "message": message}))
        self.exit(2)


class Argument:
    """One option or positional argument, with the parameters of argparse; texts are messages."""

    __slots__ = ("names", "settings")

    def __init__(self, *names: str, **settings: Any) -> None:
        self.names, self.settings = names, settings

    def add_to(self, parser: argparse._ActionsContainer, language: str) -> None:
        """Add it to a parser, its texts in that language."""
        said: dict[str, Any] = {
            key: show(language, each) if isinstance(each, Message) else each for key, each in self.settings.items()
        }
        parser.add_argument(*self.names, **said)


def option(name: str, metavar: str | Message | tuple[str, ...], about: Message, **settings: Any) -> Argument:
    """An option or positional argument that takes values; ``metavar`` stands for one in the help."""
    return Argument(name, metavar=metavar, help=about, **settings)


def path(name: str, metavar: str | Message | tuple[str, ...], about: Message, **settings: Any) -> Argument:
    """An option or positional argument that takes files or folders."""
    return option(name, metavar, about, type=Path, **settings)


def flag(name: str, about: Message, **settings: Any) -> Argument:
    """An option without a value."""
    return Argument(name, action="store_true", help=about, **settings)


class Either:
    """Options that exclude each other."""

    __slots__ = ("options", "required")

    def __init__(self, *options: Argument, required: bool = False) -> None:
        self.options, self.required = options, required

    def add_to(self, parser: argparse._ActionsContainer, language: str) -> None:
        """Add them to a parser, their texts in that language."""
        group = parser.add_mutually_exclusive_group(required=self.required)
        for option in self.options:
            option.add_to(group, language)


def later(path: str) -> Callable[[str], Any]:
    """Parser of an argument, ``package.module.function``, that is imported at its first use."""

    def parse(text: str) -> Any:
        module, _, function = path.rpartition(".")
        return getattr(import_module(module), function)(text)

    return parse


class Refused(argparse.ArgumentTypeError):
    """A value that an option does not take; translated when argparse prints it."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)

    def __str__(self) -> str:
        return show(speaking(), self.args[0])


def whole(low: int, high: int) -> Callable[[str], int]:
    """Parser of an argument that is a whole number within bounds."""

    def number(text: str) -> int:
        digits = text.isascii() and text.isdecimal() and len(text) <= len(str(high))
        if not digits or not low <= (value := int(text)) <= high:
            raise Refused(
                msg("expected a whole number from {low} to {high}, got {text}", low=low, high=high, text=cited(text))
            )
        return value

    return number


def real(low: int, high: int) -> Callable[[str], float]:
    """Parser of an argument that is a number within bounds."""

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = low - 1.0
        if not low <= value <= high:
            raise Refused(
                msg("expected a number from {low} to {high}, got {text}", low=low, high=high, text=cited(text))
            )
        return value

    return number


def typed_share(text: str) -> Fraction | None:
    """Parse a share: ``0.95``, ``0,95``, ``19/20`` or ``95 %``; None for anything else."""
    from fractions import Fraction  # noqa: PLC0415 - start-up

    found = _SHARE.fullmatch(text.strip())
    return Fraction(found[1].replace(",", ".")) / (100 if found[2] else 1) if found else None


def seed(about: Message) -> Argument:
    """The option that repeats a random draw."""
    return option("--seed", "N", about, type=whole(0, 2**63 - 1), default=1)


CommandOptions = Mapping[str, tuple[Argument | Either, ...]]
"""Options of each command of a room, by its name."""
