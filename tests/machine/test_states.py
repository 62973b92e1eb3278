"""Every operation in every state: legal as the one table says and leading where it says, or refused without effect."""

from collections.abc import Callable

import pytest

from machine.errors import IllegalOperation, UrnError
from machine.esf1 import Machine
from machine.keys import Key, Role
from machine.memory import Memory
from machine.states import TRANSITIONS, Operation, State, legal_operations
from protocol.urn.image import LAYOUT, SPANS, Section
from tests.machine.failing_memory import decay
from tests.machine.people import AT, KEYS, configuration, with_keys


def _test() -> Machine:
    return with_keys(Machine(configuration(3)))


def _ready() -> Machine:
    machine = _test()
    machine.zero_check(AT)
    return machine


def _open() -> Machine:
    machine = _ready()
    machine.open(AT)
    return machine


def _enabled() -> Machine:
    machine = _open()
    machine.enable()
    return machine


def _selected() -> Machine:
    machine = _enabled()
    machine.select(2)
    return machine


def _cast() -> Machine:
    machine = _selected()
    machine.validate()
    return machine


def _closed() -> Machine:
    machine = _cast()
    machine.close(AT)
    return machine


def _results() -> Machine:
    machine = _closed()
    machine.results()
    return machine


def _off() -> Machine:
    machine = _open()
    machine.power_off()
    return machine


def _self_test() -> Machine:
    """A machine whose module failed the self-test."""
    machine = _test()
    machine.power_off()
    decay(machine.take_urn(), SPANS[Section.CHOICES][0], 0x7F)
    with pytest.raises(UrnError, match="choice lists"):
        machine.power_on(AT)
    return machine


IN_STATE: dict[State, Callable[[], Machine]] = {
    State.OFF: _off,
    State.SELF_TEST: _self_test,
    State.TEST: _test,
    State.READY: _ready,
    State.OPEN: _open,
    State.ENABLED: _enabled,
    State.SELECTED: _selected,
    State.CAST: _cast,
    State.CLOSED: _closed,
    State.RESULTS: _results,
}


def _insert(machine: Machine) -> None:
    machine._keys.pop(Role.ASSESSOR, None)
    machine.insert_key(KEYS[1])


DO: dict[Operation, Callable[[Machine], object]] = {
    Operation.POWER_ON: lambda machine: machine.power_on(AT),
    Operation.SELF_TEST: lambda machine: machine.self_test(AT),
    Operation.POWER_OFF: lambda machine: machine.power_off(),
    Operation.BREAK_DOWN: lambda machine: machine.break_down(),
    Operation.LOSE_MAINS: lambda machine: machine.lose_mains(AT),
    Operation.REGAIN_MAINS: lambda machine: machine.regain_mains(AT),
    Operation.INSERT_KEY: _insert,
    Operation.REMOVE_KEY: lambda machine: machine.remove_key(Role.ASSESSOR),
    Operation.TEST_VOTE: lambda machine: machine.test_vote(1, 2),
    Operation.ZERO_CHECK: lambda machine: machine.zero_check(AT),
    Operation.PRINT_ZERO: lambda machine: machine.print_zero(),
    Operation.OPEN: lambda machine: machine.open(AT),
    Operation.ENABLE: lambda machine: machine.enable(),
    Operation.SELECT: lambda machine: machine.select(1),
    Operation.BLANK: lambda machine: machine.blank(),
    Operation.CORRECT: lambda machine: machine.correct(),
    Operation.VALIDATE: lambda machine: machine.validate(),
    Operation.CANCEL: lambda machine: machine.cancel(),
    Operation.RECORD_HOUR: lambda machine: machine.record_hour(AT),
    Operation.RECORD_INCIDENT: lambda machine: machine.record_incident(AT, 3),
    Operation.SET_CLOCK: lambda machine: machine.set_clock(AT, AT + 60),
    Operation.CLOSE: lambda machine: machine.close(AT),
    Operation.RESULTS: lambda machine: machine.results(),
    Operation.PRINT_RESULTS: lambda machine: machine.print_results(),
    Operation.EXPORT: lambda machine: machine.export(1, AT),
    Operation.IMAGE: lambda machine: machine.image(),
}


def _memory(machine: Machine) -> bytes:
    return machine._memory.read(0, LAYOUT.size)


def test_every_state_and_operation_has_its_case() -> None:
    assert set(IN_STATE) == set(State)
    assert set(DO) == set(Operation) == set(TRANSITIONS)
    for state, make in IN_STATE.items():
        assert make().state is state


@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("state", list(State))
def test_the_table_is_what_the_machine_does(state: State, operation: Operation) -> None:
    machine = IN_STATE[state]()
    before = _memory(machine)
    targets = TRANSITIONS[operation].get(state)
    if targets is not None and not (state is State.SELF_TEST and operation is Operation.SELF_TEST):
        DO[operation](machine)
        if operation is Operation.POWER_ON:  # and the self-test follows at once
            targets = TRANSITIONS[Operation.SELF_TEST][State.SELF_TEST]
        assert machine.state in targets
    elif targets is not None:
        with pytest.raises(UrnError):
            DO[operation](machine)
        assert machine.state in targets
    else:
        with pytest.raises(IllegalOperation) as refused:
            DO[operation](machine)
        assert (refused.value.state, refused.value.operation) == (state, operation)
        assert refused.value.legal == legal_operations(state)
        assert machine.state is state
        assert _memory(machine) == before


def test_a_broken_machine_stays_off() -> None:
    machine = _open()
    machine.break_down()
    with pytest.raises(IllegalOperation, match="broken"):
        machine.power_on(AT)
    assert machine.state is State.OFF


def test_a_module_is_taken_out_of_a_machine_that_is_off_only() -> None:
    with pytest.raises(IllegalOperation, match="the machine is on"):
        _open().take_urn()
    assert isinstance(_off().take_urn(), Memory)


def test_a_second_key_in_one_lock_and_a_key_that_is_not_there() -> None:
    machine = _test()
    with pytest.raises(IllegalOperation, match="already in its lock"):
        machine.insert_key(Key(Role.PRESIDENT, 5))
    assert machine.remove_key(Role.PRESIDENT) == KEYS[0]
    with pytest.raises(IllegalOperation, match="not in its lock"):
        machine.remove_key(Role.PRESIDENT)
