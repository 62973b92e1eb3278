"""Figures of another count in a piece, in communes as a whole: of another year, another round, another edition.

Told before bureaux are searched one by one: in each of them every figure would be said to be wrong by itself. What
becomes of it is one case a piece, without corrections: the figures are right where they belong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Text, msg, nmsg
from verify.cases.by_codes import are_nearly_all
from verify.cases.place_names import commune_of
from verify.cases.subjects import GAPS
from verify.cases.wide.communes import communes_wrong, findings_on_rows
from verify.cases.wide.operations import COUNT, SOURCES, CaseDesk, ManyBureaux, WideOperation, taken_from
from verify.cases.wording import in_piece
from verify.columns.counts import gap
from verify.explanations.side_by_side import (
    COLUMNS,
    EXPORT,
    FOUND,
    LIST,
    RECORD,
    REGISTERED,
    SIGNATURES,
    UNIVERSE,
    URN,
    VOTES,
)
from verify.explanations.slips import SMALL
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import Counted
from verify.model.figures import MISSING, Bools, Ints
from verify.rulebook.causes import causes

_LEAST = 3
"""Bureaux of a commune, and figures of each that are compared, at least."""
_FEW = 10
"""If one row of so many is another bureau's, rows stand in wrong places."""
_HARDLY = 4
"""One figure in so many may be the same."""
_LEAST_OF_ROUND = 3
"""Figures of a commune that have to be those of the other round."""
_TELLING = 20
"""A count from which on it is not the same by chance."""


_Stranger = tuple[int, int, Sure]
"""A piece that is of another count, one against which it is held, and open where either may be the other count."""


def draft_another_count(desk: CaseDesk) -> None:
    """A case for each piece that has another count's figures, in nearly all bureaux of some communes."""
    unit, poll = communes_wrong(desk)
    if len(unit) < _LEAST:
        return
    bureaux = ManyBureaux(desk, unit, poll)
    found: dict[_Stranger, list[Ints]] = {}
    for stranger, rows in _strangers(bureaux):
        found.setdefault(stranger, []).append(rows)
    for (piece, other, sure), parts in found.items():
        rows, kinds = np.sort(np.concatenate(parts)), bureaux.kinds
        made = bureaux.as_taken_from(piece, rows, range(bureaux.figures.shape[2]))
        strange = (kinds[piece], kinds[other]) if sure is Sure.OPEN else (kinds[piece],)
        insee = np.unique(desk.evidence.universe.insee[unit[rows]]).tolist()
        explained = [*bureaux.ended_by(made), *findings_on_rows(desk, insee, strange)]
        detail = CaseDetail(said=_said(bureaux, made, other, sure))
        desk.drafting.add("other-election", explained, sure, kinds[piece], detail)


def _strangers(bureaux: ManyBureaux) -> Iterator[tuple[_Stranger, Ints]]:
    """Pieces of another count, with the bureaux of a commune and a poll in which they are."""
    figures, edits = bureaux.figures, bureaux.edits
    held = _Held.of(figures, bureaux.kinds)
    if not held.is_strange_anywhere():
        return
    wrong_sums = edits.broken(figures, np.arange(len(figures))).sums[:, :, 0]
    order = np.argsort(bureaux.commune, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(bureaux.commune[order])) + 1):
        if len(rows) < _LEAST:
            continue
        for piece, other, sure in held.blamed(rows):
            columns = _columns(bureaux.kinds, piece, other)
            left, right = (figures[rows, at][:, of] for at, of in zip((piece, other), columns, strict=True))
            both = ((left >= 0) & (right >= 0)).any(axis=1)
            here = rows[both]
            summed = [edits.summed.index(at) for at in (piece, other) if at in edits.summed]
            add_up = np.where(wrong_sums[here][:, summed], -1, 1)
            if all(_mostly(each, 1) for each in add_up.T) and not _in_other_rows(left[both], right[both]):
                yield (piece, other, sure), here


_Pair = tuple[int, int]
"""Two pieces by their indices, the first one before the other."""


@dataclass(frozen=True, slots=True)
class _Held:
    """Pieces held against each other in each of ``n`` bureaux.

    Attributes:
        kinds: of the pieces.
        pairs: where two are of one day: 1, or -1 where they are of different ones, 0 where they do not tell; ``(n,)``.
        rolls: the same of two rolls of voters; shape ``(n,)``.
    """

    kinds: Sequence[str]
    pairs: dict[_Pair, Ints]
    rolls: dict[_Pair, Ints]

    @classmethod
    def of(cls, figures: Ints, kinds: Sequence[str]) -> _Held:
        """The pieces that have figures of a count, sign-in lists and the list of bureaux."""
        lists, counts = ([at for at, kind in enumerate(kinds) if kind in some] for some in ((LIST,), COUNT))
        others = [at for at, kind in enumerate(kinds) if kind == UNIVERSE]
        return cls(
            kinds,
            {(one, other): _alike(figures, kinds, one, other) for one, other in combinations(counts, 2)}
            | {(one, other): _near(figures, one, other) for one in lists for other in counts},
            {
                (one, other): _of_roll(figures, one, other)
                for one in (*others, *lists)
                for other in (*lists, *counts)
                if one != other
            },
        )

    def is_strange_anywhere(self) -> bool:
        """Check that enough bureaux have a piece of another day."""
        return any(int(np.count_nonzero(each < 0)) >= _LEAST for each in self.pairs.values())

    def blamed(self, rows: Ints) -> Iterator[_Stranger]:
        """Pieces of another day in some bureaux, each with one that it contradicts, and how sure.

        It is the one that all contradictions have in common; where none is, all that the PVs contradict.
        """
        strange = [pair for pair, each in self.pairs.items() if _mostly(each[rows], -1)]
        claims = [
            pair
            for pair in strange
            if self.kinds[pair[0]] != LIST or (pair in self.rolls and _mostly(self.rolls[pair][rows], -1))
        ]
        candidates = [
            piece for piece in dict.fromkeys(at for pair in claims for at in pair[::-1]) if self.kinds[piece] in SOURCES
        ]
        alone = [piece for piece in candidates if all(piece in pair for pair in strange)]
        if not alone:
            for one, other in claims:
                if self.kinds[one] == RECORD and other in candidates:
                    yield other, one, Sure.OPEN
                elif self.kinds[other] == RECORD and one in candidates:
                    yield one, other, Sure.OPEN
            return
        alike = [pair for held in (self.pairs, self.rolls) for pair, each in held.items() if _mostly(each[rows], 1)]
        unlike = [piece for piece in alone if not any(piece in pair for pair in alike)]
        if len(unlike) == 1:  # the others have something that says the same
            alone = unlike
        piece = alone[0]
        other = next(sum(pair) - piece for pair in claims if piece in pair)
        yield piece, other, Sure.LIKELY if len(alone) == 1 else Sure.OPEN


def _alike(figures: Ints, kinds: Sequence[str], one: int, other: int) -> Ints:
    """Compare two pieces: 1 for one count, -1 for hardly a figure that is the same, else 0.

    Zeros are no count; and figures of a machine of which none is larger may be those of a part of the day. Votes by
    choice may stand in a table of their own: the counts alone tell as well.
    """
    left, right = figures[:, one, FOUND:], figures[:, other, FOUND:]
    told = (left >= 0) & (right >= 0) & (np.maximum(left, right) >= _TELLING)
    same = told & (left == right)
    counts = np.s_[:, : VOTES - FOUND]
    strange = _are_hardly_any(same, told) | _are_hardly_any(same[counts], told[counts])
    strange &= told[:, 0] & ~same[:, 0] & (np.minimum(left[:, 0], right[:, 0]) > 0)
    if kinds[one] in (URN, EXPORT):
        strange &= (told & (left > right)).any(axis=1)
    of = told.sum(axis=1)
    return np.where(strange, -1, np.where((of > 0) & (2 * same.sum(axis=1) >= of), 1, 0))


def _are_hardly_any(same: Bools, told: Bools) -> Bools:
    """Select the rows of which hardly a figure is the same, of enough that tell."""
    of = told.sum(axis=1)
    return np.asarray((of >= _LEAST) & (_HARDLY * same.sum(axis=1) <= of), np.bool_)


def _near(figures: Ints, one: int, other: int) -> Ints:
    """Compare signatures and votes found: 1 where they are near each other, as they are on one day, else -1."""
    signed, cast = figures[:, one, SIGNATURES], figures[:, other, FOUND]
    return np.where((signed > 0) & (cast > 0), np.where(np.abs(signed - cast) < SMALL, 1, -1), 0)


def _of_roll(figures: Ints, one: int, other: int) -> Ints:
    """Compare registered voters: 1 if the same, -1 if they differ, as they do in most bureaux from year to year."""
    left, right = figures[:, one, REGISTERED], figures[:, other, REGISTERED]
    return np.where((left >= 0) & (right >= 0), np.where(left == right, 1, -1), 0)


def _mostly(values: Ints, which: int) -> bool:
    """Check that nearly all that tell, and enough, have a value."""
    return are_nearly_all(int(np.count_nonzero(values == which)), int(np.count_nonzero(values)))


def _columns(kinds: Sequence[str], piece: int, other: int) -> tuple[slice | list[int], slice | list[int]]:
    """The columns of two pieces in which their rows are held against each other."""
    if LIST not in (kinds[piece], kinds[other]):
        return slice(FOUND, None), slice(FOUND, None)
    one, another = ([REGISTERED, SIGNATURES if kinds[at] == LIST else FOUND] for at in (piece, other))
    return one, another


def _in_other_rows(left: Ints, right: Ints) -> bool:
    """Check that some rows of a piece are other bureaux' in the other one: then they stand in wrong places."""
    columns = ((left >= 0) & (right >= 0)).all(axis=0)
    elsewhere = {tuple(row) for row in right[:, columns].tolist()}
    same = sum(tuple(row) in elsewhere for row in left[:, columns].tolist())
    return _FEW * same > len(left)


def _said(bureaux: ManyBureaux, made: WideOperation, other: int, sure: Sure) -> Text:
    one, another = bureaux.grid.pieces[made.piece], bureaux.grid.pieces[other]
    values: dict[str, object] = {
        "where": name_communes(bureaux, made.rows),
        "there": in_piece(one.kind) if one.kind != another.kind else one.file,
        "other": in_piece(another.kind) if one.kind != another.kind else another.file,
        "bureaux": len(np.unique(bureaux.grid.unit[made.rows])),
    }
    if sure is Sure.OPEN:
        return msg(
            "{where}: in {bureaux:n} bureaux nearly all figures differ {there} and {other}; nothing tells which of "
            "the two is this election's",
            **values,
        )
    return msg("{where}: in {bureaux:n} bureaux nearly all figures {there} differ from all others", **values)


# --- Large gaps in most bureaux of a commune: one question, whatever makes them ---


def draft_gaps_of_communes(desk: CaseDesk) -> None:
    """Draft one open case for each commune where votes and signatures differ by much in most bureaux.

    Bureaux whose pieces disagree on the signatures are left to the search.
    """
    gaps, universe, keys = desk.evidence.once(gap), desk.evidence.universe, desk.drafting.keys
    large = desk.bureaux_of(desk.free(*GAPS)) & ~desk.bureaux_of(desk.free(*_SIGNED_OTHERWISE))
    if gaps is None or np.count_nonzero(large) < _LEAST:
        return
    size = np.abs(gaps.values)
    large &= size >= SMALL
    scope = universe.commune_number[:, None] * len(desk.evidence.polls) + np.arange(len(desk.evidence.polls))
    of = np.bincount(scope.ravel())
    number = np.bincount(scope[large], minlength=len(of))
    chosen = large & ((number >= _LEAST) & (2 * number > of))[scope]
    rows = np.flatnonzero(desk.free(*GAPS, *_WITH_A_GAP))
    at = desk.places.unit[rows], desk.places.poll[rows]
    rows, of_row = rows[chosen[at]], scope[at][chosen[at]]
    order = np.argsort(of_row, kind="stable")
    for explained in np.split(rows[order], np.flatnonzero(np.diff(of_row[order])) + 1) if len(rows) else ():
        first = int(desk.places.unit[explained[0]]), int(desk.places.poll[explained[0]])
        apart, insee = size[chosen & (scope == scope[first])], str(universe.insee[first[0]])
        said = msg(
            "{where}: in {bureaux:n} of {of:n} bureaux votes and signatures differ, by {least:n} to {most:n}; see "
            "whether both are of this poll, after its close, proxies included",
            where=commune_of(insee, universe.commune_names().get(insee, "")),
            bureaux=len(apart),
            of=int(of[scope[first]]),
            least=int(apart.min()),
            most=int(apart.max()),
        )
        cause = "gap-unmentioned" if keys.of("R204")[explained].any() else "open-gap"
        desk.drafting.add(cause, explained, Sure.OPEN, causes()[cause].piece, CaseDetail(said=said))


_WITH_A_GAP = ("R203", "R221")
"""Findings that come with a gap."""
_SIGNED_OTHERWISE = ("R205", "T313")
"""Findings on pieces that disagree on the signatures."""


# --- The other round, of which the figures are at hand ---


def draft_other_round(desk: CaseDesk) -> None:
    """A case for each piece that has the other round's figures, in most bureaux of some communes."""
    other = desk.evidence.other_round
    unit, poll = communes_wrong(desk)
    if other is None or not len(unit):
        return
    bureaux = ManyBureaux(desk, unit, poll)
    theirs = _of_other_round(other, unit, poll)
    columns = [column for column in range(VOTES) if column != REGISTERED]
    for piece in (at for at, kind in enumerate(bureaux.kinds) if kind in SOURCES):
        rows = _rows_with(bureaux, piece, theirs)
        if len(rows):
            said = nmsg(
                "{where}: {count:n} bureau has the figures of the other round {there}",
                "{where}: {count:n} bureaux have the figures of the other round {there}",
                len(np.unique(unit[rows])),
                where=name_communes(bureaux, rows),
                there=in_piece(bureaux.kinds[piece]),
            )
            bureaux.draft("other-round", bureaux.as_taken_from(piece, rows, columns), Sure.LIKELY, said)


def name_communes(bureaux: ManyBureaux, rows: Ints) -> Text:
    """The commune of some bureaux, or how many there are."""
    universe = bureaux.grid.evidence.universe
    insee = np.unique(universe.insee[bureaux.grid.unit[rows]]).tolist()
    if len(insee) > 1:
        return nmsg("{count:n} commune", "{count:n} communes", len(insee))
    return commune_of(insee[0], universe.commune_names().get(insee[0], ""))


def _of_other_round(other: Counted, unit: Ints, poll: Ints) -> Ints:
    """The counts of some bureaux in the other round; its votes found for signatures that it does not have."""
    values = np.full((len(unit), VOTES), MISSING, np.int64)
    for column, name in enumerate(COLUMNS):
        if name in other.figures:
            values[:, column] = other[name].values[unit, poll]
    found = other[Quantity.VOTES_FOUND].values[unit, poll]
    values[:, SIGNATURES] = np.where(values[:, SIGNATURES] >= 0, values[:, SIGNATURES], found)
    values[:, REGISTERED] = MISSING  # which are often the same in both
    return values


def _rows_with(bureaux: ManyBureaux, piece: int, theirs: Ints) -> Ints:
    """The rows of communes of which most counts in a piece are the other round's, and few their own."""
    values, number = bureaux.figures[:, piece, :VOTES], bureaux.commune
    due = taken_from(bureaux.kinds, bureaux.figures, piece)[:, :VOTES]
    told = (values >= _TELLING) & (theirs >= 0)
    same = told & (values == theirs)
    own = same & (values == due)
    of, alike, both = (np.bincount(number, each.sum(axis=1)) for each in (told, same, own))
    return np.flatnonzero(((2 * alike > of) & (alike >= _LEAST_OF_ROUND) & (2 * both < alike))[number])
