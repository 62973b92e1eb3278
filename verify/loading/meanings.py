"""Meanings of columns that a user states: in the folder's own table of them, and by options, which come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from protocol import night
from protocol.errors import NOTHING, InputError
from protocol.opening import OpenedFile
from protocol.words import msg, nmsg
from verify.loading.opened import OpenedNight, Taking, not_taken
from verify.model.evidence import Sources
from verify.model.use import NOTHING_FILLED_IN
from verify.read.sheet import parse_sheet
from verify.read.tables.asked import Asked, AskedColumn, NoMeaning, known_meanings, parse_meanings

NOTHING_USABLE = msg("no row of it can be used")


def take_meanings(opened: OpenedNight, columns: dict[str, AskedColumn], file: OpenedFile) -> Taking:
    """Read the folder's table into ``columns``; a row that says nothing of use is a problem, and the others hold.

    Raises:
        InputError: it is no such table.
    """
    name = opened.name(file.path)
    sheet = parse_sheet(file, night.MEANINGS, name)
    opened.problems += sheet.problems
    header, meaning = (sheet.texts[column.name].tolist() for column in night.MEANINGS.columns)
    for row, pair in zip(sheet.row.tolist(), zip(header, meaning, strict=True), strict=True):
        try:
            said = parse_meanings(("=".join(pair),))
        except NoMeaning:
            opened.problems.append(InputError(name, row, "sens", known_meanings(), pair[1] or NOTHING))
            continue
        columns |= {plain: replace(column, file=name, row=row) for plain, column in said.items()}
    count = len(columns)
    if not count:
        return not_taken(NOTHING_USABLE if len(sheet) else NOTHING_FILLED_IN)
    return Taking(nmsg("what {count:n} column means", "what {count:n} columns mean", count))


def all_asked(sources: Sources, of_table: Mapping[str, AskedColumn], of_round: int | None) -> Asked:
    """All that was asked for: by the folder's table, and by options as ``Compteur=votes_found``.

    Raises:
        NoMeaning: one of the options is no such pair.
        InputError: there is no such layout.
    """
    names = tuple(name.strip().casefold() for name in sources.sheets)
    layout = None
    if sources.layout:
        from verify.read.layouts.built_in import find_layout

        layout = find_layout(sources.layout)
    return Asked({**of_table, **parse_meanings(sources.columns)}, names, of_round, layout=layout)
