"""The figures of whole contests, where the evidence has them: the nation's row of a published file."""

from __future__ import annotations

from verify.materiality.kinds import kind_of
from verify.materiality.outcome import Totals
from verify.model.choices import match
from verify.model.evidence import LinedEvidence
from verify.model.published import Level, Published


def contest_totals(evidence: LinedEvidence) -> dict[tuple[int, str], tuple[str, Totals]]:
    """Totals and their file by number of the poll and constituency, for polls in which the country is one contest.

    A row counts where it has the valid votes and a number for each choice of the contest, and for no other.
    """
    if evidence.election is None:
        return {}
    national = {poll.number for poll in evidence.election.polls if (kind := kind_of(poll.type)) and kind.national}
    found: dict[tuple[int, str], tuple[str, Totals]] = {}
    for contest in evidence.contests.contests:
        if contest.poll not in national or contest.constituency:
            continue
        for table in evidence.tables:
            totals = _of_the_nation(table, contest.choices)
            if totals is not None:
                found.setdefault((contest.poll, ""), (table.file, totals))
    return found


def _of_the_nation(table: Published, choices: tuple[str, ...]) -> Totals | None:
    if table.level is not Level.NATION or len(table.row) != 1:
        return None
    votes = [-1] * len(choices)
    labels = [table.labels[label] for label in table.vote_label.tolist()]
    for place, count in zip(match(labels, choices), table.votes.tolist(), strict=True):
        if place is None:
            return None
        votes[place] = count
    registered, valid = int(table.counts["registered"][0]), int(table.counts["valid"][0])
    if valid < 0 or min(votes, default=-1) < 0:
        return None
    return Totals(registered if registered >= 0 else None, valid, tuple(votes))
