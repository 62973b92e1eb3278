"""The form of a PV: what it is given to show, and what it sends back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import numpy as np
from starlette.datastructures import QueryParams

from protocol.words import Text, msg
from regard.serve.desk import Desk
from regard.serve.entries import CLOCKS, COUNTS, MOST_CHOICES, Entry, EntryPlace, cell_label
from regard.serve.entry_choices import offered_choices
from regard.serve.security import RequestRefused
from verify.align.implied import plain
from verify.model.evidence import LinedEvidence

_FURTHER = 3
"""Rows for choices that are not on the list …"""
_ROWS = 12
"""… and rows where no list is known."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form."""

    name: str
    label: Text
    value: str
    wrong: Text = ""


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One choice of the form; its name is fixed where the list of choices has it."""

    number: int
    name: str
    fixed: bool
    votes: str
    wrong: Text = ""


def place_of(query: QueryParams, evidence: LinedEvidence | None) -> EntryPlace:
    """Which PV is asked for; the commune's name from the list, where that has it.

    Where the list has a commune by its name alone, the name stands in place of its code, and is none.
    """
    insee, commune, bureau = (query.get(name, "")[:200] for name in ("insee", "commune", "bureau"))
    poll = query.get("scrutin", "1")
    if evidence is not None and insee:
        here = np.flatnonzero(evidence.universe.insee == insee)
        commune = str(evidence.universe.commune[here[0]]) if len(here) else commune
        if len(here) and plain(commune) == plain(insee):
            insee = ""
    return EntryPlace(insee, commune, bureau, int(poll) if poll in ("1", "2", "3", "4", "5") else 1)


def form_fields(desk: Desk, place: EntryPlace, values: Mapping[str, str], wrong: Mapping[str, Text]) -> dict[str, Any]:
    """What the template of the form needs."""
    offered = offered_choices(desk, place)
    typed = [
        (values.get(f"choice-{at}", ""), values.get(f"votes-{at}", ""), wrong.get(f"votes-{at}", ""))
        for at in range(MOST_CHOICES)
    ]
    by_name = {name: (votes, why) for name, votes, why in typed if name}
    came_back = "version" in values  # and a name that it has not got was taken away
    shown = [name for name in offered.names if name in by_name or name not in offered.own or not came_back]
    rows = [(name, name not in offered.own, *by_name.get(name, ("", ""))) for name in shown]
    rows += [(name, False, votes, why) for name, votes, why in typed if (name or votes) and name not in shown]
    rows += [("", False, "", "")] * (_FURTHER if shown else max(_ROWS - len(rows), _FURTHER))
    return {
        "place": place,
        "clocks": [FormField(name, cell_label(name), values.get(name, ""), wrong.get(name, "")) for name in CLOCKS],
        "counts": [FormField(name, cell_label(name), values.get(name, ""), wrong.get(name, "")) for name in COUNTS],
        "choices": [ChoiceField(at, *row) for at, row in enumerate(rows[:MOST_CHOICES])],
        "remarks": values.get("observations", ""),
        "page": values.get("page", ""),
        "author": values.get("auteur", ""),
        "wrong": wrong,
    }


def values_of(entry: Entry) -> dict[str, str]:
    """An entry as the fields of its form; choices without votes noted are those that the form offers by itself."""
    cells = entry.cells()
    votes = [(choice, cells[f"voix {choice}"]) for choice, count in entry.votes.items() if count is not None]
    return {
        **{name: cell for name, cell in cells.items() if not name.startswith("voix ")},
        **{f"choice-{at}": choice for at, (choice, _) in enumerate(votes)},
        **{f"votes-{at}": count for at, (_, count) in enumerate(votes)},
    }


def address_of(place: EntryPlace) -> str:
    """The place of a PV as the query of an address."""
    return urlencode(place_fields(place))


def place_fields(place: EntryPlace) -> dict[str, str]:
    """The place of a PV as the fields of a form."""
    return {"insee": place.insee, "commune": place.commune, "bureau": place.bureau, "scrutin": str(place.poll)}


def version_of(form: Mapping[str, str]) -> int:
    """The version that a form was made from.

    Raises:
        RequestRefused: it has none.
    """
    text = form.get("version", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise RequestRefused(HTTPStatus.BAD_REQUEST, msg("this is no form of this page"))
    return int(text)
