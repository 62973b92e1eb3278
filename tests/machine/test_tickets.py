"""The tickets, as golden files, and what the printer refuses."""

import datetime
from pathlib import Path

import pytest

from machine.configuration import Configuration, ConfiguredPoll
from machine.errors import IllegalOperation
from machine.esf1 import Machine
from machine.tickets import WIDTH
from protocol.civil_time import seconds
from tests.machine.people import vote, with_keys

GOLDEN = Path(__file__).parent / "golden"
DAY = datetime.date(2021, 6, 20)


def _machine() -> Machine:
    """Two polls on one day, as in June 2021."""
    return Machine(
        Configuration(
            election="2021-departementales",
            date=DAY,
            round=1,
            insee="29019",
            bureau="0101",
            part=1,
            registered=1043,
            polls=(
                ConfiguredPoll(1, "2901", ("Mme Anne EXEMPLE et M. Jean MODÈLE", "M. Paul TEST et Mme Zoé ESSAI")),
                ConfiguredPoll(2, "", tuple(f"Liste {name}" for name in ("Alpha", "Bêta", "Gamma"))),
            ),
            machine_serial="ESF1-03417",
            module_serial="U-0815",
            machine_seal="A1207733",
            module_seal="",
        )
    )


def _zero() -> Machine:
    machine = _machine()
    machine.test_vote(1, 1)
    machine.test_vote(2, 0)
    with_keys(machine).zero_check(seconds(DAY, 7, 40))
    return machine


def _counted() -> Machine:
    machine = _zero()
    machine.open(seconds(DAY, 8))
    for choices in ((1, 3), (1, 0), (2, 1), (0, 3)):
        vote(machine, *choices)
    machine.enable()
    machine.cancel()
    machine.close(seconds(DAY, 20, 3))
    machine.results()
    return machine


def test_the_zero_ticket(language: str) -> None:
    assert _zero().print_zero(language) == (GOLDEN / f"zero-{language}.txt").read_text()


def test_the_result_ticket(language: str) -> None:
    (ticket,) = _counted().print_results(code=language)
    assert ticket == (GOLDEN / f"results-{language}.txt").read_text()


def test_no_line_is_wider_than_the_paper(language: str) -> None:
    for ticket in (_zero().print_zero(language), *_counted().print_results(2, language)):
        assert max(map(len, ticket.splitlines())) <= WIDTH


def test_any_number_of_copies_each_with_its_number() -> None:
    machine = _counted()
    copies = [*machine.print_results(2), *machine.print_results(1)]
    assert [copy.rstrip().splitlines()[-1].split()[-1] for copy in copies] == ["1", "2", "3"]
    assert len({copy.rsplit("\n", 2)[0] for copy in copies}) == 1


def test_the_printer_does_not_work_on_battery_power() -> None:
    machine = _counted()
    machine.lose_mains(seconds(DAY, 20, 5))
    with pytest.raises(IllegalOperation, match="battery"):
        machine.print_results()
    machine.regain_mains(seconds(DAY, 20, 10))
    assert machine.print_results()
