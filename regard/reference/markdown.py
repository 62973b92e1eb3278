"""Documents in Markdown, made from templates: their tables, and their paragraphs laid out."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from protocol.words import ENGLISH, Language, wrap
from regard.templates import render

WIDTH = 110
"""Characters of a line of a generated page."""
_FENCED = re.compile(r"(?ms)(^```.*?^```$)")
_AS_IT_IS = re.compile(r"#|\||<!--|!\[")
_ENTRY = re.compile(r"(?m)^(?=- |\d{1,2}\. )")


def document(module: str, words: Language = ENGLISH, **values: Any) -> str:
    """The text of a document.

    Args:
        module: file ``NAME_document.py``, beside which its template lies, ``NAME.md.j2``; see `regard.templates`. In
            it ``table`` makes a table.
        words: the language of all that is marked as translated.
        values: what the template names.
    """
    name = Path(module).stem.removesuffix("_document")
    return lay_out(render(Path(module).with_name(f"{name}.md.j2"), words, table=table, **values))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: Collection[int] = ()) -> str:
    """A table; ``numbers`` are the columns that are set flush right."""
    ruler = ["---:" if column in numbers else "---" for column in range(len(head))]
    lines = ([cell.replace("|", "\\|") for cell in line] for line in (head, ruler, *rows))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def code(names: Iterable[str]) -> str:
    """Names of code, one after the other."""
    return ", ".join(f"`{name}`" for name in names)


def lay_out(text: str) -> str:
    """A whole document: paragraphs, quotations and the entries of lists are wrapped anew, all else stays as it is.

    Blank lines stand between blocks, one each; a block between ```` ``` ```` may have blank lines of its own.
    """
    blocks: list[str] = []
    for number, part in enumerate(_FENCED.split(text)):
        blocks += [part] if number % 2 else map(_block, filter(None, re.split(r"\n\s*\n", part.strip())))
    return "\n\n".join(blocks) + "\n"


def _block(text: str) -> str:
    if _AS_IT_IS.match(text):
        return text
    if text.startswith("> "):
        return textwrap.indent(_paragraph(re.sub("(?m)^> ?", "", text)), "> ")
    if not _ENTRY.match(text):
        return _paragraph(text)
    return "\n".join(_paragraph(each, " " * (each.index(" ") + 1)) for each in _ENTRY.split(text) if each)


def _paragraph(text: str, indent: str = "") -> str:
    """A text wrapped anew, lines after the first with ``indent``."""
    return "\n".join(wrap(" ".join(text.split()), WIDTH, indent, break_long_words=False))
