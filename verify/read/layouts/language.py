"""The language of layout entries: parses one TOML file into a `Layout`, and refuses what it does not know.

``docs/guide/layouts.md`` describes the language for people who write entries.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import filterfalse
from typing import Any, TypeVar

from protocol.errors import InputError, cause, wrong_file
from protocol.words import Message, Series, Text, cited, msg, series
from verify.model.labels import FIELDS, OF_LAYOUTS
from verify.model.published import COUNTS, Level
from verify.read.cells import fitting, is_pattern
from verify.read.layouts.identities import Expression, SumCheck, parse_expression, parse_identity

T = TypeVar("T")
Names = tuple[str, ...]
"""Wordings of one header, the first that a table has counts."""
Parts = tuple[Names, ...] | str
"""Columns whose cells are joined, or a template with headers in braces."""

MAX_ENTRY = 2**18
"""Bytes of an entry."""


class _Refused(Exception):
    """A value that the language does not know.

    Attributes:
        expected, got: in its place.
        key: names of the tables around it, the innermost last.
    """

    def __init__(self, expected: Message, value: object) -> None:
        self.expected = expected
        self.got: Text = value if isinstance(value, (Message, Series)) else cited(str(value))
        self.key: tuple[str, ...] = ()


def _below(name: str, read: Callable[[Any], T], value: object) -> T:
    """Read a value of a table."""
    try:
        return read(value)
    except _Refused as refused:
        refused.key = (name, *refused.key)
        raise


def _table(value: object, known: Collection[str] | None = None) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Refused(msg("a table, under [{key}]"), value)
    if known is not None:
        for name in filterfalse(known.__contains__, value):
            _below(name, partial(_unknown, known), name)
    return value


def _refuse(expected: Message, value: object) -> None:
    raise _Refused(expected, value)


def _unknown(known: Collection[str], name: str) -> None:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    raise _Refused(msg("one of {values}", values=series(near or known)), msg("an unknown key"))


def _fill(kind: type[T], value: object) -> T:
    """A dataclass, each field read by what `_key` says of it."""
    by_key = {each.metadata["key"] or each.name: each for each in fields(kind) if each.metadata}  # type: ignore[arg-type]
    table = _table(value, by_key)
    made = ((by_key[key], _below(key, by_key[key].metadata["read"], each)) for key, each in table.items())
    return kind(**{each.name: read for each, read in made})


def _key(read: Callable[[Any], Any], default: object, key: str = "") -> Any:
    """A field that an entry has under a key; by default under its own name."""
    metadata = {"read": read, "key": key}
    if isinstance(default, (dict, type)):
        return field(default_factory=type(default) if isinstance(default, dict) else default, metadata=metadata)
    return field(default=default, metadata=metadata)


def _each(read: Callable[[Any], T], known: Collection[str] | None = None) -> Callable[[object], dict[str, T]]:
    return lambda value: {name: _below(name, read, each) for name, each in _table(value, known).items()}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _Refused(msg("a text in quotes"), value)


def _names(value: object) -> Names:
    """One header or several wordings of it."""
    return tuple(map(_text, value if isinstance(value, list) else [value]))


def _texts(value: object) -> frozenset[str]:
    return frozenset(_names(value))


def _parts(value: object) -> Parts:
    """Columns side by side, each of which may have several wordings; or a template."""
    if isinstance(value, str):
        return value if "{" in value else (_names(value),)
    if not isinstance(value, list):
        raise _Refused(msg("a header, or a list of headers"), value)
    return tuple(map(_names, value))


def _needs(value: object) -> tuple[Names, ...]:
    if isinstance(value, list):
        return tuple(map(_names, value))
    raise _Refused(msg("a list of headers"), value)


def _encoding(value: object) -> str:
    name = _text(value)
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        raise _Refused(msg("an encoding, such as windows-1251"), name) from None
    return name


def _title(value: object) -> Mapping[str, str]:
    return {"en": value, "fr": value} if isinstance(value, str) else _each(_text)(value)


def _one_of(allowed: Sequence[str], value: object) -> str:
    if value in allowed:
        return str(value)
    raise _Refused(msg("one of {values}", values=series(allowed)), value)


def _level(value: object) -> Level:
    return _LEVELS[_one_of(tuple(_LEVELS), value)]


def _yes(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _Refused(msg("true or false"), value)


def _number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1000:
        return value
    raise _Refused(msg("a number from 1"), value)


def _count(name: str) -> None:
    if name in _BY_KEY:
        raise _Refused(msg("this line above the first [table]"), name)
    if (label := FIELDS.get(name)) is not None and name not in {*COUNTS, *OF_LAYOUTS}:
        raise _Refused(msg("another name: this one is regard's for “{label}”", label=label), name)
    if name == "votes" or not name.isidentifier():
        raise _Refused(msg("the name of a count, of letters, digits and _"), name)


def _of_counts(read: Callable[[Any], T]) -> Callable[[object], dict[str, T]]:
    """A table with the names of counts."""

    def counts(value: object) -> dict[str, T]:
        found = _each(read)(value)
        for name in found:
            _below(name, _count, name)
        return found

    return counts


def _ratios(of_votes: bool, expected: Message, value: object) -> dict[str, Names]:
    """The columns of ratios of two counts, or of the votes of choices and a count; others are not ``expected``."""
    found = _each(_names)(value)
    for ratio in found:
        above, _, below = ratio.partition("/")
        if of_votes is not (above == "votes"):
            _below(ratio, partial(_refuse, expected), ratio)
        for name in (below,) if of_votes else (below, above):
            _below(ratio, _count, name)
    return found


_PERCENTAGES = partial(_ratios, False, msg("the ratios of votes of choices under [choices]"))
_SHARES = partial(_ratios, True, msg("a ratio of votes, such as votes/valid"))


def _expression(value: object) -> Expression:
    if (found := parse_expression(_text(value))) is None:
        raise _Refused(msg("a sum of counts, such as votes_found - valid"), value)
    return found


def _checks(value: object) -> tuple[SumCheck, ...]:
    found = []
    for each in _names(value):
        if (identity := parse_identity(each)) is None:
            raise _Refused(msg("sums of counts with =, <= or >= between them"), each)
        found.append(identity)
    return tuple(found)


def _totals(value: object) -> tuple[tuple[Names, frozenset[str]], ...]:
    return tuple(((name,), cells) for name, cells in _each(_texts)(value).items())


def _quantity_rows(value: object) -> ValuesOf:
    found = _fill(ValuesOf, value)
    for name in set(found.values.values()) - {LEFT_OUT}:
        _count(name)
    return found


def _of_levels(value: object) -> ValuesOf:
    found = _fill(ValuesOf, value)
    for level in found.values.values():
        _below("values", partial(_one_of, (*_LEVELS, TOTAL, LEFT_OUT)), level)
    return found


_PLACES = ("station", "commune", "commune_code", "department", "region", "constituency", "canton")
_LEVELS = {level.value: level for level in Level}
TOTAL, LEFT_OUT = "total", "left out"
"""The levels of a row that sums up others and is no place, and of one that is not read."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Rows of a hierarchical file (XML).

    Attributes:
        rows: paths from the root to the elements that are rows.
        columns: for each column the paths of its text, the first that has any counts.
    """

    rows: Names = _key(_names, ())
    columns: Mapping[str, Names] = _key(_each(_names), {})


@dataclass(frozen=True, slots=True)
class Turned:
    """A table whose columns are stations.

    Attributes:
        labels: how many columns at the left say what a row is.
        first: the first column that is a station, from 1.
    """

    labels: int = _key(_number, None)
    first: int = _key(_number, None)


@dataclass(frozen=True, slots=True)
class Choices:
    """The places of votes.

    Attributes:
        columns: headers of columns that are a choice each; a group of a regular expression names the choice.
        first, last: headers of the first and last of a run of such columns.
        but: headers within it that are none.
        names: columns that name each choice: those with the same group in their header as that of its votes; without a
            regular expression, those in its block of the columns right of the counts, headed once or each time.
        panel: the column of its number on the panel in that block.
        label: in a table with a row for each choice, the columns that name it.
        votes: the column of its votes; empty where ``parts`` are added up.
        parts: columns of parts of the votes.
        add: whether the votes of a choice in several rows of a station are added.
        rest: whether each column that is known to be nothing else is a choice, from ``first`` on, or right of the
            counts.
        percentages: by the ratio that a column beside each choice states, its header; a group names the choice.
    """

    columns: Names = _key(_names, ())
    first: str = _key(_text, "", "from")
    last: str = _key(_text, "", "to")
    but: Names = _key(_names, (), "except")
    names: Parts = _key(_parts, ())
    panel: Names = _key(_names, ())
    label: Parts = _key(_parts, ())
    votes: Names = _key(_names, ())
    parts: tuple[Names, ...] = _key(_needs, ())
    add: bool = _key(_yes, False)
    rest: bool = _key(_yes, False)
    percentages: Mapping[str, Names] = _key(_SHARES, {})

    @property
    def in_blocks(self) -> bool:
        """Tell that each choice has a block of columns."""
        return bool(self.names) and not any(is_pattern(name) for name in self.columns)

    @property
    def are_columns(self) -> bool:
        """Tell that each choice has a column of its own."""
        return bool(self.columns or self.first or self.last or self.rest)


@dataclass(frozen=True, slots=True)
class ValuesOf:
    """A column, and what some of its cells mean."""

    column: Names = _key(_names, ())
    values: Mapping[str, str] = _key(_each(_text), {})


@dataclass(frozen=True, slots=True)
class Layout:
    """One entry, or the part of one that reads one of several contests in a row.

    Attributes:
        name: of the entry.
        title: what people call it, by language.
        country: two letters.
        source: where such files are published.
        level: what a row stands for, None where the places that a table has say it.
        needs: headers without which a table is of another layout.
        without: headers of other layouts that have those of ``needs`` as well.
        headers: names of the columns of a table without a header; it is one where most rows fulfil ``checks``.
        generic: whether any table may have these headers, so that it is tried after all others.
        encoding, delimiter: of a text; empty where they are found out.
        thousands: what stands between groups of three digits, beside spaces.
        absent: cells that mean no figure.
        hidden: cells in place of a figure that is not shown.
        tree, turned: shapes that are made a table of rows first.
        above: labels of cells above the rows, by the name of the column that what they say becomes.
        constants: places, and a contest, that the layout says without a column.
        place: columns of ``station``, ``commune``, ``commune_code``, ``department``, ``region``, ``constituency``,
            ``canton``.
        contest: columns that name the contest.
        counts: the column of each count.
        choices: where votes stand.
        quantity_rows: cells that make a row a count and no choice, or one that is not read.
        no_row_is_zero: whether a station without such a row has 0 there.
        levels: cells that say the level of a row.
        totals: columns and cells of rows that are sums.
        derived: counts that are computed.
        checks: what must hold in every station.
        zero_is_none: counts of which 0 says that there is no such figure.
        percentages: by the ratio that a column states, its header.
        ignored: headers that are known and not used.
    """

    name: str = _key(_text, "")
    title: Mapping[str, str] = _key(_title, {})
    country: str = _key(_text, "")
    source: str = _key(_text, "")
    level: Level | None = _key(_level, None)
    needs: tuple[Names, ...] = _key(_needs, ())
    without: Names = _key(_names, ())
    headers: Names = _key(_names, ())
    generic: bool = _key(_yes, False)
    encoding: str = _key(_encoding, "")
    delimiter: str = _key(_text, "")
    thousands: str = _key(_text, "")
    absent: frozenset[str] = _key(_texts, frozenset())
    hidden: frozenset[str] = _key(_texts, frozenset())
    tree: Tree | None = _key(partial(_fill, Tree), None)
    turned: Turned | None = _key(partial(_fill, Turned), None)
    above: Mapping[str, str] = _key(_each(_text), {})
    constants: Mapping[str, str] = _key(_each(_text, (*_PLACES, "contest")), {})
    place: Mapping[str, Parts] = _key(_each(_parts, _PLACES), {})
    contest: Parts = _key(_parts, ())
    counts: Mapping[str, Names] = _key(_of_counts(_names), {})
    choices: Choices = _key(partial(_fill, Choices), Choices)
    quantity_rows: ValuesOf | None = _key(_quantity_rows, None)
    no_row_is_zero: bool = _key(_yes, False)
    levels: ValuesOf | None = _key(_of_levels, None)
    totals: tuple[tuple[Names, frozenset[str]], ...] = _key(_totals, ())
    derived: Mapping[str, Expression] = _key(_of_counts(_expression), {})
    checks: tuple[SumCheck, ...] = _key(_checks, ())
    zero_is_none: frozenset[str] = _key(_texts, frozenset())
    percentages: Mapping[str, Names] = _key(_PERCENTAGES, {})
    ignored: Names = _key(_names, ())
    contests: tuple[Layout, ...] = ()

    @property
    def parts(self) -> tuple[Layout, ...]:
        """The layouts of the contests in a row, or this one alone."""
        return self.contests or (self,)


_BY_KEY = {each.metadata["key"] or each.name for each in fields(Layout) if each.metadata}


def parse_layout(data: bytes, file: str, *, tested: bool = False) -> Layout:
    """One entry.

    Args:
        data: its TOML.
        file: its name.
        tested: whether its regular expressions are known to be some: they are looked at by Arrow, which takes time.

    Raises:
        InputError: it is no TOML, has a key or a value that the language does not know, or lacks one that it needs.
    """
    if len(data) > MAX_ENTRY:
        raise wrong_file(file, msg("at most {most:n} bytes", most=MAX_ENTRY), f"{len(data)}")
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise wrong_file(file, msg("a layout in TOML"), cause(error)) from error
    try:
        if not tested:
            _check_patterns(table)
        contests = _below("contests", _tables, table.pop("contests", []))
        layout = replace(_fill(Layout, table), contests=tuple(_fill(Layout, _merge(table, each)) for each in contests))
        for part in layout.parts:
            _check_whole(part)
    except _Refused as refused:
        key = ".".join(refused.key)
        expected = replace(refused.expected, values={**refused.expected.values, "key": key})
        raise InputError(file, None, key, expected, refused.got) from None
    return layout


def _tables(value: object) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    raise _Refused(msg("tables, each under [[{key}]]"), value)


def _check_patterns(value: object) -> None:
    """Refuse what stands between slashes in an entry and is no regular expression."""
    if isinstance(value, dict):
        for name, each in value.items():
            _below(name, _check_patterns, each)
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, (list, dict)) and each is not value:
            _check_patterns(each)
        elif isinstance(each, str) and is_pattern(each) and fitting(each, ("",)) is None:
            raise _Refused(msg("a regular expression between slashes"), each)


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """A table with the values of another put in, table by table."""
    merged = dict(base)
    for name, value in over.items():
        old = merged.get(name)
        merged[name] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _check_whole(layout: Layout) -> None:
    """Refuse an entry that would find no table, no station or no figure, or that adds up what it does not have."""
    choices = layout.choices
    has_votes = bool(choices.label) or choices.are_columns
    for key, is_there, wanted in (
        ("name", layout.name, msg("a value")),
        ("title", layout.title, msg("a value")),
        ("country", layout.country, msg("a value")),
        (
            "checks",
            layout.checks or not layout.headers or choices.parts,
            msg("sums by which a table without a header is recognised"),
        ),
        ("needs", layout.needs or layout.headers or layout.tree, msg("headers by which a file is recognised")),
        ("choices.votes", choices.votes or choices.parts or not choices.label, msg("the column of the votes")),
        ("choices", has_votes or layout.counts, msg("columns of votes, or counts")),
    ):
        if not is_there:
            _below(key, partial(_refuse, wanted), msg("nothing"))
    if choices.label and choices.are_columns:
        expected = msg("label, or columns of choices, not both")
        _below("choices", partial(_refuse, expected), msg("both"))
    counted = {
        *layout.counts,
        *layout.derived,
        *(layout.quantity_rows.values.values() if layout.quantity_rows else ()),
    }
    if has_votes:
        counted.add("votes")
    for key, names in (
        ("checks", {name for check in layout.checks for name in check.names}),
        ("derived", {name for each in layout.derived.values() for name in each.names}),
        ("zero_is_none", layout.zero_is_none),
    ):
        if unknown := sorted(names - counted):
            expected = msg("counts of this entry: {known}", known=series(sorted(counted)))
            _below(key, partial(_refuse, expected), unknown[0])
