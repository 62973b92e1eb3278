"""Judge whether papers decide a fault, before any program looks at them, by counting acts alone.

A truth explains papers by so many acts: an act changes one figure, and whatever was copied from it later follows.
Papers decide a fault where no other truth explains them with as many acts as the fault took, and where more speaks
than the sign-in list alone against a count that agrees with itself. A gap of a few votes is no act. Rates play no part.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from tests.outside.faults import Fault
from tests.outside.nights import BLANK, FOUND, NULL, PROXIES, SETS, SIGNATURES, VALID, Cell, Place, Value
from tests.outside.rivals import COPIES, VOTES, Papers, papers_of, readings

Truth = Mapping[str, int | None]
"""The true figures of a bureau; None for one that the papers leave open."""

GAP = 9
"""Votes by which votes found and signatures may differ without an act."""


def is_determinable(fault: Fault, given: str, choices: Sequence[str]) -> bool:
    """Return whether the papers of a set of evidence decide a fault."""
    pieces = SETS[given]
    right = {cell: value for cell, value in fault.right.items() if cell[0] in pieces}
    wrong = right | {cell: value for cell, value in fault.copied.items() if cell[0] in pieces}
    rearranged = fault.wide and fault.kind.mirrored
    on_the_list = any(name == SIGNATURES for _, _, name in wrong) and all(cell[0] == "emargements" for cell in wrong)
    if on_the_list and not rearranged:
        return False
    papers = papers_of(fault.night, given)
    true = _true_figures(papers, {cell: value for cell, value in wrong.items() if cell[0] != "communes"})
    if not all(_is_only(true[at], explain(_without(papers[at], at, wrong), choices, 0)) for at in true):
        return False
    if len(true) == 1 and fault.kind.scale in ("cell", "row", "people"):
        (place,) = true
        blank = any(papers[place][piece].get(name) is None for piece, _, name in right)
        found = explain(papers[place], choices, fault.kind.acts - blank)
        if found and not _is_only(true[place], found):
            return False
    return not fault.kind.mirrored or not any(
        _fits_otherwise(papers, true, choices, others) for others in _mirrors(right, pieces)
    )


def _true_figures(papers: Mapping[Place, Papers], wrong: Mapping[Cell, Value]) -> dict[Place, dict[str, Value]]:
    """Gather the true figures that a fault changed, by place."""
    found: dict[Place, dict[str, Value]] = {}
    for (_, place, name), value in wrong.items():
        if place in papers and name != PROXIES:
            found.setdefault(place, {})[name] = value
    return found


def _without(papers: Papers, place: Place, cells: Iterable[Cell]) -> Papers:
    gone = {(piece, name) for piece, at, name in cells if at == place}
    return {p: {n: v for n, v in row.items() if (p, n) not in gone} for p, row in papers.items()}


def _is_only(true: Mapping[str, Value], found: Sequence[Truth]) -> bool:
    """Return whether all truths have the true figures, and there is one at all."""
    return bool(found) and all(each.get(name) == value for each in found for name, value in true.items())


def _mirrors(right: Mapping[Cell, Value], pieces: Sequence[str]) -> Iterable[set[tuple[str, str]]]:
    """Yield, for each other piece with the same quantities, the columns that would be wrong instead."""
    names = {name for _, _, name in right}
    own = {piece for piece, _, _ in right}
    for piece in pieces:
        columns = {(piece, name) for name in names if piece in COPIES.get(name, VOTES)}
        if piece not in own and len(columns) == len(names):
            yield columns
            later = {
                (copy, name) for name in names for copy in _copies_of(piece, name) if copy in pieces and copy not in own
            }
            if later:
                yield columns | later


def _copies_of(piece: str, name: str) -> Sequence[str]:
    chain = COPIES.get(name, VOTES)
    return chain[chain.index(piece) + 1 :]


def _fits_otherwise(
    papers: Mapping[Place, Papers],
    true: Mapping[Place, Mapping[str, Value]],
    choices: Sequence[str],
    columns: set[tuple[str, str]],
) -> bool:
    """Return whether other columns could be wrong instead: without them everything agrees, on another truth."""
    for place, figures in true.items():
        gone = {(piece, place, name) for piece, name in columns}
        found = explain(_without(papers[place], place, gone), choices, 0)
        if not found or _is_only(figures, found):
            return False
    return True


def explain(papers: Papers, choices: Sequence[str], acts: int) -> list[Truth]:
    """Return every truth that explains the papers of one bureau with no more than so many acts."""
    costs: dict[str, list[tuple[int, int | None]]] = {}
    for name in (*COPIES, *choices):
        seen = [value for value in readings(papers, name).values() if isinstance(value, int)]
        costs[name] = [(_changes(seen, value), value) for value in sorted(set(seen))]
        costs[name].append((_changes(seen, None), None))
    least = sum(min(cost for cost, _ in each) for each in costs.values())
    found: list[Truth] = []

    def choose(names: Sequence[str], left: int, so_far: dict[str, int | None]) -> None:
        if not names:
            found.extend(_complete(so_far, costs, choices, left))
            return
        name, floor = names[0], min(cost for cost, _ in costs[names[0]])
        for cost, value in costs[name]:
            if cost - floor <= left:
                choose(names[1:], left - (cost - floor), so_far | {name: value})

    if acts >= least:
        choose(list(costs), acts - least, {})
    return found


def _changes(seen: Sequence[int], true: int | None) -> int:
    """Count the acts on a chain of papers, each with the table that it was typed into, from a true figure."""
    if not seen:
        return 0
    values = (*sorted(set(seen)), true)
    costs = {value: int(value != true) for value in values}
    for written in seen:
        here = {value: min(costs[other] + (other != value) for other in values) for value in values}
        costs = {value: here[value] + (written != value) for value in values}
    return min(costs.values())


def _complete(
    figures: Mapping[str, int | None],
    costs: Mapping[str, Sequence[tuple[int, int | None]]],
    choices: Sequence[str],
    left: int,
) -> list[Truth]:
    """Give the figures that stand nowhere the values that the sums give; none where the sums do not hold."""
    known = dict(figures)
    edits = ((VALID, tuple(choices)), (FOUND, (BLANK, NULL, VALID)))
    for (total, parts), _ in product(edits, range(2)):
        unknown = [name for name in (total, *parts) if known[name] is None]
        if len(unknown) == 1:
            others = sum(known[name] or 0 for name in parts if name not in unknown)
            known[unknown[0]] = others if unknown[0] == total else (known[total] or 0) - others
    for total, parts in edits:
        if None not in (known[name] for name in (total, *parts)) and known[total] != sum(known[n] or 0 for n in parts):
            return []
    for name, value in known.items():
        stands = {each for _, each in costs[name] if each is not None}
        if value is not None and (value < 0 or (figures[name] is None and value in stands)):
            return []
    found, signed = known[FOUND], known[SIGNATURES]
    if found is not None and signed is not None and abs(found - signed) > GAP and not left:
        return []
    return [known]
