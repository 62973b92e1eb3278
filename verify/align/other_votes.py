"""The other round's votes by choice, lined up with this round's bureaux."""

from __future__ import annotations

import numpy as np

from verify.model.figures import Ints, absent
from verify.model.other_votes import OtherVotes
from verify.model.published import Published

MOST_CHOICES = 100
"""Choices of one contest; more are those of several."""


def other_votes(published: Published, unit: Ints, poll: int, units: int) -> OtherVotes | None:
    """The votes of published results of bureaux; None where they are of several contests.

    Args:
        published: the results.
        unit: index of the bureau of each of its rows, -1 for none, shape ``(n,)``.
        poll: index of the poll that they are about.
        units: how many bureaux there are.
    """
    if len(published.labels) > MOST_CHOICES:
        return None
    rows = np.flatnonzero(unit >= 0)
    first = rows[np.sort(np.unique(unit[rows], return_index=True)[1])]
    of = np.full(len(unit), -1, np.int64)
    of[first] = unit[first]
    values = absent((units, len(published.labels)))
    place = of[published.vote_unit]
    kept = place >= 0
    values[place[kept], published.vote_label[kept]] = published.votes[kept]
    return OtherVotes(poll, published.labels, values)
