"""Words of seals and proofs: sources of figures, and faults of a proof."""

from __future__ import annotations

from protocol.evidence_kinds import EvidenceKind
from protocol.sealing.proofs import ProofFault
from protocol.words import Message, Text, languages, msg, pmsg
from regard.language import show
from regard.sealing.figures import CENTRAL, LISTED, MACHINE, PUBLISHED, PV, SIGN_IN

SOURCE_KINDS: dict[str, EvidenceKind] = {
    PV: EvidenceKind.RECORDS,
    SIGN_IN: EvidenceKind.SIGNATURES,
    MACHINE: EvidenceKind.EXPORTS,
    CENTRAL: EvidenceKind.TABULATION,
    PUBLISHED: EvidenceKind.PUBLISHED,
    LISTED: EvidenceKind.UNIVERSE,
}
"""The evidence that the sources of sealed figures are, by their names in a proof."""
EDITION_LABELS: dict[str, Message] = {
    "night": pmsg("edition", "night"),
    "provisional": pmsg("edition", "provisional"),
    "definitive": pmsg("edition", "definitive"),
}
"""Editions that have a name in every language; any other is called as it is."""
ADVICE: dict[ProofFault, Message] = {
    ProofFault.FORMAT: msg("The file is damaged, or is no proof. Ask for it again."),
    ProofFault.LEAF: msg("The figures in the file are damaged, or are not there. Ask for the proof again."),
    ProofFault.PATH: msg(
        "These figures are not at this place in this log, or the file was changed. Rely on none of it."
    ),
    ProofFault.KEY: msg(
        "Who published this is not known. Give the log's public key with --key; take it from another place than the "
        "proof."
    ),
    ProofFault.SIGNATURE: msg(
        "The head of the log was changed, or the key is not the one that signed it. Rely on none of it."
    ),
    ProofFault.FIGURES: msg("What was published for this bureau is not what you have. Keep both, and ask the bureau."),
}
"""Advice on a check that does not hold."""
OWN_KEY = msg(
    "No key was given: signatures were checked with the key in the sealed folder itself only. Who published this is "
    "not known. Give the log's public key with --key; take it from another place than the folder."
)
"""Worth of a sealed folder's signatures if nobody gave its key."""
LIMITS = msg(
    "This says that these figures were published like this in the log. It does not say that they are true, nor that no "
    "later leaf replaces them: that is seen in the published list of leaves."
)


def source_label(name: str) -> Text:
    """Label a source of figures, in a column of them."""
    return SOURCE_KINDS[name].heading if name in SOURCE_KINDS else name


def source_name(name: str) -> Text:
    """A source of figures in a sentence."""
    return SOURCE_KINDS[name].one if name in SOURCE_KINDS else name


def edition_label(name: str) -> Text:
    """Label an edition."""
    return EDITION_LABELS.get(name, name)


def edition_of(typed: str) -> str:
    """The edition that is meant by its name, in whatever language."""
    called = {show(code, label).casefold(): name for name, label in EDITION_LABELS.items() for code in languages()}
    return called.get(typed.strip().casefold(), typed)
