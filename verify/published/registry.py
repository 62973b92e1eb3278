"""The one way in: recognises a published file by its content and hands it to the reader of its layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from verify.published import ministry_text
from verify.published.cells import shortened
from verify.published.model import Level, Published, UnknownLayout
from verify.published.source import Table, opened, text_table

LAYOUTS: tuple[tuple[str, Callable[[Table], list[Published] | None]], ...] = ((ministry_text.NAME, ministry_text.read),)
"""Every layout with its reader, in the order in which they are tried."""


def read(path: Path, level: Level | None = None) -> Published:
    """Read published results: the finest level that the file has, or the one asked for.

    Raises:
        InputError: the file cannot be read, or is larger than its bounds.
        UnknownLayout: no layout fits, or the file does not have the level.
    """
    found = read_all(path)
    levels = list(Level)
    if level is not None:
        found = [published for published in found if published.level is level]
        if not found:
            raise UnknownLayout(f"{path}: no results by {level.value}")
    return min(found, key=lambda published: levels.index(published.level))


def read_all(path: Path) -> list[Published]:
    """Read everything that a file has: several levels of a workbook, both rounds of a text, all files of an archive.

    Raises:
        InputError, UnknownLayout: as `read`.
    """
    found: list[Published] = []
    unknown: list[Table] = []
    for source in opened(path):
        table = text_table(source)
        for _, reader in LAYOUTS:
            if (results := reader(table)) is not None:
                found += results
                break
        else:
            unknown.append(table)
    if not found:
        raise UnknownLayout(_unknown(unknown[0]))
    return found


def _unknown(table: Table) -> str:
    start = next((row for row in table.head if any(row)), ())
    names = ", ".join(name for name, _ in LAYOUTS)
    seen = f"{table.form}, starts with « {shortened(' | '.join(start))} »"
    return f"{table.file}: no known layout: {seen}; known: {names}"
