"""Days of bureaux for pages, told as the simulator tells them."""

from __future__ import annotations

from dataclasses import replace

from sim.bureaux import Bureau
from sim.nights.summary import NightTold
from sim.waits import Passage

MINUTE = 60_000
BUREAU = Bureau("76351", "Le Havre", "76", "Seine-Maritime", "", "", "0001", 900, 1, 8, 19)


def passage(longest: float, queue: int = 12, hours: int = 11, people: int = 660, lost: int = 0) -> Passage:
    """A day whose longest wait is so many minutes, and whose queue grows to so many people and goes."""
    queues = tuple(max(1, queue - 3 * abs(hour - 6)) if queue else 0 for hour in range(hours))
    share = people // hours
    return Passage(
        first_hour=8,
        people=share * hours,
        lost=lost,
        arrivals=(share,) * hours,
        waited=(int(share * longest * MINUTE) // 4,) * hours,
        queues=queues,
        longest=int(longest * MINUTE),
        queue=max(queues),
        closing=19 * 60 * MINUTE + 7 * MINUTE,
    )


def told(waits: list[float], name: str = "Élection d'essai", **options: int) -> NightTold:
    """A night of bureaux of one commune, one for each longest wait in minutes."""
    days = [
        (replace(BUREAU, code=f"{at:04}", registered=500 + 13 * at, machines=1 + at % 3), passage(wait, **options))
        for at, wait in enumerate(waits, 1)
    ]
    return NightTold(name, days, [])
