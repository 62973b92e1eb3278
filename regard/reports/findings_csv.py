"""The findings as CSV, for spreadsheets: one row each, then the inputs."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written: what stands between its cells, and the bytes before its first one."""

    delimiter: str
    mark: bytes

    def lines(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Rows as lines."""
        return csv_lines(rows, self.delimiter)

    def head(self, header: Sequence[str]) -> bytes:
        """The start of a file: its mark and the line of its header."""
        return self.mark + self.lines([header])


DIALECTS = {"fr": Dialect(";", BOM_UTF8), "en": Dialect(",", BOM_UTF8), "plain": Dialect(",", b"")}
"""By language: what its spreadsheets open with a double click, as UTF-8. The plain one is for programs."""


def dialect_of(name: str | None, language: str) -> Dialect:
    """The dialect that was asked for, else the language's."""
    return DIALECTS.get(name or language, DIALECTS["en"])


def as_csv(result: Audit, language: str, dialect: str | None = None) -> Iterator[bytes]:
    """The findings, one row each, before the SHA-256 of every input. Cells that a spreadsheet would run are quoted.

    Args:
        result: of the audit.
        language: of all texts.
        dialect: a name of `DIALECTS`; None: the language's.
    """
    of_file = dialect_of(dialect, language)
    yield of_file.head(CSV_HEADER)
    yield from map(of_file.lines, csv_rows(result, language))


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
