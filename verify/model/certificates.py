"""Certificate of a case: its weighing, for checking by another program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certificate:
    """Explanation of a bureau: costs in decibans, figures by column, None for unknown ones.

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
