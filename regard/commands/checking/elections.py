"""Many elections at once, out of data.gouv.fr's tables: each is checked by itself.

It is done in one process of its own, which a damaged file may end and which nothing else ends with: one election is in
its memory at a time, and the next is read while one is checked. What was found in one is written before the next is
asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import zip_longest
from pathlib import Path

from protocol.errors import InputError, count_of
from protocol.words import Message, Text, msg, nmsg, series
from regard.commands.checking.many_nights import in_order
from regard.outputs import JsonList, Outputs, json_line
from regard.published.results_json import of_table
from regard.published.results_screen import show_findings, show_problems
from regard.reports.screen import Screen, ScreenLine
from regard.terminal import step_line
from sim.executors import WorkerEnded, executor
from verify.model.published import Published
from verify.read.aggregated.columns import AggregatedKind
from verify.read.aggregated.history import CHECKED, open_history
from verify.read.published.checks import flaws
from verify.read.published.sums import totals
from verify.rulebook.catalogue import rule

_SHOWN = 3
"""Problems, and findings of each kind, that are shown of an election; ``--json`` has all of them."""
_AHEAD = 8
"""Elections that are under way or done at a time."""

_STEP = 0.5
"""Seconds after which it is said that elections are still being looked for."""


@dataclass(frozen=True, slots=True)
class ElectionTask:
    """One election to check in another process.

    Attributes:
        paths: of the tables.
        election: its id.
        following: the one to read meanwhile, as it will be asked for next; None for none.
        language: of what is said.
        with_json: whether the report is wanted.
    """

    paths: tuple[Path, ...]
    election: str
    following: str | None
    language: str
    with_json: bool


@dataclass(frozen=True, slots=True)
class ElectionsThere:
    """Elections in the tables.

    Attributes:
        elections: their ids, in the order of the table of counts.
        digests: SHA-256 of each file, in the order in which they were given.
        votes: rows of the table of votes.
    """

    elections: tuple[str, ...]
    digests: tuple[str, ...]
    votes: int


@dataclass(frozen=True, slots=True)
class CheckedElection:
    """Result of checking one election, reduced to what is shown and written.

    Attributes:
        election: its id.
        bureaux: rows of the table of counts.
        said: what there is of it, and how many findings.
        counts: findings by code.
        problems: rows and cells that could not be read.
        grave: whether any of it is an error.
        lines: what is shown of it.
        json: its part of the report, empty where not wanted.
    """

    election: str
    bureaux: int
    said: Text
    counts: dict[str, int]
    problems: int
    grave: bool
    lines: list[Text]
    json: bytes


def check(published: Published, election: str, language: str, with_json: bool) -> CheckedElection:
    """Check one election by itself."""
    own, problems = flaws(published), count_of(published.problems)
    codes = Counter(flaw.code for flaw in own)
    return CheckedElection(
        election=election,
        bureaux=len(published.row),
        said=series([*_rows(published), _findings(codes.total(), problems)]),
        counts=dict(codes),
        problems=problems,
        grave=bool(published.problems) or any(rule(code).severity == "error" for code in codes),
        lines=[*show_problems(published, _SHOWN), *show_findings(published, own, _SHOWN)],
        json=json_line(of_table(published, own, language)) if with_json else b"",
    )


class ReadAhead:
    """The tables as this process sees them, and the election that is read while another one is checked."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        """Open them.

        Raises:
            InputError: a file is none of the tables, damaged, or larger than its bounds.
        """
        self.history = open_history(paths, only=CHECKED)
        self._thread = ThreadPoolExecutor(1)
        self._next: tuple[str, Future[Published]] | None = None

    def election(self, election: str, following: str | None) -> Published:
        """One election, and begin to read another one.

        Raises:
            InputError: a file is damaged.
        """
        ahead, self._next = self._next, None
        if ahead is not None and ahead[0] == election:
            found = ahead[1].result()
        else:
            found = self._thread.submit(self.history.election, election).result()
        if following is not None:
            self._next = following, self._thread.submit(self.history.election, following)
        return found


@lru_cache(1)
def _opened(paths: tuple[Path, ...]) -> ReadAhead:
    """The tables, opened once in a process."""
    return ReadAhead(paths)


def list_elections(paths: tuple[Path, ...]) -> ElectionsThere:
    """List the elections.

    Raises:
        InputError: a file is none of the tables, damaged, or larger than its bounds.
    """
    history = _opened(paths).history
    votes = sum(each.rows for each in history.sources if each.header.kind is AggregatedKind.VOTES)
    digests = {source.path: source.digest() for source in history.sources}
    return ElectionsThere(tuple(history.elections()), tuple(digests[path] for path in paths), votes)


def check_one(task: ElectionTask) -> CheckedElection:
    """Check one election by itself.

    Raises:
        InputError: a file is damaged.
    """
    published = _opened(task.paths).election(task.election, task.following)
    return check(published, task.election, task.language, task.with_json)


def show_all(
    paths: Sequence[Path],
    outputs: Outputs,
    screen: Screen,
    language: str,
    before: Iterable[object],
) -> int:
    """Check every election of the two tables, say a line of each and write the report.

    Args:
        paths: of both tables, or of one.
        outputs: where the report goes.
        screen: where lines go.
        language: of the texts.
        before: results of other files, as they stand in the report before the elections.

    Returns:
        1 where something is an error, else 0.

    Raises:
        InputError: a file is damaged, or none of the tables; or the process that read it ended.
    """
    given, grave = tuple(paths), False
    total: Counter[str] = Counter()
    try:
        with step_line(language) as step, executor(1, apart=True) as pool:
            looking = pool.submit(list_elections, given)
            while not wait([looking], _STEP).done:
                step("parts", 0)
            there = looking.result()
            report = JsonList(outputs, {"tool": "regard"}, "results")
            for table in before:
                report.add(partial(json_line, table))
            tasks = [
                ElectionTask(given, election, following, language, outputs.wants("--json"))
                for election, following in zip_longest(there.elections, there.elections[1:])
            ]
            for number, each in enumerate(in_order(pool, check_one, tasks, _AHEAD), 1):
                step("elections", number)
                _show(screen, each)
                report.add(partial(bytes, each.json))
                grave |= each.grave
                total.update(each.counts)
                total["bureaux"] += each.bureaux
                total["problems"] += each.problems
            report.end()
    except WorkerEnded as error:
        got = msg("the process that read it ended; memory may have run out")
        raise InputError(str(paths[0]), None, None, msg("a table that can be read"), got) from error
    for path, digest in zip(paths, there.digests, strict=True):
        screen.add(3, ScreenLine(f"{path}  sha256 {digest}", "dim"))
    _sum_up(screen, there, total)
    return int(grave)


def _show(screen: Screen, checked: CheckedElection) -> None:
    named = msg("no id") if not checked.election else checked.election
    said = msg("{name}: {value}", name=named, value=checked.said)
    screen.add(1 if checked.grave else 2, ScreenLine(said, "red" if checked.grave else ""))
    screen.extend(3, (ScreenLine(line, "", 4) for line in checked.lines))


def _rows(published: Published) -> Iterator[Text]:
    """Rows of both tables, and voters where both counts are known."""
    yield nmsg("{count:n} bureau", "{count:n} bureaux", len(published.row))
    if len(published.votes):
        yield nmsg("{count:n} row of votes", "{count:n} rows of votes", len(published.votes))
    sums = {total.name: total.whole for total in totals(published)[0]}
    found, registered = sums.get("votes_found"), sums.get("registered")
    if registered is not None and found is not None:
        yield msg("{found:n} voters of {registered:n}", found=found, registered=registered)


def _findings(found: int, problems: int) -> Text:
    told: list[Text] = [nmsg("{count:n} finding", "{count:n} findings", found)] if found else []
    told += [nmsg("{count:n} problem in reading", "{count:n} problems in reading", problems)] if problems else []
    return series(told) if told else msg("no finding")


def _sum_up(screen: Screen, there: ElectionsThere, total: Counter[str]) -> None:
    bureaux, problems = total.pop("bureaux", 0), total.pop("problems", 0)
    line: Message = msg(
        "{elections}, {bureaux}, {votes}: {findings}",
        elections=nmsg("{count:n} election", "{count:n} elections", len(there.elections)),
        bureaux=nmsg("{count:n} bureau", "{count:n} bureaux", bureaux),
        votes=nmsg("{count:n} row of votes", "{count:n} rows of votes", there.votes),
        findings=_findings(total.total(), problems),
    )
    screen.add(0, ScreenLine(line, "bold"))
