"""Ballot papers and a box: what one votes on in a paper bureau, or where the machine has failed."""

from __future__ import annotations


class BallotBox:
    """The same acts as at a machine; ``counts`` are the ballots in the box, blank ones first."""

    def __init__(self, choices: int) -> None:
        self.counts = [0] * (choices + 1)
        self._choice = 0

    def enable(self) -> None:
        """The voter takes papers and an envelope."""

    def select(self, poll_choice: int) -> None:
        """The voter folds the paper of a choice."""
        self._choice = poll_choice

    def blank(self) -> None:
        """The voter leaves the envelope empty or the paper white."""
        self._choice = 0

    def validate(self) -> None:
        """The envelope goes into the box."""
        self.counts[self._choice] += 1

    def cancel(self) -> None:
        """The voter goes away with the envelope."""
