"""Until when, to whom and how to complain, and what may be seen: for a report of which the vote is known."""

from __future__ import annotations

import datetime
from dataclasses import replace

from regard.letters.asking import SaidVote
from regard.letters.handout import HandoutSection, SectionMaker
from regard.letters.law import ELECTIONS, ONE_ROUND, Vote
from regard.letters.steps import PARTS, sections
from regard.views.saying import Speaker
from verify.model.evidence import LinedEvidence


def next_said(evidence: LinedEvidence, speaker: Speaker) -> tuple[HandoutSection, ...]:
    """Complaints, the prefect's delay and documents; none where kind or day of the vote are not known."""
    said = SaidVote.of(evidence)
    if said.date is None:
        return ()
    several = len(said.kinds) > 1
    found: list[HandoutSection] = []
    for kind in (each for each in ELECTIONS if each in said.kinds):
        vote = Vote(kind, said.date, 0 if kind in ONE_ROUND else said.round, now=datetime.datetime.now())
        for section in sections(vote, SectionMaker(speaker.language))[: len(PARTS)]:
            title = f"{section.title} ({speaker.text(ELECTIONS[kind])})" if several else section.title
            found.append(replace(section, title=title))
    return tuple(found)
