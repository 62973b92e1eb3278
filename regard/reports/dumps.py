"""What dumps hold and what was checked of them: for people, as `regard totals` shows it, as CSV and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from protocol.dumps.checks import CheckTopic, CheckVerdict, DumpCheck
from protocol.dumps.finding import FoundDumps
from protocol.dumps.layouts import DumpFile, DumpReading
from protocol.dumps.tallies import NOT_GIVEN, TALLY_LABELS, ChoiceKind, Tallies, TallyKind
from protocol.files import csv_bytes, csv_rows
from protocol.words import Message, Text, language, msg, nmsg, series, wrap
from regard.language import show
from regard.terminal import clean
from regard.views.audit import is_unchecked

if TYPE_CHECKING:
    from rich.console import Console


MOST_CHOICES = 8
"""Choices of a contest that are listed; the table has all of them."""
MOST_CONTESTS = 12
MOST_LINES = 12
"""Failing checks, problems and files listed of each dump."""
TOPICS: dict[CheckTopic, Message] = {
    CheckTopic.INTEGRITY: msg("Integrity (whether something changed since)"),
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


class DumpScreen:
    """Lines in a language on a console; what comes from files cannot rewrite it."""

    def __init__(self, code: str, out: Console) -> None:
        self._language = language(code)
        self._out = out

    def show(self, found: FoundDumps) -> None:
        """Every dump, and the files that are none."""
        for reading, copied in zip(found.readings, found.copies(), strict=True):
            self._reading(reading, len(copied))
        if found.left:
            count = len(found.left)
            self._line(nmsg("{count:n} file not used", "{count:n} files not used", count), style="bold")
            for file in found.left[:MOST_LINES]:
                self._line(msg("{name}: {value}", name="/".join(file.path.parts[-2:]), value=file.note), indent=2)
            self._more(count - MOST_LINES)

    def brief(self, readings: Sequence[DumpReading]) -> None:
        """A few lines on each dump beside other evidence: how much it holds, and how its checks came out."""
        for reading in readings:
            failed = any(check.verdict is CheckVerdict.FAILS for check in reading.checks)
            self._line(dump_in_a_sentence(reading), style="red" if failed else "")
            left_out = [check for check in reading.checks if check.verdict is CheckVerdict.NOT_CHECKED]
            for check in left_out[:MOST_LINES]:
                self._line(_said(check), indent=2, style=_STYLES[check.verdict])
            self._more(len(left_out) - MOST_LINES)
        if readings:
            self._line(msg("What they hold: regard totals."), indent=2, style="dim")

    def _reading(self, reading: DumpReading, copied: int) -> None:
        tallies = reading.tallies
        self._line(reading.layout.title, style="bold")
        self._line(series(_extent(reading)), indent=2)
        if copied:
            once = nmsg(
                "The votes of {count:n} unit are those of a dump above: in --csv they stand once.",
                "The votes of {count:n} units are those of a dump above: in --csv they stand once.",
                copied,
            )
            self._line(once, indent=2)
        self._files(reading.files)
        for name, value in reading.facts:
            self._line(msg("{name}: {value}", name=name, value=value), indent=2)
        names = tallies.contest_names()
        voted = tallies.contests_voted_in()
        for index in voted[:MOST_CONTESTS]:
            self._contest(tallies, index, names[index])
        if none := len(names) - len(voted):
            self._line(nmsg("{count:n} contest without ballots", "{count:n} contests without ballots", none), indent=2)
        if (more := len(voted) - MOST_CONTESTS) > 0:
            self._line(nmsg("… {count:n} more contest (--csv)", "… {count:n} more contests (--csv)", more), indent=2)
        self._checks(reading.checks)
        if reading.problems:
            count = len(reading.problems)
            self._line(
                nmsg("{count:n} thing that could not be read", "{count:n} things that could not be read", count),
                style="bold red",
                indent=2,
            )
            for problem in reading.problems[:MOST_LINES]:
                self._line(problem.message, indent=4)
            self._more(count - MOST_LINES, 4)
        self._out.print()

    def _files(self, files: Sequence[DumpFile]) -> None:
        """What the files were taken for; by name where they are few, or not used."""
        named = [file for file in files if len(files) <= MOST_LINES or file.taken_for == ""]
        for file in named[:MOST_LINES]:
            about = series(filter(None, [file.taken_for or msg("not used"), file.note]), msg("; "))
            self._line(msg("{name}: {value}", name=file.path.name, value=about), indent=4, style="dim")
        self._more(len(named) - MOST_LINES, 4)

    def _contest(self, tallies: Tallies, index: int, name: str) -> None:
        """Ballots, votes by choice and the rest of one contest, over all units."""
        self._out.print()
        self._line(name, style="bold", indent=2)
        for label, count in figures_of_contest(tallies, index, MOST_CHOICES):
            self._figure(label, count)

    def _checks(self, checks: Sequence[DumpCheck]) -> None:
        for topic, title in TOPICS.items():
            some = [check for check in checks if check.topic is topic]
            if not some:
                continue
            self._out.print()
            self._line(title, style="bold", indent=2)
            order = (CheckVerdict.FAILS, CheckVerdict.NOT_CHECKED, CheckVerdict.HOLDS)
            for verdict in order:
                of_it = [check for check in some if check.verdict is verdict]
                for check in of_it[:MOST_LINES]:
                    self._line(_said(check), indent=4, style=_STYLES[verdict])
                self._more(len(of_it) - MOST_LINES, 4)

    def _figure(self, label: Text, total: int) -> None:
        number = self._language.number(total)
        width = min(max(self._out.width - 4 - len(number) - 1, 10), 46)
        text = clean(self._language.show(label))
        if len(text) > width:
            text = text[: width - 1] + "…"
        self._out.print(f"    {text:<{width}} {number}", style="", soft_wrap=True)

    def _more(self, count: int, indent: int = 2) -> None:
        if count > 0:
            self._line(nmsg("… {count:n} more (--json)", "… {count:n} more (--json)", count), indent=indent)

    def _line(self, text: Text, style: str = "", indent: int = 0) -> None:
        before = " " * indent
        room = max(self._out.width - indent, 20)
        for part in wrap(clean(self._language.show(text)), room) or [""]:
            self._out.print(before + part, style=style, soft_wrap=True)


def figures_of_contest(tallies: Tallies, index: int, most: int) -> Iterator[tuple[Text, int]]:
    """Voters and ballots, the votes of the first choices from the most down, and what is no vote for a choice."""
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
    ordered = sorted(votes.items(), key=lambda item: (-item[1], item[0]))
    for choice, count in ordered[:most]:
        each = tallies.choices[choice]
        written = each.kind is ChoiceKind.WRITE_IN
        yield msg("{name} (written in)", name=each.name) if written else each.name, count
    if (more := len(ordered) - most) > 0:
        rest = sum(count for _, count in ordered[most:])
        yield nmsg("{count:n} more choice", "{count:n} more choices", more), rest
    for kind, count in sorted(others.items()):
        yield TALLY_LABELS[TallyKind(kind)], count


def dump_in_a_sentence(reading: DumpReading) -> Text:
    """What a dump is, how much it holds, and how its checks came out."""
    held: Counter[CheckVerdict] = Counter()
    for check in reading.checks:
        held[check.verdict] += check.times
    extent = series(_extent(reading))
    if is_unchecked([reading]) and not held[CheckVerdict.NOT_CHECKED]:
        return msg("{name}: {value}; no check could be made", name=reading.layout.title, value=extent)
    checks = (
        nmsg("{count:n} check holds", "{count:n} checks hold", held[CheckVerdict.HOLDS]),
        nmsg("{count:n} does not hold", "{count:n} do not hold", held[CheckVerdict.FAILS]),
        nmsg("{count:n} could not be made", "{count:n} could not be made", held[CheckVerdict.NOT_CHECKED]),
    )
    return msg("{name}: {value}; {checks}", name=reading.layout.title, value=extent, checks=series(checks))


def _extent(reading: DumpReading) -> tuple[Text, ...]:
    """How many files, units and contests a dump has."""
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
        "not_recognised": [{"path": str(file.path), "size": file.size} for file in found.left],
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
