"""The states of the machine and the one table of what is legal in each; the documents' diagram comes from it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where the machine stands. Names in the order of a day."""

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
    """What somebody does to the machine: the president, an assessor, the voter, the mains."""

    INSERT_KEY = "insert_key"
    REMOVE_KEY = "remove_key"
    ZERO_CHECK = "zero_check"
    OPEN = "open"
    ENABLE = "enable"
    SELECT = "select"
    BLANK = "blank"
    CORRECT = "correct"
    VALIDATE = "validate"
    CANCEL = "cancel"
    CLOSE = "close"
    RESULTS = "results"
    EXPORT = "export"


def _table() -> dict[Operation, dict[State, tuple[State, ...]]]:
    stay: dict[State, tuple[State, ...]] = {state: (state,) for state in State if state is not State.OFF}
    return {
        Operation.INSERT_KEY: dict(stay),
        Operation.REMOVE_KEY: dict(stay),
        Operation.ZERO_CHECK: {State.TEST: (State.READY,)},
        Operation.OPEN: {State.READY: (State.OPEN,)},
        Operation.ENABLE: {State.OPEN: (State.ENABLED,), State.CAST: (State.ENABLED,)},
        Operation.SELECT: {State.ENABLED: (State.SELECTED,), State.SELECTED: (State.SELECTED,)},
        Operation.BLANK: {State.ENABLED: (State.SELECTED,), State.SELECTED: (State.SELECTED,)},
        Operation.CORRECT: {State.SELECTED: (State.ENABLED,)},
        # Where another poll of the day follows, the voter is asked for it; else the voter has voted.
        Operation.VALIDATE: {State.SELECTED: (State.CAST, State.ENABLED)},
        Operation.CANCEL: {State.ENABLED: (State.OPEN,), State.SELECTED: (State.OPEN,)},
        Operation.CLOSE: {State.OPEN: (State.CLOSED,), State.CAST: (State.CLOSED,)},
        Operation.RESULTS: {State.CLOSED: (State.RESULTS,), State.RESULTS: (State.RESULTS,)},
        Operation.EXPORT: {State.CLOSED: (State.CLOSED,), State.RESULTS: (State.RESULTS,)},
    }


TRANSITIONS: Mapping[Operation, Mapping[State, tuple[State, ...]]] = MappingProxyType(_table())
"""For each operation: the states it is legal in, and the states it may lead to. Nothing else is legal."""


def legal_operations(state: State) -> tuple[Operation, ...]:
    """The operations that ``state`` takes, in the order of a day."""
    return tuple(operation for operation, rows in TRANSITIONS.items() if state in rows)
