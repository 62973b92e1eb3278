"""Reports of an audit: a summary for people, JSON for programs, CSV for spreadsheets. All name each input's SHA-256."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from protocol.evidence_kinds import DUMPS
from protocol.words import Text, msg, nmsg, series
from regard.language import number, show
from regard.reports.case_screen import (
    COLOURS,
    NARROW,
    show_cases,
    show_changes,
    show_indications,
)
from regard.reports.dumps import say_dumps
from regard.reports.first_answer import show_first_answer
from regard.reports.json_report import thresholds_changed
from regard.reports.screen import Screen
from regard.reports.since import Since, in_words
from regard.reports.unchecked_screen import show_unchecked
from regard.terminal import clean, print_words
from regard.views.audit import last_sentence, nothing_compared, own_files, unused_files, votes_added_up, which_bureaux
from regard.views.cases import counted_follow_ups
from verify.audit import Audit
from verify.model.findings import Severity
from verify.model.labels import SEVERITIES, evidence_label, label_polls
from verify.model.use import Input, Used
from verify.rulebook.catalogue import rule

_COMMUNES = 10
_ALIKE = 8


_SAID_ELSEWHERE = frozenset(("thresholds", "dump"))
"""Kinds of inputs of which another line says how they were read."""


class Detail(Enum):
    """The amount shown: the last sentence alone, one screen, or every case, sum and indication."""

    LEAST = "least"
    USUAL = "usual"
    ALL = "all"


def summarise(
    result: Audit,
    language: str,
    console: Console,
    since: Since | None = None,
    detail: Detail = Detail.USUAL,
    times: Sequence[Text] = (),
) -> None:
    """Print what an audit found.

    Args:
        result: of the audit.
        language: of the sentences.
        console: the terminal.
        since: the difference from an earlier report.
        detail: how much is shown.
        times: for complaints, a sentence each, which the one screen shows.
    """
    if detail is Detail.ALL:
        _show_all(result, language, console, since)
    elif detail is Detail.USUAL:
        show_first_answer(result, language, console, since, times)
    _say_the_end(result, language, console, short=detail is Detail.LEAST)


def _show_all(result: Audit, language: str, console: Console, since: Since | None) -> None:
    """Show the coverage, changes since an earlier report, the cases, their possible effects, the findings."""
    for text in nothing_compared(result):
        print_words(console, clean(show(language, text)), "bold red")
    _say_what_was_read(result, language, console)
    if votes := votes_added_up(result.coverage):
        print_words(console, clean(show(language, votes)))
        console.print()
    for said in () if since is None else in_words(since, result):
        line = clean(show(language, said))
        if line.startswith("  "):
            _say_below(console, line.strip(), "")
        else:
            console.print(line)
    if since is not None:
        console.print()
    show_cases(result, language, console)
    for text in counted_follow_ups(result):
        console.print(clean(show(language, text)), style="cyan")
    if result.followed:
        console.print()
    show_changes(result, language, console)
    show_indications(result, language, console)
    show_unchecked(result, language, console)
    counts = result.findings.by_code()
    if any(code != "C111" for _, code in counts):
        console.print(_by_code(counts, language, narrow=console.width < NARROW))
        by_commune = _by_commune(result, language)
        if by_commune.row_count:
            console.print()
            console.print(by_commune)
        console.print()


def _say_what_was_read(result: Audit, language: str, console: Console) -> None:
    coverage = result.coverage
    if coverage.bureaux or not result.dumps:
        console.print(clean(show(language, which_bureaux(coverage))), style="bold")
    Screen(language, console, whole=True).extend(0, say_dumps(result.dumps))
    labels = {kind: show(language, evidence_label(kind)) for kind in coverage.kinds}
    width = max(map(len, labels.values()), default=0)
    for kind, (there, of) in coverage.kinds.items():
        mark = "" if there == of else show(language, msg("   incomplete"))
        polls = show(language, label_polls(kind, coverage.by_poll.get(kind, {})))
        mark += f"   ({polls})" if polls else ""
        said = f"  {labels[kind]:<{width}} {number(language, there):>9} / {number(language, of)}{mark}"
        print_words(console, said, indent=" " * 6)
    noted = (each for each in result.inputs if each.note and each.used is not Used.NONE)
    for name, note in _by_folder([each for each in noted if each.kind not in _SAID_ELSEWHERE]):
        _say_below(console, show(language, msg("{path} read as: {note}", path=name, note=note)), "dim")
    for text in unused_files(result.inputs):
        _say_below(console, show(language, text), "yellow")
    if ours := own_files(result.inputs):
        _say_below(console, show(language, ours), "dim")
    if changed := thresholds_changed(result.thresholds, language):
        console.print(clean(f"  {changed}"), style="yellow")
    if coverage.failed:
        codes = ", ".join(coverage.failed)
        console.print(show(language, msg("  Rules not applied: {codes}", codes=codes)), style="red")
    console.print()


def _by_folder(inputs: Sequence[Input]) -> Iterator[tuple[Text, Text]]:
    """Files and what they were read as; many of one folder that were read as the same are one line."""
    alike: dict[tuple[str, str], list[Input]] = {}
    for each in inputs:
        folder = each.path.rpartition("/")[0]
        alike.setdefault((folder or each.path, str(each.note)), []).append(each)
    for (folder, _), files in alike.items():
        if len(files) > _ALIKE:
            count = nmsg("{count:n} file", "{count:n} files", len(files))
            yield msg("{name} ({files})", name=folder, files=count), files[0].note
        else:
            yield from ((each.path, each.note) for each in files)


def _say_below(console: Console, said: str, style: str) -> None:
    """A sentence below a heading: all of its lines stand a little to the right."""
    console.print(Padding(Line(clean(said), style=style), (0, 0, 0, 2)))


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))


def _by_code(counts: Mapping[tuple[Severity, str], int], language: str, *, narrow: bool) -> Table:
    table = _table(show(language, msg("Findings by rule")))
    table.add_column(show(language, msg("rule")), no_wrap=True)
    if not narrow:
        table.add_column(show(language, msg("severity")), no_wrap=True)
    table.add_column(show(language, msg("count")), justify="right", no_wrap=True)
    if not narrow:
        table.add_column("", overflow="fold")
    for (weight, code), count in counts.items():
        colour = COLOURS[weight]
        if narrow:
            table.add_row(Line(code, style=colour), number(language, count))
            continue
        word = Line(show(language, SEVERITIES[weight.name.lower()]), style=colour)
        table.add_row(code, word, number(language, count), show(language, rule(code).title))
    return table


def _by_commune(result: Audit, language: str) -> Table:
    communes, names = result.findings.by_commune(), result.coverage.communes
    table = _table(show(language, msg("By commune")))
    table.add_column("INSEE", no_wrap=True)
    table.add_column("", overflow="fold")
    table.add_column(show(language, msg("bureaux with findings")), justify="right")
    table.add_column(show(language, msg("errors")), justify="right")
    table.add_column(show(language, msg("warnings")), justify="right")
    ordered = sorted(communes, key=lambda insee: (-sum(communes[insee][1].values()), insee))
    for insee in ordered[:_COMMUNES]:
        bureaux, counts = communes[insee]
        errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
        counted = (number(language, count) for count in (bureaux, errors, warnings))
        table.add_row(clean(insee), clean(names.get(insee, "")), *counted)
    if len(ordered) > _COMMUNES:
        more = nmsg("and {count:n} more commune", "and {count:n} more communes", len(ordered) - _COMMUNES)
        table.caption = show(language, more)
        table.caption_justify = "left"
    return table


def _say_the_end(result: Audit, language: str, console: Console, *, short: bool) -> None:
    said = show(language, last_sentence(result))
    console.print(clean(said if said.endswith("…") else f"{said}."), style="bold")
    if short or (result.dumps and not result.coverage.bureaux):
        return
    meaning: Text = msg("A gap says that two counts differ, not why: sign-in is done by hand.")
    if any(kind in result.coverage.kinds for kind in DUMPS):
        meaning = series((meaning, msg("The export format is regard's model.")), " ")
    console.print(show(language, meaning), style="dim")
