"""Inputs of letters: the days as people write them, and the vote, which must be unique."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from protocol.words import Message, Text, cited, languages, msg, series, without_accents
from regard.arguments import Refused
from regard.language import show
from regard.letters.law import (
    DAYS,
    ELECTIONS,
    MONTHS,
    ONE_ROUND,
    From,
    LineOfLaw,
    Vote,
    election_of,
    end_of,
    in_words,
    law,
    lines_of,
    time_allowed,
)
from regard.letters.steps import ROUNDS, is_over, time_of
from verify.materiality.kinds import word_of

TYPE_CHECKING = False  # as in typing, which takes longer to load than the help takes to make
if TYPE_CHECKING:
    from verify.model.evidence import LinedEvidence

_YEARS = (1958, 2199)
"""First and last year of a date that a person may type."""
_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_FRENCH_DAY = re.compile(r"(?P<day>\d\d?)([/.-])(?P<month>\d\d?)\2(?P<year>\d{4})", re.ASCII)
_NAMED_DAY = re.compile(
    r"(?:(?P<weekday>[a-z]+) )?(?P<day>\d\d?)(?:er|st)? (?P<month>[a-z]+) (?P<year>\d{4})", re.ASCII
)
_SUNDAY = 6
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class AskedVote:
    """Vote as a user states it; None for what is left to the folder."""

    election: str | None = None
    date: datetime.date | None = None
    round: int | None = None
    proclaimed: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class SaidVote:
    """The vote as a folder states it, by its `election.toml`, else by titles and columns.

    Attributes:
        kinds: of its polls, each once; empty where none is known.
        date, round, proclaimed: None, 0 and None where nothing says them.
    """

    kinds: tuple[str, ...] = ()
    date: datetime.date | None = None
    round: int = 0
    proclaimed: datetime.date | None = None

    @classmethod
    def of(cls, evidence: LinedEvidence | None) -> SaidVote:
        """The vote as some evidence states it."""
        if evidence is None:
            return cls()
        election, stated = evidence.election, evidence.stated
        if election is None:
            kind = election_of(word_of(stated.kind))
            return cls(() if kind is None else (kind,), stated.day, stated.round)
        kinds = dict.fromkeys(filter(None, (election_of(poll.type) for poll in election.polls)))
        return cls(tuple(kinds), election.date, election.round, election.proclaimed)

    def votes(self) -> list[Vote]:
        """The votes of its kinds, as they stand now; none where the day is not known."""
        day, now = self.date, datetime.datetime.now()
        return [
            Vote(kind, day, 0 if kind in ONE_ROUND else self.round, self.proclaimed, now)
            for kind in self.kinds
            if day is not None
        ]


def deadlines(evidence: LinedEvidence | None) -> list[Text]:
    """Last days for complaints, or that they are past, and for seeing papers of a vote, where they are known."""
    found: list[Text] = []
    for vote in SaidVote.of(evidence).votes()[:1]:
        times: list[tuple[Text, LineOfLaw]] = [
            (msg("Complaint, {who}", who=line.who) if line.who else msg("Complaint"), line)
            for line in lines_of("complaint", vote.election)
            if time_allowed(line, vote) is not None
        ]
        times += [
            (line.title or "", line)
            for line in lines_of("document", vote.election)
            if end_of(line, vote) is not None and not is_over(line, vote)
        ]
        found += [msg("{who}. {time}", who=what, time=time_of(line, vote)) for what, line in times]
    return found


def day_of(word: str) -> datetime.date:
    """A day as ``2026-03-15`` or, as France writes it, ``15/03/2026``, ``15.03.2026``, ``dimanche 15 mars 2026``.

    Raises:
        Refused: it is none, or not the day of the week that is named.
    """
    if (named := _NAMED_DAY.fullmatch(" ".join(without_accents(word).split()))) is not None:
        return _day_in_words(word, named)
    found = _DAY.fullmatch(word.strip()) or _FRENCH_DAY.fullmatch(word.strip())
    if found is None or not _YEARS[0] <= int(found["year"]) <= _YEARS[1] or int(found["month"]) > _MONTHS:
        raise Refused(msg("{word}: no day as 2026-03-15 or 15/03/2026", word=cited(word)))
    return _day(word, found["year"], int(found["month"]), found["day"])


def _day_in_words(word: str, named: re.Match[str]) -> datetime.date:
    """A day with the name of its month.

    Raises:
        Refused: the calendar does not have it, or it is another day of the week.
    """
    month = _named_of(MONTHS, named["month"])
    if month < 0 or not _YEARS[0] <= int(named["year"]) <= _YEARS[1]:
        raise Refused(msg("{word}: no day as 2026-03-15 or 15/03/2026", word=cited(word)))
    day = _day(word, named["year"], month + 1, named["day"])
    if named["weekday"] and _named_of(DAYS, named["weekday"]) != day.weekday():
        raise Refused(msg("{word}: that day is a {weekday}", word=cited(word), weekday=DAYS[day.weekday()]))
    return day


def _named_of(names: tuple[Message, ...], word: str) -> int:
    """Index of a word among some names, in any language; -1 if it is none."""
    known = (at for at, name in enumerate(names) for code in languages() if without_accents(show(code, name)) == word)
    return next(known, -1)


def _day(word: str, year: str, month: int, day: str) -> datetime.date:
    try:
        return datetime.date(int(year), month, int(day))
    except ValueError as error:
        raise Refused(msg("{word}: the calendar has no such day", word=cited(word))) from error


def in_digits(date: datetime.date) -> Message:
    """A day as it is typed in the language."""
    return msg("{year}-{month}-{day}", year=str(date.year), month=f"{date.month:02}", day=f"{date.day:02}")


def vote_of(asked: AskedVote, said: SaidVote) -> Vote | Message:
    """Find the contested vote, as asked for or else from the folder; or report a gap or a contradiction."""
    election = asked.election or (said.kinds[0] if len(said.kinds) == 1 else None)
    date = asked.date or said.date
    if (against := _contradiction(asked, said)) is not None:
        return against
    if election is None or date is None:
        return msg("say what was voted on and when, for example: {missing}", missing=_missing(election, date))
    number = asked.round or (said.round if said.date in (None, date) else 0)
    if election in ONE_ROUND:
        if number == 2:
            return msg("{election}: there is one round only", election=ELECTIONS[election])
        number = 0
    proclaimed = asked.proclaimed or said.proclaimed
    if proclaimed is not None and proclaimed < date:
        return msg(
            "the result cannot have been proclaimed before the vote: vote {vote}, proclamation {proclaimed}",
            vote=in_words(date),
            proclaimed=in_words(proclaimed),
        )
    return Vote(election, date, number, proclaimed, datetime.datetime.now())


def _missing(election: str | None, date: datetime.date | None) -> Text:
    """The options that say what is not known of a vote."""
    return series(
        [
            *([] if election is not None else ["--election municipales"]),
            *([] if date is not None else ["--date 2026-03-15"]),
        ],
        " ",
    )


def vote_wanted(evidence: LinedEvidence) -> list[Text]:
    """The command that tells the deadlines, where PVs or lists are given and the vote is not known; else empty."""
    said = SaidVote.of(evidence)
    if said.votes() or (evidence.records is None and evidence.signatures is None):
        return []
    kind = said.kinds[0] if len(said.kinds) == 1 else None
    return [msg("Until when to complain: regard next FOLDER {missing}", missing=_missing(kind, said.date))]


def _contradiction(asked: AskedVote, said: SaidVote) -> Message | None:
    """Report a vote that differs from the folder's; None if it does not."""
    kind, day, number, kinds = asked.election, asked.date, asked.round, said.kinds
    other_round = number and said.round not in (0, number) and (kind or (kinds or ("",))[0]) not in ONE_ROUND
    other_day = day and said.date and day != said.date
    if not (other_round or (kind and kinds and kind not in kinds) or other_day):
        return None
    of_folder = [series(_described(each, said.round, said.date)) for each in kinds] or _described("", 0, said.date)
    return msg(
        "the folder says: {folder}; asked for was: {given}. Ask for the vote of the folder, or take the folder of the "
        "other vote",
        folder=series(of_folder, msg("; ")),
        given=series(_described(kind or "", number or 0, day)),
    )


def _described(kind: str, number: int, day: datetime.date | None) -> list[Text]:
    """A vote in words, as far as it is known."""
    return [
        *([ELECTIONS[kind]] if kind else []),
        *([ROUNDS[number]] if number and kind not in ONE_ROUND else []),
        *([in_words(day)] if day else []),
    ]


def questions(vote: Vote) -> list[Message]:
    """List doubts to settle before relying on days: an unusual weekday, an unused day."""
    found: list[Message] = []
    if vote.date.weekday() != _SUNDAY:
        found.append(
            msg(
                "{day} is not a Sunday: is it really the day of the vote? Days are counted from it.",
                day=in_words(vote.date),
            )
        )
    if vote.proclaimed is not None and not counts_from_proclamation(vote.election):
        found.append(
            msg(
                "The day of the proclamation ({day}) changes nothing here: for this kind of election no time counts "
                "from it.",
                day=in_words(vote.proclaimed),
            )
        )
    return found


def counts_from_proclamation(election: str) -> bool:
    """Check that a deadline of a kind of election counts from the proclamation."""
    return any(line.since is From.PROCLAMATION and election in line.elections for line in law().values())
