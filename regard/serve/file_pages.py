"""A file column by column: what each was taken for, and a form to put it right."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from protocol import night
from protocol.night import has_entry_columns
from protocol.words import Text, msg
from regard.reports.inputs import USED
from regard.serve.desk import Desk, attempt, read_form, see
from regard.serve.desk_pages import USED_MARKS, action_on_page, file_id, kind_label
from regard.serve.security import RequestRefused, no_form
from verify.model.labels import field_label
from verify.model.use import Input
from verify.read.tables.asked import MEANINGS
from verify.read.tables.headers import key

_AS_IT_IS, _LEFT = "?", "-"
"""In place of a meaning: nothing is said of the column; it is left out."""
_COUNTED = (night.SIGNATURES, night.RECORDS, night.VOTES)
_SOME = 5
"""Other files with the same column that are named."""
_MOST_COLUMNS = 400
"""Columns that a page shows; a table of results has up to three hundred."""


def meanings() -> list[tuple[str, Text]]:
    """All that a column can be, and what that is called."""
    return [(name, _label(name)) for name in MEANINGS]


def _label(name: str) -> Text:
    if name == "votants":
        return msg("voters (one of the two counts)")
    if name == "choix":
        return msg("name of the choice")
    if name == "observations":
        return msg("remarks")
    if name == "departement":
        return msg("département")
    return field_label(name)


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
        table for table in _COUNTED if table.kind == each.kind or any(table.kind in use.kinds for use in each.sheets)
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
        kind=kind_label(each),
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
