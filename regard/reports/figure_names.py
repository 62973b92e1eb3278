"""What the two figures of a finding are called: mostly one count in two places, in some rules two counts."""

from __future__ import annotations

from protocol.words import Text, msg, series
from verify.model.field_names import field_label
from verify.model.findings import Finding

_GAP: tuple[Text, Text] = msg("signatures"), msg("votes found")
_TWO_COUNTS: dict[str, tuple[Text, Text]] = {
    **dict.fromkeys(("R201", "R202", "R204", "P401"), _GAP),
    "M101": (msg("votes by choice and blank votes"), msg("votes cast")),
    "M102": (msg("votes cast"), msg("public counter")),
    "M109": (msg("enablings less cancellations"), msg("votes cast")),
}


def figure_names(finding: Finding) -> tuple[Text, Text]:
    """What each of the two figures is of."""
    label = field_label(finding.field)
    return _TWO_COUNTS.get(finding.code, (label, label))


def compared(finding: Finding) -> Text:
    """What is compared, in a few words."""
    first, second = figure_names(finding)
    return first if first == second else series((first, second), " / ")
