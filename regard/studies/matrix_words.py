"""The words of the evidence matrix and of scores: kinds of evidence, stages of a night, and what faults do."""

from __future__ import annotations

from protocol.words import Message, Series, Text, msg, series
from regard.studies.evidence_sets import FULL, EvidenceSet
from sim.faults.catalogue import faults
from sim.faults.model import Fault
from sim.transmission.faults import way_faults

KINDS: dict[str, Message] = {
    "published": msg("published alone"),
    "dumps": msg("dumps alone"),
    "modules": msg("modules alone"),
    "pv": msg("PVs + sign-ins"),
    "pv+published": msg("+ published"),
    "pv+published+dumps": msg("+ dumps"),
    FULL: msg("+ modules"),
}
"""Short names of the combinations of `regard.studies.evidence_sets.LADDER`."""
NAMES: dict[str, Message] = {
    "pv": msg("PVs + sign-ins"),
    "published": msg("published"),
    "dumps": msg("dumps"),
    "modules": msg("modules"),
}
"""Parts of the evidence."""
STAGES: dict[str, Message] = {
    "day": msg("During the day"),
    "count": msg("At the count"),
    "conduct": msg("Conduct of the poll, and machine"),
    "dump": msg("Dumps and module images"),
    "roll": msg("Sign-in counts"),
    "record": msg("PV"),
    "tabulation": msg("Tabulation"),
    "publication": msg("Publication"),
    "keeping": msg("Keeping"),
}
"""When a fault happens, by `regard.studies.trials.stage`."""


def evidence_label(kind: EvidenceSet) -> Series:
    """Kinds in a combination of evidence."""
    return series((NAMES[part] for part in kind.parts), " + ")


def fault_label(name: str) -> Text:
    """Effect of a fault, for people; its name if no fault of ours has it."""
    every: dict[str, Fault] = {**faults(), **way_faults()}
    return every[name].effect if name in every else name
