"""Cells of counts and texts, each different one judged once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import numpy as np

from protocol.night import Content
from protocol.words import Text, cited, msg
from verify.model.bureau_codes import Coded
from verify.model.figures import UNREADABLE, Ints
from verify.read.cells import relabel
from verify.read.counts import is_scientific, parse_clock, parse_count, with_our_digits
from verify.read.published.codes import spoilt

TEXT_LIMIT = 200
"""Characters kept of one cell. The longest known, the title of a list, has some 120."""

CODE_LIMIT = 40
NAME_LIMIT = 100
PERCENTAGE_LIMIT = 24
"""Characters of a code, of a commune's name, of a percentage."""

_FIGURE = re.compile(r"[-+\N{MINUS SIGN}]?[0-9]+([.,][0-9]+)?\s*%?")
"""A count or a percentage, or the change of one."""

Report = Callable[[int, Text, Text], None]
"""Called with the index of a bad cell, what was expected and what stands there."""


def cut_apart(limit: int) -> Callable[[str], str]:
    """Make what cuts texts, each once: those that are the same up to the cut are numbered behind it."""
    times = Counter[str]()

    def cut(text: str) -> str:
        if len(text) < limit:
            return text
        start = text[:limit]
        times[start] += 1
        return start if times[start] == 1 else f"{start}…{times[start]}"

    return cut


def is_figure(cell: str) -> bool:
    """Test whether a cell holds a count or a percentage, or the change of one."""
    return _FIGURE.fullmatch(with_our_digits(cell).strip()) is not None


def instead_of_a_count(cell: str) -> Text:
    """Describe a cell that holds no count, with what a spreadsheet has made of it."""
    if cell.lstrip().startswith("="):
        return msg(
            "a formula without its result, {formula}: open the file in a spreadsheet and save it",
            formula=cited(cell.strip()),
        )
    if is_scientific(cell):
        return msg(
            "{cell}, of which the last digits are not shown: in the spreadsheet, give the column the format of "
            "whole numbers and save it again",
            cell=cited(cell.strip()),
        )
    meaning = spoilt(cell.strip())
    return meaning[0] if meaning else cited(cell)


def judge_counts(
    column: Coded,
    report: Report,
    content: Content = Content.COUNT,
    parse: Callable[[str], int] = parse_count,
    describe: Callable[[str], Text] = instead_of_a_count,
) -> Ints:
    """The counts or clocks of the rows of a column, shape ``(n,)``; each different cell once.

    Each cell that is none is reported.

    Args:
        column: the cells.
        report: is given those that are none.
        content: a count, or a clock.
        parse: what makes a count of a cell.
        describe: what says of a cell that is no count what it is.
    """
    convert, describe = (parse, describe) if content is Content.COUNT else (parse_clock, cited)
    values = np.array(list(map(convert, column.labels)), np.int64)
    found = np.asarray(values[column.codes], np.int64)
    for index in np.flatnonzero(found == UNREADABLE).tolist() if UNREADABLE in values else ():
        report(index, content.value, describe(column.at(index)))
    return found


def judge_texts(column: Coded, report: Report, limit: int) -> Coded:
    """A column of texts without surrounding space; too long ones are cut, still different ones, and reported."""
    found = relabel(column, str.strip)
    if max(map(len, found.labels), default=0) <= limit:
        return found
    for index in np.flatnonzero(found.marks(lambda label: len(label) > limit)).tolist():
        report(index, msg("at most {limit} characters", limit=limit), f"{len(found.at(index))}")
    return relabel(found, cut_apart(limit))
