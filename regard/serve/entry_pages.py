"""PVs and counts of sign-in lists, entered by hand: the form, its drafts, the list of entries, and second entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from protocol.errors import RegardError
from protocol.evidence_kinds import EvidenceKind
from protocol.night import ENTERED_VOTES
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg
from regard.serve.desk import MOST_AUTHOR, Desk, attempt, author_of, read_form, reason, remember_author, see
from regard.serve.entries import (
    CARRIED,
    CLOCKS,
    COUNTS,
    LIST,
    MOST_CHOICES,
    MOST_PAGES,
    PAGE,
    PV,
    Entry,
    EntryPlace,
    cell_label,
    cell_shown,
    differing,
    is_insee,
    questions,
    read_entry,
)
from regard.serve.entry_journal import EnteredPV, EntryState, SavedMeanwhile, Saving, new_draft
from regard.serve.pages import whole_number
from regard.serve.security import RequestRefused, no_form
from verify.align.communes import plain
from verify.model.bureau_codes import by_number
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
    evidence = desk.evidence
    if evidence is None or place.key in desk.journal.entered():
        return None
    universe = evidence.universe
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
    evidence = desk.evidence
    contest = None if evidence is None else _contest(evidence, place)
    if evidence is not None and contest is not None and evidence.contests.official:
        return OfferedChoices(contest.choices)
    entered = desk.journal.entered()
    others = [each.latest for key, each in entered.items() if key != place.key and each.place.poll == place.poll]
    noted = dict.fromkeys(
        choice for entry in others if entry is not None for choice, votes in entry.votes.items() if votes is not None
    )
    this = entered.get(place.key)
    latest = None if this is None else this.latest
    own = {} if latest is None else {choice: None for choice, votes in latest.votes.items() if votes is not None}
    is_older = evidence is None or evidence.contests.source == ENTERED_VOTES  # what was entered since is not in it
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


def next_place(desk: Desk, place: EntryPlace) -> EntryPlace | None:
    """The bureau whose piece is entered after this one; None where all of the commune are there, by the list."""
    evidence, codes, official = desk.evidence, list[str](), False
    if evidence is not None:
        universe = evidence.universe
        here = universe.insee == (place.insee or place.commune)
        given = evidence.records if place.piece == PV else evidence.signatures
        if given is not None and place.poll in evidence.polls:
            here = here & ~given.present[:, evidence.polls.index(place.poll)]
        codes, official = sorted(universe.bureau[here].tolist(), key=by_number), universe.official
    entered, others = desk.journal.entered(), [replace(place, bureau=code) for code in codes]
    left = [each for each in others if each.key not in entered]
    after = [each for each in left if by_number(each.bureau) > by_number(place.bureau)]
    if left or official:
        return next(iter([*after, *left]), None)
    code = place.bureau
    return replace(place, bureau=f"{int(code) + 1:0{len(code)}}" if code.isascii() and code.isdecimal() else "")


HINTS: dict[str, Message] = {
    "ouverture": msg("as the PV says it: 08:00"),
    "cloture": msg("as the PV says it: 19:00"),
    Quantity.REGISTERED: msg("voters on the list on the day of the vote"),
    Quantity.PROXIES: msg("votes cast by proxy, as the PV says it"),
    Quantity.SIGNATURES: msg("voters who signed, by the sign-in list"),
    Quantity.VOTES_FOUND: msg("the total of the machine's counter; on paper, ballots and envelopes in the urn"),
    Quantity.BLANK: msg("the line of blank votes of the machine's ticket; on paper, those set apart as blank"),
    Quantity.NULL: msg("on paper, those set apart as null; a machine has none: most often 0"),
    Quantity.VALID: msg("votes for a candidate or a list, all together"),
}
"""Hint beside each field: the place on the paper where it stands."""
_PAGES = 20
"""Rows of the form for the pages of a list, and those that are free below the last one that is filled in."""
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
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One choice of the form; its name is fixed where the list of choices has it."""

    number: int
    name: str
    fixed: bool
    votes: str
    wrong: Text = ""


def place_of(query: Mapping[str, str], evidence: LinedEvidence | None) -> EntryPlace:
    """Find the requested PV; the commune's name is the list's, if it has one, and the only one where none is asked for.

    Where the list has a commune by its name alone, the name stands in place of its code, and is none.
    """
    insee, commune, bureau = (query.get(name, "")[:200] for name in ("insee", "commune", "bureau"))
    poll = query.get("scrutin", "1")
    if evidence is not None and not insee and not commune and len(evidence.universe.communes) == 1:
        insee = str(evidence.universe.insee[0])
    if evidence is not None and insee:
        here = np.flatnonzero(evidence.universe.insee == insee)
        commune = str(evidence.universe.commune[here[0]]) if len(here) else commune
        if len(here) and plain(commune) == plain(insee):
            insee = ""
    piece = LIST if query.get("piece") == LIST else PV
    return EntryPlace(insee, commune, bureau, int(poll) if poll in ("1", "2", "3", "4", "5") else 1, piece)


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

    def field(name: str) -> FormField:
        return FormField(name, cell_label(name), values.get(name, ""), wrong.get(name, ""), HINTS.get(name, ""))

    filled = [at for at in range(1, MOST_PAGES + 1) if any(values.get(f"{each}-{at}") for each in (PAGE, CARRIED))]
    last = min(max(filled, default=0) + _PAGES, MOST_PAGES) if place.piece == LIST else 0
    return {
        "place": place,
        "clocks": [field(name) for name in CLOCKS],
        "counts": [field(name) for name in COUNTS[place.piece]],
        "pages": [(at, field(f"{PAGE}-{at}"), field(f"{CARRIED}-{at}")) for at in range(1, last + 1)],
        "pages_filled": bool(filled),
        "address": address_of(place),
        "draft": values.get("draft") or new_draft(),
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
    cells = {"insee": place.insee, "commune": place.commune, "bureau": place.bureau, "scrutin": str(place.poll)}
    return cells if place.piece == PV else {**cells, "piece": place.piece}


def version_of(form: Mapping[str, str]) -> int:
    """The version that a form was made from.

    Raises:
        RequestRefused: it has none.
    """
    version = whole_number(form.get("version", ""))
    if version is None:
        raise no_form()
    return version


_PATIENCE = 5.0
"""Seconds to wait for the list of choices."""
_AS_LISTED, _AS_TYPED = "same", "other"
"""Answers to whether a bureau is the one that the evidence has under another code."""


_PIECES = {PV: EvidenceKind.RECORDS.one, LIST: EvidenceKind.SIGNATURES.one}


async def show_entries(desk: Desk, request: Request) -> Response:
    """All that was entered and how each stands, and what is unfinished."""
    entered = sorted(desk.journal.entered().values(), key=lambda each: each.place.key)
    rows = [(each, address_of(each.place), place_fields(each.place)) for each in entered]
    return desk.pages(request).show(
        "entries", rows=rows, states=EntryState, drafts=list(desk.drafts.all()), pieces=_PIECES
    )


async def show_form(desk: Desk, request: Request) -> Response:
    """The form: empty, with what was entered before, unfinished, or blind for a second person."""
    await _looked_at(desk)  # else the choices are not known yet
    kept = desk.drafts.get(request.query_params.get("draft", ""))
    asked = QueryParams({**request.query_params, **kept}) if kept is not None else request.query_params
    place = place_of(asked, desk.evidence)
    second = asked.get("second") == "1"
    before = desk.journal.entered().get(place.key)
    values = {"auteur": author_of(request)}
    version = 0 if before is None else before.version
    if kept is not None:
        values = kept
        kept_version = whole_number(kept.get("version", ""))
        version = version if kept_version is None else kept_version
    elif before is not None and before.latest is not None and not second:
        values = {**values_of(before.latest), "auteur": before.author}
    return _form(
        desk,
        request,
        place,
        values,
        known=bool(place.bureau and (place.insee or place.commune)) and "saved" not in asked and kept is None,
        drafts=[each for each in desk.drafts.all() if each["draft"] != values.get("draft")],
        kept=kept is not None,
        saved=asked.get("saved", ""),
        second=second and before is not None,
        version=version,
    )


async def _looked_at(desk: Desk) -> None:
    """Wait for the first comparison of the folder, but not for long."""
    if not desk.examiner.latest().mark:
        await run_in_threadpool(desk.examiner.wait, _PATIENCE)


_UNASKED: dict[str, Any] = {
    "alike": None,
    "another": False,
    "asked": [],
    "before": False,
    "meanwhile": None,
    "differing": [],
    "listed": None,
    "as_typed": False,
    "refused": "",
    "drafts": [],
    "kept": False,
    "saved": "",
}
"""Values of the form's template where nothing is said of what was sent."""
_NOTHING: Mapping[str, Text] = {}


def _form(
    desk: Desk,
    request: Request,
    place: EntryPlace,
    values: Mapping[str, str],
    wrong: Mapping[str, Text] = _NOTHING,
    status: HTTPStatus = HTTPStatus.OK,
    **said: object,
) -> Response:
    """The form with some values, what is wrong with them, and what is said of them."""
    return desk.pages(request).show("entry", status, **{**_UNASKED, **form_fields(desk, place, values, wrong), **said})


async def keep_draft(desk: Desk, request: Request) -> Response:
    """Keep what was typed, finished or not; the script asks for no page."""
    form = await read_form(desk, request)
    refused = await attempt(desk.drafts.keep, form)
    if form.get("auto") == "1":
        return JSONResponse({"refused": desk.pages(request).words.show(refused)})
    if not refused:
        return see(f"/entry?draft={quote(form.get('draft', ''), safe='')}")
    entry, _ = read_entry(form)
    return _form(
        desk,
        request,
        entry.place,
        form,
        status=HTTPStatus.CONFLICT,
        refused=refused,
        known=bool(form.get("known")),
        second=form.get("second") == "1",
        version=version_of(form),
    )


async def drop_draft(desk: Desk, request: Request) -> Response:
    """Throw away what is unfinished."""
    form = await read_form(desk, request)
    await run_in_threadpool(desk.drafts.drop, form.get("draft", ""))
    return see("/entries")


def _saved_meanwhile(desk: Desk, place: EntryPlace, version: int) -> EnteredPV | None:
    """The entry that somebody saved of this place since that version; None where nobody did."""
    now = desk.journal.entered().get(place.key)
    return None if version == (0 if now is None else now.version) else now or EnteredPV(place, removed=True)


def _address_after(desk: Desk, saved: EnteredPV) -> str:
    """The next page once an entry is saved: its differences, the next bureau of a new one, or all entries."""
    if saved.state is EntryState.DIFFERS:
        return f"/settle?{address_of(saved.place)}"
    following = next_place(desk, saved.place) if saved.version == 1 else None
    if following is None:
        return "/entries"
    return f"/entry?{address_of(following)}&{urlencode({'saved': saved.place.bureau})}"


async def save_form(desk: Desk, request: Request) -> Response:
    """Save an entry. What cannot be read, is asked about or could not be saved comes back with all that was typed."""
    sent = await read_form(desk, request)
    _name_as_listed(desk, sent)
    form = without_other_choices(sent, offered_choices(desk, read_entry(sent)[0].place))
    entry, wrong = read_entry(form)
    if entry.place.insee in _communes(desk):  # whatever it looks like
        wrong.pop("insee", None)
    second, version = form.get("second") == "1", version_of(form)
    asked = [] if second else list(questions(entry))
    meanwhile: EnteredPV | None = None
    refused: Text = ""
    alike = None if wrong or form.get("another") == "1" else _alike(desk, entry.place)
    told = form.get("another") == "1" or form.get("listed") == _AS_TYPED
    listed = None if wrong or told or alike is not None else await _listed(desk, entry.place)
    if listed is not None and form.get("listed") == _AS_LISTED:
        form["bureau"] = listed.bureau
        entry, listed = read_entry(form)[0], None
    doubtful = bool(wrong or alike or listed or (asked and form.get("sure") != "1"))
    if not doubtful:
        saving = Saving.SECOND if second else Saving.FIRST
        author = " ".join(form.get("auteur", "").split())[:MOST_AUTHOR]
        try:
            saved = await run_in_threadpool(desk.journal.save, saving, entry, author, version)
        except SavedMeanwhile as error:
            meanwhile = error.now
        except (RegardError, OSError) as error:
            refused = reason(error)
        else:
            _drop_drafts(desk, form, entry)
            desk.examiner.changed()
            response = see(_address_after(desk, saved))
            remember_author(response, author)
            return response
    else:
        meanwhile = None if wrong else _saved_meanwhile(desk, entry.place, version)
        await attempt(desk.drafts.keep, form)  # what was typed comes back all the same
    if meanwhile is not None or refused:
        now = desk.journal.entered().get(entry.place.key)
        version = 0 if now is None else now.version
    return _form(
        desk,
        request,
        entry.place,
        form,
        wrong,
        HTTPStatus.UNPROCESSABLE_ENTITY if meanwhile is None and not refused else HTTPStatus.CONFLICT,
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


def _drop_drafts(desk: Desk, form: Mapping[str, str], entry: Entry) -> None:
    """Throw away what was unfinished of an entry that is saved now, also in a form of its own, or as « 4 » for 0004."""
    for each in list(desk.drafts.all()):
        draft = read_entry(each)[0]
        again = entry.place.may_be(draft.place, _communes(desk)) and replace(draft, place=entry.place) == entry
        same = (draft.place.key == entry.place.key or again) and each.get("second") == form.get("second")
        if same or each["draft"] == form.get("draft", ""):
            desk.drafts.drop(each["draft"])


def _communes(desk: Desk) -> dict[str, str]:
    """Names of the communes of the list by their codes, as far as one is known."""
    if desk.evidence is None:
        return {}
    universe = desk.evidence.universe
    return dict(zip(universe.insee.tolist(), universe.commune.tolist(), strict=True))


def _name_as_listed(desk: Desk, form: dict[str, str]) -> None:
    """Write a commune without a code as the evidence has its name: « St Aubin » is Saint-Aubin."""
    typed = plain(form.get("commune", ""))
    if typed and not form.get("insee", "").strip():
        names = {name for name in _communes(desk).values() if plain(name) == typed}
        form["commune"] = names.pop() if len(names) == 1 else form["commune"]


def _alike(desk: Desk, place: EntryPlace) -> EntryPlace | None:
    """The PV that was entered already and may be this one, named otherwise; None where there is none."""
    entered = desk.journal.entered()
    if place.key in entered:
        return None
    communes = _communes(desk)
    return next((each.place for each in entered.values() if place.may_be(each.place, communes)), None)


async def _listed(desk: Desk, place: EntryPlace) -> BureauAskedAbout | None:
    """The bureau of the evidence that is asked about, once that has been read."""
    await _looked_at(desk)
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
    before = now.latest or Entry(mine.place)
    theirs, own = before.cells(), mine.cells()
    return [
        (cell_label(name), cell_shown(name, theirs.get(name, "")), cell_shown(name, own.get(name, "")))
        for name in differing(before, mine)
    ]
