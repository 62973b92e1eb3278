"""The rules as a document in each language, in French `docs/reference/regles.md`, from the catalogue."""

from __future__ import annotations

from pathlib import Path

from protocol import night
from protocol.way_up import FOLDER
from protocol.words import Text, language, msg
from regard.language import show
from regard.reference import markdown
from regard.reference.rule_text import paragraphs, title
from verify.model.labels import EVIDENCE
from verify.model.thresholds import MEANINGS, Thresholds
from verify.rulebook.catalogue import CATEGORIES, rules

TEMPLATE = Path(__file__).with_name("rules.md.j2")
_PLACES: dict[str, Text] = {
    "univers": f"`{night.UNIVERSE.file}`",
    "choix": f"`{night.CHOICES.file}`",
    "exports": f"`{night.EXPORTS}/`",
    "modules": f"`{night.URNS}/`",
    "emargements": f"`{night.SIGNATURES.file}`",
    "pv": f"`{night.RECORDS.file}`",
    "voix": f"`{night.VOTES.file}`",
    "recap": f"`{night.TABULATION.file}`",
    "publie": "`publie.*`",
    "publie_emargements": msg("`publie.*`, where they count signatures as well"),
    "montee": f"`{FOLDER}/`",
    "autre_tour": msg("another night, given with `--other-round`"),
}
"""Where each kind of evidence is found."""


def document(code: str) -> str:
    """The document in the language of that code."""
    own = Thresholds()
    return markdown.document(
        TEMPLATE,
        language(code),
        evidence=[[show(code, name), show(code, _PLACES[kind])] for kind, name in EVIDENCE.items()],
        categories=[
            (letter, names, [(title(rule), paragraphs(rule)) for rule in members])
            for letter, names in CATEGORIES.items()
            if (members := [rule for rule in rules().values() if rule.code[0] == letter])
        ],
        thresholds=[[f"`{name}`", str(getattr(own, name)), show(code, meaning)] for name, meaning in MEANINGS.items()],
    )
