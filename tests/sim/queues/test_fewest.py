"""The fewest machines, tables and moved voters: what every number tried one by one gives, and no simulation twice."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sim.queues.fewest import MOST_MACHINES, MOST_TABLES, MOST_VOTERS, BureauMove, DaySums, Enough, Moves, Search
from sim.queues.town import TownBureau

LIMIT = 600
Wait = Callable[[TownBureau], int]
NUMBERS = [(machines, tables) for machines in range(1, MOST_MACHINES + 1) for tables in range(1, MOST_TABLES + 1)]


def bureau(code: str, registered: int = 1000, machines: int = 1, commune: str = "Issy") -> TownBureau:
    return TownBureau("", commune, code, registered, machines, 1, 8, 19)


class Town:
    """A town whose waits are a formula; it counts how often each bureau is simulated on all days."""

    def __init__(self, wait: Wait, days: int = 1000) -> None:
        self.wait, self.days = wait, days
        self.whole: list[TownBureau] = []

    def __call__(self, bureaux: Sequence[TownBureau], days: int) -> list[DaySums]:
        if days == self.days:
            self.whole += bureaux
        return [DaySums(self.wait(each) * days, self.lost(each) * days) for each in bureaux]

    @staticmethod
    def lost(each: TownBureau) -> int:
        """Fewer leave the more machines there are."""
        return each.registered // each.machines

    def search(self) -> Search:
        return Search(self, LIMIT, self.days)


def by_voters(each: TownBureau) -> int:
    """A wait that grows with the voters of a machine, with a step at every voter."""
    return each.registered * each.registered // (each.machines * 1667)


def by_numbers(waits: list[int]) -> dict[tuple[int, int], int]:
    """A wait for each of `NUMBERS`, no longer with more tables beside as many machines; none with the most of both."""
    of_machines = [sorted(waits[at : at + MOST_TABLES], reverse=True) for at in range(0, len(waits), MOST_TABLES)]
    return dict(zip(NUMBERS, [wait for each in of_machines for wait in each], strict=True)) | {NUMBERS[-1]: 0}


@given(st.lists(st.integers(0, 2 * LIMIT), min_size=len(NUMBERS), max_size=len(NUMBERS)))
def test_the_fewest_are_what_trying_every_number_gives(waits: list[int]) -> None:
    """Even where more machines would make people wait longer."""
    found = by_numbers(waits)
    town = Town(lambda each: found[each.machines, each.tables])
    [enough] = town.search().fewest([bureau("1")])
    machines, tables = next(number for number in NUMBERS if found[number] <= LIMIT)
    assert enough.bureau == replace(bureau("1"), machines=machines, tables=tables)
    assert enough.wait == found[machines, tables] * 1000
    assert enough.machine_less == (found[machines - 1, tables] * 1000 if machines > 1 else None)
    assert enough.table_less == (found[machines, tables - 1] * 1000 if tables > 1 else None)
    assert (enough.lost, enough.lost_now) == (1000 // machines * 1000, 1_000_000)
    assert len(set(town.whole)) == len(town.whole)


def test_a_bureau_that_nothing_helps_is_said_to_be_beyond() -> None:
    town = Town(lambda each: 2 * LIMIT if each.code == "late" else LIMIT)
    late, other = town.search().fewest([bureau("late", 900), bureau("1")])
    assert late == Enough(None, lost=900_000, lost_now=900_000)
    assert other == Enough(bureau("1"), LIMIT * 1000, lost=1_000_000, lost_now=1_000_000, ends=(1, 1))


@given(st.lists(st.integers(0, 2 * LIMIT), min_size=len(NUMBERS), max_size=len(NUMBERS)), st.integers(0, LIMIT))
def test_the_ends_are_the_fewest_at_the_ends_of_the_waits(waits: list[int], half: int) -> None:
    found = by_numbers(waits)
    town = Town(lambda each: found[each.machines, each.tables])
    simulated: list[TownBureau] = []

    def evaluate(bureaux: Sequence[TownBureau], days: int) -> list[DaySums]:
        simulated.extend(bureaux if days == town.days else [])
        return [each._replace(half=half * days) for each in town(bureaux, days)]

    [enough] = Search(evaluate, LIMIT, town.days).fewest([bureau("1")])
    low, high = (
        next(machines for machines, tables in NUMBERS if found[machines, tables] + end * half <= LIMIT)
        for end in (-1, 1)
    )
    assert enough.ends == (low, high)
    assert len(set(simulated)) == len(simulated)


def test_numbers_that_cannot_be_enough_are_not_simulated() -> None:
    """More tables where the most of them are too few; more machines where the most of all are too few."""
    town = Town(lambda each: LIMIT if each.machines > 1 and each.code == "1" else 2 * LIMIT)
    town.search().fewest([bureau("late"), bureau("1")])
    both = [(1, 1), (1, MOST_TABLES), (2, 1)]
    numbers = {
        code: [(each.machines, each.tables) for each in town.whole if each.code == code] for code in ("1", "late")
    }
    assert numbers == {"1": both, "late": [*both, (2, MOST_TABLES), (MOST_MACHINES, MOST_TABLES)]}


def test_days_that_are_too_long_already_are_not_simulated_further() -> None:
    town = Town(lambda each: 11 * LIMIT)
    assert town.search().within([bureau("1")]) == [False]
    assert town.whole == []


@given(st.integers(1, 3), st.integers(0, 5000))
def test_a_bureau_has_room_for_as_many_as_halving_finds(machines: int, registered: int) -> None:
    of = bureau("1", registered, machines)
    [capacity] = Town(by_voters).search().capacities([of])
    assert by_voters(replace(of, registered=capacity)) <= LIMIT < by_voters(replace(of, registered=capacity + 1))


def test_room_has_its_ends() -> None:
    assert Town(lambda each: 0).search().capacities([bureau("1")]) == [MOST_VOTERS]
    assert Town(lambda each: 2 * LIMIT).search().capacities([bureau("1")]) == [0]


def test_voters_are_moved_within_their_commune_as_few_as_can_be() -> None:
    bureaux = [bureau("1", 1300), bureau("2", 1100), bureau("3", 800), bureau("4", 950), bureau("9", 1, 1, "Sèvres")]
    town = Town(by_voters)
    moved = town.search().moves(bureaux)
    assert moved == Moves(
        (BureauMove(bureaux[0], 1000, 300), BureauMove(bureaux[1], 1000, 100)),
        (BureauMove(bureaux[2], 1000, 200), BureauMove(bureaux[3], 1000, 50)),
        150,
    )
    assert moved.total == 400
    assert all(each.commune == "Issy" or each.registered == 1 for each in town.whole)


def test_nobody_is_moved_where_all_are_within_the_limit() -> None:
    town = Town(by_voters)
    assert town.search().moves([bureau("1", 900), bureau("2", 1000)]) == Moves((), (), 0)
    assert len(town.whole) == 2
