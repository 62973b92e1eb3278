"""Faults of papers as they happen in life, each a change to a night with its truth kept cell by cell.

A hundred and four kinds: in a cell, in a row, in a run of rows or a column, in a commune or file, and those that
people make on purpose or in several places. A change is written into one piece; `harmonise` then copies it into the
pieces that are made from that one, as happens where the paper itself was wrong.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from tests.outside.nights import (
    BLANK,
    COUNTS,
    FOUND,
    MADE_FROM,
    NULL,
    PROXIES,
    REGISTERED,
    SIGNATURES,
    VALID,
    Cell,
    Night,
    Place,
    Row,
    Value,
    number,
    sum_communes,
)


class NotHereError(Exception):
    """The fault cannot happen at this place, or would change nothing."""


@dataclass(slots=True)
class Scene:
    """Place of a fault.

    Attributes:
        night: that is changed.
        place: a bureau; faults of communes use its commune.
        elsewhere: figures of other polls, ``round`` and ``year``, by place.
        touched: bureaux and communes with a row that went, came or moved.
    """

    night: Night
    place: Place
    rng: np.random.Generator
    elsewhere: Mapping[str, Mapping[Place, Mapping[str, int]]] = field(default_factory=dict)
    touched: set[Place] = field(default_factory=set)

    def row(self, piece: str) -> Row:
        """Return the bureau's row in a piece."""
        found = next((row for row in self.night.rows[piece] if row.place == self.place), None)
        if found is None:
            raise NotHereError  # another fault took it
        return found

    def neighbour(self, piece: str) -> Row:
        """Return the next row of the commune, or the one before the last."""
        rows = self.night.run(piece, self.place[0])
        if len(rows) < 2:
            raise NotHereError
        at = next(number for number, row in enumerate(rows) if row.place == self.place)
        return rows[at + 1 if at + 1 < len(rows) else at - 1]

    def stretch(self, piece: str) -> list[Row]:
        """Return 5 to 15 rows of the commune, one after another."""
        rows = self.night.run(piece, self.place[0])
        if len(rows) < 5:
            raise NotHereError
        length = int(self.rng.integers(5, min(15, len(rows)) + 1))
        start = int(self.rng.integers(len(rows) - length + 1))
        return rows[start : start + length]

    def pick(self, of: Sequence[str]) -> str:
        """Draw one of some names."""
        return str(of[int(self.rng.integers(len(of)))])


Change = Callable[[Scene], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault.

    Attributes:
        name: of the kind.
        scale: ``cell``, ``row``, ``run``, ``commune`` or ``people``.
        piece: that is changed.
        change: makes it.
        causes: of `regard` that name it rightly.
        mirrored: another piece with the same quantities may have been changed in the same way instead.
        acts: slips of the pen that it takes.
        needs: figures of another poll, ``round`` or ``year``.
        before: makes the ground for it, without a fault.
        whole: it is in a whole file or commune, so that naming it is enough and its cells need no correction.
    """

    name: str
    scale: str
    piece: str
    change: Change
    causes: frozenset[str]
    mirrored: bool = False
    acts: int = 1
    needs: str = ""
    before: Change | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was made.

    Attributes:
        night: with the fault in it.
        places: bureaux, and communes with an empty bureau, that it touches.
        right: the right value of each cell that was changed in the faulty piece.
        copied: the right value of each cell that repeats it, and of proxies, which nothing else shows.
    """

    kind: Kind
    night: Night
    places: frozenset[Place]
    right: Mapping[Cell, Value]
    copied: Mapping[Cell, Value]

    @property
    def wide(self) -> bool:
        """True for faults in a run of rows, a commune or a file."""
        return self.kind.scale in ("run", "commune")


def make_fault(kind: Kind, scene: Scene, *, harmonised: bool = False) -> Fault:
    """Make a fault in the night of a scene.

    Raises:
        NotHereError: it cannot happen there.
    """
    if kind.before:
        kind.before(scene)
    before = scene.night.cells()
    kind.change(scene)
    right = {cell: value for cell, value in _changes(before, scene.night).items() if cell[2] != PROXIES}
    if harmonised:
        harmonise(scene.night, kind.piece, {(place, name) for _, place, name in right})
    after = _changes(before, scene.night)
    copied = {cell: value for cell, value in after.items() if cell not in right}
    places = {place for _, place, _ in after} | scene.touched
    if not places:
        raise NotHereError
    return Fault(kind, scene.night, frozenset(places), right, copied)


def _changes(before: Mapping[Cell, Value], night: Night) -> dict[Cell, Value]:
    return {cell: before[cell] for cell, value in night.cells().items() if cell in before and before[cell] != value}


def harmonise(night: Night, piece: str, changed: set[tuple[Place, str]]) -> None:
    """Copy what was changed in a piece into the pieces made from it, one after another."""
    for copy, sources in MADE_FROM.items():
        for source, quantities in sources:
            if source != piece:
                continue
            own = {row.place: row for row in night.rows[piece]}
            through: set[tuple[Place, str]] = set()
            for row in night.rows[copy]:
                for name in quantities or night.choices:
                    if (row.place, name) in changed and row.place in own:
                        row.cells[name] = own[row.place].cells.get(name)
                        through.add((row.place, name))
            if through:
                harmonise(night, copy, through)


# A cell: from the right figure to what is written

Slip = Callable[[int, np.random.Generator], Value]
_ALIKE = {"0": "68", "1": "74", "2": "7", "3": "85", "4": "91", "5": "36", "6": "05", "7": "12", "8": "30", "9": "47"}


def _exchange_digits(right: int, rng: np.random.Generator) -> Value:
    text = str(right)
    at = [n for n in range(len(text) - 1) if text[n] != text[n + 1] and (n or text[1] != "0")]
    if not at:
        raise NotHereError
    n = int(rng.choice(at))
    return int(text[:n] + text[n + 1] + text[n] + text[n + 2 :])


def _lose_digit(right: int, rng: np.random.Generator) -> Value:
    text = str(right)
    if right < 100:
        raise NotHereError
    n = int(rng.choice([n for n in range(len(text)) if n or text[1] != "0"]))
    return int(text[:n] + text[n + 1 :])


def _double_digit(right: int, rng: np.random.Generator) -> Value:
    text = str(right)
    n = int(rng.integers(len(text)))
    return int(text[: n + 1] + text[n:])


def _misread_digit(right: int, rng: np.random.Generator) -> Value:
    text = str(right)
    n = int(rng.integers(len(text)))
    digit = str(rng.choice(list(_ALIKE[text[n]])))
    if n == 0 and digit == "0":
        raise NotHereError
    return int(text[:n] + digit + text[n + 1 :])


def _add_digit(right: int, rng: np.random.Generator) -> Value:
    return right * 10 + int(rng.integers(10))


def _cut_thousands(right: int, _: np.random.Generator) -> Value:
    if right < 1000:
        raise NotHereError
    return right % 1000


SLIPS: dict[str, tuple[Slip, frozenset[str]]] = {
    "digits-exchanged": (_exchange_digits, frozenset({"digits-exchanged"})),
    "digit-lost": (_lose_digit, frozenset({"digit-lost"})),
    "digit-doubled": (_double_digit, frozenset({"digit-doubled"})),
    "digit-misread": (_misread_digit, frozenset({"digit-wrong"})),
    "digit-added": (_add_digit, frozenset({"digit-doubled"})),
    "blank": (lambda _, __: None, frozenset({"figures-missing", "zero-for-missing", "evidence-missing"})),
    "zero": (lambda _, __: 0, frozenset({"zero-for-missing"})),
    "thousands-cut": (_cut_thousands, frozenset({"digit-lost", "column-holds-other", "figure-wrong"})),
}


def name_slips(wrong: Value, right: Value) -> frozenset[str]:
    """Return the causes by which a slip of the pen makes the one figure of the other: literally true of both."""
    if not isinstance(wrong, int) or not isinstance(right, int) or wrong == right:
        return frozenset()
    has, should = str(wrong), str(right)
    apart = [n for n, pair in enumerate(zip(has, should, strict=False)) if pair[0] != pair[1]]
    found = {"zero-for-missing"} if wrong == 0 else set()
    if len(has) == len(should):
        if len(apart) == 1:
            found.add("digit-wrong")
        if len(apart) == 2 and sorted(has) == sorted(should):
            found.add("digits-exchanged")
    for longer, shorter, cause in ((should, has, "digit-lost"), (has, should, "digit-doubled")):
        if len(longer) == len(shorter) + 1 and any(
            int(longer[:n] + longer[n + 1 :]) == int(shorter) for n in range(len(longer))
        ):
            found.add(cause)
    return frozenset(found)


def _slip(piece: str, quantities: Sequence[str], slip: Slip) -> Change:
    def change(scene: Scene) -> None:
        row = scene.row(piece)
        names = [n for n in quantities or scene.night.choices if number(row.cells.get(n)) >= 10]
        if not names:
            raise NotHereError
        name = scene.pick(names)
        row.cells[name] = slip(number(row.cells[name]), scene.rng)

    return change


def _take_other(piece: str, quantities: Sequence[str], others: Sequence[str]) -> Change:
    """Write the figure of another line of the same row."""

    def change(scene: Scene) -> None:
        row = scene.row(piece)
        name = scene.pick(quantities or scene.night.choices)
        row.cells[name] = row.cells[scene.pick(others or scene.night.choices)]

    return change


# A row


def _shift(piece: str, names: Sequence[str]) -> Change:
    """Move the cells of a row on by one; the last is lost, the first is there twice."""

    def change(scene: Scene) -> None:
        row, of = scene.row(piece), list(names or scene.night.choices)
        values = [row.cells[name] for name in of]
        row.cells.update(zip(of, [values[0], *values[:-1]], strict=True))

    return change


def _exchange_cells(piece: str, names: Sequence[str]) -> Change:
    def change(scene: Scene) -> None:
        row = scene.row(piece)
        of = [name for name in names or scene.night.choices if name in row.cells]
        first, second = (of[int(n)] for n in scene.rng.choice(len(of), 2, replace=False))
        row.cells[first], row.cells[second] = row.cells[second], row.cells[first]

    return change


def _copy_neighbour(piece: str) -> Change:
    def change(scene: Scene) -> None:
        scene.row(piece).cells.update(_of_the_count(scene.neighbour(piece)))

    return change


def _exchange_rows(piece: str) -> Change:
    def change(scene: Scene) -> None:
        own, other = scene.row(piece), scene.neighbour(piece)
        own.cells, other.cells = own.cells | _of_the_count(other), other.cells | _of_the_count(own)

    return change


def _of_the_count(row: Row) -> dict[str, Value]:
    return {name: value for name, value in row.cells.items() if name != REGISTERED}


def _double_row(piece: str) -> Change:
    def change(scene: Scene) -> None:
        rows = scene.night.rows[piece]
        rows.insert(rows.index(scene.row(piece)), Row(scene.place, dict(scene.row(piece).cells)))
        scene.touched.add(scene.place)

    return change


def _lose_row(piece: str) -> Change:
    def change(scene: Scene) -> None:
        scene.night.rows[piece].remove(scene.row(piece))
        scene.touched.add(scene.place)

    return change


def _zero_row(piece: str) -> Change:
    def change(scene: Scene) -> None:
        row = scene.row(piece)
        row.cells.update(dict.fromkeys(_of_the_count(row), 0))

    return change


# A run of rows, one column or all of them

Rearranged = Callable[[list[dict[str, Value]], np.random.Generator], list[dict[str, Value]]]


def _slip_down(cells: list[dict[str, Value]], _: np.random.Generator) -> list[dict[str, Value]]:
    return [cells[0], *cells[:-1]]


def _ring(cells: list[dict[str, Value]], _: np.random.Generator) -> list[dict[str, Value]]:
    return [cells[-1], *cells[:-1]]


def _sort(cells: list[dict[str, Value]], _: np.random.Generator) -> list[dict[str, Value]]:
    return sorted(cells, key=lambda each: [number(value) for value in each.values()])


def _drag(cells: list[dict[str, Value]], _: np.random.Generator) -> list[dict[str, Value]]:
    return [cells[0]] * len(cells)


def _series(cells: list[dict[str, Value]], _: np.random.Generator) -> list[dict[str, Value]]:
    return [{name: number(value) + n for name, value in cells[0].items()} for n in range(len(cells))]


def _blocks(cells: list[dict[str, Value]], rng: np.random.Generator) -> list[dict[str, Value]]:
    at = int(rng.integers(2, len(cells) - 1))
    return [*cells[at:], *cells[:at]]


def _filter(cells: list[dict[str, Value]], rng: np.random.Generator) -> list[dict[str, Value]]:
    """Paste the values of the rows that a filter showed one under another into the rows that it hid as well."""
    shown = sorted(int(n) for n in rng.choice(len(cells), max(3, len(cells) * 2 // 3), replace=False))
    return [*(cells[n] for n in shown), *cells[len(shown) :]]


def _empty(cells: list[dict[str, Value]], _: np.random.Generator) -> list[dict[str, Value]]:
    return [dict.fromkeys(each) for each in cells]


def _rearrange(piece: str, quantities: Sequence[str] | None, order: Rearranged) -> Change:
    """Change a column, one of the choices' where none is named, or whole rows (None) over a run."""

    def change(scene: Scene) -> None:
        rows = scene.stretch(piece)
        names = list(_of_the_count(rows[0])) if quantities is None else [scene.pick(quantities or scene.night.choices)]
        cells = [{name: row.cells[name] for name in names} for row in rows]
        moved = order(cells, scene.rng)
        if sum(a != b for a, b in zip(cells, moved, strict=True)) < 3:
            raise NotHereError
        for row, values in zip(rows, moved, strict=True):
            row.cells.update(values)

    return change


# A commune or a file


def _other_poll(piece: str, poll: str) -> Change:
    """Write the counts of another poll into all rows of the commune."""

    def change(scene: Scene) -> None:
        there = scene.elsewhere[poll]
        for row in scene.night.run(piece, scene.place[0]):
            other = there.get(row.place)
            if other is None:
                raise NotHereError
            row.cells.update({name: other[name] for name in row.cells if name in other})

    return change


def _early_hour(scene: Scene) -> None:
    for row in scene.night.run("emargements", scene.place[0]):
        row.cells[SIGNATURES] = int(number(row.cells[SIGNATURES]) * scene.rng.uniform(0.66, 0.8))


def _older_edition(scene: Scene) -> None:
    """Publish a commune as it stood before the last corrections: in a third of its bureaux some votes are missing."""
    rows = scene.night.run("publie", scene.place[0])
    if len(rows) < 6:
        raise NotHereError
    for at in scene.rng.choice(len(rows), max(2, len(rows) // 3), replace=False):
        cells = rows[int(at)].cells
        name = max(scene.night.choices, key=lambda choice: number(cells[choice]))
        missing = int(scene.rng.integers(1, 30))
        for each in (name, VALID, FOUND):
            cells[each] = number(cells[each]) - missing


def _exchange_headers(piece: str, names: Sequence[str]) -> Change:
    """Write two columns of a whole file under each other's header."""

    def change(scene: Scene) -> None:
        of = list(names or scene.night.choices)
        first, second = (of[int(n)] for n in scene.rng.choice(len(of), 2, replace=False))
        for row in scene.night.rows[piece]:
            row.cells[first], row.cells[second] = row.cells[second], row.cells[first]

    return change


def _codes_off(scene: Scene) -> None:
    """Number the bureaux of a commune from the second code on: the last one has a code that nobody knows."""
    rows = scene.night.run("emargements", scene.place[0])
    if len(rows) < 5:
        raise NotHereError
    codes = [row.place[1] for row in rows]
    last = str(int(codes[-1]) + 1).zfill(len(codes[-1])) if codes[-1].isdigit() else ""
    if not last:
        raise NotHereError
    scene.touched |= {row.place for row in rows} | {(scene.place[0], last)}
    for row, code in zip(rows, [*codes[1:], last], strict=True):
        row.place = (row.place[0], code)


def _booked_elsewhere(scene: Scene) -> None:
    """Write the rows of a commune under a code that differs by one digit and belongs to no commune here."""
    insee = scene.place[0]
    other = insee[:-1] + str((int(insee[-1]) + 1) % 10)
    rows = scene.night.run("emargements", insee)
    if scene.night.run("emargements", other) or len(rows) < 3:
        raise NotHereError
    for row in rows:
        scene.touched |= {row.place, (other, row.place[1]), (insee, ""), (other, "")}
        row.place = (other, row.place[1])


def _leave_proxies_out(scene: Scene) -> None:
    for row in scene.night.run("emargements", scene.place[0]):
        proxies = number(scene.night.row("pv", row.place).cells[PROXIES])
        row.cells[SIGNATURES] = number(row.cells[SIGNATURES]) - proxies


def _sums(scene: Scene) -> None:
    sum_communes(scene.night)


def _sum_off(sign: int) -> Change:
    """Leave a bureau out of a commune's published sum, or count it twice, in all columns or in one."""

    def change(scene: Scene) -> None:
        own, total = scene.row("publie"), scene.night.row("communes", (scene.place[0], ""))
        names = list(own.cells) if scene.rng.random() < 0.5 else [scene.pick([FOUND, *scene.night.choices])]
        if not any(number(own.cells[name]) for name in names):
            raise NotHereError
        for name in names:
            total.cells[name] = number(total.cells[name]) + sign * number(own.cells[name])
        scene.touched.add(scene.place)

    return change


# People


def _agree(scene: Scene) -> None:
    """Raise one choice's votes in the count, and whatever has to agree with them; only the sign-in list is right."""
    added = int(scene.rng.integers(30, 150))
    pv, voix = scene.row("pv").cells, scene.row("voix").cells
    name = max(voix, key=lambda each: number(voix[each]))
    if number(pv[SIGNATURES]) + added > number(pv[REGISTERED]):
        raise NotHereError
    voix[name] = number(voix[name]) + added
    for each in (VALID, FOUND, SIGNATURES):
        pv[each] = number(pv[each]) + added
    for piece in ("pv", "voix"):
        harmonise(scene.night, piece, {(scene.place, each) for each in (VALID, FOUND, SIGNATURES, name)})


def _exchange_records(scene: Scene) -> None:
    """Exchange the PVs of two bureaux with their votes; every copy follows."""
    for piece in ("pv", "voix"):
        own, other = scene.row(piece), scene.neighbour(piece)
        own.cells, other.cells = own.cells | _of_the_count(other), other.cells | _of_the_count(own)
        harmonise(scene.night, piece, {(row.place, name) for row in (own, other) for name in _of_the_count(row)})


def _three_slips(scene: Scene) -> None:
    cells = scene.row("pv").cells
    slips = [_exchange_digits, _lose_digit, _misread_digit]
    for name, slip in zip(scene.rng.permutation([SIGNATURES, FOUND, VALID]).tolist(), slips, strict=True):
        cells[name] = slip(number(cells[name]), scene.rng)


def _move_bundle(scene: Scene) -> None:
    """Publish ten votes or more of one choice as another's."""
    cells = scene.row("publie").cells
    first, second = sorted(scene.night.choices, key=lambda each: -number(cells[each]))[:2]
    moved = 10 * int(scene.rng.integers(1, 5))
    if number(cells[first]) < moved:
        raise NotHereError
    cells[first], cells[second] = number(cells[first]) - moved, number(cells[second]) + moved


def _gap(size: int) -> Change:
    """Let more voters have signed than votes were found, in all papers."""

    def change(scene: Scene) -> None:
        signed = number(scene.row("pv").cells[FOUND]) + size
        if signed > number(scene.row("pv").cells[REGISTERED]):
            raise NotHereError
        for piece in ("emargements", "pv", "recap"):
            scene.row(piece).cells[SIGNATURES] = signed

    return change


def _book_as_null(scene: Scene) -> None:
    """Enter envelopes that are missing as null votes, so that votes found and signatures agree in the PV."""
    cells = scene.row("pv").cells
    gap = number(cells[SIGNATURES]) - number(cells[FOUND])
    if gap < 1:
        raise NotHereError
    cells[NULL], cells[FOUND] = number(cells[NULL]) + gap, cells[SIGNATURES]


def _sign_as_found(scene: Scene) -> None:
    """Enter the votes found as the PV's signatures."""
    cells = scene.row("pv").cells
    cells[SIGNATURES] = cells[FOUND]


def _take_the_gap_out(pieces: Sequence[str]) -> Change:
    """Change papers made from the PV so that their votes are as many as the signatures: those of the first choice."""

    def change(scene: Scene) -> None:
        pv = scene.row("pv").cells
        gap, votes = number(pv[FOUND]) - number(pv[SIGNATURES]), scene.row("voix").cells
        name = max(votes, key=lambda each: number(votes[each]))
        for piece in pieces:
            cells = scene.row(piece).cells
            for each in {FOUND, VALID, name} & cells.keys():
                cells[each] = number(cells[each]) - gap

    return change


def _note_as_null(scene: Scene) -> None:
    """Note votes of the first choice as null ones in every paper but the PV."""
    moved = int(scene.rng.integers(2, 40))
    votes = scene.row("voix").cells
    name = max(votes, key=lambda each: number(votes[each]))
    for piece in ("voix", "recap", "publie"):
        cells = scene.row(piece).cells
        for each, by in ((name, -moved), (VALID, -moved), (NULL, moved)):
            if each in cells:
                cells[each] = number(cells[each]) + by


def _type_list_from_found(scene: Scene) -> None:
    """Enter the votes found as the signatures of the list; the PV's are right."""
    scene.row("emargements").cells[SIGNATURES] = scene.row("pv").cells[FOUND]


def _take_the_roll_of_before(scene: Scene) -> None:
    """Give list and publication the roll without those who were added on the day, whom the PV has."""
    added = int(scene.rng.integers(1, 6))
    for piece in ("emargements", "publie"):
        cells = scene.row(piece).cells
        cells[REGISTERED] = number(cells[REGISTERED]) - added


# Two faults near each other, and other things that a look for one of them takes for another

ADDITIVE = (FOUND, VALID, BLANK, NULL)


def _in_turn(*changes: Change) -> Change:
    def change(scene: Scene) -> None:
        for each in changes:
            each(scene)

    return change


def _at_the_neighbour(piece: str, change: Change) -> Change:
    def there(scene: Scene) -> None:
        own, scene.place = scene.place, scene.neighbour(piece).place
        change(scene)
        scene.place = own

    return there


def _blank_among_null(scene: Scene) -> None:
    """Write the sum of blank and null votes as null ones, and nothing as blank."""
    cells = scene.row("pv").cells
    if not number(cells[BLANK]):
        raise NotHereError
    cells[NULL], cells[BLANK] = number(cells[NULL]) + number(cells[BLANK]), None


def _insert_row(piece: str) -> Change:
    """Leave a row blank: the counts of all below it move down, and those of the commune's last one are gone."""

    def change(scene: Scene) -> None:
        rows = scene.night.run(piece, scene.place[0])
        rows = rows[next(number for number, row in enumerate(rows) if row.place == scene.place) :]
        if len(rows) < 4:
            raise NotHereError
        counts = [_of_the_count(row) for row in rows]
        for row, cells in zip(rows, [dict.fromkeys(counts[0]), *counts[:-1]], strict=True):
            row.cells.update(cells)

    return change


def _exchange_communes(scene: Scene) -> None:
    """Publish two communes under each other's code, but for the last bureaux of the larger one."""
    other = next((insee for insee, _ in scene.night.places() if insee != scene.place[0]), "")
    pairs = list(zip(scene.night.run("publie", scene.place[0]), scene.night.run("publie", other), strict=False))
    if len(pairs) < 5:
        raise NotHereError
    for one, there in pairs:
        one.cells, there.cells = there.cells, one.cells


def _renumber(piece: str) -> Change:
    def change(scene: Scene) -> None:
        row = scene.row(piece)
        row.place = (scene.place[0], "9" + scene.place[1][1:])
        scene.touched |= {scene.place, row.place}

    return change


def _ones_as_sevens(piece: str, name: str) -> Change:
    """Read each 1 of a column as a 7."""

    def change(scene: Scene) -> None:
        rows = [row for row in scene.night.run(piece, scene.place[0]) if "1" in str(row.cells[name])]
        if len(rows) < 5:
            raise NotHereError
        for row in rows:
            row.cells[name] = int(str(row.cells[name]).replace("1", "7"))

    return change


def _add_proxies_again(scene: Scene) -> None:
    for row in scene.night.run("emargements", scene.place[0]):
        proxies = number(scene.night.row("pv", row.place).cells[PROXIES])
        row.cells[SIGNATURES] = number(row.cells[SIGNATURES]) + proxies


def _keep_the_nulls(scene: Scene) -> None:
    """Publish votes of the first choice as the null ones that they were before a second look."""
    cells = scene.row("publie").cells
    name, moved = max(scene.night.choices, key=lambda each: number(cells[each])), int(scene.rng.integers(1, 8))
    for each, by in ((name, -moved), (VALID, -moved), (NULL, moved)):
        cells[each] = number(cells[each]) + by


# Errors that two papers share: a PV that adds up all the same, and copies that follow in part


def _slip_together(piece: str, quantities: Sequence[str]) -> Change:
    """Write some columns of a run a row low, all of them."""

    def change(scene: Scene) -> None:
        rows = scene.stretch(piece)
        cells = [{name: row.cells[name] for name in quantities} for row in rows]
        if sum(a != b for a, b in pairwise(cells)) < 3:
            raise NotHereError
        for row, values in zip(rows[1:], cells, strict=False):
            row.cells.update(values)

    return change


def _exchange_with_the_record(scene: Scene) -> None:
    """Exchange blank and null votes in the PV and its record; the publication is right."""
    if scene.row("pv").cells[BLANK] == scene.row("pv").cells[NULL]:
        raise NotHereError
    for piece in ("pv", "recap"):
        cells = scene.row(piece).cells
        cells[BLANK], cells[NULL] = cells[NULL], cells[BLANK]


def _exchange_and_put_half_right(scene: Scene) -> None:
    """Exchange two choices in the PV; the publication has one of them right, and the other one as the PV."""
    votes, published = scene.row("voix").cells, scene.row("publie").cells
    first, second = sorted(scene.night.choices, key=lambda each: -number(votes[each]))[:2]
    if votes[first] == votes[second]:
        raise NotHereError
    votes[first], votes[second] = votes[second], votes[first]
    published[second] = votes[second]


def _exchange_in_all_but_one(scene: Scene) -> None:
    """Exchange two choices in all published rows of a commune but one."""
    rows = scene.night.run("publie", scene.place[0])
    if len(rows) < 10:
        raise NotHereError
    first, second = sorted(scene.night.choices, key=lambda each: -number(rows[0].cells[each]))[:2]
    for row in rows:
        if row.place != scene.place:
            row.cells[first], row.cells[second] = row.cells[second], row.cells[first]


def _carry_on_in_part(scene: Scene) -> None:
    """Miswrite null votes in the PV, which is made to add up; the record takes the sum, the publication both."""
    pv = scene.row("pv").cells
    wrong = number(_misread_digit(number(pv[NULL]), scene.rng))
    found = number(pv[FOUND]) + wrong - number(pv[NULL])
    if found == pv[FOUND] or not 0 < found <= number(pv[REGISTERED]):
        raise NotHereError
    for piece in ("pv", "recap", "publie"):
        scene.row(piece).cells[FOUND] = found
    for piece in ("pv", "publie"):
        scene.row(piece).cells[NULL] = wrong


def _absorb(scene: Scene) -> None:
    """Lose a digit of a choice in the PV, whose valid and blank votes are made to agree; one copy has it right."""
    pv, votes = scene.row("pv").cells, scene.row("voix").cells
    name = max(scene.night.choices, key=lambda each: number(votes[each]))
    lost = number(votes[name]) - number(_lose_digit(number(votes[name]), scene.rng))
    votes[name] = number(votes[name]) - lost
    for each, by in ((VALID, -lost), (BLANK, lost)):
        pv[each] = number(pv[each]) + by


# The kinds

_EXCHANGED = frozenset({"figures-exchanged", "choices-exchanged", "blank-null-exchanged"})
_OTHER = frozenset({"figure-of-another-line"})
_ROW = frozenset({"row-of-another"})
_MOVED = frozenset({"column-slipped", "bureaux-exchanged"})
_GAP = frozenset({"open-gap", "gap-unmentioned"})
_CHANGED = frozenset({"amended", "ballots-moved", "older-edition", "gap-corrected"}) | _GAP
_MISSING = frozenset({"evidence-missing", "row-missing", "lost-on-the-way", "choice-missing"})
_HOLDS = frozenset({"column-holds-other", "figures-missing", "row-of-another"})
_POLL = frozenset({"other-round", "other-election"})


def _cells(piece: str, label: str, quantities: Sequence[str], slips: str) -> Iterator[Kind]:
    for name in slips.split():
        slip, causes = SLIPS[name]
        yield Kind(f"{label}: {name}", "cell", piece, _slip(piece, quantities, slip), causes)


KINDS: tuple[Kind, ...] = (
    *_cells(
        *("pv", "PV, a count", ADDITIVE),
        "digits-exchanged digit-lost digit-doubled digit-misread digit-added blank zero",
    ),
    *_cells("pv", "PV, signatures", (SIGNATURES,), "digits-exchanged digit-misread"),
    *_cells("pv", "PV, registered", (REGISTERED,), "digit-misread"),
    *_cells("voix", "votes", (), "digits-exchanged digit-lost digit-doubled digit-misread blank"),
    *_cells(
        *("emargements", "list", (SIGNATURES,)),
        "digits-exchanged digit-lost digit-doubled digit-misread blank thousands-cut",
    ),
    *_cells("recap", "record, a count", ADDITIVE, "digits-exchanged digit-misread blank"),
    *_cells("publie", "published votes", (), "digits-exchanged digit-lost digit-misread zero"),
    *_cells("publie", "published, a count", ADDITIVE, "digits-exchanged digit-misread"),
    *_cells("publie", "published, registered", (REGISTERED,), "digit-misread"),
    Kind("PV, a count: of another line", "cell", "pv", _take_other("pv", ADDITIVE, COUNTS), _OTHER),
    Kind("votes: of another choice", "cell", "voix", _take_other("voix", (), ()), _OTHER),
    Kind("list: the registered", "cell", "emargements", _take_other("emargements", (SIGNATURES,), COUNTS[:1]), _OTHER),
    Kind(
        "published, a count: of another line",
        "cell",
        "publie",
        _take_other("publie", (FOUND, VALID), COUNTS[2:]),
        _OTHER,
    ),
    Kind("PV, cells shifted", "row", "pv", _shift("pv", COUNTS[1:]), frozenset({"columns-shifted"})),
    Kind("PV, two cells exchanged", "row", "pv", _exchange_cells("pv", (SIGNATURES, BLANK, VALID)), _EXCHANGED, True),
    Kind("PV, blank and null exchanged", "row", "pv", _exchange_cells("pv", (BLANK, NULL)), _EXCHANGED, True),
    Kind("votes, lines shifted", "row", "voix", _shift("voix", ()), frozenset({"lines-shifted"})),
    Kind("votes, two lines exchanged", "row", "voix", _exchange_cells("voix", ()), _EXCHANGED, True),
    Kind("published votes shifted", "row", "publie", _shift("publie", ()), frozenset({"lines-shifted"})),
    Kind("published choices exchanged", "row", "publie", _exchange_cells("publie", ()), _EXCHANGED, True),
    Kind("record, cells shifted", "row", "recap", _shift("recap", COUNTS[1:]), frozenset({"columns-shifted"})),
    Kind("list, two cells exchanged", "row", "emargements", _exchange_cells("emargements", COUNTS[:2]), _EXCHANGED),
    Kind("PV, row of the neighbour", "row", "pv", _copy_neighbour("pv"), _ROW),
    Kind("votes, of the neighbour", "row", "voix", _copy_neighbour("voix"), _ROW),
    Kind("list, of the neighbour", "row", "emargements", _copy_neighbour("emargements"), _ROW),
    Kind("published, row of the neighbour", "row", "publie", _copy_neighbour("publie"), _ROW),
    Kind("PVs exchanged", "row", "pv", _exchange_rows("pv"), frozenset({"bureaux-exchanged"}), True),
    Kind("votes exchanged", "row", "voix", _exchange_rows("voix"), frozenset({"bureaux-exchanged"}), True),
    Kind(
        "lists exchanged", "row", "emargements", _exchange_rows("emargements"), frozenset({"bureaux-exchanged"}), True
    ),
    Kind("published rows exchanged", "row", "publie", _exchange_rows("publie"), frozenset({"bureaux-exchanged"}), True),
    Kind("PV twice", "row", "pv", _double_row("pv"), frozenset({"row-doubled"})),
    Kind("PV missing", "row", "pv", _lose_row("pv"), _MISSING),
    Kind("list missing", "row", "emargements", _lose_row("emargements"), _MISSING),
    Kind("published row missing", "row", "publie", _lose_row("publie"), _MISSING),
    Kind("published as zeros", "row", "publie", _zero_row("publie"), frozenset({"row-of-zeros"})),
    *(
        Kind(
            f"list, column {name}", "run", "emargements", _rearrange("emargements", (SIGNATURES,), order), causes, same
        )
        for name, order, causes, same in (
            ("slipped", _slip_down, _MOVED, False),
            ("in a ring", _ring, _MOVED, True),
            ("sorted", _sort, _MOVED | _HOLDS, True),
            ("in blocks", _blocks, _MOVED, True),
            ("filtered", _filter, _MOVED, False),
            ("dragged", _drag, _HOLDS, False),
        )
    ),
    Kind("PV, column of votes found in a ring", "run", "pv", _rearrange("pv", (FOUND,), _ring), _MOVED, True),
    Kind("PV, column of votes found dragged", "run", "pv", _rearrange("pv", (FOUND,), _drag), _HOLDS),
    Kind("PV, column of valid votes in a series", "run", "pv", _rearrange("pv", (VALID,), _series), _HOLDS),
    Kind("PV, column of valid votes left blank", "run", "pv", _rearrange("pv", (VALID,), _empty), _HOLDS),
    Kind("published, a choice in a ring", "run", "publie", _rearrange("publie", (), _ring), _MOVED, True),
    Kind("published, rows in a ring", "run", "publie", _rearrange("publie", None, _ring), _MOVED, True),
    Kind("record, rows slipped", "run", "recap", _rearrange("recap", None, _slip_down), _MOVED | _ROW),
    *(
        Kind(
            f"{label}: of the other round",
            "commune",
            piece,
            _other_poll(piece, "round"),
            _POLL,
            needs="round",
            whole=True,
        )
        for piece, label in (("emargements", "list"), ("pv", "PV"))
    ),
    Kind(
        "list: of another year",
        "commune",
        "emargements",
        _other_poll("emargements", "year"),
        _POLL,
        needs="year",
        whole=True,
    ),
    Kind("list: at an early hour", "commune", "emargements", _early_hour, _HOLDS | _POLL | _GAP, whole=True),
    Kind("published: an older edition", "commune", "publie", _older_edition, frozenset({"older-edition"}), whole=True),
    Kind(
        "PV, headers exchanged",
        "commune",
        "pv",
        _exchange_headers("pv", (BLANK, NULL)),
        frozenset({"columns-exchanged"}),
        True,
    ),
    Kind(
        "published, headers exchanged",
        "commune",
        "publie",
        _exchange_headers("publie", ()),
        frozenset({"columns-exchanged"}),
        True,
    ),
    Kind("list: codes off by one", "commune", "emargements", _codes_off, _MOVED | {"code-unknown"}, True),
    Kind(
        "list: under another commune",
        "commune",
        "emargements",
        _booked_elsewhere,
        frozenset({"booked-elsewhere"}),
        whole=True,
    ),
    Kind("list: proxies left out", "commune", "emargements", _leave_proxies_out, _HOLDS | {"constant-added"} | _GAP),
    Kind("sum-short", "commune", "communes", _sum_off(-1), frozenset({"sum-leaves-out"}), before=_sums),
    Kind("sum-large", "commune", "communes", _sum_off(1), frozenset({"sum-leaves-out"}), before=_sums),
    Kind("a PV made to agree", "people", "pv", _agree, _GAP),
    Kind("PVs exchanged, all copies follow", "people", "pv", _exchange_records, _GAP | {"bureaux-exchanged"}),
    Kind("three slips in one PV", "people", "pv", _three_slips, frozenset(), acts=3),
    Kind(
        "a bundle published for another",
        "people",
        "publie",
        _move_bundle,
        frozenset({"ballots-moved", "amended"}),
        True,
    ),
    Kind(
        "envelopes booked as null votes",
        "people",
        "pv",
        _book_as_null,
        frozenset({"gap-as-nulls", "amended"}) | _GAP,
        True,
        before=_gap(3),
    ),
    Kind(
        "signatures entered as votes found",
        "people",
        "pv",
        _sign_as_found,
        _GAP | _OTHER | {"gap-corrected"},
        before=_gap(12),
    ),
    Kind(
        "the gap taken out of record and publication",
        "people",
        "recap",
        _take_the_gap_out(("recap", "publie")),
        _CHANGED,
        acts=3,
        before=_gap(3),
    ),
    Kind(
        "the gap taken out of votes, record and publication",
        "people",
        "recap",
        _take_the_gap_out(("voix", "recap", "publie")),
        _CHANGED,
        acts=4,
        before=_gap(12),
    ),
    Kind("votes noted as null in all but the PV", "people", "recap", _note_as_null, _CHANGED, acts=4),
    Kind(
        "a list typed from the votes found",
        "people",
        "emargements",
        _type_list_from_found,
        _GAP | _OTHER | {"gap-corrected", "found-from-signatures"},
        before=_gap(3),
    ),
    Kind(
        "the roll of before the day",
        "people",
        "emargements",
        _take_the_roll_of_before,
        frozenset({"registered-differ"}),
        acts=2,
    ),
    Kind(
        "published, row of the neighbour, whose PV has a slip",
        "people",
        "publie",
        _in_turn(_copy_neighbour("publie"), _at_the_neighbour("publie", _slip("pv", (FOUND, VALID), _misread_digit))),
        _ROW,
        acts=2,
    ),
    Kind(
        "PVs exchanged, and a slip in one",
        "people",
        "pv",
        _in_turn(_exchange_rows("pv"), _slip("pv", (FOUND, VALID), _exchange_digits)),
        frozenset({"bureaux-exchanged"}),
        mirrored=True,
        acts=2,
    ),
    Kind(
        "PV, row of the neighbour, and a slip of the list",
        "people",
        "pv",
        _in_turn(_copy_neighbour("pv"), _slip("emargements", (SIGNATURES,), _lose_digit)),
        _ROW,
        acts=2,
    ),
    Kind(
        "two slips: PV and publication",
        "people",
        "pv",
        _in_turn(_slip("pv", (FOUND, VALID), _misread_digit), _slip("publie", (), _exchange_digits)),
        frozenset(),
        acts=2,
    ),
    Kind("PV, blank votes among the null ones", "row", "pv", _blank_among_null, _EXCHANGED | {"ballots-moved"}, True),
    Kind("PV, a row inserted", "run", "pv", _insert_row("pv"), _MOVED | _HOLDS),
    Kind("list, 1 read as 7", "run", "emargements", _ones_as_sevens("emargements", SIGNATURES), _HOLDS | _GAP),
    Kind(
        "published: communes exchanged in part",
        "commune",
        "publie",
        _exchange_communes,
        frozenset({"communes-exchanged"}) | _POLL,
        mirrored=True,
        whole=True,
    ),
    Kind("list: a code off", "row", "emargements", _renumber("emargements"), _MISSING | {"code-unknown"}),
    Kind("list: proxies twice", "commune", "emargements", _add_proxies_again, _HOLDS | {"constant-added"} | _GAP),
    Kind("published: nulls of before a second look", "people", "publie", _keep_the_nulls, _CHANGED, True, acts=3),
    Kind("PV, votes found and valid ones slipped", "run", "pv", _slip_together("pv", (FOUND, VALID)), _MOVED),
    Kind("PV, votes found and blank ones slipped", "run", "pv", _slip_together("pv", (FOUND, BLANK)), _MOVED),
    Kind(
        "published choices exchanged in all rows but one",
        "commune",
        "publie",
        _exchange_in_all_but_one,
        frozenset({"columns-exchanged"}),
        mirrored=True,
    ),
    Kind(
        "PV and record, blank and null exchanged",
        "people",
        "pv",
        _exchange_with_the_record,
        _EXCHANGED,
        mirrored=True,
        acts=2,
    ),
    Kind(
        "votes exchanged, half of it put right",
        "people",
        "voix",
        _exchange_and_put_half_right,
        _EXCHANGED | _OTHER,
        acts=2,
    ),
    Kind("a PV made to add up, carried on in part", "people", "pv", _carry_on_in_part, _CHANGED, acts=3),
    Kind("a lost digit that the blank votes take", "people", "voix", _absorb, _CHANGED | {"digit-doubled"}, acts=3),
)
