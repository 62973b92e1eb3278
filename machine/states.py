"""The states of the machine and the table of the actions that each allows; the documents' diagram is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """States of the machine, in the order of a day."""

    OFF = "off"
    SELF_TEST = "self-test"
    TEST = "test"
    READY = "ready"
    OPEN = "open"
    ENABLED = "enabled"
    SELECTED = "selected"
    CAST = "cast"
    CLOSED = "closed"
    RESULTS = "results"


class Operation(StrEnum):
    """Acts on the machine: by the president, an assessor, the voter, a technician, the mains."""

    POWER_ON = "power_on"
    SELF_TEST = "self_test"
    POWER_OFF = "power_off"
    BREAK_DOWN = "break_down"
    LOSE_MAINS = "lose_mains"
    REGAIN_MAINS = "regain_mains"
    INSERT_KEY = "insert_key"
    REMOVE_KEY = "remove_key"
    TEST_VOTE = "test_vote"
    ZERO_CHECK = "zero_check"
    PRINT_ZERO = "print_zero"
    OPEN = "open"
    ENABLE = "enable"
    SELECT = "select"
    BLANK = "blank"
    CORRECT = "correct"
    VALIDATE = "validate"
    CANCEL = "cancel"
    RECORD_HOUR = "record_hour"
    RECORD_INCIDENT = "record_incident"
    SET_CLOCK = "set_clock"
    CLOSE = "close"
    RESULTS = "results"
    PRINT_RESULTS = "print_results"
    EXPORT = "export"
    IMAGE = "image"


_POLLING = (State.OPEN, State.ENABLED, State.SELECTED, State.CAST)
_READY = (State.TEST, State.READY, *_POLLING, State.CLOSED, State.RESULTS)
_ON = (State.SELF_TEST, *_READY)

Row = dict[State, tuple[State, ...]]


def _stay(*states: State) -> Row:
    return {state: (state,) for state in states}


def _table() -> dict[Operation, Row]:
    return {
        Operation.POWER_ON: {State.OFF: (State.SELF_TEST,)},
        # The module says how far the day has come, and whether a voter was at work when the power went away.
        Operation.SELF_TEST: {
            State.SELF_TEST: (
                State.SELF_TEST,
                State.TEST,
                State.READY,
                State.OPEN,
                State.ENABLED,
                State.CAST,
                State.CLOSED,
            )
        },
        Operation.POWER_OFF: dict.fromkeys(_ON, (State.OFF,)),
        Operation.BREAK_DOWN: dict.fromkeys(_ON, (State.OFF,)),
        Operation.LOSE_MAINS: _stay(*_READY),
        Operation.REGAIN_MAINS: _stay(*_READY),
        Operation.INSERT_KEY: _stay(*_READY),
        Operation.REMOVE_KEY: _stay(*_READY),
        Operation.TEST_VOTE: _stay(State.TEST),
        # Counters that do not stand at zero leave the machine in test mode.
        Operation.ZERO_CHECK: {State.TEST: (State.READY, State.TEST)},
        Operation.PRINT_ZERO: _stay(State.READY),
        Operation.OPEN: {State.READY: (State.OPEN,)},
        Operation.ENABLE: {State.OPEN: (State.ENABLED,), State.CAST: (State.ENABLED,)},
        Operation.SELECT: {State.ENABLED: (State.SELECTED,), State.SELECTED: (State.SELECTED,)},
        Operation.BLANK: {State.ENABLED: (State.SELECTED,), State.SELECTED: (State.SELECTED,)},
        Operation.CORRECT: {State.SELECTED: (State.ENABLED,)},
        # Where another poll of the day follows, the voter is asked for it; else the voter has voted.
        Operation.VALIDATE: {State.SELECTED: (State.CAST, State.ENABLED)},
        Operation.CANCEL: {State.ENABLED: (State.OPEN,), State.SELECTED: (State.OPEN,)},
        Operation.RECORD_HOUR: _stay(*_POLLING),
        Operation.RECORD_INCIDENT: _stay(*_POLLING),
        Operation.SET_CLOCK: _stay(State.TEST, State.READY, *_POLLING),
        Operation.CLOSE: {State.OPEN: (State.CLOSED,), State.CAST: (State.CLOSED,)},
        Operation.RESULTS: {State.CLOSED: (State.RESULTS,), State.RESULTS: (State.RESULTS,)},
        Operation.PRINT_RESULTS: _stay(State.RESULTS),
        Operation.EXPORT: _stay(State.CLOSED, State.RESULTS),
        # The module is read in a reading unit: never while the poll is open in a machine that is on.
        Operation.IMAGE: _stay(State.OFF, State.TEST, State.READY, State.CLOSED, State.RESULTS),
    }


TRANSITIONS: Mapping[Operation, Mapping[State, tuple[State, ...]]] = MappingProxyType(_table())
"""For each operation: the states it is legal in, and the states it may lead to. Nothing else is legal."""


def legal_operations(state: State) -> tuple[Operation, ...]:
    """The operations that ``state`` takes, in the order of a day."""
    return tuple(operation for operation, rows in TRANSITIONS.items() if state in rows)
