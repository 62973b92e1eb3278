"""One bureau after the other, figure by figure: what docs/guide/cases.md says of the choice of an explanation.

Nothing is left out and nothing kept for later: slow, and simple enough to be read. The search of all bureaux at once is
held against it. It has the numbers and names of the guide, and of the code nothing but the names of columns and pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verify.cases.explanations import Explanation
from verify.explanations.moves import Cell, Move
from verify.explanations.side_by_side import BLANK, FOUND, NULL, REGISTERED, SIGNATURES, VALID, VOTES, Row
from verify.rulebook.causes import causes

WIDTH, DEPTH = 4, 4
GAP = ("gap", -1, -1, -1)
MACHINES = ("modules", "exports")
ALL = (SIGNATURES, FOUND, BLANK, NULL, VALID)
COMPARED = (
    ("modules", "exports", (FOUND, BLANK), True),
    ("exports", "pv", (FOUND, BLANK, NULL), True),
    ("emargements", "pv", (SIGNATURES,), False),
    ("pv", "recap", ALL, False),
    ("pv", "publie", ALL, True),
    ("emargements", "publie", (SIGNATURES,), False),
    ("exports", "publie", (FOUND, BLANK), True),
)
ON_THE_WAY = ("modules", "exports", "pv", "recap", "publie")

Key = tuple[str, int, int, int]
Changes = dict[int, int]


@dataclass(frozen=True)
class Bureau:
    """The figures of one bureau, and what is known of it beside them."""

    kinds: tuple[str, ...]
    rows: list[Row]
    size: int
    strange: int
    mentioned: bool
    by_machine: bool
    apart: bool

    def has(self, kind: str, column: int) -> bool:
        return any(row[column] >= 0 for row, each in zip(self.rows, self.kinds, strict=True) if each == kind)

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """Two pieces and a column in which both have a figure, and have to have the same."""
        for one, other, counts, by_choice in COMPARED:
            columns = (*counts, *(range(VOTES, VOTES + self.size) if by_choice else ()))
            stands_in = one == "exports" and "exports" not in self.kinds
            for at, kind in enumerate(self.kinds):
                for later in range(at + 1, len(self.kinds)):
                    if self.kinds[later] == other and (kind == one or (stands_in and kind == "module")):
                        for column in columns:
                            instead = other == "publie" and one != "pv" and self.has("pv", column)
                            if not instead and self.rows[at][column] >= 0 <= self.rows[later][column]:
                                yield at, later, column
        rolls = [at for at, row in enumerate(self.rows) if row[REGISTERED] >= 0]
        yield from ((rolls[0], at, REGISTERED) for at in rolls[1:] if self.kinds[at] != "recap")

    def first(self, kinds: Sequence[str], *columns: int) -> int:
        every = (at for kind in kinds for at, each in enumerate(self.kinds) if each == kind)
        return next((at for at in every if all(self.rows[at][column] >= 0 for column in columns)), -1)

    def voters(self) -> tuple[int, int]:
        """The pieces from which signatures and votes found are taken."""
        published = self.first(("publie",), SIGNATURES, FOUND)
        signed = self.first(("emargements", "pv"), SIGNATURES)
        cast = self.first(("pv",) if self.apart else ("exports", "modules", "pv"), FOUND)
        return published if signed < 0 else signed, published if cast < 0 else cast

    def gap(self, rows: list[Row]) -> int:
        signed, cast = self.voters()
        if min(signed, cast) < 0 or min(rows[signed][SIGNATURES], rows[cast][FOUND]) < 0:
            return 0
        return rows[cast][FOUND] - rows[signed][SIGNATURES]

    def broken(self, rows: list[Row]) -> dict[Key, int]:
        """What does not hold, and what it costs to leave it so."""
        left: dict[Key, int] = {}
        for one, other, column in self.pairs():
            if rows[one][column] != rows[other][column]:
                left["same", one, other, column] = 8 if column == REGISTERED else 12
        for at, (kind, row) in enumerate(zip(self.kinds, rows, strict=True)):
            if kind not in ("univers", "emargements"):
                left |= {(name, at, -1, -1): 12 for name in self._wrong_sums(kind, row)}
        if gap := self.gap(rows):
            left[GAP] = 2 + 2 * (len(f"{abs(gap):b}") - 1)
        return left

    def _wrong_sums(self, kind: str, row: Row) -> Iterator[str]:
        _, _, found, blank, null, valid = row[:VOTES]
        votes = row[VOTES : VOTES + self.size]
        whole = bool(votes) and min(votes) >= 0
        if kind in MACHINES:
            if min(found, blank) >= 0 == null and whole and found != blank + sum(votes):
                yield "total"
            return
        if min(found, blank, null, valid) >= 0 and found != blank + null + valid:
            yield "found"
        if valid >= 0 and whole and valid != sum(votes) and not (kind == "pv" and valid == sum(votes) + self.strange):
            yield "valid"


def slip(was: int, becomes: int) -> str:
    """What happened to the digits of a figure, empty for nothing that is known."""
    here, there = str(was), str(becomes)
    if min(was, becomes) < 0:
        return ""
    if len(here) == len(there):
        if here in [there[:at] + there[at + 1] + there[at] + there[at + 2 :] for at in range(len(there) - 1)]:
            return "digits-exchanged"
        return "digit-wrong" if sum(a != b for a, b in zip(here, there, strict=True)) == 1 else ""
    if len(there) > 1 and there in [here[:at] + here[at + 1 :] for at in range(len(here))]:
        return "digit-doubled"
    return "digit-lost" if here in [there[:at] + there[at + 1 :] for at in range(len(there))] else ""


def exchanged(was: int, becomes: int) -> bool:
    """Whether two digits have changed places."""
    unlike = [(a, b) for a, b in zip(str(was), str(becomes), strict=False) if a != b]
    return len(str(was)) == len(str(becomes)) and len(unlike) == 2 and unlike[0] == unlike[1][::-1]


def of_one(bureau: Bureau, kind: str, row: Row, column: int, becomes: int) -> str:
    was = row[column]
    if kind == "pv" and column == FOUND and was == row[SIGNATURES] and bureau.by_machine:
        return "found-from-signatures"
    if kind == "recap" and column == SIGNATURES and was == row[FOUND]:
        return "gap-corrected"
    if kind == "pv" and column == FOUND and was == row[SIGNATURES]:
        return slip(was, becomes) or "figure-wrong"
    if column == REGISTERED and was != row[FOUND]:
        return "digit-lost" if becomes // 10 == was else "registered-differ"
    if column < VOTES and was > 0 and was in row[:column] + row[column + 1 : VOTES]:
        return "figure-of-another-line"
    return "zero-for-missing" if was == 0 and becomes >= 10 else slip(was, becomes) or "figure-wrong"


def adds_up(row: Row) -> bool:
    votes = [each for each in row[VOTES:] if each >= 0]
    whole = min(row[FOUND:VOTES]) >= 0 and row[FOUND] == row[BLANK] + row[NULL] + row[VALID]
    return whole and (not votes or sum(votes) == row[VALID])


def of_several(kind: str, row: Row, right: Row) -> str:
    columns = [at for at, (a, b) in enumerate(zip(row, right, strict=True)) if a != b]
    by = [right[at] - row[at] for at in columns]
    if len(columns) == 2:
        if [right[at] for at in columns] == [row[at] for at in columns[::-1]]:
            names = {True: "choices-exchanged", False: "figures-exchanged"}
            return "blank-null-exchanged" if columns == [BLANK, NULL] else names[columns[0] >= VOTES]
        if columns == [FOUND, NULL] and by[0] == by[1] < 0 and row[FOUND] == row[SIGNATURES]:
            return "gap-as-nulls"
        if sum(by) == 0 and not {REGISTERED, SIGNATURES} & set(columns):
            return "ballots-moved"
    if kind == "publie" and not any(row[at] for at in columns):
        return "row-of-zeros"
    votes, wanted = ([each for each in of[VOTES:] if each >= 0] for of in (row, right))
    if columns[0] >= VOTES and len(columns) > 2 and (votes[1:] == wanted[:-1] or votes[:-1] == wanted[1:]):
        return "lines-shifted"
    return "amended" if adds_up(row) and adds_up(right) and len(set(map(abs, by))) == 1 else "figure-wrong"


def cause_and_cost(bureau: Bureau, rows: list[Row], piece: int, changes: Changes) -> tuple[str, int]:
    """The nature of some changes of one piece."""
    kind, row, number = bureau.kinds[piece], rows[piece], len(changes)
    right = [changes.get(column, value) for column, value in enumerate(row)]
    name = of_one(bureau, kind, row, *next(iter(changes.items()))) if number == 1 else of_several(kind, row, right)
    if name == "figure-wrong" and number == 1 and list(bureau.broken(rows)) == [GAP]:
        name = "digits-exchanged" if any(exchanged(row[at], value) for at, value in changes.items()) else name
    others = [rows[at] for at, each in enumerate(bureau.kinds) if kind == each == "publie" and at != piece]
    edition = any(all(other[column] == value for column, value in changes.items()) for other in others)
    if number > 1 and name in ("amended", "figure-wrong") and edition:
        return "older-edition", causes()["older-edition"].cost
    cost = causes()[name].cost + {"modules": 4, "exports": 4 * (list(changes) != [REGISTERED]), "univers": 3}.get(
        kind, 0
    )
    copied = kind == "pv" and list(changes) == [FOUND] and row[FOUND] == row[SIGNATURES]
    if name == "digit-wrong" and not copied and any(row[at] // 10 == value // 10 for at, value in changes.items()):
        cost += 2
    if name == "ballots-moved" and right[NULL] < row[NULL]:
        cost -= 3 * all((row[at] - value) % 100 == 0 for at, value in changes.items())
    return name, cost + (6 * (number - 1) if name == "figure-wrong" else 0)


def copies(bureau: Bureau, rows: list[Row], piece: int, changes: Changes) -> Iterator[Cell]:
    """The same figures in what is copied from a piece."""
    kind = "pv" if bureau.kinds[piece] == "emargements" else bureau.kinds[piece]
    if kind not in ON_THE_WAY:
        return
    start = ON_THE_WAY.index(kind) + (bureau.kinds[piece] not in ("emargements", "publie"))
    for column, value in changes.items():
        exports = [row[column] for row, each in zip(rows, bureau.kinds, strict=True) if each == "exports"]
        if kind == "modules" and any(each >= 0 and each != rows[piece][column] for each in exports):
            continue
        for at, each in enumerate(bureau.kinds):
            if at != piece and each in ON_THE_WAY[start:] and rows[at][column] == rows[piece][column]:
                yield at, column, value


def for_sum(bureau: Bureau, name: str, row: Row) -> Iterator[Changes]:
    """What makes a sum work out."""
    _, _, found, blank, null, valid = row[:VOTES]
    votes = range(VOTES, VOTES + bureau.size)
    total = sum(row[at] for at in votes)
    if name == "found":
        yield from ({FOUND: blank + null + valid}, {BLANK: found - null - valid})
        yield from ({NULL: found - blank - valid}, {VALID: found - blank - null})
        return
    lacking = (found - blank if name == "total" else valid) - total
    yield from ({at: row[at] + lacking} for at in votes)
    if name == "total":
        yield from ({FOUND: blank + total}, {BLANK: found - total})
        return
    yield {VALID: total}
    if bureau.size > 3 and row[VOTES] == row[VOTES + 1] > 0:
        later = row[VOTES + 1 : VOTES + bureau.size]
        yield dict(zip(votes, [*later, valid - sum(later)], strict=True))
    for column, sign in ((NULL, 1), (BLANK, 1), (FOUND, -1)):
        if row[column] >= 0:
            yield {VALID: total, column: row[column] + sign * lacking}


def for_pair(kind: str, wrong: Row, right: Row, columns: list[int]) -> Iterator[Changes]:
    """Figures of the one piece for those of the other."""
    every = {column: right[column] for column in columns}
    yield every
    found, blank, null = (every.get(column, wrong[column]) for column in (FOUND, BLANK, NULL))
    if kind in MACHINES and min(found, blank, null, wrong[VALID]) >= 0:
        yield {**every, VALID: found - blank - null}
    if len(columns) > 1:
        yield from ({column: right[column]} for column in columns)
    counts = [column for column in columns if column < VOTES]
    if 0 < len(counts) < len(columns):
        yield {column: right[column] for column in counts}
        yield {column: right[column] for column in columns if column >= VOTES}


def for_gap(bureau: Bureau, rows: list[Row]) -> Iterator[tuple[int, Changes, int]]:
    """A gap of a fourth of all voters is none, nor a fiftieth that two exchanged digits make; one or two may remain."""
    signed, cast = bureau.voters()
    listed, found = rows[signed][SIGNATURES], rows[cast][FOUND]
    least = 50 if exchanged(listed, found) else 4
    if bureau.mentioned or least * abs(found - listed) < max(listed, found):
        return
    far = "digits-exchanged" if exchanged(listed, found) and list(bureau.broken(rows)) == [GAP] else ""
    same = [row for row, kind in zip(rows, bureau.kinds, strict=True) if kind != "recap" and row[SIGNATURES] == listed]
    _, _, _, *parts = rows[cast][:VOTES]
    adds_up = min(parts) >= 0 and found == sum(parts)
    may_be = (
        (signed, SIGNATURES, listed, found, len(same) == 1),
        (cast, FOUND, found, listed, bureau.kinds[cast] not in MACHINES and not adds_up),
    )
    for piece, column, was, other, may in may_be:
        if may and (name := slip(was, other) or far):
            yield piece, {column: other}, 5 if name == "digit-wrong" else 2
        for becomes in (other + 1, other - 1, other + 2, other - 2):
            small = 4 * abs(found - listed) < max(listed, found) or min(listed, found) < 100
            if may and not small and (name := slip(was, becomes)) in ("digit-wrong", "digits-exchanged"):
                yield piece, {column: becomes}, 5 if name == "digit-wrong" else 2


def proposals(bureau: Bureau, rows: list[Row]) -> Iterator[tuple[int, Changes, int]]:
    """A piece, what should stand there, and what it costs more to say so."""
    left, differing = bureau.broken(rows), dict[tuple[int, int], list[int]]()
    for name, one, other, column in left:
        if name == "same":
            differing.setdefault((one, other), []).append(column)
        elif name != "gap":
            yield from ((one, changes, 0) for changes in for_sum(bureau, name, rows[one]))
    for (one, other), columns in differing.items():
        for wrong, right in ((other, one), (one, other)):
            every = for_pair(bureau.kinds[right], rows[wrong], rows[right], columns)
            yield from ((wrong, changes, 0) for changes in every)
    if GAP in left:
        yield from for_gap(bureau, rows)


def moves(bureau: Bureau, rows: list[Row]) -> Iterator[Move]:
    """Everything that would end some of the contradictions."""
    gap = abs(bureau.gap(rows))
    for piece, wanted, more in proposals(bureau, rows):
        changes = {column: value for column, value in wanted.items() if rows[piece][column] != value}
        if changes and min(changes.values()) >= 0:
            name, cost = cause_and_cost(bureau, rows, piece, changes)
            voters = len(changes) == 1 and not {SIGNATURES, FOUND}.isdisjoint(changes) and piece in bureau.voters()
            if 0 < gap < 9 and voters and gap in [abs(value - rows[piece][at]) for at, value in changes.items()]:
                cost += 6
            cells = tuple(copies(bureau, rows, piece, changes))
            yield Move(name, piece, tuple(sorted(changes.items())), cells, cost + more)


@dataclass(frozen=True)
class State:
    """Some moves, and what they leave."""

    moves: tuple[Move, ...]
    rows: list[Row]
    left: dict[Key, int]
    cost: int

    def total(self) -> int:
        return self.cost + sum(self.left.values())

    def rank(self) -> tuple[int, int]:
        return self.total(), -sum(move.piece for move in self.moves)

    def key(self) -> tuple[Cell, ...]:
        return tuple(sorted(cell for move in self.moves for cell in move.cells()))


def after(bureau: Bureau, state: State, move: Move) -> State:
    rows = [list(row) for row in state.rows]
    for piece, column, value in move.cells():
        rows[piece][column] = value
    return State((*state.moves, move), rows, bureau.broken(rows), state.cost + move.cost)


def plainly(bureau: Bureau, hints: Sequence[Move]) -> Explanation:
    """The cheapest explanation, with every state looked at."""
    start = State((), bureau.rows, bureau.broken(bureau.rows), 0)
    known, width = {start.key(): start}, [start]
    for _ in range(DEPTH):
        found: list[State] = []
        for state in width:
            fresh = [hint for hint in hints if hint.piece not in {move.piece for move in state.moves}]
            for move in (*fresh, *moves(bureau, state.rows)):
                then = after(bureau, state, move)
                if then.key() not in known or known[then.key()].total() > then.total():
                    known[then.key()] = then
                    found.append(then)
        least = min(state.total() for state in known.values())
        width = sorted((s for s in found if s.left and s.cost < least), key=State.rank)[:WIDTH]
        if not width:
            break
    best = min(known.values(), key=State.rank)
    mine = set(best.key())
    others = [state for state in known.values() if not (mine <= set(state.key()) or set(state.key()) <= mine)]
    lead = min(state.total() for state in others) - best.total() if others else -1
    rivals = [sorted(move.cause for move in state.moves) for state in others if state.total() == best.total()]
    alike = all(each == sorted(move.cause for move in best.moves) for each in rivals)
    return Explanation(best.moves, start.left, best.left, bureau.gap(best.rows), lead, best.total(), alike)
