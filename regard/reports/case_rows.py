"""Cases as rows, a block at a time and column by column: what every report of them is made from.

Most cases of a nation have no corrections, and one place: their sentences are those of findings, and what stands
around these is made once for all cases that are alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol.words import msg, series
from regard.language import show
from regard.reports.finding_rows import Columns, messages
from regard.reports.tables import CASES
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
from verify.model.field_names import field_label
from verify.model.findings import Severity, shown
from verify.model.holds import Named
from verify.rulebook.causes import causes

if TYPE_CHECKING:
    from verify.audit import Audit
    from verify.model.figures import Bools
    from verify.model.finding_parts import FoundPlaces

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
    """Which cases have several findings, of a file and of no place."""
    nowhere = (places.insee == "") & (places.bureau == "")
    return np.asarray((block.place >= 0) & nowhere[block.place] & (np.diff(block.start) > 1), np.bool_)


_SEVERITIES = {int(severity): severity.name.lower() for severity in Severity}


def _places(result: Audit, block: CaseBlock, language: str) -> Columns:
    """Where each case is, as places and in words."""
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
    """What stands around the code of a bureau, after the name of its commune."""
    before, _, after = show(language, place_of([Named("", _HOLE, poll)], {}, several)).partition(_HOLE)
    return show(language, msg(", ")) + before, after


@cache
def _around(language: str, cause: str, sure: str, several: bool) -> tuple[str, str]:
    """What stands around what a finding says, in the sentence of a case without corrections."""
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
    """What is said of each case, with its place in front."""
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


def cases_of(result: Audit, language: str) -> dict[str, list[Any]]:
    """All cases of an audit as the columns of a table, `CASES`."""
    found: dict[str, list[Any]] = {name: [] for name in CASES}
    for columns in case_blocks(result, language):
        for name, values in case_table(columns, language, result.coverage.communes).items():
            found[name] += values
    return found


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
