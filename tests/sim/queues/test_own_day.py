"""A polling day of one's own: the people, times and processes that were given, and counts that are theirs."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy

from protocol.export import record as export
from protocol.urn.image import IMAGE
from sim.own_day import ESF1, PollingDay
from sim.voters import HOUR
from tests.regard.public_api.guide_programs import run_program


def test_the_program_of_the_guide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run_program("own_day.py")
    assert capsys.readouterr().out == "{'ALPHA': 194, 'BETA': 207, 'GAMMA': 199} 600 1 38\n"


def test_times_are_those_that_were_given() -> None:
    day = PollingDay([8.5, 8.0, 18.99, 19.01], identify=[10, 20, 30], vote=60, sign=5, votes=[2, 0, -1], closing=19)
    held = day.run()
    start = [8 * HOUR, round(8.5 * HOUR), round(18.99 * HOUR)]
    assert held.day.identify.tolist() == [[at, at + s * 1000] for at, s in zip(start, (10, 20, 30), strict=True)]
    assert (held.day.vote[:, 1] - held.day.vote[:, 0]).tolist() == [60_000] * 3
    assert (held.day.sign[:, 1] - held.day.sign[:, 0]).tolist() == [5_000, 5_000, 0]
    assert (held.votes, held.blank, held.signatures) == ({"ALPHA": 0, "BETA": 1, "GAMMA": 0}, 1, 2)
    assert held.waited.tolist() == [0, 0, 0]


def test_exports_and_images_are_the_counts_of_the_day() -> None:
    day = PollingDay(np.linspace(8, 18, 300), choices=["X", "Y"], machines=2, registered=500, bureau="0042", vote=90)
    held = day.run()
    read = [export.parse(each) for each in held.exports]
    assert [(each.bureau, each.part, each.registered) for each in read] == [("0042", 1, 500), ("0042", 2, 500)]
    assert sum(each.cast for each in read) == held.signatures == sum(held.votes.values()) == 300
    closings = [IMAGE.parse(machine.image()).closing for machine in day.machines]
    assert [closing.polls[0].cast for closing in closings if closing is not None] == [each.cast for each in read]
    again = PollingDay(np.linspace(8, 18, 300), choices=["X", "Y"], machines=2, registered=500, bureau="0042", vote=90)
    assert again.run().exports == held.exports
    one, other = (PollingDay(np.linspace(8, 18, 300), seed=seed) for seed in (1, 2))
    one.run(), other.run()
    assert one.machines[0].image() != other.machines[0].image()


def hold(day: PollingDay, minutes: int | None) -> Generator[simpy.Event, Any, None]:
    yield day.env.timeout(day.at(8.5) - day.env.now)
    place = yield day.places.get()
    if minutes is not None:
        yield day.env.timeout(minutes * 60_000)
        day.places.put(place)


def test_a_process_of_ones_own_makes_people_wait_or_leave() -> None:
    arrivals = np.arange(8.1, 10, 0.1)
    quiet = PollingDay(arrivals, patience=300).run()
    assert not quiet.waited.any()
    assert not quiet.day.lost.any()
    day = PollingDay(arrivals, patience=300)
    day.env.process(hold(day, 30))
    held = day.run()
    assert held.day.lost.sum() == 5
    assert held.signatures == len(arrivals) - 5 == len(held.waited)
    stuck = PollingDay(arrivals)
    stuck.env.process(hold(stuck, None))
    with pytest.raises(RuntimeError, match="people wait for ever"):
        stuck.run()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"arrivals": [-1.0]}, "arrivals: expected numbers from 0 to 48"),
        ({"arrivals": [float("nan")]}, "arrivals"),
        ({"arrivals": [[8.0]]}, "arrivals"),
        ({"vote": -1}, "vote: expected numbers from 0"),
        ({"vote": [1.0, 2.0, 3.0]}, "shape"),
        ({"votes": 4}, "votes: expected whole numbers from -1 to 3"),
        ({"votes": 0.5}, "votes"),
        ({"opening": 19}, "an opening before the closing, got 19 and 19"),
    ],
)
def test_what_is_no_time_and_no_choice_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        PollingDay(**({"arrivals": [8.0, 9.0]} | given))


def test_a_machine_alone() -> None:
    machine = ESF1(["X", "Y"], registered=10)
    for choice in (1, 0, 2, 2):
        machine.enable()
        machine.choose(choice)
        machine.validate()
    result = machine.finish(19)
    assert (result.tallies, result.blank, result.cast) == ((1, 2), 1, 4)
