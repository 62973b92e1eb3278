"""Cases by the codes of a bureau's findings alone, where no figure has to be weighed against another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from verify.cases.drafting import Drafting
from verify.cases.everywhere import Everywhere
from verify.model.cases import Sure
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingKeys
from verify.rulebook.causes import Cause, causes

_POLLS = 64
"""Above all numbers of polls."""


def draft_by_signs(drafting: Drafting, everywhere: Everywhere, *, first: bool) -> None:
    """Put every finding that has no case yet into one, by the codes that its bureau has in its poll.

    Args:
        drafting: what there is already.
        everywhere: which findings are of nearly all bureaux.
        first: only the causes that are told before figures are weighed.
    """
    keys = drafting.keys
    if first and _told_first().isdisjoint(keys.codes):
        return
    free = np.flatnonzero(drafting.free())
    if not len(free):
        return
    groups = _groups(drafting, free)
    order = np.argsort(groups, kind="stable")
    rows, group = free[order], groups[order]
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    names, label = _labels(keys)
    name_of = label[rows]
    sets, of = _code_sets(names, name_of, starts)
    of_row = np.repeat(of, np.diff(np.append(starts, len(rows))))
    together: dict[str, list[Ints]] = {}
    shared: dict[str, list[Ints]] = {}
    alike: dict[str, list[Ints]] = {}
    for index, codes in enumerate(sets):
        here = np.flatnonzero(of_row == index)
        for cause, taken in explain(codes, first=first):
            among = here[np.array([name in taken for name in names], np.bool_)[name_of[here]]]
            if cause.together:
                together.setdefault(cause.name, []).append(rows[among])
            elif cause.alike:
                alike.setdefault(cause.name, []).append(among)
            elif cause.shared:
                shared.setdefault(cause.name, []).append(among)
            else:
                _add(drafting, cause, rows[among], group[among])
    for name, parts in together.items():
        _by_commune(drafting, causes()[name], np.concatenate(parts), everywhere)
    for name, parts in shared.items():
        chosen = np.concatenate(parts)
        _add(drafting, causes()[name], rows[chosen], _of_bureau(group[chosen]))
    for name, parts in alike.items():
        cause, chosen = causes()[name], np.concatenate(parts)
        of = _of_bureau(group[chosen]) if cause.shared else group[chosen]
        _add(drafting, cause, rows[chosen], everywhere.together(drafting, rows[chosen], of))


@cache
def explain(codes: frozenset[str], *, first: bool = False) -> tuple[tuple[Cause, frozenset[str]], ...]:
    """The causes of the findings of one bureau, each with the codes that it takes; codes of no cause are left out."""
    left, found = set(codes), []
    for sign, cause in _by_length():
        if sign <= left and (cause.first or not first):
            taken = frozenset(name for name in left if name in sign or name.partition(".")[0] in cause.explains)
            found.append((cause, taken))
            left -= taken
    return tuple(found)


@cache
def _by_length() -> tuple[tuple[frozenset[str], Cause], ...]:
    """All signs, those of more codes first, then in the order of the table."""
    every = [(sign, cause) for cause in causes().values() for sign in cause.signs]
    return tuple(sorted(every, key=lambda each: -len(each[0])))


@cache
def _told_first() -> frozenset[str]:
    """The codes in signs of the causes that are told before figures are weighed."""
    signs = (sign for sign, cause in _by_length() if cause.first)
    return frozenset(name.partition(".")[0] for sign in signs for name in sign)


def _groups(drafting: Drafting, rows: Ints) -> Ints:
    """A number for each place and poll, and for each file of those that are of no place.

    Findings of no poll go with the only poll that their place has.
    """
    keys = drafting.keys
    place, poll = keys.place[rows], keys.poll[rows]
    polls: Ints = np.zeros(len(keys.places), np.int64)
    np.maximum.at(polls, place, poll)
    several: Bools = np.zeros(len(keys.places), np.bool_)
    several[place[(poll > 0) & (poll != polls[place])]] = True
    groups = place * _POLLS + np.where((poll == 0) & ~several[place], polls[place], poll)
    nowhere = np.flatnonzero(place < np.searchsorted(keys.places.insee, "", side="right"))  # these come first
    nowhere = nowhere[keys.places.bureau[place[nowhere]] == ""]
    files: dict[str, int] = {}
    for at in nowhere.tolist():
        file = drafting.file_of(int(rows[at]))
        groups[at] = -1 - files.setdefault(file, len(files))
    return np.asarray(groups, np.int64)


def _labels(keys: FindingKeys) -> tuple[list[str], Ints]:
    """What signs call findings: the code, with the rule's case where a sign names it; and the index of each one's."""
    names = [*keys.codes]
    label = keys.code.copy()
    for name, code, case in _of_cases():
        if case in keys.cases and code in keys.codes:
            names.append(name)
            label[(keys.code == keys.codes.index(code)) & (keys.case == keys.cases.index(case))] = len(names) - 1
    return names, label


@cache
def _of_cases() -> tuple[tuple[str, str, str], ...]:
    """Names in signs that name a rule's case, each once: the name itself, the code, the case."""
    named = dict.fromkeys(name for sign, _ in _by_length() for name in sorted(sign))
    parts = ((name, *name.split(".", 1)) for name in named if "." in name)
    return tuple((name, code, case) for name, code, case in parts)


def _code_sets(names: Sequence[str], label: Ints, starts: Ints) -> tuple[list[frozenset[str]], Ints]:
    """The different sets of codes that groups of findings have, and the index of each group's."""
    words = (len(names) + 63) // 64
    bits = np.zeros((len(starts), words), np.uint64)
    for word in range(words):
        inside = (label >= 64 * word) & (label < 64 * word + 64)
        flags = np.where(inside, np.uint64(1) << (label - 64 * word).clip(0, 63).astype(np.uint64), np.uint64(0))
        bits[:, word] = np.bitwise_or.reduceat(flags, starts)
    if words == 1:
        numbers, of = np.unique(bits[:, 0], return_inverse=True)
        sets = numbers[:, None]
    else:
        sets, of = np.unique(bits, axis=0, return_inverse=True)
    named = [
        frozenset(name for at, name in enumerate(names) if int(row[at // 64]) >> (at % 64) & 1) for row in sets.tolist()
    ]
    return named, np.asarray(of, np.int64).reshape(-1)


def _add(drafting: Drafting, cause: Cause, rows: Ints, group: Ints) -> None:
    drafting.add_groups(cause, rows, group, Sure.OPEN if cause.open else Sure.LIKELY)


def _of_bureau(group: Ints) -> Ints:
    """The number of a bureau in all of its polls, by that of each poll, as `_groups` gives it."""
    return np.where(group < 0, group, group // _POLLS * _POLLS)


def _by_commune(drafting: Drafting, cause: Cause, rows: Ints, everywhere: Everywhere) -> None:
    """One case for all bureaux of a commune that lack the same thing, or for all bureaux where there is none of it.

    Those of which nothing else was given are a case of their own: among them one that lacks a piece would drown.
    """
    keys, unit = drafting.keys, everywhere.unit[rows]
    nowhere = keys.of(*everywhere.nowhere)[rows]
    alone = ~nowhere & (unit >= 0) & np.append(everywhere.alone, False)[unit]
    commune = 2 * np.where(nowhere, 0, keys.commune[keys.place[rows]]) + alone
    drafting.add_groups(cause, rows, commune * len(keys.codes) + keys.code[rows], Sure.LIKELY)
