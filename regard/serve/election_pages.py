"""Form of an election: its day, its round, and of each poll the kind and the seats."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol import night
from protocol.election import MAX_SEATS, Election, Poll, election_toml, parse_election
from protocol.errors import InputError
from protocol.words import Language, Message, Text, msg, nmsg, pmsg, series
from regard.arguments import Refused
from regard.language import capitalise
from regard.letters.asking import day_of, in_digits
from regard.letters.law import ELECTIONS, in_words
from regard.letters.steps import ROUNDS
from regard.serve.desk import Desk, attempt, read_form, see
from verify.columns.lists import stated_identity
from verify.materiality.kinds import ElectionKind, kind_of, word_of
from verify.model.evidence import LinedEvidence
from verify.read.counts import parse_count

_MUNICIPAL: dict[ElectionKind, Message] = {
    ElectionKind.MUNICIPAL_LISTS: pmsg("a kind of election", "municipal elections, by lists"),
    ElectionKind.MUNICIPAL_CANDIDATES: pmsg(
        "a kind of election", "municipal elections, by names (the smallest communes, until 2020)"
    ),
}
KINDS = {kind: _MUNICIPAL.get(kind) or ELECTIONS[kind.value] for kind in ElectionKind}
"""The kinds of election, for people."""
_WITH_SEATS = frozenset(
    (
        ElectionKind.MUNICIPAL_LISTS,
        ElectionKind.MUNICIPAL_CANDIDATES,
        ElectionKind.REGIONAL,
        ElectionKind.EUROPEAN,
    )
)
"""Those in which one contest fills several seats."""
MOST_POLLS = 5
_LONGEST = 40
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class ExportsSay:
    """Election as the folder's exports state it: id, day and round, each the same in most of them."""

    id: str
    date: datetime.date | None
    round: int


def exports_say(evidence: LinedEvidence | None) -> ExportsSay | None:
    """Read that statement of the exports or the urns; None without any."""
    stated = None if evidence is None or evidence.election is not None else stated_identity(evidence)
    if stated is None:
        return None
    name, day, number = stated[1]
    try:
        date = datetime.date(day // 10_000, day // 100 % 100, day % 100)
    except ValueError:
        date = None
    return ExportsSay(name.rstrip(b"\0").decode("ascii", "replace"), date, number)


def stated_kind(evidence: LinedEvidence | None) -> ElectionKind | None:
    """The kind that titles and columns of the files say; None where they do not, or the day has several polls."""
    if evidence is None or evidence.election is not None or len(evidence.polls) != 1:
        return None
    machines = evidence.exports is not None or evidence.urns is not None
    return kind_of(word_of(evidence.stated.kind), machines, evidence.stated.year)


def form_values(election: Election | None, evidence: LinedEvidence | None, words: Language) -> dict[str, str]:
    """The fields of the form: as the election is described, else as exports, titles and columns say."""
    if election is None:
        say, kind, stated = (
            exports_say(evidence),
            stated_kind(evidence),
            0 if evidence is None else evidence.stated.round,
        )
        day = None if evidence is None else evidence.stated.day
        date, number = (day, stated or 1) if say is None else (say.date, say.round)
        first = 1 if evidence is None or not evidence.polls else evidence.polls[0]
        return {
            "date": "" if date is None else words.show(in_digits(date)),
            "round": str(number),
            f"kind-{first}": "" if kind is None else kind.value,
        }
    values = {"date": words.show(in_digits(election.date)), "round": str(election.round)}
    for poll in election.polls:
        kind = kind_of(poll.type)
        values[f"kind-{poll.number}"] = "" if kind is None else kind.value
        values[f"seats-{poll.number}"] = "" if poll.seats is None else str(poll.seats)
    return values


@dataclass(frozen=True, slots=True)
class FolderSays:
    """Statements of the folder that the form must agree with.

    Attributes:
        before: the election as it is described already, None where it is not.
        exports: what exports say, None without any.
        polls: numbers of the day's polls.
        machines: whether there are exports, or images, of voting machines.
    """

    before: Election | None
    exports: ExportsSay | None
    polls: Sequence[int]
    machines: bool

    @property
    def further(self) -> Sequence[int]:
        """The number of one more poll of the day, while there can be one."""
        return [number for number in (max(self.polls) + 1,) if number <= MOST_POLLS]


def _is_filled_in(form: Mapping[str, str], poll: int) -> bool:
    return any(form.get(f"{name}-{poll}", "").strip() for name in ("kind", "seats"))


def read_election_form(
    form: Mapping[str, str], says: FolderSays, words: Language
) -> tuple[Election | None, dict[str, Text]]:
    """The election that a form describes, and what cannot be or contradicts something, by field.

    Args:
        form: the fields.
        says: what the folder says.
        words: the language in which polls are named.
    """
    wrong: dict[str, Text] = {}
    date = _day(form, says.exports, wrong)
    number = {"1": 1, "2": 2}.get(form.get("round", ""), 0)
    if not number:
        wrong["round"] = msg("choose the round")
    elif says.exports is not None and number != says.exports.round:
        wrong["round"] = msg("the exports in the folder are of round {round}", round=says.exports.round)
    numbers = [*says.polls, *(poll for poll in says.further if _is_filled_in(form, poll))]
    kinds = {poll: _kind(form, poll, number, says, wrong) for poll in numbers}
    seats = {poll: _seats(form, poll, kinds[poll], wrong) for poll in numbers}
    first = kinds[says.polls[0]]
    if wrong or date is None or first is None:
        return None, wrong
    known = {} if says.before is None else {poll.number: poll for poll in says.before.polls}
    polls = []
    for poll, kind in kinds.items():
        if kind is not None:
            named = known.get(poll) or Poll(poll, capitalise(words.show(KINDS[kind])), "")
            polls.append(replace(named, type=kind.value, seats=seats[poll]))
    if says.before is not None:
        return replace(says.before, date=date, round=number, polls=tuple(polls)), {}
    own = f"{first.value}-{date.year}"
    return (
        Election(
            id=own if says.exports is None else says.exports.id,
            name=f"{capitalise(words.show(KINDS[first]))}, {date.year}",
            date=date,
            round=number,
            polls=tuple(polls),
            opening="",
            closing="",
            complete=frozenset(),
        ),
        {},
    )


def _day(form: Mapping[str, str], exports: ExportsSay | None, wrong: dict[str, Text]) -> datetime.date | None:
    try:
        date = day_of(form.get("date", "")[:_LONGEST])
    except Refused as error:
        wrong["date"] = error.args[0]
        return None
    if date > datetime.date.today():
        wrong["date"] = msg("this day is yet to come")
    elif exports is not None and exports.date is not None and date != exports.date:
        wrong["date"] = msg("the exports in the folder are of {day}", day=in_words(exports.date))
    elif date.weekday() != _SUNDAY and form.get("sure") != date.isoformat():
        wrong["sure"] = msg("{day} is not a Sunday: is it really the day of the vote?", day=in_words(date))
    return date


def _kind(
    form: Mapping[str, str], poll: int, number: int, says: FolderSays, wrong: dict[str, Text]
) -> ElectionKind | None:
    field = f"kind-{poll}"
    kind = next((each for each in ElectionKind if each.value == form.get(field)), None)
    if kind is None:
        wrong[field] = msg("choose what was voted on")
    elif number > kind.rounds:
        wrong[field] = msg("there is one round only in this kind of election")
    elif kind is ElectionKind.MUNICIPAL_CANDIDATES and says.machines:
        wrong[field] = msg("there are dumps of voting machines, and communes with machines elect by lists")
    return kind


def _seats(form: Mapping[str, str], poll: int, kind: ElectionKind | None, wrong: dict[str, Text]) -> int | None:
    field = f"seats-{poll}"
    typed = form.get(field, "").strip()[:_LONGEST]
    if not typed:
        return None
    seats = parse_count(typed)
    if not 1 <= seats <= MAX_SEATS:
        wrong[field] = msg("a whole number from 1 to {most:n} is expected, or nothing", most=MAX_SEATS)
    elif kind is not None and kind not in _WITH_SEATS:
        wrong[field] = msg("one contest of this kind of election does not fill several seats: leave this empty")
    return seats


@dataclass(frozen=True, slots=True)
class _There:
    """The folder's `election.toml`.

    Attributes:
        election: as it says, None without one that can be read.
        version: of the file, for `CaseFolder.replace_own`.
        fixed: why the page does not change it, empty where it does.
        lost: that the page would write it otherwise, empty where it would not.
    """

    election: Election | None = None
    version: str = ""
    fixed: Text = ""
    lost: Text = ""


def _there(desk: Desk) -> _There:
    try:
        file = desk.folder.own(night.ELECTION)
        if file is None:
            return _There()
        found = parse_election(file)
    except InputError as error:
        why = msg("{path} cannot be read, and is left as it is: {why}", path=night.ELECTION, why=error.message)
        return _There(fixed=why)
    lost: Text = ""
    if election_toml(found) != file.data:
        lost = msg(
            "{path} was not written by this page: saving writes it anew, without its comments and unknown keys",
            path=night.ELECTION,
        )
    return _There(found, file.sha256, lost=lost)


def _says(desk: Desk, there: Election | None) -> FolderSays:
    evidence = desk.evidence
    polls = [poll.number for poll in there.polls] if there is not None else [] if evidence is None else evidence.polls
    machines = evidence is not None and (evidence.exports is not None or evidence.urns is not None)
    return FolderSays(there, exports_say(evidence) if there is None else None, list(polls) or [1], machines)


def in_a_sentence(election: Election) -> Message:
    """An election for people: what was voted on, round and day, and the seats."""
    named: list[Text] = []
    for poll in election.polls:
        kind = kind_of(poll.type)
        name: Text = poll.name or poll.type if kind is None else KINDS[kind]
        if poll.seats is not None:
            name = nmsg("{name} ({count:n} seat)", "{name} ({count:n} seats)", poll.seats, name=name)
        named.append(name)
    return msg(
        "{kinds}, {round}, {day}", kinds=series(named), round=ROUNDS[election.round], day=in_words(election.date)
    )


def election_values(desk: Desk, words: Language) -> dict[str, Any]:
    """Values of the form's templates, by the present folder."""
    there = _there(desk)
    election = there.election
    says = _says(desk, election)
    typed = form_values(election, desk.evidence, words)
    return {
        "described": None if election is None else in_a_sentence(election),
        "fixed": there.fixed,
        "screens": _screens(desk),
        "written_by_hand": there.lost,
        "kinds": [(each.value, label) for each, label in KINDS.items()],
        "polls": says.polls,
        "further": says.further,
        "typed": typed,
        "filled_in": election is None and any(value for name, value in typed.items() if name != "round"),
        "election_version": there.version,
        "election_wrong": {},
        "election_refused": "",
        "sure": "",
    }


_SCREENS = b"screen_one_in = 20\n"
"""Thresholds with which the screens that are off unless asked for are applied."""


def _screens(desk: Desk) -> bool | None:
    """Check that these screens are asked for; None where the file of thresholds is not the page's."""
    file = desk.folder.own(night.THRESHOLDS)
    return file is not None if file is None or file.data == _SCREENS else None


async def save_screens(desk: Desk, request: Request) -> Response:
    """Write the file of thresholds, or take it away."""
    form = await read_form(desk, request)
    data = _SCREENS if form.get("screens") == "1" else None
    await run_in_threadpool(desk.folder.write_table, night.THRESHOLDS, data, _SCREENS.__eq__)
    desk.examiner.changed()
    return see("/election")


async def show_election(desk: Desk, request: Request) -> Response:
    """Show the election, and the form to describe it."""
    pages = desk.pages(request)
    return pages.show("election", **election_values(desk, pages.words))


async def save_election(desk: Desk, request: Request) -> Response:
    """Write `election.toml`; what cannot be, or contradicts something, comes back as it was typed."""
    form = await read_form(desk, request)
    words = desk.pages(request).words
    there = _there(desk)
    election, wrong = read_election_form(form, _says(desk, there.election), words)
    refused = there.fixed
    if not refused and election is not None:
        version = form.get("version", "")
        refused = await attempt(desk.folder.replace_own, night.ELECTION, election_toml(election), version)
        if not refused:
            desk.examiner.changed()
            return see("/")
    return _again(desk, request, form, wrong, refused)


def _again(desk: Desk, request: Request, form: Mapping[str, str], wrong: Mapping[str, Text], refused: Text) -> Response:
    pages = desk.pages(request)
    values = election_values(desk, pages.words)
    typed = {name: value for name, value in form.items() if name in ("date", "round") or name[:5] in ("kind-", "seats")}
    values |= {"typed": typed, "election_wrong": wrong, "election_refused": refused}
    if "sure" in wrong:
        values["sure"] = day_of(form["date"]).isoformat()
    return pages.show("election", HTTPStatus.CONFLICT if refused else HTTPStatus.UNPROCESSABLE_ENTITY, **values)
