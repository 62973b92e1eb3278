"""The JSON of one ballot, by the standard library, and its values with errors that say nothing of the ballot."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from functools import partial
from typing import Any, TypeAlias

from protocol.words import Message, msg

Fields: TypeAlias = dict[str, Any]
"""An object of JSON."""
MAX_NUMBER = 2**31 - 1
"""Largest identifier or count."""
KEYS = (
    *("TabulatorId", "BatchId", "Original", "Modified", "PrecinctPortionId", "IsCurrent", "Cards", "Contests", "Id"),
    *("Undervotes", "Overvotes", "OutstackConditionIds", "Marks", "CandidateId", "Rank", "IsAmbiguous", "IsVote"),
)
"""Fields that are taken out."""
NO_BALLOT = msg("no JSON in UTF-8")
TWICE = msg("a field stands twice in an object")


class UnreadableBallot(ValueError):
    """A ballot that is not counted; ``what`` says why, without a value from it."""

    def __init__(self, what: Message) -> None:
        super().__init__()
        self.what = what


def parse_ballot(data: bytes, once: Collection[str] | None = KEYS) -> Any:
    """The JSON of one ballot.

    Args:
        data: the ballot.
        once: fields that must not stand twice in an object; None for all.

    Raises:
        UnreadableBallot: it is none, or a field stands twice in an object.
    """
    try:
        return json.loads(
            data.decode(), object_pairs_hook=partial(_object, once), parse_int=_integer, parse_constant=_refuse
        )
    except UnreadableBallot:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableBallot(NO_BALLOT) from error


def _object(once: Collection[str] | None, pairs: list[tuple[str, Any]]) -> Fields:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        if once is None or any(times[key] > 1 for key in once):
            raise UnreadableBallot(TWICE)
    return found


def _integer(digits: str) -> int:
    """A number; one of many digits is too large whatever they are, and is not worked out."""
    return int(digits) if len(digits) < 20 else MAX_NUMBER + 1


def _refuse(_: str) -> None:
    raise UnreadableBallot(NO_BALLOT)


_ABSENT = object()


def whole(value: Fields, key: str, absent: int | None = None) -> int:
    """A whole number of an object; another one where the field is not there and need not be.

    Raises:
        UnreadableBallot: there is none.
    """
    found = value.get(key, _ABSENT)
    if found is _ABSENT and absent is not None:
        return absent
    if type(found) is not int or not 0 <= found <= MAX_NUMBER:
        raise UnreadableBallot(msg("no whole number in {key}", key=key))
    return found


def truth(value: Fields, key: str, absent: bool) -> bool:
    """A truth value of an object, or what holds where the field is not there.

    Raises:
        UnreadableBallot: there is something else.
    """
    found = value.get(key, absent)
    if type(found) is not bool:
        raise UnreadableBallot(msg("neither true nor false in {key}", key=key))
    return found


def objects(value: Fields, key: str) -> list[Fields]:
    """A list of objects in an object; none where the field is not there.

    Raises:
        UnreadableBallot: there is something else.
    """
    found = value.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UnreadableBallot(msg("no list of objects in {key}", key=key))
    return found
