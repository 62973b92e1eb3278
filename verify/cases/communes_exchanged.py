"""Communes of which a piece has each other's rows: two codes exchanged in a file, or several all round.

Told before bureaux are searched one by one: each of them would be said to have a wrong figure of its own, and the
bureaux that only one of the two communes has would be said to be missing, and to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from protocol.words import Message, Text, msg
from verify.cases.communes_wrong import LACKING, communes_wrong
from verify.cases.drafting import Drafting
from verify.cases.place_names import commune_of, listed
from verify.cases.put_back import FindingsOfBureaux, PutBack
from verify.cases.sources import SOURCES, taken_from
from verify.cases.subjects import FoundAt
from verify.cases.wording import in_piece
from verify.explanations.edits import Edits, totals
from verify.explanations.moves import copies_of, spread
from verify.explanations.side_by_side import VALID, VOTES, SideBySide, lay_out
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Ints
from verify.rulebook.causes import causes

_LEFT_BLANK = ("C118", "C119", "C120", "C121")
"""Findings that a bureau has some figures and lacks others: one commune's row and another one's votes by choice."""
_STRANGE = ("C108", "R226")
"""Findings that a row is of no bureau, or of one that has a row already."""
_TELLING = 20
"""A count from which on it is looked for in other communes: below, too many bureaux have it."""
_OF_TEN = 9
"""In how many of ten figures the rows of a commune have to be another one's."""
_LEAST_LEAD = 50
"""By how much it has to be cheaper to say of one piece that communes are exchanged in it than of another."""
_NAMED = 4
"""Communes that are named one by one at most."""
_LISTED = 2000
"""Bureaux of which corrections are given one by one at most."""

_Communes = tuple[int, ...]
"""Numbers of communes of which each has the rows of the next one, and the last one those of the first."""


def draft_communes_exchanged(evidence: LinedEvidence, drafting: Drafting, places: FoundAt) -> None:
    """A case for the communes of each exchange."""
    unit, poll = communes_wrong(evidence, drafting, places)
    if not len(unit) or len(np.unique(evidence.universe.commune_number[unit])) < 2:
        return
    grid = lay_out(evidence, unit, poll)
    found = _found(grid)
    if not found:
        return
    index: Ints = np.full(evidence.shape, -1, np.int64)
    index[unit, poll] = np.arange(len(unit))
    of = np.where(places.unit >= 0, index[places.unit, places.poll], -1)
    exchanges = _Exchanges(grid, drafting, FindingsOfBureaux(grid, drafting, of))
    for communes, pieces in found.items():
        exchanges.tell(communes, pieces)


# --- Which communes ---


_COUNTS, _BY_CHOICE = "counts", "votes by choice"
_Pieces = dict[tuple[int, _Communes], dict[str, set[int]]]
"""By piece, and whose rows each commune has there: in which columns, and in which polls of each."""


def _found(grid: SideBySide) -> dict[_Communes, _Pieces]:
    """By communes in their order, the pieces in which these have one another's rows."""
    found: dict[_Communes, _Pieces] = {}
    for piece, each in enumerate(grid.pieces):
        for columns, values, due in _held(grid, piece) if each.kind in SOURCES else ():
            for poll in np.unique(grid.poll).tolist():
                rows = np.flatnonzero(grid.poll == poll)
                for circle in _circles(_owners(grid.evidence, grid.unit[rows], values[rows], due[rows])):
                    parts = found.setdefault(tuple(sorted(circle)), {}).setdefault((piece, circle), {})
                    parts.setdefault(columns, set()).add(poll)
    return found


def _held(grid: SideBySide, piece: int) -> Iterator[tuple[str, Ints, Ints]]:
    """Columns of a piece, its figures and what should stand there; of votes by choice also by what they add up to."""
    values = grid.pieces[piece].values
    due = taken_from(grid, piece)
    yield _COUNTS, values[:, :VOTES], due[:, :VOTES]
    if (values[:, VOTES:] >= 0).any():
        for other in grid.pieces:
            if other is not grid.pieces[piece]:
                due = np.where(due >= 0, due, other.values)
        yield _BY_CHOICE, values[:, VOTES:], due[:, VOTES:]
        total, whole = totals(values, grid.sizes)
        yield _BY_CHOICE, np.where(whole, total, MISSING)[:, None], values[:, [VALID]]


def _owners(evidence: LinedEvidence, unit: Ints, values: Ints, due: Ints) -> dict[int, int]:
    """By commune, the one whose figures its rows have: but for one in ten, and not its own.

    Args:
        evidence: with the list of bureaux.
        unit: of each row, shape ``(n,)``.
        values: what stands there, shape ``(n, columns)``.
        due: what should, likewise.
    """
    universe = evidence.universe
    commune = universe.commune_number[unit]
    kept = _not_their_own(commune, values, due)
    unit, commune, values, due = unit[kept], commune[kept], values[kept], due[kept]
    _, code = np.unique(universe.bureau[unit], return_inverse=True)
    size, most = len(universe.communes), dict[int, tuple[int, int]]()
    pairs, same = np.unique(_alike(code, commune, values, due) @ np.array([size, 1]), return_counts=True)
    for pair, number in zip(pairs.tolist(), same.tolist(), strict=True):
        one, other = divmod(pair, size)
        most[one] = max(most.get(one, (0, -1)), (number, other))
    found = {}
    for one, (number, other) in most.items():
        here, there = (np.flatnonzero(commune == each) for each in (one, other))
        if one != other and number > 1 and _are_rows_of(code, values, due, here, there):
            found[one] = other
    return found


def _not_their_own(commune: Ints, values: Ints, due: Ints) -> Ints:
    """The rows of communes that have less than half of what is due of them; by the commune of each."""
    known = (values >= 0) & (due >= 0)
    of = np.bincount(commune, known.sum(axis=1))
    own = np.bincount(commune, (known & (values == due)).sum(axis=1))
    return np.flatnonzero(((of > 0) & (2 * own < of))[commune])


def _alike(code: Ints, commune: Ints, values: Ints, due: Ints) -> Ints:
    """The commune of a figure and that of which it is due in the same bureau and column; shape ``(n, 2)``."""
    cell = code[:, None] * values.shape[1] + np.arange(values.shape[1])
    commune = np.broadcast_to(commune[:, None], values.shape)
    is_here, is_due = values >= _TELLING, due >= _TELLING
    here, there = cell[is_here] << 32 | values[is_here], cell[is_due] << 32 | due[is_due]
    order = np.argsort(there, kind="stable")
    first, last = (np.searchsorted(there[order], here, side=side) for side in _SIDES)
    at, number = spread(first, last)
    return np.stack((commune[is_here][at], commune[is_due][order][number]), axis=1)


_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


def _are_rows_of(code: Ints, values: Ints, due: Ints, one: Ints, other: Ints) -> bool:
    """Whether some rows have what is due of others with the same codes, but for one figure in ten."""
    _, here, there = np.intersect1d(code[one], code[other], return_indices=True)
    mine, theirs = values[one[here]], due[other[there]]
    both = (mine >= 0) & (theirs >= 0)
    same = int(np.count_nonzero(both & (mine == theirs)))
    return same > 1 and 10 * same >= _OF_TEN * int(np.count_nonzero(both))


def _circles(owner: Mapping[int, int]) -> Iterator[_Communes]:
    """Communes of which each has the rows of the next, and the last one those of the first."""
    seen: set[int] = set()
    for start in sorted(owner):
        path: list[int] = []
        here = start
        while here in owner and here not in seen:
            seen.add(here)
            path.append(here)
            here = owner[here]
        if here in path:
            circle = path[path.index(here) :]
            lowest = circle.index(min(circle))
            yield (*circle[lowest:], *circle[:lowest])


# --- What is said of them ---


class _Exchanges:
    """Rows of communes put back, one exchange after another.

    Args:
        grid: bureaux and their figures.
        drafting: takes the cases.
        findings: of the bureaux.
    """

    def __init__(self, grid: SideBySide, drafting: Drafting, findings: FindingsOfBureaux) -> None:
        self._grid, self._drafting, self._findings = grid, drafting, findings
        self._edits, self._figures = Edits.of(grid), grid.figures.copy()
        self._commune = grid.evidence.universe.commune_number[grid.unit]
        self._names = grid.evidence.universe.commune_names()

    def tell(self, communes: _Communes, pieces: _Pieces) -> None:
        """A case for one of them, if that explains more than half of what is wrong there."""
        made = [
            each
            for (piece, circle), parts in pieces.items()
            for columns in self._columns(parts)
            for each in self._put_back(circle, piece, columns, set[int]().union(*parts.values()))
        ]
        if not made:
            return
        best = min(made, key=_cost)
        before = int(best.before.cost.sum())
        rivals = [each for each in made if each.piece != best.piece and _cost(each) - _cost(best) < _LEAST_LEAD]
        explained = self._findings.ended_by(best)
        if 2 * _cost(best) > before or not explained:
            return
        self._figures[best.rows] = best.right
        kinds = [self._edits.kinds[each.piece] for each in (best, *rivals)]
        insee = [self._insee(number) for number in communes]
        explained += self._of_rows(insee, set(kinds) | {self._edits.kinds[copy] for copy in _copied(best)})
        explained += self._without_a_row(best)
        sure = Sure.OPEN if rivals else Sure.LIKELY
        detail = self._detail(best, insee, kinds)
        self._drafting.add(causes()["communes-exchanged"], explained, sure, kinds[0], detail)

    def _insee(self, commune: int) -> str:
        universe = self._grid.evidence.universe
        return str(universe.insee[universe.communes[commune]])

    def _columns(self, parts: Iterable[str]) -> Iterator[list[int]]:
        """Columns that may have been exchanged: the counts and the votes by choice, or one of them."""
        counts, votes = list(range(VOTES)), list(range(VOTES, self._figures.shape[2]))
        yield counts + votes
        for part in parts:
            yield counts if part == _COUNTS else votes

    def _put_back(self, communes: _Communes, piece: int, columns: list[int], polls: set[int]) -> Iterator[PutBack]:
        """The rows of some communes, each back at its own: those that stand at the commune before it in the circle."""
        rows = np.flatnonzero(np.isin(self._commune, communes) & np.isin(self._grid.poll, sorted(polls)))
        was = self._figures[rows]
        right = was.copy()
        holder = dict(zip(communes, (communes[-1], *communes[:-1]), strict=True))
        at = {place: row for row, place in enumerate(self._places(rows))}
        source = np.array([at.get((holder[c], b, p), -1) for c, b, p in at], np.int64)
        own = was[:, piece][:, columns]
        there = (own >= 0).any(axis=1)
        moved = np.where((source >= 0)[:, None], own[source], -1)
        right[np.ix_(range(len(rows)), [piece], columns)] = np.where(there[:, None], moved, own)[:, None]
        cells, column = np.nonzero(right[:, piece] != was[:, piece])
        if not len(cells):
            return
        cell, copy = copies_of(self._edits.kinds, was[cells, :, column], np.full(len(cells), piece))
        right[cells[cell], copy, column[cell]] = right[cells[cell], piece, column[cell]]
        yield PutBack.of(self._edits, piece, columns, rows, was, right)

    def _places(self, rows: Ints) -> Iterator[tuple[int, str, int]]:
        """Commune, code and poll of some bureaux."""
        grid = self._grid
        bureau = grid.evidence.universe.bureau[grid.unit[rows]].tolist()
        return zip(self._commune[rows].tolist(), bureau, grid.poll[rows].tolist(), strict=True)

    def _of_rows(self, insee: Sequence[str], kinds: set[str]) -> list[int]:
        """Findings that a bureau of some communes has no row in some pieces, or that a row is of none."""
        drafting, keys = self._drafting, self._drafting.keys
        inside = np.isin(keys.places.insee, list(insee))[keys.place] & drafting.free()
        rows = np.flatnonzero(inside & keys.of(*LACKING, *_STRANGE, *_LEFT_BLANK)).tolist()
        kind_of = {row: LACKING.get(keys.codes[int(keys.code[row])]) or drafting.blamed(row) for row in rows}
        return [row for row, kind in kind_of.items() if kind in kinds or not kind]

    def _without_a_row(self, made: PutBack) -> list[int]:
        """Findings that another piece has no row of a bureau that has only one because of the exchange."""
        there, still = ((each[:, made.piece] >= 0).any(axis=1) for each in (made.was, made.right))
        gone = made.rows[there & ~still]
        universe, keys = self._grid.evidence.universe, self._drafting.keys
        units = {(str(universe.insee[unit]), str(universe.bureau[unit])) for unit in self._grid.unit[gone].tolist()}
        rows = np.flatnonzero(self._drafting.free() & keys.of(*LACKING)).tolist() if units else ()
        return [row for row in rows if keys.places[int(keys.place[row])] in units]

    def _detail(self, made: PutBack, insee: Sequence[str], kinds: Sequence[str]) -> CaseDetail:
        known = made.was[:, made.piece] != made.right[:, made.piece]
        values: dict[str, object] = {
            "communes": self._listed(insee),
            "there": in_piece(kinds[0]),
            "bureaux": int(np.count_nonzero(known.any(axis=1))),
        }
        if len(kinds) > 1:
            return CaseDetail(said=_either(values, in_piece(kinds[1])))
        said = msg("{communes} have one another's figures {there}, in {bureaux:n} bureaux", **values)
        corrections = tuple(made.corrections(self._grid)) if len(made.rows) <= _LISTED else ()
        return CaseDetail(corrections=corrections, agree=made.agreeing(), adds_up=made.adds_up(), said=said)

    def _listed(self, insee: Sequence[str]) -> Text:
        names = [commune_of(code, self._names.get(code, "")) for code in sorted(insee)]
        if len(names) <= _NAMED:
            return listed(names)
        return listed([*names[: _NAMED - 1], msg("{count:n} other communes", count=len(names) - _NAMED + 1)])


def _either(values: Mapping[str, object], or_there: Text) -> Message:
    return msg(
        "{communes} have one another's figures {there} or {or_there}, in {bureaux:n} bureaux; nothing tells in which "
        "of the two",
        **values,
        or_there=or_there,
    )


def _cost(made: PutBack) -> int:
    return int(made.after.cost.sum())


def _copied(made: PutBack) -> list[int]:
    """The pieces in which figures are put back as well."""
    return np.flatnonzero((made.right != made.was).any(axis=(0, 2))).tolist()
