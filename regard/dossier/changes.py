"""Changes that gaps could make, as V501, V502 and V503 say it: by contest, and for the bureaux of one case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from protocol.words import Text, msg, nmsg, series
from regard.dossier.legal import with_articles
from regard.dossier.model import ChangeSaid
from regard.letters.steps import citations
from regard.reports.changes_screen import readings_counted, votes_unmentioned
from regard.views.saying import SHORT, Speaker, cut
from verify.columns.contests_at_hand import contests_at_hand
from verify.columns.counts import gap
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding
from verify.model.holds import Named
from verify.rulebook.catalogue import rule


def changes_said(findings: FindingTable, speaker: Speaker) -> tuple[ChangeSaid, ...]:
    """Sentences of V501, V502 and V503, contest by contest."""
    at = np.flatnonzero(findings.keys().of(*_VOTES))
    return tuple(_said(findings[row], speaker) for row in at.tolist())


def outcomes_in_short(findings: FindingTable) -> list[Text]:
    """Conclusions in short: the readings that would change an outcome, else what deducting votes would change."""
    rows = np.flatnonzero(findings.keys().of("V501", "V503")).tolist()
    said: dict[str, Text] = {}
    for found in sorted((findings[row] for row in rows), key=lambda each: each.code):
        contest, conclusion = found.details["contest"], found.details["conclusion"]
        said[str(contest)] = msg("{contest}: {conclusion}", contest=contest, conclusion=conclusion)
    return list(said.values())


def _said(found: Finding, speaker: Speaker) -> ChangeSaid:
    the_rule, details = rule(found.code), found.details
    votes = _VOTES[found.code](found)
    steps = series((details["steps"], details.get("note", "")), "")
    return ChangeSaid(
        code=found.code,
        title=speaker.text(the_rule.title),
        contest=cut(speaker.sentence(details["contest"]), SHORT),
        verdict=str(details["verdict"]),
        conclusion=speaker.text(details["conclusion"]),
        votes=speaker.text(votes),
        steps=" ".join(map(speaker.text, (steps, *citations([found])))),
        what_to_do=speaker.text(the_rule.action),
        basis="" if the_rule.basis is None else with_articles(speaker.text(the_rule.basis)),
    )


def _excess(found: Finding) -> Text:
    """How many votes beyond signatures there are, and how many with the corrections and the follow-ups."""
    excess, votes, details = found.right.value, found.left.value, found.details
    corrected = details.get("corrected_excess", excess)
    said: Text = msg(
        "Votes beyond the signatures: {right:n}, for {left:n} votes for choices.", right=excess, left=votes
    )
    if isinstance(excess, int) and isinstance(corrected, int) and corrected < excess:
        said = nmsg(
            "Votes beyond the signatures: {right:n}, of which {count:n} is due to a figure copied wrong, for {left:n} "
            "votes for choices.",
            "Votes beyond the signatures: {right:n}, of which {count:n} are due to a figure copied wrong, for {left:n} "
            "votes for choices.",
            excess - corrected,
            right=excess,
            left=votes,
        )
    elif isinstance(corrected, int) and corrected != excess:
        said = msg(
            "Votes beyond the signatures: {right:n}, and {corrected:n} with the certain corrections, for {left:n} "
            "votes for choices.",
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


class Changes:
    """What deducting votes beyond signatures could change, for bureaux and polls."""

    def __init__(self, evidence: LinedEvidence, findings: FindingTable, speaker: Speaker) -> None:
        self._evidence, self._speaker, self._gap = evidence, speaker, evidence.once(gap)
        rows = np.flatnonzero(findings.keys().of("V501") & findings.of_first()).tolist()
        self._verdicts = {
            (found.poll, speaker.text(found.details["contest"])): found for found in map(findings.__getitem__, rows)
        }
        judged = evidence.once(contests_at_hand) if self._verdicts else []
        self._contests = [(each, self._verdicts.get((each.poll, speaker.text(each.label)))) for each in judged]

    def of(self, places: Sequence[Named]) -> str:
        """What votes beyond signatures there are in these places, and what all of the contest's could change.

        Empty where there are none, or where they are of several contests.
        """
        evidence, found, excess = self._evidence, set(), 0
        if self._gap is None or not places:
            return ""
        for place in places:
            [unit] = evidence.universe.find(np.array([place.insee]), np.array([place.bureau])).tolist()
            if unit < 0 or place.poll not in evidence.polls:
                continue
            here = int(self._gap.values[unit, evidence.polls.index(place.poll)])
            if here > 0:
                excess += here
                found.add(self._of(unit, place))
        verdict = found.pop() if len(found) == 1 else None
        if verdict is None:
            return ""
        said = self._contests[verdict][1]
        if said is None:
            return ""
        return self._speaker.text(
            nmsg(
                "Of the {all:n} votes beyond signatures in its contest, {count:n} is here. {conclusion}",
                "Of the {all:n} votes beyond signatures in its contest, {count:n} are here. {conclusion}",
                excess,
                all=said.right.value,
                conclusion=said.details["conclusion"],
            )
        )

    def _of(self, unit: int, place: Named) -> int | None:
        """The index of the contest of a bureau and poll."""
        area = str(self._evidence.universe.constituency_of(place.poll)[unit])
        for index, (each, _) in enumerate(self._contests):
            if each.poll == place.poll and each.insee in ("", place.insee) and each.constituency in ("", area):
                return index
        return None
