"""The thresholds of the rules as a section of `docs/rules.md` and `docs/regles.md`: names, values, meaning."""

from __future__ import annotations

from functools import partial

from protocol.markdown import table
from protocol.words import msg
from regard.language import show
from verify.model.thresholds import MEANINGS, Thresholds


def thresholds(language: str) -> list[str]:
    """The section, in that language."""
    text, own = partial(show, language), Thresholds()
    rows = [(f"`{name}`", str(getattr(own, name)), text(meaning)) for name, meaning in MEANINGS.items()]
    about = text(
        msg(
            "Whole numbers; `regard verify --thresholds FILE` reads others from a TOML file, "
            "a line for each: {example}.",
            example="`votes_per_hour = 150`",
        )
    )
    return [
        text(msg("## Thresholds")),
        about,
        table((text(msg("name")), text(msg("value")), text(msg("meaning"))), rows),
    ]
