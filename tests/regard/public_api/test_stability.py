"""What version 1 promises is still there: a name may be added to these lists, none may go before version 2."""

import json
import tomllib
from importlib.metadata import entry_points

import pytest

import regard
from protocol import plug_ins
from protocol.export.record import VERSION as EXPORT_VERSION
from protocol.urn.image import VERSION as URN_VERSION
from regard import testing
from regard.cli import COMMANDS
from tests.sources import ROOT

COMMANDS_OF_1_0 = [
    "verify",
    "show",
    "serve",
    "next",
    "template",
    "results",
    "layouts",
    "totals",
    "audit",
    "forecast",
    "live",
    "keys",
    "seal",
    "prove",
    "check",
    "witness",
    "changes",
    "plan",
    "simulate",
    "replay",
    "demo",
    "rules",
    "faults",
    "help",
    "completion",
    "read",
    "emulate",
    "ports",
    "inspect",
    "export",
    "calibrate",
    "matrix",
    "score",
    "precision",
]
NAMES_OF_1_0 = [
    "RegardError",
    "Evidence",
    "Result",
    "Cases",
    "Case",
    "Findings",
    "Finding",
    "Severity",
    "Table",
    "CASES",
    "FIGURES",
    "FINDINGS",
    "audit",
    "load",
    "results",
    "compare",
    "ResultTables",
    "Differences",
    "read_exports",
    "Exports",
    "read_urns",
    "Urns",
    "plan",
    "Picture",
    "PlannedTown",
    "simulate",
    "ESF1",
    "PollingDay",
    "HeldDay",
    "read_unit",
    "UnitReading",
    "Emulator",
    "__version__",
]
OF_TESTING = ["Night", "MakeNight", "expect_case", "make_election_night", "election_night", "esf1", "urn_image"]
SCHEMAS = {"findings": 5, "nights": 5, "plan": 1}


def test_commands_names_and_groups_of_plug_ins_are_still_there() -> None:
    assert set(COMMANDS_OF_1_0) <= set(COMMANDS)
    assert set(NAMES_OF_1_0) <= set(regard.__all__)
    assert all(hasattr(testing, name) for name in OF_TESTING)
    assert (plug_ins.RULES, plug_ins.LAYOUTS, plug_ins.DUMPS) == ("regard.rules", "regard.layouts", "regard.dumps")
    assert "regard" in entry_points(group="pytest11").names


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_page_names_the_versions_of_formats(name: str) -> None:
    schema = json.loads((ROOT / "docs" / "reference" / f"{name}.schema.json").read_text("utf-8"))
    assert schema["properties"]["format_version"]["const"] == SCHEMAS[name]
    page = (ROOT / "docs" / "guide" / "stability.md").read_text("utf-8")
    assert f"version {SCHEMAS[name]} (" in page
    assert f"{name}.schema.json" in page
    assert EXPORT_VERSION == URN_VERSION == 1


def test_the_release_is_the_first_of_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    headings = [line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("## ")]
    assert headings[0] == "## [Unreleased]"
    assert headings[1].startswith(f"## [{project['version']}] - ")
