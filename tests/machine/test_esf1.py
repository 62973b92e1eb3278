"""The order of a day on the machine, and what it refuses."""

import pytest

from machine.errors import ConfigurationError, IllegalOperation
from machine.states import State
from protocol.civil_time import seconds
from protocol.export.record import parse
from tests.machine.people import AT, DAY, configuration, opened, vote


def test_a_day_from_key_to_export() -> None:
    machine = opened(3)
    for choice in (1, 3, 3):
        vote(machine, choice)
    machine.enable()
    machine.select(2)
    machine.correct()
    machine.blank()
    machine.validate()
    machine.enable()
    machine.cancel()
    assert machine.voters == 4
    machine.close(seconds(DAY, 19))
    record = parse(machine.export(1, seconds(DAY, 19, 10)))
    assert (record.tallies, record.blank, record.cast) == ((1, 0, 2), 1, 4)
    assert (record.voters, record.enablings, record.cancellations, record.zero_sum) == (4, 5, 1, 0)
    assert (record.opening, record.closing) == (machine.opening, machine.closing) == (AT, seconds(DAY, 19))


def test_the_refusal_names_state_operation_and_what_is_legal() -> None:
    machine = opened(2)
    with pytest.raises(IllegalOperation, match=r"validate refused in state open: .*enable.*close"):
        machine.validate()


def test_a_choice_that_is_not_on_the_panel_is_refused() -> None:
    machine = opened(2)
    machine.enable()
    for choice in (0, 3, -1):
        with pytest.raises(IllegalOperation, match="no choice"):
            machine.select(choice)
    assert machine.state is State.ENABLED


def test_a_configuration_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="65 choices"):
        configuration(65)
    with pytest.raises(ConfigurationError, match="0 choices"):
        configuration(0)
    with pytest.raises(ConfigurationError, match="poll numbers"):
        configuration()
