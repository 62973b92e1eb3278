"""Ballots of Dominion's ``CvrExport.json``, decoded: only what is counted, never what tells one ballot from another.

Blocks of ballots in the shape that versions since 5.10 write go through msgspec, whose decoder skips the fields that
are not named here. Where a block is not of this shape, or a field stands twice in an object, or msgspec is not
installed, each of its ballots is decoded by the standard library, which is slower and forgives what may be absent.
Both give the same; a test holds them against each other.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from types import GenericAlias
from typing import Annotated, Any

import numpy as np

from protocol.arrays import Ints
from protocol.cvr.ballot_json import (
    MAX_NUMBER,
    NO_BALLOT,
    UnreadableBallot,
    objects,
    parse_ballot,
    truth,
    whole,
)
from protocol.cvr.elements import ElementBlock
from protocol.words import Message, msg

CONTEST_DEPTH = 4
"""Objects that are open within a contest: ballot, element, card, and the contest itself."""
_CODES = 4096
_WHITE = np.zeros(256, np.bool_)
_WHITE[list(b" \t\r\n")] = True


@dataclass(slots=True)
class CardMark:
    """A mark on a card."""

    candidate_id: int
    rank: int
    is_vote: bool
    is_ambiguous: bool


@dataclass(slots=True)
class CardContest:
    """A contest on a card."""

    id: int
    marks: Sequence[CardMark]
    undervotes: int
    overvotes: int
    outstack_condition_ids: Sequence[int]


@dataclass(slots=True)
class CardSheet:
    """A card of a ballot."""

    contests: Sequence[CardContest]


@dataclass(slots=True)
class BallotElement:
    """A ballot as it was read, or as people corrected it. Before 5.10 its contests stand without a card between."""

    precinct_portion_id: int
    is_current: bool
    cards: Sequence[CardSheet] = ()
    contests: Sequence[CardContest] = ()


@dataclass(slots=True)
class BallotSession:
    """A ballot."""

    tabulator_id: int
    batch_id: int
    original: BallotElement | None
    modified: BallotElement | None


@dataclass(slots=True)
class DecodedBlock:
    """Ballots of a block, and how many of the others were left out for which reason."""

    sessions: Sequence[BallotSession]
    wrong: Counter[Message] = field(default_factory=Counter)


def decoder() -> Callable[[ElementBlock], DecodedBlock]:
    """Choose the decoder of blocks: the fast one if msgspec is installed."""
    try:
        msgspec = importlib.import_module("msgspec")
    except ImportError:
        return decode_slowly
    return partial(_decode, _fast(msgspec), (msgspec.ValidationError, msgspec.DecodeError, RecursionError, ValueError))


def _fast(msgspec: Any) -> Callable[[bytes], list[BallotSession]]:
    """A decoder of ballots of the usual shape, all of whose fields have to be there."""
    number = Annotated[int, msgspec.Meta(ge=0, le=MAX_NUMBER)]
    make = partial(msgspec.defstruct, rename="pascal", gc=False)

    def many(kind: Any) -> GenericAlias:
        return GenericAlias(list, (kind,))

    conditions = ("outstack_condition_ids", many(number))
    mark = make("Mark", [("candidate_id", number), ("rank", number), ("is_vote", bool), ("is_ambiguous", bool)])
    counts = [("undervotes", number), ("overvotes", number)]
    contest = make("Contest", [("id", number), ("marks", many(mark)), *counts, conditions])
    card = make("Card", [("contests", many(contest))])
    element = make("Element", [("precinct_portion_id", number), ("is_current", bool), ("cards", many(card))])
    element.contests = ()
    either = [(name, element | msgspec.UnsetType, msgspec.UNSET) for name in ("original", "modified")]
    session = make("Session", [("tabulator_id", number), ("batch_id", number), *either])
    decode: Callable[[bytes], list[BallotSession]] = msgspec.json.Decoder(many(session)).decode
    return decode


def _decode(
    fast: Callable[[bytes], list[BallotSession]], errors: tuple[type[Exception], ...], block: ElementBlock
) -> DecodedBlock:
    try:
        if not block.data.isascii():
            block.data.decode()  # texts that it skips are not looked at by msgspec
        sessions = fast(b"[%b]" % block.data)
    except errors:
        return decode_slowly(block)
    if not _each_once(block, sessions):
        return decode_slowly(block)
    return DecodedBlock(sessions)


def _each_once(block: ElementBlock, sessions: Sequence[Any]) -> bool:
    """Check that each extracted field is unique in its object, so that no reader sees another value.

    A decoder that finds a field twice takes the last one, others the first. All names of fields are counted, and must
    be as many as the objects that were decoded: each of them has the field at least once.
    """
    originals = [each.original for each in sessions if each.original]
    modified = [each.modified for each in sessions if each.modified]
    elements = originals + modified
    cards = [card for each in elements for card in each.cards]
    contests = sum([len(card.contests) for card in cards])
    marks = sum([len(contest.marks) for card in cards for contest in card.contests])
    names = _names(block)
    if names is None:
        return False
    codes, places = names
    found = np.bincount(codes, minlength=_CODES)
    # These two stand in other objects as well, where they are not taken out.
    shared = np.flatnonzero((codes == code_of("Id")) | (codes == code_of("OutstackConditionIds")))
    depths = block.marked.depths[np.searchsorted(block.marked.braces, places[shared]) - 1]
    of_contests = np.bincount(codes[shared[depths == CONTEST_DEPTH]], minlength=_CODES)
    if any(of_contests[code_of(key)] != contests for key in ("Id", "OutstackConditionIds")):
        return False
    numbers = {
        "Original": len(originals),
        "Modified": len(modified),
        "Contests": len(cards),
        **dict.fromkeys(("TabulatorId", "BatchId"), len(sessions)),
        **dict.fromkeys(("PrecinctPortionId", "IsCurrent", "Cards"), len(elements)),
        **dict.fromkeys(("Undervotes", "Overvotes", "Marks"), contests),
        **dict.fromkeys(("CandidateId", "Rank", "IsAmbiguous", "IsVote"), marks),
    }
    return all(found[code_of(key)] == number for key, number in numbers.items())


def _names(block: ElementBlock) -> tuple[Ints, Ints] | None:
    """The code of each name of a field, and where it begins; None where one is written in an unusual way."""
    marked = block.marked
    array, begins, ends = marked.array, marked.quotes[::2], marked.quotes[1::2]
    follows = array[ends + 1]  # after a string there is at least the brace of its ballot
    names = follows == ord(":")
    if _WHITE[follows].any():  # is it the name of a field, with a space before the colon?
        after = ends[_WHITE[follows]] + 1
        for _ in range(64):
            after = after[_WHITE[array[after]]] + 1
            if not len(after):
                break
            if (array[after] == ord(":")).any():
                return None
        else:
            return None
    if len(marked.backslashes):
        inside = np.searchsorted(ends, marked.backslashes)
        if names[inside[inside < len(names)]].any():
            return None
    begins, ends = begins[names], ends[names]
    return _code(ends - begins - 1, array[begins + 1].astype(np.int64), array[begins + 2].astype(np.int64)), begins


def _code(length: Any, first: Any, second: Any) -> Any:
    return (length + 37 * first + 409 * second) % _CODES


@cache
def code_of(key: str) -> int:
    """A small number for the name of a field; no two of the known ones have the same."""
    return int(_code(len(key), ord(key[0]), ord(key[1])))


def decode_slowly(block: ElementBlock) -> DecodedBlock:
    """The ballots of a block, one by one, by the standard library."""
    sessions, wrong = [], Counter[Message]()
    for start, end in zip(block.starts.tolist(), block.ends.tolist(), strict=True):
        try:
            sessions.append(_session(parse_ballot(block.data[start:end])))
        except UnreadableBallot as error:
            wrong[error.what] += 1
    return DecodedBlock(sessions, wrong)


def _session(value: Any) -> BallotSession:
    if not isinstance(value, dict):
        raise UnreadableBallot(NO_BALLOT)
    original, modified = (
        _element(value[name]) if value.get(name) is not None else None for name in ("Original", "Modified")
    )
    return BallotSession(whole(value, "TabulatorId"), whole(value, "BatchId"), original, modified)


def _element(value: Any) -> BallotElement:
    if not isinstance(value, dict):
        raise UnreadableBallot(msg("no object in {key}", key="Original"))
    cards = [CardSheet(_contests(card)) for card in objects(value, "Cards")]
    return BallotElement(whole(value, "PrecinctPortionId"), truth(value, "IsCurrent", True), cards, _contests(value))


def _contests(value: Any) -> list[CardContest]:
    return [
        CardContest(
            whole(contest, "Id"),
            [_mark(mark) for mark in objects(contest, "Marks")],
            whole(contest, "Undervotes", 0),
            whole(contest, "Overvotes", 0),
            _conditions(contest),
        )
        for contest in objects(value, "Contests")
    ]


def _mark(value: Any) -> CardMark:
    votes = truth(value, "IsVote", False)
    return CardMark(whole(value, "CandidateId"), whole(value, "Rank", 1), votes, truth(value, "IsAmbiguous", False))


def _conditions(value: Any) -> list[int]:
    found = value.get("OutstackConditionIds")
    if found is None:
        return []
    if not isinstance(found, list) or not all(type(each) is int and 0 <= each <= MAX_NUMBER for each in found):
        raise UnreadableBallot(msg("no list of whole numbers in {key}", key="OutstackConditionIds"))
    return found
