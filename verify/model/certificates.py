"""What a case was weighed by, so that another program can check it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certificate:
    """How a bureau was explained: costs in decibans, figures by column, None where nothing says them.

    Attributes:
        cost: of the operations, the gap and the ``doubt`` together. ``bound``: up to which all explanations are known.
        complete: whether they are. ``truth``: registered, signatures, votes found, blank, null, valid, votes by choice.
        operations: cause, piece and cost of each. ``rivals``: the costs of other truths up to the bound.
    """

    cost: int
    bound: int
    complete: bool
    gap: int
    doubt: int
    truth: tuple[int | None, ...]
    operations: tuple[tuple[str, str, int], ...]
    rivals: tuple[int, ...]
