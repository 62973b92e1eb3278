"""What happens in one millisecond of a simpy day, in an order of its own."""

from __future__ import annotations

from enum import IntEnum

import simpy
from simpy.events import EventPriority


class Order(IntEnum):
    """What comes first in one millisecond; of one kind, what has the lower number: machine, place or person."""

    FAILS = 1
    FREE = 2
    """Somebody has voted, or a bureau goes on after a failure."""
    IDENTIFIED = 3
    SIGNED = 4
    IMPATIENT = 5
    """Who is called in the last millisecond of his patience stays."""


class Act(simpy.Event):
    """What happens after a while, in the order of its millisecond."""

    def __init__(self, env: simpy.Environment, delay: int, order: Order, number: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, EventPriority(order << 32 | number), delay)
