"""Communes of tables that say none: those that their files are named after, where they are plainly of several towns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import PurePosixPath

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import msg, series
from verify.align.implied import communes_of, plain
from verify.loading.opened import OpenedNight
from verify.loading.results import Results
from verify.loading.tables import NightTables
from verify.model.figures import Ints, Texts, filled
from verify.model.identity import StatedElection, Voters, common, same_counts, voters_of
from verify.model.published import Level
from verify.model.use import archive_of
from verify.read.sheet import Sheet
from verify.read.tables.codes import town_of_file

_FEW = 2
"""Common bureaux from which on other numbers of registered voters tell two towns apart …"""
_FEW_VOTERS = 10
"""… and, where these are not known, other numbers of voters …"""
_BY_CHANCE = 0.05
"""… if no greater share of the bureaux has a figure in common."""
_COUNTS = (Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.SIGNATURES)


@dataclass(frozen=True, slots=True)
class _Town:
    """Table of one town.

    Attributes:
        kind: of evidence.
        name: of the town, plain, or its code.
        stated: election of the table.
        voters: its bureaux with their counts.
        few: bureaux that tell it from another town.
    """

    kind: str
    name: str
    stated: StatedElection
    voters: Voters
    few: int

    def is_apart(self, other: _Town) -> bool:
        """Test whether two tables of one kind have the same bureaux with other figures, and files of other names."""
        if self.kind != other.kind or self.name == other.name or self.stated.conflicts(other.stated):
            return False
        same, places = same_counts(self.voters, other.voters)
        return places >= max(self.few, other.few) and same < _BY_CHANCE * places


def name_by_files(tables: NightTables, results: Results, opened: OpenedNight) -> None:
    """Give tables that say no commune that of their files' names, where two have the same bureaux and other figures."""
    sheets = [*tables.given(), *tables.beside()]
    silent = [sheet for _, sheet in sheets if _is_silent(sheet)]
    published = [each for each in results.published if each.level is Level.BUREAU]
    quiet = [each for each in published if not (filled(each.insee).any() or filled(each.commune).any())]
    names = {id(each): town_of_file(each.pieces[0].file) for each in silent}
    names |= {id(each): town_of_file(each.file) for each in quiet}
    if not any(names.values()):
        return
    towns = []
    for (kind, sheet), own in zip(sheets, communes_of([sheet for _, sheet in sheets]), strict=True):
        said = common(piece.stated for piece in sheet.pieces).or_else(_named(sheet.pieces[0].file))
        name = plain(names.get(id(sheet), "").partition(" (")[0]) or (own[0] if len(set(own)) == 1 else "")
        towns.append(_town(kind, name, said, sheet.texts["bureau"], sheet.counts))
    for each in published:
        name = plain(names.get(id(each), "").partition(" (")[0])
        said = each.says.or_else(_named(each.file))
        towns.append(_town(EvidenceKind.PUBLISHED, name, said, each.bureau, each.counts))
    if not any(one.is_apart(other) for one, other in combinations([each for each in towns if each.name], 2)):
        return

    def changed(sheet: Sheet) -> Sheet:
        name = names.get(id(sheet))
        return sheet.with_texts("commune", np.full(len(sheet), name)) if name else sheet

    of_file = {archive_of(sheet.pieces[0].file): names[id(sheet)] for sheet in silent}
    of_file |= {archive_of(each.file): names[id(each)] for each in quiet}
    tables.change(changed)
    for at, results_of in enumerate(results.published):
        if town := names.get(id(results_of)):
            results.published[at] = replace(results_of, commune=np.full(len(results_of.row), town))
    for at, given in enumerate(opened.inputs):
        if town := of_file.get(given.path):
            said_so = msg("commune by the name of the file: {town}", town=town)
            uses = tuple(replace(use, notes=(*use.notes, said_so)) for use in given.sheets)
            note = series(filter(None, (given.note, said_so)), msg("; "))
            opened.inputs[at] = replace(given, sheets=uses) if uses else replace(given, note=note)


def _is_silent(sheet: Sheet) -> bool:
    return all(not any(sheet.coded(name).labels) for name in ("insee", "commune") if name in sheet.texts)


def _named(file: str) -> StatedElection:
    return StatedElection.of_text(PurePosixPath(file).name)


def _town(kind: str, name: str, stated: StatedElection, bureau: Texts, counts: dict[str, Ints]) -> _Town:
    known = [counts[count].tolist() for count in _COUNTS if count in counts]
    registered = Quantity.REGISTERED in counts and (counts[Quantity.REGISTERED] > 0).any()
    return _Town(kind, name, stated, voters_of(bureau.tolist(), *known), _FEW if registered else _FEW_VOTERS)
