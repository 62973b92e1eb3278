"""The electronic urn of one bureau of the small night, filled by the real machine, and how to damage it."""

import functools
from collections.abc import Callable

import numpy as np

from machine.configuration import Configuration, ConfiguredPoll
from machine.esf1 import Machine
from machine.keys import Key, Role
from protocol.civil_time import seconds
from protocol.night import URNS, urn_name
from protocol.urn.image import SPANS, Section
from tests.machine.people import vote
from tests.verify.night_builder import BUREAUX, CHOICES, DAY, INSEE, Night, small_night

BUREAU = "0001"
FILE = f"{URNS}/{urn_name(INSEE, BUREAU, 1)}"
A, B = SPANS[Section.BANK_A][0], SPANS[Section.BANK_B][0]
FREE = b"\xff" * 4


def night_with_urn(change: Callable[[bytearray], None] | None = None, **day: int) -> Night:
    """The small night with the urn of bureau 0001, its bytes changed on request."""
    image = bytearray(urn_image(**day))
    if change is not None:
        change(image)
    night = small_night()
    night.raw[FILE] = bytes(image)
    return night


def machine_of(*polls: tuple[str, ...], seed: int = 1) -> Machine:
    """The machine of bureau 0001, with a poll for each of these lists of choices."""
    configuration = Configuration(
        election="essai-2022",
        date=DAY,
        round=1,
        insee=INSEE,
        bureau=BUREAU,
        part=1,
        registered=BUREAUX[0].registered,
        polls=tuple(ConfiguredPoll(number, "", choices) for number, choices in enumerate(polls, 1)),
        machine_serial=f"M{BUREAU}1",
        module_serial=f"U{BUREAU}1",
        machine_seal=f"S{BUREAU}1",
        module_seal=f"T{BUREAU}1",
    )
    return Machine(configuration, np.random.default_rng(seed))


def open_at_eight(machine: Machine, assessor: int = 2002) -> None:
    """Both keys, the zero check, and the opening."""
    machine.insert_key(Key(Role.PRESIDENT, 1001))
    machine.insert_key(Key(Role.ASSESSOR, assessor))
    machine.zero_check(seconds(DAY, 7, 30))
    machine.open(seconds(DAY, 8))


def close_at_seven(machine: Machine) -> bytes:
    """Two people who leave without voting, and the end of the day: the urn."""
    for _ in range(2):
        machine.enable()
        machine.cancel()
    machine.close(seconds(DAY, 19))
    return bytes(machine.image())


@functools.cache
def urn_image(
    votes: int = 1,
    assessor: int = 2002,
    clock_set: int = 0,
    tests: int = 0,
    falls: int = 0,
    hour: int = 0,
    hours: int = 1,
) -> bytes:
    """The urn after its day.

    Args:
        votes: 0 for a day without the first choice's last vote.
        assessor: number of the assessor's key; the president's is 1001.
        clock_set: times that the clock was set after opening.
        tests: votes of the test mode.
        falls: times that the clock fell by itself.
        hour: voters that the hourly counter shows at 9 o'clock, 0 for none noted.
        hours: how many hours are noted, each that many voters later than the one before.
    """
    spec = BUREAUX[0]
    machine = machine_of(CHOICES)
    for _ in range(tests):
        machine.test_vote(1, 1)
    open_at_eight(machine, assessor)
    for number in range(clock_set):
        machine.set_clock(seconds(DAY, 8, 10 + number), seconds(DAY, 8, 9 + number))
    for _ in range(falls):
        machine.power_off()
        machine.power_on(seconds(DAY, 8, 1))
    ballots = [0] * sum(spec.blank)
    for choice, tally in enumerate(spec.tallies, 1):
        ballots += [choice] * (tally - (votes == 0 and choice == 1))
    for number, choice in enumerate(ballots, 1):
        vote(machine, choice)
        if hour and number % hour == 0 and number // hour <= hours:
            machine.record_hour(seconds(DAY, 8 + number // hour))
    return close_at_seven(machine)


def slot_where(image: bytes | bytearray, wanted: Callable[[bytes], bool]) -> int:
    """The first slot whose bytes in bank A are as wanted."""
    return next(at for at in range(4096) if wanted(bytes(image[A + 4 * at : A + 4 * at + 4])))


def put(image: bytearray, slot: int, a: bytes, b: bytes) -> None:
    """Write a slot in both banks."""
    image[A + 4 * slot : A + 4 * slot + 4] = a
    image[B + 4 * slot : B + 4 * slot + 4] = b


def complement(data: bytes) -> bytes:
    return bytes(255 - byte for byte in data)
