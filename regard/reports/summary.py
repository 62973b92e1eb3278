"""Reports of an audit: a summary for people, JSON for programs, CSV for spreadsheets. All name each input's SHA-256."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from rich.table import Table
from rich.text import Text as Line

from protocol.evidence_kinds import DUMPS
from protocol.words import Text, msg, nmsg, series
from regard.reports.case_screen import show_cases, show_changes, show_indications
from regard.reports.dumps import say_dumps
from regard.reports.first_answer import show_first_answer
from regard.reports.json_report import thresholds_changed
from regard.reports.screen import COLOURS, FOLDED, WHOLE, Printer, Screen, titled_grid
from regard.reports.since import Since, in_words
from regard.reports.unchecked_screen import show_unchecked
from regard.views.audit import (
    last_sentence,
    nothing_compared,
    own_files,
    unused_files,
    verdict,
    votes_added_up,
    which_bureaux,
)
from regard.views.cases import counted_follow_ups
from verify.audit import Audit
from verify.model.findings import Severity
from verify.model.labels import SEVERITIES, evidence_label, label_polls
from verify.model.use import Input, Used
from verify.rulebook.catalogue import rule

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
    out: Screen,
    since: Since | None = None,
    detail: Detail = Detail.USUAL,
    times: Sequence[Text] = (),
) -> None:
    """Print what an audit found.

    Args:
        result: of the audit.
        out: the terminal.
        since: the difference from an earlier report.
        detail: how much is shown.
        times: for complaints, a sentence each.
    """
    if detail is Detail.ALL:
        _show_all(result, out, since, times)
    elif detail is Detail.USUAL:
        show_first_answer(result, out, since, times)
    _say_the_end(result, out, short=detail is Detail.LEAST)


def _show_all(result: Audit, out: Screen, since: Since | None, times: Sequence[Text]) -> None:
    """Show the coverage, changes since an earlier report, the cases, their possible effects, the findings."""
    for text in nothing_compared(result):
        out.print_words(text, "bold red")
    _say_what_was_read(result, out)
    if votes := votes_added_up(result.coverage):
        out.print_words(votes)
    if result.coverage.bureaux or not result.dumps:
        out.print_words(verdict(result), "bold")
        out.print()
    for said in () if since is None else in_words(since, result):
        line = out.text(said)
        out.print(line.strip() if line.startswith("  ") else line, indent=2 * line.startswith("  "))
    if since is not None:
        out.print()
    show_cases(result, out)
    for text in counted_follow_ups(result):
        out.print(text, "cyan")
    if result.followed:
        out.print()
    show_changes(result, out)
    for time in times:
        out.print_words(time)
    if times:
        out.print()
    show_indications(result, out)
    show_unchecked(result, out)
    counts = result.findings.by_code()
    if any(code != "C111" for _, code in counts):
        out.draw(_by_code(counts, out))
        out.print()


def _say_what_was_read(result: Audit, out: Screen) -> None:
    coverage = result.coverage
    if coverage.bureaux or not result.dumps:
        out.print(which_bureaux(coverage), "bold")
    out.extend(0, say_dumps(result.dumps))
    labels = {kind: out.text(evidence_label(kind)) for kind in coverage.kinds}
    width = max(map(len, labels.values()), default=0)
    for kind, (there, of) in coverage.kinds.items():
        mark = "" if there == of else out.text(msg("   incomplete"))
        polls = out.text(label_polls(kind, coverage.by_poll.get(kind, {})))
        mark += f"   ({polls})" if polls else ""
        out.print_words(f"  {labels[kind]:<{width}} {out.number(there):>9} / {out.number(of)}{mark}", indent=" " * 6)
    noted = (each for each in result.inputs if each.note and each.used is not Used.NONE)
    for name, note in _by_folder([each for each in noted if each.kind not in _SAID_ELSEWHERE]):
        out.print(msg("{path} read as: {note}", path=name, note=note), "dim", 2)
    for text in unused_files(result.inputs):
        out.print(text, "yellow", 2)
    if ours := own_files(result.inputs):
        out.print(ours, "dim", 2)
    if changed := thresholds_changed(result.thresholds, out.language):
        out.print(f"  {changed}", "yellow")
    if coverage.failed:
        out.print(msg("  Rules not applied: {codes}", codes=", ".join(coverage.failed)), "red")
    out.print()


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


def _by_code(counts: Mapping[tuple[Severity, str], int], out: Printer) -> Table:
    """Count the findings of each rule; on a narrow screen without words."""
    columns: list[Mapping[str, Any]] = [
        {"header": out.text(msg("rule")), **WHOLE},
        {"header": out.text(msg("severity")), **WHOLE},
        {"header": out.text(msg("count")), "justify": "right", **WHOLE},
        FOLDED,
    ]
    table = titled_grid(out, msg("Findings by rule"), *(columns[::2] if out.is_narrow else columns))
    for (weight, code), number in counts.items():
        severity = weight.name.lower()
        if out.is_narrow:
            table.add_row(Line(code, style=COLOURS[severity]), out.number(number))
        else:
            word = Line(out.text(SEVERITIES[severity]), style=COLOURS[severity])
            table.add_row(code, word, out.number(number), out.text(rule(code).title))
    return table


def _say_the_end(result: Audit, out: Printer, *, short: bool) -> None:
    said = out.text(last_sentence(result))
    out.print(said if said.endswith("…") else f"{said}.", "bold")
    if short or (result.dumps and not result.coverage.bureaux):
        return
    meaning: Text = msg("A gap says that two counts differ, not why: sign-in is done by hand.")
    if any(kind in result.coverage.kinds for kind in DUMPS):
        meaning = series((meaning, msg("The export format is regard's model.")), " ")
    out.print(meaning, "dim")
