"""Configuration that the town hall loads into a ballot module: the bureau, the polls, the choices."""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass

from machine.errors import ConfigurationError
from protocol.export.record import APPROVED_MODEL, MAX_CHOICES, MAX_COUNT, MAX_POLLS, PLACES, TEXTS
from protocol.words import cited, msg

TEXT_LIMITS = {name: PLACES[name][1] for name in TEXTS}
"""Characters that each text may have: what the result export has room for."""


@dataclass(frozen=True, slots=True)
class ConfiguredPoll:
    """One poll (scrutin) of the day: its number from 1, its constituency, its choices in panel order.

    Raises:
        ConfigurationError: a number outside 1 to 5, no choice or more than 64, a label that is empty, doubled or has
            control characters.
    """

    number: int
    constituency: str
    choices: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MAX_POLLS:
            raise ConfigurationError(
                msg("poll number {number}: expected 1 to {most}", number=self.number, most=MAX_POLLS)
            )
        if not 1 <= len(self.choices) <= MAX_CHOICES:
            raise ConfigurationError(
                msg(
                    "poll {number} has {count} choices: expected 1 to {most}",
                    number=self.number,
                    count=len(self.choices),
                    most=MAX_CHOICES,
                )
            )
        if len(set(self.choices)) != len(self.choices) or not all(self.choices):
            raise ConfigurationError(msg("poll {number}: a choice is empty or stands there twice", number=self.number))
        if any(unicodedata.category(sign) == "Cc" for label in self.choices for sign in label):
            raise ConfigurationError(msg("poll {number}: a choice holds a control character", number=self.number))
        _check_text("constituency", self.constituency)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A module's configuration. Polls are voted on in their order here; numbers count up from the first.

    Raises:
        ConfigurationError: no poll or more than five, numbers out of order, a text that does not fit.
    """

    election: str
    date: datetime.date
    round: int
    insee: str
    bureau: str
    part: int
    registered: int
    polls: tuple[ConfiguredPoll, ...]
    machine_serial: str
    module_serial: str
    machine_seal: str
    module_seal: str
    model: str = APPROVED_MODEL

    def __post_init__(self) -> None:
        numbers = [poll.number for poll in self.polls]
        if not numbers or len(numbers) > MAX_POLLS or numbers != sorted(set(numbers)):
            raise ConfigurationError(
                msg(
                    "poll numbers {numbers}: expected 1 to {max_polls} polls in order",
                    numbers=numbers,
                    max_polls=MAX_POLLS,
                )
            )
        if self.round not in (1, 2):
            raise ConfigurationError(msg("round {round}: expected 1 or 2", round=self.round))
        if not 1 <= self.part <= 255:
            raise ConfigurationError(msg("part {part}: expected 1 to 255", part=self.part))
        if not 0 <= self.registered <= MAX_COUNT:
            raise ConfigurationError(
                msg(
                    "{registered} registered voters: expected 0 to {max_count}",
                    registered=self.registered,
                    max_count=MAX_COUNT,
                )
            )
        for name in TEXT_LIMITS:
            if name != "constituency":
                _check_text(name, getattr(self, name))

    def poll(self, number: int) -> ConfiguredPoll:
        """The poll of that number.

        Raises:
            ConfigurationError: there is none.
        """
        for poll in self.polls:
            if poll.number == number:
                return poll
        raise ConfigurationError(
            msg("poll {number}: this module has {value}", number=number, value=[poll.number for poll in self.polls])
        )


def _check_text(name: str, text: str) -> None:
    limit = TEXT_LIMITS[name]
    if len(text) > limit or not text.isascii() or not (text.isprintable() or text == ""):
        raise ConfigurationError(
            msg(
                "{name} {text}: expected at most {limit} printable ASCII characters",
                name=name,
                text=cited(text),
                limit=limit,
            )
        )
