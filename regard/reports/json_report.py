"""The report as JSON: all cases and findings, what they were found in, how far the check went, how it was made."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from json import dumps
from json.encoder import encode_basestring as encode
from types import MappingProxyType
from typing import TypeAlias

from protocol.words import msg, series
from regard.language import show
from regard.outputs import json_bytes
from regard.reports.dumps import dump_in_short
from regard.reports.fields import CASES, FINDINGS, TableLayout
from regard.reports.inputs import CellPlaces
from regard.reports.rows import PLACE, CaseRow, Columns, case_blocks, case_document, case_table, finding_blocks
from regard.reports.since import Since, difference
from verify.audit import Audit
from verify.coverage import VotesAdded
from verify.ledger import Ledger
from verify.model.findings import Severity
from verify.model.follow_ups import Followed
from verify.model.thresholds import Thresholds
from verify.model.use import Input, Use

Options: TypeAlias = Mapping[str, object]
"""Options that change a verdict, by name: a text, a list of texts, or yes."""
NO_OPTIONS: Options = MappingProxyType({})
_READERS = ("numpy", "pyarrow", "python-calamine", "construct")
"""Packages that evidence is read with."""


def run_of(thresholds: Thresholds, options: Options) -> dict[str, object]:
    """All of it, for a report in JSON."""
    changed = {name: {"value": value, "instead_of": own} for name, (value, own) in thresholds.changed().items()}
    return {"versions": _versions(), "options": dict(options), "thresholds": changed}


def thresholds_changed(thresholds: Thresholds, language: str) -> str:
    """The thresholds that were changed, in a sentence; empty where none was."""
    changed = thresholds.changed()
    if not changed:
        return ""
    each = (
        msg("{name} {value:n} (instead of {own:n})", name=name, value=value, own=own)
        for name, (value, own) in changed.items()
    )
    return show(language, msg("Thresholds changed: {changed}", changed=series(each)))


def _versions() -> dict[str, str]:
    found = {"regard": version("regard"), "python": platform.python_version()}
    for name in _READERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


MODEL = msg("The export format is regard's model; the vendor's is not public.")
"""Sentence of every report on the formats."""


FORMAT_VERSION = 5
"""Of the reports in JSON: the number in their schemas, `findings.schema.json` and `nights.schema.json`."""


def as_json(result: Audit, language: str, options: Options = NO_OPTIONS) -> Iterator[bytes]:
    """Everything, as `docs/reference/findings.schema.json` describes it, in pieces."""
    return (make() for make in json_pieces(result, language, options))


def json_pieces(
    result: Audit,
    language: str,
    options: Options = NO_OPTIONS,
    since: Since | None = None,
    also: Callable[[TableLayout, Columns], None] | None = None,
) -> Iterator[Callable[[], bytes]]:
    """Functions that make the pieces of the report in JSON: a line a case, a line a finding.

    Args:
        result: of the audit.
        language: of all texts.
        options: that change a verdict, by name.
        since: the difference from an earlier report, where one was given.
        also: takes the same cases and findings as columns of their tables.
    """
    yield partial(_head, result, language, options, since)
    before, communes = "\n  ", result.coverage.communes
    for rows in case_blocks(result, language):
        if also is not None:
            also(CASES, case_table(rows, language, communes))
        yield partial(_joined, before, _case_lines, rows, language, communes)
        before = ",\n  "
    yield lambda: b'\n ],\n "findings": ['
    cells, before = CellPlaces(result.inputs), "\n  "
    for columns in finding_blocks(result, language):
        if also is not None:
            also(FINDINGS, columns)
        yield partial(_joined, before, _finding_lines, columns, cells)
        before = ",\n  "
    yield lambda: b"\n ]\n}\n"


def _joined(before: str, make: Callable[..., Iterable[str]], *of: object) -> bytes:
    return (before + ",\n  ".join(make(*of))).encode("utf-8", "backslashreplace")


def _head(result: Audit, language: str, options: Options, since: Since | None) -> bytes:
    """Part of the report before the cases."""
    about = _about(result, language) | {"run": run_of(result.thresholds, options)}
    if since is not None:
        about["since"] = difference(since)
    return json_bytes(about).removesuffix(b"\n}\n") + b',\n "cases": ['


def _case_lines(rows: Sequence[CaseRow], language: str, communes: Mapping[str, str]) -> Iterator[str]:
    """Each case as JSON on a line."""
    return (dumps(case_document(each, language, communes), ensure_ascii=False) for each in rows)


def _finding_lines(columns: Columns, cells: CellPlaces) -> Iterator[str]:
    """Each finding as JSON on a line."""
    values = zip(
        map(_json_value, columns["case"]),
        *(_encoded(columns[name]) for name in PLACE),
        *(side for name in ("left", "right") for side in _json_side(cells, columns, name)),
        map(_json_details, columns["details"]),
        map(encode, columns["message"]),
        _encoded(columns["what_to_do"]),
        strict=True,
    )
    return (_JSON_LINE % row for row in values)


def _json_side(cells: CellPlaces, columns: Columns, side: str) -> Iterator[Iterator[str]]:
    """The columns of one of the two figures, in the order of `_SIDE`."""
    quantity, piece, source, value = (columns[f"{side}_{part}"] for part in ("quantity", "piece", "source", "value"))
    places = list(map(cells.find, source, quantity, columns["field"]))
    yield from (_encoded(quantity), _encoded(piece), _encoded(source))
    yield from (map(_json_value, each) for each in zip(*places, strict=True))
    yield map(_json_value, value)


_SIDE = '{"quantity": %s, "piece": %s, "source": %s, "row": %s, "column": %s, "value": %s}'
_JSON_LINE = (
    '{"case": %s, '
    + ", ".join(f'"{name}": %s' for name in PLACE).replace('"poll"', '"scrutin"')
    + "".join(f', "{side}": {_SIDE}' for side in ("left", "right"))
    + ', "details": %s, "message": %s, "what_to_do": %s}'
)


def _encoded(texts: Sequence[str]) -> Iterator[str]:
    """Texts as JSON; of a column in which few differ each is made once."""
    found = set(texts)
    if len(found) > len(texts) // 2:
        return map(encode, texts)
    return map({text: encode(text) for text in found}.__getitem__, texts)


def _json_value(value: int | str | None) -> str:
    return "null" if value is None else str(value) if isinstance(value, int) else encode(value)


def _json_details(details: dict[str, int | str | None]) -> str:
    return "{" + ", ".join(f'"{name}": {_json_value(value)}' for name, value in details.items()) + "}"


def _about(result: Audit, language: str) -> dict[str, object]:
    """Statements of a report beside the findings."""
    coverage = result.coverage
    return {
        "tool": "regard",
        "format_version": FORMAT_VERSION,
        "version": version("regard"),
        "model": show(language, MODEL),
        "language": language,
        "inputs": [_input(used, language) for used in result.inputs],
        "coverage": {
            "bureaux": coverage.bureaux,
            "machine": coverage.machine,
            "paper": coverage.paper,
            "list": {"source": coverage.source, "official": coverage.official},
            "evidence": {kind: {"bureaux": there, "of": of} for kind, (there, of) in coverage.kinds.items()},
            "votes": None if coverage.votes is None else _votes(coverage.votes),
            "rules": {
                "checked": list(coverage.checked),
                "not_checked": {code: list(lacks) for code, lacks in coverage.unchecked.items()},
                "failed": list(coverage.failed),
                "idle": list(coverage.idle),
            },
            "groups": [
                {
                    "counting": group.counting,
                    "bureaux": _by_insee(group.bureaux),
                    "evidence": group.evidence,
                    "checked": group.checked,
                    "not_checked": group.unchecked,
                    "idle": group.idle,
                }
                for group in coverage.groups
            ],
        },
        "ledger": _ledger(result.ledger),
        "summary": {
            "bureaux": coverage.bureaux,
            "errors": result.count(Severity.ERROR),
            "warnings": result.count(Severity.WARNING),
            "infos": result.count(Severity.INFO),
            "cases": len(result.cases),
        },
        "follow_ups": list(map(_follow_up, result.followed)),
        **({"dumps": [dump_in_short(each, language) for each in result.dumps]} if result.dumps else {}),
    }


def _votes(added: VotesAdded) -> dict[str, object]:
    sums = {"choices": added.choices, "corrected": added.corrected, "published": added.published}
    listed = {
        name: [{"choice": choice, "votes": votes} for choice, votes in some] for name, some in sums.items() if some
    }
    return {"bureaux": added.bureaux, **listed}


def _ledger(ledger: Ledger) -> dict[str, object]:
    return {
        "compared": [
            {
                "quantity": line.quantity.value,
                "left": line.left,
                "right": line.right,
                "figures": line.figures,
                "compared": line.compared,
                "not_compared": {reason.value: count for reason, count in line.why.items()},
            }
            for line in ledger.lines
        ],
        "not_compared": [
            {
                "quantity": each.quantity.value,
                "piece": each.piece,
                "figures": each.figures,
                "of": each.of,
                "within_bounds": each.bounded,
            }
            for each in ledger.uncompared
        ],
        "alone": [{"path": each.file, "level": each.level.value, "rows": each.rows} for each in ledger.alone],
    }


def _follow_up(each: Followed) -> dict[str, object]:
    row = each.follow_up
    return {
        "source": row.source,
        "insee": row.insee,
        "bureau": row.bureau,
        "scrutin": str(row.poll or ""),
        "about": row.about,
        "status": row.status.value,
        "remark": row.remark,
        "number": row.number,
        "piece": row.piece,
        "author": row.author,
        "date": row.date,
        "figures": row.figures,
        "state": each.state.value,
        "now": each.now,
        "cases": list(each.cases),
        "findings": list(each.findings),
    }


def input_in_short(used: Input, language: str) -> dict[str, object]:
    """A file that was given: what it was taken for, and what was used of it."""
    return {
        "path": used.path,
        "kind": used.kind,
        "size": used.size,
        "sha256": used.sha256,
        "note": show(language, used.note),
        "used": used.used.value,
        "why": show(language, used.why),
    }


def _input(used: Input, language: str) -> dict[str, object]:
    sheets = [_sheet(use, language) for use in used.sheets]
    return {**input_in_short(used, language), "what_to_do": show(language, used.action), "sheets": sheets}


def _sheet(use: Use, language: str) -> dict[str, object]:
    return {
        "sheet": use.sheet,
        "used": use.used.value,
        "as": list(use.kinds),
        "why": show(language, use.why),
        "what_to_do": show(language, use.action),
        "columns": [
            {"header": each.header, "taken_for": each.meaning or None, "sure": each.sure} for each in use.columns
        ],
    }


def _by_insee(bureaux: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for insee, bureau in bureaux:
        found.setdefault(insee, []).append(bureau)
    return found
