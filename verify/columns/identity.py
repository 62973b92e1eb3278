"""Identity of the election, as findings show it."""

from __future__ import annotations

from collections.abc import Iterable

from protocol.night import ELECTION, EXPORTS, URNS
from protocol.words import Message, msg, series
from verify.model.evidence import LinedEvidence
from verify.model.machine_evidence import Identity, expected_identity


def stated_identity(evidence: LinedEvidence) -> tuple[str, Identity] | None:
    """Find the source that states election, date and round, and these; None without one."""
    exports, urns = evidence.exports, evidence.urns
    expected = None if exports is None else expected_identity(exports.columns, exports.whole, evidence.election)
    if expected is None and urns is not None:
        expected = urns.expected
    if expected is None:
        return None
    source = EXPORTS if exports is not None and exports.whole.any() else URNS
    return (ELECTION if evidence.election is not None else source), expected


def identity(election: Identity, polls: Iterable[int]) -> Message:
    """An election as findings show it, with some of its polls."""
    name, date, round_ = election
    return msg(
        "{election} of {date}, round {round}, poll {polls}",
        election=name.decode("ascii", "replace"),
        date=msg("{year:04}-{month:02}-{day:02}", year=date // 10_000, month=date // 100 % 100, day=date % 100),
        round=round_,
        polls=series(numbers, ",") if (numbers := list(polls)) else "-",
    )
