"""Thresholds of rules and screens, each with its unit: whole numbers and exact fractions.

A TOML file may give others for those of `Thresholds` (`regard verify --thresholds FILE`), by the same names; those that
it does not name stay. No file changes the constants below.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

from protocol.errors import InputError
from protocol.opening import OpenedFile, open_evidence
from protocol.structured import MAX_TOML, parse_toml
from protocol.words import Message, cited, msg

MAX_VALUE = 10**9
"""Largest threshold that a file may give."""

MANY_VOTES, FEW_VOTES = 100, 2
"""Votes by which figures differ in cases that come first, and up to which they differ in cases that come last."""
ALIKE_VOTES = 50
"""Votes of a machine from which on another one has the same for every choice by a copy and not by chance."""
SAME_BY_CHANCE = 0.05
"""Share of the bureaux that can have the same count in two elections or two towns, as bureaux of one size have."""
LEAST_DIFFERENT = 3
"""Figures of a row that differ at least where it may be another bureau's; fewer can be single errors."""
MACHINE_NULLS, ENOUGH_VOTES = 1, 2000
"""Null votes per 1,000 votes found below which a commune counts by machine, from so many votes on; by hand 3 to 30."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds, each the least value that makes a finding unless its comment says more.

    What each means: `MEANINGS`.
    """

    votes_per_hour: int = 200
    hourly_margin: int = 15
    clock_margin: int = 15
    one_hand_bureaux: int = 5
    registered_jump_percent: int = 5
    registered_jump: int = 20
    gap_permille: int = 3
    gap_permille_large: int = 4
    gap_percent: int = 2
    gap_votes: int = 15
    screen_one_in: int = 0
    screen_bureaux: int = 5
    screen_votes: int = 100
    screen_spread_percent: int = 75
    no_null_votes: int = 2000
    null_percent: int = 10

    def changed(self) -> dict[str, tuple[int, int]]:
        """Those that are not regard's own: value, and the one that it takes the place of."""
        own = Thresholds()
        pairs = {field.name: (getattr(self, field.name), getattr(own, field.name)) for field in fields(self)}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


MEANINGS: dict[str, Message] = {
    "votes_per_hour": msg(
        "M111: more votes than this in an hour of voting, by one machine. At 40 to 45 seconds a voter a "
        "machine takes 80 to 90 an hour; some bureaux of 2017 averaged 149."
    ),
    "hourly_margin": msg(
        "M112: the machine's hourly counter leaves the hourly signatures by more than so many voters."
    ),
    "clock_margin": msg("M107: a machine's clock leaves the times of the PV by more than so many minutes."),
    "one_hand_bureaux": msg("R217: a commune of at least so many bureaux, all with two equal counts from one file."),
    "registered_jump_percent": msg("P411: the roll changed by more than so many per cent between rounds …"),
    "registered_jump": msg(
        "P411: … and by so many voters or more; P413: so far apart at least are two rolls exchanged."
    ),
    "gap_permille": msg("P401: a gap of more than so many ‰ of the votes found, as in the French studies …"),
    "gap_permille_large": msg("P401: … and of more than so many."),
    "gap_percent": msg("P401: a gap of so many per cent of the votes found or more, the Dutch rule …"),
    "gap_votes": msg("P401: … or of so many votes or more."),
    "screen_one_in": msg(
        "P402, P403, P404: 0, they are not applied; else, such as 20, each names anything at all in at most one "
        "clean night of so many, however many bureaux and choices it looks at."
    ),
    "screen_bureaux": msg("P402, P403, P404: in communes of at least so many bureaux that can be compared."),
    "screen_votes": msg(
        "P402, P403, P404, P405, P407, P412, P414: bureaux with fewer votes (P403, P407, P414: voters on the "
        "roll) are left out."
    ),
    "screen_spread_percent": msg(
        "P402, P403, P404: no commune is taken to be more even than so many per cent of the middle one."
    ),
    "no_null_votes": msg("P409: a commune of so many votes in both rounds together, or more, without a null one."),
    "null_percent": msg("P412: more than so many per cent of the votes found are null."),
}
"""Meaning of each threshold, by name."""


# Of cases: these are part of how sure a case is, and no file changes them.

FAR_TIMES = 2
"""Times by which a share of votes, or of blank or null ones, is beyond those of all other bureaux of its commune, to be
far from them: a correction that makes it so is open."""
FEW_CHOICES = 4
"""Choices up to which a figure that only a sum says is told if it looks like a slip of the pen: among more choices, by
what the sum is off, one of them looks like that by chance."""
EDITION_PLACES = 3
"""Communes or départements at least in which one file has fewer votes than another, to be an earlier edition of it: in
one or two a figure may be wrong."""


def read_thresholds(path: Path) -> Thresholds:
    """Thresholds from a TOML file with lines such as ``votes_per_hour = 150``.

    Raises:
        InputError: it cannot be read, is not TOML, has a name that is no threshold, or a value that is not a whole
            number from 0 up.
    """
    return parse_thresholds(open_evidence(path, MAX_TOML))


def parse_thresholds(file: OpenedFile) -> Thresholds:
    """Parse an opened file of thresholds.

    Raises:
        InputError: as `read_thresholds`.
    """
    name, values = str(file.path), parse_toml(file)
    known = {field.name for field in fields(Thresholds)}
    for key, value in values.items():
        if key not in known:
            raise InputError(name, None, key, msg("one of {known}", known=", ".join(sorted(known))), cited(key))
        if type(value) is not int or not 0 <= value <= MAX_VALUE:
            raise InputError(name, None, key, msg("a whole number from 0 up"), cited(value))
    return replace(Thresholds(), **values)
