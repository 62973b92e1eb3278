"""Published sums of figures that cases correct: those that are the sum of the wrong figures go along."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from verify.model.choices import match
from verify.model.figures import Ints, Texts
from verify.model.published import Level, Published


def with_their_sums(before: Published, after: Published, rows: Ints, sums: Published) -> tuple[Published, Ints]:
    """A table of communes, départements or the nation that goes along with the corrections of one by bureaux.

    Args:
        before: the table by bureaux as it stands.
        after: the same with the corrections.
        rows: those of it that are corrected.
        sums: the table of sums; it is given back where it is of another level, or of another contest.

    Returns:
        The table, and its rows that changed.
    """
    nothing = np.zeros(0, np.int64)
    places = _places(before, sums)
    labels = match(list(sums.labels), list(before.labels))
    if places is None or 2 * sum(each is not None for each in labels) < len(labels):
        return sums, nothing
    ours, theirs = places
    known, row_of = np.unique(theirs, return_index=True)
    wanted = np.unique(ours[rows])
    wanted = wanted[np.isin(wanted, known)]
    inside = np.flatnonzero(np.isin(ours, wanted))
    group = np.searchsorted(wanted, ours[inside])
    target = row_of[np.searchsorted(known, wanted)]
    if not len(wanted):
        return sums, nothing
    counts = dict(sums.counts)
    for name, values in sums.counts.items():
        due, becomes = (_added(table.counts[name][inside], group, len(wanted)) for table in (before, after))
        follows = (due >= 0) & (values[target] == due) & (becomes >= 0) & (becomes != due)
        if follows.any():
            counts[name] = values.copy()
            counts[name][target[follows]] = becomes[follows]
    votes = _votes(before, after, sums, inside, group, target, labels)
    made = replace(sums, counts=counts, votes=votes)
    return made, target


def _places(table: Published, sums: Published) -> tuple[Texts, Texts] | None:
    """The place that each row of a table by bureaux is added up in, and that of each sum."""
    if sums.level is Level.COMMUNE:
        return table.insee, sums.insee
    if sums.level is Level.DEPARTMENT:
        return table.department, sums.department
    if sums.level is Level.NATION and len(sums.row) == 1:
        return np.zeros(len(table.row), "U1"), np.zeros(1, "U1")
    return None


def _added(values: Ints, group: Ints, size: int) -> Ints:
    """Sums by group, -1 where a figure is absent; exact, as counts are below 2**28."""
    sums = np.bincount(group, values, size).astype(np.int64)
    sums[group[values < 0]] = -1
    return sums


def _votes(
    before: Published,
    after: Published,
    sums: Published,
    inside: Ints,
    group: Ints,
    target: Ints,
    labels: list[int | None],
) -> Ints:
    """The votes by choice of the sums, likewise."""
    group_of = np.full(len(before.row), -1, np.int64)
    group_of[inside] = group
    entries = np.flatnonzero(group_of[before.vote_unit] >= 0)
    width = max(len(before.labels), 1)
    keys = group_of[before.vote_unit[entries]] * width + before.vote_label[entries]
    known, inverse = np.unique(keys, return_inverse=True)
    due, becomes = (_added(table.votes[entries], inverse, len(known)) for table in (before, after))
    group_of_row = np.full(len(sums.row), -1, np.int64)
    group_of_row[target] = np.arange(len(target))
    own = np.array([-1 if each is None else each for each in labels] or [-1], np.int64)
    theirs = np.flatnonzero((group_of_row[sums.vote_unit] >= 0) & (own[sums.vote_label] >= 0))
    wanted = group_of_row[sums.vote_unit[theirs]] * width + own[sums.vote_label[theirs]]
    at = np.searchsorted(known, wanted).clip(0, max(len(known) - 1, 0))
    found = known[at] == wanted if len(known) else np.zeros(len(wanted), np.bool_)
    theirs, at = theirs[found], at[found]
    follows = (due[at] >= 0) & (sums.votes[theirs] == due[at]) & (becomes[at] >= 0) & (becomes[at] != due[at])
    if not follows.any():
        return sums.votes
    votes = sums.votes.copy()
    votes[theirs[follows]] = becomes[at[follows]]
    return votes
