"""The columns of the library's tables, `docs/reference/columns.md`, made from the definitions that the tables use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from protocol.export.record import MEANING
from regard.language import show
from regard.published import moved_places, results_tables
from regard.reference import markdown
from regard.reports import fields
from regard.reports.dump_tables import Exports, Urns, read_exports, read_urns
from regard.reports.fields import Field, TableLayout
from verify.ledger import Why
from verify.model.cases import Sure
from verify.model.findings import Severity
from verify.rulebook.causes import CaseKind

_SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "findings.schema.json"
_TYPES = {"text": "text", "count": "whole number", "flag": "true or false"}
_HEAD = ("column", "type", "unit", "what")
_OF_AUDIT = (
    fields.CASES,
    fields.CORRECTIONS,
    fields.FINDINGS.of_one_type(),
    fields.FIGURES,
    fields.COMPARED,
    fields.UNCOMPARED,
)
_OF_RESULTS = (
    results_tables.RESULTS,
    results_tables.VOTES,
    results_tables.SOURCES,
    results_tables.PROBLEMS,
    results_tables.TOTALS,
    results_tables.FLAWS.of_one_type(),
    results_tables.DIFFERENCES,
    moved_places.MOVED,
)
_OTHERWISE = {
    "poll": "scrutin",
    "case": "id",
    "bounded": "within_bounds",
    **dict.fromkeys((each.name.lower() for each in Why), "not_compared"),
}
"""Names that JSON has in place of some columns."""
_VALUES = {
    "severity": [each.name.lower() for each in reversed(Severity)],
    "kind": [each.name.lower() for each in CaseKind],
    "sure": [each.value for each in Sure],
    "counting": ["machine", "papier"],
}
_OF_DUMPS = {
    "file": "file, as given; `<bytes 1>` for bytes",
    "offset": "byte at which the record begins",
    "verdict": "`OK`, or the first thing that is wrong with the bytes",
    "tally_sum": "exact sum of the tallies",
    "reserved_zero": "the reserved bytes are zeros",
    "sections": "by section: 1 good, 0 fails, null not sealed yet",
    "allowed": "by section: it holds what the format allows",
    "reserved_erased": "unused memory is erased",
    "labels": "index of the labels in `urns.reading.urns.lists`",
    "labels_fit": "1 where the labels have the digest that the module carries, 0 where not",
    "president_key": "the president's key at the last zero check",
    "assessor_key": "the assessor's key at the last zero check",
    "zero_slots": "slots written at the last zero check",
    "test_votes": "votes of the test mode at the last zero check",
    "test_changed": "the test area has changed since",
    "clock_sets": "times the clock was set after the opening",
    "clock_falls": "times the clock fell by itself after the opening",
    "hourly_falls": "times an hourly counter fell",
    "power_returns": "times the power came back",
    "bad_events": "entries of the log with a wrong checksum",
    "counters_consistent": "by counter: its two copies agree",
    "closed": "the closing entry is there and its checksum is right",
    "closed_at": "time of the closing entry",
    "used": "slots used",
    "burnt": "slots burnt",
    "repaired": "slots repaired from the other bank",
    "unreadable": "slots unreadable in both banks, or in conflict",
    "not_blank": "slots that are neither empty nor a vote",
    "foreign": "votes for a poll or a choice that the module does not have",
    "test_slots": "votes of the test mode",
}


def document() -> str:
    """The text of ``docs/reference/columns.md``."""
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    ledger = schema["properties"]["ledger"]["properties"]
    json_of: dict[str, tuple[str, Mapping[str, Any]]] = {
        "findings": ("findings", schema["$defs"]["finding"]["properties"]),
        "cases": ("cases", schema["$defs"]["case"]["properties"]),
        "corrections": ("cases[].corrections", schema["$defs"]["correction"]["properties"]),
        "compared": ("ledger.compared", ledger["compared"]["items"]["properties"]),
        "uncompared": ("ledger.not_compared", ledger["not_compared"]["items"]["properties"]),
    }
    return markdown.document(
        __file__,
        audit=[_section(each, *json_of.get(each.name, ("", {}))) for each in _OF_AUDIT],
        published=[_section(each, "", {}) for each in _OF_RESULTS],
        exports=markdown.table(_HEAD, _dumps(read_exports([]))),
        urns=markdown.table(_HEAD, _dumps(read_urns([]))),
    )


def _section(layout: TableLayout, path: str, properties: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Title, name, list in JSON and columns of a table."""
    rows = [
        (f"`{field.name}`", _TYPES[field.holds], field.unit, _what(field), _in_json(field.name, properties))
        for field in layout.fields
    ]
    text = markdown.table((*_HEAD, "in JSON"), rows) if path else markdown.table(_HEAD, [row[:4] for row in rows])
    return show("en", layout.title), layout.name, path, text


def _what(field: Field) -> str:
    values = _VALUES.get(field.name, ())
    return show("en", field.title) + (f": {markdown.code(values)}" if values else "")


def _in_json(name: str, properties: Mapping[str, Any]) -> str:
    """The name that JSON has for a column; empty where it has none."""
    side, _, part = name.partition("_")
    part = "value" if part == "text" else part
    if side in ("left", "right") and part and side in properties:
        return f"`{side}.{part}`"
    if name not in properties:
        name = _OTHERWISE.get(name, "")
        name = name if name in properties else ""
    return name and f"`{name}`"


def _dumps(table: Exports | Urns) -> Iterator[tuple[str, ...]]:
    for field in table.to_arrow().schema:
        plain = field.name.removeprefix("closed_")
        what = _OF_DUMPS.get(field.name) or show("en", MEANING.get(plain) or _OF_DUMPS[plain])
        what = what if plain == field.name or field.name in _OF_DUMPS else f"closing entry: {what}"
        yield f"`{field.name}`", str(field.type), table.units.get(field.name, ""), what
