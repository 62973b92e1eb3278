"""Which round is meant, where a file has tables of both and nobody says: the one that all else is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from protocol.quantities import Quantity
from protocol.words import msg
from verify.loading.opened import OpenedNight
from verify.model.published import Level, Published
from verify.model.stated import round_of
from verify.model.use import Used
from verify.read.sheet import Sheet
from verify.read.tables.asked import SeveralRounds, Voters, voters_of

_VOTERS = (Quantity.VOTES_FOUND, Quantity.SIGNATURES)


def round_meant(
    file: SeveralRounds, sheets: Iterable[Sheet], published: Sequence[Published], paths: Iterable[Path]
) -> int | None:
    """The round that the counts of all other evidence are of, else the one that it names, else the first.

    None where the others count the same bureaux, and these are the counts of neither round; or where it can only be
    told by counts.

    Args:
        file: that of both rounds.
        sheets: tables that were read.
        published: results that were read.
        paths: of all files that were given; names of files of both rounds say nothing.
    """
    sheets = list(sheets)
    others = [*voters_of_sheets(sheets), *_of_results(published)]
    shares = {number: _share(file, others, number) for number in (1, 2)}
    if shares[1] != shares[2] and max(shares.values()) * 2 >= 1:
        return max(shares, key=lambda number: shares[number])
    if not file.named:
        return None
    said = {piece.stated.round for sheet in sheets for piece in sheet.pieces} | {each.says.round for each in published}
    if len(known := said - {0}) == 1:
        return known.pop()
    if len(known := {round_of(path.stem) or 0 for path in paths} - {0}) == 1:
        return known.pop()
    codes = {code for pairs in others for code, _ in pairs}
    beside = any(code in codes for pairs in file.voters.values() for code, _ in pairs)
    return None if beside and not any(shares.values()) else 1


def leave_dumps(opened: OpenedNight, kind: str, rounds: Iterable[int], asked: int) -> bool:
    """Whether all dumps of a kind are of the round that was not asked for; each is then named as not used.

    Args:
        opened: all files that were looked at.
        kind: of the inputs.
        rounds: of those that are whole; of none nothing is said.
        asked: 1 or 2, 0 where nobody asked for one.
    """
    others = set(rounds)
    if not asked or len(others) != 1 or asked in others:
        return False
    [number] = others
    why = msg("of round {number}, which --round {number} reads", number=number)
    for at, each in enumerate(opened.inputs):
        if each.kind == kind:
            opened.inputs[at] = replace(each, kind="file", used=Used.NONE, why=why)
    return True


def _share(file: SeveralRounds, others: Sequence[Voters], number: int) -> float:
    """The greatest share of one round's bureaux that other evidence has with the same count."""
    own = file.voters.get(number, frozenset())
    bureaux = len({code for code, _ in own})
    return max((len({code for code, _ in own & pairs}) / bureaux for pairs in others), default=0.0) if bureaux else 0.0


def voters_of_sheets(sheets: Iterable[Sheet]) -> Iterator[Voters]:
    """Bureaux and how many voted there, by each table that has both."""
    for sheet in sheets:
        counts = [sheet.counts[name].tolist() for name in _VOTERS if name in sheet.counts]
        if counts and "bureau" in sheet.texts:
            yield voters_of(sheet.texts["bureau"].tolist(), *counts)


def _of_results(published: Iterable[Published]) -> Iterator[Voters]:
    for each in published:
        if each.level is Level.BUREAU:
            yield voters_of(each.bureau.tolist(), *(each.counts[name].tolist() for name in _VOTERS))
