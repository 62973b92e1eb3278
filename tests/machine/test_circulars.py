"""The rules of the ministry's circulars that concern the machine, and the table that names their tests."""

import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path

import pytest

from machine.conditions import CIRCULARS, L57_1, Condition
from machine.errors import IllegalOperation, ZeroCheckError
from machine.esf1 import Machine
from machine.memory import Memory
from machine.states import State
from protocol.civil_time import seconds
from protocol.export.record import choices_digest, parse
from protocol.urn.image import LAYOUT, SPANS, EventKind, Section
from tests.machine.people import AT, DAY, configuration, vote, with_keys


def _ready(*sizes: int, part: int = 1) -> Machine:
    changed = replace(configuration(*sizes), part=part, module_serial=f"YMC0000{part}")
    machine = with_keys(Machine(changed))
    machine.zero_check(seconds(DAY, 7, 45))
    return machine


@pytest.mark.parametrize("condition", [*L57_1, *CIRCULARS], ids=lambda condition: condition.code)
def test_every_condition_has_its_code_and_its_test(condition: Condition) -> None:
    assert pkgutil.resolve_name(condition.where) is not None
    file, _, function = condition.test.partition("::")
    assert Path(__file__).with_name(file).is_file()
    assert callable(getattr(importlib.import_module(f"tests.machine.{Path(file).stem}"), function))


def test_no_opening_without_counters_at_zero() -> None:
    machine = with_keys(Machine(configuration(2)))
    with pytest.raises(IllegalOperation):
        machine.open(AT)
    memory = machine.take_urn() if machine.state is State.OFF else machine._memory
    memory.write(SPANS[Section.BANK_A][0] + 40, 0x01)  # something stands in the vote area
    with pytest.raises(ZeroCheckError, match="1 slots are written"):
        machine.zero_check(AT)
    assert machine.state is State.TEST
    with pytest.raises(IllegalOperation):
        machine.open(AT)
    # and the module shows for ever that it was found so
    assert not memory.erased(*SPANS[Section.ZERO_CHECKS])


def test_test_votes_never_count() -> None:
    machine = Machine(configuration(2))
    for choice in (0, 1, 2, 2):
        machine.test_vote(1, choice)
    with pytest.raises(IllegalOperation, match="no choice 3"):
        machine.test_vote(1, 3)
    assert with_keys(machine).zero_check(AT) == 0
    assert machine.passed_check is not None
    assert machine.passed_check.test_votes == 4
    machine.open(AT)
    with pytest.raises(IllegalOperation):
        machine.test_vote(1, 1)
    machine.close(AT)
    (result,) = machine.results()
    assert (result.cast, result.voters, result.enablings) == (0, 0, 0)


def test_the_test_area_takes_no_more_than_it_has_room_for() -> None:
    machine = Machine(configuration(2))
    for _ in range(64):
        machine.test_vote(1, 1)
    with pytest.raises(IllegalOperation, match="full"):
        machine.test_vote(1, 1)


def test_the_zero_ticket_lists_the_choices_in_panel_order() -> None:
    machine = _ready(3)
    lines = machine.print_zero().splitlines()
    places = [next(number for number, line in enumerate(lines) if f"CHOICE {choice} " in line) for choice in (1, 2, 3)]
    assert places == sorted(places)
    assert {lines[place].split()[-1] for place in places} == {"0"}
    machine.open(AT)
    machine.close(AT)
    labels = machine.configuration.polls[0].choices
    assert parse(machine.export(1, AT)).choices_digest == choices_digest(labels)


def test_seal_numbers_are_on_tickets_and_in_the_export() -> None:
    machine = _ready(2)
    zero = machine.print_zero()
    machine.open(AT)
    machine.close(AT)
    machine.results()
    for ticket in (zero, *machine.print_results()):
        assert any(line.startswith("Scellé machine") and line.endswith(" S1") for line in ticket.splitlines())
        assert any(line.startswith("Scellé urne") and line.endswith(" S2") for line in ticket.splitlines())
    record = parse(machine.export(1, AT))
    assert (record.machine_seal, record.module_seal) == ("S1", "S2")


def test_nothing_leaves_a_machine_that_votes() -> None:
    machine = _ready(2)
    machine.open(AT)
    for state in (State.OPEN, State.ENABLED):
        assert machine.state is state
        for leaving in (machine.image, machine.take_urn, lambda: machine.export(1, AT)):
            with pytest.raises(IllegalOperation):
                leaving()
        if state is State.OPEN:
            machine.enable()


def test_two_votes_in_a_row_on_a_double_election() -> None:
    machine = _ready(2, 3)
    machine.open(AT)
    vote(machine, 1, 3)
    machine.enable()
    machine.select(2)
    machine.validate()
    assert machine.poll == 2
    machine.cancel()
    assert machine.voters_by_poll == {1: 2, 2: 1}
    machine.close(AT)
    first, second = machine.results()
    assert (first.enablings - first.cancellations, second.enablings - second.cancellations) == (2, 1)


def test_the_clock_can_be_set_and_that_is_logged() -> None:
    machine = _ready(2)
    machine.set_clock(AT, AT + 3600)
    machine.open(AT)
    machine.set_clock(AT + 100, AT - 3600)
    events = [event for event in machine._urn._log.events if event.kind is EventKind.CLOCK]
    assert [(event.value, event.at) for event in events] == [(AT, AT + 3600), (AT + 100, AT - 3600)]


def test_a_broken_machine_is_replaced_and_both_parts_count() -> None:
    first = _ready(2)
    first.open(seconds(DAY, 8))
    for choice in (1, 2, 2):
        vote(first, choice)
    first.enable()
    first.break_down()  # in front of a voter, who has not voted
    reserve = _ready(2, part=2)
    reserve.open(seconds(DAY, 11))
    vote(reserve, 1)
    vote(reserve, 2)
    reserve.close(seconds(DAY, 19))
    # In the evening the first urn is put into the reserve machine, which cancels the open enabling and closes it.
    moved = Machine.with_urn(Memory(first.take_urn().read(0, LAYOUT.size)), at=seconds(DAY, 19, 30))
    assert with_keys(moved).state is State.ENABLED
    moved.cancel()
    moved.close(seconds(DAY, 19, 31))
    records = [parse(machine.export(1, AT)) for machine in (moved, reserve)]
    assert [record.part for record in records] == [1, 2]
    assert [record.tallies for record in records] == [(1, 2), (1, 1)]
    assert sum(record.cast for record in records) == 5
    assert all(record.enablings - record.cancellations == record.cast == record.voters for record in records)


def test_the_counters_are_made_visible_after_closing() -> None:
    machine = _ready(2)
    machine.open(AT)
    vote(machine, 2)
    machine.close(AT)
    with pytest.raises(IllegalOperation):
        machine.print_results()
    machine.results()
    (ticket,) = machine.print_results()
    assert f"{' 2 CHOICE 2':39}1" in ticket.splitlines()
