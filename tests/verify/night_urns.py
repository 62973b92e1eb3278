"""The electronic urn of bureau 0001 as somebody writes it who has one thing otherwise, and nights with such urns."""

from collections.abc import Callable

from protocol import civil_time
from tests.machine.people import vote
from tests.protocol.urn.module_violations import at, put, sealed
from tests.verify.night_builder import (
    BUREAUX,
    CHOICES,
    DAY,
    Night,
    choices_of,
    codes_of,
    grave,
    small_night,
)
from tests.verify.night_urn_images import FILE, close_at_seven, machine_of, open_at_eight, urn_image
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
    spec, machine = BUREAUX[0], machine_of(CHOICES, choices_of(2), seed=2)
    open_at_eight(machine)
    ballots = [0] * sum(spec.blank) + [choice for choice, votes in enumerate(spec.tallies, 1) for _ in range(votes)]
    for number, choice in enumerate(ballots):
        vote(machine, choice, min(choice, 2))
        if number % 100 == 99:
            machine.record_hour(civil_time.seconds(DAY, 9 + number // 100))
    return close_at_seven(machine)
