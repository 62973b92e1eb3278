"""What a file was taken for, and how much of it was used, in words."""

from __future__ import annotations

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Message, Text, msg
from verify.model.use import COMPANION, OURS, READING, Used

USED: dict[Used, Message] = {
    Used.WHOLE: msg("used"),
    Used.PART: msg("used in part"),
    Used.NONE: msg("not used"),
}
TAKEN: dict[str, Text] = {
    **{kind: kind.label for kind in EvidenceKind},
    "dump": msg("dump of another machine"),
    "election": msg("what the election is"),
    "manifest": msg("the list of the night's files with their SHA-256"),
    "thresholds": msg("thresholds of the rules"),
    "folder": msg("folder"),
    "file": msg("another file"),
    "columns": msg("what columns mean"),
    "other round": msg("results of the other round"),
    "suites.csv": msg("follow-ups"),
    COMPANION: msg("no evidence"),
    READING: msg("no evidence"),
    OURS: msg("written by regard"),
}
"""What a file can be taken for, by the kinds of inputs."""
