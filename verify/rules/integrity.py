"""I: are the bytes and the files what their formats say; nothing here is about what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from protocol.errors import InputError
from protocol.export.terms import INSTEAD, Verdict
from protocol.night import parse_export_name
from protocol.words import Text, msg, series
from verify.model.evidence import Evidence
from verify.model.exports import Exports
from verify.model.findings import Checks, Finding, finding
from verify.model.holds import Side
from verify.rules.second_round import is_gone

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


def export_files(evidence: Evidence) -> Iterator[Finding]:
    """I101, I102, I103, I111: a file is not records one after another. One finding for each kind and file."""
    exports = evidence.exports
    if exports is None:
        return
    for problem in exports.reading.problems:
        insee, bureau, poll = _named(evidence, exports, problem.file)
        name = exports.names[problem.file]
        yield finding(
            _CODES[problem.kind.name],
            Side(f"{name}@{problem.offset}", problem.got),
            Side(name, problem.expected),
            field=problem.kind.value,
            insee=insee,
            bureau=bureau,
            poll=poll,
            level="bureau" if bureau else "file",
            details={"times": problem.times, "bytes": problem.bytes},
        )


def export_records(evidence: Evidence) -> Iterator[Finding]:
    """I102, I103, I104, I112: a record is whole and yet not right. One finding for each kind and file."""
    exports = evidence.exports
    if exports is None:
        return
    reading = exports.reading
    for verdict in (Verdict.VERSION, Verdict.LENGTH, Verdict.CHECKSUM, Verdict.VALUE):
        records = np.flatnonzero(reading.verdict == verdict)
        files, first, times = np.unique(reading.file[records], return_index=True, return_counts=True)
        for file, index, count in zip(files.tolist(), first.tolist(), times.tolist(), strict=True):
            yield _spoilt(evidence, exports, int(records[index]), file, count, verdict)


def _spoilt(evidence: Evidence, exports: Exports, record: int, file: int, times: int, verdict: Verdict) -> Finding:
    reading = exports.reading
    error = reading.reasons.get(record)
    code = {Verdict.VERSION: "I102", Verdict.LENGTH: "I103", Verdict.CHECKSUM: "I104"}.get(verdict, "I112")
    name: str
    got: Text
    expected: Text
    if verdict is Verdict.CHECKSUM:
        name, got, expected = "crc32", f"{reading.stored_crc[record]:08X}", f"{reading.computed_crc[record]:08X}"
    elif error is not None:
        name, got, expected = error.field, error.got, error.expected
    else:
        name, got, expected = "record", INSTEAD[verdict], msg("all in order")
    alone = times == 1 and int((reading.file == file).sum()) == 1
    insee, bureau, poll = _named(evidence, exports, file) if alone else ("", "", 0)
    return finding(
        code,
        Side(exports.place(record), got),
        Side(exports.names[file], expected),
        field=name,
        insee=insee,
        bureau=bureau,
        poll=poll,
        level="bureau" if bureau else "file",
        details={"times": times, "bytes": 0},
    )


def _named(evidence: Evidence, exports: Exports, file: int) -> tuple[str, str, int]:
    """The bureau and poll that a damaged file stands for by its name, if that bureau is on the list."""
    name = parse_export_name(exports.reading.files[file].path.name)
    if name is None or int(evidence.universe.find(np.array([name[0]]), np.array([name[1]]))[0]) < 0:
        return "", "", 0
    return name[0], name[1], name[2]


def reserved(evidence: Evidence) -> Iterator[Finding]:
    """I105: reserved bytes are not zero."""
    exports = evidence.exports
    if exports is None:
        return
    for record in np.flatnonzero(exports.used & ~exports.columns["reserved_zero"]).tolist():
        yield finding(
            "I105",
            Side(exports.place(record), msg("not zero")),
            Side("format", msg("zero")),
            field="reserved",
            insee=str(evidence.universe.insee[exports.unit[record]]),
            bureau=str(evidence.universe.bureau[exports.unit[record]]),
            poll=evidence.polls[int(exports.poll[record])],
        )


def text_files(evidence: Evidence) -> Iterator[Finding]:
    """I113, I114: a text file, a row or a cell cannot be read; a row names its bureau for the second time."""
    yield from _inputs("I113", ((problem, 1) for problem in evidence.problems))
    yield from _inputs("I114", ((each.first, len(each.rows)) for each in evidence.repeats))
    yield from _no_choices(evidence)


def _no_choices(evidence: Evidence) -> Iterator[Finding]:
    """I113 for votes for something that is no choice: one finding for a label, whatever the number of bureaux."""
    votes, contests = evidence.votes, evidence.contests
    by_label: dict[str, list[tuple[int, int, str, int]]] = {}
    for unit, poll, label, place, count in () if votes is None else votes.unknown:
        # A108 names a choice that is withdrawn, C114 a constituency without choices
        if not is_gone(evidence, unit, poll, label) and (contests.of[unit, poll] >= 0 or not contests.official):
            by_label.setdefault(label, []).append((unit, poll, place, count))
    for label, rows in by_label.items():
        unit, poll, place, count = rows[0]
        contest = int(contests.of[unit, poll])
        choices = contests.contests[contest].choices[:6] if contest >= 0 else ()
        known = series(choices, msg("; ")) if choices else msg("no contest")
        alone = len(rows) == 1
        yield finding(
            "I113",
            Side(place, f"{label} ({count})"),
            Side(contests.source, known),
            field="choix",
            insee=str(evidence.universe.insee[unit]) if alone else "",
            bureau=str(evidence.universe.bureau[unit]) if alone else "",
            poll=evidence.polls[poll],
            level="bureau" if alone else "file",
            details={"times": len(rows)},
        )


def _inputs(code: str, problems: Iterable[tuple[InputError, int]]) -> Iterator[Finding]:
    """One finding a file, column and kind, with the first place; of each problem it is given how often there is one."""
    grouped: dict[tuple[str, str | None, Text], tuple[InputError, int]] = {}
    for problem, times in problems:
        key = (problem.file, problem.column, problem.expected)
        first, so_far = grouped.get(key, (problem, 0))
        grouped[key] = (first, so_far + times)
    for (file, column, expected), (first, times) in grouped.items():
        place = file if first.row is None else f"{file}:{first.row}"
        yield finding(
            code,
            Side(place, first.got),
            Side(file, expected),
            field=column or "-",
            details={"times": times},
        )


CHECKS: Checks = {
    export_files: ("I101", "I102", "I103", "I111"),
    export_records: ("I102", "I103", "I104", "I112"),
    reserved: ("I105",),
    text_files: ("I113", "I114"),
}
