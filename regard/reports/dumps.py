"""Content and checks of dumps: for people, as `regard totals` shows them, as CSV and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from protocol.dumps.checks import CheckTopic, CheckVerdict, DumpCheck
from protocol.dumps.layouts import DumpFile, DumpReading
from protocol.dumps.recognising import FoundDumps
from protocol.dumps.tallies import NOT_GIVEN, TALLY_LABELS, ChoiceKind, Tallies, TallyKind
from protocol.errors import byte_count, count_of
from protocol.files import csv_bytes, csv_rows
from protocol.words import Message, Plural, Text, first_of, msg, nmsg, series
from regard.language import show
from regard.reports.screen import Screen, ScreenLine
from regard.views.audit import is_unchecked

TOPICS: dict[CheckTopic, Message] = {
    CheckTopic.INTEGRITY: msg("Integrity and form"),
    CheckTopic.AUTHENTICITY: msg("Authenticity (who wrote it)"),
    CheckTopic.AGREEMENT: msg("Agreement of copies and sums"),
    CheckTopic.COVERAGE: msg("Whether it is whole"),
}
VERDICTS: dict[CheckVerdict, Message] = {
    CheckVerdict.HOLDS: msg("holds"),
    CheckVerdict.FAILS: msg("does not hold"),
    CheckVerdict.NOT_CHECKED: msg("not checked"),
}
_STYLES = {CheckVerdict.HOLDS: "", CheckVerdict.FAILS: "bold red", CheckVerdict.NOT_CHECKED: "yellow"}


_DIGITS = 10
"""Characters of a figure, which ends at the right."""
_ORDER = (CheckVerdict.FAILS, CheckVerdict.NOT_CHECKED, CheckVerdict.HOLDS)


def show_dumps(found: FoundDumps, screen: Screen) -> None:
    """Every dump, and the files that are none: first what does not hold, then figures, then what holds."""
    for reading, copied in zip(found.readings, found.copies(), strict=True):
        _show_dump(reading, len(copied), screen)
    if found.unrecognised:
        names = ["/".join(each.path.parts[-2:]) for each in found.unrecognised]
        count, some = len(names), first_of(names)
        said = nmsg("{count:n} file not used: {some}", "{count:n} files not used: {some}", count, some=some)
        screen.line(0, said, "bold", 0)
        notes = (
            msg("{name}: {value}", name=name, value=each.note)
            for name, each in zip(names, found.unrecognised, strict=True)
        )
        screen.lines(2, notes, 2)


def say_dumps(readings: Sequence[DumpReading]) -> Iterator[ScreenLine]:
    """Lines on each dump beside other evidence: how much it holds, and how its checks came out."""
    for reading in readings:
        failed = any(check.verdict is CheckVerdict.FAILS for check in reading.checks)
        yield ScreenLine(dump_in_a_sentence(reading), "red" if failed else "")
        for check in reading.checks:
            if check.verdict is CheckVerdict.NOT_CHECKED:
                yield ScreenLine(_said(check), _STYLES[check.verdict], 2)
    if readings:
        yield ScreenLine(msg("What they hold: regard totals."), "dim", 2)


def _show_dump(reading: DumpReading, copied: int, screen: Screen) -> None:
    tallies = reading.tallies
    screen.add(0, ScreenLine(dump_in_a_sentence(reading), "bold"))
    if copied:
        once = nmsg(
            "The votes of {count:n} unit are those of a dump above: in --csv they stand once.",
            "The votes of {count:n} units are those of a dump above: in --csv they stand once.",
            copied,
        )
        screen.line(0, once)
    screen.extend(3 if len(reading.files) > 1 else 1, map(_file, reading.files))
    screen.add(1, *(ScreenLine(msg("{name}: {value}", name=name, value=value), "", 2) for name, value in reading.facts))
    names, voted = tallies.contest_names(), tallies.contests_voted_in()
    for index in voted:
        rank = 1 if index == voted[0] and not copied else 2
        screen.add(rank, "", ScreenLine(names[index], "bold", 2), *_figures(tallies, index, screen))
    if none := len(names) - len(voted):
        said = nmsg("{count:n} contest without ballots", "{count:n} contests without ballots", none)
        screen.line(1, said)
    _show_checks(reading.checks, screen)
    if count := count_of(reading.problems):
        said = nmsg("{count:n} thing that could not be read", "{count:n} things that could not be read", count)
        screen.add(0, "", ScreenLine(said, "bold red", 2))
        screen.lines(1, (problem.message for problem in reading.problems))
    screen.add(0, "")


def _file(file: DumpFile) -> ScreenLine:
    """A file: its name, what it was taken for, and its SHA-256."""
    about = series(filter(None, [file.taken_for or msg("not used"), file.note]), msg("; "))
    said = msg(
        "{name}, {size}: {value}. SHA-256 {digest}",
        name=file.path.name,
        size=byte_count(file.size),
        value=about,
        digest=file.sha256,
    )
    return ScreenLine(said, "dim", 4)


def _figures(tallies: Tallies, index: int, screen: Screen) -> Iterator[ScreenLine]:
    """Ballots, votes by choice and the rest of one contest, over all units."""
    for label, total in figures_of_contest(tallies, index):
        count, text = screen.text(series([Plural(total)])), screen.text(label)
        width = min(max(screen.width - 4 - _DIGITS - 1, 10), 46)
        text = text if len(text) <= width else text[: width - 1] + "…"
        yield ScreenLine(f"{text:<{width}} {count:>{_DIGITS}}", "", 4)


def _show_checks(checks: Sequence[DumpCheck], screen: Screen) -> None:
    for topic, title in TOPICS.items():
        some = [check for check in checks if check.topic is topic]
        heading: list[ScreenLine | Text] = ["", ScreenLine(title, "bold", 2)]
        for rank, verdicts in ((0, _ORDER[:2]), (3, _ORDER[2:])):
            if of_them := [check for verdict in verdicts for check in some if check.verdict is verdict]:
                first, *others = (ScreenLine(_said(check), _STYLES[check.verdict], 4) for check in of_them)
                screen.add(rank, *heading, first)
                heading = []
                screen.extend(max(rank, 1), others)


def figures_of_contest(tallies: Tallies, index: int) -> Iterator[tuple[Text, int]]:
    """Voters and ballots, the votes of the choices from the most down, and what is no vote for a choice."""
    counts = tallies.counts[tallies.counts["contest"] == index]
    for field, label in (("registered", msg("registered voters")), ("ballots", msg("ballots"))):
        given = counts[field][counts[field] != NOT_GIVEN]
        if len(given):
            yield label, int(given.sum())
    votes, others = Counter[int](), Counter[int]()
    for _, _, choice, kind, count in tallies.rows[tallies.rows["contest"] == index].tolist():
        if kind == TallyKind.CHOICE:
            votes[choice] += count
        else:
            others[kind] += count
    for choice, count in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        each = tallies.choices[choice]
        name: Text = msg("choice {number}", number=each.name) if each.name.isdecimal() else each.name
        written = each.kind is ChoiceKind.WRITE_IN
        yield msg("{name} (written in)", name=name) if written else name, count
    for kind, count in sorted(others.items()):
        yield TALLY_LABELS[TallyKind(kind)], count


def dump_in_a_sentence(reading: DumpReading) -> Text:
    """Describe a dump: its kind, its size, and the results of its checks."""
    held: Counter[CheckVerdict] = Counter()
    for check in reading.checks:
        held[check.verdict] += check.times
    extent = series(_extent(reading))
    if is_unchecked([reading]) and not held[CheckVerdict.NOT_CHECKED]:
        return msg("{name}: {value}; no check could be made", name=reading.layout.title, value=extent)
    checks = [
        nmsg("{count:n} check holds", "{count:n} checks hold", held[CheckVerdict.HOLDS]),
        nmsg("{count:n} does not hold", "{count:n} do not hold", held[CheckVerdict.FAILS]),
    ]
    if missed := held[CheckVerdict.NOT_CHECKED]:
        checks.append(nmsg("{count:n} could not be made", "{count:n} could not be made", missed))
    return msg("{name}: {value}; {checks}", name=reading.layout.title, value=extent, checks=series(checks))


def _extent(reading: DumpReading) -> tuple[Text, ...]:
    """Number of files, units and contests of a dump."""
    return (
        nmsg("{count:n} file", "{count:n} files", len(reading.files)),
        nmsg("{count:n} unit", "{count:n} units", len(reading.tallies.units)),
        nmsg("{count:n} contest", "{count:n} contests", len(reading.tallies.contests)),
    )


def _said(check: DumpCheck) -> Text:
    """One check as a sentence: how it came out, what it is, and of one that does not hold where."""
    text = check.told
    if check.verdict is not CheckVerdict.HOLDS and (check.unit or check.source):
        text = msg("{text}. Where: {where}", text=text, where=check.where)
    return msg("{verdict} – {text} [{code}]", verdict=VERDICTS[check.verdict], text=text, code=check.code)


HEADER = ("unit", "contest", "choice", "kind", "votes")
_ROWS = 10_000
"""Rows made into text at a time."""


def as_csv(found: FoundDumps) -> Iterator[bytes]:
    """All tallies as one table, in the order of the dumps; a second copy of the same votes is left out."""
    yield csv_bytes(HEADER, [])
    rows = found.tidy()
    while some := list(islice(rows, _ROWS)):
        yield csv_rows(some)


def as_json(found: FoundDumps, language: str) -> dict[str, object]:
    """Files with their digests, tallies, counts of ballots, checks, and what could not be read."""
    return {
        "tool": "regard",
        "dumps": [_reading(reading, language) for reading in found.readings],
        "not_recognised": [{"path": str(file.path), "size": file.size} for file in found.unrecognised],
    }


def dump_in_short(reading: DumpReading, language: str) -> dict[str, object]:
    """A dump without its tallies: what it is, what was read, what was checked and what not."""
    return {
        "layout": reading.layout.name,
        "title": show(language, reading.layout.title),
        "model": reading.layout.model,
        "facts": [{"name": show(language, name), "value": show(language, value)} for name, value in reading.facts],
        "files": [
            {
                "path": str(file.path),
                "size": file.size,
                "sha256": file.sha256,
                "taken_for": show(language, file.taken_for),
                "note": show(language, file.note),
            }
            for file in reading.files
        ],
        "units": len(reading.tallies.units),
        "checks": [_check(check, language) for check in reading.checks],
        "problems": [show(language, problem.message) for problem in reading.problems],
    }


def _check(check: DumpCheck, language: str) -> dict[str, object]:
    texts = {name: show(language, getattr(check, name)) for name in ("text", "place", "left", "right")}
    sources = {name: show(language, getattr(check, name)) for name in ("left_source", "right_source")}
    of_file = {"source": check.source, "unit": check.unit, "times": check.times}
    verdict = {"code": check.code, "topic": check.topic.value, "verdict": check.verdict.value}
    return verdict | texts | sources | of_file


def _reading(reading: DumpReading, language: str) -> dict[str, object]:
    tallies = reading.tallies
    return dump_in_short(reading, language) | {
        "unit_parts": list(tallies.unit_parts),
        "contests": [
            {"id": each.id, "name": name, "vote_for": each.vote_for, "ranks": each.ranks}
            for each, name in zip(tallies.contests, tallies.contest_names(), strict=True)
        ],
        "votes": [dict(zip(HEADER, row, strict=True)) for row in tallies.tidy()],
        "ballots": [
            {
                "unit": tallies.units[unit],
                "contest": tallies.contests[contest].id,
                "registered": None if registered == NOT_GIVEN else registered,
                "ballots": None if ballots == NOT_GIVEN else ballots,
            }
            for unit, contest, registered, ballots in tallies.counts.tolist()
        ],
    }
