"""Faults put into nights of real figures, one at a time or many together, and what is said of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np

from tests.outside import rivals
from tests.outside.faults import KINDS, Fault, Kind, NotHereError, Scene, make_fault
from tests.outside.judge import is_determinable
from tests.outside.nights import (
    FOUND,
    SETS,
    SIGNATURES,
    Bureau,
    Cell,
    Night,
    Place,
    Value,
    machine_communes,
    make_night,
    paris,
    paris_of_2022,
    published,
)
from tests.outside.scoring import Said, Score, is_about, score, score_told, verify

ALONE = 6
"""Faults of each kind that are put into a night of their own."""


@dataclass(frozen=True, slots=True)
class Base:
    """A night without a fault, and figures of other polls at its places."""

    night: Night
    elsewhere: Mapping[str, Mapping[Place, Mapping[str, int]]]


@dataclass(slots=True)
class Rivals:
    """Told faults that simpler ways correct exactly."""

    told: int = 0
    vote: int = 0
    cells: int = 0

    def add(self, other: Rivals) -> None:
        """Count others in."""
        self.told, self.vote, self.cells = self.told + other.told, self.vote + other.vote, self.cells + other.cells


def generator(*keys: object) -> np.random.Generator:
    """Return a stream of its own for what the keys name."""
    return np.random.default_rng([zlib.crc32(str(each).encode()) for each in keys])


@lru_cache(maxsize=40)
def base_night(data: Path, seed: int, index: int, needs: str = "") -> Base:
    """Make one of the nights that single faults are put into: three communes, or two arrondissements of Paris.

    By ``index``: Paris, machines, paper (first round); machines, paper (second round); paper (first round).
    """
    rng = generator(seed, "night", index, needs)
    which = index % ALONE
    if needs == "year" or (which == 0 and needs != "round"):
        communes = paris(data)
        some = [list(communes)[int(n)] for n in rng.choice(len(communes), 2, replace=False)]
        bureaux = [each for insee in some for each in communes[insee][:60]]
        return Base(make_night(bureaux, frozenset(), rng), {"year": paris_of_2022(data)})
    round_ = 2 if which in (3, 4) else 1
    there, machines = published(data, round_), machine_communes(data)
    fit = [insee for insee in there.communes(8, 40) if (insee in machines) == (which in (1, 3))]
    drawn = (fit[int(n)] for n in rng.permutation(len(fit)))
    some = list(islice((insee for insee in drawn if there.bureaux(insee)), 3))
    night = make_night([each for insee in some for each in there.bureaux(insee)], machines, rng)
    if needs != "round":
        return Base(night, {})
    other = published(data, 3 - round_)
    return Base(night, {"round": counts_of(each for insee in some for each in other.bureaux(insee))})


def counts_of(bureaux: Iterable[Bureau]) -> dict[Place, dict[str, int]]:
    """Return the counts of another poll by place; as many signatures as votes found."""
    return {each.place: {**each.counts, SIGNATURES: each.counts[FOUND]} for each in bureaux}


@lru_cache(maxsize=200)
def clean_cases(data: Path, seed: int, index: int, needs: str, given: str) -> tuple[Said, ...]:
    """Return the cases of a night without a fault."""
    return tuple(verify(base_night(data, seed, index, needs).night, given))


def make_alone(data: Path, seed: int, kind: Kind, index: int, *, harmonised: bool = False) -> tuple[Fault, int]:
    """Put one fault into a night of its own, and return the number of that night.

    Raises:
        NotHereError: a copy was asked for and nothing is copied.
    """
    rng = generator(seed, kind.name, index)
    for trial in range(600):
        index += ALONE * (trial % 100 == 99)
        base = base_night(data, seed, index, kind.needs)
        places = base.night.places()
        scene = Scene(base.night.copy(), places[int(rng.integers(len(places)))], rng, base.elsewhere)
        try:
            fault = make_fault(kind, scene, harmonised=harmonised)
        except NotHereError:
            continue
        if harmonised and not fault.copied:
            raise NotHereError
        return fault, index
    raise RuntimeError(f"no place for: {kind.name}, night {index}")


def measure_alone(
    data: Path, seed: int, kind: Kind, index: int, given: str, *, harmonised: bool = False, solved: bool = True
) -> tuple[Score, Rivals]:
    """Measure one fault in a night of its own, and the simpler ways beside it where these are asked for."""
    try:
        fault, index = make_alone(data, seed, kind, index, harmonised=harmonised)
    except NotHereError:
        return Score(), Rivals()
    before = clean_cases(data, seed, index, kind.needs, given)
    found = score(
        fault,
        verify(fault.night, given),
        before,
        given,
        determinable=is_determinable(fault, given, fault.night.choices),
    )
    return found, measure_rivals(fault, given) if found.told and solved else Rivals()


def measure_rivals(fault: Fault, given: str) -> Rivals:
    """Correct the bureaux of a fault by a majority vote, and by the fewest cells."""
    wrong = {cell: v for cell, v in (*fault.right.items(), *fault.copied.items()) if cell[0] in SETS[given]}
    papers = rivals.papers_of(fault.night, given)
    places = [place for place in sorted(fault.places) if place in papers]
    by_vote = [rivals.vote(papers[place], fault.night.choices, place) for place in places]
    exact = {cell: value for each in by_vote for cell, value in each.items()} == wrong
    corrected: dict[Cell, Value] = {}
    for place in places:
        found = rivals.fewest_cells(papers[place], fault.night.choices, place)
        if found is None:
            return Rivals(1, exact, 0)
        corrected |= found
    return Rivals(1, exact, corrected == wrong)


# Many faults among thousands of bureaux


def mixed_communes(data: Path, seed: int, night: int) -> tuple[list[Base], np.random.Generator]:
    """Draw the communes of a mixed night, each as a night of its own: 2,500 bureaux, some with machines."""
    rng = generator(seed, "mixed", night)
    round_ = 1 + night % 2
    there, other, machines = published(data, round_), published(data, 3 - round_), machine_communes(data)
    groups = [[insee for insee in there.communes(8, 120) if (insee in machines) == kind] for kind in (True, False)]
    order = [[group[int(n)] for n in rng.permutation(len(group))] for group in groups]
    communes: list[Base] = []
    bureaux = 0
    while bureaux < 2_500:
        insee = order[0 if len(communes) % 3 == 0 and order[0] else 1].pop()
        if own := there.bureaux(insee):
            bureaux += len(own)
            communes.append(Base(make_night(own, machines, rng), {"round": counts_of(other.bureaux(insee))}))
    return communes, rng


def make_mixed(communes: Sequence[Base], rng: np.random.Generator) -> tuple[Night, list[Fault]]:
    """Put faults of all kinds into some communes: a wide one, or one in every tenth bureau."""
    kinds = [kind for kind in KINDS if kind.needs != "year" and "headers" not in kind.name]
    wide = [kind for kind in kinds if kind.scale in ("run", "commune")]
    small = [kind for kind in kinds if kind not in wide]
    faults: list[Fault] = []
    nights = []
    for base in communes:
        night = base.night.copy()
        places = night.places()
        used: set[Place] = set()
        alone = rng.random() < 0.25
        for _ in range(1 if alone else max(1, len(places) // 8)):
            for _ in range(60):
                group = wide if alone else small
                kind = group[int(rng.integers(len(group)))]
                scene = Scene(night.copy(), places[int(rng.integers(len(places)))], rng, base.elsewhere)
                try:
                    fault = make_fault(kind, scene)
                except NotHereError:
                    continue
                if fault.places.isdisjoint(used):
                    used |= fault.places
                    night = fault.night
                    faults.append(fault)
                    break
        nights.append(night)
    return join(nights), faults


def join(nights: Sequence[Night]) -> Night:
    """Put nights of communes together."""
    pieces = dict.fromkeys(piece for night in nights for piece in night.rows)
    rows = {piece: [row for night in nights for row in night.rows.get(piece, ())] for piece in pieces}
    return Night(nights[0].choices, {k: v for night in nights for k, v in night.names.items()}, rows)


def measure_mixed(data: Path, seed: int, number: int, given: str) -> tuple[Score, int]:
    """Measure the faults of one mixed night; also returns its number of bureaux."""
    communes, rng = mixed_communes(data, seed, number)
    before = {each.key for each in verify(join([each.night for each in communes]), given)}
    night, faults = make_mixed(communes, rng)
    new = [each for each in verify(night, given) if each.key not in before]
    total, said = Score(), set()
    for fault in faults:
        about = [each for each in new if is_about(each, fault)]
        said |= {id(each) for each in about}
        total.add(score_told(fault, about, given, determinable=is_determinable(fault, given, night.choices)))
    total.innocent = sum(id(each) not in said for each in new)
    return total, len(night.places())
