"""The first answer of `regard verify`: one screen with what was compared, the verdict and the cases that matter most.

Nothing stands here that the whole screen (`--verbose`) does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import ceil

import numpy as np

from protocol.words import Message, Text, first_of, msg, nmsg, series, wrap
from regard.language import capitalise
from regard.reports.case_screen import find_indications
from regard.reports.dumps import dump_in_a_sentence
from regard.reports.json_report import thresholds_changed
from regard.reports.screen import COLOURS, LINES, WIDTH, Printer
from regard.reports.since import Since, in_words
from regard.reports.unchecked_screen import lacking, not_compared
from regard.views.audit import (
    not_read,
    nothing_compared,
    number_of_cases,
    own_files,
    verdict,
    votes_added_up,
    which_bureaux,
)
from regard.views.case_view import CaseLines
from regard.views.cases import LinesOfCases, choose_first, counted_follow_ups
from regard.views.contests import outcomes_in_short
from regard.views.saying import Speaker
from verify.audit import Audit
from verify.cases.place_names import with_place
from verify.coverage import Coverage
from verify.model.labels import evidence_label, missing_label
from verify.model.use import Used

_END = 5
"""Lines of the last sentences: what was found, what a gap is, and those that are empty."""
_CASES = 5
_CONTESTS = 2
_MOST_LINES = ((8, 4, 2), (6, 4, 2), (6, 3, 2), (4, 3, 1), (3, 2, 1))
"""Lines of the contests together, of a case and of each file: fewer where some cases would have no room."""
_NAMED = 3
_CLAUSE, _SENTENCE = re.compile(r"[,;.]? [(]|[,;.] "), re.compile(r"(?<=[.?!]) ")
"""Marks at which a clause ends, and a sentence."""


@dataclass(slots=True)
class _Lines:
    """The lines of one screen, part by part, with the style of each."""

    out: Printer
    lines: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: Text, style: str = "", most: int = 1, indent: str = "") -> None:
        """A sentence in so many lines of a screen at most; more ends with an ellipsis, after a sentence or a clause."""
        most *= ceil(WIDTH / self.out.width)
        room = self.out.width - len(indent)
        lines = wrap(self.out.text(text), room)
        if len(lines) > most:
            rest = " ".join(lines[most - 1 :])[: room - 2]
            ends = [*_SENTENCE.finditer(rest)] or [*_CLAUSE.finditer(rest, 2 * room // 3)]
            shorter = rest[: ends[-1].start()] if ends else rest.rpartition(" ")[0]
            lines = [*lines[: most - 1], f"{shorter or rest} …"]
        self.lines += [(indent + line, style) for line in lines]

    def heading(self, text: Text) -> None:
        """A heading below an empty line."""
        self.lines += [("", ""), (self.out.text(text), "bold")]


def show_first_answer(result: Audit, out: Printer, since: Since | None, times: Sequence[Text]) -> None:
    """Print one screen but for its last sentences.

    Args:
        result: of the audit.
        out: the terminal.
        since: the difference from an earlier report.
        times: for complaints, a sentence each.
    """
    head = _Lines(out)
    for text in nothing_compared(result):
        head.add(text, "bold red", 4)
    _say_compared(result, head)
    if votes := votes_added_up(result.coverage):
        head.add(votes, most=5)
    for said in () if since is None else islice(in_words(since, result), _NAMED):
        head.add(said)
    if result.coverage.bureaux or not result.dumps:
        head.add(verdict(result), "bold", 2)
    for of_contests, of_a_case, of_rest in _MOST_LINES:
        tail = _Lines(out)
        _say_changes(result, tail, of_contests)
        _say_next(times, tail)
        _say_rest(result, tail, of_rest)
        room = LINES - len(head.lines) - len(tail.lines) - _END
        cases, is_whole = _cases(result, out, room, of_a_case)
        if is_whole:
            break
    for line, style in (*head.lines, *cases, *tail.lines):
        out.print_line(line, style)
    out.print()


def _say_compared(result: Audit, screen: _Lines) -> None:
    """The bureaux, and the pieces of evidence that were put side by side."""
    coverage = result.coverage
    for reading in result.dumps[:_NAMED]:
        screen.add(dump_in_a_sentence(reading), "", 2)
    if not coverage.bureaux and result.dumps:
        return
    parts: list[Text] = [which_bureaux(coverage)]
    of_all = [evidence_label(kind) for kind, (there, of) in coverage.kinds.items() if there == of]
    if of_all:
        parts.append(msg("complete: {kinds}", kinds=series(of_all)))
    some = [
        msg("{kind} {there:n} / {all:n}", kind=evidence_label(kind), there=there, all=of)
        for kind, (there, of) in coverage.kinds.items()
        if there != of
    ]
    parts += [msg("incomplete: {kinds}", kinds=series(some))] if some else []
    compared = msg("{what}.", what=series(parts, msg("; ")))
    screen.add(with_place(_only_commune(coverage), compared), most=3)
    noted = [each for each in result.inputs if each.note and each.used is not Used.NONE]
    if noted:
        files = [msg("{path} read as: {note}", path=each.path, note=each.note) for each in noted[:1]]
        said = _first(files, len(noted))
        fits = len(screen.out.text(said)) <= screen.out.width
        screen.add(said if fits else msg("What each column was taken for: --columns."), "dim")


def _only_commune(coverage: Coverage) -> str:
    """The name of the commune of all bureaux, which is then said once; empty for several."""
    names = set(coverage.communes.values())
    return names.pop() if len(names) == 1 else ""


def _cases(result: Audit, out: Printer, room: int, most: int) -> tuple[list[tuple[str, str]], bool]:
    """The cases of the gravest consequence, as many as there is room for, and at least one; and whether all are."""
    lines = LinesOfCases(result)
    in_line = np.bincount(lines.first)
    views = CaseLines(result, Speaker(out.language), lines)
    rows = choose_first(result, lines, _CASES)
    if not rows:
        return [], True
    screen, shown = _Lines(out), 0
    screen.heading(msg("What matters most"))
    left, commune = number_of_cases(result), _only_commune(result.coverage)
    for at in rows:
        one, case = _Lines(out), views.line(result.cases[at])
        colour = COLOURS[case.severity] if at == rows[0] else ""
        said = case.placed.removeprefix(f"{commune}, ")
        one.add(msg("{sure}: {said}", sure=case.sure_word, said=said), colour, most, "  ")
        for each in case.followed[:1]:
            one.add(msg("→ {text}", text=each), "cyan", indent="    ")
        if at != rows[0] and len(screen.lines) + len(one.lines) + (left > 1) > room:
            break
        screen.lines += one.lines
        left, shown = left - int(in_line[at + 1]), shown + 1
    if left:
        screen.add(_more(left), "dim", indent="  ")
    return screen.lines, shown == len(rows)


def _say_changes(result: Audit, screen: _Lines, most: int) -> None:
    """Say what could change, first of contests whose outcome can change."""
    outcomes = outcomes_in_short(result)
    if not outcomes:
        return
    screen.heading(msg("What it could change"))
    shown = outcomes[:_CONTESTS]
    for each in shown:
        screen.add(capitalise(screen.out.text(each)), most=most // len(shown), indent="  ")
    if rest := len(outcomes) - len(shown):
        said = nmsg("And {count:n} more contest: in the report.", "And {count:n} more contests: in the report.", rest)
        screen.add(said, "dim", indent="  ")


def _say_next(times: Sequence[Text], screen: _Lines) -> None:
    """Until when one can complain, to the hour, or that this time is over."""
    screen.heading(msg("What to do next"))
    for text in times[:_NAMED]:
        screen.add(capitalise(screen.out.text(text)), most=2, indent="  ")
    screen.add(msg("Letters, times: regard next; all of it: --verbose; a report: --report FILE"), indent="  ")


def _say_rest(result: Audit, screen: _Lines, most: int) -> None:
    """A line each for what was not used, not compared, missing or changed, with how many and the first."""
    lines = list(_rest(result, screen.out.language))
    if lines:
        screen.lines.append(("", ""))
    for text, style in lines:
        screen.add(text, style, most if len(lines) <= _NAMED else 1)


def _rest(result: Audit, language: str) -> Iterator[tuple[Text, str]]:
    unread = [used for used in result.inputs if used.unread]
    if unread:
        said = msg("{name} not read: {why}", name=unread[0].path, why=unread[0].why)
        yield (said if len(unread) == 1 else not_read([used.path for used in unread])), "yellow"
    partly = [used for used in result.inputs if used.used is Used.PART and used.why]
    if partly:
        said = msg("{name} not read as a whole: {why}", name=partly[0].path, why=partly[0].why)
        yield _first([said], len(partly)), "yellow"
    if ours := own_files(result.inputs):
        yield ours, "dim"
    if missing := list(lacking(result.coverage.unchecked)):
        yield (
            nmsg(
                "{count:n} kind of evidence is missing: {kinds}",
                "{count:n} kinds of evidence are missing: {kinds}",
                len(missing),
                kinds=first_of(map(missing_label, missing), 2),
            ),
            "",
        )
    if others := not_compared(result):
        yield _first(others[:1], len(others)), ""
    if changed := thresholds_changed(result.thresholds, language):
        yield changed, "yellow"
    if failed := result.coverage.failed:
        yield msg("Rules not applied: {codes}", codes=", ".join(failed)), "red"
    if apart := find_indications(result):
        yield nmsg("{count:n} indication in no case", "{count:n} indications in no case", len(apart)), ""
    yield from ((text, "cyan") for text in islice(counted_follow_ups(result), 1))


def _first(texts: Sequence[Text], count: int) -> Text:
    """The first of some sentences, and how many more there are."""
    rest = count - len(texts)
    return series([*texts, *([_more(rest)] if rest else [])], msg("; "))


def _more(count: int) -> Message:
    return nmsg("… and {count:n} more", "… and {count:n} more", count)
