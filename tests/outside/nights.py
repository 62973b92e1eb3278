"""Nights made of published results: the papers of some communes as an auditor has them, in memory and on disk.

Papers are rows of cells, a row a bureau. Published figures of 2017 give the counts; the sign-in counts of Paris are its
own, those of other communes differ from the votes found at the rates that studies measured.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

Place = tuple[str, str]
"""INSEE code and bureau; the bureau is empty for a commune."""
Value = int | str | None
"""A cell: a count, any text, or left blank."""
Cell = tuple[str, Place, str]
"""Piece, place and quantity; the quantity of a vote is the name of its choice."""

REGISTERED, SIGNATURES, FOUND, BLANK, NULL, VALID, PROXIES = (
    "registered",
    "signatures",
    "votes_found",
    "blank",
    "null",
    "valid",
    "proxies",
)
COUNTS = (REGISTERED, SIGNATURES, FOUND, BLANK, NULL, VALID)
HEADERS = {
    REGISTERED: "inscrits",
    SIGNATURES: "emargements",
    FOUND: "votes_trouves",
    BLANK: "blancs",
    NULL: "nuls",
    VALID: "exprimes",
    PROXIES: "procurations",
}
ALL = ("pv", "voix", "emargements", "recap", "publie", "communes")
SETS: dict[str, tuple[str, ...]] = {
    "all": ALL,
    "papers": ("pv", "voix", "emargements", "publie", "communes"),
    "usual": ("pv", "emargements", "publie", "communes"),
}
"""Pieces that an auditor was given; published sums only where a night has them."""
MADE_FROM = {
    "pv": (("emargements", (SIGNATURES,)),),
    "recap": (("pv", COUNTS),),
    "publie": (("pv", (REGISTERED, FOUND, BLANK, NULL, VALID)), ("voix", ())),
}
"""From which pieces a piece was copied, and which quantities; none named: the votes of the choices."""

PAPER_GAP, MACHINE_GAP = 0.053, 0.298
"""Shares of bureaux in which votes and signatures differ (2007 and 2008, quoted in the README)."""
GAP_SIZES = (2354, 764, 394)
"""Bureaux of Paris, 2007 to 2024, with a gap of one, of two, of three and more votes; four fifths have more votes."""


@dataclass(slots=True)
class Row:
    """One bureau's row of one piece."""

    place: Place
    cells: dict[str, Value]


@dataclass(slots=True)
class Night:
    """The papers of some communes.

    Attributes:
        choices: their names, in panel order.
        names: of communes, by INSEE code.
        rows: by piece, in the order of the file. ``communes`` holds published sums and is often not there.
        headers: by piece, other headers than its own, by quantity.
    """

    choices: tuple[str, ...]
    names: Mapping[str, str]
    rows: dict[str, list[Row]]
    headers: dict[str, dict[str, str]] = field(default_factory=dict)

    def copy(self) -> Night:
        """Return one that can be changed without changing this one."""
        rows = {piece: [Row(row.place, dict(row.cells)) for row in rows] for piece, rows in self.rows.items()}
        return replace(self, rows=rows, headers={piece: dict(each) for piece, each in self.headers.items()})

    def row(self, piece: str, place: Place) -> Row:
        """Return the first row of a bureau in a piece."""
        return next(row for row in self.rows[piece] if row.place == place)

    def run(self, piece: str, insee: str) -> list[Row]:
        """Return a commune's rows of a piece, in their order."""
        return [row for row in self.rows[piece] if row.place[0] == insee]

    def places(self) -> list[Place]:
        """Return the bureaux, in the order of the PVs."""
        return [row.place for row in self.rows["pv"]]

    def cells(self) -> dict[Cell, Value]:
        """Return all cells; of a bureau that has two rows in a piece, those of the last."""
        return {(p, row.place, q): v for p, rows in self.rows.items() for row in rows for q, v in row.cells.items()}

    def write(self, folder: Path, pieces: Sequence[str] = ALL) -> Path:
        """Write the pieces that were handed out as regard's tables and a researchers' table of results."""
        folder.mkdir(parents=True, exist_ok=True)
        for piece in pieces:
            if self.rows.get(piece):
                with (folder / f"{_FILES[piece]}.csv").open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file, lineterminator="\n").writerows(self._lines(piece))
        return folder

    def _lines(self, piece: str) -> Iterator[list[Value]]:
        rows = self.rows[piece]
        if piece == "voix":
            yield ["insee", "bureau", "scrutin", "choix", "voix"]
            for row in rows:
                yield from ([*row.place, "1", choice, vote] for choice, vote in row.cells.items())
            return
        quantities = [each for each in (*HEADERS, *self.choices) if any(each in row.cells for row in rows)]
        other = self.headers.get(piece, {})
        headers = [other.get(each, HEADERS.get(each, each)) for each in quantities]
        published = piece in ("publie", "communes")
        if published:
            headers = ["votants" if each == "votes_trouves" else each for each in headers]
            keys = ["departement", "commune", *(["bureau"] if piece == "publie" else []), "commune_libelle"]
        else:
            keys = ["insee", "bureau", "scrutin"]
        yield [*keys, *headers]
        for row in rows:
            insee, bureau = row.place
            code: list[Value] = [insee, bureau, "1"]
            if published:
                code = [insee[:2], insee[2:], *([bureau] if bureau else []), self.names.get(insee, insee)]
            yield [*code, *(row.cells.get(each) for each in quantities)]


_FILES = {"publie": "publie", "communes": "publie.communes"} | {each: each for each in ALL[:4]}


@dataclass(frozen=True, slots=True)
class Bureau:
    """The published figures of one bureau, with signatures and proxies where the city states them."""

    place: Place
    commune: str
    counts: Mapping[str, int]
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Published:
    """The rows of published results, by the INSEE code of their commune."""

    choices: Sequence[str]
    rows: Mapping[str, Sequence[Sequence[str]]]

    def communes(self, fewest: int, most: int) -> list[str]:
        """Return the communes with so many bureaux in order of their code."""
        return [insee for insee, rows in self.rows.items() if fewest <= len(rows) <= most and insee.isdigit()]

    def bureaux(self, insee: str) -> list[Bureau]:
        """Return a commune's bureaux; none where figures of one do not add up, or two have one code."""
        found = [_bureau(row, self.choices) for row in self.rows.get(insee, ())]
        if all(map(_adds_up, found)) and len({each.place for each in found}) == len(found):
            return found
        return []


@lru_cache(maxsize=2)
def published(data: Path, round_: int) -> Published:
    """Read the results of 2017."""
    found: dict[str, list[list[str]]] = {}
    path = data / f"2017-presidentielle-{round_}_par_bureau_large.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        choices = next(rows)[9:]
        for row in rows:
            found.setdefault(row[0] + row[1], []).append(row)
    return Published(choices, found)


def _bureau(row: Sequence[str], choices: Sequence[str]) -> Bureau:
    registered, voters, blank, valid = (int(each) for each in row[5:9])
    counts = {REGISTERED: registered, FOUND: voters, BLANK: blank, NULL: voters - blank - valid, VALID: valid}
    return Bureau((row[0] + row[1], row[2]), row[4], counts, dict(zip(choices, map(int, row[9:]), strict=True)))


def _adds_up(bureau: Bureau) -> bool:
    counts = bureau.counts
    sums = sum(bureau.votes.values()) == counts[VALID] and counts[FOUND] == sum(counts[n] for n in (BLANK, NULL, VALID))
    return sums and counts[NULL] >= 0 and 100 <= counts[FOUND] <= counts[REGISTERED]


_PARIS = {REGISTERED: "NB_INSCR", SIGNATURES: "NB_EMARG", FOUND: "NB_VOTANT", BLANK: "NB_BL", NULL: "NB_NUL"} | {
    VALID: "NB_EXPRIM",
    PROXIES: "NB_PROCU",
}


@lru_cache(maxsize=2)
def paris(data: Path) -> dict[str, list[Bureau]]:
    """Read the city's file of 2017, with both counts; each arrondissement stands for a commune (75101 to 75120)."""
    found: dict[str, list[Bureau]] = {}
    with (data / "2017-presidentielle-t1-paris-city.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            counts = {name: int(row[header]) for name, header in _PARIS.items()}
            votes = {name: int(vote) for name, vote in list(row.items())[list(row).index("NB_EXPRIM") + 1 :]}
            place = (f"751{int(row['NUM_ARROND']):02}", f"{int(row['NUM_BUREAU']):04}")
            named = {name.rpartition("_")[0].replace("_", " ").upper(): vote for name, vote in votes.items()}
            bureau = Bureau(place, f"Paris {int(row['NUM_ARROND'])}e", counts, named)
            if _adds_up(bureau):
                found.setdefault(place[0], []).append(bureau)
    return {insee: sorted(bureaux, key=lambda each: each.place) for insee, bureaux in sorted(found.items())}


@lru_cache(maxsize=1)
def paris_of_2022(data: Path) -> dict[Place, dict[str, int]]:
    """Read registered voters and signatures of Paris in the second round of 2022, by the places of `paris`."""
    with (data / "2022-presidentielle-t2-paris-city.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            (f"751{int(row['NUM_ARROND']):02}", f"{int(row['NUM_BUREAU']):04}"): {
                name: int(row[_PARIS[name]]) for name in (REGISTERED, SIGNATURES)
            }
            for row in csv.DictReader(file)
        }


@lru_cache(maxsize=1)
def machine_communes(data: Path) -> frozenset[str]:
    """Return the communes that vote on machines only, by the list of the data."""
    with (data / "machine_communes.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["insee"] for row in csv.DictReader(file) if row["coverage_2017"] == "full")


def make_night(bureaux: Iterable[Bureau], machines: frozenset[str], rng: np.random.Generator) -> Night:
    """Write the papers of a night without a fault; votes and signatures differ where people are people."""
    rows: dict[str, list[Row]] = {piece: [] for piece in ALL[:5]}
    names: dict[str, str] = {}
    choices: tuple[str, ...] = ()
    for each in bureaux:
        names[each.place[0]] = each.commune
        choices = tuple(each.votes)
        counts = dict(each.counts)
        if SIGNATURES not in counts:
            counts[SIGNATURES] = min(counts[REGISTERED], counts[FOUND] - _gap(each.place[0] in machines, rng))
        proxies = counts.pop(PROXIES, int(rng.binomial(counts[FOUND], 0.06)))
        counts = {name: counts[name] for name in COUNTS}
        rows["pv"].append(Row(each.place, {**counts, PROXIES: proxies}))
        rows["voix"].append(Row(each.place, dict(each.votes)))
        rows["emargements"].append(Row(each.place, {name: counts[name] for name in (REGISTERED, SIGNATURES)}))
        rows["recap"].append(Row(each.place, dict(counts)))
        shown = {name: count for name, count in counts.items() if name != SIGNATURES}
        rows["publie"].append(Row(each.place, {**shown, **each.votes}))
    return Night(choices, names, rows)


def _gap(machine: bool, rng: np.random.Generator) -> int:
    """Draw votes less signatures."""
    if rng.random() >= (MACHINE_GAP if machine else PAPER_GAP):
        return 0
    size = 1 + int(rng.choice(3, p=np.array(GAP_SIZES) / sum(GAP_SIZES)))
    if size == 3:
        size += int(rng.geometric(0.5)) - 1
    return size if rng.random() < 0.8 else -size


def sum_communes(night: Night) -> None:
    """Add the published sums of the communes, as the bureaux' published rows give them."""
    sums: dict[str, Row] = {}
    for row in night.rows["publie"]:
        total = sums.setdefault(row.place[0], Row((row.place[0], ""), dict.fromkeys(row.cells, 0)))
        for name, value in row.cells.items():
            total.cells[name] = number(total.cells[name]) + number(value)
    night.rows["communes"] = list(sums.values())


def number(value: Value) -> int:
    """Return a count as a number; a blank counts nothing."""
    return value if isinstance(value, int) else 0
