"""The engine asked about figures that no file holds: random bureaux, and records of real slips.

The one place of this folder that imports the engine; everything else sees certificates and readings.
"""

from collections.abc import Sequence

from tests.outside.certificates import Act, Certificate
from tests.outside.oracles import PUBLISHED, RECAP, RECORD, VALID, VOTES, Figures
from tests.outside.real_slips import Key, Offer, Slip
from verify.explanations.certainty import support, sure_of
from verify.explanations.copies import BureauPapers
from verify.explanations.search import Explanation, explain
from verify.model.cases import Sure


def explain_figures(figures: Figures) -> Certificate | None:
    """Return the certificate of a bureau; None where the engine says that it has not searched everything."""
    found = explain(_papers(figures))
    if found is None or not found.complete:
        return None
    truth, rows = found.truth, figures.rows
    acts, told = list[Act](), set[tuple[int, int]]()
    for each in found.operations:
        cells = [(p, c, rows[p][c], truth[c]) for p, c in each.cells if (p, c) not in told and rows[p][c] != truth[c]]
        told |= each.cells.keys()
        acts.append(Act(each.cost, tuple(cells)))
    rivals = tuple((each.truth, each.cost) for each in found.rivals)
    return Certificate(truth, tuple(acts), found.cost, found.bound, rivals, found.doubt)


def _papers(figures: Figures) -> BureauPapers:
    return BureauPapers(figures.kinds, [list(row) for row in figures.rows], figures.width - VOTES, 0, False, False)


def offer(slip: Slip) -> Offer:
    """Ask for the corrections of a record, one broken identity after another.

    An identity stands as a PV whose valid votes are the total and whose votes are the parts. Where a cell is in another
    identity as well, the figure that this one gives it stands in a second piece, made from the first.
    """
    sure: dict[Key, int] = {}
    readings: dict[Key, set[int]] = {}
    certain = False
    for total, parts in slip.broken:
        keys = (total, *parts)
        written = [slip.written[key] for key in keys]
        implied = [_implied(slip, key, (total, parts)) for key in keys]
        kinds = (RECORD, RECAP) if any(value is not None for value in implied) else (RECORD,)
        papers = Figures(kinds, tuple(_row(values) for values in (written, implied)[: len(kinds)]))
        found = explain(_papers(papers))
        if found is None:
            continue
        for truth in (found.truth, *(each.truth for each in found.rivals)):
            for key, value, right in zip(keys, written, truth[VALID:], strict=True):
                if value != right >= 0:
                    readings.setdefault(key, set()).add(right)
        for key, right, is_certain in _sure(papers, found, keys):
            sure[key] = right
            certain |= is_certain
    return Offer(sure, {key: frozenset(values) for key, values in readings.items()}, certain)


def _sure(papers: Figures, found: Explanation, keys: Sequence[Key]) -> list[tuple[Key, int, bool]]:
    """Return the corrections of the record that are certain or likely, and which of both."""
    bureau = _papers(papers)
    result = []
    for told in support(bureau, found):
        how = sure_of(told, doubtful=False)
        if how is not Sure.OPEN and papers.kinds[told.operation.piece] != PUBLISHED and told.operation.piece == 0:
            result += [
                (keys[column - VALID], value, how is Sure.CERTAIN) for column, value in told.operation.changes.items()
            ]
    return result


def _row(values: Sequence[int | None]) -> tuple[int, ...]:
    return (-1, -1, -1, -1, -1, *(-1 if value is None else value for value in values))


def _implied(slip: Slip, key: Key, apart: tuple[Key, tuple[Key, ...]]) -> int | None:
    """Return the figure that another identity gives a cell; None where there is none, or it is below zero."""
    for total, parts in slip.sums:
        if (total, parts) == apart or key not in (total, *parts):
            continue
        others = [slip.written[each] for each in (total, *parts) if each != key]
        if None not in others:
            known = [value or 0 for value in others]
            value = sum(known) if key == total else known[0] - sum(known[1:])
            if value >= 0:
                return value
    return None
