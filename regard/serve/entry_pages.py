"""Entering a PV by hand, in the order of the official form; a second time by somebody else; what of it differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from protocol.words import Message, Text, msg
from regard.serve.desk import Desk, read_form, see
from regard.serve.entries import (
    CLOCKS,
    COUNTS,
    MOST_CHOICES,
    Entry,
    EntryPlace,
    cell_label,
    questions,
    read_entry,
)
from regard.serve.entry_journal import EnteredPV, EntryState, SavedMeanwhile, Saving
from regard.serve.security import RequestRefused
from verify.model.evidence import LinedEvidence

_FURTHER = 3
"""Rows for choices that are not on the list …"""
_ROWS = 12
"""… and rows where no list is known."""
_OTHER = "other"
_PATIENCE = 5.0
"""Seconds to wait for the list of choices."""
_AUTHOR = 80
"""Characters of who enters a PV."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form."""

    name: str
    label: Text
    value: str
    wrong: Text = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One choice of the form; its name is fixed where the list of choices has it."""

    number: int
    name: str
    fixed: bool
    votes: str
    wrong: Text = ""


def _place_of(query: QueryParams, evidence: LinedEvidence | None) -> EntryPlace:
    """Which PV is asked for; the commune's name from the list, where that has it."""
    insee, commune, bureau = (query.get(name, "")[:200] for name in ("insee", "commune", "bureau"))
    poll = query.get("scrutin", "1")
    if evidence is not None and insee:
        here = np.flatnonzero(evidence.universe.insee == insee)
        commune = str(evidence.universe.commune[here[0]]) if len(here) else commune
    return EntryPlace(insee, commune, bureau, int(poll) if poll in ("1", "2", "3", "4", "5") else 1)


def _choices(desk: Desk, place: EntryPlace) -> Sequence[str]:
    """The choices of a PV: by the list, else as PVs of the same poll were entered."""
    found = desk.examiner.latest()
    evidence = None if found is None else found.evidence
    if evidence is not None and place.poll in evidence.polls:
        column = evidence.polls.index(place.poll)
        unit = int(evidence.universe.find(np.array([place.insee]), np.array([place.bureau]))[0])
        contests = evidence.contests
        if unit >= 0 and contests.of[unit, column] >= 0:
            return contests.contests[int(contests.of[unit, column])].choices
        of_poll = [each for each in contests.contests if each.poll == place.poll]
        if len(of_poll) == 1:
            return of_poll[0].choices
    others = [each.latest for each in desk.journal.entered().values() if each.place.poll == place.poll]
    return tuple(dict.fromkeys(choice for entry in others if entry is not None for choice in entry.votes))[
        :MOST_CHOICES
    ]


def _form(desk: Desk, place: EntryPlace, values: Mapping[str, str], wrong: Mapping[str, Message]) -> dict[str, Any]:
    """What the template of the form needs."""
    listed = list(_choices(desk, place))
    typed = [
        (values.get(f"choice-{at}", ""), values.get(f"votes-{at}", ""), wrong.get(f"votes-{at}", ""))
        for at in range(MOST_CHOICES)
    ]
    by_name = {name: (votes, why) for name, votes, why in typed if name}
    rows = [(name, True, *by_name.get(name, ("", ""))) for name in listed]
    rows += [(name, False, votes, why) for name, votes, why in typed if (name or votes) and name not in listed]
    rows += [("", False, "", "")] * (_FURTHER if listed else max(_ROWS - len(rows), _FURTHER))
    return {
        "place": place,
        "clocks": [FormField(name, cell_label(name), values.get(name, ""), wrong.get(name, "")) for name in CLOCKS],
        "counts": [FormField(name, cell_label(name), values.get(name, ""), wrong.get(name, "")) for name in COUNTS],
        "choices": [ChoiceField(at, *row) for at, row in enumerate(rows[:MOST_CHOICES])],
        "remarks": values.get("observations", ""),
        "page": values.get("page", ""),
        "author": values.get("auteur", ""),
        "wrong": wrong,
    }


def _values(entry: Entry) -> dict[str, str]:
    """An entry as the fields of its form."""
    cells = entry.cells()
    votes = [(choice, cells[f"voix {choice}"]) for choice in entry.votes]
    return {
        **{name: cell for name, cell in cells.items() if not name.startswith("voix ")},
        **{f"choice-{at}": choice for at, (choice, _) in enumerate(votes)},
        **{f"votes-{at}": count for at, (_, count) in enumerate(votes)},
    }


async def show_entries(desk: Desk, request: Request) -> Response:
    """All PVs that were entered, and how each stands."""
    entered = sorted(desk.journal.entered().values(), key=lambda each: each.place.key)
    rows = [(each, _address(each.place), _place_fields(each.place)) for each in entered]
    return desk.pages(request).show("entries", rows=rows, states=EntryState)


def _address(place: EntryPlace) -> str:
    return urlencode({"insee": place.insee, "commune": place.commune, "bureau": place.bureau, "scrutin": place.poll})


async def show_form(desk: Desk, request: Request) -> Response:
    """The form: empty, with what was entered before, or blind for a second person."""
    if desk.examiner.latest() is None:  # the choices are not known yet
        await run_in_threadpool(desk.examiner.wait, _PATIENCE)
    found = desk.examiner.latest()
    place = _place_of(request.query_params, None if found is None else found.evidence)
    second = request.query_params.get("second") == "1"
    before = desk.journal.entered().get(place.key)
    values: dict[str, str] = {}
    if before is not None and before.latest is not None and not second:
        values = {**_values(before.latest), "auteur": before.author}
    if before is not None and second and before.latest is None:
        second = False
    return desk.pages(request).show(
        "entry",
        **_form(desk, place, values, {}),
        alike=None,
        another=False,
        asked=[],
        known=bool(place.bureau),
        meanwhile=None,
        second=second and before is not None,
        version=0 if before is None else before.version,
    )


async def save_form(desk: Desk, request: Request) -> Response:
    """Save a PV. What cannot be read, or is asked about, comes back with all that was typed."""
    form = await read_form(desk, request)
    entry, wrong = read_entry(form)
    if entry.place.insee in _communes(desk):  # whatever it looks like
        wrong.pop("insee", None)
    second = form.get("second") == "1"
    asked = [] if second else list(questions(entry))
    version = _version(form)
    meanwhile: EnteredPV | None = None
    alike = None if wrong or form.get("another") == "1" else _alike(desk, entry.place)
    if not wrong and alike is None:
        saving = Saving.SECOND if second else Saving.FIRST if not asked or form.get("sure") == "1" else Saving.DRAFT
        author = " ".join(form.get("auteur", "").split())[:_AUTHOR]
        try:
            saved = await run_in_threadpool(desk.journal.save, saving, entry, author, version)
        except SavedMeanwhile as error:
            meanwhile, version = error.now, error.now.version
        else:
            version = saved.version
            if saving is not Saving.DRAFT:
                desk.examiner.changed()
                differs = saved.state is EntryState.DIFFERS
                return see(f"/settle?{_address(entry.place)}" if differs else "/entries")
    return desk.pages(request).show(
        "entry",
        HTTPStatus.CONFLICT if meanwhile is not None else HTTPStatus.UNPROCESSABLE_ENTITY,
        **_form(desk, entry.place, form, wrong),
        alike=None if alike is None else (alike, _address(alike)),
        another=form.get("another") == "1",
        asked=[] if wrong or alike is not None else asked,
        known=bool(form.get("known")),
        meanwhile=None if meanwhile is None else [] if second else _beside(meanwhile, entry),
        second=second,
        version=version,
    )


def _communes(desk: Desk) -> dict[str, str]:
    """Names of the communes of the list by their codes, as far as one is known."""
    found = desk.examiner.latest()
    if found is None or found.evidence is None:
        return {}
    universe = found.evidence.universe
    return dict(zip(universe.insee.tolist(), universe.commune.tolist(), strict=True))


def _alike(desk: Desk, place: EntryPlace) -> EntryPlace | None:
    """The PV that was entered already and may be this one, named otherwise; None where there is none."""
    entered = desk.journal.entered()
    if place.key in entered:
        return None
    communes = _communes(desk)
    return next((each.place for each in entered.values() if place.may_be(each.place, communes)), None)


async def remove_entry(desk: Desk, request: Request) -> Response:
    """Take a PV away again; the journal keeps what it was, and that it was taken away.

    Raises:
        RequestRefused: there is none, or somebody saved it since the page was made.
    """
    form = await read_form(desk, request)
    entry, _ = read_entry(form)
    try:
        if entry.place.key not in desk.journal.entered():
            raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is no such PV: it may have been taken away already"))
        await run_in_threadpool(desk.journal.save, Saving.REMOVED, Entry(entry.place), "", _version(form))
    except SavedMeanwhile as error:
        raise _saved_meanwhile() from error
    desk.examiner.changed()
    return see("/entries")


def _saved_meanwhile() -> RequestRefused:
    said = msg("somebody saved this PV meanwhile: look at the page again, nothing was saved")
    return RequestRefused(HTTPStatus.CONFLICT, said)


def _version(form: Mapping[str, str]) -> int:
    text = form.get("version", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, msg("this is no form of this page"))
    return int(text)


def _beside(now: EnteredPV, mine: Entry) -> list[tuple[Text, str, str]]:
    """What somebody else saved, and what was typed, where they are not the same."""
    theirs = {} if now.latest is None else now.latest.cells()
    own = mine.cells()
    names = [name for name in dict.fromkeys([*theirs, *own]) if theirs.get(name, "") != own.get(name, "")]
    return [(cell_label(name), theirs.get(name, ""), own.get(name, "")) for name in names]


def _entered(desk: Desk, place: EntryPlace) -> tuple[EnteredPV, Entry, Entry]:
    """A PV that was entered twice, and both entries.

    Raises:
        RequestRefused: it was not.
    """
    found = desk.journal.entered().get(place.key)
    if found is None or found.latest is None or found.second is None:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("this PV was not entered twice"))
    return found, found.latest, found.second


async def show_differences(desk: Desk, request: Request) -> Response:
    """Both entries where they differ, to settle each field."""
    found, first, second = _entered(desk, _place_of(request.query_params, None))
    cells, others = first.cells(), second.cells()
    rows = [
        (at, cell_label(name), cells.get(name, ""), others.get(name, "")) for at, name in enumerate(found.differences)
    ]
    return desk.pages(request).show("settle", found=found, other=_OTHER, place=found.place, rows=rows)


async def settle_differences(desk: Desk, request: Request) -> Response:
    """Save what the PV really says, field by field."""
    form = await read_form(desk, request)
    place, _ = read_entry(form)
    found, first, second = _entered(desk, place.place)
    cells, others = first.cells(), second.cells()
    values = _values(first)
    fields = {f"voix {values[name]}": name.replace("choice", "votes") for name in values if name.startswith("choice-")}
    for at, name in enumerate(found.differences):
        chosen = form.get(f"choose-{at}", "")
        if chosen not in ("first", "second", _OTHER):
            raise RequestRefused(HTTPStatus.BAD_REQUEST, msg("choose one of the figures in every row"))
        typed = {"first": cells.get(name, ""), "second": others.get(name, ""), _OTHER: form.get(f"typed-{at}", "")}
        if name.startswith("voix ") and name not in fields:
            number = len(fields)
            fields[name] = f"votes-{number}"
            values[f"choice-{number}"] = name.removeprefix("voix ")
        values[fields.get(name, name)] = typed[chosen]
    entry, wrong = read_entry({**values, **_place_fields(found.place)})
    wrong.pop("insee", None)  # it is entered so
    if wrong:
        raise RequestRefused(HTTPStatus.BAD_REQUEST, next(iter(wrong.values())))
    try:
        await run_in_threadpool(desk.journal.save, Saving.SETTLED, entry, found.author, _version(form))
    except SavedMeanwhile as error:
        raise _saved_meanwhile() from error
    desk.examiner.changed()
    return see("/entries")


def _place_fields(place: EntryPlace) -> dict[str, str]:
    return {"insee": place.insee, "commune": place.commune, "bureau": place.bureau, "scrutin": str(place.poll)}
