"""The lines of `law.toml`: who may complain, until when, to whom; what may be seen; and how sure each of them is."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from protocol.words import Message, Text, msg, nmsg, pmsg
from verify.materiality.kinds import election_word

ELECTIONS: dict[str, Message] = {
    "presidentielle": pmsg("a kind of election", "presidential election"),
    "legislatives": pmsg("a kind of election", "legislative elections"),
    "senatoriales": pmsg("a kind of election", "senatorial elections"),
    "municipales": pmsg("a kind of election", "municipal elections"),
    "departementales": pmsg("a kind of election", "departmental elections"),
    "regionales": pmsg("a kind of election", "regional elections"),
    "europeennes": pmsg("a kind of election", "European elections"),
    "referendum": pmsg("a kind of election", "referendum"),
}
"""The kinds of election whose complaints are known, by the word for the command line."""
ONE_ROUND = frozenset(("europeennes", "referendum"))
"""Those of them that have one round."""
READ = frozenset(ELECTIONS) - {"referendum"}
"""Those of which the law was read."""
KNOWN: dict[str, Message] = {
    "read": msg("read in this source, at least in part"),
    "quoted": msg("not read itself, but as another source quotes it"),
    "memory": msg("from memory and not confirmed: look it up before relying on it"),
    "absent": msg("looked for and not found"),
}
"""Ways in which a line is known."""
SURE: dict[str, Message] = {
    "high": pmsg("how sure a line of the law is", "sure"),
    "medium": pmsg("how sure a line of the law is", "fairly sure"),
}


class From(Enum):
    """Start of a deadline; ``COMPLAINTS``: it is as long as the time for complaints. ``UNSAID``: not read."""

    VOTE = "vote"
    CLOSE = "close"
    PROCLAMATION = "proclamation"
    RECEIPT = "receipt"
    COMPLAINTS = "complaints"
    UNSAID = ""


@dataclass(frozen=True, slots=True)
class LineOfLaw:
    """One line.

    Attributes:
        name: stable.
        part: ``complaint``, ``prefect``, ``document``, ``rule``, ``decision`` or ``silence``.
        sum: of a decision, the kind of sum that a judge did, a letter; empty for other lines.
        elections: the kinds that it is about.
        title: of a document.
        who, remark, how, judge, where, unsaid, note: as `law.toml` has them; None where there is nothing to say.
        since: what the time counts from.
        days, hours: how long it is, 0 where it is not counted in them.
        clock: until which hour of the last day; empty where that was not read.
        source: the text; None of what was not found.
        of_day: its day, where no vote before it can rest on it.
        known, sure: words of `KNOWN` and `SURE`.
    """

    name: str
    part: str
    known: str
    sum: str = ""
    elections: frozenset[str] = READ
    title: Message | None = None
    who: Message | None = None
    remark: Message | None = None
    how: Message | None = None
    judge: Message | None = None
    where: Message | None = None
    unsaid: Message | None = None
    note: Message | None = None
    since: From = From.UNSAID
    days: int = 0
    hours: int = 0
    clock: str = ""
    source: Message | None = None
    of_day: datetime.date = datetime.date.min
    sure: str = ""


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("title", "who", "remark", "how", "judge", "where", "unsaid", "note", "source"), Message),
    "elections": frozenset,
    "from": From,
}
"""Parsers of what `law.toml` has in another form."""


@cache
def law() -> dict[str, LineOfLaw]:
    """All lines by name, in the order of the table."""
    entries = tomllib.loads(Path(__file__).with_name("law.toml").read_text(encoding="utf-8"))
    return {name: _line(name, entry) for name, entry in entries.items()}


def _line(name: str, entry: dict[str, Any]) -> LineOfLaw:
    values = {key: _READERS[key](value) if key in _READERS else value for key, value in entry.items()}
    return LineOfLaw(name=name, since=values.pop("from", From.UNSAID), **values)


def lines_of(part: str, election: str) -> list[LineOfLaw]:
    """The lines of a part that are about a kind of election."""
    return [line for line in law().values() if line.part == part and election in line.elections]


def decisions_on(sums: str) -> list[LineOfLaw]:
    """The decisions on some kinds of sums, such as ``A C``."""
    return [line for line in law().values() if line.sum and line.sum in sums.split()]


def election_of(word: str) -> str | None:
    """The kind of election that a word names, None where it names none whose complaints are known.

    Words are those for the command line and those of `election.toml`, such as ``municipales_listes``.
    """
    named = election_word(word)
    return named if named in ELECTIONS else None


DAYS = (
    msg("Monday"),
    msg("Tuesday"),
    msg("Wednesday"),
    msg("Thursday"),
    msg("Friday"),
    msg("Saturday"),
    msg("Sunday"),
)
MONTHS = (
    msg("January"),
    msg("February"),
    msg("March"),
    msg("April"),
    pmsg("a month", "May"),
    msg("June"),
    msg("July"),
    msg("August"),
    msg("September"),
    msg("October"),
    msg("November"),
    msg("December"),
)


@dataclass(frozen=True, slots=True)
class Vote:
    """Contested vote.

    Attributes:
        election: a kind, of `regard.letters.law.ELECTIONS`.
        date: of the vote.
        round: 1 or 2; 0 where it was not said.
        proclaimed: when the result was proclaimed; None where it was not said.
        now: the day and hour by which times are over; None where none is said to be.
    """

    election: str
    date: datetime.date
    round: int = 0
    proclaimed: datetime.date | None = None
    now: datetime.datetime | None = field(default=None, compare=False)


def in_words(date: datetime.date) -> Message:
    """A date as ``Sunday 15 March 2026``."""
    values = {"weekday": DAYS[date.weekday()], "month": MONTHS[date.month - 1], "year": str(date.year)}
    if date.day == 1:
        return pmsg("the first of a month", "{weekday} 1 {month} {year}", **values)
    return msg("{weekday} {day} {month} {year}", day=str(date.day), **values)


def end_of(line: LineOfLaw, vote: Vote, begins: datetime.date | None = None) -> datetime.datetime | None:
    """The day and hour at which the time of a line ends, of a day without an hour its end.

    Args:
        line: of the law.
        vote: that it is about.
        begins: where the line itself does not say when its time begins.

    Returns:
        None where it has no time, or where its beginning is not known.
    """
    known = {From.VOTE: vote.date, From.CLOSE: vote.date, From.PROCLAMATION: vote.proclaimed}
    begins = known.get(line.since, begins)
    if begins is None or not (line.days or line.hours):
        return None
    clock = datetime.time.fromisoformat(line.clock) if line.clock else datetime.time.max
    return datetime.datetime.combine(begins + datetime.timedelta(days=line.days, hours=line.hours), clock)


UNTIL = pmsg("before a day", "Until")
TIME = pmsg("before a time whose last day is not known", "Time")
WHEN = pmsg("before a time that is not counted", "When")


def time_allowed(line: LineOfLaw, vote: Vote) -> tuple[Message, Text] | None:
    """The time of a line, without full stop, and what to write before it; None where it has none of its own."""
    if line.since is From.COMPLAINTS:
        return WHEN, msg("as long as there is time for complaints")
    if not (line.days or line.hours):
        return None
    last = end_of(line, vote)
    if last is None:
        return TIME, _formula(line)
    end = last.date()
    if line.hours:
        return UNTIL, msg(
            "{end}, {hours} hours after the poll of {start} closed",
            end=in_words(end),
            start=in_words(vote.date),
            hours=line.hours,
        )
    day: Text = msg("{day}, {clock}", day=in_words(end), clock=hour(line.clock)) if line.clock else in_words(end)
    if line.since is From.PROCLAMATION:
        return UNTIL, msg("{day} (day {count} after the proclamation)", day=day, count=line.days)
    return UNTIL, msg("{day} (day {count} after the vote)", day=day, count=line.days)


def _formula(line: LineOfLaw) -> Text:
    """A time whose beginning is not known."""
    if line.hours:
        return msg("{hours} hours", hours=line.hours)
    long: Text = nmsg("{count} day", "{count} days", line.days)
    if line.since is From.RECEIPT:
        return msg("{long} from when the préfecture received the PV", long=long)
    if line.since is not From.PROCLAMATION:
        return long
    if not line.clock:
        return msg("{long} after the proclamation; the day of the proclamation was not given", long=long)
    return msg(
        "{long} after the proclamation, until {clock} of the last; the day of the proclamation was not given",
        long=long,
        clock=hour(line.clock),
    )


def hour(clock: str) -> Message:
    """An hour of the day, given as ``18:00``, in words."""
    full, _, minute = clock.partition(":")
    return pmsg("an hour of the day", "{hour}:{minute}", hour=full, minute=minute)


_FIXED: dict[tuple[int, int], Message] = {
    (1, 1): msg("New Year's Day"),
    (5, 1): msg("Labour Day"),
    (5, 8): msg("Victory Day"),
    (7, 14): msg("Bastille Day"),
    (8, 15): msg("Assumption Day"),
    (11, 1): msg("All Saints' Day"),
    (11, 11): msg("Armistice Day"),
    (12, 25): msg("Christmas Day"),
}
_AFTER_EASTER: dict[int, Message] = {1: msg("Easter Monday"), 39: msg("Ascension Day"), 50: msg("Whit Monday")}
_SATURDAY, _SUNDAY = 5, 6


def closed_on(day: datetime.date) -> Message | None:
    """Why offices are closed on a day; None on a working day. Holidays of some départements only are none."""
    if day.weekday() in (_SATURDAY, _SUNDAY):
        return msg("a Saturday") if day.weekday() == _SATURDAY else msg("a Sunday")
    name = _FIXED.get((day.month, day.day)) or _AFTER_EASTER.get((day - easter(day.year)).days)
    return None if name is None else msg("a holiday ({name})", name=name)


def working_day_before(day: datetime.date) -> datetime.date:
    """The last day before it on which offices are open."""
    day -= datetime.timedelta(days=1)
    while closed_on(day) is not None:
        day -= datetime.timedelta(days=1)
    return day


def easter(year: int) -> datetime.date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, over = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moon + 15) % 30
    quarter, odd = divmod(rest, 4)
    weekday = (32 + 2 * over + 2 * quarter - epact - odd) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return datetime.date(year, month, day + 1)
