"""The electronic urn of bureau 0001 as somebody writes it who has one thing otherwise, and nights with such urns."""

from collections.abc import Callable

import numpy as np

from machine.configuration import Configuration, ConfiguredPoll
from machine.esf1 import Machine
from machine.keys import Key, Role
from protocol import civil_time
from tests.protocol.module_violations import at, put, sealed
from tests.verify.night_builder import (
    BUREAUX,
    CHOICES,
    DAY,
    INSEE,
    Night,
    choices_of,
    codes_of,
    grave,
    small_night,
)
from tests.verify.night_urn_images import FILE, urn_image
from verify.audit import Audit

Change = Callable[[bytearray], None]
WANTED = "essai-2022 of 2022-04-10, round 1, poll 1"


def urn(*changes: Change) -> bytes:
    """The urn of bureau 0001 as somebody writes it who has these things otherwise, all checksums right."""
    image = bytearray(urn_image())
    for change in changes:
        change(image)
    return sealed(image)


def text(field: str, value: str) -> Change:
    """Another text in the configuration."""
    size = {"election": 24, "model": 32, "insee": 8, "bureau": 8}.get(field, 12)
    return put(at("configuration", field), value.encode().ljust(size, b"\0"))


def night_of(*images: bytes, exports: bool = True) -> Night:
    """The small night with these images in the place of the urn of bureau 0001; without exports on request."""
    night = small_night()
    night.incomplete()
    for number, image in enumerate(images):
        night.raw[FILE if not number else f"modules/copy {number}.urn"] = image
    if not exports:
        night.exports.clear()
    return night


def machines(result: Audit) -> set[str]:
    """The codes of errors and warnings."""
    return codes_of(grave(result))


def urn_of_two_polls() -> bytes:
    """The urn of bureau 0001 on a day of two polls, filled by the real machine."""
    spec, polls = BUREAUX[0], (CHOICES, choices_of(2))
    machine = Machine(
        Configuration(
            election="essai-2022",
            date=DAY,
            round=1,
            insee=INSEE,
            bureau="0001",
            part=1,
            registered=spec.registered,
            polls=tuple(ConfiguredPoll(number, "", choices) for number, choices in enumerate(polls, 1)),
            machine_serial="M00011",
            module_serial="U00011",
            machine_seal="S00011",
            module_seal="T00011",
        ),
        np.random.default_rng(2),
    )
    machine.insert_key(Key(Role.PRESIDENT, 1001))
    machine.insert_key(Key(Role.ASSESSOR, 2002))
    machine.zero_check(civil_time.seconds(DAY, 7, 30))
    machine.open(civil_time.seconds(DAY, 8))
    ballots = [0] * sum(spec.blank) + [choice for choice, votes in enumerate(spec.tallies, 1) for _ in range(votes)]
    for number, choice in enumerate(ballots):
        machine.enable()
        for votes in (choice, min(choice, 2)):
            machine.choose(votes)
            machine.validate()
        if number % 100 == 99:
            machine.record_hour(civil_time.seconds(DAY, 9 + number // 100))
    for _ in range(2):
        machine.enable()
        machine.cancel()
    machine.close(civil_time.seconds(DAY, 19))
    return machine.image()
