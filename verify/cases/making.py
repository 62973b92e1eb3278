"""All cases of an audit, from its evidence and its findings."""

from __future__ import annotations

from verify.cases.another_count import draft_another_count
from verify.cases.booked_elsewhere import draft_booked_elsewhere
from verify.cases.communes_exchanged import draft_communes_exchanged
from verify.cases.constants import draft_constants
from verify.cases.displaced import draft_displaced
from verify.cases.drafting import Drafting
from verify.cases.everywhere import Everywhere
from verify.cases.figures import draft_figures
from verify.cases.lists_of_choices import draft_lists_of_choices
from verify.cases.other_round_rows import draft_other_round
from verify.cases.signs import draft_by_signs
from verify.cases.subjects import place_of_findings
from verify.cases.way_up import draft_way_up
from verify.cases.whole_columns import draft_columns
from verify.cases.wider import draft_wider
from verify.model.cases import Drafts
from verify.model.evidence import LinedEvidence
from verify.model.finding_table import FindingTable


def draft_cases(evidence: LinedEvidence, table: FindingTable) -> Drafts:
    """The cases: every error and warning is in one of them, and those infos that something explains."""
    drafting = Drafting(table, evidence.inputs)
    places = place_of_findings(evidence, drafting.keys)
    everywhere = Everywhere.of(evidence, places)
    draft_lists_of_choices(evidence, drafting, places)
    draft_by_signs(drafting, everywhere, first=True)
    draft_way_up(evidence, drafting, places)
    draft_constants(evidence, drafting, places)
    draft_other_round(evidence, drafting, places)
    draft_communes_exchanged(evidence, drafting, places)
    draft_booked_elsewhere(evidence, drafting, places)
    put_right = draft_columns(evidence, drafting, places)
    draft_another_count(evidence, drafting, places)
    put_right, unsearched = draft_displaced(evidence, drafting, places, put_right)
    draft_figures(evidence, drafting, places, put_right, unsearched)
    draft_wider(evidence, drafting)
    draft_by_signs(drafting, everywhere, first=False)
    return drafting.done()


def draft_by_codes(evidence: LinedEvidence, table: FindingTable) -> Drafts:
    """The cases that the codes of findings alone tell, without a look at figures."""
    drafting = Drafting(table, evidence.inputs)
    everywhere = Everywhere.of(evidence, place_of_findings(evidence, drafting.keys))
    draft_by_signs(drafting, everywhere, first=False)
    return drafting.done()
