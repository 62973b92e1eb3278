"""The document of the layouts that regard knows, `docs/reference/known-layouts.md`, made from their entries."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.words import Text, cited, msg, series, titled
from regard.language import show
from regard.reference import markdown
from verify.model.labels import LEVELS, field_label
from verify.read.layouts.built_in import built_in
from verify.read.layouts.language import Layout, Parts, ValuesOf


def document() -> str:
    """The text of ``docs/reference/known-layouts.md``."""
    entries = [
        (layout.name, layout.country, [show("en", line).strip().replace("](", "]\\(") for line in explain(layout)])
        for layout in built_in()
    ]
    return markdown.document(__file__, entries=entries)


def explain(layout: Layout) -> Iterator[Text]:
    """Explain an entry, a line for each thing that it reads."""
    yield titled(layout.title)
    if layout.source:
        yield msg("source: {source}", source=layout.source)
    if layout.needs:
        yield msg("recognised by the headers: {headers}", headers=series(names[0] for names in layout.needs))
    if layout.tree is not None:
        yield msg("rows of the XML: {paths}", paths=series(layout.tree.rows))
    if layout.turned is not None:
        yield msg("a station is a column, from column {first} on", first=layout.turned.first)
    if layout.thousands:
        yield msg("between groups of three digits: {mark}", mark=cited(layout.thousands))
    if layout.absent:
        yield msg("cells that mean no figure: {cells}", cells=series(map(cited, sorted(layout.absent))))
    if layout.hidden:
        yield msg(
            "cells in place of a figure that is not shown: {cells}", cells=series(map(cited, sorted(layout.hidden)))
        )
    for part in layout.parts:
        if contest := part.constants.get("contest"):
            yield msg("contest: {contest}", contest=contest)
        elif part.contest:
            yield msg("contest: {contest}", contest=_shown(part.contest))
        for name, columns in part.place.items():
            yield _of_field(name, _shown(columns))
        for name, wordings in part.counts.items():
            yield _of_field(name, _shown((wordings,)))
        shares = (*part.percentages.items(), *part.choices.percentages.items())
        for ratio, wordings in shares:
            yield _of_field(ratio, _shown((wordings,)))
        if part.choices.names:
            yield msg("the name of each choice: {columns}", columns=_shown(part.choices.names))
        if part.choices.panel:
            yield msg("its number on the panel: {columns}", columns=_shown((part.choices.panel,)))
        if part.choices.in_blocks:
            yield msg("columns repeat for each choice; their headers stand once or each time")
        if part.choices.label:
            yield msg("a row for each choice: {label}", label=_shown(part.choices.label))
        elif part.choices.columns or part.choices.first:
            run = (*part.choices.columns, *filter(None, (part.choices.first, part.choices.last)))
            yield msg("a column for each choice: {columns}", columns=series(run, " … "))
        if part.quantity_rows is not None:
            yield msg("rows that are a count: {rows}", rows=_cells_shown(part.quantity_rows))
        if part.no_row_is_zero:
            yield msg("where there is no such row, it is 0")
        if part.levels is not None:
            yield msg("the level of a row: {rows}", rows=_cells_shown(part.levels))
        for names, cells in part.totals:
            rows = series(map(cited, sorted(cells)))
            yield msg("rows of totals: {rows}", rows=msg("{name}: {value}", name=names[0], value=rows))
        for name, sum_ in part.derived.items():
            yield _of_field(name, sum_.text)
        for check in part.checks:
            yield msg("must hold: {check}", check=check.text)


def _of_field(name: str, value: Text) -> Text:
    return msg("{name}: {value}", name=field_label(name), value=value)


_MEANT = {**LEVELS, "total": msg("total"), "left out": msg("not read")}


def _cells_shown(of: ValuesOf) -> Text:
    meanings = ((cited(cell), _MEANT.get(meant) or field_label(meant)) for cell, meant in of.values.items())
    cells = series(series(each, " = ") for each in meanings)
    return msg("{name}: {value}", name=" | ".join(of.column), value=cells)


def _shown(parts: Parts) -> Text:
    return parts if isinstance(parts, str) else series((" | ".join(names) for names in parts), " + ")
