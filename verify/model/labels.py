"""Labels of kinds of evidence, severities and levels."""

from __future__ import annotations

from collections.abc import Mapping

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Message, Text, msg, series
from verify.model.field_names import field_label
from verify.model.published import Level

SEVERITIES: dict[str, Message] = {"error": msg("error"), "warning": msg("warning"), "info": msg("info")}
LEVELS: dict[str, Message] = {
    **{level.value: level.text for level in Level},
    "file": msg("file"),
    "contest": msg("contest"),
}
"""What a finding can be about."""


def evidence_label(need: str) -> Text:
    """A need for people: any of several kinds with ``|`` between them, or a figure that is not in it, ``pv: blank``."""
    kinds, _, figure = need.partition(": ")
    named = series(map(_kind, kinds.split("|")), msg(" or "))
    return msg("{name}: {value}", name=named, value=field_label(figure)) if figure else named


def polls_said(kind: str, counts: Mapping[int, int]) -> Text:
    """Of how many bureaux there is evidence of a kind in each poll of the day; of results, which poll they are of.

    Empty where nothing is said.
    """
    there = [poll for poll, count in counts.items() if count]
    if kind.startswith(EvidenceKind.PUBLISHED) and len(there) == 1:
        return msg("poll {number}", number=there[0])
    return series(msg("poll {number}: {count:n}", number=poll, count=count) for poll, count in counts.items())


def missing_label(need: str) -> Text:
    """The same for what is missing: votes by choice are then those of PVs, as published results have some too."""
    return msg("votes by choice of PVs") if need == EvidenceKind.VOTES else evidence_label(need)


def _kind(name: str) -> Text:
    """A kind of evidence, ``publie``, or one of several of its kind, ``publie 2``."""
    kind, _, number = name.partition(" ")
    label = EvidenceKind.named(kind).label
    return msg("{name} {number}", name=label, number=number) if number else label
