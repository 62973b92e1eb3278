"""The evidence that trials are verified with: every combination of PVs, published results, dumps and module images."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from protocol import night
from protocol.words import Message, Text, msg
from sim.faults.catalogue import faults
from sim.faults.model import Fault
from sim.nights.night import FURTHER, PUBLISHED
from sim.transmission.faults import way_faults

LISTS = (night.UNIVERSE.file, night.CHOICES.file)
"""Evidence that is always there: the official lists."""


@dataclass(frozen=True, slots=True)
class EvidenceSet:
    """A combination of evidence: files and folders of a night, beside the official lists.

    ``complete``: the kinds of evidence (`protocol.night.KINDS`) that ``election.toml`` then declares complete.
    """

    name: str
    entries: tuple[str, ...]
    complete: frozenset[str]

    @property
    def parts(self) -> list[str]:
        """Its parts, by the names of `PARTS`."""
        return self.name.split("+")

    def has(self, file: str) -> bool:
        """Check that a file of a night is in it, the official lists included."""
        return file.partition("/")[0] in (*LISTS, *self.entries)


_RECORDS = (night.SIGNATURES.file, night.RECORDS.file, night.VOTES.file, night.TABULATION.file)
SINGLE = (
    EvidenceSet("pv", _RECORDS, frozenset({"emargements", "pv"})),
    EvidenceSet("published", (PUBLISHED, *FURTHER), frozenset({"publie"})),
    EvidenceSet("dumps", (night.EXPORTS,), frozenset({"exports"})),
    EvidenceSet("modules", (night.URNS,), frozenset({"modules"})),
)
"""Parts of the evidence: PVs with sign-in counts, published results, dumps, module images."""
PARTS = tuple(part.name for part in SINGLE)
EVIDENCE = tuple(
    EvidenceSet(
        "+".join(part.name for part in some),
        tuple(entry for part in some for entry in part.entries),
        frozenset().union(*(part.complete for part in some)),
    )
    for size in range(1, len(SINGLE) + 1)
    for some in itertools.combinations(SINGLE, size)
)
"""Every combination of the four, each by itself first and all of them last."""
FULL = EVIDENCE[-1].name


# --- Words of the evidence matrix and of scores ---


MATRIX_COLUMNS: dict[str, Message] = {
    "published": msg("published alone"),
    "dumps": msg("dumps alone"),
    "modules": msg("modules alone"),
    "pv": msg("PVs + sign-ins"),
    "pv+published": msg("+ published"),
    "pv+published+dumps": msg("+ dumps"),
    FULL: msg("+ modules"),
}
"""Combinations of `EVIDENCE` that the matrix shows, with the head of each column."""


def fault_label(name: str) -> Text:
    """Effect of a fault in words; the name itself if no fault has it."""
    every: dict[str, Fault] = {**faults(), **way_faults()}
    return every[name].effect if name in every else name
