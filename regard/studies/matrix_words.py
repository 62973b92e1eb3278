"""The words of the evidence matrix and of scores: kinds of evidence, and what faults do."""

from __future__ import annotations

from protocol.words import Message, Text, msg
from regard.studies.evidence_sets import FULL
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
"""Combinations of `regard.studies.evidence_sets.EVIDENCE` that the page shows, with their short names."""


def fault_label(name: str) -> Text:
    """Effect of a fault, for people; its name if no fault of ours has it."""
    every: dict[str, Fault] = {**faults(), **way_faults()}
    return every[name].effect if name in every else name
