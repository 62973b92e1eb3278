"""`jour.csv`, and how the passage of the voters is counted."""

from sim.bureaux import Bureau, choose, machine_bureaux
from sim.elections import SCENARIOS
from sim.polling import hold
from sim.queues.recursion import serve
from sim.voters import HOUR, draw
from tests.sim.nights import by_bureau, night, rows
from tests.sim.queues.as_columns import columns

SCENARIO = SCENARIOS[2022]


def bureaux(code: str = "77513") -> list[Bureau]:
    return list(machine_bureaux(1, SCENARIO, *choose(2022, [code])))


def test_the_queue_of_an_hour_is_the_longest_within_it() -> None:
    """Counted from the day itself, at every moment at which somebody comes."""
    for bureau in bureaux():
        held = hold(1, SCENARIO, bureau, {}).passage
        assert held is not None
        voters = draw(1, SCENARIO, bureau)
        starts = serve(columns([voters]), machines=bureau.machines).vote_start[:, 0].tolist()
        longest = [0] * (bureau.closing - bureau.opening)
        arrivals = voters.arrival.tolist()
        for come in arrivals:
            there = sum(at <= come < start for at, start in zip(arrivals, starts, strict=True))
            longest[come // HOUR - bureau.opening] = max(longest[come // HOUR - bureau.opening], there)
        assert list(held.queues) == longest


def test_the_table_of_the_day_has_a_row_for_each_bureau() -> None:
    folder = night()
    found = rows(folder, "jour.csv")
    records = by_bureau(folder, "pv.csv")
    assert {(row["insee"], row["bureau"]): row["votes_trouves"] for row in found} == {
        key: record["votes_trouves"] for key, record in records.items()
    }
    assert all(int(row["attente_moyenne_ms"]) <= int(row["attente_maximale_ms"]) for row in found)
