"""The list of a town's bureaux, read by the readers of evidence: what it says, what it does not, what is not used.

Nothing of it is guessed in silence. A cell that should hold a number and does not is refused, with its row and column;
what the list does not say is assumed and told; rows, columns and sheets that are not used are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from protocol.errors import InputError, wanted
from protocol.opening import open_evidence
from protocol.words import Message, Text, cited, msg, nmsg, series
from regard.office.contents import PlanInput, PlannedBureau
from regard.office.hours import HOURS
from regard.office.rows_of_bureaux import column_label, meaning, rows_of_bureaux, short_headers
from regard.office.wording import some_of
from sim.queues.town import TownBureau
from verify.read.rows import Problems
from verify.read.tables import headers
from verify.read.tables import table as auditor_table
from verify.read.tables.asked import LEFT, Asked, AskedColumn
from verify.read.tables.codes import places_of
from verify.read.tables.grid import Grid, grids_of
from verify.read.tables.headers import find_meaning, key
from verify.read.tables.table import AuditorTable

MOST_BUREAUX = 2000
"""Of one plan. The largest town with machines has fewer than a hundred."""
_WORKBOOKS, _WORKBOOK_STARTS = (".xlsx", ".xlsm", ".ods"), (b"PK", b"\xd0\xcf\x11\xe0")
"""Endings of workbooks, and how such begin; with a password they begin as older ones do."""
_HEAD = 12
"""Rows among which the header is looked for."""
_SHOWN = 12
"""Bureaux, rows or columns that are named in one sentence."""


@dataclass(frozen=True, slots=True)
class TownList:
    """A list that was read: its bureaux in their order, the file, and what was assumed of it."""

    bureaux: tuple[PlannedBureau, ...]
    source: PlanInput
    assumptions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class _ListSheet:
    """One table of the file that lists bureaux: its rows, and what was read as what."""

    grid: Grid
    shown: str
    rows: list[PlannedBureau]
    note: Text
    unused: list[Text]


def read_town(path: Path, hours: tuple[int, int], sheets: Sequence[str] = (), *, paper: bool = False) -> TownList:
    """The bureaux of a town.

    Args:
        path: CSV, xlsx, xls, ods, JSON or Parquet, packed or not.
        hours: opening and closing where the list does not say them.
        sheets: names of the sheets of a workbook that are to be read; all that list bureaux by default.
        paper: whether bureaux without a machine are wanted as well.

    Raises:
        InputError: it cannot be read, lists no bureaux, or has a cell in it that cannot be what it should be.
    """
    file = open_evidence(path)
    shown = str(path)
    asked = Asked(sheets=tuple(sheet.strip().casefold() for sheet in sheets))
    if path.suffix.casefold() in _WORKBOOKS and b"\0" in file.data and not file.data.startswith(_WORKBOOK_STARTS):
        raise InputError(
            shown, None, None, msg("a workbook"), msg("no workbook: a damaged file, or one of another kind")
        )
    grids = list(grids_of(file, shown, asked))
    unasked = _asked_sheets(shown, sheets, grids)
    read: list[_ListSheet] = []
    unused: list[Text] = []
    wrong: list[InputError] = []
    for grid in grids:
        sheet = _sheet(grid, hours, paper)
        if isinstance(sheet, InputError):
            wrong.append(sheet)
            unused.append(_of_sheet(grid, wanted(sheet.expected, sheet.got)))
        elif isinstance(sheet, _ListSheet) and (again := _again(sheet, read)) is not None:
            unused.append(_of_sheet(grid, again))
        elif isinstance(sheet, _ListSheet):
            read.append(sheet)
            unused += sheet.unused
        else:
            unused.append(_of_sheet(grid, sheet))
    rows = [row for sheet in read for row in sheet.rows]
    if not rows:
        why = series(unused[:3], msg("; ")) if unused else msg("nothing")
        raise wrong[0] if wrong else InputError(shown, None, None, msg("a list of bureaux"), why)
    if len(rows) > MOST_BUREAUX:
        raise InputError(shown, None, None, msg("at most {most:n} bureaux", most=MOST_BUREAUX), f"{len(rows)}")
    _check_codes([(row, sheet) for sheet in read for row in sheet.rows])
    unused += unasked
    if hours != HOURS and not any({"opening", "closing"} & set(row.assumed) for row in rows):
        unused.append(msg("--hours: the list says the hours of all bureaux itself"))
    notes = [_of_sheet(sheet.grid, sheet.note) for sheet in read]
    source = PlanInput(shown, len(file.data), file.sha256, series(notes, " / "), tuple(unused))
    return TownList(tuple(rows), source, tuple(_assumptions(rows, hours)))


def _asked_sheets(shown: str, sheets: Sequence[str], grids: Sequence[Grid]) -> list[Text]:
    """Report sheets asked for of a file that has none.

    Raises:
        InputError: a workbook has no sheet of such a name.
    """
    names = list(dict.fromkeys(grid.name for grid in grids if grid.name))
    if sheets and not names:
        return [msg("--sheet: the file has no sheets")]
    for sheet in sheets:
        if sheet.strip().casefold() not in {name.strip().casefold() for name in names}:
            there = msg("sheets called {names}", names=some_of(names, _SHOWN))
            raise InputError(shown, None, None, msg("a sheet called {name}", name=cited(sheet)), there)
    return []


def _of_sheet(grid: Grid, said: Text) -> Text:
    return msg("[{sheet}] {said}", sheet=grid.label, said=said) if grid.label else said


def _sheet(grid: Grid, hours: tuple[int, int], paper: bool) -> _ListSheet | InputError | Message:
    """Read one table; returns its fault, or the reason for leaving it out.

    Raises:
        InputError: it lists bureaux, and a cell in it cannot be what it should be.
    """
    named = bool(grid.asked.sheets)
    if grid.name and not grid.asked.wants(grid.name):
        return msg("not asked for: --sheet")
    if grid.table.hidden and not named:
        return msg("a hidden sheet, not used; --sheet takes it")
    head = [cell for row in grid.rows[:_HEAD] for cell in row]
    ours = {key(cell): LEFT for cell in head if meaning(cell) is not None} | short_headers(head)
    asked = replace(
        grid.asked, signatures=True, columns={plain: AskedColumn(meant, plain) for plain, meant in ours.items()}
    )
    table = auditor_table.find_table(replace(grid, asked=asked))
    if isinstance(table, InputError):
        return table if table in grid.problems or not grid.rows else _no_list(table.file, table.row, table.got, head)
    if "registered" not in table.header.at:
        return _no_list(table.shown, table.header_row, " | ".join(filter(None, table.header.cells))[:200], head)
    problems = Problems(table.shown, table.problems)
    places = places_of(table, problems)
    columns = {name: at for at, cell in enumerate(table.header.cells) if (name := meaning(cell)) is not None}
    rows, unused = rows_of_bureaux(table, places, columns, hours, paper)
    unused += _unused(table, columns, problems)
    return _ListSheet(grid, table.shown, rows, _read_as(table, columns), [_of_sheet(grid, said) for said in unused])


def _no_list(shown: str, row: int | None, got: Text, head: Sequence[str]) -> InputError:
    """Say that one or both of the two columns are missing, or have another header."""
    there = {known[0] for cell in head if (known := find_meaning(cell)) is not None} | set(short_headers(head).values())
    missing = [column for column in ("bureau", "registered") if column not in there] or ["bureau", "registered"]
    columns = series(map(headers.example, missing))
    wanted_ones = nmsg("a column such as {columns}", "columns such as {columns}", len(missing), columns=columns)
    return InputError(shown, row, None, wanted_ones, got)


def _read_as(table: AuditorTable, columns: dict[str, int]) -> Text:
    """Interpretation of the columns."""
    taken = {at: name for name, at in table.header.at.items() if name in _READ} | {at: n for n, at in columns.items()}
    return series(
        msg("« {header} » = {column}", header=table.header.cells[at].strip()[:80], column=column_label(taken[at]))
        for at in sorted(taken)
        if table.header.cells[at].strip()  # not what a title says
    )


_READ = ("insee", "commune", "bureau", "registered", "ouverture", "cloture")


def _unused(table: AuditorTable, columns: dict[str, int], problems: Problems) -> list[Text]:
    """Columns, rows and tables beside it that are not used."""
    said: list[Text] = []
    read = {table.header.at[name] for name in _READ if name in table.header.at} | set(columns.values())
    left = [cell.strip()[:80] for at, cell in enumerate(table.header.cells) if cell.strip() and at not in read]
    if left:
        said.append(
            nmsg("column not used: {columns}", "columns not used: {columns}", len(left), columns=some_of(left, _SHOWN))
        )
    totals = [f"{table.rows.row[at]} (« {named} »)" for at, named in sorted(table.totals.items())]
    if totals:
        said.append(
            nmsg(
                "row of totals not used: {rows}",
                "rows of totals not used: {rows}",
                len(totals),
                rows=some_of(totals, _SHOWN),
            )
        )
    return [*said, *table.notes, *table.others, *(problem.message for problem in problems.all())]


def _again(found: _ListSheet, read: Sequence[_ListSheet]) -> Message | None:
    """Why a sheet is not used that lists bureaux which another one before it lists already; None where it does not."""
    known = {row.bureau.identity for sheet in read for row in sheet.rows}
    twice = [row for row in found.rows if row.bureau.identity in known]
    if not twice:
        return None
    return msg(
        "not used: bureau {bureau} is on another sheet already; --sheet takes the one that is meant",
        bureau=twice[0].bureau.code,
    )


def _check_codes(rows: Sequence[tuple[PlannedBureau, _ListSheet]]) -> None:
    """Refuse a list that names a bureau twice, once with more zeros before its code or not.

    Raises:
        InputError: it does.
    """
    known: dict[tuple[str, str], PlannedBureau] = {}
    for row, sheet in rows:
        first = known.setdefault(_without_zeros(row.bureau), row)
        if first is row:
            continue
        code, other = row.bureau.code, first.bureau.code
        if code == other:
            got = msg("bureau {bureau} in row {row} as well", bureau=code, row=first.row)
            raise InputError(sheet.shown, row.row, None, msg("each bureau once"), got)
        got = msg("bureau {bureau}, and {other} in row {row}", bureau=code, other=other, row=first.row)
        raise InputError(sheet.shown, row.row, None, msg("codes that differ by more than leading zeros"), got)


def _without_zeros(bureau: TownBureau) -> tuple[str, str]:
    """A bureau, however many zeros its code begins with."""
    return bureau.insee or bureau.commune, bureau.code.lstrip("0") or "0"


def _assumptions(rows: Sequence[PlannedBureau], hours: tuple[int, int]) -> list[Text]:
    """Facts missing from the list, with the values assumed for them."""
    said: list[Text] = []
    opening, closing = hours
    for field, of_all, of_some in (
        (
            "machines",
            msg("the list does not say how many machines there are: one in each bureau"),
            msg("the list does not say how many machines there are in {bureaux}: one in each"),
        ),
        (
            "tables",
            msg("the list does not say at how many tables identity is checked: at one in each bureau"),
            msg("the list does not say at how many tables identity is checked in {bureaux}: at one in each"),
        ),
        (
            "opening",
            msg("the list does not say when the bureaux open: at {hour}h", hour=opening),
            msg("the list does not say when these bureaux open: {bureaux}: at {hour}h", hour=opening),
        ),
        (
            "closing",
            msg("the list does not say when the bureaux close: at {hour}h", hour=closing),
            msg("the list does not say when these bureaux close: {bureaux}: at {hour}h", hour=closing),
        ),
    ):
        lacking = [row.bureau.code for row in rows if field in row.assumed]
        if len(lacking) == len(rows):
            said.append(of_all)
        elif lacking:
            said.append(Message(of_some.text, {**of_some.values, "bureaux": some_of(lacking, _SHOWN)}))
    return said
