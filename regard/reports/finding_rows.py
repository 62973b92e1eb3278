"""Findings as rows, a block at a time and column by column: what every report of them is made from."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol.words import Clause, Message, Series, Text
from protocol.words import language as language_of
from regard.language import show
from verify.model.field_names import field_label
from verify.model.figures import BLANK, MISSING, UNREADABLE, Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Hits, shown
from verify.rulebook.catalogue import Rule, rule

if TYPE_CHECKING:
    from verify.audit import Audit

Columns = dict[str, list[Any]]
"""The columns of some findings, by `COLUMNS`, all of one length."""

PLACE = ("code", "severity", "level", "insee", "bureau", "scrutin", "field")
SIDES = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("quantity", "piece", "source", "value"))
TABLE = ("case", *PLACE, *SIDES, "message", "what_to_do", "basis")
"""The columns of a table of findings, which has no details beside their sentences."""
COLUMNS = (*PLACE, *SIDES, "details", "message", "what_to_do", "basis")
"""The columns that a finding has by itself; beside them is ``case``, the number of its case or None."""


@dataclass(frozen=True, slots=True)
class FindingRows:
    """Some findings one after another, from which every report makes its rows.

    Attributes:
        size: how many there are.
        parts: columns of some of them, and where each of these stands among all.
    """

    size: int
    parts: Sequence[tuple[Columns, Sequence[int]]]

    def rows(self, render: Callable[[Columns], list[Any]]) -> list[Any]:
        """Rows in the order of the findings; ``render`` makes those of some columns."""
        out: list[Any] = [None] * self.size
        for columns, at in self.parts:
            for position, row in zip(at, render(columns), strict=True):
                out[position] = row
        return out


def blocks(result: Audit, language: str) -> Iterator[FindingRows]:
    """All findings of an audit in their order, some at a time, their sentences in a language."""
    start, number = 0, result.cases.number
    for block in result.findings.blocks():
        parts = []
        for part, chosen, at in block.parts:
            columns = _of_hits(part, chosen, language) if isinstance(part, Hits) else _of(part, chosen, language)
            columns["case"] = [each or None for each in number[start + at].tolist()]
            parts.append((columns, at.tolist()))
        yield FindingRows(block.size, parts)
        start += block.size


def rows(result: Audit, language: str, render: Callable[[Columns], list[Any]]) -> Iterator[list[Any]]:
    """The rows of one report alone, some at a time; see `FindingRows.rows`."""
    return (block.rows(render) for block in blocks(result, language))


def messages(findings: FindingTable, positions: Ints, language: str) -> list[str]:
    """The sentences of some findings, by their positions in the table."""
    block = findings.block_of(positions)
    out = [""] * block.size
    for part, chosen, at in block.parts:
        if isinstance(part, Hits):
            said = _messages(part, chosen, language, {})
        else:
            said = [show(language, part[row].message) for row in chosen.tolist()]
        for position, each in zip(at.tolist(), said, strict=True):
            out[position] = each
    return out


def table_rows(columns: Columns) -> list[tuple[object, ...]]:
    """Rows as a table has them, by `TABLE`."""
    return list(zip(*(columns[name] for name in TABLE), strict=True))


def of_table_rows(rows: Sequence[tuple[object, ...]]) -> FindingRows:
    """Findings of which the rows of a table are there already."""
    columns = dict(zip(TABLE, map(list, zip(*rows, strict=True)), strict=True)) if rows else {}
    return FindingRows(len(rows), [(columns, range(len(rows)))] if rows else [])


def figure(value: int | str | None) -> int | str | None:
    """A figure; an absence (a negative number inside) is null outside, and the message says which absence it is."""
    return None if value in (BLANK, UNREADABLE, MISSING) else value


def report_value(value: int | Text | None, language: str) -> int | str | None:
    """A value as a report has it: a figure as a number, a text of ours in the language."""
    return figure(value) if value is None or isinstance(value, (int, str)) else show(language, value)


def _of_hits(hits: Hits, chosen: Ints, language: str) -> Columns:
    """The columns of some findings of one rule over figures."""
    the_rule, size = rule(hits.code), len(chosen)
    unit = hits.unit[chosen]
    details = {name: _values(values, chosen) for name, values in hits.details.items()}
    columns: Columns = {
        "code": [hits.code] * size,
        "severity": [hits.severity.name.lower()] * size,
        "level": [hits.level] * size,
        "insee": hits.insee[unit].tolist(),
        "bureau": hits.bureau[unit].tolist(),
        "scrutin": [str(poll) if poll else "" for poll in hits.poll[chosen].tolist()],
        "field": [hits.field] * size,
        **_sides(hits, chosen),
        "details": [
            dict(zip(details, (report_value(value, language) for value in row), strict=True))
            for row in zip(*details.values(), strict=True)
        ]
        if details
        else [{}] * size,
        "what_to_do": [show(language, the_rule.action)] * size,
        "basis": [_basis(the_rule, language)] * size,
    }
    columns["message"] = _messages(hits, chosen, language, columns)
    return columns


def _sides(hits: Hits, chosen: Ints) -> Columns:
    """The columns of both figures of some findings."""
    columns: Columns = {}
    for name, side in (("left", hits.left), ("right", hits.right)):
        columns[f"{name}_quantity"] = [side.quantity] * len(chosen)
        columns[f"{name}_piece"] = [piece or "" for piece in side.pieces(chosen)]
        columns[f"{name}_source"] = side.sources(chosen)
        columns[f"{name}_value"] = list(map(figure, side.values[chosen].tolist()))
    return columns


def _messages(hits: Hits, chosen: Ints, language: str, known: Mapping[str, Sequence[str]]) -> list[str]:
    """The sentences of some findings of one rule; columns that are known already are not made again."""
    template = language_of(language).template(Message(rule(hits.code).text))
    size, unit = len(chosen), hits.unit[chosen]
    makers: dict[str, Callable[[], Sequence[str]]] = {
        "left_source": lambda: hits.left.sources(chosen),
        "right_source": lambda: hits.right.sources(chosen),
        "insee": lambda: hits.insee[unit].tolist(),
        "bureau": lambda: hits.bureau[unit].tolist(),
    }
    makers = {name: partial(known.__getitem__, name) if name in known else make for name, make in makers.items()}
    makers["note"] = lambda: [""] * size
    makers["field"] = lambda: [show(language, field_label(hits.field))] * size
    makers["left"] = lambda: _shown(hits.left.values[chosen].tolist(), "left", language)
    makers["right"] = lambda: _shown(hits.right.values[chosen].tolist(), "right", language)
    for name, values in hits.details.items():
        makers[name] = partial(_shown_values, values, chosen, name, language)
    named = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    return _sentences(template, {name: makers[name]() for name in named}, size)


def _basis(of: Rule, language: str) -> str:
    """The legal basis or source of a rule; empty where it has none."""
    return "" if of.basis is None else show(language, of.basis)


def _values(values: Ints | Sequence[str] | Text, chosen: Ints) -> list[Any]:
    if isinstance(values, (str, Message, Series, Clause)):
        return [values] * len(chosen)
    return values[chosen].tolist() if isinstance(values, np.ndarray) else [values[row] for row in chosen.tolist()]


def _shown(values: Sequence[int | Text], name: str, language: str) -> list[str]:
    """Values as they stand in sentences; each one that occurs is made once."""
    words = {value: show(language, shown(value, name)) for value in set(values)}
    return [words[value] for value in values]


def _shown_values(values: Ints | Sequence[str] | Text, chosen: Ints, name: str, language: str) -> list[str]:
    return _shown(_values(values, chosen), name, language)


def _sentences(template: str, values: Mapping[str, Sequence[str]], size: int) -> list[str]:
    """One sentence a row, from a template and the columns of its values."""
    pattern, names = "", []
    for literal, name, _, _ in string.Formatter().parse(template):
        pattern += literal.replace("%", "%%")
        if name is not None:
            pattern += "%s"
            names.append(name)
    if not names:
        return [template] * size
    return [pattern % row for row in zip(*(values[name] for name in names), strict=True)]


def _of(found: Sequence[Finding], chosen: Ints, language: str) -> Columns:
    """The columns of some findings that stand by themselves."""
    columns: Columns = {name: [] for name in COLUMNS}
    for row in chosen.tolist():
        each = found[row]
        values = (
            each.code,
            each.severity.name.lower(),
            each.level,
            each.insee,
            each.bureau,
            str(each.poll) if each.poll else "",
            show("en", each.field),
            *(each.left.quantity, each.left.piece or "", each.left.source, report_value(each.left.value, language)),
            *(each.right.quantity, each.right.piece or "", each.right.source, report_value(each.right.value, language)),
            {name: report_value(value, language) for name, value in each.details.items()},
            show(language, each.message),
            show(language, rule(each.code).action),
            _basis(rule(each.code), language),
        )
        for name, value in zip(COLUMNS, values, strict=True):
            columns[name].append(value)
    return columns
