"""The curves of a live night: how much has come in, and the shares of the choices, over the evening."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import RegardError
from protocol.words import Message, Text, msg
from regard.language import exact_decimal
from regard.live.points import LivePoint, by_commune, clock
from regard.live.store import LiveFinding, StoreReader, damaged
from regard.live.totals import FEED, FollowedTotals
from regard.serve.case_pages import SEVERITY_MARKS
from regard.serve.desk import PageDesk, Routes, switch_language
from regard.serve.local_server import LocalServer
from regard.serve.pages import Pages
from regard.serve.security import Keys
from verify.model.findings import Severity
from verify.model.labels import SEVERITIES, field_label
from verify.model.published import Level

WIDTH, HEIGHT = 600, 150
LINES = 5
"""Choices that have a line: those with the most votes."""
_MOST_POINTS = 150
"""Points of a curve at most; of more, every so many-th is drawn."""


@dataclass(frozen=True, slots=True)
class ShareLine:
    """The line of one choice.

    Attributes:
        name: of the choice.
        number: from 1, which says how it is drawn.
        points: of the line.
        votes, valid: now.
    """

    name: str
    number: int
    points: str
    votes: int
    valid: int


@dataclass(frozen=True, slots=True)
class LiveCurve:
    """Both pictures on one axis of time.

    Attributes:
        first, last: the seconds at both ends.
        coverage: the corners of the area, empty where it is not known how much is awaited.
        top: the share at the upper edge of the lines, in per cent.
        lines: those of the choices with the most votes.
    """

    width: int
    height: int
    first: int
    last: int
    coverage: str
    top: int
    lines: tuple[ShareLine, ...]


def live_curve(points: Sequence[LivePoint]) -> LiveCurve | None:
    """The curves of some points; None as long as there are not two seconds to draw between."""
    if len(points) < 2 or points[0].second >= points[-1].second:
        return None
    step = -(-len(points) // _MOST_POINTS)
    some = [*points[:-1:step], points[-1]]
    first, last = some[0].second, some[-1].second
    x = [(each.second - first) * WIDTH // (last - first) for each in some]
    due = max((each.due or each.there for each in some), default=0)
    area = (
        " ".join(f"{at},{HEIGHT - each.there * HEIGHT // due}" for at, each in zip(x, some, strict=True)) if due else ""
    )
    ranked = sorted(some[-1].choices.items(), key=lambda item: -item[1])[:LINES]
    sums = [sum(each.choices.values()) for each in some]
    counted = [(each, all_) for each, all_ in zip(some, sums, strict=True) if all_]
    highest = max((100 * each.choices.get(name, 0) // all_ for name, _ in ranked for each, all_ in counted), default=0)
    top = min((highest // 10 + 1) * 10, 100)
    lines = tuple(
        ShareLine(
            name,
            number,
            " ".join(
                f"{at},{HEIGHT - each.choices.get(name, 0) * 100 * HEIGHT // (all_ * top)}"
                for at, each, all_ in zip(x, some, sums, strict=True)
                if all_
            ),
            votes,
            sums[-1],
        )
        for number, (name, votes) in enumerate(ranked, 1)
    )
    return LiveCurve(WIDTH, HEIGHT, first, last, f"0,{HEIGHT} {area} {WIDTH},{HEIGHT}" if area else "", top, lines)


_FOUND, _SEALED, _CHOICES, _COMMUNES = 40, 6, 15, 40
"""Findings, editions, choices and communes with awaited bureaux that the page shows.

Of more, the last ones, those with the most votes, and those that await the fewest.
"""
_ORDER = ("registered", "signatures", "votes_found", "blank", "null", "valid")


class LiveDesk(PageDesk):
    """A store that is looked at, and what its page shares.

    Args:
        path: of the store.
        default: the language of pages until another is chosen.
        keys: of this run.

    Raises:
        StoreRefused: there is no such store, or it is damaged.
    """

    problem = "live_problem"

    def __init__(self, path: Path, default: str, keys: Keys) -> None:
        super().__init__(keys, default)
        self._path = path
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
        return Pages(self.language(request), form_key=self.keys.form, here="/", live=True, store=str(self._path))

    def view(self, words_code: str) -> dict[str, Any]:
        """Values of the templates: the present state.

        Raises:
            StoreRefused: the store is damaged.
        """
        totals = self._totals
        totals.update()
        self._take_found()
        seals = self._store.seals()
        now = totals.points[-1] if totals.points else LivePoint(0)
        awaited = by_commune(totals.awaited)
        choices = sorted(now.choices.items(), key=lambda item: -item[1])
        valid = sum(now.choices.values())

        def percent(part: int, whole: int) -> str:
            return exact_decimal(words_code, Fraction(100 * part, whole or 1))

        figures: list[tuple[Text, int]] = [
            (field_label(name), now.figures[name]) for name in _ORDER if name in now.figures
        ]
        return {
            "about": self._store.about,
            "awaited": awaited[:_COMMUNES],
            "choices": [(name, votes, percent(votes, valid)) for name, votes in choices[:_CHOICES]],
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
            "more_awaited": len(awaited) - _COMMUNES,
            "more_choices": max(len(choices) - _CHOICES, 0),
            "more_found": sum(self._counts.values()) - len(self._found),
            "more_seals": len(seals) - _SEALED,
            "now": now,
            "over": bool(now.due) and now.there == now.due and bool(seals) and seals[-1].size == totals.size,
            "percent": percent,
            "permille": now.there * 1000 // now.due if now.due else 0,
            "seals": seals[::-1][:_SEALED],
            "severities": SEVERITIES,
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


def _level(point: LivePoint) -> Message | str:
    """Level of a feed's places, for people."""
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
        return pages.show(desk.problem, said=error.message)


_ROUTES: Routes[LiveDesk] = {
    "/": (show_live, "GET"),
    "/now": (show_live_now, "GET"),
    "/language": (switch_language, "POST"),
}


class LiveServer(LocalServer[LiveDesk]):
    """The page of a night that comes in.

    Args:
        store: that is shown; only read.
        code: the language of the page until another is chosen.
        port: 0 for any that is free.

    Raises:
        StoreRefused: there is no such store, or it is damaged.
        RegardError: the port is taken, or reserved.
    """

    def __init__(self, store: Path, code: str, port: int = 0) -> None:
        super().__init__(port, partial(LiveDesk, store, code), _ROUTES)
