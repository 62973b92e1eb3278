"""Parts of the office's pages: tables, pictures with their texts, and styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocol.words import Language, msg
from regard.office.pictures.bureaux import BureauDay
from regard.office.pictures.queue_strip import FEW, MOST, QueueStrip, queue_strips, shade_names
from regard.templates import pack, policy, render, source, style_sheet

_FOLDER = Path(__file__).with_name("html")


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table; ``texts`` are the columns that hold no figures, by their number from 0."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: frozenset[int] = frozenset((0,))


@dataclass(frozen=True, slots=True)
class QueuePart:
    """Queues by hour and bureau: the pictures, what is said of them, and their figures."""

    title: str
    strips: tuple[QueueStrip, ...]
    about: str
    shades: tuple[str, ...]
    shades_title: str
    table: PageTable


def queue_part(bureaux: Sequence[BureauDay], table: PageTable, words: Language, said: str) -> QueuePart:
    """The part about queues; ``said`` is what a figure is."""
    about = [said]
    if len(bureaux) > FEW:
        about.append(words.show(msg("Each narrow column is a bureau; those of one commune stand beside each other.")))
    if len(bureaux) > MOST:
        left = msg("Of {all:n} bureaux the {shown:n} with the longest queues are shown.", all=len(bureaux), shown=MOST)
        about.append(words.show(left))
    return QueuePart(
        title=words.show(msg("The queue by hour and bureau")),
        strips=queue_strips(bureaux, words),
        about=" ".join(about),
        shades=tuple(shade_names(words)),
        shades_title=words.show(msg("Shades")),
        table=table,
    )


def page_of(template: str, words: Language, kind: str, **values: Any) -> bytes:
    """The bytes of a page: the same for the same values.

    Args:
        template: name of the file.
        words: the language.
        kind: a word that tells such pages from others.
        values: what the template names.
    """
    style = f"{style_sheet()}\n{source(_FOLDER / 'office.css')}"
    return pack(
        render(_FOLDER / template, words, code=words.code, kind=kind, style=style, policy=policy(style), **values)
    )
