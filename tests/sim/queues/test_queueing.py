"""One bureau's queues over many days: they are those that were seen."""

from dataclasses import replace

import pytest

from sim import parameters
from sim.elections import LATE_EVENING, PROFILES
from sim.executors import Here
from sim.queues.days import town_days
from sim.queues.town import Circumstances, TownBureau, TownDays
from sim.voters import service_table


def alone(registered: int, service: int, election: str) -> TownDays:
    """Days of a bureau that is the only one of its town, open from 8h to 20h."""
    bureau = TownBureau("", "", "", registered, 1, 1, 8, 20)
    of = Circumstances(PROFILES[election], service=replace(parameters.VOTE, mean=service))
    [found] = town_days([bureau], [of], 1, 300, Here())
    return found


def test_queues_of_2022_are_short() -> None:
    for registered in (800, 930):
        assert alone(registered, 40, "2022-P1").longest.mean() < 15 * 60_000


@pytest.mark.parametrize("service", [parameters.IDENTIFY, parameters.VOTE, parameters.SIGN], ids=str)
def test_the_table_has_the_mean_and_spread_of_its_law(service: parameters.Service) -> None:
    table = service_table(service) / 1000.0
    assert table.mean() == pytest.approx(service.mean, rel=0.002)
    usual = service.mean / (1 + service.slow_share * (service.slow_factor - 1))
    square = (1 - service.slow_share + service.slow_share * service.slow_factor**2) * usual**2
    square *= 1 + service.variation**2
    assert table.std() == pytest.approx((square - service.mean**2) ** 0.5, rel=0.01)


def test_a_late_city_votes_later() -> None:
    """Hauts-de-Seine, 10 April 2022: 19.13 % at 12h, the country 25.48 %."""
    usual, late = PROFILES["2022-P1"], PROFILES["2022-P1"].late()
    assert late.noon == pytest.approx(1913, abs=5)
    assert late.noon < late.five < usual.five < late.final == usual.final
    assert late.parts[0] + late.parts[2] == pytest.approx(usual.parts[0] + usual.parts[2]), "who is late is so by hours"


@pytest.mark.parametrize("department", ["75", "91", "93"])
def test_who_is_missing_at_noon_in_a_late_city_comes_after_17h(department: str) -> None:
    """Shares of all who voted, against those of metropolitan France, whose final turnout was 76.19 %."""
    before, _, after = PROFILES[f"2022-P1-{department}"].parts
    usual_before, _, usual_after = replace(PROFILES["2022-P1"], final=7619).parts
    assert (after - usual_after) / (usual_before - before) == pytest.approx(LATE_EVENING, abs=0.4)


def test_turnout_grows_over_the_day_and_no_two_elections_are_alike() -> None:
    for profile in PROFILES.values():
        assert 0 < profile.noon < profile.five < profile.final <= 10_000
        assert sum(profile.parts) == pytest.approx(1.0)
    assert len(set(PROFILES.values())) == len(PROFILES)
