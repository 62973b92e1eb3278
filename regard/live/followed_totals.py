"""The totals of a live store, followed while it grows: of a night from its leaves, of a feed as they are stored."""

from __future__ import annotations

import json
from typing import Any

from protocol.words import msg
from regard.live.awaited import read_awaited
from regard.live.points import LivePoint
from regard.live.rows import LiveReturn, damaged
from regard.live.store import StoreReader

NIGHT, FEED = "night", "feed"
"""Subject of a store."""
STEP = 120
"""Seconds of the evening between two points of a curve."""


class FollowedTotals:
    """Totals as they are now, and as they were through the evening.

    Args:
        store: that is looked at.

    Attributes:
        points: in the order of their seconds; the last is how it stands now.
        size: returns that are in it.
        awaited: the name of the commune, or of a feed the département, by the key of each return not come in.

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
            raise damaged(store.path, msg("its tables are not those of a store"))
        self.awaited = awaited
        self._due = int(due) if due.isascii() and due.isdecimal() and len(due) < 10 else 0

    def update(self) -> None:
        """Take in what has come since.

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
                self._keep()
            self._add(each)
            self.awaited.pop(each.key, None)
            self._second = each.second
            self.size += 1
        if self.size > before:
            self._keep()

    def _keep(self) -> None:
        """A point of how it stands, one for each step of the evening."""
        if self.points and self.points[-1].second // STEP == self._second // STEP:
            self.points.pop()
        self.points.append(LivePoint(self._second, self.size, self._due, dict(self._figures), dict(self._choices)))

    def _add(self, each: LiveReturn) -> None:
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
    """A count of a leaf.

    Raises:
        ValueError: it is none.
    """
    if type(value) is not int or value < 0:
        raise ValueError
    return value
