"""A day without simpy is the day that a room has in simpy: every span, every count, every act at every machine."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import undisturbed
from sim.bureaux import choose, machine_bureaux, polling_bureaux
from sim.day import Day, MachineFailure, Room, VotingMachine
from sim.elections import SCENARIOS
from sim.undisturbed import hold
from sim.voters import HOUR, LEAVES, NO_VISIT, VISITS, Voters, draw

OPENING, CLOSING = 8 * HOUR, 11 * HOUR


class Noted:
    """A machine that writes down what is done to it, and the hours that are struck meanwhile."""

    def __init__(self) -> None:
        self.acts: list[str] = []

    def enable(self) -> None:
        self.acts.append("enable")

    def select(self, poll_choice: int) -> None:
        self.acts.append(f"select {poll_choice}")

    def blank(self) -> None:
        self.acts.append("blank")

    def validate(self) -> None:
        self.acts.append("validate")

    def cancel(self) -> None:
        self.acts.append("cancel")


def both(voters: Voters, machines: int, opening: int = OPENING, closing: int = CLOSING) -> list[tuple[Day, list[str]]]:
    """The day with and without simpy, and what every machine was told in it."""
    days = []
    for held in (hold, lambda *given: Room(*given).hold()):
        there = [Noted() for _ in range(machines)]

        def strike(hour: int, there: list[Noted] = there) -> None:
            for machine in there:
                machine.acts.append(f"{hour} h")

        day = held(opening, closing, voters, there, strike)
        days.append((day, [act for machine in there for act in machine.acts]))
    return days


def same(voters: Voters, machines: int, opening: int = OPENING, closing: int = CLOSING) -> Day:
    (ours, told), (theirs, told_there) = both(voters, machines, opening, closing)
    assert told == told_there
    for each in fields(Day):
        one, other = getattr(ours, each.name), getattr(theirs, each.name)
        assert np.array_equal(one, other), each.name
        assert type(one) is type(other)
    return ours


PERSON = st.tuples(
    st.sampled_from([0, 0, 1, 2, 3599, 3600, 7000, 10_800]),
    st.integers(1, 3),
    st.lists(st.tuples(st.sampled_from([0, 1, 2, LEAVES]), st.integers(1, 3)), max_size=VISITS),
    st.integers(0, 2),
    st.integers(-1, 2),
)
"""Seconds after the opening, to identify, choices with seconds for each, seconds to sign, signatures."""


@given(st.lists(PERSON, max_size=12), st.integers(1, 3), st.sampled_from([-60, 0, 5]), st.sampled_from([0, 1, 2]))
@settings(max_examples=300)
def test_it_is_the_day_in_simpy_whatever_ties(
    people: list[tuple[int, int, list[tuple[int, int]], int, int]], machines: int, delay: int, second: int
) -> None:
    people = sorted(people, key=lambda each: each[0])
    n = len(people)
    visits, choices = np.zeros((n, VISITS), np.int64), np.full((n, VISITS), NO_VISIT, np.int64)
    for at, (_, _, acts, _, _) in enumerate(people):
        for visit, (choice, length) in enumerate(acts):
            choices[at, visit], visits[at, visit] = choice, length * 1000

    def column(of: int, unit: int) -> np.ndarray:
        return np.array([each[of] for each in people], np.int64) * unit

    voters = Voters(
        arrival=column(0, 1000) + OPENING,
        identify=column(1, 1000),
        visits=visits,
        choices=choices,
        sign=column(3, 1000),
        signatures=column(4, 1),
        proxies=0,
        second=None if not second else np.where(choices >= (second == 2), 2 - choices, np.minimum(choices, LEAVES)),
    )
    same(voters, machines, OPENING + delay * 1000)


@pytest.mark.parametrize("code", ["77513", "92076", "25388"])
def test_it_is_the_day_in_simpy_with_real_bureaux(code: str) -> None:
    scenario = SCENARIOS[2022]
    (commune,) = choose(2022, (code,))
    bureaux = polling_bureaux(1, scenario, commune, True)[:4]
    assert bureaux
    for bureau in bureaux:
        day = same(draw(1, scenario, bureau), max(bureau.machines, 2), bureau.opening * HOUR, bureau.closing * HOUR)
        assert day.signatures[0] > 100


def test_a_day_that_something_disturbs_is_held_in_simpy(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms: list[int] = []

    class Counted(Room):
        def hold(self) -> Day:
            rooms.append(len(self.lost))
            return super().hold()

    monkeypatch.setattr(undisturbed, "Room", Counted)
    bureau = machine_bureaux(1, SCENARIOS[2022], choose(2022, ("77513",))[0])[0]
    voters = draw(1, SCENARIOS[2022], bureau)
    hold(OPENING, 19 * HOUR, voters, [Noted()])
    assert not rooms

    def resume(now: int) -> tuple[VotingMachine, bool]:
        return Noted(), False

    failure = MachineFailure(10 * HOUR, 60_000, lambda: None, resume)
    hold(OPENING, 19 * HOUR, voters, [Noted()], failures=[failure])
    assert rooms == [len(voters)]
