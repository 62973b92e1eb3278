"""When figures arrive: after the closing, later where there is more to count, and of a commune alone as of all."""

from statistics import mean

from sim.arrivals import Awaited, arrivals

BUREAUX = [
    Awaited(f"{commune:05}", f"{number:04}", 60 * (19 + commune % 2), 200 + 40 * number, number % 3 == 0)
    for commune in range(10000, 10040)
    for number in range(1, 21)
]


def test_nothing_arrives_before_the_closing_and_more_takes_longer() -> None:
    found = arrivals(BUREAUX, 1)
    assert len(found) == len(BUREAUX)
    assert all(found[each.insee, each.bureau] > each.closing * 60 for each in BUREAUX)
    after = {each: found[each.insee, each.bureau] - each.closing * 60 for each in BUREAUX}
    machine = mean(seconds for each, seconds in after.items() if each.machine)
    small, large = (
        mean(seconds for each, seconds in after.items() if not each.machine and (each.ballots > 600) is many)
        for many in (False, True)
    )
    assert machine < small < large
    assert max(after.values()) < 4 * 3600


def test_a_commune_alone_is_as_it_is_among_all() -> None:
    whole = arrivals(BUREAUX, 7)
    assert arrivals(reversed(BUREAUX), 7) == whole
    for insee in ("10000", "10039"):
        alone = arrivals([each for each in BUREAUX if each.insee == insee], 7)
        assert alone == {key: second for key, second in whole.items() if key[0] == insee}
    assert arrivals(BUREAUX, 8) != whole
