"""The language of layout entries: parses one TOML file into a `Layout`, and refuses what it does not know.

``docs/guide/layouts.md`` describes the language for people who write entries.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from protocol.errors import InputError, cause
from protocol.words import cited, msg, series
from verify.model.published import Level
from verify.read.cells import fitting, is_pattern
from verify.read.layouts.identities import Expression, SumCheck, parse_expression, parse_identity

Names = tuple[str, ...]
"""Wordings of one header, the first that a table has counts."""
Parts = tuple[Names, ...] | str
"""Columns whose cells are joined, or a template with headers in braces."""

MAX_ENTRY = 2**18
"""Bytes of an entry."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Rows of a hierarchical file (XML).

    Attributes:
        rows: paths from the root to the elements that are rows.
        columns: for each column the paths of its text, the first that has any counts.
    """

    rows: tuple[str, ...]
    columns: Mapping[str, Names]


@dataclass(frozen=True, slots=True)
class Turned:
    """A table whose columns are stations.

    Attributes:
        labels: how many columns at the left say what a row is.
        first: the first column that is a station, from 1.
    """

    labels: int
    first: int


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

    columns: Names = ()
    first: str = ""
    last: str = ""
    but: Names = ()
    names: Parts = ()
    panel: Names = ()
    label: Parts = ()
    votes: Names = ()
    parts: tuple[Names, ...] = ()
    add: bool = False
    rest: bool = False
    percentages: Mapping[str, Names] = field(default_factory=dict)

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

    column: Names
    values: Mapping[str, str]


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
        headers: names of the columns of a table without a header; it is one where most rows fulfil ``checks``.
        generic: whether any table may have these headers, so that it is tried after all others.
        encoding, delimiter: of a text; empty where they are found out.
        thousands: what stands between groups of three digits, beside spaces.
        absent: cells that mean no figure.
        tree, turned: shapes that are made a table of rows first.
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

    name: str
    title: Mapping[str, str]
    country: str
    source: str
    level: Level | None
    needs: tuple[Names, ...]
    headers: Names = ()
    generic: bool = False
    encoding: str = ""
    delimiter: str = ""
    thousands: str = ""
    absent: frozenset[str] = frozenset()
    tree: Tree | None = None
    turned: Turned | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    place: Mapping[str, Parts] = field(default_factory=dict)
    contest: Parts = ()
    counts: Mapping[str, Names] = field(default_factory=dict)
    choices: Choices = field(default_factory=Choices)
    quantity_rows: ValuesOf | None = None
    no_row_is_zero: bool = False
    levels: ValuesOf | None = None
    totals: tuple[tuple[Names, frozenset[str]], ...] = ()
    derived: Mapping[str, Expression] = field(default_factory=dict)
    checks: tuple[SumCheck, ...] = ()
    zero_is_none: frozenset[str] = frozenset()
    percentages: Mapping[str, Names] = field(default_factory=dict)
    ignored: Names = ()
    contests: tuple[Layout, ...] = ()

    @property
    def parts(self) -> tuple[Layout, ...]:
        """The layouts of the contests in a row, or this one alone."""
        return self.contests or (self,)


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
        raise InputError(file, None, None, msg("at most {most:n} bytes", most=MAX_ENTRY), f"{len(data)}")
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(file, None, None, msg("a layout in TOML"), cause(error)) from error
    reading = _Entry(file, tested)
    contests = reading.tables(table.pop("contests", []), "contests")
    layout = reading.layout(table)
    if contests:
        parts = tuple(reading.layout(_merge(table, contest)) for contest in contests)
        layout = reading.layout(table, parts)
    for part in layout.parts:
        reading.check_whole(part)
    return layout


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """A table with the values of another put in, table by table."""
    merged = dict(base)
    for name, value in over.items():
        old = merged.get(name)
        merged[name] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


_PLACES = ("station", "commune", "commune_code", "department", "region", "constituency", "canton")
_LEVELS = {level.value: level for level in Level}
TOTAL, LEFT_OUT = "total", "left out"
"""The levels of a row that sums up others and is no place, and of one that is not read."""


class _Entry:
    """The values of one entry, each refused with its key."""

    def __init__(self, file: str, tested: bool) -> None:
        self._file = file
        self._tested = tested

    def layout(self, table: Mapping[str, Any], contests: tuple[Layout, ...] = ()) -> Layout:
        known = self._known(table, "", _KEYS)
        made = {key: read(self, known[key], key) for key, read in _KEYS.items() if key in known}
        for key in ("name", "title", "country"):
            if not made.get(key):
                raise self._wrong(key, msg("a value"), msg("nothing"))
        made.setdefault("source", "")
        made.setdefault("level", None)
        made.setdefault("needs", ())
        return Layout(**made, contests=contests)

    def check_whole(self, layout: Layout) -> None:
        """Refuse an entry that would find no table, no station or no figure, or that adds up what it does not have."""
        if layout.headers and not layout.checks:
            raise self._wrong("checks", msg("sums by which a table without a header is recognised"), msg("nothing"))
        if not layout.needs and not layout.headers and layout.tree is None:
            raise self._wrong("needs", msg("headers by which a file is recognised"), msg("nothing"))
        choices = layout.choices
        if bool(choices.label) and not (choices.votes or choices.parts):
            raise self._wrong("choices.votes", msg("the column of the votes"), msg("nothing"))
        has_votes = bool(choices.label) or choices.are_columns
        if not has_votes and not layout.counts:
            raise self._wrong("choices", msg("columns of votes, or counts"), msg("nothing"))
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
                known = series(sorted(counted))
                raise self._wrong(key, msg("counts of this entry: {known}", known=known), cited(unknown[0]))

    def tables(self, value: object, key: str) -> list[dict[str, Any]]:
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return value
        raise self._wrong(key, msg("tables, each under [[{key}]]", key=key), cited(str(value)))

    def text(self, value: object, key: str) -> str:
        if isinstance(value, str):
            return value
        raise self._wrong(key, msg("a text in quotes"), cited(str(value)))

    def names(self, value: object, key: str) -> Names:
        """One header or several wordings of it; what is a regular expression must be one."""
        values = value if isinstance(value, list) else [value]
        names = tuple(self.text(each, key) for each in values)
        for name in names:
            if is_pattern(name) and not self._tested and fitting(name, ("",)) is None:
                raise self._wrong(key, msg("a regular expression between slashes"), cited(name))
        return names

    def parts(self, value: object, key: str) -> Parts:
        """Columns side by side, each of which may have several wordings; or a template."""
        if isinstance(value, str):
            return value if "{" in value else (self.names(value, key),)
        if not isinstance(value, list):
            raise self._wrong(key, msg("a header, or a list of headers"), cited(str(value)))
        return tuple(self.names(each, key) for each in value)

    def encoding(self, value: object, key: str) -> str:
        name = self.text(value, key)
        try:
            codecs.lookup(name)
        except (LookupError, ValueError):
            raise self._wrong(key, msg("an encoding, such as windows-1251"), cited(name)) from None
        return name

    def title(self, value: object, key: str) -> Mapping[str, str]:
        if isinstance(value, str):
            return {"en": value, "fr": value}
        return self.mapping(self.text)(value, key)

    def level(self, value: object, key: str) -> Level:
        return _LEVELS[self.one_of(tuple(_LEVELS))(value, key)]

    def one_of(self, allowed: Sequence[str]) -> Callable[[object, str], str]:
        def read(value: object, key: str) -> str:
            if value in allowed:
                return str(value)
            raise self._wrong(key, msg("one of {values}", values=series(allowed)), cited(str(value)))

        return read

    def yes(self, value: object, key: str) -> bool:
        if isinstance(value, bool):
            return value
        raise self._wrong(key, msg("true or false"), cited(str(value)))

    def number(self, value: object, key: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1000:
            return value
        raise self._wrong(key, msg("a number from 1"), cited(str(value)))

    def needs(self, value: object, key: str) -> tuple[Names, ...]:
        if isinstance(value, list):
            return tuple(self.names(each, key) for each in value)
        raise self._wrong(key, msg("a list of headers"), cited(str(value)))

    def texts(self, value: object, key: str) -> frozenset[str]:
        return frozenset(self.names(value, key))

    def mapping(self, read: Callable[[Any, str], Any]) -> Callable[[object, str], dict[str, Any]]:
        def each(value: object, key: str) -> dict[str, Any]:
            if isinstance(value, dict):
                return {name: read(one, f"{key}.{name}") for name, one in value.items()}
            raise self._wrong(key, msg("a table, under [{key}]", key=key), cited(str(value)))

        return each

    def tree(self, value: object, key: str) -> Tree:
        known = self._known(value, key, ("rows", "columns"))
        rows = self.names(known.get("rows", []), f"{key}.rows")
        return Tree(rows, self.mapping(self.names)(known.get("columns", {}), f"{key}.columns"))

    def turned(self, value: object, key: str) -> Turned:
        known = self._known(value, key, ("labels", "first"))
        labels, first = (self.number(known.get(name), f"{key}.{name}") for name in ("labels", "first"))
        return Turned(labels, first)

    def place(self, value: object, key: str) -> dict[str, Parts]:
        known = self._known(value, key, _PLACES)
        return {name: self.parts(known[name], f"{key}.{name}") for name in known}

    def constants(self, value: object, key: str) -> dict[str, str]:
        known = self._known(value, key, (*_PLACES, "contest"))
        return {name: self.text(known[name], f"{key}.{name}") for name in known}

    def percentages(self, value: object, key: str) -> dict[str, Names]:
        found = self.mapping(self.names)(value, key)
        for ratio in found:
            for name in ratio.split("/", 1) if "/" in ratio else ("",):
                if name != "votes":
                    self._count(name, f"{key}.{ratio}")
        return found

    def counts(self, value: object, key: str) -> dict[str, Names]:
        return self._of_counts(self.names, value, key)

    def choices(self, value: object, key: str) -> Choices:
        known = self._known(value, key, _CHOICES)
        return Choices(**{_CHOICES[name][0]: _CHOICES[name][1](self, known[name], f"{key}.{name}") for name in known})

    def quantity_rows(self, value: object, key: str) -> ValuesOf:
        found = self.values_of(value, key, self.text)
        for name in set(found.values.values()) - {LEFT_OUT}:
            self._count(name, key)
        return found

    def levels(self, value: object, key: str) -> ValuesOf:
        found = self.values_of(value, key, self.one_of((*_LEVELS, TOTAL, LEFT_OUT)))
        if not _LEVELS.keys() & found.values.values():
            raise self._wrong(
                f"{key}.values", msg("a level of stations, such as bureau"), series(found.values.values())
            )
        return found

    def values_of(self, value: object, key: str, read: Callable[[Any, str], str]) -> ValuesOf:
        known = self._known(value, key, ("column", "values"))
        column = self.names(known.get("column", []), f"{key}.column")
        return ValuesOf(column, self.mapping(read)(known.get("values", {}), f"{key}.values"))

    def totals(self, value: object, key: str) -> tuple[tuple[Names, frozenset[str]], ...]:
        return tuple(((name,), cells) for name, cells in self.mapping(self.texts)(value, key).items())

    def derived(self, value: object, key: str) -> dict[str, Expression]:
        return self._of_counts(self._expression, value, key)

    def checks(self, value: object, key: str) -> tuple[SumCheck, ...]:
        found = []
        for each in self.names(value, key):
            if (identity := parse_identity(each)) is None:
                raise self._wrong(key, msg("sums of counts with =, <= or >= between them"), cited(each))
            found.append(identity)
        return tuple(found)

    def _of_counts(self, read: Callable[[Any, str], Any], value: object, key: str) -> dict[str, Any]:
        """A table with the names of counts."""
        found = self.mapping(read)(value, key)
        for name in found:
            self._count(name, f"{key}.{name}")
        return found

    def _expression(self, value: object, key: str) -> Expression:
        if (found := parse_expression(self.text(value, key))) is None:
            raise self._wrong(key, msg("a sum of counts, such as votes_found - valid"), cited(str(value)))
        return found

    def _count(self, name: str, key: str) -> None:
        if name == "votes" or not name.isidentifier():
            raise self._wrong(key, msg("the name of a count, of letters, digits and _"), cited(name))

    def _known(self, value: object, key: str, known: Sequence[str] | Mapping[str, object]) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise self._wrong(key, msg("a table, under [{key}]", key=key), cited(str(value)))
        for name in value:
            if name not in known:
                import difflib

                near = difflib.get_close_matches(name, known, 1)
                expected = msg("one of {values}", values=series(near or known))
                raise self._wrong(f"{key}.{name}" if key else name, expected, msg("an unknown key"))
        return dict(value)

    def _wrong(self, key: str, expected: Any, got: Any) -> InputError:
        return InputError(self._file, None, key, expected, got)


_KEYS: dict[str, Callable[[_Entry, Any, str], Any]] = {
    "name": _Entry.text,
    "title": _Entry.title,
    "country": _Entry.text,
    "source": _Entry.text,
    "level": _Entry.level,
    "needs": _Entry.needs,
    "headers": _Entry.names,
    "generic": _Entry.yes,
    "encoding": _Entry.encoding,
    "delimiter": _Entry.text,
    "thousands": _Entry.text,
    "absent": _Entry.texts,
    "tree": _Entry.tree,
    "turned": _Entry.turned,
    "constants": _Entry.constants,
    "place": _Entry.place,
    "contest": _Entry.parts,
    "counts": _Entry.counts,
    "choices": _Entry.choices,
    "quantity_rows": _Entry.quantity_rows,
    "no_row_is_zero": _Entry.yes,
    "levels": _Entry.levels,
    "totals": _Entry.totals,
    "derived": _Entry.derived,
    "checks": _Entry.checks,
    "zero_is_none": _Entry.texts,
    "percentages": _Entry.percentages,
    "ignored": _Entry.names,
}
_CHOICES: dict[str, tuple[str, Callable[[_Entry, Any, str], Any]]] = {
    "columns": ("columns", _Entry.names),
    "from": ("first", _Entry.text),
    "to": ("last", _Entry.text),
    "except": ("but", _Entry.names),
    "names": ("names", _Entry.parts),
    "panel": ("panel", _Entry.names),
    "label": ("label", _Entry.parts),
    "votes": ("votes", _Entry.names),
    "parts": ("parts", _Entry.needs),
    "add": ("add", _Entry.yes),
    "rest": ("rest", _Entry.yes),
    "percentages": ("percentages", _Entry.percentages),
}
