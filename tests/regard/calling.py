"""Commands called in this process, with what they raise or with what they print."""

import json
from pathlib import Path
from typing import Any

import pytest

from regard.cli import COMMANDS, build_parser, main
from regard.language import default


def call(command: str, *words: str | Path) -> int:
    """Run a command as the command line does, but for its errors, which are raised. Returns the exit code."""
    room = COMMANDS[command]
    parsed = build_parser([command], default()).parse_args([*room.spell(command).split(), *map(str, words)])
    parsed.command = room.spell(command)
    return room.run(command, parsed)


def verify(*words: str | Path) -> int:
    """Run `regard verify` on the command line. Returns the exit code."""
    return main(["verify", *map(str, words)])


class CommandLine:
    """The command line, which `cli("verify", folder)` starts with these words, in English unless they say otherwise.

    Attributes:
        out, err: what the last command printed.
    """

    def __init__(self, printed: pytest.CaptureFixture[str]) -> None:
        self._printed = printed
        self.out = self.err = ""

    def __call__(self, *words: object, code: int | None = 0) -> str:
        """Run a command, which must end with this exit code, or with any for None; all that it printed, on one line."""
        try:
            ended: object = main(list(map(str, words)))
        except SystemExit as stopped:  # by its parser
            ended = stopped.code
        self.out, self.err = self._printed.readouterr()
        printed = self.out + self.err
        assert code in (None, ended), f"{words} ended with {ended}, not {code}\n{printed}"
        return " ".join(printed.split())

    def document(self, *words: object, code: int | None = 0) -> Any:
        """Run a command with ``--json -``; its document."""
        self(*words, "--json", "-", code=code)
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """What the last command printed, on one line."""
        return " ".join(self.out.split())

    @property
    def complained(self) -> str:
        """What the last command printed to standard error, on one line."""
        return " ".join(self.err.split())
