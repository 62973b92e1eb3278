"""Both tables together: which elections they have, and each of them as published results."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from protocol.errors import InputError, wrong_file
from protocol.words import first_of, msg
from verify.model.published import Published
from verify.read.aggregated.columns import COMMUNE, MEANINGS, AggregatedKind
from verify.read.aggregated.results import results_of
from verify.read.aggregated.sources import AggregatedFile, is_parquet_file, open_table
from verify.read.own_process import RAISED, end_with_parent, run_reader

CHECKED = MEANINGS - {COMMUNE}
"""Columns read for a check of many elections: names of communes only where somebody reads them."""
SECONDS = 600
"""Longest time of reading one election, whatever else the machine does; on two cores it takes some three."""
_APART = f"{__name__}:read_apart"
_NAMED = 60
"""Elections that a message names."""


class History:
    """The elections of the two tables, or of one of them.

    Attributes:
        sources: the tables.
        close: lets go of the files.
    """

    def __init__(self, sources: Sequence[AggregatedFile], close: Callable[[], None]) -> None:
        self.sources, self.close = tuple(sources), close

    def elections(self) -> list[str]:
        """Their ids, in the order of the table of counts, then those that only the other has."""
        return list(dict.fromkeys(election for source in self.sources for election in source.elections))

    def election(self, election: str) -> Published:
        """One election.

        Raises:
            InputError: a file is damaged.
        """
        having = {source.header.kind: source for source in self.sources if election in source.elections}
        found = results_of(having.get(AggregatedKind.COUNTS), having.get(AggregatedKind.VOTES), election)
        lacking = [source for source in self.sources if election not in source.elections]
        wanted = msg("rows of {election}", election=election)
        return found.with_problems(
            InputError(str(source.path), None, "id_election", wanted, msg("none")) for source in lacking
        )

    def only(self, asked: str) -> str:
        """The election that was asked for, or the only one that there is where none was.

        Raises:
            InputError: there is none of that id, or several and none was asked for.
        """
        elections = self.elections()
        if asked in elections:
            return asked
        if not asked and len(elections) == 1:
            return elections[0]
        expected = msg("one election of these: give its id with --election")
        if asked:
            expected = msg("the election {asked}", asked=asked)
        raise InputError(str(self.sources[0].path), None, "id_election", expected, first_of(elections, _NAMED))


def open_history(
    paths: Sequence[Path],
    progress: Callable[[], object] = lambda: None,
    only: frozenset[str] = MEANINGS,
) -> History:
    """Open the two tables, or one of them.

    Args:
        paths: one or two files, of which each is another table.
        progress: called for each part of a file that was looked at.
        only: what the columns to read mean; all by default.

    Raises:
        InputError: a file is none of the tables, damaged, larger than its bounds, or a second one of its kind.
    """
    sources: dict[AggregatedKind, AggregatedFile] = {}
    with contextlib.ExitStack() as opened:
        for path in paths:
            source = open_table(path, progress, only)
            opened.callback(source.close)
            first = sources.setdefault(source.header.kind, source)
            if first is not source:
                expected = msg("one table of counts (« inscrits ») and one of votes (« voix »)")
                raise wrong_file(path, expected, msg("a second one like {path}", path=first.path))
        close = opened.pop_all().close
    return History([sources[kind] for kind in AggregatedKind if kind in sources], close)


@contextlib.contextmanager
def one_election(
    paths: Sequence[Path], asked: str, progress: Callable[[], object] = lambda: None
) -> Iterator[tuple[History, Published]]:
    """One election out of the tables, which are open as long as it is asked for.

    Args:
        paths: of both tables, or of one.
        asked: its id, empty for the only one that there is.
        progress: called for each part of a file that was looked at.

    Raises:
        InputError: a file is damaged, a second one of its kind, or there is no such election.
    """
    try_apart(paths, asked, progress)
    with contextlib.closing(open_history(paths, progress)) as history:
        yield history, history.election(history.only(asked))


def try_apart(paths: Sequence[Path], asked: str, progress: Callable[[], object] = lambda: None) -> None:
    """Read one election in a process of its own, where any of the tables is Parquet: what could end that ends no other.

    Args:
        paths: of both tables, or of one.
        asked: as `History.only` takes it.
        progress: called while that goes on.

    Raises:
        InputError: that process ended.
    """
    apart = [path for path in paths if is_parquet_file(path)]
    if not apart:
        return
    with run_reader(_APART, asked, *map(str, paths), seconds=SECONDS) as process:
        while (status := process.status(1)) is None:
            progress()
    if status not in (0, RAISED):
        raise wrong_file(apart[0], msg("an undamaged Parquet file"), msg("one that cannot be read"))


def read_apart(asked: str, *paths: str) -> None:
    """Read one election and forget it; called in a process of its own."""
    end_with_parent()
    history = open_history(list(map(Path, paths)))
    history.election(history.only(asked))
