"""Codes that differ by their zeros only: of one bureau, or of two where one table has both of them.

Without an official list nobody says whether ``9`` and ``0009`` are one bureau. Two files that have one of them each
write it in their own ways; a table that has both tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.words import msg, series
from verify.align.lined_votes import MOST
from verify.model import universe as universe_list
from verify.model.figures import Bools, Ints, Texts, of_one_length, starts_with_digit
from verify.model.published import Level, Published
from verify.model.universe import Universe
from verify.model.zeros import without_zeros
from verify.read.sheet import Sheet


@dataclass(frozen=True, slots=True)
class _Writings:
    """The bureaux, without regard to zeros, whose codes are written in several ways.

    Attributes:
        of: number of each row's bureau, -1 for all others; shape ``(n,)``.
        code: index into ``codes`` of each row.
        codes: each code once.
    """

    of: Ints
    code: Ints
    codes: Texts


def with_one_code_each(insee: Texts, bureau: Texts, piece: Ints) -> Texts:
    """The codes of bureaux in several files or sheets, those of one bureau made the longest of them.

    Codes that one file has both of stay as they are. Where nothing is changed, it is the same array.

    Args:
        insee: of each row.
        bureau: of each row.
        piece: index of the file or sheet that it is in.
    """
    groups = _groups_of(insee, bureau)
    if groups is None:
        return bureau
    named = (groups.of * (int(piece.max()) + 1) + piece) * len(groups.codes) + groups.code
    rows = np.unique(np.where(groups.of >= 0, named, -1), return_index=True)[1]
    by_piece: dict[int, dict[int, set[int]]] = {}
    for row in rows[groups.of[rows] >= 0].tolist():
        of_group = by_piece.setdefault(int(groups.of[row]), {})
        of_group.setdefault(int(piece[row]), set()).add(int(groups.code[row]))
    longest = np.full(int(groups.of.max()) + 2, -1, np.int64)  # the last one is for all others
    for number, of_group in by_piece.items():
        if all(len(codes) == 1 for codes in of_group.values()):
            longest[number] = max(set.union(*of_group.values()), key=lambda code: _rank(str(groups.codes[code])))
    meant = longest[groups.of]
    if (meant < 0).all():
        return bureau
    return np.asarray(groups.codes[np.where(meant >= 0, meant, groups.code)], np.str_)


def _rank(code: str) -> tuple[bool, int, str]:
    return code[:1].isdigit(), len(code), code  # « BV9 » is no longer code than 0009


def _groups_of(insee: Texts, bureau: Texts) -> _Writings | None:
    """The bureaux whose codes are written in several ways, None where there are none."""
    if of_one_length(bureau) and starts_with_digit(bureau).all():  # no two of them differ by their zeros only
        return None
    codes, code = np.unique(bureau, return_inverse=True)
    short, of_code = np.unique(without_zeros(codes), return_inverse=True)
    if len(short) == len(codes):
        return None
    of_row = of_code[code]
    _, group = np.unique(universe_list.keys(insee, short[of_row]), return_inverse=True)
    several = np.bincount(np.unique(group * len(codes) + code) // len(codes)) > 1
    found = several[group] & (short[of_row] != "")
    return _Writings(np.where(found, group, -1), code, codes) if found.any() else None


def told_apart(unit: Ints, by_zeros: Bools, bureau: Texts) -> Ints:
    """Units of the rows of some evidence without those that it names by two codes: each is of a bureau of its own.

    Args:
        unit: of each row, -1 for none.
        by_zeros: which of them were found by a code with other zeros.
        bureau: the code in each row.
    """
    if not by_zeros.any():
        return unit
    rows = np.flatnonzero(unit >= 0)
    units, first, at = np.unique(unit[rows], return_index=True, return_inverse=True)
    otherwise = bureau[rows] != bureau[rows[first]][at]
    if not otherwise.any():
        return unit
    twice = np.zeros(len(units), np.bool_)
    twice[at[otherwise]] = True
    apart = unit.copy()
    apart[rows[twice[at] & by_zeros[rows]]] = -1
    return apart


def doubtful_codes(universe: Universe, sheets: Mapping[str, Sheet], tables: Sequence[Published]) -> list[InputError]:
    """What has one only of two codes that other evidence tells apart: it may mean either.

    Args:
        universe: the bureaux; of an official list nothing is in doubt.
        sheets: by name of their table in a night.
        tables: published results.
    """
    groups = None if universe.official or not len(universe) else _groups_of(universe.insee, universe.bureau)
    if groups is None:
        return []
    members: dict[int, list[int]] = {}
    for at in np.flatnonzero(groups.of >= 0).tolist():
        members.setdefault(int(groups.of[at]), []).append(at)
    found: dict[tuple[str, int], dict[int, int]] = {}
    for shown, row, unit in _rows_of(universe, groups, sheets, tables):
        found.setdefault((shown, int(groups.of[unit])), {}).setdefault(unit, row)
    lacking = [(name, units) for name, units in found.items() if len(units) < len(members[name[1]])]
    problems = []
    for (shown, group), units in lacking[:MOST]:
        unit, row = next(iter(units.items()))
        got = msg(
            "{code}, where another table has {codes} as bureaux of their own; taken as it is written",
            code=str(universe.bureau[unit]),
            codes=series(str(universe.bureau[at]) for at in members[group]),
        )
        problems.append(InputError(shown, row, "bureau", msg("a code that can be of one bureau only"), got))
    return problems


def _rows_of(
    universe: Universe, groups: _Writings, sheets: Mapping[str, Sheet], tables: Sequence[Published]
) -> Iterator[tuple[str, int, int]]:
    """The name of the file or sheet, row and unit of all that is said of the bureaux of some groups."""
    kinds = (night.RECORDS, night.SIGNATURES, night.VOTES, night.TABULATION)
    for sheet in (sheets[kind.kind] for kind in kinds if kind.kind in sheets):
        unit = universe.find(sheet.texts["insee"], sheet.texts["bureau"])
        for row in np.flatnonzero((unit >= 0) & (groups.of[unit] >= 0)).tolist():
            yield sheet.shown(row), int(sheet.row[row]), int(unit[row])
    for table in tables:
        if table.level is Level.BUREAU:
            unit = universe.find(table.insee, table.bureau)
            for row in np.flatnonzero((unit >= 0) & (groups.of[unit] >= 0)).tolist():
                yield table.file, int(table.row[row]), int(unit[row])
