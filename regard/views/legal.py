"""Legal basis of rules: one article once and written as in letters, and other sources apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protocol.words import Message
from regard.views.saying import Speaker

_ARTICLE = re.compile(r"(?<![\w.-])(LO|L|R)(\d+(?:-\d+)*)\b")
_CODE = "Code électoral"
_LAW = re.compile(r"Code électoral|Constitution|Conseil d'État|[Tt]ribunal|Arrêté|[Cc]ircular")
"""Words of the catalogue of rules that mean law, in English."""


@dataclass(frozen=True, slots=True)
class Basis:
    """One basis: how it is said, whether it is law, and which of the given ones say it, by position."""

    text: str
    law: bool
    of: tuple[int, ...]


def with_articles(text: str) -> str:
    """A legal basis with its articles as letters write them: « art. R. 62 » for R62."""
    return _ARTICLE.sub(
        lambda found: f"art.\u00a0{'L.O.' if found[1] == 'LO' else found[1] + '.'}\u00a0{found[2]}", text
    )


def bases(given: Sequence[Message], speaker: Speaker) -> list[Basis]:
    """Each basis once, in the order given; of one article its wordings, less those that another one contains."""
    groups: dict[object, list[int]] = {}
    for at, each in enumerate(given):
        articles = frozenset(found[0] for found in _ARTICLE.finditer(each.text))
        groups.setdefault(articles if each.text.startswith(_CODE) and articles else each.text, []).append(at)
    return [
        Basis(
            text=_as_one(with_articles(speaker.text(given[at])) for at in of),
            law=_LAW.search(given[of[0]].text) is not None,
            of=tuple(of),
        )
        for of in groups.values()
    ]


def _as_one(wordings: Iterable[str]) -> str:
    """Wordings without those whose words all stand in another one."""
    every = list(dict.fromkeys(wordings))
    words = [frozenset(re.findall(r"\w+", text.casefold())) for text in every]
    return " ".join(text for text, own in zip(every, words, strict=True) if not any(own < other for other in words))
