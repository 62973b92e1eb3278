"""The ESF1: what the president, the assessors and the voter can do to the machine, and what it counts.

A model: the order of the day and the parts are documented of the NEDAP family, the rest is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from machine.configuration import Configuration
from machine.errors import IllegalOperation
from machine.keys import Key, Role
from machine.states import TRANSITIONS, Operation, State, legal_operations
from protocol.export import Export, build, choices_digest

_ENABLE = TRANSITIONS[Operation.ENABLE]
_SELECT = TRANSITIONS[Operation.SELECT]
_BLANK = TRANSITIONS[Operation.BLANK]
_VALIDATE = TRANSITIONS[Operation.VALIDATE]


@dataclass(frozen=True, slots=True)
class Result:
    """What the machine counted in one poll: votes of each choice in panel order, blanks, and their sum."""

    poll: int
    tallies: tuple[int, ...]
    blank: int
    cast: int
    voters: int
    enablings: int
    cancellations: int


class Machine:
    """One machine with its ballot module, switched on and in test mode.

    Times are whole seconds of local civil time (`protocol.civil_time`). Every refused operation raises
    `IllegalOperation` and changes nothing.

    Args:
        configuration: what the module was programmed with.
        random: draws the positions of the votes in the urn; None for the operating system's entropy.
    """

    def __init__(self, configuration: Configuration, random: np.random.Generator | None) -> None:
        self.configuration = configuration
        self.state = State.TEST
        self._random = random if random is not None else np.random.default_rng()
        self._keys: dict[Role, Key] = {}
        polls = configuration.polls
        self._tallies = [[0] * (len(poll.choices) + 1) for poll in polls]
        self._sizes = [len(poll.choices) for poll in polls]
        self._voters = [0] * len(polls)
        self._cancellations = [0] * len(polls)
        self._enablings = 0
        self._at = 0
        self._choice = 0
        self._zero_check: int | None = None
        self._opening: int | None = None
        self._closing: int | None = None

    @property
    def voters(self) -> int:
        """The public counter (L57-1, 6°): voters who have voted, in the first poll at least (they come in order)."""
        return self._voters[0]

    def insert_key(self, key: Key) -> None:
        """Turn a key in its lock; it stays until it is removed.

        Raises:
            IllegalOperation: that lock already holds a key, or the machine is off.
        """
        self._demand(Operation.INSERT_KEY)
        if key.role in self._keys:
            self._refuse(Operation.INSERT_KEY, f"the {key.role}'s lock already holds a key")
        self._keys[key.role] = key

    def remove_key(self, role: Role) -> Key:
        """Take a key out of its lock.

        Raises:
            IllegalOperation: that lock is empty, or the machine is off.
        """
        self._demand(Operation.REMOVE_KEY)
        if role not in self._keys:
            self._refuse(Operation.REMOVE_KEY, f"the {role}'s lock is empty")
        return self._keys.pop(role)

    def zero_check(self, at: int) -> int:
        """Check in public that all counters stand at zero (L63), with both keys; returns the sum read."""
        (state,) = self._demand(Operation.ZERO_CHECK)
        self._demand_keys(Operation.ZERO_CHECK)
        self._zero_check = at
        self.state = state
        return sum(map(sum, self._tallies)) + sum(self._voters)

    def open(self, at: int) -> None:
        """Open the poll, with both keys."""
        (state,) = self._demand(Operation.OPEN)
        self._demand_keys(Operation.OPEN)
        self._opening = at
        self.state = state

    def enable(self) -> None:
        """The president's button: one voter may vote, once in each poll."""
        target = _ENABLE.get(self.state)
        if target is None:
            self._refuse(Operation.ENABLE)
        self._enablings += 1
        self._at = 0
        self.state = State.ENABLED

    def select(self, poll_choice: int) -> None:
        """The voter presses the key of a choice, 1 for the first of the panel, in the poll asked for."""
        if self.state not in _SELECT:
            self._refuse(Operation.SELECT)
        if not 0 < poll_choice <= self._sizes[self._at]:
            self._refuse(Operation.SELECT, f"no choice {poll_choice} among {self._sizes[self._at]}")
        self._choice = poll_choice
        self.state = State.SELECTED

    def blank(self) -> None:
        """The voter presses the key for a blank vote (L57-1, 4°)."""
        if self.state not in _BLANK:
            self._refuse(Operation.BLANK)
        self._choice = 0
        self.state = State.SELECTED

    def correct(self) -> None:
        """The voter takes the choice back before validating."""
        (self.state,) = self._demand(Operation.CORRECT)
        self._choice = 0

    def validate(self) -> None:
        """The voter validates: the vote is stored. Then the next poll of the day, or the voter has voted."""
        if self.state not in _VALIDATE:
            self._refuse(Operation.VALIDATE)
        at = self._at
        self._tallies[at][self._choice] += 1
        self._voters[at] += 1
        self._choice = 0
        if at + 1 < len(self._sizes):
            self._at = at + 1
            self.state = State.ENABLED
        else:
            self.state = State.CAST

    def cancel(self) -> None:
        """The president ends the enabling of a voter who left: nothing is stored in the polls not voted."""
        (state,) = self._demand(Operation.CANCEL)
        for at in range(self._at, len(self._sizes)):
            self._cancellations[at] += 1
        self._choice = 0
        self.state = state

    def close(self, at: int) -> None:
        """Close the poll for ever, with both keys."""
        (state,) = self._demand(Operation.CLOSE)
        self._demand_keys(Operation.CLOSE)
        self._closing = at
        self.state = state

    def results(self) -> tuple[Result, ...]:
        """The counters of every poll, made visible after closing (L65, L57-1, 7°)."""
        (self.state,) = self._demand(Operation.RESULTS)
        return tuple(self._result(at) for at in range(len(self._sizes)))

    def export(self, poll: int, at: int) -> bytes:
        """The result export of one poll: 576 bytes of `protocol.export`.

        Raises:
            IllegalOperation: the poll is not closed.
            ConfigurationError: this module has no such poll.
        """
        self._demand(Operation.EXPORT)
        configuration = self.configuration
        of = configuration.poll(poll)
        result = self._result(configuration.polls.index(of))
        return build(
            Export(
                model=configuration.model,
                machine_serial=configuration.machine_serial,
                module_serial=configuration.module_serial,
                machine_seal=configuration.machine_seal,
                module_seal=configuration.module_seal,
                election=configuration.election,
                constituency=of.constituency,
                insee=configuration.insee,
                bureau=configuration.bureau,
                date=configuration.date,
                round=configuration.round,
                poll=poll,
                part=configuration.part,
                registered=configuration.registered,
                zero_check=self._zero_check,
                opening=self._opening,
                closing=self._closing,
                export=at,
                zero_sum=0,
                voters=result.voters,
                enablings=result.enablings,
                cancellations=result.cancellations,
                cast=result.cast,
                blank=result.blank,
                choices_digest=choices_digest(of.choices),
                module_digest=bytes(32),
                tallies=result.tallies,
            )
        )

    def _result(self, at: int) -> Result:
        blank, *tallies = self._tallies[at]
        return Result(
            poll=self.configuration.polls[at].number,
            tallies=tuple(tallies),
            blank=blank,
            cast=blank + sum(tallies),
            voters=self._voters[at],
            enablings=self._enablings,
            cancellations=self._cancellations[at],
        )

    def _demand(self, operation: Operation) -> tuple[State, ...]:
        target = TRANSITIONS[operation].get(self.state)
        if target is None:
            self._refuse(operation)
        return target

    def _demand_keys(self, operation: Operation) -> None:
        missing = [role for role in Role if role not in self._keys]
        if missing:
            self._refuse(operation, f"the key of the {' and of the '.join(missing)} is missing")

    def _refuse(self, operation: Operation, reason: str = "") -> NoReturn:
        raise IllegalOperation(self.state, operation, legal_operations(self.state), reason)
