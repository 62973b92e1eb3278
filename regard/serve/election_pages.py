"""Which election it is: what `election.toml` says, and a form that writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol import night
from protocol.election import Election, election_toml, parse_election
from protocol.errors import InputError, RegardError
from protocol.words import Language, Message, Text, msg, series
from regard.letters.deadlines import in_words
from regard.letters.steps import ROUNDS
from regard.serve.desk import Desk, read_form, reason, see
from regard.serve.election_form import KINDS, FolderSays, exports_say, form_values, read_election_form
from verify.materiality.kinds import kind_of


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
    latest = desk.examiner.latest()
    evidence = None if latest is None else latest.evidence
    polls = [poll.number for poll in there.polls] if there is not None else [] if evidence is None else evidence.polls
    machines = evidence is not None and (evidence.exports is not None or evidence.urns is not None)
    return FolderSays(there, exports_say(evidence) if there is None else None, list(polls) or [1], machines)


def in_a_sentence(election: Election) -> Message:
    """An election for people: what was voted on, round and day, and the seats."""
    named: list[Text] = []
    for poll in election.polls:
        kind = kind_of(poll.type)
        name: Text = poll.name or poll.type if kind is None else KINDS[kind]
        named.append(name if poll.seats is None else msg("{name} ({seats:n} seats)", name=name, seats=poll.seats))
    return msg(
        "{kinds}, {round}, {day}", kinds=series(named), round=ROUNDS[election.round], day=in_words(election.date)
    )


def election_values(desk: Desk, words: Language) -> dict[str, Any]:
    """What the templates with the form are given, as the folder is now."""
    there = _there(desk)
    election, latest = there.election, desk.examiner.latest()
    says = _says(desk, election)
    typed = form_values(election, None if latest is None else latest.evidence, words)
    return {
        "described": None if election is None else in_a_sentence(election),
        "fixed": there.fixed,
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


async def show_election(desk: Desk, request: Request) -> Response:
    """What is said of the election, and the form to say it."""
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
        try:
            data = election_toml(election)
            await run_in_threadpool(desk.folder.replace_own, night.ELECTION, data, form.get("version", ""))
        except (RegardError, OSError) as error:
            refused = reason(error)
        else:
            desk.examiner.changed()
            return see("/")
    return _again(desk, request, form, wrong, refused)


def _again(desk: Desk, request: Request, form: Mapping[str, str], wrong: Mapping[str, Text], refused: Text) -> Response:
    pages = desk.pages(request)
    values = election_values(desk, pages.words)
    typed = {name: value for name, value in form.items() if name in ("date", "round") or name[:5] in ("kind-", "seats")}
    values |= {"typed": typed, "election_wrong": wrong, "election_refused": refused}
    if "sure" in wrong:
        from regard.letters.asking import day_of

        values["sure"] = day_of(form["date"]).isoformat()
    return pages.show("election", HTTPStatus.CONFLICT if refused else HTTPStatus.UNPROCESSABLE_ENTITY, **values)
