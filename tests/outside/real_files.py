"""Faults in real files as they are: rows of Paris rearranged in one column, and a provisional edition of a nation."""

import csv
import gzip
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.outside.nights import Place
from tests.outside.scoring import Said, verify_folder

FILES = (
    "2017-presidentielle-t1-paris-city.csv",
    "2022-presidentielle-t2-paris-city.csv",
    "2020-municipales-t1-paris-15.csv",
)
SIGNED = "NB_EMARG"
Order = Callable[[list[str], np.random.Generator], list[str]]


def _ring(values: list[str], rng: np.random.Generator) -> list[str]:
    by = int(rng.integers(1, 3))
    return values[-by:] + values[:-by]


def _slip(values: list[str], _: np.random.Generator) -> list[str]:
    return [*values[1:], values[0]]


def _sort(values: list[str], _: np.random.Generator) -> list[str]:
    return sorted(values, key=int)


def _to_the_end(values: list[str], rng: np.random.Generator) -> list[str]:
    """Move two or three rows to the end of the run."""
    count = min(int(rng.integers(2, 4)), len(values) - 2)
    at = int(rng.integers(len(values) - count))
    return values[:at] + values[at + count :] + values[at : at + count]


ORDERS: tuple[Order, ...] = (_slip, _ring, _sort, _to_the_end)


@dataclass(frozen=True, slots=True)
class Rearranged:
    """A rearrangement and what was said of it.

    Attributes:
        right: the right count of each bureau that has another's.
        cases: with corrections, about these bureaux.
        restored: bureaux whose right count a case gives.
        wrong: corrections to another count, or of a right one.
        gaps: further cases of these bureaux that the file as it is does not have.
    """

    name: str
    right: dict[Place, int]
    cases: int
    restored: int
    wrong: int
    gaps: int

    @property
    def is_whole(self) -> bool:
        """True if one case restores every count, and nothing else is reported of the run."""
        return self.cases == 1 and self.restored == len(self.right) and not self.wrong and not self.gaps


def rearrange(data: Path, seed: int, number: int) -> Rearranged:
    """Rearrange the signatures in 5 to 20 rows of one arrondissement, and verify the file."""
    rng = np.random.default_rng([seed, number])
    file, order = FILES[number % len(FILES)], ORDERS[number % len(ORDERS)]
    header, rows = _read(data / file)
    signed, arrondissement = header.index(SIGNED), header.index("NUM_ARROND")
    while True:
        length, start = int(rng.integers(5, 21)), int(rng.integers(len(rows) - 21))
        run = rows[start : start + length]
        if len({row[arrondissement] for row in run}) == 1:
            break
    values = [row[signed] for row in run]
    moved = order(values, rng)
    changed = {start + n: int(old) for n, (old, new) in enumerate(zip(values, moved, strict=True)) if old != new}
    with tempfile.TemporaryDirectory() as folder:
        before = _verify(Path(folder) / file, header, rows)
        for row, value in zip(run, moved, strict=True):
            row[signed] = value
        after = _verify(Path(folder) / file, header, rows)
    places = {place for case in (*before, *after) for place in case.places}
    keys = {number: _place(rows[number], header, places) for number in changed}
    return _compare(
        f"{file}: {order.__name__.strip('_')} {length}", {keys[n]: v for n, v in changed.items()}, before, after
    )


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    by = [header.index(name) for name in ("NUM_ARROND", "NUM_BUREAU")]
    return header, sorted(rows, key=lambda row: [int(row[column]) for column in by])


def _verify(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Said]:
    _write(path, header, rows)
    return verify_folder(path)


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _place(row: Sequence[str], header: Sequence[str], places: set[Place]) -> Place:
    """Find the place that a report gives a row: how it writes codes is its own affair."""
    number = (int(row[header.index("NUM_ARROND")]), int(row[header.index("NUM_BUREAU")]))
    for place in places:
        parts = tuple(int(part) for part in place[1].replace("-", " ").replace(".", " ").split() if part.isdigit())
        if parts == number or (len(place[1]) == 4 and place[1].isdigit() and divmod(int(place[1]), 100) == number):
            return place
    return ("75056", f"{number[0]:02}{number[1]:02}")


def _compare(name: str, right: dict[Place, int], before: Sequence[Said], after: Sequence[Said]) -> Rearranged:
    known = {case.key for case in before}
    new = [case for case in after if case.key not in known and not case.places.isdisjoint(right)]
    with_corrections = [case for case in new if case.given and case.sure != "open"]
    given = {(each.cell[1], each.becomes) for case in with_corrections for each in case.given}
    restored = sum((place, value) in given for place, value in right.items())
    wrong = sum(right.get(place) != value for place, value in given)
    return Rearranged(name, right, len(with_corrections), restored, wrong, len(new) - len(with_corrections))


def provisional_edition(data: Path, seed: int) -> tuple[int, frozenset[str], list[Said]]:
    """Publish twelve départements of 2017 without their last votes, beside the definitive results by commune.

    Returns how many départements there were, which of them the cases name, and the new cases.
    """
    rng = np.random.default_rng([seed])
    name = "2017-presidentielle-2_par_{}_large.csv.gz"
    with gzip.open(data / name.format("departement"), "rt", encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    columns = [header.index(each) for each in ("votants", "exprimes", "MACRON")]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "communes.csv").write_bytes(gzip.decompress((data / name.format("commune")).read_bytes()))
        path = Path(folder) / "departements.csv"
        _write(path, header, rows)
        known = {case.key for case in verify_folder(Path(folder))}
        changed = {int(at) for at in rng.choice(96, 12, replace=False)}
        for at in changed:
            missing = int(rng.integers(50, 900))
            for column in columns:
                rows[at][column] = str(int(rows[at][column]) - missing)
        _write(path, header, rows)
        new = [case for case in verify_folder(Path(folder)) if case.key not in known]
    codes = {rows[at][0] for at in changed}
    named = {code for code in codes for case in new if code in {insee for insee, _ in case.places}}
    return len(codes), frozenset(named), new
