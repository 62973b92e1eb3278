"""Entering a PV by hand, in the order of the official form, a second time by somebody else; the list of all PVs."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import RegardError
from protocol.words import Text, msg
from regard.serve.desk import Desk, read_form, reason, see
from regard.serve.entries import Entry, EntryPlace, cell_label, cell_shown, questions, read_entry
from regard.serve.entry_bureaux import BureauAskedAbout, listed_bureau
from regard.serve.entry_choices import offered_choices, without_other_choices
from regard.serve.entry_form import address_of, form_fields, place_fields, place_of, values_of, version_of
from regard.serve.entry_journal import EnteredPV, EntryState, SavedMeanwhile, Saving
from regard.serve.security import RequestRefused

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
    """What somebody else saved, and what was typed, where they are not the same."""
    theirs = {} if now.latest is None else now.latest.cells()
    own = mine.cells()
    names = [name for name in dict.fromkeys([*theirs, *own]) if theirs.get(name, "") != own.get(name, "")]
    return [
        (cell_label(name), cell_shown(name, theirs.get(name, "")), cell_shown(name, own.get(name, "")))
        for name in names
    ]
