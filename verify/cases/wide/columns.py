"""Cases of whole columns: what stands in the columns of a file belongs in others, or is something else.

Two headers exchanged, several columns that have moved on by one, percentages, sums from bureau to bureau, counts cut at
the separator of thousands: of two pieces side by side the one has in its columns what the other has in others. Told
before bureaux are searched one by one: each of them would say the same, and a nation of them is never searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from protocol.words import Message, Text, msg
from verify.cases.drafting import grouped
from verify.cases.place_names import listed
from verify.cases.subjects import GAPS, OWN
from verify.cases.wide.operations import CaseDesk, ManyBureaux, WideOperation
from verify.cases.wording import in_piece
from verify.columns.counts import gap, signatures, votes_found
from verify.explanations.certainty import CERTAIN
from verify.explanations.edits import by_sums
from verify.explanations.permutations import assign
from verify.explanations.side_by_side import (
    COLUMNS,
    FOUND,
    NULL,
    PUBLISHED,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    VALID,
    VOTES,
)
from verify.explanations.slips import NOT_WRITTEN, SMALL, cost_of
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Ints
from verify.model.findings import Finding
from verify.model.labels import field_label
from verify.rulebook.causes import causes

_THOUSAND = 1000
_PLACES = 10 ** np.arange(18)
_MANY = 10
"""Bureaux of which counts may be sorted by size, and not so by chance; or which have zeros where their sums want more,
as few may all have another figure wrong."""


@dataclass(frozen=True, slots=True)
class ColumnContents:
    """A column of some bureaux: what stands there, what should, and what is needed to tell how they go together.

    Attributes:
        here, due: counts, shape ``(n,)``; all are known.
        registered: voters, MISSING where they are not known, shape ``(n,)``.
        row: the other counts of the row, MISSING for this one, shape ``(n, columns)``.
        scope: a number for each bureau, shape ``(n,)``.
        by_sums: whether nothing but sums of the piece itself says what should stand there.
    """

    here: Ints
    due: Ints
    registered: Ints
    row: Ints
    scope: Ints
    by_sums: bool


def _absentees(column: ColumnContents) -> Bools:
    return np.asarray((column.registered >= 0) & (column.here == column.registered - column.due), np.bool_)


def _percentages(column: ColumnContents) -> Bools:
    apart = np.abs(column.here * column.registered - 100 * column.due)
    return np.asarray((column.registered > 0) & (apart < column.registered) & (column.here > 0), np.bool_)


def _summed_up(column: ColumnContents) -> Bools:
    order = np.lexsort((column.here, column.scope))
    here, scope = column.here[order], column.scope[order]
    before = np.where(np.append(True, scope[1:] != scope[:-1]), 0, np.append(0, here[:-1]))
    fits: Bools = np.zeros(len(order), np.bool_)
    fits[order] = here - before == column.due[order]
    return fits


def _cut(column: ColumnContents) -> Bools:
    cut = np.where(column.due >= _THOUSAND, column.due // _THOUSAND, column.due)
    return np.asarray(column.here == cut, np.bool_)


def _last_digit(column: ColumnContents) -> Bools:
    return np.asarray((column.here == column.due // 10) & (column.here > 0), np.bool_)


def _misread(column: ColumnContents) -> Bools:
    here, due = (each[:, None] // _PLACES % 10 for each in (column.here, column.due))
    off, last = (here != due).any(axis=1), (np.arange(len(here)), (here != due).argmax(axis=1))
    number = 100 * column.scope + 10 * due[last] + here[last]
    read = np.bincount(number[off], minlength=100 * (int(column.scope.max()) + 1)).reshape(-1, 100)
    digit, other = np.divmod(read.argmax(axis=1)[column.scope], 10)
    written = (due == digit[:, None]) & (column.due[:, None] >= _PLACES)
    return np.asarray((here == np.where(written, other[:, None], due)).all(axis=1), np.bool_)


def _zeros(column: ColumnContents) -> Bools:
    enough = np.bincount(column.scope) >= _MANY
    return np.asarray((column.here == 0) & (enough[column.scope] | (not column.by_sums)), np.bool_)


def _another_column(column: ColumnContents) -> Bools:
    same = (column.row == column.here[:, None]) & (column.row > 0)
    of = np.bincount(np.nonzero(same)[1], minlength=column.row.shape[1])
    return np.asarray(same[:, int(np.argmax(of))], np.bool_)


def _sorted(column: ColumnContents) -> Bools:
    size = int(column.scope.max()) + 1
    by_here, by_due = (np.lexsort((each, column.scope)) for each in (column.here, column.due))
    same: Bools = np.zeros(len(column.here), np.bool_)
    same[by_here] = column.here[by_here] == column.due[by_due]
    ordered: Bools = np.ones((2, size), np.bool_)
    beside = column.scope[1:] == column.scope[:-1]
    for way, sign in enumerate((1, -1)):
        falls = beside & (sign * column.here[1:] < sign * column.here[:-1])
        ordered[way, column.scope[1:][falls]] = False
    enough = np.bincount(column.scope, minlength=size) >= _MANY
    return np.asarray(same & (ordered.any(axis=0) & enough)[column.scope], np.bool_)


def _added(column: ColumnContents) -> Bools:
    by, size = column.here - column.due, int(column.scope.max()) + 1
    pairs, which, number = np.unique(np.stack((column.scope, by)), axis=1, return_inverse=True, return_counts=True)
    order = np.argsort(np.where(pairs[1] == 0, 0, number), kind="stable")
    most = np.full(size, -1, np.int64)
    most[pairs[0, order]] = order  # of each scope the last one, which most have
    return np.asarray((which.reshape(-1) == most[column.scope]) & (np.abs(by) >= SMALL), np.bool_)


CONTENTS: dict[str, tuple[Callable[[ColumnContents], Bools], Message]] = {
    "absentees": (_absentees, msg("{field} {there} are those who did not take part, in {bureaux:n} bureaux")),
    "percentages": (_percentages, msg("{field} {there} are percentages, in {bureaux:n} bureaux")),
    "summed-up": (_summed_up, msg("{field} {there} are summed up from bureau to bureau, in {bureaux:n} bureaux")),
    "cut": (_cut, msg("{field} {there} are cut behind their thousands, in {bureaux:n} bureaux")),
    "last-digit": (_last_digit, msg("{field} {there} lack their last digit, in {bureaux:n} bureaux")),
    "misread": (_misread, msg("{field} {there} have one digit read as another, in {bureaux:n} bureaux")),
    "zeros": (_zeros, msg("{field} {there} are zeros, in {bureaux:n} bureaux")),
    "added": (_added, msg("{field} {there} are off by one and the same number, in {bureaux:n} bureaux")),
    "another": (_another_column, msg("{field} {there} are the figures of another column, in {bureaux:n} bureaux")),
    "sorted": (_sorted, msg("{field} {there} are sorted by size, and not by bureau, in {bureaux:n} bureaux")),
}
"""By name, where a column holds it, and what is said of that."""


LEAST_BUREAUX, LEAST_EVERYWHERE = 3, 20
"""Bureaux that have to show it in a commune, where fewer may have been written wrong one by one, and everywhere."""
_OF_TEN = 9
"""In how many of ten bureaux the columns have to be each other's: others may have a slip of their own."""
_NAMED = 3
"""Columns that are named, where there are more than one other."""
_MOST = 20_000
_ROUNDS = 3
"""Operations of one scope that are told one after another."""
_OF_TWO_COLUMNS = ("R212", "R215", "T301")
"""Findings of which one can be all that is said of two columns."""
_OF_ONE_COLUMN = "R205"
"""One that is all that is said of the one column of a list; of more than `_MOST` of them nothing is looked for."""
_COPIED = {FOUND: SIGNATURES, SIGNATURES: FOUND}
"""Of two counts of voters the one that may be copied from the other bureau by bureau: such a copy has its own cause."""


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Columns of a piece that hold one another's figures, or something else.

    Attributes:
        piece: that they stand in.
        holds: of each column the one whose figures stand in it; itself where something else does.
        instead: by name, what they hold instead; else empty.
        source: then the piece that has what they should hold, -1 where sums of the piece itself say it.
    """

    piece: int
    holds: tuple[tuple[int, int], ...]
    instead: str = ""
    source: int = -1

    @property
    def columns(self) -> list[int]:
        """The columns."""
        return [column for column, _ in self.holds]


_Proposal = tuple[_Exchange, int]
"""A possible explanation of a scope, and the number of that scope."""


def draft_columns(desk: CaseDesk) -> None:
    """A case for each file and commune in which columns hold one another's figures, or something else."""
    looked_at, mostly = _looked_at(desk)
    unit, poll = (each.astype(np.int64) for each in looked_at.nonzero())
    if len(unit):
        columns = _Columns(desk, unit, poll)
        everywhere = np.where(mostly[unit, poll], poll, len(desk.evidence.polls) + columns.commune)
        for _ in range(_ROUNDS):
            if not (columns.tell(everywhere, LEAST_EVERYWHERE) | columns.tell(columns.commune, LEAST_BUREAUX)):
                break


def _looked_at(desk: CaseDesk) -> tuple[Bools, Bools]:
    """The bureaux of communes in which some contradict themselves in two columns, and those in which most do.

    Of shape ``(units, polls)`` each.
    """
    places, number = desk.places, np.zeros(desk.evidence.shape, np.int64)
    one_column = desk.at_bureaux(_OF_ONE_COLUMN)
    twice = desk.at_bureaux(*_OF_TWO_COLUMNS) | (one_column & (np.count_nonzero(one_column) <= _MOST))
    for findings in (desk.at_bureaux(*OWN), twice):
        np.add.at(number, (places.unit[findings], places.poll[findings]), 1)
    wrong, size = number > 1, len(number)
    some, of = desk.of_communes(wrong), desk.of_communes(np.ones_like(wrong))
    everywhere = (2 * np.count_nonzero(wrong, axis=0) >= size) & (size >= LEAST_EVERYWHERE)
    return (some >= LEAST_BUREAUX) | everywhere, (2 * some >= of) | everywhere


class _Columns(ManyBureaux):
    """Whole columns put back one after another."""

    @property
    def _written(self) -> list[int]:
        return [at for at, kind in enumerate(self.kinds) if kind != UNIVERSE]

    def tell(self, scope: Ints, least: int) -> bool:
        """Put back what explains each scope best, with a case; whether there is anything.

        Args:
            scope: a number for each bureau, shape ``(n,)``.
            least: bureaux of a scope in which a column has to be wrong.
        """
        found: dict[int, dict[_Exchange, None]] = {}
        for exchange, number in (*self._exchanged(scope, least), *self._holding_other(scope, least)):
            found.setdefault(number, {})[exchange] = None
        return sum(self._draft(np.flatnonzero(scope == number), some) for number, some in found.items()) > 0

    def _put_back(self, rows: Ints, exchange: _Exchange) -> WideOperation:
        """The columns of some bureaux back in their places; a bureau in which one figure is lacking stays as it is."""
        was = self.figures[rows, exchange.piece]
        due = self._due(rows, exchange.piece, exchange.source) if exchange.instead else was
        columns = exchange.columns
        whole = (was[:, columns] >= 0).all(axis=1) & (due[:, columns] >= 0).all(axis=1)
        right = was.copy()
        for column, belongs in exchange.holds:
            right[whole, belongs] = due[whole, column]
        made = self.operation(exchange.piece, rows, right)
        stays = (made.after.cost >= made.before.cost) & (right != was).any(axis=1)
        if exchange.instead or not stays.any():
            return made
        right[stays] = was[stays]  # a row in which nothing was exchanged
        return self.operation(exchange.piece, rows, right)

    def _due(self, rows: Ints, piece: int, source: int) -> Ints:
        """Find what a piece should have: by another one, or, where that is -1, by the sums of its own rows."""
        figures = self.figures
        return figures[rows, source] if source >= 0 else by_sums(figures[rows, piece], self.edits.sizes[rows])

    # --- Proposals ---

    def _exchanged(self, scope: Ints, least: int) -> Iterator[_Proposal]:
        """Exchanges that would make two pieces one, in either of them."""
        figures = self.figures
        for one, other in combinations(self._written, 2):
            for holds, number in _between(figures[:, one], figures[:, other], scope, least):
                yield _Exchange(one, holds), number
                yield _Exchange(other, tuple(sorted((there, column) for column, there in holds))), number

    def _holding_other(self, scope: Ints, least: int) -> Iterator[_Proposal]:
        """Columns that hold something else than they should by another piece or by sums, all that hold the same."""
        every = np.arange(len(scope))
        for piece in self._written:
            for source in (*self._written, -1):
                due, found = self._due(every, piece, source), dict[tuple[str, int], list[tuple[int, bool]]]()
                for column in range(1, due.shape[1]) if source != piece else ():
                    for name, number, enough in self._held(column, self.figures[:, piece], due, scope, least, source):
                        found.setdefault((name, number), []).append((column, enough))
                for (name, number), columns in found.items():
                    if any(enough for _, enough in columns):
                        yield _Exchange(piece, tuple((each, each) for each, _ in columns), name, source), number

    def _held(
        self, column: int, values: Ints, due: Ints, scope: Ints, least: int, source: int
    ) -> Iterator[tuple[str, int, bool]]:
        """Name what a column holds instead of what is due, the scopes in which it does, and whether in enough rows."""
        known, size = (values[:, column] >= 0) & (due[:, column] >= 0), int(scope.max()) + 1
        known &= (column != NULL) | (due[:, column] == 0) | ~self.grid.by_machine  # a machine takes none
        apart = known & (values[:, column] != due[:, column])
        off, of = (np.bincount(scope[which], minlength=size) for which in (apart, known))
        rows = np.flatnonzero(known & (off > 0)[scope])
        if len(rows):
            others = values[rows].copy()
            others[:, [column, _COPIED.get(column, column)]], others[:, VOTES:] = MISSING, MISSING
            registered = self.figures[rows, :, REGISTERED].max(axis=1)
            some = ColumnContents(
                values[rows, column], due[rows, column], registered, others, scope[rows], by_sums=source < 0
            )
            for name, (holds, _) in CONTENTS.items():
                held = rows[holds(some)]
                fit, fit_off = (np.bincount(scope[which], minlength=size) for which in (held, held[apart[held]]))
                told = (off > 0) & (10 * fit >= _OF_TEN * of) & (10 * fit_off >= _OF_TEN * off)
                yield from ((name, at, bool(off[at] >= least)) for at in np.flatnonzero(told).tolist())

    # --- Cases ---

    def _draft(self, rows: Ints, exchanges: Iterable[_Exchange]) -> bool:
        """Put the columns of some bureaux back that cost least, with a case; whether any explains half of them."""
        weighed = list[tuple[int, _Exchange, WideOperation]]()
        for each in exchanges:
            made = self._put_back(rows, each)
            cost = int(made.after.cost.sum()) + cost_of("columns-exchanged")
            cost += NOT_WRITTEN.get(self.kinds[each.piece], 0)
            if 2 * cost < int(made.before.cost.sum()):
                weighed.append((cost, each, made))
        if not weighed:
            return False
        weighed.sort(key=lambda each: (each[0], -each[1].piece))
        least, best, made = weighed[0]
        others = [
            (cost - least, other)
            for cost, each, other in weighed
            if (each.piece, each.columns) != (best.piece, best.columns)
        ]
        rivals = [other for by, other in others if by < CERTAIN and other.piece != best.piece]
        lead = others[0][0] if others else -1
        sure = Sure.OPEN if rivals else Sure.LIKELY
        if not rivals and not made.after.cost.any():
            sure = self.sure_of(made, lead if others else CERTAIN, made.columns)
        cause, also = "column-holds-other" if best.instead else "columns-exchanged", list[int]()
        own = made.was[:, best.piece, SIGNATURES:]
        if self.kinds[best.piece] == PUBLISHED and ((own <= 0).all(axis=1) & (own == 0).any(axis=1)).all():
            cause, also = "row-of-zeros", self._of_zeros(rows)
        self.draft(cause, made, sure, self._said(best, made, rivals), lead, also)
        return True

    def _of_zeros(self, rows: Ints) -> list[int]:
        """Find other findings on bureaux with a row of zeros; of several publications only that it is one."""
        several = self.kinds.count(PUBLISHED) > 1
        codes = ("T308", *(() if several else causes()["row-of-zeros"].explains))
        return np.flatnonzero(self.desk.keys.of(*codes) & np.isin(self.of, rows)).tolist()

    def _said(self, exchange: _Exchange, made: WideOperation, rivals: Sequence[WideOperation]) -> Text:
        named = [field_label(self.grid.field(int(made.rows[0]), column)) for column in exchange.columns]
        more = len(named) - _NAMED
        fields = listed(named if more < 2 else [*named[:_NAMED], msg("{count:n} other columns", count=more)])
        if rivals or not exchange.instead:
            return self.say_exchanged(fields, made, rivals)
        changed = int(np.count_nonzero((made.was != made.right).any(axis=(1, 2))))
        values = {"field": fields, "there": in_piece(self.kinds[exchange.piece]), "bureaux": changed}
        return replace(CONTENTS[exchange.instead][1], values=values)


def _between(here: Ints, there: Ints, scope: Ints, least: int) -> Iterator[tuple[tuple[tuple[int, int], ...], int]]:
    """The columns by which the figures of one piece are those of another one, by scope: a cheapest assignment."""
    known = (here >= 0) & (there >= 0)
    apart = known & (here != there)
    if np.count_nonzero(apart) < 2 * least:
        return
    size, order = int(scope.max()) + 1, np.argsort(scope, kind="stable")
    off, of = (np.stack([np.bincount(scope[each], minlength=size) for each in mask.T]) for mask in (apart, known))
    off_in = (off >= least) & (2 * off > of)
    for number in np.flatnonzero(off_in.sum(axis=0) > 1).tolist():
        columns, rows = (
            np.flatnonzero(off_in[:, number]),
            order[slice(*np.searchsorted(scope, (number, number + 1), sorter=order))],
        )
        one, other, whole = (each[np.ix_(rows, columns)] for each in (here, there, known))
        both = whole[:, :, None] & whole[:, None]
        same, of_both = ((both & (one[:, :, None] == other[:, None])).sum(axis=0), both.sum(axis=0))
        cost = np.where((10 * same >= _OF_TEN * of_both) & (same >= least), of_both - same, len(rows) * len(columns))
        np.fill_diagonal(cost, len(rows))
        belongs = columns[assign(cost)]
        if (belongs != columns).any():
            yield (
                tuple(
                    (column, of) for column, of in zip(columns.tolist(), belongs.tolist(), strict=True) if column != of
                ),
                number,
            )


LEAST_IN_A_COMMUNE = 10
"""Bureaux of a commune in which the gap has to be the same."""
_MOST_WITHOUT = 10
"""Of how many bureaux one may have no gap at all, and half of the others have the same: real gaps differ."""


def draft_constants(desk: CaseDesk) -> None:
    """A case for each place in which the signatures, or the votes found, are off by one number.

    Bureaux that are off by about that number belong to it: they have a gap of their own beside it.
    """
    evidence = desk.evidence
    signed, found, gaps = evidence.once(signatures), evidence.once(votes_found), evidence.once(gap)
    if signed is None or found is None or gaps is None or not gaps.values.any():
        return
    known = signed.known & found.known
    for poll in range(len(evidence.polls)):
        taken: Bools = np.zeros(len(evidence.universe), np.bool_)
        for units, by in _scopes(evidence, gaps.values[:, poll], known[:, poll]):
            some = units[~taken[units]]
            taken[units] = True
            if len(some):
                _draft(ManyBureaux(desk, some, np.full(len(some), poll)), by)


def _draft(bureaux: ManyBureaux, by: int) -> None:
    """A case of some bureaux with so many votes beyond signatures, by the count that is cheaper to put right."""
    desk, grid, every = bureaux.desk, bureaux.grid, np.arange(len(bureaux.figures))
    made: list[tuple[WideOperation, int, int]] = []
    signed, cast = bureaux.edits.signed, bureaux.edits.cast
    for pieces, columns, off in ((signed, [SIGNATURES], -by), (cast, [FOUND], by), (cast, [FOUND, VALID], by)):
        piece = int(np.bincount(pieces).argmax())
        right = bureaux.figures[:, piece].copy()
        right[:, columns] -= np.where(right[:, columns] >= max(off, 0), off, 0)
        made.append((bureaux.operation(piece, every, right), columns[0], off))
    best, column, off = max(made, key=lambda each: each[0].improvement())
    whole = grid.unit[~best.broken_still()]  # where others contradict it still, it is not what happened
    if 2 * len(whole) <= len(grid.unit):
        return
    also = desk.free() & (desk.places.poll == grid.poll[0]) & np.isin(desk.places.unit, whole)
    values: dict[str, int | Text] = {"added": off, "field": COLUMNS[column].value}
    bureaux.draft("constant-added", best, Sure.LIKELY, also=np.flatnonzero(also).tolist(), values=values)


def _scopes(evidence: LinedEvidence, gaps: Ints, known: Bools) -> Iterator[tuple[Ints, int]]:
    """Bureaux that have about the same gap, and that gap: everywhere, in a commune, or where codes begin alike."""
    units, universe = np.flatnonzero(known), evidence.universe
    district = np.strings.add(universe.insee, universe.bureau.astype(f"U{_DISTRICT}"))
    for of, least in (
        (np.zeros_like(universe.commune_number), LEAST_EVERYWHERE),
        (universe.commune_number, LEAST_IN_A_COMMUNE),
        (np.unique(district, return_inverse=True)[1], LEAST_IN_A_COMMUNE),
    ):
        for number in np.flatnonzero(np.bincount(of[units[gaps[units] != 0]]) >= least).tolist():
            here = units[of[units] == number]
            same = _mostly(gaps[here], least)
            if same:
                yield _about(here, gaps, same), same


_DISTRICT = 2
"""Letters of a bureau's code that are those of its arrondissement, in Paris."""


def _about(units: Ints, gaps: Ints, same: int) -> Ints:
    """Those of some bureaux that are nearer to a gap than to none, but for a small gap of their own."""
    return units[np.abs(gaps[units] - same) < np.minimum(np.abs(gaps[units]), SMALL)]


def _mostly(gaps: Ints, least: int) -> int:
    """The gap that half of the bureaux have, and few have none; 0 for none."""
    without = len(gaps) - np.count_nonzero(gaps)
    if len(gaps) < least or _MOST_WITHOUT * without > len(gaps):
        return 0
    values, counts = np.unique(gaps, return_counts=True)
    most = int(np.argmax(counts))
    return int(values[most]) if counts[most] >= least and 2 * counts[most] > len(gaps) else 0


# --- Large gaps in most bureaux of a commune, or in a run of them: one question, whatever makes them ---


def draft_large_gaps(desk: CaseDesk) -> None:
    """Draft one open case for each commune, or run of its bureaux, where votes and signatures differ by much.

    Bureaux that contradict themselves otherwise are left to the search. A roll that moved by a few goes with the gap,
    and a small gap with the large ones around it.
    """
    gaps = desk.evidence.once(gap)
    some = desk.bureaux_of(desk.at_bureaux(*GAPS)) & ~desk.bureaux_of(desk.at_bureaux(*OWN - _WITH_A_GAP))
    if gaps is None or np.count_nonzero(some) < LEAST_BUREAUX:
        return
    size = np.abs(gaps.values)
    large = some & (size >= SMALL)
    wrong, of = desk.of_communes(large), desk.of_communes(np.ones_like(large))
    most = (wrong >= LEAST_BUREAUX) & (2 * wrong > of)
    act = np.where(some, np.where(most, desk.scope, desk.scope.size + _runs(desk, some)), -1)
    bureaux, told = (np.append(np.bincount(act[each], minlength=int(act.max()) + 1), 0) for each in (some, large))
    units, polls = desk.places.unit, desk.places.poll
    rows = np.flatnonzero(desk.at_bureaux(*GAPS, *_WITH_A_GAP))
    rows = rows[told[act[units[rows], polls[rows]]] >= LEAST_BUREAUX]
    kept = (row for row in rows.tolist() if desk.keys.code_of(row) != _OF_THE_ROLL or _is_by_a_few(desk.table[row]))
    for number, explained in grouped(lambda row: int(act[units[row], polls[row]]), kept).items():
        here, detail = act == number, CaseDetail()
        if most[here].all():
            said = msg(
                "in {bureaux:n} of {of:n} bureaux of the commune votes and signatures differ, by {least:n} to "
                "{most:n}; see whether both are of this poll, after its close, proxies included",
                bureaux=int(bureaux[number]),
                of=int(of[here][0]),
                least=int(size[here].min()),
                most=int(size[here].max()),
            )
            detail = CaseDetail(said=said)
        cause = "gap-unmentioned" if desk.keys.of("R204")[explained].any() else "open-gap"
        desk.add(cause, explained, Sure.OPEN, causes()[cause].piece, detail)


def _runs(desk: CaseDesk, some: Bools) -> Ints:
    """Number the runs of bureaux of a commune and poll, one after another by their codes; shape ``(units, polls)``."""
    universe = desk.evidence.universe
    order, found = universe.by_number, np.zeros(some.shape, np.int64)
    starts = ~some[order]
    starts |= np.diff(universe.commune_number[order], prepend=-1)[:, None] != 0
    found[order] = np.cumsum(starts, axis=0) + np.arange(some.shape[1]) * (len(order) + 1)
    return found


def _is_by_a_few(finding: Finding) -> bool:
    """Check that two figures differ by so few that a roll moves by as many."""
    left, right = finding.left.value, finding.right.value
    return isinstance(left, int) and isinstance(right, int) and abs(left - right) < SMALL


_OF_THE_ROLL = "R211"
_WITH_A_GAP = frozenset(("R203", "R221", _OF_THE_ROLL))
"""Findings that come with a gap."""
