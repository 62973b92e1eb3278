"""The rules as a document in each language, in French `docs/reference/regles.md`, from the catalogue."""

from __future__ import annotations

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text, language, msg
from regard.language import show
from regard.reference import markdown
from regard.reference.rule_text import paragraphs, title
from verify.model.thresholds import MEANINGS, Thresholds
from verify.rulebook.catalogue import CATEGORIES, rules


def document(code: str) -> str:
    """The document in the language of that code."""
    own = Thresholds()
    return markdown.document(
        __file__,
        language(code),
        evidence=[
            [show(code, kind.label), show(code, _place(kind))] for kind in EvidenceKind if kind.allows is not None
        ],
        categories=[
            (letter, names, [(title(rule), paragraphs(rule)) for rule in members])
            for letter, names in CATEGORIES.items()
            if (members := [rule for rule in rules().values() if rule.code[0] == letter])
        ],
        thresholds=[[f"`{name}`", str(getattr(own, name)), show(code, meaning)] for name, meaning in MEANINGS.items()],
    )


def _place(kind: EvidenceKind) -> Text:
    """Location of a kind of evidence."""
    if kind is EvidenceKind.PUBLISHED_SIGNATURES:
        return msg("`publie.*`, where they count signatures as well")
    return f"`{kind.file}`" if kind.file else msg("another night, given with `--other-round`")
