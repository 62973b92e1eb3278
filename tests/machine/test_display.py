"""The voter's display in every state and both languages, the lamp, and the document made from the tables."""

import pytest

from machine.conditions import CIRCULARS, L57_1
from machine.display import HEIGHT, WIDTH, display
from machine.states import TRANSITIONS, Operation, State
from protocol.urn.image import LAYOUT
from regard.reference.machine_document import diagram, document
from tests.machine.failing_memory import FailingMemory, PowerCut
from tests.machine.people import AT, opened
from tests.machine.test_states import IN_STATE

FIRST_LINES = {
    State.OFF: ("", ""),
    State.SELF_TEST: ("AUTO-TEST", "SELF-TEST"),
    State.TEST: ("MODE ESSAI", "TEST MODE"),
    State.READY: ("COMPTEURS À ZÉRO", "COUNTERS AT ZERO"),
    State.OPEN: ("SCRUTIN OUVERT", "POLL OPEN"),
    State.ENABLED: ("VOTEZ, SCRUTIN 1 SUR 1", "VOTE, POLL 1 OF 1"),
    State.SELECTED: ("VOTRE CHOIX, SCRUTIN 1 SUR 1", "YOUR CHOICE, POLL 1 OF 1"),
    State.CAST: ("A VOTÉ", "VOTED"),
    State.CLOSED: ("SCRUTIN CLOS", "POLL CLOSED"),
    State.RESULTS: ("RÉSULTATS", "RESULTS"),
}


@pytest.mark.parametrize("state", list(State))
def test_four_lines_of_forty_characters_in_every_state(state: State) -> None:
    machine = IN_STATE[state]()
    for language, first in zip(("fr", "en"), FIRST_LINES[state], strict=True):
        lines = display(machine, language)
        assert [len(line) for line in lines] == [WIDTH] * HEIGHT
        assert lines[0].rstrip() == first
        assert machine.state is state
        assert "{" not in "".join(lines)


def test_what_was_chosen_is_shown_before_it_counts() -> None:
    machine = IN_STATE[State.ENABLED]()
    machine.select(3)
    assert display(machine)[1].rstrip() == "3 CHOICE 3"
    machine.blank()
    assert display(machine)[1].rstrip() == "BLANC"
    assert display(machine, "en")[1].rstrip() == "BLANK"


def test_after_a_power_cut_the_display_says_whether_to_vote_again() -> None:
    for cut, third in ((3, "Power cut: no vote was stored, vote"), (4, "Voters: 1")):
        memory = FailingMemory(LAYOUT.size)
        machine = opened(2, memory=memory)
        machine.enable()
        assert display(machine, "en")[2].strip() == ""
        machine.select(1)
        memory.cut_after(cut)
        with pytest.raises(PowerCut):
            machine.validate()
        assert display(machine, "en") == (" " * WIDTH,) * HEIGHT
        machine.power_on(AT)
        assert display(machine, "en")[2].rstrip() == third
        assert machine.control_box.lamp is (cut == 3)


def test_on_battery_the_display_says_so_and_the_lamp_is_out() -> None:
    machine = IN_STATE[State.ENABLED]()
    assert machine.control_box.lamp
    machine.lose_mains(AT)
    assert display(machine)[3].rstrip() == "SUR BATTERIE : ni imprimante, ni lampe"
    assert not machine.control_box.lamp
    machine.regain_mains(AT)
    assert machine.control_box.lamp
    machine.select(1)
    machine.validate()
    assert not machine.control_box.lamp


def test_the_document_is_made_from_the_tables() -> None:
    text = document()
    for operation in Operation:
        assert f"| `{operation}` |" in text
    for state in State:
        assert f"\n| `{state}` | " in text
    for condition in (*L57_1, *CIRCULARS):
        assert condition.requires in text
        assert condition.test.partition("::")[2] in text
    assert "the last byte of its slot in bank A" in text


def test_the_diagram_has_an_arrow_for_every_change_of_state() -> None:
    text = diagram()
    for operation, rows in TRANSITIONS.items():
        for state, targets in rows.items():
            for target in targets:
                if state is not target and target is not State.OFF:
                    arrow = f"{state.name.lower()} --> {target.name.lower()}: "
                    assert any(arrow in line and operation in line for line in text.splitlines()), (operation, arrow)
