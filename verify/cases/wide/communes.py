"""Whole communes whose rows in a piece are not their own: of another commune, round or year, or under another code.

Told before bureaux are searched one by one: each of them would be said to have wrong figures of its own, and the
bureaux that only one of two communes has would be said to be missing, and to be unknown. What is of another election
has no corrections: the figures are right where they belong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, product

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Text, msg, nmsg
from verify.cases.by_codes import ROWLESS, are_nearly_all
from verify.cases.place_names import commune_of, listed
from verify.cases.subjects import FIGURES, GAPS
from verify.cases.wide.operations import COUNT, SOURCES, CaseDesk, ManyBureaux, WideOperation, taken_from
from verify.cases.wording import in_piece
from verify.explanations.certainty import CERTAIN
from verify.explanations.permutations import NOWHERE
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
from verify.model.universe import near_codes

STRANGE = ("C108", "R226")
"""Findings that a row is of no bureau, or of one that has a row already."""
LEFT_BLANK = ("C118", "C119", "C120", "C121")
"""Findings that a bureau has some figures and lacks others: one commune's row and another one's votes by choice."""
_MOST = 20_000
"""Bureaux of such communes; of more nothing is looked for in whole communes."""
_TELLING = 20
"""A count from which on it is looked for elsewhere: below, too many bureaux have it."""
_OF_TEN = 9
"""In how many of ten figures the rows of a commune have to be another one's."""
_LEAST = 3
"""Bureaux of a commune, and figures of each that are compared, at least."""
_FEW = 10
"""If one row of so many is another bureau's, rows stand in wrong places."""
_HARDLY = 4
"""One figure in so many may be the same."""
_LEAST_OF_OTHERS = 3
"""Figures of a commune that have to be those of the other round, or of another commune."""
_MOST_COMPARED, _NAMED = 500_000, 4
"""Bureaux times communes that are compared, and communes that are named one by one, at most."""


def communes_wrong(desk: CaseDesk) -> tuple[Ints, Ints]:
    """The bureaux of communes in which most contradict themselves, by more than a small gap; units and polls."""
    wrong, rowless = desk.contradictory(SMALL), desk.bureaux_of(desk.at_bureaux(*ROWLESS))
    of = desk.of_communes(np.ones_like(wrong))
    looked_at = (desk.of_communes(wrong) > 0) & (2 * desk.of_communes(wrong | rowless) > of)
    unit, poll = (looked_at & (np.count_nonzero(looked_at) <= _MOST)).nonzero()
    return unit.astype(np.int64), poll.astype(np.int64)


def findings_on_rows(desk: CaseDesk, insee: Sequence[str], kinds: Collection[str]) -> list[int]:
    """Findings that a bureau of some communes has no row in some pieces, or not all of it, or that a row is of none."""
    keys = desk.keys
    inside = np.isin(keys.places.insee, list(insee))[keys.place]
    rows = np.flatnonzero(inside & desk.free(*ROWLESS, *STRANGE, *LEFT_BLANK)).tolist()
    return [row for row in rows if desk.blamed(row) in ("", *kinds)]


# --- The other round, of which the figures are at hand, and another commune ---


def draft_other_round(desk: CaseDesk) -> None:
    """A case for each piece that has the other round's figures, in most bureaux of some communes."""
    (unit, poll), other = communes_wrong(desk), desk.evidence.other_round
    if other is None or not len(unit):
        return
    bureaux = ManyBureaux(desk, unit, poll)
    theirs = _of_other_round(other, unit, poll)
    columns = [column for column in range(VOTES) if column != REGISTERED]
    for piece in (at for at, kind in enumerate(bureaux.kinds) if kind in SOURCES):
        due = taken_from(bureaux.kinds, bureaux.figures, piece)
        rows = np.flatnonzero(_have_figures(bureaux, piece, due, theirs))
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


def _have_figures(bureaux: ManyBureaux, piece: int, due: Ints, theirs: Ints) -> Bools:
    """Select the bureaux of communes whose figures in a piece are mostly those of something else, and rarely their own.

    Args:
        bureaux: all of them.
        piece: by its index.
        due: what it should have.
        theirs: of each bureau the figures of something else, in the first columns of the piece, MISSING for none.
    """
    width, number = theirs.shape[1], bureaux.commune
    values = bureaux.figures[:, piece, :width]
    told = (values >= _TELLING) & (theirs >= 0)
    same = told & (values == theirs)
    own = same & (values == due[:, :width])
    of, alike, both = (np.bincount(number, each.sum(axis=1)) for each in (told, same, own))
    return np.asarray(((2 * alike > of) & (alike >= _LEAST_OF_OTHERS) & (2 * both < alike))[number], np.bool_)


def draft_communes_exchanged(desk: CaseDesk) -> None:
    """A case for each ring of communes that have one another's rows in a piece, two codes exchanged or more."""
    unit, poll = communes_wrong(desk)
    number, commune = np.unique(desk.scope[unit, poll], return_inverse=True)
    if not 1 < len(number) * len(unit) <= _MOST_COMPARED:
        return
    bureaux = ManyBureaux(desk, unit, poll)
    code = np.unique(desk.evidence.universe.bureau[unit], return_inverse=True)[1] * len(desk.evidence.polls) + poll
    row_of = np.full((len(number), int(code.max()) + 1), NOWHERE)
    row_of[commune, code] = np.arange(len(unit))
    found: dict[frozenset[int], list[WideOperation]] = {}
    for piece in (at for at, kind in enumerate(bureaux.kinds) if kind in SOURCES):
        whose, due = np.full(len(number), NOWHERE), taken_from(bureaux.kinds, bureaux.figures, piece)
        for other in range(len(number)):
            there = row_of[other, code]
            theirs = np.where((there >= 0)[:, None], due[there], MISSING)
            whose[commune[_have_figures(bureaux, piece, due, theirs)]] = other
        for ring in _rings(whose.tolist()):
            holder = np.full(len(number), NOWHERE)
            holder[whose[ring]] = ring
            there, values = row_of[holder[commune], code], bureaux.figures[:, piece]
            known, has_own = (values >= 0) & (due >= 0), ((values == due) | (values < 0) | (due < 0)).all(axis=1)
            moved = (holder[commune] >= 0) & ((there >= 0) | (values >= 0).any(axis=1))
            rows = np.flatnonzero(moved & ~(has_own & known.any(axis=1)))  # some may have stayed in their places
            for columns in (slice(VOTES), slice(None)):  # votes by choice may stand in a table of their own
                right = values[rows]
                right[:, columns] = np.where((there[rows] >= 0)[:, None], values[there[rows], columns], MISSING)
                found.setdefault(frozenset(ring), []).append(bureaux.operation(piece, rows, right))
    for some in found.values():
        best, *others = sorted(some, key=lambda each: (-each.improvement(), -each.piece))
        near = (each for each in others if best.improvement() - each.improvement() < CERTAIN)
        rivals = [each for each in near if each.piece != best.piece]
        readings = [each.reading(bureaux.grid) for each in (best, *rivals[:1])] if rivals else []
        sure, also = Sure.OPEN if rivals else Sure.LIKELY, _lacking_rows(bureaux, best, rivals)
        said = bureaux.say_exchanged(_named(bureaux, best.rows), best, rivals)
        bureaux.draft("communes-exchanged", best, sure, said, -1, also, {}, readings)


def _rings(whose: Sequence[int]) -> Iterator[list[int]]:
    """The communes that have one another's figures all round, by the one whose figures each has."""
    for first in range(len(whose)):
        ring = [first]
        while whose[ring[-1]] > first:
            if whose[ring[-1]] in ring:
                break
            ring.append(whose[ring[-1]])
        if len(ring) > 1 and whose[ring[-1]] == first:
            yield ring


def _lacking_rows(bureaux: ManyBureaux, made: WideOperation, rivals: Sequence[WideOperation]) -> list[int]:
    """Findings on rows that communes lack, or have and should not, in the pieces that may be wrong."""
    desk, unit = bureaux.desk, bureaux.grid.unit[made.rows]
    there, still = ((each[:, made.piece] >= 0).any(axis=1) for each in (made.was, made.right))
    nobodys = desk.at_bureaux(*ROWLESS) & np.isin(desk.places.unit, unit[there & ~still])
    insee = np.unique(desk.evidence.universe.insee[unit]).tolist()
    kinds = {bureaux.kinds[at] for at in (*made.changed_pieces(), *(each.piece for each in rivals))}
    return [*findings_on_rows(desk, insee, kinds), *np.flatnonzero(nobodys).tolist()]


def _named(bureaux: ManyBureaux, rows: Ints) -> Text:
    """The first communes of some bureaux."""
    universe = bureaux.grid.evidence.universe
    names, insee = universe.commune_names(), np.unique(universe.insee[bureaux.grid.unit[rows]]).tolist()
    named: list[Text] = [commune_of(code, names.get(code, "")) for code in insee]
    if len(named) > _NAMED:
        named[_NAMED - 1 :] = [msg("{count:n} other communes", count=len(named) - _NAMED + 1)]
    return listed(named)


# --- Communes under another code ---

_OTHERSLACKING = ("C101", "C113", "C119")
"""Further ones that a commune has which is none."""
TELLING = 10
"""Bureaux from which on the same codes of bureaux are enough, whatever the two codes of the communes look like."""
_DIGITS = 4


_Rows = dict[str, list[int]]
"""Findings on the rows of a commune in one piece, by the codes of their bureaux."""


def draft_booked_elsewhere(desk: CaseDesk) -> None:
    """A case for each commune whose rows a piece has under another code."""
    lacking = _by_commune(desk, *ROWLESS)
    if not lacking:
        return
    same: dict[tuple[str, frozenset[str]], list[str]] = {}
    for (piece, commune), lacks in lacking.items():
        same.setdefault((piece, frozenset(lacks)), []).append(commune)
    for (piece, code), rows in _by_commune(desk, *STRANGE).items():
        right = [commune for commune in near_codes(code) if _are_alike(rows, lacking.get((piece, commune), {}))]
        if not right and len(rows) >= TELLING:
            right = same.get((piece, frozenset(rows)), [])
        if len(right) == 1 and (piece, right[0]) in lacking:
            _draft(desk, piece, (code, right[0]), rows, lacking.pop((piece, right[0])))


def _are_alike(rows: _Rows, lacks: _Rows) -> bool:
    """Check that these are, but for one in ten, the bureaux that a commune lacks."""
    return bool(lacks) and 10 * len(rows.keys() & lacks.keys()) >= _OF_TEN * max(len(rows), len(lacks))


def _draft(desk: CaseDesk, piece: str, codes: Sequence[str], rows: _Rows, lacks: _Rows) -> None:
    """A case of the rows under the first of two codes, and of those that the commune of the second one lacks."""
    places, names = desk.places, desk.evidence.universe.commune_names()
    found = [row for some in rows.values() for row in some]
    units = places.unit[found]
    beside = np.isin(places.unit, units[units >= 0]) & desk.at_bureaux(*FIGURES, *_OTHERSLACKING, *STRANGE)
    code, right = (commune_of(each, names.get(each, "")) for each in codes)
    said = msg(
        "{count:n} bureaux stand under {code} {there}, which are probably those of {right}: it has none there",
        count=len(rows),
        code=code,
        right=right,
        there=in_piece(piece),
    )
    found += [*(row for some in lacks.values() for row in some), *np.flatnonzero(beside).tolist()]
    desk.add("booked-elsewhere", found, Sure.LIKELY, piece, CaseDetail(said=said))


def _by_commune(desk: CaseDesk, *codes: str) -> dict[tuple[str, str], _Rows]:
    """The findings of some rules by piece and commune."""
    keys, rows = desk.keys, desk.rows(*codes)
    found: dict[tuple[str, str], _Rows] = {}
    for row in rows if len(rows) <= _MOST else ():
        insee, bureau = keys.place_of(row)
        found.setdefault((desk.blamed(row), insee), {}).setdefault(bureau.zfill(_DIGITS), []).append(row)
    return found


# --- Another election ---

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
        counted = (bureaux.edits.signed == piece) | (bureaux.edits.cast == piece)
        gaps = desk.at_bureaux(*GAPS) & (bureaux.of >= 0) & np.isin(bureaux.of, rows[counted[rows]])
        explained = [*bureaux.ended_by(made), *findings_on_rows(desk, insee, strange), *np.flatnonzero(gaps).tolist()]
        detail = CaseDetail(said=_said(bureaux, made, other, sure))
        desk.add("other-election", explained, sure, kinds[piece], detail)


def _strangers(bureaux: ManyBureaux) -> Iterator[tuple[_Stranger, Ints]]:
    """Pieces of another count, with the bureaux of a commune and a poll in which they are."""
    figures, edits = bureaux.figures, bureaux.edits
    days, rolls = _compare_days(figures, bureaux.kinds)
    if not any(np.count_nonzero(each < 0) >= _LEAST for each in days.values()):
        return
    wrong_sums = edits.broken(figures, np.arange(len(figures))).sums[:, :, 0]
    order = np.argsort(bureaux.commune, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(bureaux.commune[order])) + 1):
        if len(rows) < _LEAST:
            continue
        compared = ({pair: each[rows] for pair, each in held.items()} for held in (days, rolls))
        for piece, other, sure in _blamed(bureaux.kinds, *compared):
            columns = _columns(bureaux.kinds, piece, other)
            left, right = (figures[rows, at][:, of] for at, of in zip((piece, other), columns, strict=True))
            both = ((left >= 0) & (right >= 0)).any(axis=1)
            here = rows[both]
            summed = [edits.summed.index(at) for at in (piece, other) if at in edits.summed]
            add_up = np.where(wrong_sums[here][:, summed], -1, 1)
            if all(_mostly(each, 1) for each in add_up.T) and not _in_other_rows(left[both], right[both]):
                yield (piece, other, sure), here


_Days = dict[tuple[int, int], Ints]
"""By two pieces, where they are of one day: 1, or -1 where they are of different ones, 0 where they do not tell."""


def _compare_days(figures: Ints, kinds: Sequence[str]) -> tuple[_Days, _Days]:
    """Compare the pieces that have figures of a count with one another and with the sign-in list; and all rolls."""
    counts, lists = ([at for at, kind in enumerate(kinds) if kind in some] for some in (COUNT, (LIST,)))
    days = {(one, other): _alike(figures, kinds, one, other) for one, other in combinations(counts, 2)}
    days |= {(one, other): _near(figures, one, other) for one, other in product(lists, counts)}
    rolls = combinations((*(at for at, kind in enumerate(kinds) if kind == UNIVERSE), *lists, *counts), 2)
    return days, {(one, other): _of_roll(figures, one, other) for one, other in rolls if one not in counts}


def _blamed(kinds: Sequence[str], days: _Days, rolls: _Days) -> Iterator[_Stranger]:
    """Pieces of another day in some bureaux, each with one that it contradicts, and how sure.

    It is the one that fewest others agree with; where several are, all but the PVs. A list may be far from a count for
    other reasons, unless its roll is another as well.
    """
    strange = (pair for pair, each in days.items() if _mostly(each, -1))
    claims = [pair for pair in strange if kinds[pair[0]] != LIST or _mostly(rolls[pair], -1)]
    held = (*days.items(), *rolls.items())
    agree = Counter(at for pair, each in held if _mostly(each, 1) for at in pair)
    later_first = dict.fromkeys(at for pair in claims for at in pair[::-1] if kinds[at] in SOURCES)
    alone = [at for at in later_first if agree[at] == min(agree[each] for each in later_first)]
    if len(alone) == 1:
        yield alone[0], next(sum(pair) - alone[0] for pair in claims if alone[0] in pair), Sure.LIKELY
    elif alone:
        other = next((at for at in alone if kinds[at] == RECORD), alone[-1])
        yield from ((piece, other, Sure.OPEN) for piece in alone if piece != other)


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
    """Select the rows with hardly a figure in common, among enough that can be compared."""
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
    """The columns of two pieces by which their rows are compared."""
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
