"""The bureaux: by département and commune, and in a commune each for itself."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from protocol.words import msg
from regard.serve.bureau_states import BureauState, BureauStates
from regard.serve.desk import Desk
from regard.serve.security import RequestRefused

_MOST_COMMUNES = 200
"""Communes that one page lists; where there are more, départements come first."""
MOST_TILES = 2000
"""Bureaux of a commune that one page shows; Paris has some nine hundred."""


def known_states(desk: Desk) -> BureauStates | None:
    """The bureaux of the case; None where none are known yet."""
    found = desk.examiner.latest()
    return None if found is None else found.states


async def show_bureaux(desk: Desk, request: Request) -> Response:
    """All bureaux: communes, or départements where communes are many; in a commune its bureaux.

    Raises:
        RequestRefused: there is no such commune.
    """
    states, pages = known_states(desk), desk.pages(request)
    if states is None:
        return pages.show("bureaux", states=None)
    commune, department = (request.query_params.get(name) for name in ("commune", "departement"))
    if commune is not None:
        bureaux = list(states.bureaux(commune))
        if not bureaux:
            raise RequestRefused(HTTPStatus.NOT_FOUND, msg("there is no such commune in this case"))
        first = int((states.universe.insee == commune).argmax())
        return pages.show(
            "commune",
            all_states=list(BureauState),
            bureaux=bureaux[:MOST_TILES],
            insee=commune,
            more=max(len(bureaux) - MOST_TILES, 0),
            name=str(states.universe.commune[first]) or commune,
        )
    many = len(states.universe.communes) > _MOST_COMMUNES
    by_department = many and department is None
    return pages.show(
        "bureaux",
        all_states=list(BureauState),
        by_department=by_department,
        counts=states.counts(),
        department=department,
        states=states,
        summaries=states.departments() if by_department else states.communes(department),
    )
