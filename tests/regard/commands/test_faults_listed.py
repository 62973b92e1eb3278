"""`regard faults`: all faults that a night can have, under what their rates are shares of."""

import pytest

from regard.language import show
from sim.faults.catalogue import faults
from sim.transmission.faults import way_faults
from tests.regard.calling import CommandLine


def test_the_list_has_every_fault_under_its_unit(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("COLUMNS", "9999")
    cli("faults", "--lang", language)
    heading, headings = "", {}
    for line in cli.out.splitlines():
        heading = line if line.startswith("--") else heading
        if line.startswith("  "):
            rate, name, effect = line.split(maxsplit=2)
            headings[name] = heading
            fault = (faults() | way_faults())[name]
            assert (float(rate), effect) == (fault.rate, show(language, fault.effect))
    assert headings.keys() == (faults() | way_faults()).keys()
    for name, fault in faults().items():
        assert headings[name].endswith(show(language, fault.unit.label)), name
    assert "verite.csv" in cli.out.splitlines()[-1]
