"""The bureaux: by département and commune, and in a commune each for itself; long lists a page at a time."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from protocol.words import msg
from regard.serve.bureau_states import BureauState, BureauStates
from regard.serve.desk import Desk
from regard.serve.paging import part_of
from regard.serve.security import RequestRefused

MOST_COMMUNES = 200
"""Communes, or départements, that one page lists; where communes are more, départements come first."""
MOST_TILES = 2000
"""Bureaux of a commune that one page shows; Paris has some nine hundred."""
_FEW = 20
"""Communes among which nobody has to search."""
_LONGEST_PLACE = 100


def known_states(desk: Desk) -> BureauStates | None:
    """The bureaux of the case; None where none are known yet."""
    found = desk.examiner.latest()
    return None if found is None else found.states


async def show_bureaux(desk: Desk, request: Request) -> Response:
    """All bureaux: communes, or départements where communes are many; in a commune its bureaux.

    Raises:
        RequestRefused: there is no such commune.
    """
    states, pages, query = known_states(desk), desk.pages(request), request.query_params
    if states is None:
        return pages.show("bureaux", states=None)
    if "commune" in query:
        return _show_commune(desk, request, states, query["commune"])
    department = query.get("departement")
    place, state = query.get("place", "")[:_LONGEST_PLACE], query.get("state", "")
    wanted = BureauState[state] if state in BureauState.__members__ else None
    asked = bool(place.strip()) or wanted is not None
    by_department = len(states.communes) > MOST_COMMUNES and department is None and not asked
    departments = states.departments() if by_department else []
    found = states.communes.find(department, place, wanted)
    part = part_of(query, "/bureaux", len(departments) if by_department else len(found), MOST_COMMUNES)
    some = slice(part.start, part.stop)
    return pages.show(
        "bureaux",
        all_states=list(BureauState),
        by_department=by_department,
        count=len(found),
        counts=states.communes.counts(found),
        department=department,
        part=part,
        place=place,
        searched=asked or len(states.communes) > _FEW,
        states=states,
        summaries=departments[some] if by_department else states.communes.summaries(found[some].tolist()),
        wanted=wanted,
    )


def _show_commune(desk: Desk, request: Request, states: BureauStates, insee: str) -> Response:
    """The bureaux of a commune."""
    bureaux = list(states.bureaux(insee))
    if not bureaux:
        raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is no such commune in this case"))
    first = int((states.universe.insee == insee).argmax())
    part = part_of(request.query_params, "/bureaux", len(bureaux), MOST_TILES)
    return desk.pages(request).show(
        "commune",
        all_states=list(BureauState),
        bureaux=bureaux[part.start : part.stop],
        insee=insee,
        name=str(states.universe.commune[first]) or insee,
        part=part,
    )
