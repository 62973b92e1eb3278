"""Document model for a screen, a page or a text document: sections of blocks, texts already translated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from protocol.words import Message, Text, msg
from regard.language import show
from regard.paths import digest_of
from regard.terminal import clean
from regard.views.saying import LONG, cut

Kind: TypeAlias = Literal["subheading", "text", "facts", "entries", "table"]
Tone: TypeAlias = Literal["plain", "letter", "aside"]


@dataclass(frozen=True, slots=True)
class HandoutBlock:
    """One block.

    Attributes:
        kind: ``subheading`` and ``text`` have a text, which may have lines; ``entries`` are rows of one cell each;
            ``facts`` rows of a name and what there is to say; ``table`` rows of cells, the first of them its head.
    """

    kind: Kind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class HandoutSection:
    """Some blocks that belong together.

    Attributes:
        tone: ``plain``; ``letter``, to be sent as it stands, alone on its pages; ``aside``, notes that the terminal
            leaves out.
        language: code of the language of its texts.
        title: its heading; empty where it goes on with the section before.
    """

    tone: Tone
    language: str
    title: str
    blocks: tuple[HandoutBlock, ...]


@dataclass(frozen=True, slots=True)
class Handout:
    """A whole document.

    Attributes:
        language: code of the language of its title and its plain sections.
        inputs: name and SHA-256 of each piece of evidence that was read for it.
    """

    title: str
    language: str
    sections: tuple[HandoutSection, ...]
    inputs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SectionMaker:
    """Makes sections in a language, without control and direction characters and without endless texts."""

    language: str

    def text(self, said: object) -> str:
        """A text, which may have lines."""
        return cut("\n".join(map(clean, show(self.language, said).split("\n"))), LONG)

    def section(self, tone: Tone, title: Text, *blocks: HandoutBlock) -> HandoutSection:
        """A section of some blocks."""
        return HandoutSection(tone, self.language, self.text(title), blocks)

    def paragraph(self, said: object) -> HandoutBlock:
        """A text."""
        return HandoutBlock("text", self.text(said))

    def subheading(self, said: object) -> HandoutBlock:
        """A heading below that of the section."""
        return HandoutBlock("subheading", self.text(said))

    def entries(self, entries: Iterable[object]) -> HandoutBlock:
        """A list."""
        return self.rows("entries", ((each,) for each in entries))

    def rows(self, kind: Kind, rows: Iterable[Iterable[object]]) -> HandoutBlock:
        """Facts, or a table."""
        return HandoutBlock(kind, rows=tuple(tuple(map(self.text, row)) for row in rows))


def foot_of(handout: Handout) -> Message:
    """Foot of every page: the digest of the list of inputs."""
    if not handout.inputs:
        return msg("regard; no evidence was read")
    return msg("regard; SHA-256 of the list of the files used here: {digest}", digest=digest_of(handout.inputs))


_BLANK = re.compile(r"(\[[^][]*])")


def parts(text: str) -> list[tuple[str, bool]]:
    """Split a text into parts: (text, whether it is a [blank] to be filled in or chosen by hand)."""
    return [(part, at % 2 == 1) for at, part in enumerate(_BLANK.split(text)) if part]
