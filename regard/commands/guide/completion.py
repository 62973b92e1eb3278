"""`regard completion`: what a shell needs to complete the commands, their options and the names of files."""

from __future__ import annotations

import argparse
from pathlib import Path

import shtab

from regard.cli import COMMANDS, build_parser


def run(args: argparse.Namespace) -> int:
    """Print the script. Returns 0."""
    parser = build_parser(COMMANDS, args.lang)
    for action in _actions(parser):
        if action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(parser, args.shell))
    return 0


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """All arguments of a parser and of its commands."""
    found: list[argparse.Action] = []
    for action in parser._actions:
        found.append(action)
        if isinstance(action, argparse._SubParsersAction):
            found += [each for command in action.choices.values() for each in _actions(command)]
    return found
