"""The example of the document runs where pytest finds the plugin by itself, and fails where it should."""

import sys
import tomllib
from pathlib import Path

import pytest

from tests.programs import run
from tests.regard.public_api.guide_programs import programs
from tests.sources import ROOT, put_text

WITHOUT = [f"-pno:{name}" for name in ("anyio", "hypothesispytest", "pytest_cov", "xdist")]
"""Plugins that pytest is not to load: they take longer than the tests."""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder where regard's entry points stand as an installation writes them.

    Where regard is installed as well, pytest takes the first plugin of that name, which is the same one.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [(name, module)] = project["entry-points"]["pytest11"].items()
    metadata = tmp_path / "installed" / "regard_entry_points-0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: regard-entry-points\nVersion: 0\n")
    (metadata / "entry_points.txt").write_text(f"[pytest11]\n{name} = {module}\n")
    return metadata.parent


def run_pytest(installed: Path, code: str, *options: str, ends: int = 0) -> str:
    folder = installed.parent / "their-tests"
    folder.mkdir(exist_ok=True)
    put_text(folder / "test_example.py", code)
    command = [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-W", "error", f"--rootdir={folder}"]
    return run([*command, *WITHOUT, *options], ends, cwd=folder, env={"PYTHONPATH": f"{ROOT}:{installed}"})[0]


def test_the_documented_example_passes(installed: Path) -> None:
    assert "2 passed" in run_pytest(installed, programs()["test_night.py"])


def test_the_document_names_every_fixture_and_default(installed: Path) -> None:
    said = run_pytest(installed, "", "--fixtures", "-v")
    document = (ROOT / "docs" / "guide" / "testing.md").read_text("utf-8")
    listed = [line.split()[0] for line in said.splitlines() if "testing.py:" in line]
    assert sorted(listed) == ["election_night", "esf1", "make_election_night", "urn_image"]
    for fixture in listed:
        assert f"| `{fixture}` |" in document


def test_what_the_fixtures_hold(installed: Path) -> None:
    said = run_pytest(
        installed,
        """
from protocol.urn.image import IMAGE

def test_image(urn_image):
    result = IMAGE.parse(urn_image).closing.polls[0]
    assert (list(result.tallies[:3]), result.blank, result.cast) == ([3, 2, 0], 1, 6)

def test_night_without_marker(election_night):
    assert (election_night / "manifest.json").exists()

def test_a_machine_beside_an_image(esf1, urn_image):
    esf1.enable()
    assert len(urn_image) == 65_536

def test_must_fail(esf1):
    assert esf1.voters == 1
""",
        ends=1,
    )
    assert "1 failed, 3 passed" in said, said


@pytest.mark.parametrize("given", ["3", "seeds=3"])
def test_arguments_without_a_name_that_there_is_are_refused(installed: Path, given: str) -> None:
    code = f"""
import pytest

@pytest.mark.election_night({given})
def test_night(election_night):
    pass
"""
    said = run_pytest(installed, code, ends=1)
    assert f"the marker election_night takes seed, year, communes, faults, each by name, got {given}" in said


@pytest.mark.check(2)
def test_what_cannot_be_expected_or_placed_is_said(installed: Path) -> None:
    code = """
import pytest
import regard.testing

@pytest.fixture(scope="session")
def night(make_election_night):
    return make_election_night(faults={}).place("digits-exchanged", bureau="0003", field="signatures")

def test_no_such_case(night):
    regard.testing.expect_case(night, "digits-exchanged", bureau="0002")

@pytest.mark.parametrize("asked", [{"sure": "open"}, {"becomes": 713}, {"insee": "06123"}])
def test_not_so(night, asked):
    regard.testing.expect_case(night, "digits-exchanged", **asked)

def test_so(night):
    case = regard.testing.expect_case(night, "digits-exchanged", insee="77513", becomes=712, sure="likely")
    assert case.places[0].bureau == "0003"

def test_no_such_cause(night):
    with pytest.raises(ValueError, match="digits-exchanged"):
        regard.testing.expect_case(night, "digit-exchanged")

def test_written_already(night):
    with pytest.raises(RuntimeError, match="the night is written"):
        night.place("hour-missing", bureau="0001")

def test_no_such_fault(make_election_night):
    with pytest.raises(regard.RegardError, match="similar"):
        make_election_night().place("hour-mising", bureau="0001")
    with pytest.raises(regard.RegardError, match="no such bureau"):
        make_election_night().place("hour-missing", bureau="0009").folder
"""
    said = run_pytest(installed, code, ends=1)
    assert "4 failed, 4 passed" in said
    assert "no case digits-exchanged 0002; there are 1:\n  digits-exchanged 77513 0003 likely 721 -> 712" in said
    assert "testing.py" not in said


def test_it_costs_nothing_where_it_is_not_used_and_can_be_left_out(installed: Path) -> None:
    code = """
import sys

def test_nothing_was_loaded():
    assert "regard.testing" in sys.modules
    assert not {"numpy", "simpy", "construct", "protocol", "machine", "sim", "verify"} & set(sys.modules)
"""
    assert "1 passed" in run_pytest(installed, code)
    assert "1 failed" in run_pytest(installed, code, "-p", "no:regard", ends=1)


THEIRS = """
import machine, sim, verify

def test_theirs(tmp_path):
    assert (sim.WHOSE, machine.WHOSE, verify.WHOSE) == ("theirs",) * 3
"""


def their_project(installed: Path) -> Path:
    """A project whose own modules are named as packages of regard are."""
    folder = installed.parent / "their-tests"
    (folder / "verify").mkdir(parents=True)
    for name in ("sim.py", "machine.py", "verify/__init__.py"):
        (folder / name).write_text('WHOSE = "theirs"\n')
    return folder


def test_a_project_with_modules_of_the_same_names_runs_its_own_tests(installed: Path) -> None:
    their_project(installed)
    assert "1 passed" in run_pytest(installed, THEIRS)


@pytest.mark.parametrize("fixture", ["make_election_night", "election_night", "esf1", "urn_image"])
def test_a_fixture_says_which_module_of_the_project_hides_a_package_of_ours(installed: Path, fixture: str) -> None:
    folder = their_project(installed)
    code = f"{THEIRS}\ndef test_ours({fixture}):\n    pass\n"
    said = run_pytest(installed, code, ends=1)
    assert "1 passed, 1 error" in said
    assert f"regard: {folder / 'machine.py'} hides the package `machine` of regard" in " ".join(said.split())
    assert "Rename it or move it into a package of yours" in said
    assert "own_packages.py" not in said


def test_a_folder_of_that_name_that_is_no_package_hides_nothing(installed: Path) -> None:
    (installed.parent / "their-tests" / "verify").mkdir(parents=True)
    assert "1 passed" in run_pytest(installed, "def test_ours(esf1):\n    assert esf1.voters == 0\n")
