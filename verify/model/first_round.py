"""Candidates of the first round with their votes, from evidence given with the second round."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """The first round of one contest.

    Attributes:
        choices: who stood, as the file writes them.
        votes: of each of them; empty unless every bureau of the contest has all of them.
        registered: on the roll of the contest's bureaux, -1 where not all are known.
    """

    choices: tuple[str, ...]
    votes: tuple[int, ...] = ()
    registered: int = -1


@dataclass(frozen=True, slots=True)
class FirstRound:
    """The first round: the file, and by index of this round's contest who stood in it."""

    file: str
    contests: dict[int, Standing]
