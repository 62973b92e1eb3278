"""What became of findings finds its bureau: a row for one that is not on the list is named, and not followed up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from protocol.accents import without_accents
from protocol.errors import InputError
from protocol.words import Text, msg
from verify.align.lists import Files
from verify.model.universe import Universe

if TYPE_CHECKING:
    from verify.model.follow_ups import FollowUp


def followed_up(files: Files, universe: Universe) -> tuple[FollowUp, ...]:
    """The follow-ups, with the codes of the list; the problems of the files get those of no commune or bureau of it.

    A commune may be named in place of its code, and a bureau without the zeros at its start: what was written before
    the codes were known stays with its bureau.
    """
    if not files.follow_ups and not files.sources.added:
        return ()
    from verify.read.follow_ups import read_additions

    added, problems = read_additions(files.sources.added, "--add")
    files.problems += problems
    communes = _communes(universe)
    found = []
    for each in (*files.follow_ups, *added):
        insee, bureau = _place(universe, communes, each.insee, each.bureau)
        if each.insee and not insee:
            _name(files, each, "insee", msg("the code or the name of a commune of the list"), each.insee)
        elif bureau is None:
            _name(files, each, "bureau", msg("a bureau of the list"), f"{insee} {each.bureau}")
        else:
            found.append(replace(each, insee=insee, bureau=bureau))
    return tuple(found)


def place_today(universe: Universe, insee: str, bureau: str) -> tuple[str, str | None]:
    """A bureau by its codes on the list, by the rules of `followed_up`.

    Args:
        universe: the list.
        insee: code or name of its commune.
        bureau: its code.

    Returns:
        The code of the commune, empty where there is none, and that of the bureau, None where there is none.
    """
    return _place(universe, _communes(universe), insee, bureau)


def _place(universe: Universe, communes: Mapping[str, str], insee: str, bureau: str) -> tuple[str, str | None]:
    code = communes.get(_plain(insee), "") if insee else ""
    return code, _bureau(universe, code, bureau)


def _communes(universe: Universe) -> Mapping[str, str]:
    """The INSEE code of each commune, by itself and by its name where only one has that."""
    named: dict[str, set[str]] = {}
    for name, insee in zip(universe.commune.tolist(), universe.insee.tolist(), strict=True):
        named.setdefault(_plain(name), set()).add(insee)
    by_name = {name: codes.pop() for name, codes in named.items() if name and len(codes) == 1}
    return by_name | {_plain(insee): insee for insee in universe.insee.tolist()}


def _plain(text: str) -> str:
    return without_accents(text).casefold().strip()


def _bureau(universe: Universe, insee: str, bureau: str) -> str | None:
    """The code of a bureau as the list has it; None where it has none."""
    if not bureau or universe.has(insee, bureau):
        return bureau
    near = universe.nearest(insee, bureau)
    return near if near is not None and near.lstrip("0").casefold() == bureau.lstrip("0").casefold() else None


def _name(files: Files, each: FollowUp, column: str, expected: Text, got: str) -> None:
    file, _, row = each.source.rpartition(":")
    files.problems.append(InputError(file, int(row), column, expected, got))
