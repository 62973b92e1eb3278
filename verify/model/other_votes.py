"""Votes by choice of the election's other round, bureau by bureau."""

from __future__ import annotations

from dataclasses import dataclass

from verify.model.figures import Ints


@dataclass(frozen=True, slots=True)
class OtherVotes:
    """The other round's votes.

    Attributes:
        poll: index of the poll that they are of.
        labels: its choices.
        values: votes, shape ``(units, len(labels))``; MISSING where a bureau has none.
    """

    poll: int
    labels: tuple[str, ...]
    values: Ints
