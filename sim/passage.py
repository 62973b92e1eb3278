"""What the voters' passage through one bureau was like: arrivals, waits, queue; and these figures as Parquet."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.bureaux import Bureau
from sim.day import Day
from sim.voters import HOUR, Voters


@dataclass(frozen=True, slots=True)
class Passage:
    """One bureau's day. Times and waits in milliseconds; hours from the opening on, one entry each.

    Attributes:
        people: who came (a holder of a proxy is one person).
        arrivals: people by hour of arrival.
        waited: sum of their waits, before the table and before the machine, by hour of arrival.
        queues: most people who were in the room and not yet at a machine, by hour.
        longest: the longest wait.
        queue: the most of all hours.
        closing: when the last one had gone.
    """

    first_hour: int
    people: int
    arrivals: tuple[int, ...]
    waited: tuple[int, ...]
    queues: tuple[int, ...]
    longest: int
    queue: int
    closing: int

    @property
    def mean(self) -> int:
        """Mean wait, whole milliseconds."""
        return sum(self.waited) // self.people if self.people else 0


def passage(bureau: Bureau, voters: Voters, day: Day) -> Passage:
    """The figures of a day that was held."""
    hours = bureau.closing - bureau.opening
    wait = day.identify[:, 0] - voters.arrival + day.vote[:, 0] - day.identify[:, 1]
    hour = np.clip(voters.arrival // HOUR - bureau.opening, 0, hours - 1)
    waited = np.zeros(hours, np.int64)
    np.add.at(waited, hour, wait)
    begun = np.searchsorted(np.sort(day.vote[:, 0]), voters.arrival, side="right")
    queues = np.zeros(hours, np.int64)
    np.maximum.at(queues, hour, np.arange(1, len(voters) + 1) - begun)
    return Passage(
        first_hour=bureau.opening,
        people=len(voters),
        arrivals=tuple(np.bincount(hour, minlength=hours).tolist()),
        waited=tuple(waited.tolist()),
        queues=tuple(queues.tolist()),
        longest=int(wait.max(initial=0)),
        queue=int(queues.max(initial=0)),
        closing=day.closing,
    )


def parquet_bytes(rows: Sequence[tuple[Bureau, Passage, int | None, int | None]]) -> bytes | None:
    """`jour.parquet`: a row for each bureau with its passage, votes found and signatures; None without pyarrow."""
    if importlib.util.find_spec("pyarrow") is None:
        return None
    import pyarrow
    import pyarrow.parquet

    whole, text = pyarrow.int64(), pyarrow.string()
    columns = {
        "insee": (text, [bureau.insee for bureau, *_ in rows]),
        "bureau": (text, [bureau.code for bureau, *_ in rows]),
        "inscrits": (whole, [bureau.registered for bureau, *_ in rows]),
        "machines": (whole, [bureau.machines for bureau, *_ in rows]),
        "personnes": (whole, [each.people for _, each, *_ in rows]),
        "attente_moyenne_ms": (whole, [each.mean for _, each, *_ in rows]),
        "attente_maximale_ms": (whole, [each.longest for _, each, *_ in rows]),
        "file_maximale": (whole, [each.queue for _, each, *_ in rows]),
        "fermeture_ms": (whole, [each.closing for _, each, *_ in rows]),
        "votes_trouves": (whole, [votes for *_, votes, _ in rows]),
        "emargements": (whole, [signatures for *_, signatures in rows]),
    }
    table = pyarrow.table({name: pyarrow.array(values, kind) for name, (kind, values) in columns.items()})
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, compression="zstd")
    return out.getvalue()
