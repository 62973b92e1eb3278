"""One connection's part of a module reading: who is there, what is missing of either pass, and how it went."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from pathlib import Path

from protocol.line.link import UnitLink
from regard.reading.partial_read import PartialRead
from regard.reading.record import session_of

SAVE_EVERY = 1.0
"""Seconds of reading that a loss of power may cost."""

Report = Callable[[str, int, int], None]
"""Takes what is being done, and how many bytes of how many; 0 of 0 while waiting for the unit."""


def read_session(
    link: UnitLink,
    output: Path,
    earlier: PartialRead | None,
    once: bool,
    report: Report,
    port: tuple[str, int],
    keep: contextlib.ExitStack,
) -> PartialRead:
    """Read what is missing of a module, and compare it with a second pass.

    A pass ends with a look at who is there. It vouches neither for bytes of an earlier connection, which broke before
    that, nor for those of a unit that restarted meanwhile or whose module was taken out and put back. These are always
    read twice, also where once was asked for.

    Args:
        link: to the unit.
        output: where the image is to be in the end.
        earlier: an unfinished reading to go on with.
        once: read but once what one look at the unit vouches for.
        report: told of the progress.
        port: its name and its baud rate, for the record of this connection.
        keep: closes the reading in the end, also on an error.

    Raises:
        LinkError: the line failed, or another module is in the unit.
        PassesDifferError: the passes brought different bytes.
        OSError, OutputRefused: the partial file cannot be written.
    """
    started = _now()
    report("ask", 0, 0)
    identity = link.identify()
    if earlier is not None:
        earlier.state.check_same(identity)
    before = link.status()
    partial = earlier
    if partial is None:
        partial = PartialRead.begin(output, identity)
        keep.callback(partial.close)
    restarted = None
    try:
        begun, stop = partial.state.read, partial.state.image_length
        _pass(link, partial, report, "read", begun, stop)
        if once:
            after = link.status()
            stop = begun if (after.boot, after.insertions) == (before.boot, before.insertions) else stop
        if partial.state.compared < stop:
            _pass(link, partial, report, "compare", partial.state.compared, stop)
        restarted = link.status().boot != before.boot
    finally:
        partial.add_session(session_of(*port, (started, _now()), link.counts, restarted))
    return partial


def _pass(link: UnitLink, partial: PartialRead, report: Report, step: str, done: int, stop: int) -> None:
    """Read a part of a module for the first time or the second, and look who is there then."""
    take = partial.append if step == "read" else partial.compare
    saved = link.clock()
    report(step, done, stop)
    for piece in link.read(done, stop):
        take(piece)
        done += len(piece)
        report(step, done, stop)
        if link.clock() >= saved + SAVE_EVERY:
            partial.save()
            saved = link.clock()
    report("ask", 0, 0)
    partial.state.check_same(link.identify())


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
