"""Matching of choices in any spelling: `match` finds the one known choice that a label can mean.

``LE PEN``, ``Marine LE PEN``, ``le_pen_marine`` and ``Mme LE PEN Marine - votes`` are one person. Where a label could
mean two known choices it means neither: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.accents import without_accents

_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"})
_TAIL = re.compile(r"\s-\s*(?:votes?|voix|pourcentage)\s*$|\([^()]*\)\s*$", re.IGNORECASE)
_TAILS = 5
"""Such ends that are taken off one label."""
_WORD = re.compile(r"[^\W_]+")


def key(label: str) -> tuple[str, ...]:
    """The words of a label in small letters, without accents, titles, punctuation and what a feed appends."""
    return _Name.of(label).words


def match(labels: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """For each label the index of the known choice that it means, or None where none fits or more than one.

    A label means a known choice if both have the same words, in whatever order; or else if one of the two is only the
    family name of the other (its words in capitals; where case tells nothing, its first or its last words). Words are
    compared without accents, case and titles, and a hyphen is a space. Labels of different people never mean one
    choice: ``le_pen_marine`` and ``le_pen_jean_marie`` both fit a known ``LE PEN``, so neither means it.
    """
    choices = [_Name.of(label) for label in known]
    by_words: dict[tuple[str, ...], set[int]] = defaultdict(set)
    by_text: dict[tuple[str, ...], set[int]] = defaultdict(set)
    by_family: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for at, choice in enumerate(choices):
        by_words[choice.sorted].add(at)
        by_text[choice.words].add(at)
        for family in choice.families:
            by_family[family].add(at)
    texts = {choice.text: at for at, choice in reversed(list(enumerate(choices)))}

    found: list[int | None] = []
    wanted: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    names = [_Name.of(label) for label in labels]
    by_name_only: list[bool] = []
    for name in names:
        fitting = by_words.get(name.sorted, set()) if name.words else set()
        by_name_only.append(not fitting)
        if len(fitting) > 1 and name.text in texts:
            fitting = {texts[name.text]}
        if not fitting and name.words:
            families = (by_text.get(family, set()) for family in name.families)
            fitting = by_family.get(name.words, set()).union(*families)
        found.append(next(iter(fitting)) if len(fitting) == 1 else None)
        if found[-1] is not None and len(name.words) > len(choices[found[-1]].words):
            wanted[found[-1]].add(name.sorted)
    return [
        None if at is not None and only and len(wanted[at]) > 1 else at
        for at, only in zip(found, by_name_only, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Name:
    """A label taken apart: its words, and what of them can be the family name alone."""

    text: str
    words: tuple[str, ...]
    families: frozenset[tuple[str, ...]]

    @property
    def sorted(self) -> tuple[str, ...]:
        """The words in an order that is the same whichever name comes first."""
        return tuple(sorted(self.words))

    @classmethod
    def of(cls, label: str) -> _Name:
        label = label[:500]
        for _ in range(_TAILS):
            if (shorter := _TAIL.sub("", label)) == label or not shorter.strip():
                break
            label = shorter
        words: list[str] = []
        capitals: list[str] = []
        for word in _WORD.findall(unicodedata.normalize("NFC", label)):
            letters = without_accents(word).replace("’", "'")
            if not letters or letters in _TITLES:
                continue
            words.append(letters)
            if word.isupper() and len(word) > 1:
                capitals.append(letters)
        if capitals and len(capitals) < len(words):
            families = {tuple(capitals)}
        else:  # in one case throughout: the family name may come first or last
            families = {part for at in range(1, min(len(words), 6)) for part in (tuple(words[:at]), tuple(words[-at:]))}
        return cls(" ".join(label.split()), tuple(words), frozenset(families))
