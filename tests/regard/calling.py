"""A command called in this process, with what it raises."""

from __future__ import annotations

from pathlib import Path

from regard.cli import COMMANDS, build_parser
from regard.language import default


def call(command: str, *words: str | Path) -> int:
    """Run a command as the command line does, but for its errors, which are raised. Returns the exit code."""
    room = COMMANDS[command]
    parsed = build_parser([command], default()).parse_args([*room.spell(command).split(), *map(str, words)])
    parsed.command = room.spell(command)
    return room.run(command, parsed)
