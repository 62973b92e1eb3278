"""Until when: days counted exactly from the vote, its close or the proclamation; a formula where that is not known.

The day from which a time counts is not one of its days: the fifth day after a vote on a Sunday is the Friday. No day is
moved because it is a Sunday or a holiday: nothing was read on that, and it is told.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from protocol.words import Message, Text, msg, nmsg, pmsg
from regard.letters.law import From, LineOfLaw

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
    """What is complained about.

    Attributes:
        election: a kind, of `regard.letters.law.ELECTIONS`.
        date: of the vote.
        round: 1 or 2; 0 where it was not said.
        proclaimed: when the result was proclaimed; None where it was not said.
    """

    election: str
    date: datetime.date
    round: int = 0
    proclaimed: datetime.date | None = None


def in_words(date: datetime.date) -> Message:
    """A date as ``Sunday 15 March 2026``."""
    values = {"weekday": DAYS[date.weekday()], "month": MONTHS[date.month - 1], "year": str(date.year)}
    if date.day == 1:
        return pmsg("the first of a month", "{weekday} 1 {month} {year}", **values)
    return msg("{weekday} {day} {month} {year}", day=str(date.day), **values)


def last_day(line: LineOfLaw, vote: Vote) -> datetime.date | None:
    """The day on which the time of a line ends; None where it has none, or where its beginning is not known."""
    begins = {From.VOTE: vote.date, From.CLOSE: vote.date, From.PROCLAMATION: vote.proclaimed}.get(line.since)
    if begins is None or not (line.days or line.hours):
        return None
    return begins + datetime.timedelta(days=line.days, hours=line.hours)


UNTIL = pmsg("before a day", "Until")
TIME = pmsg("before a time whose last day is not known", "Time")
WHEN = pmsg("before a time that is not counted", "When")


def time_allowed(line: LineOfLaw, vote: Vote) -> tuple[Message, Text] | None:
    """The time of a line, without full stop, and what to write before it; None where it has none of its own."""
    if line.since is From.COMPLAINTS:
        return WHEN, msg("as long as there is time for complaints")
    if not (line.days or line.hours):
        return None
    end = last_day(line, vote)
    if end is None:
        return TIME, _formula(line)
    if line.hours:
        return UNTIL, msg(
            "{end}, at the hour at which the vote of {start} had closed ({hours} hours)",
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
