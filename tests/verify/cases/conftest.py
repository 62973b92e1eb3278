"""The night that most tests of cases damage."""

from pathlib import Path

import pytest

from tests.verify.cases.faulty_files import replayed


@pytest.fixture
def folder(real_data: Path) -> Path:
    """A whole night of machines of one town, with its real result."""
    return replayed(real_data)
