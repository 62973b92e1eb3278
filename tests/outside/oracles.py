"""Two solvers of integer programs asked for the cheapest explanation of one bureau: OR-Tools' CP-SAT, and HiGHS.

A random bureau has one to three wrong figures. Its explanation by operations on single figures is an integer program of
its own: a true value for each quantity, at a cost that stands in a table, the two sums, and the gap. Nothing here is
taken from the engine but the rates of causes, which are data. `price` says what one column costs by the tree of copies.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

LIST, RECORD, RECAP, PUBLISHED = "emargements", "pv", "recap", "publie"
REGISTERED, SIGNATURES, FOUND, BLANK, NULL, VALID, VOTES = range(7)
FAR = 98_765_432
"""A true value that no slip of the pen connects with any figure written."""
MOST = 200_000
"""No figure of a bureau is larger."""
UNITS = 10
"""Values below it are always priced one by one: a zero where a count belongs is a slip of its own above."""
LAST_DIGIT = 20
"""Extra cost of a wrong last digit, in decibans."""


@cache
def rate(cause: str) -> int:
    """Return the cost of a cause in decibans, by the table of causes."""
    path = Path(__file__).resolve().parents[2] / "verify" / "rulebook" / "causes.toml"
    return int(tomllib.loads(path.read_text(encoding="utf-8"))[cause]["cost"])


@dataclass(frozen=True, slots=True)
class Figures:
    """A bureau: kinds of pieces, and a row for each with registered, signatures, found, blank, null, valid and votes.

    Figures below zero are not there.
    """

    kinds: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]

    @property
    def width(self) -> int:
        """Number of quantities."""
        return len(self.rows[0])


def draw(rng: np.random.Generator) -> Figures:
    """Draw a bureau of which 1 to 3 figures are wrong, each of them with a chance that later pieces copy it."""
    votes = rng.integers(0, 500, rng.integers(2, 8)).tolist()
    blank, null, valid = int(rng.integers(0, 40)), int(rng.integers(0, 20)), sum(votes)
    found = valid + blank + null
    signed = max(found - int(rng.choice([0, 0, 0, 1, -1, 2])), 0)
    true = [found + int(rng.integers(50, 400)), signed, found, blank, null, valid, *votes]
    kinds = [LIST, RECORD, *(kind for kind in (RECAP, PUBLISHED) if rng.random() < 0.7)]
    rows = {kind: [value if _holds(kind, at) else -1 for at, value in enumerate(true)] for kind in kinds}
    for _ in range(int(rng.integers(1, 4))):
        kind = str(rng.choice(kinds))
        at = int(rng.choice([n for n, value in enumerate(rows[kind]) if value >= 0]))
        wrong = _slip(rows[kind][at], rng)
        later = kinds[kinds.index(kind) :] if rng.random() < 0.3 else [kind]
        for copy in later:
            if rows[copy][at] >= 0:
                rows[copy][at] = wrong
    return Figures(tuple(kinds), tuple(tuple(rows[kind]) for kind in kinds))


def _holds(kind: str, at: int) -> bool:
    if kind == LIST:
        return at in (REGISTERED, SIGNATURES)
    return not (kind == RECAP and at >= VOTES) and not (kind == PUBLISHED and at == SIGNATURES)


def _slip(right: int, rng: np.random.Generator) -> int:
    if rng.random() < 0.3:
        return int(rng.integers(0, 1000))
    others = sorted(value for value in slips_of(right) if value != right and value < MOST)
    return others[int(rng.integers(len(others)))]


def slips_of(value: int) -> set[int]:
    """Return the values that one slip in their digits makes of a value, or a value of them."""
    text = str(value)
    found = {text[:n] + digit + text[n + 1 :] for n in range(len(text)) for digit in "0123456789"}
    found |= {text[:n] + digit + text[n:] for n in range(len(text) + 1) for digit in "0123456789"}
    found |= {text[:n] + text[n + 1 :] for n in range(len(text)) if len(text) > 1}
    for one in range(len(text)):
        for other in range(one + 1, len(text)):
            swapped = list(text)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            found.add("".join(swapped))
    return {int(each) for each in found}


# What one figure costs


def operation(kind: str, row: Sequence[int], column: int, was: int, right: int) -> int:
    """Return what it costs that a figure of a row is ``was`` and should be ``right``."""
    here, there = str(was), str(right)
    apart = [n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b]
    swapped = len(here) == len(there) and len(apart) == 2 and sorted(here) == sorted(there)
    counts = [was if n == column else value for n, value in enumerate(row[:VOTES])]
    if counts[FOUND] == counts[SIGNATURES] and (kind, column) == (RECAP, SIGNATURES):
        return rate("gap-corrected")
    if column == REGISTERED and was != counts[FOUND]:
        return rate("digit-lost" if was == right // 10 else "registered-differ")
    if column < VOTES and was > 0 and counts.count(was) > 1 and not _voters(kind, counts, column):
        return rate("figure-of-another-line")
    if column in (SIGNATURES, FOUND) and swapped:
        return rate("digits-exchanged")
    if was == 0 and right > 9:
        return rate("zero-for-missing")
    if swapped and apart[1] == apart[0] + 1:
        return rate("digits-exchanged")
    if len(here) == len(there) and len(apart) == 1:
        return rate("digit-wrong") + LAST_DIGIT * (was // 10 == right // 10)
    for longer, shorter, cause in ((here, there, "digit-doubled"), (there, here, "digit-lost")):
        one_more = len(longer) == len(shorter) + 1 and (cause == "digit-lost" or len(shorter) > 1)
        if one_more and any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer))):
            return rate(cause)
    votes = [was if n == column else value for n, value in enumerate(row)][VOTES:]
    return rate("figure-of-another-line" if column >= VOTES and votes.count(was) > 1 and was else "figure-wrong")


def _voters(kind: str, counts: Sequence[int], column: int) -> bool:
    """Return whether a PV's votes found are its signatures, which of paper bureaux says nothing."""
    return kind == RECORD and column == FOUND and counts[FOUND] == counts[SIGNATURES]


WAY = dict.fromkeys((SIGNATURES, REGISTERED), (LIST, RECORD, RECAP, PUBLISHED))
"""The papers of a quantity, the first one made of the true figure, each later one of the one before it."""


def price(figures: Figures, column: int, right: int) -> int:
    """Return the least cost of all that is written of a quantity if ``right`` is true (Sankoff 1975).

    Each paper hands its figure on; the file that was typed from it may differ. The last one is its own file.
    """
    way = [kind for kind in WAY.get(column, (RECORD, RECAP, PUBLISHED)) if kind in figures.kinds]
    rows = [figures.rows[figures.kinds.index(kind)] for kind in way]
    seen = dict.fromkeys([right, *(row[column] for row in rows if row[column] >= 0)])

    def below(at: int, value: int) -> int:
        """Cost of all papers from one on if the paper before has a value."""
        if at == len(way) or all(row[column] < 0 for row in rows[at:]):
            return 0
        kind, row, written = way[at], rows[at], rows[at][column]

        def step(was: int, should: int) -> int:
            return 0 if was == should else operation(kind, row, column, was, should)

        if at == len(way) - 1:
            return step(written, value)
        return min(step(each, value) + (written >= 0) * step(written, each) + below(at + 1, each) for each in seen)

    return below(0, right)


@dataclass(frozen=True, slots=True)
class Choice:
    """One quantity in the program: values with a cost each, and the cost of any other; None where there is none."""

    costs: Mapping[int, int]
    other: int | None


def choices_of(figures: Figures, most: int) -> list[Choice]:
    """Return what each quantity may truly be in an explanation that costs no more than ``most``, and its cost.

    Signatures and registered voters stand somewhere.
    """
    found = []
    for column in range(figures.width):
        seen = {row[column] for row in figures.rows if row[column] >= 0}
        stands = column in (REGISTERED, SIGNATURES)
        near = seen if stands else seen.union(*map(slips_of, seen), range(UNITS))
        costs = {value: price(figures, column, value) for value in near if value <= MOST}
        found.append(Choice(costs, None if stands else price(figures, column, FAR)))
    least = [min(*each.costs.values(), each.other or MOST) for each in found]
    room = [most - sum(least) + own for own in least]
    return [_within(each, limit) for each, limit in zip(found, room, strict=True)]


def _within(choice: Choice, limit: int) -> Choice:
    other = choice.other if choice.other is not None and choice.other <= limit else None
    return Choice(
        {
            value: cost
            for value, cost in sorted(choice.costs.items())
            if cost <= limit and (other is None or cost < other or value < UNITS)
        },
        other,
    )


def gap_steps() -> Iterator[tuple[int, int]]:
    """Yield the least gaps of each cost, and what each costs more than the one before."""
    yield from ((1 << power, 20) for power in range(24))


def by_cp_sat(figures: Figures, most: int) -> int | None:
    """Return the least cost, up to ``most``, that CP-SAT finds; None where there is none."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    true, costs = [], []
    for choice in choices_of(figures, most):
        picks = {each: model.new_bool_var("") for each in choice.costs}
        value = sum(each * pick for each, pick in picks.items())
        costs += [cost * picks[each] for each, cost in choice.costs.items() if cost]
        if choice.other is None:
            model.add_exactly_one(picks.values())
        else:
            free, rest = model.new_bool_var(""), model.new_int_var(0, MOST, "")
            model.add_exactly_one(*picks.values(), free)
            model.add(rest <= MOST * free)
            model.add(rest >= UNITS * free)
            value += rest
            costs.append(choice.other * free)
        true.append(value)
    model.add(true[FOUND] == true[BLANK] + true[NULL] + true[VALID])
    model.add(true[VALID] == sum(true[VOTES:]))
    gap = model.new_int_var(0, MOST, "gap")
    model.add_abs_equality(gap, true[FOUND] - true[SIGNATURES])
    for least, more in gap_steps():
        step = model.new_bool_var("")
        model.add(gap < least).only_enforce_if(step.negated())
        costs.append(more * step)
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.cp_model_presolve = False  # takes longer than such a small program
    return round(solver.objective_value) if solver.solve(model) == cp_model.OPTIMAL else None


def by_highs(figures: Figures, most: int) -> int | None:
    """Return the least cost, up to ``most``, that HiGHS finds; None where there is none."""
    import highspy

    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    true, cost = [], []
    for choice in choices_of(figures, most):
        value, rest, free = model.addVariable(0, MOST), model.addVariable(0, MOST), model.addBinary()
        picks = {each: model.addBinary() for each in choice.costs}
        model.addConstr(free + sum(picks.values()) == 1)
        model.addConstr(rest - (MOST if choice.other is not None else 0) * free <= 0)
        model.addConstr(rest - UNITS * free >= 0)
        model.addConstr(free <= (choice.other is not None))
        model.addConstr(value - rest - sum(each * pick for each, pick in picks.items()) == 0)
        cost.append((choice.other or 0) * free)
        cost += [choice.costs[each] * pick for each, pick in picks.items() if choice.costs[each]]
        true.append(value)
    model.addConstr(true[FOUND] - true[BLANK] - true[NULL] - true[VALID] == 0)
    model.addConstr(true[VALID] - sum(true[VOTES:]) == 0)
    gap = model.addVariable(0, MOST)
    model.addConstr(gap - true[FOUND] + true[SIGNATURES] >= 0)
    model.addConstr(gap + true[FOUND] - true[SIGNATURES] >= 0)
    for least, more in gap_steps():
        step = model.addBinary()
        model.addConstr(gap - MOST * step <= least - 1)
        cost.append(more * step)
    model.minimize(sum(cost))
    optimal = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(model.getInfo().objective_function_value) if optimal else None
