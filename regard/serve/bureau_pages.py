"""The bureaux: by commune, and in a commune each for itself; long lists a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import InputError
from protocol.export import reading
from protocol.export.record import RECORD_LENGTH, RecordVerdict
from protocol.insee import as_written
from protocol.opening import open_evidence
from protocol.urn import image as urn
from protocol.urn.inspect import describe
from protocol.words import Text, msg
from regard.reports.record_fields import VERDICTS, DumpLine, record_lines
from regard.serve.case_pages import SEVERITY_MARKS, views_of
from regard.serve.desk import Desk
from regard.serve.examining import BureauState, BureauStates
from regard.serve.pages import part_of
from regard.serve.security import RequestRefused
from regard.views.bureaux import cards
from sim.nights.night import TICKETS
from verify.model.evidence import LinedEvidence
from verify.model.findings import shown
from verify.model.machine_evidence import ExportLines

MOST_COMMUNES = 200
"""Communes that one page lists."""
MOST_TILES = 2000
"""Bureaux of a commune that one page shows; Paris has some nine hundred."""
_FEW = 20
"""Up to so many communes no search form is shown."""
_LONGEST_PLACE = 100
"""Characters of a place in an address that are looked at."""


async def show_bureaux(desk: Desk, request: Request) -> Response:
    """All bureaux by commune; in a commune its bureaux.

    Raises:
        RequestRefused: there is no such commune.
    """
    compared, pages, query = desk.examiner.latest().compared, desk.pages(request), request.query_params
    if compared is None:
        return pages.show("bureaux", states=None)
    states = compared.states
    if "commune" in query:
        return _show_commune(desk, request, states, query["commune"])
    place, state = query.get("place", "")[:_LONGEST_PLACE], query.get("state", "")
    wanted = BureauState[state] if state in BureauState.__members__ else None
    found = states.communes.find(place, wanted)
    part = part_of(query, "/bureaux", len(found), MOST_COMMUNES)
    return pages.show(
        "bureaux",
        all_states=list(BureauState),
        count=len(found),
        counts=states.communes.counts(found),
        part=part,
        place=place,
        searched=bool(place.strip()) or wanted is not None or len(states.communes) > _FEW,
        states=states,
        summaries=states.communes.summaries(found[part.start : part.stop].tolist()),
        wanted=wanted,
    )


def _show_commune(desk: Desk, request: Request, states: BureauStates, insee: str) -> Response:
    """The bureaux of a commune."""
    bureaux = list(states.bureaux(insee))
    if not bureaux:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is no such commune in this case"))
    name = str(states.universe.commune[states.universe.insee == insee][0])
    part = part_of(request.query_params, "/bureaux", len(bureaux), MOST_TILES)
    return desk.pages(request).show(
        "commune",
        all_states=list(BureauState),
        bureaux=bureaux[part.start : part.stop],
        insee=insee,
        name=as_written(name) or insee,
        part=part,
    )


_MOST_DUMPS = 8
"""Dumps of a bureau that are shown: a machine and its reserve, for several polls."""
_MOST_TICKETS = 4
_LONGEST_TICKET = 2**16
_LONGEST_CODE = 20


@dataclass(frozen=True, slots=True)
class ShownDump:
    """A dump of a bureau."""

    name: str
    said: Text
    good: bool
    lines: tuple[DumpLine, ...]


def _dumps(evidence: LinedEvidence, unit: int, folder: Path) -> Iterator[ShownDump]:
    """The dumps of a bureau as they are on the disk now: records byte by byte, urns section by section."""
    for lines, longest in ((evidence.exports, reading.MAX_FILE), (evidence.urns, urn.IMAGE_SIZE)):
        if lines is None:
            continue
        for row in np.flatnonzero(lines.unit == unit)[:_MOST_DUMPS].tolist():
            at = int(lines.reading.file[row])
            name = lines.names[at]
            try:
                data = open_evidence(lines.reading.files[at].path, longest, folder).data
            except InputError as error:
                yield ShownDump(name, error.message, False, ())
                continue
            yield _record(lines, row, name, data) if isinstance(lines, ExportLines) else _image(name, data)


def _record(lines: ExportLines, row: int, name: str, data: bytes) -> ShownDump:
    """One record of a file of exports."""
    offset, verdict = int(lines.reading.offset[row]), RecordVerdict(int(lines.reading.verdict[row]))
    shown_lines = tuple(record_lines(data[offset : offset + RECORD_LENGTH], offset))
    return ShownDump(name, VERDICTS[verdict], verdict is RecordVerdict.OK, shown_lines)


def _image(name: str, data: bytes) -> ShownDump:
    """An urn; single votes are never shown."""
    checked = list(describe(data))
    lines = tuple(
        DumpLine(
            each.offset,
            "",
            msg("{field} {value}: {meaning}", field=each.field, value=each.value, meaning=each.meaning),
            (each.check,) if each.fails else (),
        )
        for each in checked
        if not each.raw or each.fails
    )
    return ShownDump(name, msg("urn, section by section"), not any(each.fails for each in checked), lines)


def _tickets(folder: Path, insee: str, bureau: str) -> Iterator[tuple[str, list[str]]]:
    """Tickets of the machines, if the folder has them as text; they are compared with nothing."""
    code = f"{insee}-{bureau}"
    if not code.replace("-", "").isalnum() or len(code) > _LONGEST_CODE:
        return
    for part in range(1, _MOST_TICKETS + 1):
        path = folder / TICKETS / f"{code}-{part}.txt"
        try:
            data = open_evidence(path, _LONGEST_TICKET, folder).data
        except (InputError, OSError):
            return
        yield path.name, data.decode("utf-8", "replace").splitlines()


async def show_bureau(desk: Desk, request: Request) -> Response:
    """Everything of one bureau.

    Raises:
        RequestRefused: it is not on the list.
    """
    found = desk.compared()
    insee, bureau = (request.query_params.get(name, "") for name in ("insee", "bureau"))
    evidence, result = found.evidence, found.result
    unit = evidence.universe.index(insee, bureau)
    if unit < 0:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is no such bureau in this case"))
    folder = desk.folder.path
    of_polls = list(cards(evidence, result, unit))
    numbers = dict.fromkeys(number for card in of_polls for number in card.cases)
    pages = desk.pages(request)
    views = views_of(found, pages.words.code)
    return pages.show(
        "bureau",
        bureau=bureau,
        cards=of_polls,
        cases=[views.line(result.cases[number - 1]) for number in numbers],
        commune=of_polls[0].commune or insee,
        dumps=list(_dumps(evidence, unit, folder)),
        insee=insee,
        marks=SEVERITY_MARKS,
        apart=[result.findings[at] for card in of_polls for at in card.findings if not result.cases.number[at]],
        shown=shown,
        state=found.states.of(unit),
        tickets=list(_tickets(folder, insee, bureau)),
    )
