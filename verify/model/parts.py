"""A part of the evidence, some communes of it: what rules are applied to that look no further than a commune.

Where corrections change a few bureaux of a nation, such rules find everywhere else what they found before. What is not
told bureau by bureau is not there in a part, and whoever looks at it is told so: nothing is missed for lack of the
rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from verify.model.amiss import Twice
from verify.model.contests import Contests
from verify.model.evidence import Counted, LinedEvidence, LinedVotes, PublishedLines
from verify.model.figures import Bools, Figures, Ints, unlike
from verify.model.machine_counts import MachineCounts
from verify.model.other_votes import OtherVotes
from verify.model.remembering import MadeBefore
from verify.model.universe import Universe

SAME = frozenset(("election", "polls", "stated", "thresholds"))
"""What says the same of a part as of the whole."""
BY_BUREAU = frozenset(
    (
        *("universe", "contests", "signatures", "records", "votes", "shifted", "published", "tabulation", "hourly"),
        *("machines", "other_round", "other_votes", "twice"),
    )
)
"""What is told bureau by bureau, of which a part has its own."""
_PARTS = tuple(each.name for each in fields(LinedEvidence) if each.init and each.name != "memory")
_OF_UNIVERSE = (
    *("of", "insee", "bureau", "commune", "department", "constituency"),
    *("registered", "counting", "opening", "closing", "parts", "row", "sealing", "constituencies"),
)


class NotOfAPart(LookupError):
    """Something was looked at in a part that is not told bureau by bureau."""


class _OfAll:
    """Stands in a part for what is of all bureaux."""

    def _refuse(self, *_: object) -> NoReturn:
        raise NotOfAPart

    __getattr__ = __getitem__ = __iter__ = __len__ = __bool__ = __contains__ = _refuse


_OF_ALL: Any = _OfAll()


def part_of(evidence: LinedEvidence, units: Ints) -> LinedEvidence:
    """The evidence of some bureaux, as if there were no others.

    Args:
        evidence: of all bureaux.
        units: theirs, in order; whole communes.
    """
    others: dict[str, Any] = {}
    for name in _PARTS:
        whole = getattr(evidence, name)
        if name in BY_BUREAU:
            others[name] = _part(whole, units)
        elif name not in SAME:
            others[name] = _if_anything(whole)
    return replace(evidence, memory=MadeBefore(open=False), **others)


def _if_anything(whole: Any) -> Any:
    """The same where there is nothing in it, else what stands for what is of all."""
    return whole if whole is None or (isinstance(whole, (list, tuple, dict, frozenset)) and not whole) else _OF_ALL


def _part(whole: Any, units: Ints) -> Any:
    """A piece of evidence, or a column of it, of some bureaux."""

    def part(each: Any) -> Any:
        return _part(each, units)

    match whole:
        case None:
            return None
        case np.ndarray():
            return whole[units]
        case Figures():
            return Figures(whole.name, whole.values[units], whole.places.only(units))
        case list():
            return [part(each) for each in whole]
        case dict():
            return {name: part(each) for name, each in whole.items()}
        case Counted():
            return Counted(part(whole.figures), part(whole.present), part(whole.mentioned))
        case LinedVotes():
            strange, unknown = (part(whole.strange_rows), part(whole.strange_votes)), _if_anything(whole.unknown)
            return LinedVotes(part(whole.values), whole.places.only(units), unknown, *strange)
        case PublishedLines():
            return PublishedLines(whole.published, part(whole.counted), part(whole.votes), whole.elsewhere)
        case Twice():
            return Twice(part(whole.first), part(whole.other))
        case OtherVotes():
            return replace(whole, values=part(whole.values))
        case Contests():
            return replace(whole, of=part(whole.of), unplaced=_if_anything(whole.unplaced))
        case MachineCounts():
            names = ("parts", "cast", "blank", "registered", "tallies")
            return replace(whole, **{name: part(getattr(whole, name)) for name in names}, lists=_OF_ALL)
        case Universe():
            insee, numbered = whole.insee[units], whole.numbered
            return replace(
                whole,
                **{name: part(getattr(whole, name)) for name in _OF_UNIVERSE},
                communes=np.append(np.zeros(min(len(units), 1), np.int64), unlike(insee[1:], insee[:-1]) + 1),
                numbered=None if numbered is None else (numbered[0], numbered[1][units]),
            )
    raise TypeError(type(whole))


def not_of_a_part(evidence: LinedEvidence) -> frozenset[str]:
    """The names of what the evidence has, and a part of it has not."""
    names = (name for name in _PARTS if name not in BY_BUREAU and name not in SAME)
    return frozenset(name for name in names if _if_anything(getattr(evidence, name)) is _OF_ALL)


def other_parts(before: LinedEvidence, after: LinedEvidence) -> frozenset[str]:
    """The names of the parts of some evidence that are others in a copy of it."""
    return frozenset(name for name in _PARTS if getattr(before, name) is not getattr(after, name))


def changed_bureaux(before: LinedEvidence, after: LinedEvidence) -> tuple[Bools, bool]:
    """The bureaux that have other figures in a copy of the evidence with corrections, shape ``(units,)``.

    And whether each of these was a figure, and is one.
    """
    changed, figures = np.zeros(len(before.universe), np.bool_), True
    for name in other_parts(before, after) & BY_BUREAU:
        for one, other in zip(_arrays(getattr(before, name)), _arrays(getattr(after, name)), strict=True):
            if one is not other:
                at = np.flatnonzero(one != other)
                changed[at * len(one) // one.size] = True
                least = np.minimum(one.reshape(-1)[at], other.reshape(-1)[at])
                figures &= bool((least >= 0).all())
    return changed, figures


def _arrays(piece: Any) -> Iterator[npt.NDArray[Any]]:
    """The figures of a piece of evidence by bureau."""
    match piece:
        case np.ndarray():
            yield piece
        case Figures():
            yield piece.values
        case list() | dict():
            for each in piece.values() if isinstance(piece, dict) else piece:
                yield from _arrays(each)
        case Counted():
            yield from _arrays(piece.figures)
        case LinedVotes():
            yield piece.values
        case PublishedLines():
            yield from _arrays(piece.counted)
            yield from _arrays(piece.votes)
        case Twice():
            yield from (piece.first.values, piece.other.values)
        case MachineCounts():
            yield from (piece.parts, piece.cast.values, piece.blank.values, piece.registered.values, piece.tallies)
        case Universe():
            yield piece.registered
        case _:
            raise TypeError(type(piece))
