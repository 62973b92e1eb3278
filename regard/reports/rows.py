"""Findings and cases as rows: what every report of them for programs and spreadsheets is made from.

Findings are made a block at a time and column by column: a nation has some hundred thousand of them.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol.words import Clause, Message, Series, Text, msg, series
from protocol.words import language as language_of
from regard.language import show
from regard.reports.fields import CASES
from regard.views.cases import all_in_words, by_case
from verify.cases.place_names import place_of, with_place
from verify.cases.wording import and_more, becoming, describe, own_corrections, what_to_do
from verify.model.cases import Case, Correction
from verify.model.figures import BLANK, MISSING, UNREADABLE, Ints
from verify.model.findings import Finding, Hits, shown, shown_source
from verify.model.labels import field_label
from verify.rulebook.catalogue import Rule, rule

if TYPE_CHECKING:
    from verify.audit import Audit


Columns = dict[str, list[Any]]
"""The columns of some findings, by `COLUMNS`, all of one length."""

PLACE = ("code", "severity", "level", "insee", "bureau", "poll", "field")
_SIDES = tuple(f"{side}_{part}" for side in ("left", "right") for part in ("quantity", "piece", "source", "value"))
COLUMNS = (*PLACE, *_SIDES, "details", "message", "what_to_do", "basis")
"""The columns that a finding has by itself; beside them is ``case``, the number of its case or None."""


def finding_blocks(result: Audit, language: str) -> Iterator[Columns]:
    """All findings of an audit in their order, some at a time, their sentences in a language."""
    start, number = 0, result.cases.number
    for block in result.findings.blocks():
        parts, places = [], []
        for part, chosen, at in block.parts:
            found = _of_hits(part, chosen, language) if isinstance(part, Hits) else _of(part, chosen, language)
            parts.append(found)
            places.append(at)
        order = np.argsort(np.concatenate(places)).tolist()
        columns = {name: list(chain.from_iterable(part[name] for part in parts)) for name in COLUMNS}
        columns = {name: list(map(cells.__getitem__, order)) for name, cells in columns.items()}
        yield columns | {"case": [each or None for each in number[start : start + block.size].tolist()]}
        start += block.size


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
        "poll": [str(poll) if poll else "" for poll in hits.poll[chosen].tolist()],
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
    """The sentences of some findings of one rule, of which some columns are known."""
    template, size = language_of(language).template(rule(hits.code).text), len(chosen)
    makers: dict[str, Callable[[], Sequence[str]]] = {
        name: partial(known.__getitem__, name) for name in ("insee", "bureau")
    }
    makers["note"] = lambda: [""] * size
    makers["left_source"] = lambda: _shown_sources(hits.left.sources(chosen), language)
    makers["right_source"] = lambda: _shown_sources(hits.right.sources(chosen), language)
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


def _shown_sources(sources: Sequence[str], language: str) -> list[str]:
    return [show(language, shown_source(each)) for each in sources]


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


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as reports for programs and spreadsheets have it.

    Attributes:
        where: its place in words; ``said`` is its sentence without it.
        codes: of the rules of its findings, each once.
        followed: what became of it in words.
    """

    case: Case
    where: Text
    said: Text
    codes: tuple[str, ...]
    what_to_do: str
    followed: str


def case_blocks(result: Audit, language: str, size: int = 1000) -> Iterator[list[CaseRow]]:
    """All cases of an audit in their order, some at a time, their sentences in a language."""
    coverage, keys, followed = result.coverage, result.findings.keys(), by_case(result)

    def row(case: Case) -> CaseRow:
        codes = dict.fromkeys(keys.code[list(case.findings)].tolist())
        return CaseRow(
            case=case,
            where=place_of(case.places, coverage.communes, coverage.several_polls),
            said=describe(case, result.findings),
            codes=tuple(keys.codes[code] for code in codes),
            what_to_do=show(language, what_to_do(case.cause, case.detail)),
            followed=show(language, all_in_words(followed.get(case.number, []))),
        )

    for begin in range(0, len(result.cases), size):
        yield list(map(row, result.cases[begin : begin + size]))


def case_document(row: CaseRow, language: str, communes: Mapping[str, str]) -> dict[str, object]:
    """A case for JSON."""
    case = row.case
    return {
        "id": case.number,
        "cause": case.cause.name,
        "kind": case.cause.kind.name.lower(),
        "severity": case.severity.name.lower(),
        "sure": case.sure.value,
        "places": [
            {
                "insee": at.insee,
                "commune": communes.get(at.insee, ""),
                "bureau": at.bureau,
                "scrutin": str(at.poll or ""),
            }
            for at in case.places
        ],
        "piece": case.piece,
        "corrections": list(map(_correction, case.detail.corrections)),
        "readings": [
            {"gap": each.gap, "corrections": list(map(_correction, each.corrections))} for each in case.detail.readings
        ],
        "certificate": None if case.detail.certificate is None else asdict(case.detail.certificate),
        "findings": case.findings,
        "text": show(language, with_place(row.where, row.said)),
        "what_to_do": row.what_to_do,
    }


def _correction(each: Correction) -> dict[str, object]:
    place = each.place
    return {
        "source": each.source,
        "field": show("en", each.field),
        "was": figure(each.was),
        "becomes": figure(each.becomes),
        "insee": place.insee,
        "bureau": place.bureau,
        "scrutin": str(place.poll or ""),
        "piece": each.piece,
        "copied": each.copied,
    }


def case_table(rows: Iterable[CaseRow], language: str, communes: Mapping[str, str]) -> dict[str, list[Any]]:
    """The same cases as the columns of a table, `CASES`."""
    return CASES.columns(_cells(each, language, communes) for each in rows)


def _cells(row: CaseRow, language: str, communes: Mapping[str, str]) -> tuple[object, ...]:
    case, codes = row.case, {each.insee for each in row.case.places}
    insee = codes.pop() if len(codes) == 1 else ""
    bureaux = dict.fromkeys((each.insee, each.bureau) for each in case.places if each.bureau)
    return (
        *(case.number, case.cause.kind.name.lower(), case.severity.name.lower(), case.sure.value, case.cause.name),
        *(insee, communes.get(insee, ""), " ".join(bureau for _, bureau in bureaux) if insee else "", len(bureaux)),
        case.piece,
        show(language, row.said),
        show(language, _in_words(case.detail.corrections)),
        row.what_to_do,
        len(case.findings),
        " ".join(row.codes),
        row.followed,
    )


_IN_A_CELL = 50
"""Corrections that a cell of a table has; what opens tables has no room for more."""


def _in_words(corrections: Sequence[Correction]) -> Text:
    """Corrections in a cell: those of the piece that the case blames, the first of many."""
    own = own_corrections(corrections)
    said = series(
        (
            msg(
                "{place} {field}: {was} → {becomes} ({source})",
                place=each.place.bureau or each.place.insee,
                field=field_label(each.field),
                was=shown(each.was),
                becomes=becoming(each),
                source=each.source,
            )
            for each in own[:_IN_A_CELL]
        ),
        msg("; "),
    )
    return and_more(said, len(own) - _IN_A_CELL)
