"""Two simple ways to correct papers, as a measure of what cases are worth: a majority vote, and the fewest cells."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.outside.nights import BLANK, FOUND, NULL, REGISTERED, SETS, SIGNATURES, VALID, Cell, Night, Place, Value

Papers = Mapping[str, Mapping[str, Value]]
"""Cells of one bureau by piece."""
COPIES: Mapping[str, Sequence[str]] = {
    REGISTERED: ("emargements", "pv", "recap", "publie"),
    SIGNATURES: ("emargements", "pv", "recap"),
    **dict.fromkeys((FOUND, BLANK, NULL, VALID), ("pv", "recap", "publie")),
}
"""In which pieces each count stands, from the first to the last copy; votes of choices stand in those below."""
VOTES = ("voix", "publie")


def papers_of(night: Night, given: str) -> dict[Place, Papers]:
    """Gather the rows of each bureau from the pieces of a set of evidence."""
    found: dict[Place, dict[str, Mapping[str, Value]]] = {}
    for piece in SETS[given]:
        for row in night.rows.get(piece, ()) if piece != "communes" else ():
            found.setdefault(row.place, {})[piece] = row.cells
    return dict(found)


def readings(papers: Papers, name: str) -> dict[str, int | None]:
    """Return the cells of one quantity by piece; text counts as blank."""
    pieces = [piece for piece in COPIES.get(name, VOTES) if name in papers.get(piece, ())]
    return {piece: value if isinstance(value := papers[piece][name], int) else None for piece in pieces}


def vote(papers: Papers, choices: Sequence[str], place: Place) -> dict[Cell, Value]:
    """Correct each quantity to the reading of most pieces, where sums and the other count of voters vote as well."""
    seen = {name: readings(papers, name) for name in (*COPIES, *choices)}
    votes: dict[str, Counter[int]] = {
        name: Counter(value for value in stated.values() if value is not None) for name, stated in seen.items()
    }
    best = {name: counted.most_common(1)[0][0] if counted else None for name, counted in votes.items()}
    by_sums = {
        VALID: [best[name] for name in choices],
        FOUND: [best[name] for name in (BLANK, NULL, VALID)],
    }
    for name, parts in by_sums.items():
        if None not in parts and parts:
            votes[name][sum(part or 0 for part in parts)] += 1
    for part in (BLANK, NULL, VALID):
        others = [best[name] for name in (BLANK, NULL, VALID) if name != part]
        if (found := best[FOUND]) is not None and None not in others:
            votes[part][found - sum(other or 0 for other in others)] += 1
    for name, other in ((FOUND, SIGNATURES), (SIGNATURES, FOUND)):
        near = best[other]
        for reading in tuple(votes[name]) if near is not None else ():
            votes[name][reading] += abs(reading - (near or 0)) <= 9
    corrections: dict[Cell, Value] = {}
    for name, counted in votes.items():
        ranked = counted.most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            winner = ranked[0][0]
            corrections |= {(piece, place, name): winner for piece, value in seen[name].items() if value != winner}
    return corrections


def fewest_cells(papers: Papers, choices: Sequence[str], place: Place) -> dict[Cell, Value] | None:
    """Correct the fewest cells after which copies agree and sums hold, as an integer program (Fellegi and Holt 1976).

    A gap between votes found and signatures costs as much as a cell, beyond nine votes two. None: there are two such
    sets of corrections.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    names = [name for name in (*COPIES, *choices) if readings(papers, name)]
    true = {name: model.new_int_var(0, 200_000, name) for name in names}
    wrong: dict[Cell, cp_model.IntVar] = {}
    for name in names:
        for piece, stated in readings(papers, name).items():
            off = wrong[piece, place, name] = model.new_bool_var(f"{piece} {name}")
            if stated is None:
                model.add(off == 1)
            else:
                model.add(true[name] == stated).only_enforce_if(off.negated())
    parts = [true[name] for name in choices if name in true]
    if VALID in true and len(parts) == len(choices):
        model.add(true[VALID] == sum(parts))
    if all(name in true for name in (FOUND, BLANK, NULL, VALID)):
        model.add(true[FOUND] == true[BLANK] + true[NULL] + true[VALID])
    gap, large = model.new_bool_var("gap"), model.new_bool_var("large")
    if FOUND in true and SIGNATURES in true:
        model.add(true[FOUND] == true[SIGNATURES]).only_enforce_if(gap.negated())
        for sign in (1, -1):
            model.add(sign * (true[FOUND] - true[SIGNATURES]) <= 9).only_enforce_if(large.negated())
    cost = sum(wrong.values()) + gap + large
    model.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) != cp_model.OPTIMAL:
        return None
    found: dict[Cell, Value] = {
        cell: solver.value(true[cell[2]]) for cell, variable in wrong.items() if solver.value(variable)
    }
    model.clear_objective()
    model.add(cost <= round(solver.objective_value))
    other = []
    for place_of, variable in wrong.items():
        if place_of in found:
            same, value = model.new_bool_var("same"), true[place_of[2]]
            model.add(value == found[place_of]).only_enforce_if(same)
            model.add(value != found[place_of]).only_enforce_if(same.negated())
            other += [same.negated(), variable.negated()]
        else:
            other.append(variable)
    model.add_bool_or(other)
    return found if solver.solve(model) == cp_model.INFEASIBLE else None
