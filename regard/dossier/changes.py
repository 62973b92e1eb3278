"""Changes that gaps could make, as V501, V502 and V503 say it: by contest, and for the bureaux of one case."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from protocol.words import Text, msg, nmsg, series
from regard.dossier.model import ChangeSaid
from regard.letters.steps import citations
from regard.reports.case_screen import of_contests, outcome_said, readings_counted, votes_unmentioned
from regard.views.legal import with_articles
from regard.views.saying import SHORT, Speaker, cut
from verify.audit import Audit
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding
from verify.rulebook.catalogue import rule


def changes_said(findings: FindingTable, speaker: Speaker) -> tuple[ChangeSaid, ...]:
    """Sentences of V501, V502 and V503, contest by contest."""
    at = np.flatnonzero(findings.keys().of(*_VOTES))
    return tuple(_said(findings[row], speaker) for row in at.tolist())


def outcomes_in_short(result: Audit) -> list[Text]:
    """A sentence a contest: that by which its outcome can change, else what all readings come to."""
    first: dict[str, Finding] = {}
    for found in of_contests(result):
        first.setdefault(str(found.details["contest"]), found)
    return [outcome_said(each) for each in first.values()]


def _said(found: Finding, speaker: Speaker) -> ChangeSaid:
    the_rule, details = rule(found.code), found.details
    votes = _VOTES[found.code](found)
    steps = series((details["steps"], details.get("note", "")), "")
    return ChangeSaid(
        code=found.code,
        title=speaker.text(the_rule.title),
        contest=cut(speaker.sentence(details["contest"]), SHORT),
        conclusion=speaker.text(details["conclusion"]),
        votes=speaker.text(votes),
        steps=" ".join(map(speaker.text, (steps, *citations([found])))),
        what_to_do=speaker.text(the_rule.action),
        basis="" if the_rule.basis is None else with_articles(speaker.text(the_rule.basis)),
    )


def _excess(found: Finding) -> Text:
    """Votes beyond signatures, before and after the corrections and the follow-ups."""
    excess, votes, details = found.right.value, found.left.value, found.details
    corrected = details.get("corrected_excess", excess)
    said: Text = msg(
        "Votes beyond signatures or voters: {right:n}, for {left:n} votes for choices.", right=excess, left=votes
    )
    if isinstance(excess, int) and isinstance(corrected, int) and corrected < excess:
        said = nmsg(
            "Votes beyond signatures or voters: {right:n}, of which {count:n} is due to a figure copied wrong, for "
            "{left:n} votes for choices.",
            "Votes beyond signatures or voters: {right:n}, of which {count:n} are due to a figure copied wrong, for "
            "{left:n} votes for choices.",
            excess - corrected,
            right=excess,
            left=votes,
        )
    elif isinstance(corrected, int) and corrected != excess:
        said = msg(
            "Votes beyond signatures or voters: {right:n}, and {corrected:n} with the certain corrections, for "
            "{left:n} votes for choices.",
            right=excess,
            corrected=corrected,
            left=votes,
        )
    likely = details.get("likely_excess", corrected)
    if isinstance(likely, int) and likely != corrected:
        said = series((said, msg("If the likely corrections hold too: {count:n}.", count=likely)), " ")
    followed = details.get("followed_excess", likely)
    if isinstance(followed, int) and followed != likely:
        said = series((said, msg("With what the follow-ups explain: {count:n}.", count=followed)), " ")
    return said


_VOTES: dict[str, Callable[[Finding], Text]] = {
    "V501": _excess,
    "V502": votes_unmentioned,
    "V503": readings_counted,
}
"""Sentence on the votes or figures of each rule."""
