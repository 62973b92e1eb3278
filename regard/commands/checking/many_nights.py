"""Many nights at once: each is verified by itself, here, on processes of this machine, or on a Dask cluster.

No more nights are in memory than are being worked on, and what was found in one is written before the next is asked
for. The reports are the same wherever the work is done.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from protocol.errors import RegardError
from protocol.words import Text, msg, nmsg, series
from regard.language import say_error, show
from regard.outputs import JsonList, Outputs, json_line
from regard.reports.fields import CASES, FIGURES, FINDINGS, INPUTS, TableLayout
from regard.reports.json_report import FORMAT_VERSION, MODEL, as_json, run_of, thresholds_changed
from regard.reports.table_reports import TableReports, inputs_of
from regard.reports.tables import cases_of, figures_of, findings_of
from regard.terminal import clean
from regard.views.audit import counted_cases, not_read, number_for_information, number_of_cases
from sim.executors import WorkerEnded, executor
from verify import audit
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import LinedEvidence, Sources
from verify.model.failures import failure
from verify.model.findings import Severity
from verify.model.thresholds import Thresholds

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 256
"""Nights that a cluster, of which nobody says how large it is, has before it."""


@dataclass(frozen=True, slots=True)
class VerifyTask:
    """One night to verify; everything that it takes crosses to another process.

    Attributes:
        wanted: options of the reports to write.
    """

    folder: Path
    thresholds: Path | None
    language: str
    wanted: frozenset[str]
    options: dict[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """Result of checking one night, reduced to what the reports need.

    Attributes:
        error: why there is no report of the night, or None.
        unread: names of files that were not read.
        json: its part of that report, empty where not wanted.
        number_of_cases: those with an error or a warning.
        for_information: how many cases there are besides.
        tables: their columns, as `TableReports` takes them; only those that are wanted.
    """

    night: str
    error: RegardError | None
    bureaux: int
    counts: dict[Severity, int]
    number_of_cases: int
    for_information: int
    unread: list[str]
    json: bytes
    tables: list[tuple[TableLayout, dict[str, Any]]]


class NightLostError(RegardError):
    """A night of which there is no report: something was raised that nothing should raise, or its process ended."""


def check(task: VerifyTask) -> Checked:
    """Verify one night. Whatever is raised is said of this night."""
    try:
        return _checked(task)
    except Exception as error:  # memory that ran out included
        return name_lost(task, error)


def name_lost(task: VerifyTask, error: Exception) -> Checked:
    """Report a night that could not be checked."""
    if isinstance(error, WorkerEnded):
        error = NightLostError(msg("the process that checked it ended; memory may have run out: check it by itself"))
    elif not isinstance(error, RegardError):
        failed = failure(str(task.folder), error)
        error = NightLostError(
            msg("it could not be checked: {error} ({where})", error=failed.error, where=failed.where)
        )
    return Checked(str(task.folder), error, 0, {}, 0, 0, [], b"", [])


def _checked(task: VerifyTask) -> Checked:
    evidence = load(Sources(folder=task.folder, thresholds=task.thresholds))
    result = audit.run(evidence)
    return Checked(
        night=str(task.folder),
        error=None,
        bureaux=result.coverage.bureaux,
        counts={severity: result.count(severity) for severity in Severity},
        number_of_cases=number_of_cases(result),
        for_information=number_for_information(result),
        unread=[used.path for used in result.inputs if used.unread],
        json=b"".join(as_json(result, task.language, task.options)) if "--json" in task.wanted else b"",
        tables=list(_tables(evidence, result, task)),
    )


def _tables(evidence: LinedEvidence, result: Audit, task: VerifyTask) -> Iterator[tuple[TableLayout, dict[str, Any]]]:
    if task.wanted & {"--csv", "--xlsx"}:
        yield CASES, cases_of(result, task.language)
        yield FINDINGS, findings_of(result, task.language)
        yield INPUTS, inputs_of(result.inputs, task.language)
    if "--xlsx" in task.wanted:
        yield FIGURES, figures_of(evidence)


def in_order(
    pool: Executor,
    work: Callable[[T], R],
    tasks: Iterable[T],
    ahead: int,
    instead: Callable[[T, Exception], R] | None = None,
) -> Iterator[R]:
    """The results in the order of the tasks, of which at most ``ahead`` are under way or done and not yet taken.

    Args:
        pool: where the work is done.
        work: is done for each task.
        tasks: all of them.
        ahead: see above.
        instead: the result of a task of which none came back, as its process ended for example; None: that is raised.
    """
    under_way: deque[tuple[T, Future[R]]] = deque()

    def take() -> R:
        task, future = under_way.popleft()
        try:
            return future.result()
        except Exception as error:
            if instead is None:
                raise
            return instead(task, error)

    try:
        for task in tasks:
            under_way.append((task, pool.submit(work, task)))
            if len(under_way) >= ahead:
                yield take()
        while under_way:
            yield take()
    finally:
        for _, future in under_way:
            future.cancel()


def verify(
    tasks: Sequence[VerifyTask],
    outputs: Outputs,
    thresholds: Thresholds,
    workers: int | None,
    scheduler: str | None,
) -> int:
    """Verify all nights, say one line of each and write the reports.

    Args:
        tasks: the nights; all want the same.
        outputs: where the reports go.
        thresholds: of all nights.
        workers: processes of this machine; None: one for each processor.
        scheduler: address of a Dask scheduler instead; its workers must see the same files.

    Returns:
        2 where a night could not be read, else 1 where a finding is as grave as that, else 0.

    Raises:
        SimulationError: no Dask, or no scheduler at that address.
    """
    language = tasks[0].language
    out = outputs.console()
    whole = not out.is_terminal
    processes = min(workers or os.cpu_count() or 1, len(tasks))
    ahead = _AHEAD if scheduler is not None else 1 if processes == 1 else 2 * processes
    run = run_of(thresholds, tasks[0].options)
    total = _Total()
    with (
        executor(processes, scheduler, True) as pool,
        _Reports(language, outputs, run) as reports,
    ):
        for checked in in_order(pool, check, tasks, ahead, name_lost):
            reports.add(checked)
            total.add(checked)
            if checked.error is not None:
                out.print(
                    clean(f"{checked.night}  {say_error(language, checked.error)}"),
                    style="red",
                    soft_wrap=whole,
                )
                continue
            cases = checked.number_of_cases, checked.for_information
            line = show(language, _line(checked.bureaux, cases, checked.unread))
            out.print(clean(f"{checked.night}  {line}"), soft_wrap=whole)
    if changed := thresholds_changed(thresholds, language):
        out.print(clean(changed), style="yellow", soft_wrap=whole)
    found = _line(total.bureaux, (total.cases, total.for_information), total.aside)
    nights = nmsg("{count:n} night", "{count:n} nights", len(tasks))
    said = show(language, msg("{nights}: {found}", nights=nights, found=found))
    out.print(clean(said), style="bold", soft_wrap=whole)
    return total.code(tasks[0].options["fail_on"])


@dataclass(slots=True)
class _Total:
    """Sums over all nights.

    Attributes:
        lost: nights without a report.
        aside: paths of the files that were not read.
    """

    bureaux: int = 0
    counts: Counter[Severity] = field(default_factory=Counter)
    cases: int = 0
    for_information: int = 0
    aside: list[str] = field(default_factory=list)
    lost: int = 0

    def add(self, checked: Checked) -> None:
        """Add one night."""
        self.lost += checked.error is not None
        self.bureaux += checked.bureaux
        self.counts.update(checked.counts)
        self.cases += checked.number_of_cases
        self.for_information += checked.for_information
        self.aside += [f"{checked.night}/{name}" for name in checked.unread]

    def code(self, fail_on: str) -> int:
        """The exit code, if findings from that severity on are to be one."""
        if self.lost:
            return 2
        return int(
            fail_on != "never" and any(self.counts[each] for each in Severity if each >= Severity[fail_on.upper()])
        )


def _line(bureaux: int, cases: tuple[int, int], unread: Sequence[str]) -> Text:
    """The cases of some bureaux and those for information only, and files that were not read."""
    found = nmsg("{count:n} bureau", "{count:n} bureaux", bureaux)
    return series([found, counted_cases(*cases), *([not_read(unread)] if unread else [])], msg("; "))


class _Reports(contextlib.AbstractContextManager["_Reports"]):
    """The reports, written night by night. One that cannot be written does not touch the others."""

    def __init__(self, language: str, outputs: Outputs, run: dict[str, object]) -> None:
        about = {"tool": "regard", "format_version": FORMAT_VERSION, "version": version("regard")}
        about |= {"model": show(language, MODEL), "language": language, "run": run}
        self._language, self._json = language, JsonList(outputs, about, "nights")
        self._tables = TableReports(outputs, language, nights=True)

    def add(self, checked: Checked) -> None:
        """Write what one night adds to each report."""
        self._json.add(lambda: self._as_json(checked))
        for layout, columns in checked.tables:
            self._tables.add(layout, columns, checked.night)

    def _as_json(self, checked: Checked) -> bytes:
        if checked.error is not None:
            return json_line({"night": checked.night, "error": say_error(self._language, checked.error)})
        return json_line({"night": checked.night})[:-1] + b', "result": ' + checked.json + b"}"

    def __exit__(self, *error: Any) -> None:
        self._tables.__exit__(*error)
        if error[0] is None:
            self._json.end()
