"""Events of one millisecond of a simpy day, in an order of their own."""

from __future__ import annotations

from enum import IntEnum

import simpy
from simpy.events import EventPriority


class Order(IntEnum):
    """Order within one millisecond; within a kind by number: machine, place or person."""

    FAILS = 1
    FREE = 2
    """Somebody has voted, or a bureau goes on after a failure."""
    IDENTIFIED = 3
    SIGNED = 4
    IMPATIENT = 5
    """Who is called in the last millisecond of his patience stays."""


class Act(simpy.Event):
    """Event after a delay, in the order of its millisecond."""

    def __init__(self, env: simpy.Environment, delay: int, order: Order, number: int) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, EventPriority(order << 32 | number), delay)
