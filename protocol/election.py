"""The file `election.toml` of a night: the election, its day, its polls, the evidence declared complete."""

from __future__ import annotations

import contextlib
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
from protocol.words import Message, Text, cited, msg, series

T = TypeVar("T")
D = TypeVar("D")


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
    """Content of `election.toml`: the election, its day, and the kinds of evidence declared complete."""

    id: str
    name: str
    date: datetime.date
    round: int
    polls: tuple[Poll, ...]
    opening: str
    closing: str
    """Hours, such as ``08:00``; empty where they are not stated."""
    complete: frozenset[str]
    proclaimed: datetime.date | None = None
    """The day on which the result was proclaimed, where it is stated."""
    rehearsed: bool = False
    """The night was replayed from published results: sign-ins then equal votes by construction."""
    problems: tuple[InputError, ...] = dataclasses.field(default=(), compare=False)
    """Keys that mean nothing here, misspelt ones for example, and values that are wrong; the rest holds."""


def election_toml(election: Election) -> bytes:
    """The bytes of `election.toml`."""
    lines = _lines(
        id=election.id,
        nom=election.name,
        date=election.date,
        tour=election.round,
        proclamation=election.proclaimed,
        ouverture=election.opening or None,
        cloture=election.closing or None,
        complet=[kind for kind in KINDS if kind in election.complete],
        rejouee=election.rehearsed,
    )
    for poll in election.polls:
        lines += ["", "[[scrutins]]"]
        lines += _lines(numero=poll.number, nom=poll.name, type=poll.type, sieges=poll.seats, entier=poll.whole or None)
    return ("\n".join(lines) + "\n").encode()


def _lines(**values: object) -> list[str]:
    """Values as TOML, a line each; texts, numbers, lists and truth values are written as JSON writes them."""
    import json  # for what writes a night alone: a start goes without it

    return [
        f"{key} = {value}"
        if isinstance(value, datetime.date)
        else f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007F")
        for key, value in values.items()
        if value is not None
    ]


ELECTION_KEYS = ("id", "nom", "date", "tour", "proclamation", "ouverture", "cloture", "complet", "rejouee", "scrutins")
"""Keys of `election.toml`; any other is named."""
_NEEDED = ("id", "date", "scrutins")
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
MAX_POLLS = 5
MAX_SEATS = 1000
"""Seats that one contest can fill; the largest, Paris and the regions, have about two hundred."""


def read_election(path: Path) -> Election:
    """Read `election.toml`, which is of its folder: a link does not lead out of it.

    Raises:
        InputError: it cannot be read, or as `parse_election`.
    """
    return parse_election(open_evidence(path, MAX_TOML, path.parent))


def parse_election(file: OpenedFile) -> Election:
    """Parse `election.toml`; a wrong value gets its default, a wrong poll is left out.

    Raises:
        InputError: it is not TOML, or says neither which election it is, nor of which day and round, nor any poll.
    """
    table = parse_toml(file)
    values = _Values(str(file.path), table)
    if lacking := [key for key in _NEEDED if key not in table]:
        raise values.error(", ".join(lacking), msg("what `regard help auditor` shows"), NOTHING)
    values.name_unknown(ELECTION_KEYS)
    complete = values.take("complet", list, [])
    for kind in (kind for kind in complete if kind not in KINDS):
        values.drop("complet", msg("some of {kinds}", kinds=", ".join(KINDS)), cited(kind))
    tour = values.take("tour", int, 1)
    if tour not in (1, 2):
        raise values.error("tour", msg("a round, 1 or 2"), cited(tour))
    date, proclaimed = values.need("date", datetime.date), values.take("proclamation", datetime.date, None)
    if proclaimed is not None and proclaimed < date:
        values.drop("proclamation", msg("a day from that of the vote on"), proclaimed.isoformat())
        proclaimed = None
    return Election(
        id=values.need("id", str),
        name=values.take("nom", str, ""),
        date=date,
        round=tour,
        polls=_polls(values),
        opening=_clock(values, "ouverture"),
        closing=_clock(values, "cloture"),
        complete=frozenset(kind for kind in complete if kind in KINDS),
        proclaimed=proclaimed,
        rehearsed=values.take("rejouee", bool, False),
        problems=tuple(values.problems),
    )


class _Values:
    """A table of the file, and what is wrong with its values, which is shared with the tables in it."""

    def __init__(self, file: str, table: object, problems: list[InputError] | None = None) -> None:
        self._file, self._table = file, table if isinstance(table, dict) else {}
        self.problems: list[InputError] = [] if problems is None else problems

    def error(self, key: str, expected: Message, got: Text) -> InputError:
        return InputError(self._file, None, key, expected, got)

    def drop(self, key: str, expected: Message, got: Text) -> None:
        """Report a value that is not used at all."""
        self.problems.append(self.error(key, expected, got))

    def need(self, key: str, kind: type[T]) -> T:
        """A value without which the rest means nothing.

        Raises:
            InputError: it is missing, or of another kind.
        """
        value = self._table.get(key)
        if kind is datetime.date and isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.date.fromisoformat(value)
        if type(value) is not kind:
            raise self.error(key, _KINDS[kind], NOTHING if value is None else cited(value))
        return value

    def take(self, key: str, kind: type[T], default: D) -> T | D:
        """A value; its default where it is missing, or of another kind, which is named."""
        if key not in self._table:
            return default
        try:
            return self.need(key, kind)
        except InputError as error:
            self.problems.append(error)
            return default

    def tables(self, key: str) -> list[_Values]:
        """The tables of a list.

        Raises:
            InputError: there is no such list.
        """
        return [_Values(self._file, each, self.problems) for each in self.need(key, list)]

    def name_unknown(self, known: tuple[str, ...]) -> None:
        """Name the keys that are none of those known."""
        keys = [key for key in self._table if key not in known]
        if keys:
            got = series([*map(cited, keys[:_MOST_KEYS]), *(["…"] if len(keys) > _MOST_KEYS else [])])
            self.drop(keys[0][:_LONGEST_KEY], msg("one of {known}", known=", ".join(known)), got)


def _polls(values: _Values) -> tuple[Poll, ...]:
    """The polls whose number is one; the others are named.

    Raises:
        InputError: there is none.
    """
    polls: dict[int, Poll] = {}
    wrong: list[InputError] = []
    for entry in values.tables("scrutins"):
        entry.name_unknown(POLL_KEYS)
        try:
            number = entry.need("numero", int)
            if not 1 <= number <= MAX_POLLS or number in polls:
                raise entry.error("numero", msg("a number from 1 to 5, each once"), cited(number))
        except InputError as error:
            wrong.append(error)
            continue
        seats = entry.take("sieges", int, None)
        if seats is not None and not 1 <= seats <= MAX_SEATS:
            entry.drop("sieges", msg("a number from 1 to {most}", most=MAX_SEATS), cited(seats))
            seats = None
        name, kind, whole = entry.take("nom", str, ""), entry.take("type", str, ""), entry.take("entier", bool, False)
        polls[number] = Poll(number, name, kind, seats, whole)
    if not polls:
        raise wrong[0] if wrong else values.error("scrutins", msg("at least one [[scrutins]]"), msg("none"))
    values.problems += wrong
    return tuple(polls.values())


def _clock(values: _Values, key: str) -> str:
    clock = values.take(key, str, None)
    if clock is not None and not re.fullmatch("[0-3][0-9]:[0-5][0-9]", clock):
        values.drop(key, msg("HH:MM"), cited(clock))
        return ""
    return clock or ""
