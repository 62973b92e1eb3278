"""Ballot papers and a box: what one votes on in a paper bureau, or where the machine has failed."""

from __future__ import annotations


class BallotBox:
    """The same acts as at a machine, and one box for each poll of the day.

    ``counts`` are the ballots in each box, blank ones first. Several voters may use it at once, each in a booth of his
    own: whoever comes out of one puts an envelope into each box before the next does.

    Args:
        choices: of each poll.
    """

    def __init__(self, *choices: int) -> None:
        self.counts = [[0] * (each + 1) for each in choices]
        self._choice = 0
        self._at = 0

    def enable(self) -> None:
        """The voter takes papers and envelopes."""

    def select(self, poll_choice: int) -> None:
        """The voter folds the paper of a choice."""
        self._choice = poll_choice

    def blank(self) -> None:
        """The voter leaves the envelope empty or the paper white."""
        self._choice = 0

    def validate(self) -> None:
        """The envelope goes into the poll's box."""
        self.counts[self._at][self._choice] += 1
        self._at = (self._at + 1) % len(self.counts)

    def cancel(self) -> None:
        """The voter goes away with the envelope; those of polls before it stay in their boxes."""
        self._at = 0
