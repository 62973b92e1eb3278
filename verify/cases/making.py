"""All cases of an audit, from its evidence and its findings."""

from __future__ import annotations

from verify.cases.by_codes import draft_by_signs, draft_lists_of_choices, draft_wider
from verify.cases.figures import draft_figures
from verify.cases.sums import draft_sums, draft_totals
from verify.cases.transmission import draft_way_up
from verify.cases.wide.columns import draft_columns, draft_constants, draft_large_gaps
from verify.cases.wide.communes import (
    draft_another_count,
    draft_booked_elsewhere,
    draft_communes_exchanged,
    draft_other_round,
)
from verify.cases.wide.displaced import draft_displaced
from verify.cases.wide.operations import CaseDesk
from verify.model.cases import Drafts
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable


def draft_cases(evidence: LinedEvidence, table: FindingTable) -> Drafts:
    """The cases: every error and warning is in one of them, and those infos that something explains."""
    desk = CaseDesk(evidence, table)
    draft_lists_of_choices(desk)
    draft_by_signs(desk, first=True)
    draft_way_up(desk)
    draft_other_round(desk)
    draft_communes_exchanged(desk)
    draft_booked_elsewhere(desk)
    draft_columns(desk)
    draft_constants(desk)
    draft_another_count(desk)
    unsearched = draft_displaced(desk)
    draft_large_gaps(desk)
    draft_figures(desk, unsearched)
    draft_wider(desk)
    draft_sums(desk)
    draft_totals(desk)
    draft_by_signs(desk, first=False)
    return desk.done()


def draft_by_codes(evidence: LinedEvidence, table: FindingTable) -> Drafts:
    """The cases that the codes of findings alone tell, without a look at figures."""
    desk = CaseDesk(evidence, table)
    draft_by_signs(desk, first=False)
    return desk.done()
