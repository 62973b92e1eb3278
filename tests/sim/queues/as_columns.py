"""People of simpy days as the rows and columns of `sim.queues.recursion`."""

from collections.abc import Sequence

import numpy as np

from protocol.arrays import Ints
from sim.queues.recursion import FAR, Draws
from sim.voters import VISITS, Voters


def columns(days: Sequence[Voters]) -> Draws:
    """The people of some simpy days as columns; all of them have booths and patience, or none."""
    people = np.array([len(voters) for voters in days], np.int64)
    rows = int(people.max(initial=0))

    def column(name: str, beyond: int = 0) -> Ints:
        values = np.full((rows, len(days)), beyond, np.int64)
        for day, voters in enumerate(days):
            values[: len(voters), day] = getattr(voters, name)
        return values

    def visits(name: str) -> Ints:
        values = np.zeros((VISITS, rows, len(days)), np.int64)
        for day, voters in enumerate(days):
            values[:, : len(voters), day] = getattr(voters, name).T
        return values

    first = days[0] if days else None
    return Draws(
        arrival=column("arrival", FAR),
        identify=column("identify"),
        visits=visits("visits"),
        sign=column("sign"),
        people=people,
        booths=None if first is None or first.booths is None else visits("booths"),
        patience=None if first is None or first.patience is None else column("patience"),
    )
