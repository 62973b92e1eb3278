"""Recounting the stored votes of a night's electronic urns, beside memcpy of the same bytes.

One thread. The work: every slot of both banks looked at, votes counted by poll and choice, the tally marks of every
counter read in both copies, and both compared with the closing entry.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bench.timing import in_turn, memcpy, table, verdict
from protocol.urn.image import DTYPE, IMAGE_SIZE
from protocol.urn.marks import count_marks
from protocol.urn.votes import count_votes
from sim.own_day import ESF1

SEED = 2026
BOUND_MEMCPY = 4.0
CHOICES = tuple(f"Choix {number}" for number in range(1, 13))


def urn(number: int, random: np.random.Generator) -> bytes:
    """The image of one bureau's urn after a day on a real machine, with 350 to 1,000 voters."""
    machine = ESF1(CHOICES, registered=1_200, insee="29019", bureau=f"{number:04}", seed=number)
    choices = random.integers(0, len(CHOICES) + 1, int(random.integers(350, 1_000))).tolist()
    for choice in choices:
        machine.enable()
        machine.choose(choice)
        machine.validate()
    machine.finish(20)
    return machine.image()


def images(count: int) -> bytes:
    """The images of ``count`` urns, one after another."""
    return b"".join(urn(n, np.random.default_rng(np.random.SeedSequence([SEED, n]))) for n in range(count))


def ours(data: npt.NDArray[np.uint8], rows: npt.NDArray[np.void]) -> int:
    """Recount all images; the number of those whose closing entry says something else."""
    votes, marks = count_votes(data), count_marks(data)
    closing = rows["closing"]["polls"]
    good = (votes.counts[:, 0, 1 : 1 + len(CHOICES)] == closing["tallies"][:, 0, : len(CHOICES)]).all(axis=1)
    good &= (votes.counts[:, 0, 0] == closing["blank"][:, 0]) & marks.consistent.all(axis=1)
    good &= (marks.counts[:, 1] == closing["voters"][:, 0]) & (marks.counts[:, 0] == rows["closing"]["enablings"])
    return int(np.count_nonzero(~good | (votes.used != closing["cast"][:, 0])))


def main(count: int = 1_362, rounds: int = 25) -> bool:
    """Measure so many images, a night's; whether the bound held."""
    data = images(count)
    array = np.frombuffer(data, np.uint8).reshape(count, IMAGE_SIZE)
    rows = array.view(DTYPE).reshape(count)
    work: dict[str, tuple[int, Callable[[], object]]] = {
        "memcpy": (count, memcpy(data)),
        "regard": (count, lambda: ours(array, rows)),
    }
    if ours(array, rows):
        raise AssertionError("a difference was found where there is none")
    print(f"{count:,} images of {IMAGE_SIZE:,} bytes ({len(data) / 1e6:.1f} MB); one thread")
    times = in_turn(work, rounds)
    print("\n" + table(times, "memcpy", "image") + "\n")
    return verdict("recount, times memcpy", times["regard"].best / times["memcpy"].best, BOUND_MEMCPY)
