"""Every threshold of the rules and screens, in one place: whole numbers and exact fractions, each with its unit.

A TOML file may give others (`regard verify --thresholds FILE`), by the same names; what it does not name stays.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

from protocol.errors import InputError

MAX_BYTES = 2**16
MAX_VALUE = 10**9


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds, each the least value that makes a finding unless its comment says more.

    Attributes:
        votes_per_hour: M111: more votes than this in an hour of voting, by one machine. At 40 to 45 seconds a voter
            a machine takes 80 to 90 an hour; some bureaux of 2017 averaged 149.
        hourly_margin: M112: the machine's hourly counter leaves the hourly signatures by more than so many voters.
        clock_margin: M107: a machine's clock leaves the times of the PV by more than so many minutes.
        one_hand_bureaux: R217: a commune of at least so many bureaux, all with two equal counts from one file.
        registered_jump_percent: P411: the roll changed by more than so many per cent between rounds …
        registered_jump: P411: … and by so many voters or more.
    """

    votes_per_hour: int = 200
    hourly_margin: int = 15
    clock_margin: int = 15
    one_hand_bureaux: int = 5
    registered_jump_percent: int = 5
    registered_jump: int = 20


def read_thresholds(path: Path) -> Thresholds:
    """Thresholds from a TOML file with lines such as ``votes_per_hour = 150``.

    Raises:
        InputError: not TOML, a name that is no threshold, a value that is not a whole number from 0 up.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    name = str(path)
    if len(data) > MAX_BYTES:
        raise InputError(name, None, None, f"at most {MAX_BYTES} bytes", "more")
    try:
        values = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(name, None, None, "a TOML file in UTF-8", str(error)) from error
    known = {field.name for field in fields(Thresholds)}
    for key, value in values.items():
        if key not in known:
            raise InputError(name, None, key, f"one of {', '.join(sorted(known))}", repr(key))
        if type(value) is not int or not 0 <= value <= MAX_VALUE:
            raise InputError(name, None, key, "a whole number from 0 up", repr(value))
    return replace(Thresholds(), **values)
