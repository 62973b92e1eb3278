"""The two keys: one held all day by the president, the other by an assessor drawn by lot (L57-1, 8°)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from machine.errors import ConfigurationError
from protocol.words import Message, msg


class Role(StrEnum):
    """Lock that a key fits."""

    PRESIDENT = "president"
    ASSESSOR = "assessor"


NAMES: dict[Role, Message] = {Role.PRESIDENT: msg("the president's key"), Role.ASSESSOR: msg("the assessor's key")}
"""The keys, by the lock that each fits."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key: the lock it fits and the number engraved on it. The machine records both numbers.

    Two keys of one number are taken: the locks tell roles apart, not hands. It shows afterwards (M113).
    """

    role: Role
    number: int

    def __post_init__(self) -> None:
        if not 0 < self.number < 0xFFFF_FFFF:
            raise ConfigurationError(
                msg("key number {number}: expected 1 to {value}", number=self.number, value=4294967294)
            )
