"""Tables as CSV: in the form that a language's spreadsheets open with a double click, or plain for programs.

No cell is one that a spreadsheet would run, whichever separator it opens the file with.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from protocol.errors import RegardError
from protocol.files import csv_lines
from protocol.opening import open_evidence
from protocol.spreadsheet_cells import SIGNS, quote_formulas
from regard.language import show
from regard.outputs import json_bytes
from regard.reports.fields import Field, TableLayout
from regard.terminal import clean


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV is written.

    Attributes:
        delimiter: what stands between its cells.
        mark: the bytes before its first one.
        codes: whether severities, levels and figures are codes, and not words of the language.
    """

    delimiter: str
    mark: bytes
    codes: bool = False

    def lines(self, rows: Iterable[Sequence[object]]) -> bytes:
        """Rows as lines."""
        return csv_lines(rows, self.delimiter)

    def head(self, header: Sequence[str]) -> bytes:
        """The start of a file: its mark and the line of its header."""
        return self.mark + self.lines([header])


DIALECTS = {"fr": Dialect(";", BOM_UTF8), "en": Dialect(",", BOM_UTF8), "plain": Dialect(",", b"", codes=True)}
"""By language: what its spreadsheets open with a double click, as UTF-8. The plain one is for programs."""


def dialect_of(name: str | None, language: str) -> Dialect:
    """The dialect that was asked for, else the language's."""
    return DIALECTS.get(name or language, DIALECTS["en"])


def inert_rows(columns: Iterable[Sequence[object]]) -> list[tuple[object, ...]]:
    """The rows of columns of one length, of which no cell is run; each text of a column is looked at once."""
    return list(zip(*map(_inert_column, columns), strict=True))


def _inert_column(cells: Sequence[object]) -> Sequence[object]:
    texts = [cell for cell in set(cells) if isinstance(cell, str)]
    together = "".join(texts)
    if together.isprintable() and not any(sign in together for sign in SIGNS):
        return cells
    looked_at: dict[object, object] = {text: inert(text) for text in texts}
    return [looked_at.get(cell, cell) for cell in cells]


def inert(cell: object) -> object:
    """A cell that no spreadsheet runs, whatever its separator: an apostrophe is put before what would."""
    return quote_formulas(clean(cell)) if isinstance(cell, str) else cell


NAME = "datapackage.json"
_MOST = 2**20
"""Bytes of a package that is gone on with."""
_TYPES = {"text": "string", "count": "integer", "figure": "any"}


def resource(
    path: Path, layout: TableLayout, dialect: Dialect, size: int, sha256: str, language: str
) -> dict[str, object]:
    """One table of a package."""
    return {
        "name": "".join(c if c.isascii() and c.isalnum() else "-" for c in path.stem.lower()).strip("-") or layout.name,
        "title": show(language, layout.title),
        "profile": "tabular-data-resource",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "dialect": {"delimiter": dialect.delimiter, "lineTerminator": "\n", "header": True},
        "schema": {"fields": [_field(field, language) for field in layout.fields], "missingValues": [""]},
    }


def _field(field: Field, language: str) -> dict[str, object]:
    counted = {"constraints": {"minimum": 0}} if field.holds == "count" else {}
    return {"name": field.name, "title": show(language, field.title), "type": _TYPES[field.holds], **counted}


def package(path: Path, resources: Sequence[dict[str, object]]) -> bytes:
    """The package of some tables, with those of the package that stands at ``path`` whose files are still there."""
    new = {each["path"] for each in resources}
    kept = [each for each in _resources(path) if each["path"] not in new and path.with_name(each["path"]).is_file()]
    document = {
        "tool": "regard",
        "version": version("regard"),
        "profile": "tabular-data-package",
        "name": "regard",
        "resources": [*kept, *resources],
    }
    return json_bytes(document)


def _resources(path: Path) -> list[dict[str, str]]:
    """The tables of a package that regard wrote, none where there is no such."""
    try:
        document = json.loads(open_evidence(path, _MOST).data)
    except (RegardError, ValueError, RecursionError):
        return []
    found = document.get("resources") if isinstance(document, dict) and document.get("tool") == "regard" else None
    tables = found if isinstance(found, list) else []
    return [each for each in tables if isinstance(each, dict) and _is_name(each.get("path"))]


def _is_name(path: object) -> bool:
    return isinstance(path, str) and path == Path(path).name
