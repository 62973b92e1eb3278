"""What could change, once more with what the follow-ups explain or contest: said beside what the evidence says."""

from __future__ import annotations

from dataclasses import replace

from protocol.words import Message, Text, msg, series
from verify.cases.again.contests_again import NO_VERDICT, contests_found, contests_of, noted
from verify.columns.supplement import NOTHING_ADDED, supplement_of
from verify.model.cases import Drafts
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable
from verify.model.findings import Finding, shown

_WITH = msg("With the follow-ups")
_WITH_BOTH = msg("With these corrections and the follow-ups")
_SAME = msg(" {with_them}: {excess}, and the same verdict.")
_OTHER = msg(" {with_them}: {excess}. {verdict}")
_NOTHING = msg(" {with_them} there are none.")
ONLY_FOLLOWED = msg(" This is so with the follow-ups, and not as the evidence stands.")


def weigh(
    evidence: LinedEvidence, table: FindingTable, drafts: Drafts, *, corrected: bool
) -> tuple[FindingTable, Drafts]:
    """The findings and cases, those of contests with what they would be with the follow-ups.

    Args:
        evidence: with the corrections made, where there are any.
        table: the findings.
        drafts: the cases.
        corrected: whether there are any.
    """
    weighed = replace(evidence, weighed=evidence.follow_ups)
    if not evidence.follow_ups or supplement_of(weighed) is NOTHING_ADDED:
        return table, drafts
    known, then = contests_of(table), contests_found(weighed)
    with_them = _WITH_BOTH if corrected else _WITH
    others = {row: _with_follow_ups(table[row], then.get(contest), with_them) for contest, row in known.items()}
    more = [_weighed(found, found, ONLY_FOLLOWED) for contest, found in then.items() if contest not in known]
    amended, position = table.with_others(others, more)
    return amended, drafts.moved(position, {})


def _with_follow_ups(found: Finding, then: Finding | None, with_them: Message) -> Finding:
    """A contest's finding with what it would be."""
    if then is None:
        return _weighed(found, None, replace(_NOTHING, values={"with_them": with_them}))
    values: dict[str, object] = {
        "with_them": with_them,
        "excess": shown(then.right.value),
        "verdict": then.details["conclusion"],
    }
    same = str(found.details["conclusion"]) == str(then.details["conclusion"])
    return _weighed(found, then, replace(_SAME if same else _OTHER, values=values))


def _weighed(found: Finding, then: Finding | None, note: Text) -> Finding:
    before = found.details.get("note") or ""
    said = series([before, note], "") if before else note
    value = None if then is None else then.right.value
    return noted(
        found,
        said,
        followed_excess=value if isinstance(value, int) else 0,
        followed_verdict=NO_VERDICT if then is None else str(then.details["verdict"]),
    )
