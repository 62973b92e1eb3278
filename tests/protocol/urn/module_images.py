"""Module images for the tests: one frozen as text, others made by a machine."""

import datetime
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from machine.configuration import Configuration, ConfiguredPoll
from machine.esf1 import Machine
from machine.keys import Key, Role
from protocol.civil_time import seconds
from protocol.urn.image import IMAGE_SIZE
from tests.machine.people import vote

DAY = datetime.date(2022, 4, 24)
TEXT = Path(__file__).with_name("module_example.txt")


def example() -> bytes:
    """The frozen image."""
    image = bytearray(b"\xff" * IMAGE_SIZE)
    for line in TEXT.read_text().splitlines():
        if line.startswith("#"):
            continue
        offset, data, _ = line.split("  ", 2)
        plain = re.sub(r"00\*(\d+)", lambda run: "00 " * int(run[1]), data)
        place, raw = int(offset, 16), bytes.fromhex(plain)
        image[place : place + len(raw)] = raw
    return bytes(image)


def configuration(*sizes: int, serial: str = "U-0815") -> Configuration:
    """A bureau with one poll for each number of choices."""
    return Configuration(
        election="2022-test",
        date=DAY,
        round=1,
        insee="2A004",
        bureau="01.1",
        part=1,
        registered=900,
        polls=tuple(
            ConfiguredPoll(number, f"2A-{number}", tuple(f"Choix {choice}" for choice in range(1, size + 1)))
            for number, size in enumerate(sizes, start=1)
        ),
        machine_serial="ESF1-1",
        module_serial=serial,
        machine_seal="",
        module_seal="T1",
    )


def opened(*sizes: int, seed: int = 0, serial: str = "U-0815", tests: int = 0) -> Machine:
    """A machine at eight in the morning, after so many test votes."""
    machine = Machine(configuration(*sizes, serial=serial), np.random.default_rng(seed))
    for _ in range(tests):
        machine.test_vote(1, 1)
    machine.insert_key(Key(Role.PRESIDENT, 1001))
    machine.insert_key(Key(Role.ASSESSOR, 2002))
    machine.zero_check(seconds(DAY, 7, 45))
    machine.open(seconds(DAY, 8))
    return machine


def closed(*sizes: int, voters: int = 40, seed: int = 0, serial: str = "U-0815", tests: int = 0) -> Machine:
    """A machine after its day, with ``voters`` of whom one in ten left."""
    machine = opened(*sizes, seed=seed, serial=serial, tests=tests)
    random = np.random.default_rng([seed, 1])
    for voter in range(voters):
        if voter % 10 == 9:
            machine.enable()
            machine.cancel()
        else:
            vote(machine, *(int(random.integers(0, size + 1)) for size in sizes))
        if voter % 15 == 14:
            machine.record_hour(seconds(DAY, 9 + voter // 15))
    machine.close(seconds(DAY, 19))
    return machine


def rows(images: Sequence[bytes]) -> npt.NDArray[np.uint8]:
    """Images as one array, shape ``(n, 65536)``; a copy that can be written to."""
    return np.frombuffer(bytearray(b"".join(images)), np.uint8).reshape(len(images), IMAGE_SIZE)
