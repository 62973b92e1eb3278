"""Figures that a finding is about: the pieces of evidence and the columns of the grid that it compares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from protocol.words import Message, msg
from verify.explanations.side_by_side import (
    BLANK,
    COLUMNS,
    FOUND,
    NULL,
    PUBLISHED,
    REGISTERED,
    SIGNATURES,
    VALID,
    VOTES,
    SideBySide,
)
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.finding_table import FindingKeys
from verify.model.findings import Finding

_ALL = frozenset(range(VOTES))

GAPS = frozenset(("R201", "R202", "R204", "P401", "M112"))
"""Findings on the difference of votes and signatures."""
FIGURES = GAPS | {
    *("R203", "R205", "R206", "R207", "R208", "R209", "R210", "R211", "R212", "R213", "R214", "R215", "R216", "R218"),
    *("R222", "R223", "R224", "R226", "C112", "M101", "M103", "M108", "T301", "T302", "T306", "T308", "T309", "T313"),
}
"""Findings of which the search looks for an explanation."""
OWN = FIGURES - GAPS - {"R213"}
"""Those by which a bureau contradicts itself."""
ALONG = frozenset(
    ("T307", "P402", "P404", "P405", "P406", "P407", "P412", "P415", "C120", "C121", "M107", "R220", "A113")
)
"""Findings that go with corrections of the figures that they are about, and are nothing to search for by themselves."""


_LEFT_BLANK = ("C120", "C121")
"""Findings on a figure that is not there, which another piece may have."""
_COLUMNS_OF: dict[str, frozenset[int]] = {
    "R203": frozenset((SIGNATURES, REGISTERED)),
    "R209": frozenset((NULL, BLANK, FOUND)),
    "R215": frozenset((NULL, BLANK)),
    "M108": frozenset((REGISTERED, FOUND)),
    "C112": frozenset((FOUND,)),
    "C120": _ALL,
    "C121": _ALL,
    "M107": _ALL - {REGISTERED},
}
_BY_NAME = {str(name): column for column, name in enumerate(COLUMNS)} | {"cast": FOUND}
_WHOLE_ROW = frozenset(("R218", "R224", "T308", "P405", "P406"))
SUM_OF_VOTES = msg("sum of the votes")
"""Name of a finding's sum that the votes for each choice make."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The kinds of evidence, none for any, and the columns that a finding is about; ``file`` of a published one."""

    kinds: frozenset[str]
    columns: frozenset[int]
    file: str

    def includes(self, kind: str, file: str, column: int) -> bool:
        """Check that a figure is among them."""
        return (
            (kind in self.kinds or not self.kinds)
            and column in self.columns
            and (kind != PUBLISHED or self.file in ("", file))
        )


def subject_of(finding: Finding, grid: SideBySide, at: int) -> Subject:
    """Find the subject of a finding of one of the bureaux laid out."""
    sides = () if finding.code in _LEFT_BLANK else (finding.left, finding.right)
    kinds = frozenset(str(side.piece) for side in sides if side.piece)
    file, source = "", finding.left.source
    if PUBLISHED in kinds and finding.code not in ("T309", "R213", "R211", "R203"):
        file = next((p.file for p in grid.pieces if p.kind == PUBLISHED and source.startswith(p.file)), "")
    return Subject(kinds, _columns(finding, grid, at), file)


def _columns(finding: Finding, grid: SideBySide, at: int) -> frozenset[int]:
    code, field = finding.code, finding.field
    votes = frozenset(range(VOTES, VOTES + int(grid.sizes[at])))
    if code in _COLUMNS_OF:
        return _COLUMNS_OF[code]
    if code in _WHOLE_ROW or (code == "T301" and finding.case == "exchanged") or code in ("T307", "M103", "M101"):
        return _ALL | votes
    if code in ("R210", "T306"):
        of_votes = is_sum_of_votes(finding.details.get("sum"))
        return frozenset((VALID,)) | votes if of_votes else frozenset((FOUND, BLANK, NULL, VALID))
    if code in ("R212", "R222"):
        return votes
    if isinstance(field, str) and field in _BY_NAME:
        return frozenset((_BY_NAME[field],))
    if code == "A113":
        return frozenset()
    for column in votes:
        if grid.field(at, column) == field:
            return frozenset((column,))
    return votes


def is_sum_of_votes(text: object) -> bool:
    """Check that what a finding adds up is the votes by choice."""
    return isinstance(text, Message) and text.text == SUM_OF_VOTES.text


_CODE_DIGITS = 4
"""Digits of a bureau's code on the official list; files often leave out the zeros before it."""


@dataclass(frozen=True, slots=True)
class FoundAt:
    """The bureau and poll of each finding as indices, ``unit`` -1 for none on the list; shape ``(n,)`` each."""

    unit: Ints
    poll: Ints


def place_of_findings(evidence: LinedEvidence, keys: FindingKeys) -> FoundAt:
    """The bureau and poll of each finding.

    What is said of no poll goes with the poll that something else is said of in its bureau.
    """
    unit = _units(evidence, keys)[keys.place]
    numbers = np.array(evidence.polls, np.int64)
    poll = np.searchsorted(numbers, keys.poll).clip(0, len(numbers) - 1)
    known = (keys.poll > 0) & (numbers[poll] == keys.poll)
    first: Ints = np.zeros(max(len(evidence.universe), 1), np.int64)
    there = (unit >= 0) & known
    first[unit[there][::-1]] = poll[there][::-1]
    poll = np.where(known, poll, np.where(unit >= 0, first[np.maximum(unit, 0)], 0))
    return FoundAt(np.where(known | (keys.poll == 0), unit, -1), np.asarray(poll, np.int64))


def _units(evidence: LinedEvidence, keys: FindingKeys) -> Ints:
    """The bureau of each place, -1 for none; one named without the zeros of its code as well."""
    insee, bureau = keys.places.insee, keys.places.bureau
    found = keys.places.unit.copy()
    others = np.flatnonzero(found < 0)
    found[others] = evidence.universe.find(insee[others], bureau[others])
    short = (found < 0) & (bureau != "")
    if short.any():
        found[short] = evidence.universe.find(insee[short], np.strings.zfill(bureau[short], _CODE_DIGITS))
    return found
