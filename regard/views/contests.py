"""Contests as the rules on outcomes say them: their votes or readings, and what these could change."""

from __future__ import annotations

import numpy as np

from protocol.words import Message, Series, Text, msg, nmsg, series
from verify.audit import Audit
from verify.materiality.deduction import ContestVerdict
from verify.model.findings import Finding

_LATER = ("likely_verdict", "followed_verdict")
"""Details of a finding on a contest: its verdicts if likely corrections hold, and with the follow-ups."""


def of_contests(result: Audit) -> list[Finding]:
    """The findings on contests that are in no case, those first by which an outcome can change."""
    keys = result.findings.keys()
    sums = keys.of(*(code for code in keys.codes if code.startswith("V")))
    rows = np.flatnonzero(sums & (result.cases.number == 0)).tolist()
    return sorted((result.findings[row] for row in rows), key=_rank)


def _rank(found: Finding) -> tuple[bool, bool, str]:
    """Those by which an outcome can change first, and of these what all readings come to.

    Where votes can change it and no case gives another reading, the sum that says by which votes.
    """
    material = is_material(found)
    return not material, found.code != "V503" or (material and not _count(found)), found.code


def is_material(found: Finding) -> bool:
    """Tell that an outcome can change, with the certain corrections or with what is added to them."""
    return ContestVerdict.MATERIAL.value in verdicts_of(found)


def verdicts_of(found: Finding) -> set[str]:
    """The verdict with the certain corrections, where there are any, and those that differ from it."""
    stated = found.details.get("corrected_verdict", found.details["verdict"])
    return {str(each) for each in (stated, *map(found.details.get, _LATER)) if each}


def outcome_said(found: Finding) -> Message:
    """One contest: what its votes or readings come to, and these; what corrections come to where that differs."""
    counts, conclusion = [] if found.code == "V503" else [counts_of(found)], found.details["conclusion"]
    if found.code == "V502":
        conclusion = msg(
            "And if a judge annulled the bureaux with a gap that the PV does not mention? {conclusion}",
            conclusion=conclusion,
        )
    said = series([conclusion, *counts], " ")
    notes = notes_of(found) if len(verdicts_of(found)) > 1 else ()  # each begins with a space
    followed = found.details.get("followed_verdict")
    if followed and followed != found.details["verdict"]:  # what people say of the figures decides: it comes first
        notes = (*notes[-1:], *notes[:-1])
    return msg("{contest}: {said}", contest=found.details["contest"], said=series([said, *notes], ""))


def counts_of(found: Finding) -> Message:
    """The votes, or the readings, that a finding on a contest is about."""
    if found.code == "V503":
        return readings_counted(found)
    if found.code != "V501":
        return votes_unmentioned(found)
    return nmsg(
        "{count:n} vote beyond signatures or voters, for {left:n} valid votes.",
        "{count:n} votes beyond signatures or voters, for {left:n} valid votes.",
        _count(found),
        left=found.left.value,
    )


def readings_counted(found: Finding) -> Message:
    """Number of cases that give other readings of figures."""
    if not _count(found):
        return msg("No open or likely case gives another reading of a figure that counts here.")
    return nmsg(
        "{count:n} open or likely case gives other readings of figures that count here.",
        "{count:n} open or likely cases give other readings of figures that count here.",
        _count(found),
    )


def votes_unmentioned(found: Finding) -> Message:
    """Number of votes in bureaux with an unmentioned gap."""
    return nmsg(
        "{count:n} of {left:n} valid votes is in a bureau where the pieces show a gap that the PV does not mention.",
        "{count:n} of {left:n} valid votes are in bureaux where the pieces show a gap that the PV does not mention.",
        _count(found),
        left=found.left.value,
    )


def notes_of(found: Finding) -> tuple[object, ...]:
    """What is added to the conclusion on a contest."""
    return sentences_of(found.details.get("note") or ())


def sentences_of(said: object) -> tuple[object, ...]:
    """The sentences of a detail of a finding, one by one."""
    return said.items if isinstance(said, Series) else (said,) if said else ()


def _count(found: Finding) -> int:
    return found.right.value if isinstance(found.right.value, int) else 0


def outcomes_in_short(result: Audit) -> list[Text]:
    """A sentence a contest: that by which its outcome can change, else what all readings come to.

    Where the rules on contests were applied and no case asks for anything, that no figure is in question.
    """
    first: dict[str, Finding] = {}
    for found in of_contests(result):
        first.setdefault(str(found.details["contest"]), found)
    judged = any(code.startswith("V") for _, code in result.findings.by_code())
    if "V501" not in result.coverage.checked or judged or result.cases.asks.any():
        return [outcome_said(each) for each in first.values()]
    none = msg(
        "No reading would change an outcome: no case allows another reading of a figure, and no bureau has votes "
        "beyond signatures or voters. That is said of the bureaux of which both counts are known."
    )
    return [none]
