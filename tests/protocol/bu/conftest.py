"""The real files of Brazilian urnas."""

from pathlib import Path

import pytest

from tests.real_files import needed


@pytest.fixture
def samples(real_data: Path) -> Path:
    return needed(real_data / "other_machines" / "brazil_bu")
