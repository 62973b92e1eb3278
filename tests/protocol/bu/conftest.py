"""The real files of Brazilian urnas."""

from pathlib import Path

import pytest


@pytest.fixture
def samples(real_data: Path) -> Path:
    folder = real_data / "other_machines" / "brazil_bu"
    if not folder.is_dir():
        pytest.skip("no real files of Brazilian urnas at hand")
    return folder
