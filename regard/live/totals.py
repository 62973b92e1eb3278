"""Totals of a live night: from the files of a feed, or from a store while it grows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from protocol.quantities import Quantity
from protocol.words import msg
from regard.live.feed_editions import count_of, figures
from regard.live.points import MOST_CHOICES, LivePoint, read_awaited
from regard.live.store import NO_STORE, LiveReturn, StoreReader, damaged
from verify.model.published import COUNTS, Level
from verify.read.feed.belonging import stated_by, stated_department
from verify.read.feed.contradicted import CONSTITUENCIES
from verify.read.feed.elements import FeedDocument, nuance_of

_ORDER = (Level.NATION, Level.CONSTITUENCY, Level.DEPARTMENT, Level.COMMUNE, Level.CANTON, Level.REGION)
"""Levels in order of preference: totals are summed from the first one that is present."""
_BY_NAME = 40
"""Most choices shown by name; more than these, as in legislative elections, are shown by political shade."""
_BEFORE = {Quantity.REGISTERED}
"""Figures that a place has before its results come in."""


def totals(documents: Sequence[FeedDocument], second: int) -> LivePoint:
    """Sum up the latest round that the files have."""
    tours = [(place, tour) for each in documents for place in each.places for tour in place.tours]
    round_ = max((tour.number for _, tour in tours), default="")
    tours = [(place, tour) for place, tour in tours if tour.number == round_]
    level = next((each for each in _ORDER if any(place.level is each for place, _ in tours)), None)
    counts: dict[str, int] = {}
    choices: dict[str, int] = {}
    legislative = any(stated_by(each).kind == "legi" for each in documents)
    awaited = _by_law() if legislative and level is Level.CONSTITUENCY and round_ == "1" else set()
    places = set()
    for document in documents:
        for (of, number, key), cells in figures(document).items():
            if of is not level or number != round_ or key in places:
                continue
            if cells.keys() <= _BEFORE:
                awaited.add(key)
                continue
            places.add(key)
            for name, value in cells.items():
                into = counts if name in COUNTS else choices
                into[name] = into.get(name, 0) + value
    if len(choices) > _BY_NAME:
        chosen = [each for place, tour in tours if place.level is level for each in tour.choices]
        choices = _by_shade(chosen) or choices
    due = len(places | awaited) if awaited else 0
    names = {stated_department(place.texts): place.texts.get("LibDpt", "") for place, _ in tours}
    most = sorted(choices.items(), key=lambda item: -item[1])[:MOST_CHOICES]
    return LivePoint(
        second=second,
        there=len(places),
        due=due,
        figures=counts,
        choices=dict(most),
        level=level.value if level else "",
        awaited={f"{key[0]}/{' '.join(filter(None, key[1:]))}/1": names.get(key[0], "") for key in awaited - places},
    )


def _by_law() -> set[tuple[str, ...]]:
    """The keys of all legislative constituencies."""
    return {(code, "", str(at + 1)) for code, count in CONSTITUENCIES.items() for at in range(count)}


def _by_shade(choices: Iterable[Mapping[str, str]]) -> dict[str, int]:
    """Votes by political shade; nothing where a choice has none."""
    found: dict[str, int] = {}
    for each in choices:
        if not (nuance := nuance_of(each)):
            return {}
        found[nuance] = found.get(nuance, 0) + (count_of(each.get("NbVoix", "")) or 0)
    return found


NIGHT, FEED = "night", "feed"
"""Kinds of store."""
STEP = 120
"""Seconds of the evening between two points of a curve."""


class FollowedTotals:
    """Totals of a store, now and at each step of the evening.

    Args:
        store: the store to follow.

    Attributes:
        points: in order of time; the last has the current totals.
        size: returns in the store.
        awaited: by the key of each return still to come, the name of its commune, or in a feed of its département.

    Raises:
        StoreRefused: the store is damaged.
    """

    def __init__(self, store: StoreReader) -> None:
        self._store = store
        self.points: list[LivePoint] = []
        self.size = 0
        self._second = 0
        self._figures: dict[str, int] = {}
        self._choices: dict[str, int] = {}
        due = store.about.get("due", "")
        awaited = read_awaited(store.about.get("awaited", "{}"))
        if awaited is None:
            raise damaged(store.path, NO_STORE)
        self.awaited = awaited
        self._due = int(due) if due.isascii() and due.isdecimal() and len(due) < 10 else 0

    def update(self) -> None:
        """Add the returns that have come since the last call.

        Raises:
            StoreRefused: the store is damaged.
        """
        if self._store.about.get("kind") == FEED:
            self.size = self._store.size()
            self.points += self._store.points(len(self.points))
            self.awaited = dict(self.points[-1].awaited) if self.points else {}
            return
        before = self.size
        for _, each in self._store.returns(self.size):
            if self.size > before and each.second // STEP != self._second // STEP:
                self._add_point()
            self._add_return(each)
            self.awaited.pop(each.key, None)
            self._second = each.second
            self.size += 1
        if self.size > before:
            self._add_point()

    def _add_point(self) -> None:
        """Add a point with the current totals, in place of an earlier one of the same step."""
        if self.points and self.points[-1].second // STEP == self._second // STEP:
            self.points.pop()
        self.points.append(LivePoint(self._second, self.size, self._due, dict(self._figures), dict(self._choices)))

    def _add_return(self, each: LiveReturn) -> None:
        try:
            leaf = json.loads(each.leaf)
            for name, value in leaf["figures"].items():
                self._figures[name] = self._figures.get(name, 0) + _count(value)
            for of in leaf["votes"]:
                if "votes" in of:
                    self._choices[str(of["name"])] = self._choices.get(str(of["name"]), 0) + _count(of["votes"])
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
            raise damaged(self._store.path, msg("return {number} is missing or no return", number=self.size)) from error


def _count(value: Any) -> int:
    """Check that a value of a leaf is a count.

    Raises:
        ValueError: it is not.
    """
    if type(value) is not int or value < 0:
        raise ValueError
    return value
