"""Findings and cases as rows, a block at a time and column by column: what every report of them is made from.

Most cases of a nation have no corrections, and one place: their sentences are those of findings, and what stands
around these is made once for all cases that are alike.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol.words import Clause, Message, Series, Text, msg, series
from protocol.words import language as language_of
from regard.language import show
from regard.views.cases import all_in_words, by_case
from verify.cases.place_names import place_of, with_place
from verify.cases.wording import (
    and_more,
    becoming,
    own_corrections,
    sentence,
    told_by,
    told_of_file,
    told_of_several,
    what_to_do,
)
from verify.model.case_table import NO_DETAIL, CaseBlock
from verify.model.cases import Correction, Sure
from verify.model.figures import BLANK, MISSING, UNREADABLE, Ints
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, Hits, Severity, shown, shown_source
from verify.model.labels import field_label
from verify.model.rule_results import Named
from verify.rulebook.catalogue import Rule, rule
from verify.rulebook.causes import causes

if TYPE_CHECKING:
    from verify.audit import Audit
    from verify.model.figures import Bools
    from verify.model.finding_table import FoundPlaces


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
    """The sentences of some findings of one rule; columns that are known already are not made again."""
    template = language_of(language).template(rule(hits.code).text)
    size, unit = len(chosen), hits.unit[chosen]
    makers: dict[str, Callable[[], Sequence[str]]] = {
        "insee": lambda: hits.insee[unit].tolist(),
        "bureau": lambda: hits.bureau[unit].tolist(),
    }
    makers = {name: partial(known.__getitem__, name) if name in known else make for name, make in makers.items()}
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


_HOLE = "\0"
"""In a sentence that is made once for many, where the rest of it goes."""
_SURE = tuple(Sure)


def case_blocks(result: Audit, language: str) -> Iterator[Columns]:
    """All cases of an audit in their order, some at a time, their sentences in a language.

    The columns are ``case``, ``cause``, ``kind``, ``severity``, ``sure`` and ``piece``, a word or number each;
    ``places``, of `Named`; ``corrections``, of `Correction`; ``findings``, positions of all; ``codes``, each once;
    ``said``, the sentence without its place; ``where``, the place in words; ``what_to_do``; ``followed``, what became
    of it in words.
    """
    followed = {number: show(language, all_in_words(several)) for number, several in by_case(result).items()}
    for block in result.cases.blocks():
        columns = _columns(result, block, language)
        yield columns | {"followed": [followed.get(number, "") for number in columns["case"]]}


def _columns(result: Audit, block: CaseBlock, language: str) -> Columns:
    keys, size = result.findings.keys(), len(block)
    names = [cause.name for cause in block.causes]
    kinds = [cause.kind.name.lower() for cause in block.causes]
    bounds = block.start.tolist()
    spans = list(pairwise(bounds))
    findings = block.findings.tolist()
    codes = [keys.codes[code] for code in keys.code[block.findings].tolist()]
    cause = [names[index] for index in block.cause.tolist()]
    columns: Columns = {
        "case": list(range(block.number, block.number + size)),
        "cause": cause,
        "kind": [kinds[index] for index in block.cause.tolist()],
        "severity": [_SEVERITIES[index] for index in block.severity.tolist()],
        "sure": [_SURE[index].value for index in block.sure.tolist()],
        "piece": [block.pieces[index] for index in block.piece.tolist()],
        "corrections": [()] * size,
        "readings": [()] * size,
        "certificate": [None] * size,
        "findings": [findings[begin:end] for begin, end in spans],
        "codes": [tuple(dict.fromkeys(codes[begin:end])) for begin, end in spans],
        "what_to_do": [_action(language, name) for name in cause],
    }
    columns |= _places(result, block, language)
    told = [begin + told_by(causes()[name], codes[begin:end]) for name, (begin, end) in zip(cause, spans, strict=True)]
    texts = messages(result.findings, block.findings[np.array(told, np.int64)], language)
    for at in np.flatnonzero(block.place < 0).tolist():
        if len(columns["places"][at]) > 1:
            begin, end = spans[at]
            sure = Sure(columns["sure"][at])
            texts[at] = show(language, told_of_several(result.findings, findings[begin:end], told[at] - begin, sure))
    for at in np.flatnonzero(_of_files(keys.places, block)).tolist():
        begin, end = spans[at]
        texts[at] = show(language, told_of_file(result.findings, findings[begin:end], told[at] - begin))
    columns["said"] = [
        _put(_around(language, name, sure, end - begin > 1), text)
        for name, sure, (begin, end), text in zip(cause, columns["sure"], spans, texts, strict=True)
    ]
    for at, detail in block.details.items():
        of_case, several = columns["codes"][at], len(columns["findings"][at]) > 1
        sure = Sure(columns["sure"][at])
        said = sentence(causes()[cause[at]], sure, detail, texts[at], of_case, several=several)
        columns["said"][at] = show(language, said)
        columns["corrections"][at] = detail.corrections
        columns["readings"][at] = detail.readings
        columns["certificate"][at] = detail.certificate
        columns["what_to_do"][at] = show(language, what_to_do(causes()[cause[at]], detail))
    return columns


def _of_files(places: FoundPlaces, block: CaseBlock) -> Bools:
    """Select cases with several findings, of a file and of no place."""
    nowhere = (places.insee == "") & (places.bureau == "")
    return np.asarray((block.place >= 0) & nowhere[block.place] & (np.diff(block.start) > 1), np.bool_)


_SEVERITIES = {int(severity): severity.name.lower() for severity in Severity}


def _places(result: Audit, block: CaseBlock, language: str) -> Columns:
    """Place of each case, as columns and in words."""
    keys, names = result.findings.keys(), result.coverage.communes
    several = result.coverage.several_polls
    places: list[tuple[Named, ...]] = []
    where: list[str] = []
    for at, (place, poll) in enumerate(zip(block.place.tolist(), block.poll.tolist(), strict=True)):
        if place < 0:
            places.append(result.cases[block.number - 1 + at].places)
            where.append(show(language, place_of(places[-1], names, several)))
            continue
        named = keys.named(place, poll)
        places.append((named,))
        if not named.insee:
            where.append(show(language, place_of([named], names, several)))
            continue
        bureau = _put(_bureau(language, poll, several), named.bureau) if named.bureau else ""
        where.append((names.get(named.insee) or named.insee) + bureau)
    return {"places": places, "where": where}


@cache
def _bureau(language: str, poll: int, several: bool) -> tuple[str, str]:
    """Words around the code of a bureau, after the name of its commune."""
    before, _, after = show(language, place_of([Named("", _HOLE, poll)], {}, several)).partition(_HOLE)
    return show(language, msg(", ")) + before, after


@cache
def _around(language: str, cause: str, sure: str, several: bool) -> tuple[str, str]:
    """Words around a finding's text, in the sentence of a case without corrections."""
    said = sentence(causes()[cause], Sure(sure), NO_DETAIL, f"{_HOLE}.", (), several=several)
    before, _, after = show(language, said).partition(_HOLE)
    return before, after


def _put(around: tuple[str, str], text: str) -> str:
    """A text in the middle; one that ends with a full stop and is followed by one, or by brackets, loses its own."""
    before, after = around
    if not before and after == ".":
        return text
    return before + text.removesuffix(".") + after


@cache
def _action(language: str, cause: str) -> str:
    return show(language, what_to_do(causes()[cause], NO_DETAIL))


def in_full(columns: Columns, language: str) -> list[str]:
    """Sentence of each case, with its place in front."""
    before, middle = show(language, with_place(_HOLE, "")).split(_HOLE)
    return [
        f"{before}{where}{middle}{said}" if where else said
        for where, said in zip(columns["where"], columns["said"], strict=True)
    ]


def case_table(columns: Columns, language: str, communes: dict[str, str]) -> dict[str, list[Any]]:
    """The same cases as the columns of a table, `CASES`."""
    places = columns["places"]
    insee = [_only({each.insee for each in of_case}) for of_case in places]
    return {
        **{name: columns[name] for name in ("case", "kind", "severity", "sure", "cause", "piece", "what_to_do")},
        "insee": insee,
        "commune": [communes.get(code, "") for code in insee],
        "bureaux": [
            " ".join(dict.fromkeys(each.bureau for each in of_case if each.bureau)) if code else ""
            for code, of_case in zip(insee, places, strict=True)
        ],
        "places": [len({(each.insee, each.bureau) for each in of_case if each.bureau}) for of_case in places],
        "text": columns["said"],
        "corrections": [_in_words(of_case, language) if of_case else "" for of_case in columns["corrections"]],
        "findings": list(map(len, columns["findings"])),
        "codes": [" ".join(codes) for codes in columns["codes"]],
        "followed": columns["followed"],
    }


def _only(names: set[str]) -> str:
    return names.pop() if len(names) == 1 else ""


_IN_A_CELL = 50
"""Corrections that a cell of a table has; what opens tables has no room for more."""


def _in_words(corrections: Sequence[Correction], language: str) -> str:
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
    return show(language, and_more(said, len(own) - _IN_A_CELL))
