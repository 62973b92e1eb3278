"""Leaves: what is sealed of one bureau and poll, in the one form of RFC 8785 (canonical JSON).

Whole numbers and texts only, keys in the order of their letters, nothing between them. A figure that is missing has no
key: blank, zero and missing are three things.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Any

from protocol.quantities import Quantity
from protocol.sealing.seal_error import DIGEST, SealError, canonical_json
from protocol.words import Text, msg

FORMAT = "regard-leaf@v1"
MAX_LEAF = 2**16
"""Bytes of a leaf; one with forty lists has some 3,000."""
MAX_COUNT = 2**53 - 1
"""The largest number that all readers of JSON take exactly."""
FIGURES = frozenset(each for each in Quantity if each is not Quantity.VOTES)
"""Counts that a leaf may have besides the votes of its choices."""
SOURCED = frozenset(Quantity)
"""Counts with a source in the leaf."""
_KEYS = frozenset(
    ("bureau", "digests", "election", "figures", "format", "insee", "poll", "replaces", "sources", "votes")
)
_OPTIONAL = frozenset(("replaces",))
_WORD = re.compile("[a-z][a-z0-9_-]{0,39}")
_quote: Callable[[str], str] = encode_basestring
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


FigureName = tuple[Quantity, str]
"""Quantity, and of votes the choice."""


@dataclass(frozen=True, slots=True)
class LeafElection:
    """Election of a leaf; None if it was not known."""

    id: str
    date: datetime.date | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class LeafVotes:
    """The votes of one choice; None where its number or its votes are not known."""

    name: str
    votes: int | None
    choice: int | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """Sealed content of one bureau and poll.

    Attributes:
        election: that it is of.
        insee: of the commune, as text.
        bureau: its code, as text: `0001`, `01.1`, `0A11`.
        poll: its number, as text.
        figures: by quantity; what is missing is not in it.
        sources: the kind of evidence that a figure was taken from, by quantity.
        votes: in the order of the ballot.
        digests: SHA-256 of the documents of this bureau alone, by kind.
        replaces: the index of the leaf of the same bureau and poll that this one takes the place of.
    """

    election: LeafElection
    insee: str
    bureau: str
    poll: str = "1"
    figures: Mapping[str, int] = field(default_factory=lambda: _NOTHING)
    sources: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    votes: tuple[LeafVotes, ...] = ()
    digests: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    replaces: int | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """Poll, commune and bureau: in this order leaves are sorted when they are first sealed."""
        return self.poll, self.insee, self.bureau

    @property
    def known(self) -> dict[FigureName, int]:
        """All figures that are known."""
        counts = {(name, ""): self.figures[name] for name in Quantity if name in self.figures}
        return counts | {(Quantity.VOTES, each.name): each.votes for each in self.votes if each.votes is not None}

    def replacing(self, index: int | None) -> Leaf:
        """Copy the content into a leaf that replaces another; None replaces none."""
        return self if index == self.replaces else replace(self, replaces=index)

    def canonical(self) -> bytes:
        """The bytes that are sealed.

        Raises:
            SealError: they could not be read again: too many, or values that no leaf has.
        """
        try:
            data = self._text().encode()
        except UnicodeEncodeError:
            raise SealError(msg("a leaf with half a character in one of its texts")) from None
        except _Wrong as error:
            raise _unlike(error) from None
        if len(data) > MAX_LEAF:
            raise SealError(msg("a leaf of more than {limit} bytes", limit=MAX_LEAF))
        return data

    def _text(self) -> str:
        """Write the leaf key by key as text: for a nation of bureaux in a tenth of the time."""
        figures, counts = self.figures, []
        for name, head in _figure_heads(tuple(figures)):
            if type(value := figures[name]) is not int or not 0 <= value <= MAX_COUNT:
                raise _Wrong("figures")
            counts.append(f"{head}{value}")
        votes = ",".join(map(_votes_text, self.votes))
        replaces = ""
        if self.replaces is not None:
            replaces = f',"replaces":{_whole(self.replaces, "replaces", MAX_COUNT)}'
        return (
            f'{{"bureau":{_code_text(self.bureau)},"digests":{_digests_text(self.digests)},'
            f'"election":{_election_text(self.election)},"figures":{{{",".join(counts)}}},"format":"{FORMAT}",'
            f'"insee":{_code_text(self.insee)},"poll":{_code_text(self.poll)}{replaces},'
            f'"sources":{_sources_text(tuple(self.sources.items()))},"votes":[{votes}]}}'
        )


def _votes_text(votes: LeafVotes) -> str:
    number = "" if votes.choice is None else f'"choice":{_whole(votes.choice, "votes", MAX_COUNT)},'
    count = "" if votes.votes is None else f',"votes":{_whole(votes.votes, "votes", MAX_COUNT)}'
    return f'{{{number}"name":{_name_text(votes.name)}{count}}}'


@lru_cache(4096)
def _name_text(name: str) -> str:
    return _quote(_text(name, "name"))


@lru_cache(4096)
def _code_text(code: str) -> str:
    return _quote(_text(code, "bureau"))


@lru_cache(256)
def _figure_heads(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names of figures in their order, each with the text before its number."""
    if not FIGURES.issuperset(names):
        raise _Wrong("figures")
    return tuple((name, f'"{name}":') for name in sorted(names))


@lru_cache(64)
def _election_text(election: LeafElection) -> str:
    values = {"date": election.date and election.date.isoformat(), "round": election.round}
    found = {"id": election.id, **{key: value for key, value in values.items() if value is not None}}
    _election(found)
    return canonical_json(found)


@lru_cache(256)
def _sources_text(sources: tuple[tuple[str, str], ...]) -> str:
    return canonical_json(_mapping(dict(sources), "sources", SOURCED, _is_word))


def _digests_text(digests: Mapping[str, str]) -> str:
    return canonical_json(dict(_mapping(digests, "digests", None, _is_digest))) if digests else "{}"


def _whole(value: int, key: str, most: int) -> int:
    if not _is_whole(value, most):
        raise _Wrong(key)
    return value


def leaf_number(index: int) -> int:
    """The number of a leaf for people, who count from 1, by its index, which counts from 0 in every format."""
    return index + 1


def parse_leaf(data: bytes) -> Leaf:
    """A leaf from its bytes.

    Raises:
        SealError: it is none, or is not in canonical form.
    """
    if len(data) > MAX_LEAF:
        raise SealError(msg("a leaf of more than {limit} bytes", limit=MAX_LEAF))
    try:
        values = json.loads(data.decode())
        canonical = canonical_json(values).encode()
    except (ValueError, RecursionError):  # not UTF-8, half a character, or no JSON
        raise SealError(msg("a leaf that is no JSON in UTF-8")) from None
    if canonical != data:
        raise SealError(msg("a leaf that is not in canonical form (RFC 8785)"))
    try:
        return _leaf(values)
    except _Wrong as error:
        raise _unlike(error) from None


def _unlike(error: _Wrong) -> SealError:
    return SealError(msg("a leaf whose “{key}” is not what the format says", key=error.key))


class _Wrong(Exception):
    """A value that no leaf has, by its key."""

    def __init__(self, key: Text) -> None:
        self.key = key


def _leaf(values: Any) -> Leaf:
    """The leaf that some values of JSON are.

    Raises:
        _Wrong: they are none.
    """
    if type(values) is not dict or values.get("format") != FORMAT:
        raise _Wrong("format")
    for key in (_KEYS - _OPTIONAL - values.keys()) or (values.keys() - _KEYS):
        raise _Wrong(key[:40])
    return Leaf(
        election=_election(values["election"]),
        insee=_text(values["insee"], "insee"),
        bureau=_text(values["bureau"], "bureau"),
        poll=_text(values["poll"], "poll"),
        figures=_mapping(values["figures"], "figures", FIGURES, _is_count),
        sources=_mapping(values["sources"], "sources", SOURCED, _is_word),
        votes=_votes(values["votes"]),
        digests=_mapping(values["digests"], "digests", None, _is_digest),
        replaces=_number(values, "replaces", MAX_COUNT),
    )


def _election(values: Any) -> LeafElection:
    if type(values) is not dict or not {"id"} <= values.keys() <= {"id", "date", "round"}:
        raise _Wrong("election")
    date = None
    if "date" in values:
        try:
            date = datetime.date.fromisoformat(_text(values["date"], "date"))
        except ValueError:
            raise _Wrong("date") from None
        if date.isoformat() != values["date"]:
            raise _Wrong("date")
    return LeafElection(_text(values["id"], "id"), date, _number(values, "round", 9))


def _votes(values: Any) -> tuple[LeafVotes, ...]:
    if type(values) is not list:
        raise _Wrong("votes")
    found = []
    for each in values:
        if type(each) is not dict or not {"name"} <= each.keys() <= {"name", "choice", "votes"}:
            raise _Wrong("votes")
        name = _text(each["name"], "name")
        found.append(LeafVotes(name, _number(each, "votes", MAX_COUNT), _number(each, "choice", MAX_COUNT)))
    return tuple(found)


def _text(value: Any, key: str) -> str:
    if type(value) is not str:
        raise _Wrong(key)
    return value


def _number(values: dict[str, Any], key: str, most: int) -> int | None:
    if key not in values:
        return None
    return _whole(values[key], key, most)


def _mapping(
    values: Any, key: str, names: frozenset[Quantity] | None, good: Callable[[Any], bool]
) -> Mapping[str, Any]:
    if not isinstance(values, Mapping):
        raise _Wrong(key)
    for name, value in values.items():
        if (name not in names if names is not None else not _is_word(name)) or not good(value):
            raise _Wrong(key)
    return values


def _is_whole(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_count(value: Any) -> bool:
    return _is_whole(value, MAX_COUNT)


def _is_word(value: Any) -> bool:
    return type(value) is str and _WORD.fullmatch(value) is not None


def _is_digest(value: Any) -> bool:
    return type(value) is str and DIGEST.fullmatch(value) is not None
