"""What every command takes that reads a night's evidence: the pieces given by themselves, and how tables are read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import Message, msg
from regard.arguments import add_signatures_argument, addition

if TYPE_CHECKING:
    from verify.model.evidence import Sources

_NAMES = (
    *("exports", "modules", "pv", "voix", "emargements", "published", "suites", "add"),
    *("other_round", "round", "thresholds", "election", "columns", "sheets", "skip_crypto"),
)


def add_evidence(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """What can be given beside a night's folder, or in its place."""
    file, path = text(msg("FILE")), text(msg("PATH"))
    for option, given, help_text in (
        ("--exports", path, msg("exports: a file or a folder")),
        ("--modules", path, msg("module images, likewise")),
        ("--pv", file, msg("the bureaux' records (PV), one row a bureau; several files are read together")),
        ("--voix", file, msg("the PVs' votes, one row a choice, likewise")),
        ("--emargements", file, msg("the sign-in counts, likewise")),
        ("--published", file, msg("published results")),
        ("--suites", file, msg("what became of findings: remarks and states, as in suites.csv")),
    ):
        parser.add_argument(option, metavar=given, type=Path, action="append", help=text(help_text))
    parser.add_argument(
        "--add",
        metavar=text(msg("BUREAU=VOTES")),
        type=addition,
        action="append",
        help=text(msg("ballots lost or wrongly void, voters kept from voting: --add 92012:0001=4")),
    )
    add_signatures_argument(parser)
    parser.add_argument(
        "--election",
        metavar="ID",
        help=text(msg("the election to take out of data.gouv.fr's tables of all elections, such as 2022_pres_t1")),
    )
    parser.add_argument(
        "--other-round",
        metavar=path,
        type=Path,
        help=text(msg("the other round: a night's folder, PVs or published results")),
    )
    parser.add_argument(
        "--round",
        type=int,
        choices=(1, 2),
        help=text(msg("the round that is checked, where files have tables of both")),
    )
    parser.add_argument(
        "--thresholds",
        metavar=file,
        type=Path,
        help=text(msg("other thresholds for the rules (TOML)")),
    )


def add_reading(parser: argparse.ArgumentParser, text: Callable[[Message], str]) -> None:
    """How tables are to be read."""
    parser.add_argument(
        "--map",
        metavar=text(msg("HEADER=MEANING")),
        action="append",
        dest="columns",
        help=text(msg('what a column is: --map "Compteur=votes found"; --map "Total=" leaves it out')),
    )
    parser.add_argument(
        "--sheet",
        metavar=text(msg("NAME")),
        action="append",
        dest="sheets",
        help=text(msg("read only the sheet of this name of workbooks")),
    )


def sources_of(args: argparse.Namespace) -> tuple[Sources, dict[str, bool | str | list[str]]]:
    """What was given, and the options that say so, by name: a text, a list of texts, or yes.

    Raises:
        NothingGiven: neither a folder nor a file of this round.
        NotThere: a path does not exist.
    """
    from regard.api import gather

    files = [path for path in args.folder if not path.is_dir()]
    folders = [path for path in args.folder if path not in files]
    given = {name: value for name in _NAMES if (value := getattr(args, name))}
    if files:
        given["files"] = files
    return gather(*folders, **given), {name: _texts(value) for name, value in given.items()}


def paths_read(sources: Sources) -> list[Path]:
    """All paths that are read of what was given."""
    alone = (sources.folder, *sources.follow_ups, sources.other_round, sources.thresholds)
    return [*sources.paths(), *filter(None, alone)]


def only_file(args: argparse.Namespace) -> Path | None:
    """The one file that was given, where it is one and nothing says how it is to be read; else None."""
    if len(args.folder) != 1 or any(getattr(args, name) for name in _NAMES):
        return None
    path: Path = args.folder[0]
    return path if path.is_file() else None


def _texts(given: bool | int | Path | list[Path] | list[str]) -> bool | str | list[str]:
    if isinstance(given, bool):
        return given
    return [str(path) for path in given] if isinstance(given, list) else str(given)
