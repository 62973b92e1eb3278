"""Whole communes whose rows in a piece are not their own: another commune's, or under another code.

Told before bureaux are searched one by one: each of them would be said to have a wrong figure of its own, and the
bureaux that only one of two communes has would be said to be missing, and to be unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from protocol.words import Message, Text, msg
from verify.cases.drafting import Drafting
from verify.cases.place_names import commune_of, listed
from verify.cases.subjects import FIGURES, GAPS, codes_about
from verify.cases.wide.operations import SOURCES, CaseDesk, ManyBureaux, WideOperation, taken_from
from verify.cases.wording import in_piece
from verify.columns.counts import gap
from verify.explanations.edits import totals
from verify.explanations.side_by_side import LIST, PUBLISHED, RECORD, VALID, VOTES, Row
from verify.explanations.slips import SMALL
from verify.model.cases import CaseDetail, Sure
from verify.model.figures import MISSING, Bools, Ints
from verify.model.universe import nearly

LACKING = {"C105": LIST, "C106": RECORD, "C107": PUBLISHED}
"""Findings that a bureau has no row, and the piece that has none."""
STRANGE = ("C108", "R226")
"""Findings that a row is of no bureau, or of one that has a row already."""
_LEFT_BLANK = ("C118", "C119", "C120", "C121")
"""Findings that a bureau has some figures and lacks others: one commune's row and another one's votes by choice."""
_OF_ROWS = FIGURES - GAPS - {"R213"}
_MOST = 20_000
"""Bureaux of such communes; of more nothing is looked for in whole communes."""
_TELLING = 20
"""A count from which on it is looked for elsewhere: below, too many bureaux have it."""
_OF_TEN = 9
"""In how many of ten figures the rows of a commune have to be another one's."""
_LEAST_LEAD = 50
"""By how much it has to be cheaper to say of one piece that communes are exchanged in it than of another."""
_NAMED = 4
"""Communes that are named one by one at most."""


def communes_wrong(desk: CaseDesk) -> tuple[Ints, Ints]:
    """The bureaux of communes in which most contradict themselves, by more than a small gap; units and polls."""
    evidence, gaps = desk.evidence, desk.evidence.once(gap)
    wrong, rowless = desk.bureaux_of(desk.free(*_OF_ROWS)), desk.bureaux_of(desk.free(*LACKING))
    if gaps is not None:
        wrong |= np.abs(gaps.values) >= SMALL
    commune = evidence.universe.commune_number
    of, looked_at = np.bincount(commune), np.zeros(evidence.shape, np.bool_)
    for poll in np.flatnonzero(wrong.any(axis=0)).tolist():
        either = np.bincount(commune[(wrong | rowless)[:, poll]], minlength=len(of))
        contradicting = np.bincount(commune[wrong[:, poll]], minlength=len(of))
        looked_at[:, poll] = ((contradicting > 0) & (2 * either > of))[commune]
    if np.count_nonzero(looked_at) > _MOST:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    unit, poll_of = looked_at.nonzero()
    return unit.astype(np.int64), poll_of.astype(np.int64)


def findings_on_rows(desk: CaseDesk, insee: Sequence[str], kinds: Collection[str]) -> list[int]:
    """Findings that a bureau of some communes has no row in some pieces, or not all of it, or that a row is of none."""
    drafting, keys = desk.drafting, desk.drafting.keys
    inside = np.isin(keys.places.insee, list(insee))[keys.place] & drafting.free()
    rows = np.flatnonzero(inside & keys.of(*LACKING, *STRANGE, *_LEFT_BLANK)).tolist()
    kind_of = {row: LACKING.get(keys.code_of(row)) or drafting.blamed(row) for row in rows}
    return [row for row, kind in kind_of.items() if kind in kinds or not kind]


# --- Communes exchanged ---

_Communes = tuple[int, ...]
"""Numbers of communes of which each has the rows of the next one, and the last one those of the first."""
_Pieces = dict[tuple[int, _Communes], dict[range, set[int]]]
"""By piece, and whose rows each commune has there: in which columns, and in which polls of each."""


def draft_communes_exchanged(desk: CaseDesk) -> None:
    """A case for the communes of each exchange: two codes exchanged in a file, or several all round."""
    unit, poll = communes_wrong(desk)
    if len(np.unique(desk.evidence.universe.commune_number[unit])) > 1:
        exchanges = _Exchanges(ManyBureaux(desk, unit, poll))
        for communes, pieces in exchanges.find().items():
            exchanges.tell(communes, pieces)


class _Exchanges:
    """Rows of communes put back, one exchange after another."""

    def __init__(self, bureaux: ManyBureaux) -> None:
        self._bureaux, self._grid = bureaux, bureaux.grid
        self._universe = bureaux.grid.evidence.universe
        self._commune = self._universe.commune_number[bureaux.grid.unit]

    def find(self) -> dict[_Communes, _Pieces]:
        """By communes in their order, the pieces in which these have one another's rows."""
        found: dict[_Communes, _Pieces] = {}
        for piece, kind in enumerate(self._bureaux.kinds):
            for columns, values, due in self._held(piece) if kind in SOURCES else ():
                for poll in np.unique(self._grid.poll).tolist():
                    rows = np.flatnonzero(self._grid.poll == poll)
                    for circle in _circles(self._owners(self._grid.unit[rows], values[rows], due[rows])):
                        parts = found.setdefault(tuple(sorted(circle)), {}).setdefault((piece, circle), {})
                        parts.setdefault(columns, set()).add(poll)
        return found

    def _held(self, piece: int) -> Iterator[tuple[range, Ints, Ints]]:
        """Columns of a piece, its figures and what should stand there; votes by choice also by what they add up to."""
        figures = self._bureaux.figures
        values, due = figures[:, piece], taken_from(self._bureaux.kinds, figures, piece)
        yield range(VOTES), values[:, :VOTES], due[:, :VOTES]
        by_choice = range(VOTES, values.shape[1])
        if (values[:, VOTES:] >= 0).any():
            for other in range(len(self._bureaux.kinds)):
                if other != piece:
                    due = np.where(due >= 0, due, figures[:, other])
            yield by_choice, values[:, VOTES:], due[:, VOTES:]
            total, whole = totals(values, self._grid.sizes)
            yield by_choice, np.where(whole, total, MISSING)[:, None], values[:, [VALID]]

    def _owners(self, unit: Ints, values: Ints, due: Ints) -> dict[int, int]:
        """By commune, the one whose figures its rows have: but for one in ten, and not its own.

        Args:
            unit: of each row, shape ``(n,)``.
            values: what stands there, shape ``(n, columns)``.
            due: what should, likewise.
        """
        commune = self._universe.commune_number[unit]
        kept = _not_their_own(commune, values, due)
        code = self._universe.bureau[unit[kept]].tolist()
        stated, wanted = (_by_cell(commune[kept].tolist(), code, figures[kept].tolist()) for figures in (values, due))
        having: dict[tuple[_Cell, int], list[int]] = {}
        for other, cells in wanted.items():
            for each in cells.items():
                having.setdefault(each, []).append(other)
        found = {}
        for one, cells in stated.items():
            telling = (each for each in cells.items() if each[1] >= _TELLING)
            [(other, _), *_] = Counter(o for each in telling for o in having.get(each, ())).most_common(1) or [(one, 0)]
            both = cells.keys() & wanted[other].keys()
            same = sum(cells[cell] == wanted[other][cell] for cell in both)
            if one != other and same > 1 and 10 * same >= _OF_TEN * len(both):
                found[one] = other
        return found

    def tell(self, communes: _Communes, pieces: _Pieces) -> None:
        """A case for one of them, if that explains more than half of what is wrong there."""
        made = [
            each
            for (piece, circle), parts in pieces.items()
            for columns in (range(self._bureaux.figures.shape[2]), *parts)
            for each in self._put_back(circle, piece, list(columns), set[int]().union(*parts.values()))
        ]
        if not made:
            return
        cost = [int(each.after.cost.sum()) for each in made]
        least = min(cost)
        best = made[cost.index(least)]
        rivals = [
            each for each, by in zip(made, cost, strict=True) if each.piece != best.piece and by - least < _LEAST_LEAD
        ]
        if 2 * least > int(best.before.cost.sum()) or not self._bureaux.ended_by(best):
            return
        kinds = [self._bureaux.kinds[each.piece] for each in (best, *rivals)]
        insee = [str(self._universe.insee[self._universe.communes[number]]) for number in communes]
        changed = {self._bureaux.kinds[piece] for piece in best.changed_pieces()}
        also = [*findings_on_rows(self._bureaux.desk, insee, {*kinds, *changed}), *self._without_a_row(best)]
        sure = Sure.OPEN if rivals else Sure.LIKELY
        self._bureaux.draft("communes-exchanged", best, sure, self._said(best, insee, kinds), also=also)

    def _put_back(
        self, communes: _Communes, piece: int, columns: list[int], polls: set[int]
    ) -> Iterator[WideOperation]:
        """The rows of some communes, each back at its own: those that stand at the commune before it in the circle."""
        rows = np.flatnonzero(np.isin(self._commune, communes) & np.isin(self._grid.poll, sorted(polls)))
        holder = dict(zip(communes, (communes[-1], *communes[:-1]), strict=True))
        at = {place: row for row, place in enumerate(self._places(rows))}
        source = np.array([at.get((holder[c], b, p), -1) for c, b, p in at], np.int64)
        figures = self._bureaux.figures[rows]
        right, due = figures[:, piece], taken_from(self._bureaux.kinds, figures, piece)[:, columns]
        own = right[:, columns]
        moved = (due < 0).all(axis=1) & (own >= 0).any(axis=1)
        moved[_not_their_own(np.arange(len(rows)), own, due)] = True
        right[:, columns] = np.where(moved[:, None], np.where((source >= 0)[:, None], own[source], MISSING), own)
        made = self._bureaux.operation(piece, rows, right)
        if made.columns:
            yield made

    def _places(self, rows: Ints) -> Iterator[tuple[int, str, int]]:
        """Commune, code and poll of some bureaux."""
        bureau = self._universe.bureau[self._grid.unit[rows]].tolist()
        return zip(self._commune[rows].tolist(), bureau, self._grid.poll[rows].tolist(), strict=True)

    def _without_a_row(self, made: WideOperation) -> list[int]:
        """Findings that another piece has no row of a bureau that has only one because of the exchange."""
        there, still = ((each[:, made.piece] >= 0).any(axis=1) for each in (made.was, made.right))
        desk, units = self._bureaux.desk, self._grid.unit[made.rows[there & ~still]]
        return np.flatnonzero(desk.free(*LACKING) & np.isin(desk.places.unit, units)).tolist()

    def _said(self, made: WideOperation, insee: Sequence[str], kinds: Sequence[str]) -> Message:
        changed = (made.was[:, made.piece] != made.right[:, made.piece]).any(axis=1)
        values: dict[str, object] = {
            "communes": self._listed(insee),
            "there": in_piece(kinds[0]),
            "bureaux": int(np.count_nonzero(changed)),
        }
        if len(kinds) > 1:
            return msg(
                "{communes} have one another's figures {there} or {or_there}, in {bureaux:n} bureaux; nothing tells in "
                "which of the two",
                **values,
                or_there=in_piece(kinds[1]),
            )
        return msg("{communes} have one another's figures {there}, in {bureaux:n} bureaux", **values)

    def _listed(self, insee: Sequence[str]) -> Text:
        names = self._universe.commune_names()
        named = [commune_of(code, names.get(code, "")) for code in sorted(insee)]
        if len(named) <= _NAMED:
            return listed(named)
        return listed([*named[: _NAMED - 1], msg("{count:n} other communes", count=len(named) - _NAMED + 1)])


def _not_their_own(of: Ints, values: Ints, due: Ints) -> Ints:
    """The rows that have less than half of what is due of them, together with those of the same number."""
    known = (values >= 0) & (due >= 0)
    number = np.bincount(of, known.sum(axis=1))
    own = np.bincount(of, (known & (values == due)).sum(axis=1))
    return np.flatnonzero(((number > 0) & (2 * own < number))[of])


_Cell = tuple[str, int]
"""The code of a bureau, and a column."""


def _by_cell(communes: Sequence[int], codes: Sequence[str], rows: Sequence[Row]) -> dict[int, dict[_Cell, int]]:
    """The figures of each commune."""
    found: dict[int, dict[_Cell, int]] = {}
    for commune, code, row in zip(communes, codes, rows, strict=True):
        own = found.setdefault(commune, {})
        own.update({(code, column): value for column, value in enumerate(row) if value >= 0})
    return found


def _circles(owner: Mapping[int, int]) -> Iterator[_Communes]:
    """Communes of which each has the rows of the next, and the last one those of the first."""
    for start in sorted(owner):
        path = [start]
        while owner.get(path[-1], start) not in path:
            path.append(owner[path[-1]])
        if owner.get(path[-1]) == start == min(path):
            yield tuple(path)


_OTHERSLACKING = ("C101", "C113", "C119")
"""Further ones that a commune has which is none."""
TELLING = 10
"""Bureaux from which on the same codes of bureaux are enough, whatever the two codes of the communes look like."""
_DIGITS = 4


_Rows = dict[str, list[int]]
"""Findings on the rows of a commune in one piece, by the codes of their bureaux."""


def draft_booked_elsewhere(desk: CaseDesk) -> None:
    """A case for each commune of which a piece has the rows under another code."""
    lacking = _by_commune(desk.drafting, *LACKING)
    if not lacking:
        return
    same: dict[tuple[str, frozenset[str]], list[str]] = {}
    for (piece, commune), lacks in lacking.items():
        same.setdefault((piece, frozenset(lacks)), []).append(commune)
    for (piece, code), rows in _by_commune(desk.drafting, *STRANGE).items():
        right = [commune for commune in nearly(code) if _are_alike(rows, lacking.get((piece, commune), {}))]
        if not right and len(rows) >= TELLING:
            right = same.get((piece, frozenset(rows)), [])
        if len(right) == 1 and (piece, right[0]) in lacking:
            _draft(desk, piece, (code, right[0]), rows, lacking.pop((piece, right[0])))


def _are_alike(rows: _Rows, lacks: _Rows) -> bool:
    """Check that these are, but for one in ten, the bureaux that a commune lacks."""
    return bool(lacks) and 10 * len(rows.keys() & lacks.keys()) >= _OF_TEN * max(len(rows), len(lacks))


def _draft(desk: CaseDesk, piece: str, codes: Sequence[str], rows: _Rows, lacks: _Rows) -> None:
    """A case of the rows under the first of two codes, and of those that the commune of the second one lacks."""
    drafting, places, names = desk.drafting, desk.places, desk.evidence.universe.commune_names()
    found = [row for some in rows.values() for row in some]
    units = places.unit[found]
    beside: Bools = np.isin(places.unit, units[units >= 0]) & drafting.free()
    beside &= drafting.keys.of(*codes_about(piece), *_OTHERSLACKING, *STRANGE) & (places.unit >= 0)
    code, right = (commune_of(each, names.get(each, "")) for each in codes)
    said = msg(
        "{count:n} bureaux stand under {code} {there}, which are probably those of {right}: it has none there",
        count=len(rows),
        code=code,
        right=right,
        there=in_piece(piece),
    )
    found += [*(row for some in lacks.values() for row in some), *np.flatnonzero(beside).tolist()]
    drafting.add("booked-elsewhere", found, Sure.LIKELY, piece, CaseDetail(said=said))


def _by_commune(drafting: Drafting, *codes: str) -> dict[tuple[str, str], _Rows]:
    """The findings of some rules by piece and commune."""
    keys = drafting.keys
    found: dict[tuple[str, str], _Rows] = {}
    if not any(code in keys.codes for code in codes):
        return found
    rows = np.flatnonzero(drafting.free() & keys.of(*codes))
    for row in rows.tolist() if len(rows) <= _MOST else ():
        insee, bureau = keys.place_of(row)
        piece = LACKING.get(keys.code_of(row)) or drafting.blamed(row)
        found.setdefault((piece, insee), {}).setdefault(bureau.zfill(_DIGITS), []).append(row)
    return found
