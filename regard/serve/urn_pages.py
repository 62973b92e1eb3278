"""Reading an urn over a serial line: the ports to choose from, how far a reading has come, and how it ended."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from protocol.urn.meaning import SECTION_MEANING
from protocol.urn.terms import Section
from protocol.words import Message, Text, msg, nmsg
from regard.reading.finishing import ReadingEnd
from regard.serve.desk import Desk, read_form, see
from regard.serve.security import RequestRefused
from regard.serve.urn_reading import ReadingStep, WatchedReading
from verify.read.counts import parse_count

BAUD = 115_200
MOST_BAUD = 10_000_000
_NEW = ""
"""In place of an unfinished reading to go on with: a new file."""
_STEPS: dict[ReadingStep, Message] = {
    ReadingStep.OPEN: msg("The port is being opened."),
    ReadingStep.ASK: msg("Waiting for the reading unit."),
    ReadingStep.READ: msg("The urn is being read."),
    ReadingStep.COMPARE: msg("The urn is being read again, and compared with what was read."),
    ReadingStep.WRITE: msg("What was read is being put on the disk."),
}
_ENDS = {
    ReadingEnd.WRITTEN: msg("The urn was read. Its image is in the folder now."),
    ReadingEnd.SAME: msg("The urn was read. Its image was there already, with the same bytes."),
    ReadingEnd.OTHER_IMAGE: msg(
        "The urn was read, but something else has the name of its image by now: nothing is replaced. What was read is "
        "kept beside it."
    ),
    ReadingEnd.OTHER_RECORD: msg(
        "The urn was read, and its image was there already; but the record beside it is that of another reading."
    ),
}


def _said(now: WatchedReading | None) -> Text:
    """What is being done, or how it ended."""
    if now is None:
        return ""
    if now.finished is not None:
        return _ENDS[now.finished.end]
    if now.error is not None:
        return msg("The reading has not come to its end: {error}", error=now.error)
    return _STEPS[now.step] if now.under_way else msg("The reading was stopped.")


def _facts(now: WatchedReading) -> list[Message]:
    """What the line has counted so far."""
    facts = [
        nmsg("{count:n} block received", "{count:n} blocks received", now.blocks),
        nmsg("{count:n} block asked for again", "{count:n} blocks asked for again", now.asked_again),
        nmsg(
            "{count:n} run of bytes with a wrong checksum",
            "{count:n} runs of bytes with a wrong checksum",
            now.damaged,
        ),
        nmsg("{count:n} time no answer", "{count:n} times no answer", now.silences),
        nmsg("{count:n} byte received in all", "{count:n} bytes received in all", now.received),
    ]
    if now.foreign:
        facts.insert(
            3,
            nmsg(
                "{count:n} answer to nothing that was asked", "{count:n} answers to nothing that was asked", now.foreign
            ),
        )
    return facts


def _compared(now: WatchedReading) -> Message | None:
    """What is known of the bytes while they come."""
    if now.step is ReadingStep.READ:
        return msg("Every block has the checksum that was sent with it. The second reading will compare them.")
    if now.step is ReadingStep.COMPARE:
        return msg("{count:n} of {total:n} bytes read twice, the same.", count=now.done, total=now.total)
    return None


def _kept(now: WatchedReading | None) -> Message | None:
    """What was read, of a reading that came to its end."""
    if now is None or now.finished is None:
        return None
    state = now.finished.state
    return msg(
        "{name}: {size:n} bytes of urn {urn}, machine {machine}, {how}; {retries}.",
        name=now.name,
        size=state.image_length,
        urn=state.module_serial,
        machine=state.machine_serial or "-",
        how=now.finished.how,
        retries=now.finished.retries,
    )


def _values(desk: Desk) -> dict[str, Any]:
    """What both the page and its moving part show."""
    now = desk.reader.latest
    return {
        "compared": None if now is None else _compared(now),
        "facts": [] if now is None else _facts(now),
        "failing": []
        if now is None or now.finished is None
        else [SECTION_MEANING[Section[name.upper()]] for name in now.finished.failing],
        "kept": _kept(now),
        "now": now,
        "said": _said(now),
    }


async def show_urns(desk: Desk, request: Request) -> Response:
    """The reading that is under way, or how the last one ended; and what is needed to begin another."""
    ports = await run_in_threadpool(desk.reader.ports)
    unfinished = await run_in_threadpool(desk.reader.unfinished)
    return desk.pages(request).show(
        "urns",
        baud=BAUD,
        most_baud=MOST_BAUD,
        ports=ports,
        unfinished=unfinished,
        **_values(desk),
    )


async def show_now(desk: Desk, request: Request) -> Response:
    """The moving part of the page alone, for its script."""
    return desk.pages(request).show("urn_now", **_values(desk))


async def begin_reading(desk: Desk, request: Request) -> Response:
    """Begin to read an urn, or go on with an unfinished reading.

    Raises:
        RequestRefused: another one is under way, or there is no such port, rate or unfinished reading.
        OutputRefused: nothing can be written there.
    """
    form = await read_form(desk, request)
    baud = parse_count(form.get("baud", "")[:20])
    if not 1 <= baud <= MOST_BAUD:
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST, msg("the rate of the line is a whole number from 1 to {most:n}", most=MOST_BAUD)
        )
    port, earlier, once = form.get("port", ""), form.get("earlier", _NEW), form.get("once") == "1"
    if earlier == _NEW:
        await run_in_threadpool(desk.reader.begin, port, baud, form.get("name", ""), once=once)
    else:
        await run_in_threadpool(desk.reader.go_on, port, baud, earlier, once=once)
    return see("/urns")


async def stop_reading(desk: Desk, request: Request) -> Response:
    """Stop the reading that is under way; what has come is kept."""
    await read_form(desk, request)
    desk.reader.stop()
    return see("/urns")
