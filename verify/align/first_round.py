"""Who stood in the first round, by the results of it that an auditor gives beside the second round's evidence."""

from __future__ import annotations

import numpy as np

from protocol import night
from verify.model.contests import Contests
from verify.model.figures import Ints
from verify.model.first_round import FirstRound, Standing
from verify.model.published import Published
from verify.read.sheet import Sheet


def of_published(published: Published, unit: Ints, poll: int, contests: Contests) -> FirstRound:
    """The first round by published results of bureaux.

    Args:
        published: the results.
        unit: index of the bureau of each of its rows, -1 for none, shape ``(n,)``.
        poll: index of the poll that it is about.
        contests: this round's.
    """
    row_of = np.full(len(contests.of) + 1, -1, np.int64)  # the last one takes the rows of no bureau
    rows = np.arange(len(unit) - 1, -1, -1)
    row_of[unit[rows]] = rows  # of a bureau that is there twice the first row
    row_of[-1] = -1
    used = np.zeros(len(unit) + 1, np.bool_)
    used[row_of] = True
    used[-1] = False
    entries = np.flatnonzero(used[published.vote_unit])
    contest_of = contests.of[unit[published.vote_unit[entries]], poll]
    found = {}
    for index in np.unique(contest_of[contest_of >= 0]).tolist():
        some = entries[contest_of == index]
        labels, place = np.unique(published.vote_label[some], return_inverse=True)
        bureaux = row_of[:-1][contests.of[:, poll] == index]
        known = bool((bureaux >= 0).all()) and bool((published.votes[some] >= 0).all())
        whole = known and bool((np.bincount(place) == len(bureaux)).all())
        votes = np.zeros(len(labels), np.int64)
        np.add.at(votes, place, published.votes[some])
        rolls = published.counts["registered"][bureaux]
        registered = int(rolls.sum()) if whole and bool((rolls >= 0).all()) else -1
        names = tuple(published.labels[label] for label in labels.tolist())
        found[index] = Standing(names, tuple(votes.tolist()) if whole else (), registered)
    return FirstRound(published.file, found)


def of_list(sheet: Sheet, contests: Contests) -> FirstRound:
    """The first round by the préfecture's list of it: who stood, without votes."""
    listed: dict[tuple[str, str], list[str]] = {}
    texts = (sheet.texts[name].tolist() for name in ("scrutin", "circonscription", "choix", "type"))
    for poll, area, choice, kind in zip(*texts, strict=True):
        if not night.is_gone(kind):
            listed.setdefault((poll, area), []).append(choice)
    keys = ((index, (str(contest.poll), contest.constituency)) for index, contest in enumerate(contests.contests))
    return FirstRound(sheet.file, {index: Standing(tuple(listed[key])) for index, key in keys if key in listed})
