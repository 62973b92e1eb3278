"""Slips that people found in published results, with the identities that hold in their records given as data.

A record is a set of cells; an identity says that one of them is the sum of others. Identities are those of the kinds
row (parts against the votes), column (bureaus against a total) and race (choices against the votes cast) that hold in
the corrected record.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Key = tuple[str, str, str]
"""Place, quantity and choice."""
OTHERS = "sum of the other bureaus"
CAST = ("Cast Votes", "Ballots Cast", "Ballots Cast - Total", "Total Votes Cast")
NO_CHOICE = (*CAST, "Registered Voters", "Under Votes", "Over Votes")


@dataclass(frozen=True)
class Slip:
    """One slip with the record around it.

    Attributes:
        written: every cell as it stood, None for a blank.
        sums: identities, each a total and its parts.
        right: the right figure of each cell that was wrong.
        determinable: ``yes`` where the record tells every figure, ``no`` where it tells none, else ``partly``.
    """

    name: str
    written: Mapping[Key, int | None]
    sums: Sequence[tuple[Key, tuple[Key, ...]]]
    right: Mapping[Key, int]
    determinable: str

    @cached_property
    def broken(self) -> list[tuple[Key, tuple[Key, ...]]]:
        """Identities that do not hold as it stood."""
        return [each for each in self.sums if not _holds(self.written, *each)]


def read_slips(data: Path) -> list[Slip]:
    """Read all slips of the collection."""
    folder = data / "real_slips"
    lines: dict[str, list[dict[str, str]]] = {}
    with (folder / "slips.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            lines.setdefault(line["id"], []).append(line)
    return [_slip(name, own, folder / "records" / f"{name}.csv") for name, own in lines.items()]


def _slip(name: str, lines: Sequence[Mapping[str, str]], record: Path) -> Slip:
    before: dict[Key, int | None] = {}
    after: dict[Key, int | None] = {}
    places: dict[str, list[str]] = {"bureau": [], "total": [], "others": []}
    with record.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["piece"] in places:
                key = (row["place"], row["quantity"], row["choice"])
                edition = before if row["edition"] == "before" else after
                edition[key] = int(row["value"]) if row["value"].strip().isdigit() else None
                if row["place"] not in places[row["piece"]]:
                    places[row["piece"]].append(row["place"])
    sums = [each for each in _identities(before, places) if _holds(after, *each)]
    right = {}
    for key, value in after.items():
        if value is not None and before.get(key) != value and key[0] != OTHERS:
            right[key] = value
    told = {line["determinable"] for line in lines}
    return Slip(name, before, sums, right, told.pop() if len(told) == 1 else "partly")


def _identities(
    cells: Mapping[Key, int | None], places: Mapping[str, Sequence[str]]
) -> Iterable[tuple[Key, tuple[Key, ...]]]:
    for place, choice in dict.fromkeys((place, choice) for place, _, choice in cells):
        parts = tuple((place, q, choice) for q in _quantities(cells) if q != "votes" and (place, q, choice) in cells)
        if (place, "votes", choice) in cells and len(parts) > 1:
            yield (place, "votes", choice), parts
    for total in places["total"]:
        for quantity, choice in dict.fromkeys((q, choice) for place, q, choice in cells if place == total):
            bureaus = [*places["bureau"], *places["others"]]
            yield (total, quantity, choice), tuple(k for each in bureaus if (k := (each, quantity, choice)) in cells)
    for place, quantity in dict.fromkeys((place, q) for place, q, _ in cells):
        choices = tuple(key for key in cells if key[:2] == (place, quantity) and key[2] not in NO_CHOICE)
        for cast in CAST:
            if (place, quantity, cast) in cells and len(choices) > 1:
                yield (place, quantity, cast), choices


def _quantities(cells: Mapping[Key, int | None]) -> list[str]:
    return list(dict.fromkeys(quantity for _, quantity, _ in cells))


def _holds(cells: Mapping[Key, int | None], total: Key, parts: tuple[Key, ...]) -> bool:
    values = [cells.get(key) for key in (total, *parts)]
    return bool(parts) and None not in values and values[0] == sum(value or 0 for value in values[1:])


MOST = 40
"""Sets of cells that are looked at for one slip."""


def fewest_changes(slip: Slip) -> list[dict[Key, int]]:
    """Return the smallest sets of changes after which all identities hold, as an integer program (OR-Tools' CP-SAT)."""
    from ortools.sat.python import cp_model

    near = _near(slip)
    if not near:
        return []
    model = cp_model.CpModel()
    keys = sorted({key for total, parts in near for key in (total, *parts)})
    true = {key: model.new_int_var(0, 10_000_000, str(key)) for key in keys}
    wrong = {key: model.new_bool_var(str(key)) for key in keys}
    for key in keys:
        if (value := slip.written[key]) is None:
            model.add(wrong[key] == 1)
        else:
            model.add(true[key] == value).only_enforce_if(wrong[key].negated())
    for total, parts in near:
        model.add(true[total] == sum(true[part] for part in parts))
    model.minimize(sum(wrong.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = 20
    found: list[dict[Key, int]] = []
    while len(found) < MOST and solver.solve(model) == cp_model.OPTIMAL:
        changed = {key: solver.value(true[key]) for key in keys if solver.value(wrong[key])}
        if found and len(changed) > len(found[0]):
            break
        found.append(changed)
        model.add_bool_or([variable.negated() for key, variable in wrong.items() if key in changed])
    return found


def _near(slip: Slip) -> list[tuple[Key, tuple[Key, ...]]]:
    """Return the identities that share a cell, over any number of others, with a broken one."""
    found, left = list(slip.broken), [each for each in slip.sums if each not in slip.broken]
    reached = {key for total, parts in found for key in (total, *parts)}
    for _ in range(2):
        more = [each for each in left if not reached.isdisjoint((each[0], *each[1]))]
        found += more
        left = [each for each in left if each not in more]
        reached |= {key for total, parts in more for key in (total, *parts)}
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """Answer of a program to a record.

    Attributes:
        sure: the one right figure of each cell that it corrects.
        readings: all figures that it names for a cell.
        certain: whether it calls a correction certain.
    """

    sure: Mapping[Key, int]
    readings: Mapping[Key, frozenset[int]]
    certain: bool = False


def offer_fewest(slip: Slip) -> Offer:
    """Offer the fewest changes, all sets of them as readings."""
    found = fewest_changes(slip)
    readings = {
        key: frozenset(each[key] for each in found if key in each) for key in {k for each in found for k in each}
    }
    return Offer(found[0] if len(found) == 1 else {}, readings)


@dataclass(slots=True)
class Named:
    """Slips whose right figures some program named.

    Attributes:
        slips: of one kind of `Slip.determinable`. ``seen``: those with a broken identity.
        named: those of which every right figure is among those named for its cell.
        exact: those of which the sure corrections are the right ones and no others.
        wrong, certain_wrong: those with a sure correction that is not right; with a certain one.
    """

    slips: int = 0
    seen: int = 0
    named: int = 0
    exact: int = 0
    wrong: int = 0
    certain_wrong: int = 0


def measure_slips(slips: Sequence[Slip], program: Callable[[Slip], Offer]) -> dict[str, Named]:
    """Set what a program offers against the corrections that people made, by how far the record tells these."""
    result = {kind: Named() for kind in ("yes", "partly", "no")}
    for slip in slips:
        offered, own = program(slip), result[slip.determinable]
        wrong = any(slip.right.get(key) != value for key, value in offered.sure.items())
        named = (value in offered.readings.get(key, ()) for key, value in slip.right.items())
        own.slips += 1
        own.seen += bool(slip.broken)
        own.named += bool(slip.right) and all(named)
        own.exact += bool(slip.right) and dict(offered.sure) == dict(slip.right)
        own.wrong += wrong
        own.certain_wrong += wrong and offered.certain
    return result
