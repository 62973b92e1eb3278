"""I: are the bytes and the files what their formats say, and what could not be checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import INSTEAD, RecordVerdict
from protocol.night import parse_export_name
from protocol.words import Message, Text, msg, nmsg, series
from verify.columns.needs import (
    BureauxOfProblems,
    Contests,
    Exports,
    FailedFiles,
    Inputs,
    Polls,
    Problems,
    Repeats,
    Universe,
    UnusedFiles,
    VotesByChoice,
)
from verify.model.checks import check
from verify.model.failures import Failure
from verify.model.rule_results import Named, One, Side, one
from verify.model.use import Used


@check("I120")
def files_failed(files: FailedFiles) -> Iterator[One]:
    """I120: a file could not be read or lined up."""
    for failed in files:
        yield one(Named(), Side(failed.what, failed.error), Side(failed.where, None), field="files")


@check("I122")
def nothing_used(files: UnusedFiles) -> Iterator[One]:
    """I122: a file that was given by its name or contradicts others of its kind, and of which nothing is used."""
    for each in files:
        yield one(Named(), Side(each.path, each.why), Side("regard", None), field="files")


def rules_failed(failures: Iterable[Failure]) -> Iterator[One]:
    """I121: rules could not be applied."""
    for failed in failures:
        sides = Side(failed.where, failed.error), Side(failed.where, None)
        yield one(Named(), *sides, field=failed.what, code="I121")


_CODES = {
    "UNREADABLE": "I103",
    "TOO_LARGE": "I103",
    "CUT_SHORT": "I103",
    "TRAILING": "I103",
    "NOT_AN_EXPORT": "I101",
    "UNKNOWN_VERSION": "I102",
    "LOST_STEP": "I111",
}
"""By name of `protocol.export.scan.Kind`."""
_VALUE = re.compile(r"\{[^}]*\}")
_FURTHER = 8
"""Problems of a kind of which each is shown, after the first."""


@check("I101", "I102", "I103", "I111")
def export_files(exports: Exports, universe: Universe) -> Iterator[One]:
    """I101, I102, I103, I111: a file is not records one after another. One finding for each kind and file."""
    for problem in exports.reading.problems:
        name = exports.names[problem.file]
        left, right = (
            Side(source, value, piece=EvidenceKind.EXPORTS)
            for source, value in ((f"{name}@{problem.offset}", problem.got), (name, problem.expected))
        )
        at, code = _named(exports, universe, problem.file), _CODES[problem.kind.name]
        times, size = problem.times, problem.bytes
        yield one(at, left, right, field=str(problem.kind.value), code=code, times=times, bytes=size)


@check("I102", "I103", "I104", "I112")
def export_records(exports: Exports, universe: Universe) -> Iterator[One]:
    """I102, I103, I104, I112: a record is whole and yet not right. One finding for each kind and file."""
    reading = exports.reading
    for verdict in (RecordVerdict.VERSION, RecordVerdict.LENGTH, RecordVerdict.CHECKSUM, RecordVerdict.VALUE):
        records = np.flatnonzero(reading.verdict == verdict)
        files, first, times = np.unique(reading.file[records], return_index=True, return_counts=True)
        for file, index, count in zip(files.tolist(), first.tolist(), times.tolist(), strict=True):
            yield _spoilt(exports, universe, int(records[index]), file, count, verdict)


def _spoilt(exports: Exports, universe: Universe, record: int, file: int, times: int, verdict: RecordVerdict) -> One:
    reading = exports.reading
    error = reading.reasons.get(record)
    code = {RecordVerdict.VERSION: "I102", RecordVerdict.LENGTH: "I103", RecordVerdict.CHECKSUM: "I104"}.get(
        verdict, "I112"
    )
    name: str
    got: Text
    expected: Text
    if verdict is RecordVerdict.CHECKSUM:
        name, got, expected = "crc32", f"{reading.stored_crc[record]:08X}", f"{reading.computed_crc[record]:08X}"
    elif error is not None:
        name, got, expected = error.field, error.got, error.expected
    else:
        name, got, expected = "record", INSTEAD[verdict], msg("all in order")
    alone = times == 1 and int((reading.file == file).sum()) == 1
    at = _named(exports, universe, file) if alone else Named()
    sides = exports.side(record, got), Side(exports.names[file], expected, piece=EvidenceKind.EXPORTS)
    return one(at, *sides, field=name, code=code, times=times, bytes=0)


def _named(exports: Exports, universe: Universe, file: int) -> Named:
    """The bureau and poll that a damaged file stands for by its name, if that bureau is on the list."""
    name = parse_export_name(exports.reading.files[file].path.name)
    return Named(*name[:3]) if name is not None and universe.has(*name[:2]) else Named()


@check("I105")
def reserved(exports: Exports) -> Iterator[One]:
    """I105: reserved bytes are not zero."""
    for record in np.flatnonzero(exports.used & ~exports.columns["reserved_zero"]).tolist():
        sides = exports.side(record, msg("not zero")), Side("format", msg("zero"))
        yield one(exports.at(record), *sides, field="reserved")


@check("I113")
def unreadable(
    problems: Problems, inputs: Inputs, bureaux: BureauxOfProblems, universe: Universe, polls: Polls
) -> Iterator[One]:
    """I113: a text file, a row or a cell cannot be read; filed under its bureau, or that of all such cells."""
    unused = frozenset(each.path for each in inputs if each.used is Used.NONE)
    places: dict[_Kind, set[tuple[int, int]]] = {}
    for problem in problems:
        at = bureaux.get((problem.file, problem.row), _NOWHERE) if problem.row is not None else _NOWHERE
        places.setdefault(_kind(problem), set()).add(at)
    of = {kind: _place(some, universe, polls) for kind, some in places.items()}
    yield from _inputs(((problem, 1) for problem in problems), unused, of)


_NOWHERE = (-1, -1)


def _place(places: Collection[tuple[int, int]], universe: Universe, polls: Sequence[int]) -> Named:
    """The bureau that some rows are all of, else their commune, if it is one."""
    units = {unit for unit, _ in places}
    communes = {str(universe.insee[unit]) if unit >= 0 else "" for unit in units}
    if len(communes) > 1:
        return Named()
    [insee] = communes
    if len(units) > 1 or not insee:
        return Named(insee)
    numbers = {polls[poll] if poll >= 0 else 0 for _, poll in places}
    return Named(insee, str(universe.bureau[next(iter(units))]), numbers.pop() if len(numbers) == 1 else 0)


@check("I114")
def repeated(repeats: Repeats) -> Iterator[One]:
    """I114: a row names its bureau for the second time, and no other finding says with which other figures."""
    yield from _inputs(
        (problem, 1 if at < len(each.problems) else each.left - len(each.problems) + 1)
        for each in repeats
        for at, problem in enumerate(each.problems, start=1)
    )


@check("I113")
def no_choices(votes: VotesByChoice, contests: Contests) -> Iterator[One]:
    """I113 for votes for something that is no choice, nor one that is withdrawn: one finding for a label.

    Not where the préfecture's list has no choices for the bureau at all.
    """
    by_label: dict[str, list[tuple[int, int, str, int]]] = {}
    for unit, poll, label, place, count in votes.unknown:
        if not contests.is_gone(unit, poll, label) and (contests.of[unit, poll] >= 0 or not contests.official):
            by_label.setdefault(label, []).append((unit, poll, place, count))
    for label, rows in by_label.items():
        unit, poll, place, count = rows[0]
        contest = int(contests.of[unit, poll])
        choices = contests.contests[contest].choices[:6] if contest >= 0 else ()
        known = series(choices, msg("; ")) if choices else msg("no contest")
        at = (unit if len(rows) == 1 else -1, poll)
        sides = Side(place, f"{label} ({count})", piece=EvidenceKind.RECORDS), contests.side(known)
        yield one(at, *sides, field="choix", times=len(rows), others="")


_Kind = tuple[str, str | None, Text]
"""File, column, and what belongs there."""


def _kind(problem: InputError) -> _Kind:
    return problem.file, problem.column, problem.expected


def _inputs(
    problems: Iterable[tuple[InputError, int]], unused: Collection[str] = (), of: Mapping[_Kind, Named] | None = None
) -> Iterator[One]:
    """One finding a file, column and kind, with the first place and what stands in the next ones.

    Args:
        problems: each with how often there is one.
        unused: files that are not used at all.
        of: by kind, the bureau or commune that all of it is of.
    """
    grouped: dict[_Kind, tuple[InputError, int, list[InputError]]] = {}
    for problem, times in problems:
        key = _kind(problem)
        first, so_far, further = grouped.get(key, (problem, 0, []))
        if so_far and problem.row is not None and len(further) < _FURTHER:
            further.append(problem)
        grouped[key] = (first, so_far + times, further)
    for kind, (first, times, further) in grouped.items():
        file, column, expected = kind
        place = file if first.row is None else f"{file}:{first.row}"
        sides = Side(place, first.got, "cell"), Side(file, expected, "cell")
        yield one(
            (of or {}).get(kind, Named()),
            *sides,
            field=column or "-",
            case="file" if file in unused else "",
            times=times,
            others=_others(first, further, times - 1),
        )


def _others(first: InputError, further: Sequence[InputError], count: int) -> Text:
    """Describe further rows of a kind: identical ones, different ones, and the number of those not shown."""
    same = [str(each.row) for each in further if each.got == first.got]
    parts: list[Text] = []
    if same:
        parts.append(nmsg(", the same in row {rows}", ", the same in rows {rows}", len(same), rows=series(same)))
    others = (each for each in further if each.got != first.got)
    parts += [msg(", {got} in row {row}", got=_less_known(each.got, first.got), row=str(each.row)) for each in others]
    if first.row is not None and count > len(further):
        parts.append(nmsg(", and {count:n} more row", ", and {count:n} more rows", count - len(further)))
    return series(parts, "") if parts else ""


def _less_known(got: Text, first: Text) -> Text:
    """Content of a cell, without surrounding words that the first one shares."""
    same = isinstance(got, Message) and isinstance(first, Message) and got.text == first.text
    if isinstance(got, Message) and same and got.values and any(map(str.isalpha, _VALUE.sub("", got.text))):
        value: Text | int = next(iter(got.values.values()))
        return got if isinstance(value, int) else value
    return got
