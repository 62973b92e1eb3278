"""The findings as CSV, for spreadsheets: one row each, then the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from protocol.files import csv_lines
from protocol.spreadsheet_cells import quoted
from protocol.words import msg, series
from regard.language import show
from regard.reports.finding_rows import PLACE, SIDES, Columns, rows
from regard.terminal import clean
from verify.audit import Audit
from verify.model.evidence import Input

CSV_HEADER = (*PLACE, *SIDES, "message", "what_to_do")


def as_csv(result: Audit, language: str) -> Iterator[bytes]:
    """The findings, one row each, before the SHA-256 of every input. Cells that a spreadsheet would run are quoted."""
    yield csv_lines([CSV_HEADER])
    yield from map(csv_lines, csv_rows(result, language))


def csv_rows(result: Audit, language: str) -> Iterator[list[tuple[object, ...]]]:
    """The rows of `as_csv`, some at a time."""
    yield from rows(result.findings, language, _csv_rows)
    inputs = (
        ("input", "", used.kind, *[""] * 3, "sha256", used.path, used.sha256, "", used.size, _said(used, language), "")
        for used in result.inputs
    )
    yield [tuple(map(inert, row)) for row in inputs]


def _said(used: Input, language: str) -> str:
    """What is said of an input: what it was read as, and why not all of it was used."""
    return show(language, series(filter(None, (used.note, used.why)), msg("; ")))


def _csv_rows(columns: Columns) -> list[Any]:
    return list(zip(*(_inert_cells(columns[name]) for name in CSV_HEADER), strict=True))


def _inert_cells(cells: Sequence[int | str | None]) -> list[object]:
    """The cells of a column, each that occurs looked at once."""
    looked_at = {cell: inert(cell) for cell in set(cells)}
    return [looked_at[cell] for cell in cells]


def inert(cell: object) -> object:
    """A cell that no spreadsheet runs, whatever its separator: an apostrophe is put before what would."""
    return quoted(clean(cell)) if isinstance(cell, str) else cell
