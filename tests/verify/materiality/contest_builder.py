"""Contests for tests, from a few rows of figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verify.materiality.contest import BureauNames, Bureaux, ContestCount, Scope
from verify.materiality.kinds import Ballot, ElectionKind


@dataclass(frozen=True)
class Row:
    """One bureau: votes by choice, votes beyond the signatures (negative: fewer), and what else differs from nothing.

    ``valid`` is the sum of the votes where it is not given, ``blank`` is what of the votes found is not valid.
    """

    votes: tuple[int, ...]
    gap: int = 0
    registered: int = 1000
    valid: int | None = None
    blank: int = 0
    explained: int = 0
    contested: int = 0
    over: int = 0
    kept_out: int = 0
    irregular: bool = False


def contest(
    kind: ElectionKind | None,
    rows: Sequence[Row],
    *,
    round_: int = 1,
    seats: int | None = None,
    closed: bool = True,
    choices: tuple[str, ...] = (),
) -> ContestCount:
    """A contest of these bureaux, named 0001 and so on, and of choices A, B, C and so on."""
    valid = [sum(row.votes) if row.valid is None else row.valid for row in rows]
    found = [count + row.blank for count, row in zip(valid, rows, strict=True)]
    bureaux = Bureaux(
        names=BureauNames(np.array([f"{number:04}" for number in range(1, len(rows) + 1)], np.str_)),
        registered=np.array([row.registered for row in rows], np.int64),
        found=np.array(found, np.int64),
        signed=np.array([count - row.gap for count, row in zip(found, rows, strict=True)], np.int64),
        valid=np.array(valid, np.int64),
        votes=np.array([row.votes for row in rows], np.int64),
        explained=np.array([row.explained for row in rows], np.int64),
        contested=np.array([row.contested for row in rows], np.int64),
        over=np.array([row.over for row in rows], np.int64),
        kept_out=np.array([row.kept_out for row in rows], np.int64),
        irregular=np.array([row.irregular for row in rows], np.bool_),
    )
    names = choices or tuple(chr(ord("A") + choice) for choice in range(len(rows[0].votes)))
    ballot = None if kind is None else Ballot(kind, round_, seats)
    scope = Scope(len(rows), len(rows), len(rows), closed)
    return ContestCount(names, ballot, bureaux, bureaux.totals(), scope)
