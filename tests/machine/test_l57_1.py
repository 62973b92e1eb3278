"""The eight conditions of article L57-1 of the Code électoral, each a test named after its number."""

import pytest

from machine.display import display
from machine.errors import IllegalOperation
from machine.esf1 import Machine
from machine.keys import Key, Role
from machine.states import State
from tests.machine.people import AT, KEYS, configuration, opened, vote


def test_1_nothing_but_the_voters_panel_tells_the_choice() -> None:
    seen = []
    for choice in (0, 1, 2):
        machine = opened(2)
        boxes = [machine.control_box]
        machine.enable()
        boxes.append(machine.control_box)
        machine.choose(choice)
        boxes.append(machine.control_box)
        machine.validate()
        boxes.append(machine.control_box)
        machine.record_hour(AT)
        seen.append((boxes, machine._urn._log.events, display(machine)))
    assert seen[0] == seen[1] == seen[2]


def test_2_every_vote_is_made_key_by_key_without_haste() -> None:
    machine = opened(64)
    machine.enable()
    for choice in range(1, 65):  # each choice is one key, and can be taken back
        machine.select(choice)
        assert display(machine)[1].startswith(f"{choice} CHOICE {choice} ")
        machine.correct()
    for _ in range(12):  # hours go by, and the machine waits
        machine.record_hour(AT)
    machine.select(64)
    machine.validate()
    assert machine.voters == 1


def test_3_up_to_five_polls_on_one_day() -> None:
    machine = opened(2, 3, 4, 5, 6)
    vote(machine, 1, 2, 3, 0, 5)
    vote(machine, 2, 3, 4, 5, 6)
    machine.close(AT)
    results = machine.results()
    assert [result.tallies for result in results] == [
        (1, 1),
        (0, 1, 1),
        (0, 0, 1, 1),
        (0, 0, 0, 0, 1),
        (0, 0, 0, 0, 1, 1),
    ]
    assert [result.blank for result in results] == [0, 0, 0, 1, 0]
    assert {result.cast for result in results} == {2}


def test_4_a_blank_vote_is_recorded() -> None:
    machine = opened(2)
    vote(machine, 0)
    vote(machine, 1)
    machine.close(AT)
    (result,) = machine.results()
    assert (result.blank, result.tallies, result.cast) == (1, (1, 0), 2)


def test_5_one_vote_for_one_enabling() -> None:
    machine = opened(2, 2)
    vote(machine, 1, 2)
    for operation in (machine.validate, machine.blank, lambda: machine.select(1)):
        with pytest.raises(IllegalOperation):
            operation()
    machine.enable()
    with pytest.raises(IllegalOperation):
        machine.enable()  # two enablings at once are no way around it
    machine.select(1)
    machine.validate()
    assert machine.poll == 2  # and not the first poll again
    machine.cancel()
    machine.close(AT)
    assert [result.cast for result in machine.results()] == [2, 1]


def test_6_the_counter_of_voters_is_readable_all_day() -> None:
    machine = opened(2)
    for voter in range(5):
        assert machine.voters == machine.control_box.voters == voter
        machine.enable()
        assert machine.voters == voter
        machine.select(1)
        assert machine.voters == voter
        machine.validate()
        assert machine.control_box.bleeps == voter + 1
    machine.lose_mains(AT)
    assert machine.voters == 5
    machine.power_off()
    machine.power_on(AT)
    assert machine.voters == 5
    machine.close(AT)
    assert machine.voters == 5


def test_7_no_result_before_closing() -> None:
    machine = opened(2)
    vote(machine, 1)
    for operation in (
        machine.results,
        machine.print_results,
        machine.print_zero,
        machine.image,
        lambda: machine.export(1, AT),
    ):
        with pytest.raises(IllegalOperation):
            operation()
    # By construction: nothing in the machine's working memory counts votes by choice.
    assert machine._urn.results == {}
    machine.close(AT)
    (result,) = machine.results()
    assert (result.tallies, result.blank) == ((1, 0), 0)


def test_8_two_different_keys() -> None:
    machine = Machine(configuration(2))
    for needed, operation in ((State.TEST, "zero_check"), (State.READY, "open"), (State.OPEN, "close")):
        assert machine.state is needed
        for key in KEYS:
            with pytest.raises(IllegalOperation, match="not in their locks: the"):
                getattr(machine, operation)(AT)
            machine.insert_key(key)
            with pytest.raises(IllegalOperation, match="already in its lock"):
                machine.insert_key(Key(key.role, 99))  # a second key of the same kind opens nothing
        getattr(machine, operation)(AT)
        for role in Role:
            machine.remove_key(role)
    assert machine.passed_check is not None
    assert (machine.passed_check.president_key, machine.passed_check.assessor_key) == (11, 22)
