"""`datapackage.json` beside tables in CSV: what each column holds, as a Data Package with Table Schemas.

It is what the French open-data portals and their validators read. A package of regard's that is there already keeps its
other tables.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from protocol.errors import RegardError
from protocol.opening import open_evidence
from regard.language import show
from regard.outputs import json_bytes
from regard.reports.csv_files import Dialect
from regard.reports.fields import Field, TableLayout

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
