"""Fixtures and settings that all tests share: the real published results, and how hypothesis runs."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

import verify.audit
from tests.verify.documented import documented

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = Path(os.environ.get("REGARD_DATA") or ROOT.parent / "shared" / "data")

verify.audit.run = documented(verify.audit.run)  # before anything takes it from there

# The same examples on every run, however slow the machine is: two runs of one state of the code have one verdict.
# ``--hypothesis-profile=explore`` tries other examples each time, more of them, and keeps those that fail.
settings.register_profile(
    "default",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore",
    settings.get_profile("default"),
    derandomize=False,
    database=DirectoryBasedExampleDatabase(ROOT / ".hypothesis" / "examples"),
    max_examples=1000,
)
settings.load_profile("default")


def pytest_report_header() -> str:
    """Say in the first lines whether the tests on real results will run."""
    return f"real published results: {REAL_DATA if REAL_DATA.is_dir() else 'ABSENT, their tests are skipped'}"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real published results, which are not part of the repository."""
    if REAL_DATA.is_dir():
        return REAL_DATA
    if os.environ.get("REGARD_DATA"):
        pytest.fail(f"REGARD_DATA names no folder: {REAL_DATA}")
    pytest.skip("real published results absent: name their folder in REGARD_DATA, or use ../shared/data")
