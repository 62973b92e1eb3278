"""The list of a town's bureaux as an argument: how it is read, and a night that is simulated from it."""

from __future__ import annotations

import argparse

from protocol.words import cited, msg
from regard.arguments import Refused
from regard.office.hours import CLOSINGS, HOURS, OPENINGS, span
from regard.office.listed_night import ListedNight, listed_night
from regard.paths import existing
from sim.errors import UnfitTown


def asked_night(args: argparse.Namespace) -> ListedNight | None:
    """The night of a list, read; None where no list was given.

    Raises:
        RegardError: the list cannot be read, no night can be made of it, or other options make no sense with it.
    """
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


def hours(text: str) -> tuple[int, int]:
    """Parser of opening hours, which are open at 12h and at 17h."""
    found = span(text)
    if found is not None:
        opening, closing = found
        if OPENINGS[0] <= opening <= OPENINGS[1] and CLOSINGS[0] <= closing <= CLOSINGS[1]:
            return opening, closing
    raise Refused(
        msg("expected hours such as 8-20, opening before 12 and closing after 17, got {text}", text=cited(text))
    )
