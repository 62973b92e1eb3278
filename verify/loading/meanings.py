"""Meanings of columns that a user states: in the folder's own table of them, and by options, which come first."""

from __future__ import annotations

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


class Meanings:
    """Used once for each night."""

    def __init__(self, opened: OpenedNight) -> None:
        self._opened = opened
        self._columns: dict[str, AskedColumn] = {}

    def take(self, file: OpenedFile) -> Taking:
        """Read the folder's table; a row that says nothing of use is a problem, and the others hold.

        Raises:
            InputError: it is no such table.
        """
        name = self._opened.name(file.path)
        sheet = parse_sheet(file, night.MEANINGS, name)
        self._opened.problems += sheet.problems
        header, meaning = (sheet.texts[column.name].tolist() for column in night.MEANINGS.columns)
        for row, pair in zip(sheet.row.tolist(), zip(header, meaning, strict=True), strict=True):
            try:
                columns = parse_meanings(("=".join(pair),))
            except NoMeaning:
                self._opened.problems.append(InputError(name, row, "sens", known_meanings(), pair[1] or NOTHING))
                continue
            self._columns |= {plain: replace(column, file=name, row=row) for plain, column in columns.items()}
        count = len(self._columns)
        if not count:
            return not_taken(NOTHING_USABLE if len(sheet) else NOTHING_FILLED_IN)
        return Taking(nmsg("what {count:n} column means", "what {count:n} columns mean", count))

    def asked(self, sources: Sources, of_round: int | None) -> Asked:
        """All that was asked for: by the table, and by options as ``Compteur=votes_found``.

        Raises:
            NoMeaning: one of the options is no such pair.
            InputError: there is no such layout.
        """
        columns = self._columns | parse_meanings(sources.columns)
        names = tuple(name.strip().casefold() for name in sources.sheets)
        layout = None
        if sources.layout:
            from verify.read.layouts.built_in import find_layout

            layout = find_layout(sources.layout)
        return Asked(columns, names, of_round, layout=layout)
