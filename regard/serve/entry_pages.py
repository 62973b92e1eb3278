"""Bureaux of the evidence that a PV entered under a code with other zeros may belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import RegardError
from protocol.night import VOTES_TABLE
from protocol.words import Text, msg
from regard.serve.desk import Desk, read_form, reason, see
from regard.serve.entries import (
    CLOCKS,
    COUNTS,
    MOST_CHOICES,
    Entry,
    EntryPlace,
    cell_label,
    cell_shown,
    is_insee,
    questions,
    read_entry,
)
from regard.serve.entry_journal import EnteredPV, EntryState, SavedMeanwhile, Saving
from regard.serve.security import RequestRefused
from verify.align.implied import plain
from verify.model.contests import Contest
from verify.model.evidence import LinedEvidence
from verify.model.universe import without_zeros


@dataclass(frozen=True, slots=True)
class BureauAskedAbout:
    """A bureau that the evidence has. ``official`` is whether that is the official list."""

    commune: str
    bureau: str
    official: bool


def listed_bureau(desk: Desk, place: EntryPlace) -> BureauAskedAbout | None:
    """The bureau of the same commune whose code differs by its zeros only; None where the evidence has this one too."""
    found = desk.examiner.latest()
    if found is None or found.evidence is None or place.key in desk.journal.entered():
        return None
    universe = found.evidence.universe
    if not len(universe) or universe.has(place.insee, place.bureau):
        return None
    alike = without_zeros(universe.bureau) == without_zeros(np.array([place.bureau]))[0]
    nearest = []
    for at in np.flatnonzero(alike).tolist():
        insee, commune, bureau = (str(column[at]) for column in (universe.insee, universe.commune, universe.bureau))
        code = insee if insee == place.insee or is_insee(insee) else ""  # else the name stands there
        if place.may_be_in_commune_of(EntryPlace(code, commune or insee, bureau, place.poll), {}):
            nearest.append(BureauAskedAbout(commune or insee, bureau, universe.official))
    exact = any(each.bureau == place.bureau for each in nearest)
    return nearest[0] if nearest and not exact else None


@dataclass(frozen=True, slots=True)
class OfferedChoices:
    """Names in the order of the form.

    Attributes:
        names: all of them.
        own: those that nothing but this PV has: their names can be corrected, or taken away.
    """

    names: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()


def offered_choices(desk: Desk, place: EntryPlace) -> OfferedChoices:
    """The choices of a PV: by the list, else as other evidence and PVs of the same poll have them."""
    found = desk.examiner.latest()
    evidence = None if found is None else found.evidence
    contest = None if evidence is None else _contest(evidence, place)
    if evidence is not None and contest is not None and evidence.contests.official:
        return OfferedChoices(contest.choices)
    entered = desk.journal.entered()
    others = [each.counted for key, each in entered.items() if key != place.key and each.place.poll == place.poll]
    noted = dict.fromkeys(
        choice for entry in others if entry is not None for choice, votes in entry.votes.items() if votes is not None
    )
    this = entered.get(place.key)
    latest = None if this is None else this.latest
    own = {} if latest is None else {choice: None for choice, votes in latest.votes.items() if votes is not None}
    is_older = evidence is None or evidence.contests.source == VOTES_TABLE  # what was entered since is not in it
    elsewhere = {} if contest is None or is_older else dict.fromkeys(contest.choices)
    names = tuple({**elsewhere, **(noted if not elsewhere else {}), **own})[:MOST_CHOICES]
    return OfferedChoices(names, frozenset(own.keys() - noted.keys()))


def _contest(evidence: LinedEvidence, place: EntryPlace) -> Contest | None:
    """The contest that a bureau votes in; of one that is not on the list, the only one of the poll."""
    contests = evidence.contests
    if place.poll not in evidence.polls:
        return None
    column = evidence.polls.index(place.poll)
    unit = evidence.universe.index(place.insee, place.bureau)
    if unit >= 0 and contests.of[unit, column] >= 0:
        return contests.contests[int(contests.of[unit, column])]
    of_poll = [each for each in contests.contests if each.poll == place.poll]
    return of_poll[0] if len(of_poll) == 1 else None


def without_other_choices(form: Mapping[str, str], offered: OfferedChoices) -> dict[str, str]:
    """A form without the choices that it was given for another poll or bureau, and in which no votes were typed."""
    left = {
        at
        for at in range(MOST_CHOICES)
        if f"offered-{at}" in form
        and not form.get(f"votes-{at}", "").strip()
        and form.get(f"choice-{at}", "") not in offered.names
    }
    return {name: value for name, value in form.items() if not any(name == f"choice-{at}" for at in left)}


_FURTHER = 3
"""Rows for choices that are not on the list …"""
_ROWS = 12
"""… and rows where no list is known."""


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


def place_of(query: QueryParams, evidence: LinedEvidence | None) -> EntryPlace:
    """Find the requested PV; the commune's name is the list's, if it has one.

    Where the list has a commune by its name alone, the name stands in place of its code, and is none.
    """
    insee, commune, bureau = (query.get(name, "")[:200] for name in ("insee", "commune", "bureau"))
    poll = query.get("scrutin", "1")
    if evidence is not None and insee:
        here = np.flatnonzero(evidence.universe.insee == insee)
        commune = str(evidence.universe.commune[here[0]]) if len(here) else commune
        if len(here) and plain(commune) == plain(insee):
            insee = ""
    return EntryPlace(insee, commune, bureau, int(poll) if poll in ("1", "2", "3", "4", "5") else 1)


def form_fields(desk: Desk, place: EntryPlace, values: Mapping[str, str], wrong: Mapping[str, Text]) -> dict[str, Any]:
    """Values of the form's template."""
    offered = offered_choices(desk, place)
    typed = [
        (values.get(f"choice-{at}", ""), values.get(f"votes-{at}", ""), wrong.get(f"votes-{at}", ""))
        for at in range(MOST_CHOICES)
    ]
    by_name = {name: (votes, why) for name, votes, why in typed if name}
    came_back = "version" in values  # and a name that it has not got was taken away
    shown = [name for name in offered.names if name in by_name or name not in offered.own or not came_back]
    rows = [(name, name not in offered.own, *by_name.get(name, ("", ""))) for name in shown]
    rows += [(name, False, votes, why) for name, votes, why in typed if (name or votes) and name not in shown]
    rows += [("", False, "", "")] * (_FURTHER if shown else max(_ROWS - len(rows), _FURTHER))
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


def values_of(entry: Entry) -> dict[str, str]:
    """An entry as the fields of its form; choices without votes noted are those that the form offers by itself."""
    cells = entry.cells()
    votes = [(choice, cells[f"voix {choice}"]) for choice, count in entry.votes.items() if count is not None]
    return {
        **{name: cell for name, cell in cells.items() if not name.startswith("voix ")},
        **{f"choice-{at}": choice for at, (choice, _) in enumerate(votes)},
        **{f"votes-{at}": count for at, (_, count) in enumerate(votes)},
    }


def address_of(place: EntryPlace) -> str:
    """The place of a PV as the query of an address."""
    return urlencode(place_fields(place))


def place_fields(place: EntryPlace) -> dict[str, str]:
    """The place of a PV as the fields of a form."""
    return {"insee": place.insee, "commune": place.commune, "bureau": place.bureau, "scrutin": str(place.poll)}


def version_of(form: Mapping[str, str]) -> int:
    """The version that a form was made from.

    Raises:
        RequestRefused: it has none.
    """
    text = form.get("version", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, msg("this is no form of this page"))
    return int(text)


_PATIENCE = 5.0
"""Seconds to wait for the list of choices."""
_AUTHOR = 80
"""Characters of who enters a PV."""
_AS_LISTED, _AS_TYPED = "same", "other"
"""Answers to whether a bureau is the one that the evidence has under another code."""


async def show_entries(desk: Desk, request: Request) -> Response:
    """All PVs that were entered, and how each stands."""
    entered = sorted(desk.journal.entered().values(), key=lambda each: each.place.key)
    rows = [(each, address_of(each.place), place_fields(each.place)) for each in entered]
    return desk.pages(request).show("entries", rows=rows, states=EntryState)


async def show_form(desk: Desk, request: Request) -> Response:
    """The form: empty, with what was entered before, or blind for a second person."""
    if desk.examiner.latest() is None:  # the choices are not known yet
        await run_in_threadpool(desk.examiner.wait, _PATIENCE)
    found = desk.examiner.latest()
    place = place_of(request.query_params, None if found is None else found.evidence)
    second = request.query_params.get("second") == "1"
    before = desk.journal.entered().get(place.key)
    values: dict[str, str] = {}
    if before is not None and before.latest is not None and not second:
        values = {**values_of(before.latest), "auteur": before.author}
    if before is not None and second and before.latest is None:
        second = False
    return desk.pages(request).show(
        "entry",
        **form_fields(desk, place, values, {}),
        alike=None,
        another=False,
        asked=[],
        known=bool(place.bureau and (place.insee or place.commune)),
        before=False,
        meanwhile=None,
        differing=[],
        listed=None,
        as_typed=False,
        refused="",
        second=second and before is not None,
        version=0 if before is None else before.version,
    )


async def save_form(desk: Desk, request: Request) -> Response:
    """Save a PV. What cannot be read, is asked about or could not be saved comes back with all that was typed."""
    sent = await read_form(desk, request)
    form = without_other_choices(sent, offered_choices(desk, read_entry(sent)[0].place))
    entry, wrong = read_entry(form)
    if entry.place.insee in _communes(desk):  # whatever it looks like
        wrong.pop("insee", None)
    second = form.get("second") == "1"
    asked = [] if second else list(questions(entry))
    version = version_of(form)
    meanwhile: EnteredPV | None = None
    refused: Text = ""
    alike = None if wrong or form.get("another") == "1" else _alike(desk, entry.place)
    told = form.get("another") == "1" or form.get("listed") == _AS_TYPED
    listed = None if wrong or told or alike is not None else await _listed(desk, entry.place)
    if listed is not None and form.get("listed") == _AS_LISTED:
        form["bureau"] = listed.bureau
        entry, listed = read_entry(form)[0], None
    if not wrong and alike is None and listed is None:
        saving = Saving.SECOND if second else Saving.FIRST if not asked or form.get("sure") == "1" else Saving.DRAFT
        author = " ".join(form.get("auteur", "").split())[:_AUTHOR]
        try:
            saved = await run_in_threadpool(desk.journal.save, saving, entry, author, version)
        except SavedMeanwhile as error:
            meanwhile = error.now
        except (RegardError, OSError) as error:
            refused = reason(error)
        else:
            version = saved.version
            if saving is not Saving.DRAFT:
                desk.examiner.changed()
                differs = saved.state is EntryState.DIFFERS
                return see(f"/settle?{address_of(entry.place)}" if differs else "/entries")
    if meanwhile is not None or refused:
        now = desk.journal.entered().get(entry.place.key)
        version = 0 if now is None else now.version
    return desk.pages(request).show(
        "entry",
        HTTPStatus.UNPROCESSABLE_ENTITY if meanwhile is None and not refused else HTTPStatus.CONFLICT,
        **form_fields(desk, entry.place, form, wrong),
        alike=None if alike is None else (alike, address_of(alike)),
        another=form.get("another") == "1",
        asked=[] if wrong or alike is not None or listed is not None or refused else asked,
        before=second or version_of(form) > 0,
        known=bool(form.get("known")) and wrong.keys().isdisjoint(place_fields(entry.place)),
        meanwhile=meanwhile,
        differing=[] if meanwhile is None or second else _beside(meanwhile, entry),
        listed=listed,
        as_typed=form.get("listed") == _AS_TYPED,
        refused=refused,
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


async def _listed(desk: Desk, place: EntryPlace) -> BureauAskedAbout | None:
    """The bureau of the evidence that is asked about, once that has been read."""
    if desk.examiner.latest() is None:
        await run_in_threadpool(desk.examiner.wait, _PATIENCE)
    return await run_in_threadpool(listed_bureau, desk, place)


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
        await run_in_threadpool(desk.journal.save, Saving.REMOVED, Entry(entry.place), "", version_of(form))
    except SavedMeanwhile as error:
        said = msg("somebody saved this PV meanwhile: look at the page again, nothing was saved")
        raise RequestRefused(HTTPStatus.CONFLICT, said) from error
    desk.examiner.changed()
    return see("/entries")


def _beside(now: EnteredPV, mine: Entry) -> list[tuple[Text, Text | int, Text | int]]:
    """Pairs of saved and typed values that differ."""
    theirs = {} if now.latest is None else now.latest.cells()
    own = mine.cells()
    names = [name for name in dict.fromkeys([*theirs, *own]) if theirs.get(name, "") != own.get(name, "")]
    return [
        (cell_label(name), cell_shown(name, theirs.get(name, "")), cell_shown(name, own.get(name, "")))
        for name in names
    ]


_OTHER = "other"
_SIDES = ("first", "second", _OTHER)


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
    found, _, _ = _entered(desk, place_of(request.query_params, None))
    return _page(desk, request, found, {}, {})


def _page(
    desk: Desk, request: Request, found: EnteredPV, form: Mapping[str, str], wrong: Mapping[int, Text], said: Text = ""
) -> Response:
    """The page, with what was chosen and typed before.

    Args:
        desk: of the case.
        request: that is answered.
        found: the PV.
        form: what was sent, empty at first.
        wrong: what cannot be taken, by row.
        said: why it was not saved, where that is of no row.
    """
    cells, others = ({} if entry is None else entry.cells() for entry in (found.latest, found.second))
    names = found.differences
    where = {form.get(f"name-{at}", ""): at for at in range(len(form))}
    rows = []
    for at, name in enumerate(names):
        before = where.get(name, -1)
        chosen, typed = form.get(f"choose-{before}", ""), form.get(f"typed-{before}", "")
        figures = (cell_shown(name, each.get(name, "")) for each in (cells, others))
        rows.append((at, name, cell_label(name), *figures, chosen, typed, wrong.get(at)))
    status = HTTPStatus.CONFLICT if said else HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return desk.pages(request).show(
        "settle", status, found=found, other=_OTHER, place=found.place, rows=rows, said=said
    )


async def settle_differences(desk: Desk, request: Request) -> Response:
    """Save what the PV really says; what cannot be saved comes back as it was chosen and typed."""
    form = await read_form(desk, request)
    place, _ = read_entry(form)
    found, first, second = _entered(desk, place.place)
    if version_of(form) != found.version:
        return _page(desk, request, found, form, {}, _MEANWHILE)
    entry, wrong = _settled(found, first, second, form)
    if entry is None:
        return _page(desk, request, found, form, wrong)
    try:
        await run_in_threadpool(desk.journal.save, Saving.SETTLED, entry, found.author, version_of(form))
    except SavedMeanwhile:
        return _page(desk, request, _entered(desk, place.place)[0], form, {}, _MEANWHILE)
    except (RegardError, OSError) as error:
        return _page(desk, request, _entered(desk, place.place)[0], form, {}, reason(error))
    desk.examiner.changed()
    return see("/entries")


_MEANWHILE = msg("Somebody saved this PV meanwhile, and nothing was saved here: look at each figure again.")


def _settled(
    found: EnteredPV, first: Entry, second: Entry, form: Mapping[str, str]
) -> tuple[Entry | None, dict[int, Text]]:
    """The entry as it was settled; or None, and by row what cannot be taken."""
    cells, others = first.cells(), second.cells()
    values, wrong, rows = values_of(first), dict[int, Text](), dict[str, int]()
    fields = {f"voix {values[name]}": name.replace("choice", "votes") for name in values if name.startswith("choice-")}
    for at, name in enumerate(found.differences):
        chosen = form.get(f"choose-{at}", "")
        if chosen not in _SIDES:
            wrong[at] = msg("choose one of these")
            continue
        typed = {"first": cells.get(name, ""), "second": others.get(name, ""), _OTHER: form.get(f"typed-{at}", "")}
        if name.startswith("voix ") and name not in fields:
            number = len(fields)
            fields[name] = f"votes-{number}"
            values[f"choice-{number}"] = name.removeprefix("voix ")
        values[fields.get(name, name)] = typed[chosen]
        rows[fields.get(name, name)] = at
    entry, unread = read_entry({**values, **place_fields(found.place)})
    unread.pop("insee", None)  # it is entered so
    wrong |= {rows[name]: why for name, why in unread.items() if name in rows}
    return (None if wrong else entry), wrong
