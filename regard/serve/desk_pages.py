"""The overview: how the case stands, what was given, and what each file and each of its columns was taken for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from protocol import night
from protocol.evidence_kinds import DUMPS
from protocol.night import has_entry_columns
from protocol.opening import MAX_FILE
from protocol.words import Message, Text, msg
from regard.letters.asking import deadlines
from regard.reports.inputs import TAKEN, USED, taken_for
from regard.serve.case_folder import SameFiles
from regard.serve.desk import Desk, attempt, read_form, see
from regard.serve.election_pages import election_values
from regard.serve.examining import BureauState, CaseGroup, Compared
from regard.serve.security import RequestRefused, no_form
from regard.serve.uploads import MOST_FILES, Receiver, Upload, UploadFate
from regard.views.audit import verdict, votes_added_up
from regard.views.contests import outcomes_in_short
from verify.model.labels import field_label
from verify.model.use import Input, Use, Used, action_of
from verify.read.tables.asked import MEANINGS
from verify.read.tables.headers import key

_MOST_DUMPS = 50
"""Dumps that are named one by one, of those that are not wholly used."""
_MOST_TILES = 300
"""Bureaux that the first page shows each by itself."""
_MOST_OUTCOMES = 5
USED_MARKS = {Used.WHOLE: "●", Used.PART: "◐", Used.NONE: "○"}
_OF_COLUMNS = "--map"
"""The option of commands that says what columns are."""
_KEPT = {
    UploadFate.STORED: msg("is in the folder now, as « {name} »"),
    UploadFate.ALREADY: msg("was there already, as « {name} »: the same bytes"),
    UploadFate.TOO_LARGE: msg("is too large and was not kept: {why}"),
    UploadFate.REFUSED: msg("was not kept: {why}"),
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the case: what it was taken for and how much of it was used."""

    path: str
    id: str
    taken: Text
    used: Used
    why: Text
    action: Text
    size: int
    columns: int


def file_id(path: str) -> str:
    """Identifier of a file in addresses and forms, whatever its name."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def action_on_page(each: Input | Use) -> Text:
    """Advice on a file or a sheet that can be followed here, not by an option of a command."""
    if isinstance(each, Input) and each.sheets:
        return action_of([replace(use, action=action_on_page(use)) for use in each.sheets])
    if _OF_COLUMNS in str(each.action):
        return msg("In the list of its columns, say what each one is, or leave it out.")
    return each.action


def _rows(inputs: Iterable[Input]) -> list[FileRow]:
    return [
        FileRow(
            path=each.path,
            id=file_id(each.path),
            taken=taken_for(each),
            used=each.used,
            why=each.why,
            action=action_on_page(each),
            size=each.size,
            columns=sum(len(use.columns) for use in each.sheets),
        )
        for each in inputs
    ]


def _dumps(inputs: Sequence[Input]) -> list[tuple[Text, Counter[Used]]]:
    """Count dumps by what was used of them: there may be a thousand of them."""
    counts = {kind: Counter(each.used for each in inputs if each.kind == kind) for kind in DUMPS}
    return [(TAKEN[kind], count) for kind, count in counts.items() if count]


async def show_desk(desk: Desk, request: Request) -> Response:
    """The first page."""
    found = desk.examiner.latest()
    inputs = found.inputs
    shown = [each for each in inputs if each.kind not in DUMPS]
    odd = [each for each in inputs if each.kind in DUMPS and each.used is not Used.WHOLE]
    pages = desk.pages(request)
    return pages.show(
        "desk",
        **election_values(desk, pages.words),
        dumps=_dumps(inputs),
        error=found.error,
        files=_rows([*shown, *odd[:_MOST_DUMPS]]),
        more_dumps=max(len(odd) - _MOST_DUMPS, 0),
        largest=MAX_FILE // 2**20,
        marks=USED_MARKS,
        most=MOST_FILES,
        **_progress(found.compared),
        uploads=[(each, _said(each)) for each in desk.uploads],
        used=USED,
        verdict=None if found.compared is None else verdict(found.compared.result),
    )


def _progress(found: Compared | None) -> dict[str, Any]:
    """The part of the first page on what was found, until when one can complain, and how far the work is."""
    if found is None:
        return {}
    result, states = found.result, found.states
    counts, outcomes = states.counts(), outcomes_in_short(result)
    few = len(states.state) <= _MOST_TILES
    names = result.coverage.communes.items()
    return {
        "asking": int((found.cases.group != CaseGroup.INFORMATION).sum()),
        "communes": [(at, name or at, list(states.bureaux(at))) for at, name in names] if few else [],
        "compared": sum(counts[BureauState.LACKING :]),
        "coverage": result.coverage,
        "done": int((found.cases.group == CaseGroup.SETTLED).sum()),
        "more_outcomes": max(len(outcomes) - _MOST_OUTCOMES, 0),
        "outcomes": outcomes[:_MOST_OUTCOMES],
        "states": list(zip(BureauState, counts, strict=True)),
        "times": deadlines(found.evidence),
        "votes": votes_added_up(result.coverage),
    }


def _said(each: Upload) -> Message:
    if each.kept is UploadFate.STORED and each.name == each.called:
        return msg("is in the folder now")
    return Message(_KEPT[each.kept].text, {"name": each.name, "why": each.why})


async def take_files(desk: Desk, request: Request) -> Response:
    """Take files in, and show the overview again."""
    receiver = Receiver(desk.keys.check_form, desk.folder.claim, SameFiles().find)
    try:
        await receiver.take(request)
    finally:
        desk.uploads = receiver.files
        if receiver.files:
            desk.examiner.changed()
    return see("/#given")


_AS_IT_IS, _LEFT = "?", "-"
"""In place of a meaning: nothing is said of the column; it is left out."""
_COUNT_TABLES = (night.SIGNATURES, night.RECORDS, night.VOTES)
_SOME = 5
"""Other files with the same column that are named."""
_MOST_COLUMNS = 400
"""Columns that a page shows; a table of results has up to three hundred."""


def meanings() -> list[tuple[str, Text]]:
    """All that a column can be, and what that is called."""
    return [(name, _LABELS.get(name) or field_label(name)) for name in MEANINGS]


_LABELS = {
    "votants": msg("voters (one of the two counts)"),
    "choix": msg("name of the choice"),
    "observations": msg("remarks"),
    "departement": msg("département"),
}


def _found(desk: Desk, wanted: str) -> Input:
    """One of the files that the audit has named.

    Raises:
        RequestRefused: there is none.
    """
    for each in desk.examiner.latest().inputs:
        if file_id(each.path) == wanted:
            return each
    raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is no file of this name in the folder"))


async def show_file(desk: Desk, request: Request) -> Response:
    """Show the use of one file, sheet by sheet and column by column."""
    return _page(desk, request, _found(desk, request.query_params.get("id", "")), {})


def _elsewhere(desk: Desk, this: Input) -> dict[str, list[str]]:
    """The other files that have a column of the same name, by the headers of one: what is said holds for them too."""
    wanted = {key(header): header for header in _headers(this)}
    found: dict[str, list[str]] = {header: [] for header in wanted.values()}
    for each in desk.examiner.latest().inputs:
        names = _headers(each)
        if each.path != this.path and not has_entry_columns(each.path, names):
            for plain in dict.fromkeys(map(key, names)):
                if plain in wanted:
                    found[wanted[plain]].append(each.path)
    return {header: [*paths[:_SOME], *(["…"] if paths[_SOME:] else [])] for header, paths in found.items() if paths}


def _headers(each: Input) -> list[str]:
    """Those of a file; a table in a night's own form has the names of its columns."""
    headers = [column.header for use in each.sheets for column in use.columns]
    own = [
        table
        for table in _COUNT_TABLES
        if table.kind == each.kind or any(table.kind in use.kinds for use in each.sheets)
    ]
    return headers or [name for table in own for name in table.header]


def _page(desk: Desk, request: Request, each: Input, chosen: Mapping[str, str | None], refused: Text = "") -> Response:
    """The page of a file; with what was chosen on it, where that could not be saved, and why."""
    said, version = desk.folder.meanings()
    for header, meaning in chosen.items():
        said.pop(header, None)
        if meaning is not None:
            said[header] = meaning
    return desk.pages(request).show(
        "file",
        HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        action=action_on_page(each),
        action_of_sheet=action_on_page,
        each=each,
        elsewhere=_elsewhere(desk, each),
        entered=has_entry_columns(each.path, _headers(each)),
        id=file_id(each.path),
        kind=taken_for(each),
        marks=USED_MARKS,
        meanings=meanings(),
        most=_MOST_COLUMNS,
        refused=refused,
        said=said,
        used=USED,
        version=version,
    )


async def save_columns(desk: Desk, request: Request) -> Response:
    """Keep what columns are, in the folder's own table of them; what cannot be saved comes back as it was chosen.

    Raises:
        RequestRefused: a column is said to be what it cannot be, or the table is of PVs entered on the page.
    """
    form = await read_form(desk, request)
    each = _found(desk, form.get("id", ""))
    headers = [column.header for use in each.sheets for column in use.columns]
    if has_entry_columns(each.path, headers):
        raise no_form()
    chosen: dict[str, str | None] = {}
    for number, header in enumerate(headers):
        meaning = form.get(f"column-{number}", _AS_IT_IS)
        if meaning not in (_AS_IT_IS, _LEFT, *MEANINGS):
            raise no_form()
        if header.strip():
            chosen[header] = None if meaning == _AS_IT_IS else "" if meaning == _LEFT else meaning
    if refused := await attempt(desk.folder.save_meanings, chosen, form.get("version", "")):
        return _page(desk, request, each, chosen, refused)
    desk.examiner.changed()
    return see(f"/file?id={file_id(each.path)}")
