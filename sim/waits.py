"""Passage of voters through one bureau: arrivals, waits, queue; and these figures as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from protocol.files import csv_bytes
from sim.bureaux import Bureau
from sim.day import Day
from sim.voters import HOUR, Voters

DAY_COLUMNS = {
    "insee": "INSEE code of the commune",
    "bureau": "code of the bureau de vote",
    "inscrits": "registered voters",
    "machines": "voting machines in the bureau, 0 where it counts paper",
    "personnes": "people who came; who holds a proxy is one person",
    "parties_sans_voter": "of these, who had no patience left and went away before voting",
    "attente_moyenne_ms": "mean of what the others waited, before the table and before the machine, in milliseconds",
    "attente_maximale_ms": "the longest wait, in milliseconds",
    "file_maximale": "most people who had come and were not yet at a machine",
    "fermeture_ms": "when the last one had gone, the closing hour at the earliest, in milliseconds since midnight",
    "votes_trouves": "votes found by the PV",
    "emargements": "signatures on the sign-in list",
}
"""The columns of `jour.csv`, and what they hold."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One bureau's day. Times and waits in milliseconds; hours from the opening on, one entry each.

    Attributes:
        people: who came (a holder of a proxy is one person).
        lost: who left before voting; their waits are in none of these figures.
        arrivals: people by hour of arrival.
        waited: sum of their waits, before the table and before the machine, by hour of arrival.
        queues: most people who had come and were not yet at a machine, by hour.
        longest: the longest wait.
        queue: the most of all hours.
        closing: when the last one had gone.
    """

    first_hour: int
    people: int
    lost: int
    arrivals: tuple[int, ...]
    waited: tuple[int, ...]
    queues: tuple[int, ...]
    longest: int
    queue: int
    closing: int

    @property
    def mean(self) -> int:
        """Mean wait, whole milliseconds."""
        voters = self.people - self.lost
        return sum(self.waited) // voters if voters else 0


def passage(bureau: Bureau, voters: Voters, day: Day) -> Passage:
    """The figures of a day that was held."""
    hours = bureau.closing - bureau.opening
    wait = np.where(day.lost, 0, day.identify[:, 0] - voters.arrival + day.vote[:, 0] - day.identify[:, 1])
    hour = np.clip(voters.arrival // HOUR - bureau.opening, 0, hours - 1)
    waited = np.zeros(hours, np.int64)
    np.add.at(waited, hour, wait)
    begun = np.searchsorted(np.sort(day.vote[:, 0]), voters.arrival, side="right")
    queues = np.zeros(hours, np.int64)
    np.maximum.at(queues, hour, np.arange(1, len(voters) + 1) - begun)
    return Passage(
        first_hour=bureau.opening,
        people=len(voters),
        lost=int(day.lost.sum()),
        arrivals=tuple(np.bincount(hour, minlength=hours).tolist()),
        waited=tuple(waited.tolist()),
        queues=tuple(queues.tolist()),
        longest=int(wait.max(initial=0)),
        queue=int(queues.max(initial=0)),
        closing=day.last,
    )


def day_csv(rows: Sequence[tuple[Bureau, Passage, Sequence[int | None]]]) -> bytes:
    """`jour.csv`: a row for each bureau with its passage, and votes found and signatures of each poll of the day.

    A missing figure is empty; a second poll has the columns that its first has once more.
    """
    counted = tuple(DAY_COLUMNS)[-2:]
    further = max((len(figures) for _, _, figures in rows), default=len(counted)) // len(counted)
    return csv_bytes(
        (*DAY_COLUMNS, *(f"{name}_{poll}" for poll in range(2, further + 1) for name in counted)),
        (
            (
                bureau.insee,
                bureau.code,
                bureau.registered,
                bureau.machines,
                each.people,
                each.lost,
                each.mean,
                each.longest,
                each.queue,
                each.closing,
                *figures,
            )
            for bureau, each, figures in rows
        ),
    )
