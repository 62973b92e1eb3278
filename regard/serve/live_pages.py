"""The page of a live night: how much has come in, the totals, the curves, what was found, what was sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import RegardError
from protocol.words import Message, Text, languages, msg
from regard.live.followed_totals import FEED, FollowedTotals
from regard.live.points import LivePoint, clock
from regard.live.rows import LiveFinding, damaged
from regard.live.store import StoreReader
from regard.serve.case_pages import SEVERITY_MARKS
from regard.serve.desk import LANGUAGE
from regard.serve.live_curve import live_curve
from regard.serve.pages import Pages
from regard.serve.security import Keys, RequestRefused
from verify.model.field_names import field_label
from verify.model.findings import Severity
from verify.model.labels import SEVERITIES
from verify.model.published import Level

_FOUND, _SEALED, _CHOICES = 40, 6, 15
"""Findings, editions and choices that the page shows; of more, the last ones, and those with the most votes."""
_ORDER = ("registered", "signatures", "votes_found", "blank", "null", "valid")


class LiveDesk:
    """A store that is looked at, and what its page shares.

    Args:
        path: of the store.
        default: the language of pages until another is chosen.
        keys: of this run.

    Raises:
        StoreRefused: there is no such store, or it is damaged.
    """

    def __init__(self, path: Path, default: str, keys: Keys) -> None:
        self.keys, self._default, self._path = keys, default, path
        self._store = StoreReader(path)
        self._totals = FollowedTotals(self._store)
        self._found: list[LiveFinding] = []
        self._last_found = -1
        self._counts: Counter[str] = Counter()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def pages(self, request: Request) -> Pages:
        """Pages for a request: in the language that was chosen."""
        chosen = request.cookies.get(LANGUAGE, "")
        code = chosen if chosen in languages() else self._default
        return Pages(code, form_key=self.keys.form, here="/", live=True, store=str(self._path))

    def refuse(self, request: Request, refused: RequestRefused) -> Response:
        """A page that says why there is no other."""
        return Pages(self._default).show("refused", refused.status, said=refused.message)

    def view(self, words_code: str) -> dict[str, Any]:
        """What the templates are given: how it stands now.

        Raises:
            StoreRefused: the store is damaged.
        """
        totals = self._totals
        totals.update()
        self._take_found()
        seals = self._store.seals()
        now = totals.points[-1] if totals.points else LivePoint(0)
        choices = sorted(now.choices.items(), key=lambda item: -item[1])
        valid = sum(now.choices.values())
        figures: list[tuple[Text, int]] = [
            (field_label(name), now.figures[name]) for name in _ORDER if name in now.figures
        ]
        return {
            "about": self._store.about,
            "choices": [(name, votes, share(votes, valid)) for name, votes in choices[:_CHOICES]],
            "clock": clock,
            "counts": [
                (Severity[name.upper()], SEVERITIES[name], self._counts[name]) for name in _GRAVE if self._counts[name]
            ],
            "curve": live_curve(totals.points),
            "feed": self._store.about.get("kind") == FEED,
            "figures": figures,
            "found": [(each, Severity[each.severity.upper()]) for each in reversed(self._found)],
            "language": words_code,
            "level": _level(now),
            "marks": SEVERITY_MARKS,
            "more_choices": max(len(choices) - _CHOICES, 0),
            "more_found": sum(self._counts.values()) - len(self._found),
            "more_seals": len(seals) - _SEALED,
            "now": now,
            "over": bool(now.due) and now.there == now.due and bool(seals) and seals[-1].size == totals.size,
            "permille": now.there * 1000 // now.due if now.due else 0,
            "seals": seals[::-1][:_SEALED],
            "severities": SEVERITIES,
            "share": share,
            "size": totals.size,
        }

    def _take_found(self) -> None:
        for number, each in self._store.found(self._last_found):
            self._last_found = number
            if each.severity not in _GRAVE:
                raise damaged(self._path, msg("a finding that is none"))
            self._counts[each.severity] += 1
            self._found.append(each)
        del self._found[:-_FOUND]


_GRAVE = ("error", "warning", "info")


def share(part: int, whole: int) -> int:
    """Hundredths of a per cent, rounded half up."""
    return (20_000 * part + whole) // (2 * whole) if whole else 0


def _level(point: LivePoint) -> Message | str:
    """What the places of a feed are, for people."""
    named: Mapping[str, Message] = {each.value: each.text for each in Level}
    return named.get(point.level, "")


async def show_live(desk: LiveDesk, request: Request) -> Response:
    """The page."""
    return _answer(desk, request, "live")


async def show_live_now(desk: LiveDesk, request: Request) -> Response:
    """The parts of the page that change, for the script."""
    return _answer(desk, request, "live_now")


def _answer(desk: LiveDesk, request: Request, template: str) -> Response:
    pages = desk.pages(request)
    try:
        return pages.show(template, **desk.view(pages.words.code))
    except RegardError as error:
        return pages.show("live_problem", said=error.message)
