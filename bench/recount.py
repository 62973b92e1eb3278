"""Recounting the stored votes of a night's electronic urns, beside memcpy of the same bytes and interpreted construct.

One thread. The work: every slot of both banks looked at, votes counted by poll and choice, the tally marks of every
counter read in both copies, and both compared with the closing entry. Seals and checksums are measured apart, and with
everything else in `protocol.urn.recount.recount`, as the verifier calls it.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import platform
from collections import Counter
from collections.abc import Callable

import construct
import numpy as np
import numpy.typing as npt

from bench.timing import in_turn, memcpy, table, verdict
from machine.configuration import Configuration, ConfiguredPoll
from machine.esf1 import Machine
from machine.keys import Key, Role
from protocol.checksum import crc32
from protocol.civil_time import seconds
from protocol.urn.checks import check
from protocol.urn.image import DTYPE, IMAGE, IMAGE_SIZE, SLOT, SLOTS, slot_bytes
from protocol.urn.marks import count_marks
from protocol.urn.recount import recount
from protocol.urn.votes import count_votes

SEED = 2026
SAMPLE = 3
"""Images that interpreted construct reads in a round; times are given by the image."""
BOUND_MEMCPY, BOUND_CONSTRUCT = 4.0, 1000.0
DAY = datetime.date(2022, 4, 10)
CHOICES = tuple(f"Choix {number}" for number in range(1, 13))


def urn(number: int, random: np.random.Generator) -> bytes:
    """The image of one bureau's urn after a day on a real machine, with 350 to 1,000 voters."""
    machine = Machine(
        Configuration(
            election="2022-presidentielle",
            date=DAY,
            round=1,
            insee="29019",
            bureau=f"{number:04}",
            part=1,
            registered=1_200,
            polls=(ConfiguredPoll(1, "", CHOICES),),
            machine_serial=f"ESF1-{number:06}",
            module_serial=f"U-{number:06}",
            machine_seal="",
            module_seal="",
        ),
        random,
    )
    for key in (Key(Role.PRESIDENT, 1), Key(Role.ASSESSOR, 2)):
        machine.insert_key(key)
    machine.zero_check(seconds(DAY, 7, 45))
    machine.open(seconds(DAY, 8))
    choices = random.integers(0, len(CHOICES) + 1, int(random.integers(350, 1_000))).tolist()
    for voter, choice in enumerate(choices):
        machine.enable()
        machine.choose(choice)
        machine.validate()
        if voter % 64 == 0:
            machine.record_hour(seconds(DAY, 9 + voter // 64))
    machine.close(seconds(DAY, 20))
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


def marks_of(copies: list[bytes]) -> int:
    """The count that both copies of a counter show, -1 where they differ."""
    first, second = (int.from_bytes(copy, "big") for copy in copies)
    counts = 8 * len(copies[0]) - first.bit_count(), 8 * len(copies[1]) - second.bit_count()
    return counts[0] if counts[0] == counts[1] else -1


def with_construct(data: bytes, count: int) -> int:
    """The same work with construct, every slot as a field."""
    banks = construct.Array(SLOTS, SLOT)
    found = 0
    for place in range(0, count * IMAGE_SIZE, IMAGE_SIZE):
        image = IMAGE.parse(data[place : place + IMAGE_SIZE])
        inverted = bytes(255 - byte for byte in image.bank_b)
        votes: Counter[tuple[int, int]] = Counter()
        for a, b in zip(banks.parse(image.bank_a), banks.parse(inverted), strict=True):
            if (a.poll, a.choice, a.check) == (b.poll, b.choice, b.check):
                good = a.poll <= 5 and a.choice <= 64
                if not good or a.check != int.from_bytes(slot_bytes(a.poll, a.choice)[2:], "big"):
                    found += 1
                votes[a.poll, a.choice] += 1
        result = image.closing.polls[0]
        tallies = [votes[1, choice] for choice in range(1, len(CHOICES) + 1)]
        same = tallies == list(result.tallies)[: len(CHOICES)] and votes[1, 0] == result.blank
        same = same and marks_of(image.marks.voters[0]) == result.voters
        found += not (same and marks_of(image.marks.enablings) == image.closing.enablings)
    return found


def bare_loop(data: bytes, count: int) -> list[int]:
    """The chosen CRC function over every image, and nothing else."""
    view = memoryview(data)
    return [crc32(view[at : at + IMAGE_SIZE]) for at in range(0, count * IMAGE_SIZE, IMAGE_SIZE)]


def main(argv: list[str]) -> int:
    """Measure, print, and return 1 where a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench recount", description=__doc__)
    parser.add_argument("--count", type=int, default=1_362, help="images (default: 1362, a night)")
    parser.add_argument("--rounds", type=int, default=25, help="rounds of each measurement (default: 25)")
    given = parser.parse_args(argv)
    count = given.count
    data = images(count)
    array = np.frombuffer(data, np.uint8).reshape(count, IMAGE_SIZE)
    rows = array.view(DTYPE).reshape(count)
    sample = min(SAMPLE, count)
    work: dict[str, tuple[int, Callable[[], object]]] = {
        "memcpy": (count, memcpy(data)),
        "regard": (count, lambda: ours(array, rows)),
        "construct, interpreted": (sample, functools.partial(with_construct, data, sample)),
        "seals and checksums": (count, lambda: check(rows)),
        "bare loop of the CRC": (count, lambda: bare_loop(data, count)),
        "everything, as columns": (count, lambda: recount(array)),
    }
    if ours(array, rows) or with_construct(data, sample):
        raise AssertionError("a difference was found where there is none")
    voters = int(count_marks(array).counts[:, 1].sum())
    print(f"{count:,} images of {IMAGE_SIZE:,} bytes ({len(data) / 1e6:.1f} MB), {voters:,} votes")
    print(
        f"one thread; Python {platform.python_version()}, numpy {np.__version__}, construct {construct.__version__}, "
        f"CRC-32 of {crc32.__module__}; interpreted construct reads {sample} images in each round"
    )
    times = in_turn(work, given.rounds)
    print("\n" + table(times, "memcpy", "image") + "\n")
    fast = times["regard"].best
    held = [
        verdict("recount, times memcpy", fast / times["memcpy"].best, BOUND_MEMCPY),
        verdict(
            "recount, times faster than interpreted construct",
            times["construct, interpreted"].best / fast,
            BOUND_CONSTRUCT,
            at_least=True,
        ),
    ]
    return 0 if all(held) else 1
