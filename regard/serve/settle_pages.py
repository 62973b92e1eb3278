"""Two entries of one piece that differ: each figure is settled by itself."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from protocol.words import Text, msg
from regard.serve.desk import Desk, attempt, read_form, see
from regard.serve.entries import Entry, EntryPlace, cell_label, cell_shown, read_entry
from regard.serve.entry_journal import EnteredPV, SavedMeanwhile, Saving
from regard.serve.entry_pages import place_fields, place_of, values_of, version_of
from regard.serve.security import RequestRefused

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
        said: why it was not saved, if no row is at fault.
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
        refused = await attempt(desk.journal.save, Saving.SETTLED, entry, found.author, version_of(form))
    except SavedMeanwhile:
        refused = _MEANWHILE
    if refused:
        return _page(desk, request, _entered(desk, place.place)[0], form, {}, refused)
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
