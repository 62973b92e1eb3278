"""Handout for a screen, a page or a text document: sections of blocks, their texts made already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from protocol.words import Message, msg
from regard.paths import digest_of

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
        tone: ``plain``; ``letter``, which is to be sent as it stands and is alone on its pages; ``aside``, what is to
            be known beside, which no terminal shows.
        language: code of that of its texts.
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
        language: code of that of its title and its plain sections.
        inputs: name and SHA-256 of each piece of evidence that was read for it.
    """

    title: str
    language: str
    sections: tuple[HandoutSection, ...]
    inputs: tuple[tuple[str, str], ...] = ()


def foot_of(made: Handout) -> Message:
    """Foot of every page: the digest of the list of inputs."""
    if not made.inputs:
        return msg("regard; no evidence was read")
    return msg("regard; SHA-256 of the list of inputs: {digest}", digest=digest_of(made.inputs))


_BLANK = re.compile(r"(\[[^][]*])")


def parts(text: str) -> list[tuple[str, bool]]:
    """A text in parts, and of each whether it is a blank, in square brackets, to be filled in or chosen by hand."""
    return [(part, at % 2 == 1) for at, part in enumerate(_BLANK.split(text)) if part]
