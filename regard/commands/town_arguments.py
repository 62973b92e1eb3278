"""The list of a town's bureaux as an argument: how it is read, and a night that is simulated from it."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import cited, msg
from regard.arguments import Refused, whole
from regard.language import language_of, show
from regard.office.hours import CLOSINGS, HOURS, OPENINGS, span
from regard.paths import existing

if TYPE_CHECKING:
    from regard.office.listed_night import ListedNight

MOST_DAYS = 20_000
"""Of a plan."""


def add_reading_arguments(parser: argparse.ArgumentParser, hours: tuple[int, int] | None = HOURS) -> None:
    """How a list is read; ``hours`` is the default of that option."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "--sheet",
        action="append",
        metavar=text(msg("NAME")),
        default=[],
        help=text(msg("the sheet of the workbook to read (again for more)")),
    )
    parser.add_argument(
        "--hours",
        type=_hours,
        default=hours,
        metavar="H-H",
        help=text(msg("opening hours where the list does not say them (default 8-19)")),
    )


def add_night_arguments(parser: argparse.ArgumentParser) -> None:
    """A night of a town's own bureaux."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "--list",
        metavar=text(msg("FILE")),
        type=Path,
        help=text(
            msg("a town's own bureaux, in place of --communes: a list as `regard plan` takes it; 0 machines: on paper")
        ),
    )
    parser.add_argument(
        "--day",
        type=whole(1, MOST_DAYS),
        metavar="N",
        help=text(msg("with --list: which of the days that `regard plan` simulates (default 1)")),
    )
    parser.add_argument(
        "--scenario",
        metavar=text(msg("SETTINGS|FILE")),
        help=text(
            msg(
                "with --list: what happens on that day, as `regard plan --scenario` takes it; bureau=CODE: "
                "where a machine is out"
            )
        ),
    )
    add_reading_arguments(parser, None)


def asked_night(args: argparse.Namespace) -> ListedNight | None:
    """The night of a list, read; None where no list was given.

    Raises:
        RegardError: the list cannot be read, no night can be made of it, or other options make no sense with it.
    """
    from regard.office.listed_night import listed_night
    from sim.errors import UnfitTown

    if args.list is None:
        for name in ("day", "scenario", "hours", "sheet"):
            if getattr(args, name):
                raise UnfitTown(msg("--{option} says nothing without --list", option=name))
        return None
    if args.communes is not None and "," in args.communes:
        raise UnfitTown(msg("with --list, --communes takes one code: of a town that the list does not name"))
    return listed_night(
        existing(args.list),
        args.election,
        args.day or 1,
        args.scenario,
        year=args.year,
        hours=args.hours or HOURS,
        sheets=args.sheet,
        insee=None if args.communes is None else args.communes.strip(),
    )


def _hours(text: str) -> tuple[int, int]:
    found = span(text)
    if found is not None:
        opening, closing = found
        if OPENINGS[0] <= opening <= OPENINGS[1] and CLOSINGS[0] <= closing <= CLOSINGS[1]:
            return opening, closing
    raise Refused(
        msg("expected hours such as 8-20, opening before 12 and closing after 17, got {text}", text=cited(text))
    )
