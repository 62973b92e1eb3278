"""What the file `election.toml` of a night says: the election, its day, its polls, which evidence is complete."""

from __future__ import annotations

import dataclasses
import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from protocol.errors import NOTHING, InputError
from protocol.night import KINDS
from protocol.opening import OpenedFile, open_evidence
from protocol.structured import MAX_TOML, parse_toml
from protocol.words import cited, msg, series

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll of the day: its number (1 to 5), its name for people, and the kind of its election.

    Attributes:
        seats: how many seats each of its contests fills, None where it was not said: it matters for lists only.
        whole: the official list holds every bureau of each of its contests, so that their sums are the contests'.
    """

    number: int
    name: str
    type: str
    seats: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Election:
    """What `election.toml` says: the election, its day, and which kinds of evidence are declared complete."""

    id: str
    name: str
    date: datetime.date
    round: int
    polls: tuple[Poll, ...]
    opening: str
    closing: str
    complete: frozenset[str]
    rehearsed: bool = False
    """The night was replayed from published results: sign-ins then equal votes by construction."""
    unknown: tuple[InputError, ...] = dataclasses.field(default=(), compare=False)
    """Keys that mean nothing here, misspelt ones for example; the rest holds."""


def election_toml(election: Election) -> bytes:
    """The bytes of `election.toml`."""

    def quoted(text: str) -> str:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}" for c in escaped) + '"'

    lines = [
        f"id = {quoted(election.id)}",
        f"nom = {quoted(election.name)}",
        f"date = {election.date.isoformat()}",
        f"tour = {election.round}",
        f"ouverture = {quoted(election.opening)}",
        f"cloture = {quoted(election.closing)}",
        f"complet = [{', '.join(quoted(kind) for kind in KINDS if kind in election.complete)}]",
        f"rejouee = {'true' if election.rehearsed else 'false'}",
    ]
    for poll in election.polls:
        lines += ["", "[[scrutins]]", f"numero = {poll.number}", f"nom = {quoted(poll.name)}"]
        lines += [f"type = {quoted(poll.type)}"]
        lines += [] if poll.seats is None else [f"sieges = {poll.seats}"]
        lines += ["entier = true"] if poll.whole else []
    return ("\n".join(lines) + "\n").encode()


ELECTION_KEYS = ("id", "nom", "date", "tour", "ouverture", "cloture", "complet", "rejouee", "scrutins")
"""Keys of `election.toml`; any other is named."""
POLL_KEYS = ("numero", "nom", "type", "sieges", "entier")
"""Keys of each of its tables ``[[scrutins]]``."""
_LONGEST_KEY, _MOST_KEYS = 80, 6
_KINDS = {
    str: msg("a text"),
    int: msg("a whole number"),
    bool: msg("true or false"),
    list: msg("a list"),
    datetime.date: msg("a date"),
}
MAX_SEATS = 1000
"""Seats that one contest can fill; the largest, Paris and the regions, have about two hundred."""


def read_election(path: Path) -> Election:
    """Read `election.toml`.

    Raises:
        InputError: it cannot be read, is not TOML, or a value is missing or of the wrong kind.
    """
    return parse_election(open_evidence(path, MAX_TOML))


def parse_election(file: OpenedFile) -> Election:
    """What an opened `election.toml` says.

    Raises:
        InputError: it is not TOML, or a value is missing or of the wrong kind.
    """
    name, values = str(file.path), parse_toml(file)
    strange = _unknown(name, values, ELECTION_KEYS)

    def take(source: object, key: str, kind: type[T], default: T | None = None) -> T:
        value = source.get(key, default) if isinstance(source, dict) else None
        if type(value) is not kind:
            raise InputError(name, None, key, _KINDS[kind], NOTHING if value is None else cited(value))
        return value

    polls: list[Poll] = []
    for entry in take(values, "scrutins", list):
        number = take(entry, "numero", int)
        strange += _unknown(name, entry, POLL_KEYS)
        if not 1 <= number <= 5 or number in (poll.number for poll in polls):
            raise InputError(name, None, "numero", msg("a number from 1 to 5, each once"), cited(number))
        seats = take(entry, "sieges", int) if "sieges" in entry else None
        if seats is not None and not 1 <= seats <= MAX_SEATS:
            raise InputError(name, None, "sieges", msg("a number from 1 to {most}", most=MAX_SEATS), cited(seats))
        whole = take(entry, "entier", bool, False)
        polls.append(Poll(number, take(entry, "nom", str), take(entry, "type", str, ""), seats, whole))
    if not polls:
        raise InputError(name, None, "scrutins", msg("at least one [[scrutins]]"), msg("none"))
    complete = take(values, "complet", list, [])
    unknown = [kind for kind in complete if kind not in KINDS]
    if unknown:
        raise InputError(name, None, "complet", msg("some of {kinds}", kinds=", ".join(KINDS)), cited(unknown[0]))
    clocks = {"ouverture": take(values, "ouverture", str, "08:00"), "cloture": take(values, "cloture", str, "18:00")}
    for key, clock in clocks.items():
        if not re.fullmatch("[0-3][0-9]:[0-5][0-9]", clock):
            raise InputError(name, None, key, msg("HH:MM"), cited(clock))
    tour = take(values, "tour", int, 1)
    if tour not in (1, 2):
        raise InputError(name, None, "tour", msg("a round, 1 or 2"), cited(tour))
    return Election(
        id=take(values, "id", str),
        name=take(values, "nom", str, ""),
        date=take(values, "date", datetime.date),
        round=tour,
        polls=tuple(polls),
        opening=clocks["ouverture"],
        closing=clocks["cloture"],
        complete=frozenset(complete),
        rehearsed=take(values, "rejouee", bool, False),
        unknown=strange,
    )


def _unknown(name: str, values: object, known: tuple[str, ...]) -> tuple[InputError, ...]:
    """What is said of the keys of a table that are none of those known."""
    keys = [key for key in values if key not in known] if isinstance(values, dict) else []
    if not keys:
        return ()
    got = series([*map(cited, keys[:_MOST_KEYS]), *(["…"] if len(keys) > _MOST_KEYS else [])])
    return (InputError(name, None, keys[0][:_LONGEST_KEY], msg("one of {known}", known=", ".join(known)), got),)
