"""The words of the evidence matrix: kinds of evidence, and stages of a night."""

from __future__ import annotations

from protocol.words import Message, msg
from regard.studies.evidence_sets import FULL

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
"""What evidence is made of."""
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
