"""Cases of whole columns: what stands in the columns of a file belongs in others, in a commune or everywhere.

Told before bureaux are searched one by one: each of them would say the same, and a nation of them is never searched.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import numpy as np

from protocol.words import msg
from verify.cases.drafting import Drafting
from verify.cases.exchanged_columns import LEAST_BUREAUX, FoundExchange, exchanges, proposed_exchanges, put_back
from verify.cases.other_columns import KINDS, proposed_columns
from verify.cases.place_names import listed
from verify.cases.put_back import NOTHING_PUT_RIGHT, FindingsOfBureaux, PutBack, PutRight
from verify.cases.subjects import FIGURES, GAPS, FoundAt
from verify.cases.whose import doubtful_bureaux
from verify.cases.wording import in_piece
from verify.explanations.certainty import CERTAIN, LEAST_SUPPORT
from verify.explanations.edits import Edits
from verify.explanations.side_by_side import PUBLISHED, RECORD, SIGNATURES, SideBySide, lay_out
from verify.model.cases import CaseDetail, Sure
from verify.model.evidence import LinedEvidence
from verify.model.field_names import field_label
from verify.model.figures import Bools, Ints
from verify.rulebook.causes import Cause, causes

LEAST_EVERYWHERE = 20
"""Bureaux in which the columns have to be each other's, where these are all that there is and not a commune."""
_LISTED = 2000
"""Bureaux of which corrections are given one by one at most."""
_NAMED = 3
"""Columns that are named, where there are more than one other."""
_MOST = 20_000
_ROUNDS = 3
"""Exchanges of one scope that are told one after another."""


def draft_columns(evidence: LinedEvidence, drafting: Drafting, places: FoundAt) -> PutRight:
    """A case for each file and commune in which columns hold one another's figures; the figures that are put right."""
    unit, poll = _looked_at(evidence, drafting, places)
    if not len(unit):
        return NOTHING_PUT_RIGHT
    grid = lay_out(evidence, unit, poll)
    index: Ints = np.full(evidence.shape, -1, np.int64)
    index[unit, poll] = np.arange(len(unit))
    of = np.where(places.unit >= 0, index[places.unit, places.poll], -1)
    columns = _Columns(grid, drafting, of, doubtful_bureaux(evidence, drafting.keys, places)[unit])
    commune = evidence.universe.commune_number[unit] * len(evidence.polls) + poll
    for _ in range(_ROUNDS):
        if not (columns.told(poll, LEAST_EVERYWHERE) | columns.told(commune, LEAST_BUREAUX)):
            break
    return NOTHING_PUT_RIGHT.with_figures(grid, columns.figures)


def _looked_at(evidence: LinedEvidence, drafting: Drafting, places: FoundAt) -> tuple[Ints, Ints]:
    """The bureaux of communes in which most contradict themselves in two columns; units and polls."""
    keys, size = drafting.keys, int(np.prod(evidence.shape))
    free = drafting.free() & (places.unit >= 0)
    at = places.unit * len(evidence.polls) + places.poll
    of_columns = np.bincount(at[free & keys.of(*_OF_COLUMNS)], minlength=size)
    twice = free & keys.of(*_OF_TWO_COLUMNS)
    one_column = free & keys.of(*_OF_ONE_COLUMN)
    if np.count_nonzero(one_column) <= _MOST:
        twice |= one_column
    of_columns += np.bincount(at[twice], minlength=size)
    wrong = (of_columns > 1).reshape(evidence.shape)
    if np.count_nonzero(wrong) < LEAST_BUREAUX:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    commune = evidence.universe.commune_number
    looked_at: Bools = np.zeros(evidence.shape, np.bool_)
    for poll in range(len(evidence.polls)):
        number = np.bincount(commune[wrong[:, poll]], minlength=len(evidence.universe.communes))
        most = (number >= LEAST_BUREAUX) & (2 * number >= np.bincount(commune, minlength=len(number)))
        everywhere = 2 * int(number.sum()) >= len(commune) >= LEAST_EVERYWHERE
        looked_at[:, poll] = most[commune] | everywhere
    unit, poll_of = looked_at.nonzero()
    return unit.astype(np.int64), poll_of.astype(np.int64)


_OF_COLUMNS = FIGURES - GAPS - {"R213"}
_OF_TWO_COLUMNS = frozenset(("R212", "R215", "T301"))
"""Findings of which one can be all that is said of two columns."""
_OF_ONE_COLUMN = frozenset(("R205",))
"""Those that are all that is said of the one column of a list; of more than `_MOST` of them nothing is looked for."""


class _Columns:
    """Whole columns put back one after another.

    Args:
        grid: bureaux and their figures.
        drafting: takes the cases.
        of: the bureau of each finding by its index in the grid, -1 for none.
        doubtful: where it is in doubt whose the evidence is.
    """

    def __init__(self, grid: SideBySide, drafting: Drafting, of: Ints, doubtful: Bools) -> None:
        self._grid, self._edits, self._drafting, self._doubtful = grid, Edits.of(grid), drafting, doubtful
        self.figures = grid.figures.copy()
        self._of, self._findings = of, FindingsOfBureaux(grid, drafting, of)

    def told(self, scope: Ints, least: int) -> bool:
        """Whether there is a case for some scope; by a number of each bureau's."""
        edits, figures = self._edits, self.figures
        proposed = (each(edits, figures, scope, least) for each in (proposed_exchanges, proposed_columns))
        found = exchanges(edits, figures, scope, chain.from_iterable(proposed))
        for number, each in found.items():
            self._tell(np.flatnonzero(scope == number), each)
        return bool(found)

    def _tell(self, rows: Ints, found: FoundExchange) -> None:
        """Put the columns of some bureaux back, with a case for what is explained by that."""
        was, right = self.figures[rows], put_back(self._edits, self.figures, rows, found.exchange)
        self.figures[rows] = right
        exchange = found.exchange
        made = PutBack.of(self._edits, exchange.piece, exchange.columns, rows, was, right)
        kind = self._grid.pieces[exchange.piece].kind
        explained = self._findings.ended_by(made)
        sure = self._sure(found, made)
        cause = causes()["column-holds-other" if exchange.instead else "columns-exchanged"]
        own = was[:, exchange.piece, SIGNATURES:]
        if kind == PUBLISHED and ((own <= 0).all(axis=1) & (own == 0).any(axis=1)).all():
            cause = causes()["row-of-zeros"]
            explained += self._of_zeros(cause, rows)
        self._drafting.add(cause, explained, sure, kind, self._detail(found, made, sure))

    def _of_zeros(self, cause: Cause, rows: Ints) -> list[int]:
        """What else is said of bureaux with a row of zeros; of several publications only that it is one."""
        several = self._edits.kinds.count(PUBLISHED) > 1
        codes = self._drafting.keys.of("T308", *(() if several else cause.explains))
        return list(np.flatnonzero(codes & np.isin(self._of, rows)).tolist())

    def _sure(self, found: FoundExchange, made: PutBack) -> Sure:
        """As `verify.explanations.certainty.sure_of` has it."""
        if found.rivals:
            return Sure.OPEN
        agree = made.agreeing()
        without_record = self._edits.kinds[found.exchange.piece] == PUBLISHED and RECORD not in agree
        left = bool(made.after.cost.any()) or bool(self._doubtful[made.rows].any()) or len(made.rows) > _LISTED
        if left or without_record or 0 <= found.lead < CERTAIN:
            return Sure.LIKELY
        return Sure.CERTAIN if len(agree) + made.adds_up() >= LEAST_SUPPORT else Sure.LIKELY

    def _detail(self, found: FoundExchange, made: PutBack, sure: Sure) -> CaseDetail:
        exchange, grid, first = found.exchange, self._grid, int(made.rows[0])
        named = [field_label(grid.field(first, column)) for column, _ in exchange.holds]
        more = len(named) - _NAMED
        fields = listed(named if more < 2 else [*named[:_NAMED], msg("{count:n} other columns", count=more)])
        values: dict[str, object] = {"exchanged": fields, "field": fields, "bureaux": len(made.rows)}
        values["there"] = in_piece(grid.pieces[exchange.piece].kind)
        if sure is Sure.OPEN:
            either = in_piece(grid.pieces[found.rivals[0]].kind)
            return CaseDetail(
                said=msg(
                    "{exchanged} have one another's figures {there} or {or_there}, in {bureaux:n} bureaux; nothing "
                    "tells in which of the two",
                    **values,
                    or_there=either,
                )
            )
        said = msg("{exchanged} have one another's figures {there}, in {bureaux:n} bureaux", **values)
        if exchange.instead:
            said = replace(KINDS[exchange.instead][1], values=values)
        corrections = tuple(made.corrections(self._grid)) if len(made.rows) <= _LISTED else ()
        return CaseDetail(
            corrections=corrections,
            agree=made.agreeing(),
            adds_up=made.adds_up(),
            lead=found.lead,
            said=said,
        )
