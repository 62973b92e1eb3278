"""PDF from a Typst template and plain values: tagged, with the fonts that come with Typst, the same bytes each time.

The values reach the template as JSON, never as markup: whatever stands in them is text. Typst is an extra; without it
the same document can be written as HTML and printed by a browser.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, cast

from protocol.extras import need
from protocol.words import msg, unbroken

_LONG = re.compile(r"[^\s\u200b]{80}(?=\S)")
_UNDISPLAYABLE = "could not be displayed"
"""In Typst's error of a character that none of its fonts has."""
_LATIN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u017f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ff\u0400-\u045f\u2010-\u2027\u202f\u2030\u2039\u203a\u20ac"
    "\u2190-\u2193\u2205\u2212\u2260\u2264\u2265\ufffd]"
)
"""Characters that the fonts may lack: all but Latin, Greek and Cyrillic letters, punctuation, a few signs."""


_NONE: Mapping[str, bytes] = {}


def need_typst() -> None:
    """Make sure, before any work, that PDF can be written.

    Raises:
        ExtraMissing: the package is not installed.
    """
    need("report", "typst", instead=msg("HTML can be written without it, and a browser prints it"))


def pdf_bytes(template: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes] = _NONE) -> bytes:
    """A document as PDF/UA-1: tagged, with title and language, without a date.

    A character that no font has is shown by its number, as ``[U+4E2D]``; words too long for a line are broken.

    Args:
        template: the Typst file; it reads ``data.json``, which is the values.
        data: values that JSON has, and dataclasses of such; spaces that must not break become ones that do not.
        pictures: SVG by the names that the template has from the values.

    Raises:
        ExtraMissing: Typst is not installed.
    """
    return bytes(_compiled(template, data, pictures, format="pdf", pdf_standards="ua-1"))


def first_page(template: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes], dots: float) -> bytes:
    """The first page of what `pdf_bytes` makes, as PNG with so many dots per inch.

    Raises:
        ExtraMissing: Typst is not installed.
    """
    pages = _compiled(template, data, pictures, format="png", ppi=dots)
    return bytes(pages[0] if isinstance(pages, list) else pages)


def _compiled(template: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes], **form: object) -> Any:
    need_typst()
    import typst  # noqa: PLC0415 - an extra

    source, compile_files = template.read_bytes(), cast(Any, typst.compile)  # its types know nothing of several files

    def compiled(change: Callable[[str], str]) -> Any:
        values = json.dumps(_each(data, lambda text: _broken(change(unbroken(text)))), ensure_ascii=False)
        files = {name: change(picture.decode()).encode() for name, picture in pictures.items()}
        files |= {"main.typ": source, "data.json": values.encode()}
        return compile_files(files, ignore_system_fonts=True, **form)

    try:
        return compiled(str)
    except typst.TypstError as error:
        if _UNDISPLAYABLE not in str(error):
            raise
    return compiled(_spelt)


def _each(value: object, change: Callable[[str], str]) -> object:
    """The same values, as plain ones, with every text changed."""
    if isinstance(value, str):
        return change(value)
    if is_dataclass(value):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _each(each, change) for key, each in value.items()}
    return [_each(each, change) for each in value] if isinstance(value, list | tuple) else value


def _spelt(text: str) -> str:
    """A text with the number of each character that may be in no font."""
    return _LATIN.sub(lambda found: f"[U+{ord(found[0]):04X}]", unicodedata.normalize("NFC", text))


def _broken(text: str) -> str:
    """A text in which a line may end within words that no line has room for."""
    return _LONG.sub("\\g<0>\u200b", text)
