"""Means with their intervals, differences day by day, and what one machine out costs, on days made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from protocol.arrays import Ints
from protocol.words import language
from regard.office.contents import Estimate
from regard.office.figures import Played, around, mean_of, ratio_of, scenario_figures, student
from regard.office.scenarios import PlanScenario, scenarios_of
from regard.office.wording import clock, people_leaving
from sim.queues.town import BINS, TownBureau, TownDays

MINUTE, HOUR = 60_000, 3_600_000
TOWN = [TownBureau("", "", code, 500, 1, 1, 8, 19) for code in ("1", "2")]
DAYS = 20
[PLAN, OUT] = scenarios_of({}, ["out=17:00/40"])


def days_of(minutes: list[int], *, lost: int = 0) -> TownDays:
    """Days on which 100 people come to each bureau; the longest wait is so many minutes, or one more on odd days."""
    shape = DAYS, len(minutes)
    longest = np.array([[wait * MINUTE + day % 2 * MINUTE for wait in minutes] for day in range(DAYS)], np.int64)
    waits = np.zeros((len(minutes), BINS), np.int64)
    waits[:, 60] = DAYS * (100 - lost)

    def hours(each: int) -> Ints:
        return np.full((len(minutes), 11), each, np.int64)

    return TownDays(
        people=np.full(shape, 100, np.int64),
        lost=np.full(shape, lost, np.int64),
        waited=longest * 10,
        longest=longest,
        queue=longest // MINUTE,
        last=np.full(shape, 19 * HOUR + HOUR // 2, np.int64),
        failed=np.zeros(shape, np.int64),
        without=np.zeros(shape, np.int64),
        p95=longest[::10] // 2,
        waits=waits,
        first_hour=8,
        arrivals=hours(10 * DAYS),
        lost_by_hour=hours(2 * DAYS),
        waited_by_hour=hours(8 * DAYS * MINUTE),
        queues=hours(3 * DAYS),
    )


def played(days: TownDays, scenario: PlanScenario = PLAN, limit: float = 15, without: TownDays | None = None) -> Played:
    return Played(scenario, TOWN, days, round(limit * MINUTE), without)


@pytest.mark.parametrize(
    ("freedom", "value"), [(4, 2.77645), (9, 2.26216), (49, 2.00958), (99, 1.98422), (999, 1.96234)]
)
def test_students_t_is_that_of_the_tables(freedom: int, value: float) -> None:
    assert abs(student(freedom) - value) < 0.001


def test_a_mean_has_the_interval_of_students_t() -> None:
    values = np.array([3, 5, 4, 8, 1, 9, 2, 6, 5, 7])  # squares of the deviations: 60 in all
    found = mean_of(values)
    half = 2.26216 * (60 / 9 / 10) ** 0.5
    assert found.mean == 5.0
    assert (found.low, found.high) == pytest.approx((5 - half, 5 + half), abs=0.001)
    assert found.holds(5.0)
    assert not found.holds(5.1 + half)
    assert around(2.0, values[:1]) == Estimate(2.0, 2.0, 2.0)


def test_the_interval_of_waits_does_not_begin_below_zero() -> None:
    assert mean_of(np.array([0, 0, 0, 90])).low == 0.0
    assert mean_of(np.array([0, 0, -1, 90])).low < 0.0


def test_a_ratio_weighs_a_day_by_its_people() -> None:
    """And has no interval where all days have the same ratio, however many people come."""
    assert ratio_of(np.array([20, 40]), np.array([10, 20])) == Estimate(2.0, 2.0, 2.0)
    assert ratio_of(np.array([30, 10]), np.array([10, 20])).mean == pytest.approx(4 / 3)
    assert ratio_of(np.array([0, 0]), np.array([0, 0])) == Estimate(0.0, 0.0, 0.0)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Ratios of random days, 400 times: the true one is in some 95 of 100 intervals."""
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        people = draw.integers(50, 150, 60)
        waited = np.array([draw.exponential(3.0, count).sum() * draw.choice([0.5, 1.5]) for count in people])
        held += ratio_of(waited, people).holds(3.0)
    assert 0.92 < held / 400 < 0.98


def test_figures_of_a_bureau_are_in_minutes_and_hours() -> None:
    found = scenario_figures(played(days_of([10, 30], lost=20)), None)
    first, second = found.bureaux
    assert (first.longest.mean, first.longest_worst, first.above, second.above) == (10.5, 11.0, False, True)
    assert first.wait.mean == pytest.approx(10.5 * 10 / 80)  # of those who voted
    assert first.p95.mean == 1.0
    assert (first.last, first.last_worst) == (19.5, 19.5)
    assert [(each.hour, each.arrivals, each.wait, each.queue) for each in first.by_hour[:2]] == [
        (8, 10.0, 1.0, 3.0),
        (9, 10.0, 1.0, 3.0),
    ]
    assert len(first.by_hour) == 11
    assert (found.town.above, found.town.longest.mean, found.town.lost) == (1, 30.5, 40.0)
    assert found.worst(1) == (second,)


def test_a_bureau_at_the_limit_is_within_it_and_said_to_be_close() -> None:
    at, above = (scenario_figures(played(days_of([10, 30]), limit=limit), None).bureaux[0] for limit in (10.5, 10.4999))
    assert (at.above, at.unsure) == (False, True)
    assert (above.above, above.unsure) == (True, True)


def test_a_difference_is_day_by_day() -> None:
    """Two days that differ by the same on each have a difference without doubt, however much the days differ."""
    first = played(days_of([10, 14]))
    found = scenario_figures(played(days_of([12, 18])), first).difference
    assert found is not None
    assert found.longest == Estimate(3.0, 3.0, 3.0)
    assert [each.mean for each in found.bureaux] == [2.0, 4.0]
    assert found.wait.mean == pytest.approx(0.3)
    assert found.above == 1


def test_one_machine_out_is_told_for_the_worst_bureau_and_for_one_at_random() -> None:
    before, out = days_of([10, 14]), days_of([40, 20])
    found = scenario_figures(played(out, OUT, without=before), played(before))
    assert found.outage is not None
    assert found.outage.worst == TOWN[0]
    assert (found.outage.at_worst.before.mean, found.outage.at_worst.after.mean) == (10.5, 40.5)
    assert found.outage.at_worst.more == Estimate(30.0, 30.0, 30.0)
    assert found.outage.at_random.more.mean == 18.0
    assert [each.longest.mean for each in found.bureaux] == [40.5, 20.5]  # each as if it were the one
    assert found.town.longest.mean == 40.5
    assert found.town.above == 1  # the other one has its machine
    assert found.difference is not None
    assert found.difference.longest.mean == 15.0


def test_a_machine_out_where_it_costs_less_leaves_the_other_as_it_is() -> None:
    before = days_of([10, 50])
    out = replace(days_of([40, 55]), failed=np.ones((DAYS, 2), np.int64))
    found = scenario_figures(played(out, OUT, without=before), played(before))
    assert found.town.longest.mean == 50.5
    assert found.town.failed == 1.0


def test_what_is_after_midnight_is_of_the_next_day() -> None:
    said = [clock(hours, "fr").replace("\u00a0", " ") for hours in (8.5, 23.99, 24.0, 30.97)]
    assert said == ["8 h 30", "23 h 59", "0 h 00 le lendemain", "6 h 58 le lendemain"]


def test_who_would_leave_anyhow_is_kept_apart_from_what_failures_cost() -> None:
    [patient, failing] = scenarios_of({"patience": "30"}, ["breakdown=0.5"])
    found = replace(played(days_of([10, 20], lost=7), failing), calm=days_of([10, 20], lost=5))
    town = scenario_figures(found, None).town
    assert (town.lost, town.lost_anyhow) == (14, 10)
    assert language("en").show(people_leaving(town)) == "14 (10 without failures)"
    assert scenario_figures(played(days_of([10, 20], lost=7), patient), None).town.lost_anyhow is None
