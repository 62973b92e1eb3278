"""Cases of figures that stand in the rows of other bureaux: matched before bureaux are looked into one by one.

Of every piece of a commune, each column alone, all counts, all votes by choice and whole rows are matched with what
other evidence says. The rearrangement that gains most is a case; its figures are put back, and the rest is matched
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log10, perm

import numpy as np

from protocol.words import Text, msg
from verify.cases.by_codes import ROWLESS
from verify.cases.drafting import grouped
from verify.cases.place_names import listed
from verify.cases.subjects import GAPS
from verify.cases.wide.communes import LEFT_BLANK
from verify.cases.wide.operations import COUNT, SOURCES, CaseDesk, ManyBureaux, WideOperation, first_known
from verify.cases.wording import in_piece
from verify.explanations.certainty import LIKELY
from verify.explanations.copies import COPIED_BY
from verify.explanations.edits import UNEXPLAINED, by_sums, totals
from verify.explanations.permutations import (
    ACT,
    MOST_ROWS,
    NOWHERE,
    WRONG,
    Permutation,
    SourcedFigures,
    find_permutations,
    fits,
)
from verify.explanations.rows import LEAST_ELSEWHERE
from verify.explanations.side_by_side import (
    BLANK,
    FOUND,
    LIST,
    NULL,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    VALID,
    VOTES,
    find_around,
)
from verify.explanations.slips import SMALL
from verify.model.cases import Sure
from verify.model.figures import MISSING, SIDES, Bools, Ints, spread
from verify.model.labels import field_label

_LEAST_GAP, _TELLING = 3, 20
"""A gap from which on a bureau is looked at; a count below the other is another bureau's by chance too often."""
_CHANCE = 20
"""Decibans: what fits without another piece is told where by chance it does not so often as once in a hundred."""
_TOLERATED = 15
"""Figures that may be a row's by its other count of voters: up to seven more or less."""
_AT_ONCE = 200_000
"""Pairs of rows that are compared at once."""
_FEW = 3
"""Bureaux of an exchange whose figures are said, at most."""
_MOST_ACTS = 20
"""Rearrangements of one commune that are told one after another."""


@dataclass(frozen=True, slots=True)
class _Act:
    """A rearrangement of some rows of a piece, in some of its columns.

    Attributes:
        commune: all rows of the commune.
        due: what other evidence says of the columns in the rows of ``found``.
        exact: True if anything but the other count of voters supports it.
    """

    commune: Ints
    piece: int
    columns: tuple[int, ...]
    found: Permutation
    due: Ints
    exact: bool

    def overlaps(self, other: _Act) -> bool:
        """Check that another act explains about the same rows."""
        both = len(np.intersect1d(self.found.rows, other.found.rows))
        return 2 * both >= min(len(self.found.rows), len(other.found.rows))


def draft_displaced(desk: CaseDesk) -> Bools:
    """A case for each rearrangement.

    Returns:
        The bureaux of communes of which too many are contradictory to be matched, shape ``(units,)``.
    """
    universe = desk.evidence.universe
    unit, poll = find_around(universe, desk.contradictory(_LEAST_GAP))
    unsearched: Bools = np.zeros(len(universe), np.bool_)
    if len(unit):
        order = np.lexsort((universe.commune_number[unit], poll))
        displaced = _Displaced(desk, unit[order], poll[order])
        displaced.tell_all()
        unsearched[displaced.grid.unit[displaced.unsearched]] = True
    return unsearched


class _Displaced(ManyBureaux):
    """Rows of communes put back, one rearrangement of each after another.

    Attributes:
        scope: a number for each commune and poll, in ascending order; shape ``(n,)``.
        unsearched: bureaux of communes that are not searched, shape ``(n,)``.
    """

    def __init__(self, desk: CaseDesk, unit: Ints, poll: Ints) -> None:
        super().__init__(desk, unit, poll)
        self.scope = np.cumsum(np.diff(self.commune, prepend=self.commune[:1]) != 0)
        self.unsearched: Bools = np.bincount(self.scope)[self.scope] > MOST_ROWS
        self._told: list[_Act] = []

    def tell_all(self) -> None:
        """Draft cases, where an act that ends all that does not hold would be worth more than it costs."""
        wrong = np.zeros(int(self.scope[-1]) + 1, np.int64)
        np.add.at(wrong, self.scope, self.edits.broken(self.figures, np.arange(len(self.scope))).cost)
        rows = np.flatnonzero((wrong * WRONG // UNEXPLAINED > ACT)[self.scope] & ~self.unsearched)
        for _ in range(_MOST_ACTS):
            if len(rows):
                rows = self.tell(rows)

    def tell(self, rows: Ints) -> Ints:
        """Draft a case for the best act of each commune; the rows of the communes that had one."""
        acts = grouped(lambda act: int(self.scope[act.commune[0]]), self._acts(rows))
        told = [number for number, some in acts.items() if self._put_back(some)]
        return rows[np.isin(self.scope[rows], told)]

    def _acts(self, rows: Ints) -> Iterator[_Act]:
        """The rearrangements of each piece in each set of its columns, of all communes in one pass."""
        figures, sizes = self.figures[rows], self.edits.sizes[rows]
        for piece in (at for at, kind in enumerate(self.kinds) if kind in SOURCES):
            sources = PieceSources(self.kinds, figures, sizes, piece)
            for columns in column_sets(figures[:, piece]):
                matched = sources.of(columns)
                for here, found in self._permuted(matched, rows, several=len(columns) > 1):
                    commune = rows[here]
                    if found is None:
                        self.unsearched[commune] = True
                    for each in found or ():
                        told = len(columns) >= LEAST_ELSEWHERE or (each.source >= 0).any()
                        if told and not sources.fits_by_chance(matched, columns, each, here):
                            source = np.where(each.source >= 0, commune[each.source], NOWHERE)
                            moved = replace(each, rows=commune[each.rows], source=source)
                            due = sources.due(columns, each.rows + here.start)
                            yield _Act(commune, piece, columns, moved, due, not matched.tolerant.all())

    def _permuted(
        self, matched: SourcedFigures, rows: Ints, *, several: bool
    ) -> Iterator[tuple[slice, list[Permutation] | None]]:
        """The rearrangements of the rows of each commune, None where too many are to be matched."""
        scope, suspects = self.scope[rows], matched.suspects()
        fitting, copies, suspect = look_elsewhere(matched, suspects, scope)
        some = np.bincount(scope[fitting | (copies & suspect & several)])
        for number in np.flatnonzero(some > (not several)).tolist():  # of one figure two have to stand elsewhere
            here = slice(*np.searchsorted(scope, (number, number + 1)).tolist())
            yield here, find_permutations(matched.some(here), copies[here], suspects[here])

    def _put_back(self, acts: Sequence[_Act]) -> bool:
        """Put the rows of the act of a commune back that ends most, with a case; whether there is one."""
        if self.unsearched[acts[0].commune[0]]:
            return False
        weighed = [
            (made.improvement() * WRONG // UNEXPLAINED - act.found.cost, act, made)
            for act in acts
            for made in self._made(act)
        ]
        weighed.sort(key=lambda each: (-each[0], -each[1].piece, len(each[1].columns)))
        for worth, act, made in (each for each in weighed if each[0] > 0):
            others = [(worth - by, other) for by, of, other in weighed if of.piece != act.piece and of.overlaps(act)]
            lead = min((by for by, _ in others), default=worth)
            rivals = [other for by, other in others if by < LIKELY] or self._counts_as_well(act, made)
            readings = [each.reading(self.grid) for each in (made, *rivals[:1])] if rivals else ()
            twice = any(each.piece != act.piece and each.overlaps(act) for each in self._told)
            asked, others_have = rivals or twice or self._is_amiss(act, made), self._others_with(act)
            sure = Sure.OPEN if asked else self._sure(act, made, lead, doubled=all(others_have))
            also, values = self._without_a_row(act, made), dict[str, int | Text]()
            if len(act.columns) >= LEAST_ELSEWHERE and len(others_have) == 1 and len(others_have[0]) == 1:
                [[row]] = others_have
                values["row_of"] = str(self.desk.evidence.universe.bureau[self.grid.unit[row]])
            if self.draft(self._cause(act), made, sure, self._said(made, rivals), lead, also, values, readings):
                self._told.append(act)
                if len(act.columns) >= LEAST_ELSEWHERE:
                    rows = act.found.rows
                    places = zip(self.grid.unit[rows].tolist(), self.grid.poll[rows].tolist(), strict=True)
                    self.desk.of_others |= {(*place, act.piece) for place in places}
                return True
        return False

    def _is_amiss(self, act: _Act, made: WideOperation) -> bool:
        """Check that rows do not add up as put back either: one of their figures is wrong, and not known which.

        The votes by choice of a row that lost its own may be nowhere else.
        """
        summed, moved = self.edits.summed, act.found.source >= 0
        off = made.after.sums[:, summed.index(made.piece)] if made.piece in summed else np.zeros((len(moved), 2))
        return bool(off[:, 0].any() or off[moved, 1].any())

    def _without_a_row(self, act: _Act, made: WideOperation) -> list[int]:
        """Findings on the ends of a run: that the piece lacks a bureau, and that others lack the one it has instead.

        Or that the row beside was left blank, from which on all have slipped.
        """
        rows, desk, grid = act.commune, self.desk, self.grid
        blank = rows[(self.figures[rows, act.piece][:, list(act.columns)] < 0).all(axis=1)]
        beside = blank[np.isin(blank, np.append(made.rows - 1, made.rows + 1))]
        also = desk.at_bureaux(*LEFT_BLANK) & np.isin(desk.places.unit, grid.unit[beside])
        nobodys = made.rows[(made.right == made.was).all(axis=(1, 2))]
        absent = rows[(self.figures[rows, act.piece] < 0).all(axis=1)]
        if len(absent) == len(nobodys):
            units = grid.unit[np.concatenate((absent, nobodys))]
            also |= desk.at_bureaux(*ROWLESS, "T335") & np.isin(desk.places.unit, units)
        within = rows[(rows > made.rows.min()) & (rows < made.rows.max()) & ~np.isin(rows, made.rows)]
        gaps = np.abs(self.edits.broken(self.figures[within], within).gap)
        lost = within[gaps >= SMALL]  # among those that have slipped: its own figure is lost
        also |= desk.at_bureaux(*GAPS) & np.isin(desk.places.unit, grid.unit[lost])
        return np.flatnonzero(also).tolist()

    def _said(self, made: WideOperation, rivals: Sequence[WideOperation]) -> Text:
        """Say in which two pieces figures may be exchanged; of two bureaux, the first of these figures."""
        if not rivals:
            return ""
        rival = rivals[0]
        there, or_there = (in_piece(self.kinds[each.piece]) for each in (made, rival))
        if len(made.rows) > _FEW:
            return msg(
                "{count:n} bureaux have figures of one another {there} or {or_there}; nothing tells in which of the "
                "two",
                count=len(made.rows),
                there=there,
                or_there=or_there,
            )
        column = made.columns[0]
        known = (made.was[:, rival.piece, column] >= 0).all()
        cells = ((made.piece, column), (rival.piece, column if known else rival.columns[0]))
        figures = (made.was[:, piece, each].tolist() for piece, each in cells)
        these, those = (listed(str(each) for each in some) for some in figures)
        values = {
            "field": field_label(self.grid.field(int(made.rows[0]), column)),
            "these": these,
            "there": there,
            "those": those,
            "or_there": or_there,
        }
        if len(rival.columns) > len(made.columns):
            return msg(
                "{field}, {these} {there}, {those} {or_there}. Either these are exchanged {there}, or all figures of "
                "these bureaux {or_there}",
                **values,
            )
        return msg(
            "{field}, {these} {there}, {those} {or_there}. They are exchanged either {there} or {or_there}", **values
        )

    def _cause(self, act: _Act) -> str:
        source = dict(zip(act.found.rows.tolist(), act.found.source.tolist(), strict=True))
        if all(source.get(other) == row for row, other in source.items()):  # in pairs, each has the other's figures
            of_one_choice = len(act.columns) == 1 and act.columns[0] >= VOTES
            return "figures-exchanged" if of_one_choice else "bureaux-exchanged"
        return "column-slipped" if (act.found.source >= 0).any() else "row-of-another"

    def _counts_as_well(self, act: _Act, made: WideOperation) -> list[WideOperation]:
        """Exchange all figures of the piece that two exchanged lists are compared with; of no machine."""
        if self.kinds[act.piece] != LIST or len(act.found.rows) > 2 or self._cause(act) != "bureaux-exchanged":
            return []
        has = (made.was[:, :, FOUND] >= 0).any(axis=0)
        counts = [at for at, kind in enumerate(self.kinds) if has[at]]
        if not counts or self.kinds[counts[0]] not in SOURCES:
            return []
        return [self.operation(counts[0], act.found.rows, self.figures[act.found.source, counts[0]])]

    def _made(self, act: _Act) -> Iterator[WideOperation]:
        """The figures of the rows of an act, back in their places; those that are lost as other evidence has them.

        Nothing where it has hardly any of these: one figure alone does not tell that a row is another's.
        """
        rows, due, source, columns = act.found.rows, act.due, act.found.source, list(act.columns)
        figures, right = self.figures, self.figures[rows, act.piece]
        from_, own = figures[source, act.piece][:, columns], right[:, columns]
        elsewhere = (np.delete(figures, act.piece, axis=1) >= 0).any(axis=(1, 2))
        nobodys = (source < 0) & ~elsewhere[rows] & elsewhere[act.commune].any()  # other evidence has no such bureau
        lost = ((source < 0) & ~nobodys)[:, None] & (own >= 0)
        if len(columns) > 1 and (lost & (own == due) & (own >= _TELLING)).any():  # it has figures of its own
            return
        right[:, columns] = np.where(lost, due, np.where((source < 0)[:, None], own, from_))
        sizes = self.edits.sizes[rows]
        moved, said = source >= 0, right.copy()
        said[:, columns] = np.where(due >= 0, due, right[:, columns])
        right[moved] = _mend(right[moved], said[moved], sizes[moved])
        sums = by_sums(right, sizes)[:, columns]
        right[:, columns] = np.where(lost & (due < 0), sums, right[:, columns])
        if SIGNATURES in columns:  # what the list says of a lost row is not what its votes found say
            right[lost[:, columns.index(SIGNATURES)] & _are_apart(right), SIGNATURES] = MISSING
        if 2 * np.count_nonzero(lost & (due < 0)) <= np.count_nonzero(own >= 0):
            yield self.operation(act.piece, rows, right)

    def _sure(self, act: _Act, made: WideOperation, lead: int, *, doubled: bool) -> Sure:
        """Certain only where everything fits exactly, with no slip beside, and no row lost figures that nobody has."""
        moved, columns = act.found.source >= 0, list(act.columns)
        stood = self.figures[act.found.source[moved], act.piece][:, columns]
        slips = (made.right[moved, act.piece][:, columns] != stood).any()
        exact = act.exact and not slips and doubled
        return self.sure_of(made, min(lead, int(act.found.lead.min())), columns) if exact else Sure.LIKELY

    def _others_with(self, act: _Act) -> list[list[int]]:
        """The other rows of the commune that have the figures of each row that lost its own."""
        values, rows = self.grid.figures[:, act.piece][:, list(act.columns)], act.commune
        lost = act.found.rows[act.found.source < 0].tolist()
        return [rows[(values[rows] == values[row]).all(axis=1) & (rows != row)].tolist() for row in lost]


def _mend(right: Ints, said: Ints, sizes: Ints) -> Ints:
    """Put right the slip that moved rows have of their own, where what others say, or only one figure, does it.

    Args:
        right: rows as they were moved, shape ``(n, columns)``.
        said: the same with the figures of other evidence.
        sizes: number of choices of each.
    """
    sums, ways = by_sums(right, sizes), [right, said, *np.repeat(right[None], 4, axis=0)]
    for way, column in zip(ways[2:], (FOUND, BLANK, NULL, VALID), strict=True):
        way[:, column] = sums[:, column]
    fit = np.stack([_agree(way, sizes) & (way >= np.minimum(right, 0)).all(axis=1) for way in ways])
    first = np.where(fit[:2].any(axis=0) | (fit.sum(axis=0) == 1), fit.argmax(axis=0), 0)
    return np.asarray(np.stack(ways)[first, np.arange(len(right))])


def _agree(right: Ints, sizes: Ints) -> Bools:
    """Select the rows in which the sums work out, and the two counts of voters are near each other."""
    due = by_sums(right, sizes)[:, [FOUND, VALID]]
    return np.asarray(((due < 0) | (due == right[:, [FOUND, VALID]])).all(axis=1) & ~_are_apart(right), np.bool_)


def _are_apart(right: Ints) -> Bools:
    """Select the rows in which the two counts of voters differ by more than a small gap."""
    voters = right[:, [SIGNATURES, FOUND]]
    return np.asarray((voters >= 0).all(axis=1) & (np.abs(voters[:, 0] - voters[:, 1]) >= SMALL), np.bool_)


def column_sets(values: Ints) -> list[tuple[int, ...]]:
    """Single columns, the counts, the votes by choice, and all of them, as far as the piece has them.

    Those of several columns without the registered voters as well: forms have these printed on them. Votes found with
    each other count: they may have moved together.
    """
    there = tuple(np.flatnonzero((values >= 0).any(axis=0)).tolist())
    counts, votes = tuple(each for each in there if each < VOTES), tuple(each for each in there if each >= VOTES)
    unprinted = (columns[1:] for columns in (counts, there) if REGISTERED in columns)
    pairs = [tuple(sorted((FOUND, each))) for each in counts if FOUND in counts and each not in (REGISTERED, FOUND)]
    return [each for each in dict.fromkeys((*zip(there), *pairs, counts, votes, there, *unprinted)) if each]


class PieceSources:
    """The figures of other evidence beside those of a piece, in all bureaux at once.

    Sources are the chain of the count, the sign-in list, the list of bureaux, sums of the piece itself, and the other
    count of voters, which may differ by a few, where there is no other.

    Args:
        kinds: of the pieces.
        figures: shape ``(n, pieces, columns)``.
        sizes: number of choices, 0 where it is not known, shape ``(n,)``.
        piece: by its index.
    """

    def __init__(self, kinds: Sequence[str], figures: Ints, sizes: Ints, piece: int) -> None:
        self._kinds, self._piece, self._own = kinds, piece, figures[:, piece]
        self._theirs = _without_copies(kinds, figures, piece)
        chains = [first_known(kinds, self._theirs, chain, piece) for chain in (COUNT, (LIST,), (UNIVERSE,))]
        self._said = [
            [each for each in some if (each >= 0).any()] for some in zip(*(each.T for each in chains), strict=True)
        ]
        self._sums, (total, whole) = by_sums(self._own, sizes), totals(figures, sizes[:, None])
        totalled = np.where(whole, total, MISSING)
        self._total = totalled[:, piece]
        said = np.max([self._total, *self._said[VALID]], axis=0)
        self._valid = np.where(said < 0, first_known(kinds, totalled, COUNT, piece), self._total)

    def of(self, columns: Sequence[int]) -> SourcedFigures:
        """The figures of some columns and what is due of them."""
        own = self._own
        found: list[tuple[Ints, Ints, int, bool]] = []
        for column in columns:
            found += [(own[:, column], said, column, False) for said in self._said[column]]
            if column in (SIGNATURES, FOUND):
                other = SIGNATURES + FOUND - column
                but = self._piece if other in columns else -1
                voters = first_known(self._kinds, self._theirs[:, :, other], (LIST, *COUNT), but)
                for said in self._said[column]:
                    voters = np.where(said >= 0, MISSING, voters)
                found.append((own[:, column], voters, column, True))
            if len(columns) == 1 and column > SIGNATURES:  # sums may be off by another column that has moved as well
                silent = np.all([said < 0 for said in self._said[column]], axis=0)
                found.append((own[:, column], np.where(silent, self._sums[:, column], MISSING), column, False))
            elif column == VALID and columns[-1] < VOTES:
                found.append((own[:, column], self._valid, column, False))
        if columns[0] >= VOTES and len(columns) > 1:
            found.append((self._total, own[:, VALID], own.shape[1], False))
        none: Ints = np.zeros(len(own), np.int64)
        stated, due = (np.stack([none, *(each[at] for each in found)], axis=1)[:, 1:] for at in (0, 1))
        if columns in ((SIGNATURES,), (FOUND,)):  # one may be copied from the other, which has a cause of its own
            due[own[:, SIGNATURES] == own[:, FOUND]] = MISSING
        of, tolerant = (np.array([each[at] for each in found]) for at in (2, 3))
        return SourcedFigures(stated, due, of.astype(np.int64), tolerant.astype(np.bool_))

    def fits_by_chance(
        self, matched: SourcedFigures, columns: Sequence[int], found: Permutation, commune: slice
    ) -> bool:
        """Check that rows may have figures of one another by chance, and others contradict their sources as well.

        Args:
            matched: the figures of the columns and what is due of them.
            columns: that are rearranged.
            found: the rearrangement, by indices of the rows within the commune.
            commune: all its rows.
        """
        rows, size, moved = found.rows + commune.start, len(found.rows), int(np.count_nonzero(found.source >= 0))
        off = int(np.count_nonzero(matched.some(commune).suspects()))
        unsaid = len(columns) == 1 and all((said[rows] < 0).all() for said in self._said[columns[0]])
        if not moved or not (unsaid or off > size):
            return False
        told = 0.0  # digits in which a row has the figures of another one
        for each in np.unique(matched.of[matched.of < self._own.shape[1]]).tolist():
            stated, tolerant = self._own[commune, each], matched.tolerant[matched.of == each].all()
            apart = int(stated.max()) - int(stated[stated >= 0].min(initial=stated.max())) + 1
            told += log10(apart / (_TOLERATED if tolerant else 1))
        ways = perm(size if np.ptp(rows) < size else max(off, size), size)  # in which rows may stand elsewhere
        choices = self._own.shape[1] - VOTES if unsaid and columns[0] >= VOTES else 1
        return bool(10 * (moved * told - log10(ways * choices)) < _CHANCE)

    def due(self, columns: Sequence[int], rows: Ints) -> Ints:
        """The figures of other evidence for some columns of some bureaux, MISSING where there is none."""
        found = np.full((len(rows), len(columns)), MISSING)
        for at, column in enumerate(columns):
            sums = [self._sums[:, column]] if len(columns) == 1 else [self._valid] if column == VALID else []
            for said in (*self._said[column], *sums):
                found[:, at] = np.where(found[:, at] < 0, said[rows], found[:, at])
        return found


def _without_copies(kinds: Sequence[str], figures: Ints, piece: int) -> Ints:
    """The figures but for those of a piece that others, made from it, repeat: a copy says nothing.

    Registered voters are printed on each form, and are no copies.
    """
    copies = [at for at, kind in enumerate(kinds) if at != piece and kind in COPIED_BY.get(kinds[piece], ())]
    found = figures.copy() if copies else figures
    for at in copies:
        repeated = figures[:, at] == figures[:, piece]
        repeated[:, REGISTERED] = False
        found[:, at][repeated] = MISSING
    return found


def look_elsewhere(figures: SourcedFigures, suspect: Bools, commune: Ints) -> tuple[Bools, Bools, Bools]:
    """Select rows whose figures stand elsewhere in their commune, or repeat those of another row.

    Args:
        figures: of the rows.
        suspect: those that contradict their sources.
        commune: a number of each, all of one together.

    Returns:
        Of shape ``(n,)`` each: contradictory rows that the figures of another one would fit; rows that are blank, or
        have the figures of another that is mostly its own; rows that contradict something. Of both counts of voters
        one may be what is wrong: of their rows more has to be.
    """
    stated, due, exact = figures.stated, figures.due, ~figures.tolerant
    known, same = ((stated >= 0) & (due >= 0))[:, exact], (stated == due)[:, exact]
    if {SIGNATURES, FOUND} <= set(figures.of.tolist()):
        suspect = suspect & ((known & ~same)[:, figures.of[exact] != SIGNATURES].any(axis=1) | (stated < 0).all(axis=1))
    if not suspect.any():
        return suspect, suspect, suspect
    mostly, fitting = 2 * (known & same).sum(axis=1) >= known.sum(axis=1), np.zeros_like(suspect)
    copies = (stated < 0).all(axis=1)
    for row, other in _pairs(np.flatnonzero(suspect), commune):
        there = stated[other]
        fitting[row[fits(*figures.misfits(row, other)) & (there >= 0).any(axis=1)]] = True
        here, wanted = stated[row][:, exact], np.where(there >= 0, there, due[other])[:, exact]
        both = (here >= 0) & (wanted >= 0)
        apart = (both & (here != wanted)).any(axis=1)
        copies[row[mostly[other] & ~apart & ((both & (here >= _TELLING)).sum(axis=1) > 1)]] = True
    return fitting, copies, suspect


def _pairs(rows: Ints, commune: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Some rows, each with every other one of its commune, as many at a time as there is room for."""
    start, end = (np.searchsorted(commune, commune[rows], side=side) for side in SIDES)
    parts = int((end - start).sum()) // _AT_ONCE + 1
    for some in np.array_split(np.arange(len(rows)), parts):
        at, other = spread(start[some], end[some])
        row = rows[some][at]
        yield row[row != other], other[row != other]
