"""Arguments of every command that reads a night's evidence: pieces given by themselves, and ways to read tables."""

from __future__ import annotations

import argparse
from pathlib import Path

from protocol.words import cited, pmsg
from regard.api import Given, gather
from regard.arguments import Refused
from verify.model.evidence import Sources
from verify.read.follow_ups import read_additions

NAMES = [name for name in Given.__annotations__ if name != "files"]
"""Evidence that is given by itself, and how it is read, as options have it."""


def addition(text: str) -> str:
    """Parser of ballots and voters that were kept out of a bureau."""
    if problems := read_additions([text], "--add")[1]:
        raise Refused(
            pmsg("an option", "expected {expected}, got {got}", expected=problems[0].expected, got=cited(text))
        )
    return text


def is_given(args: argparse.Namespace) -> bool:
    """Check that any evidence is given."""
    return any(getattr(args, name, None) for name in ("folder", *NAMES))


def sources_of(args: argparse.Namespace) -> tuple[Sources, dict[str, bool | str | list[str]]]:
    """Collect the given evidence, and its options by name: a text, a list of texts, or yes.

    Raises:
        NothingGiven: neither a folder nor a file of this round.
        NotThere: a path does not exist.
    """
    files = [path for path in args.folder if not path.is_dir()]
    folders = [path for path in args.folder if path not in files]
    given = {name: value for name in NAMES if (value := getattr(args, name, None))}
    if files:
        given["files"] = files
    return gather(*folders, **given), {name: _texts(value) for name, value in given.items()}


def paths_read(sources: Sources) -> list[Path]:
    """All paths that are read of what was given."""
    alone = (sources.folder, *sources.follow_ups, sources.other_round, sources.thresholds)
    alone += (Path(sources.layout),) if sources.layout else ()
    return [*sources.paths(), *filter(None, alone)]


def _texts(given: bool | int | Path | list[Path] | list[str]) -> bool | str | list[str]:
    if isinstance(given, bool):
        return given
    return [str(path) for path in given] if isinstance(given, list) else str(given)
