"""Fixtures of the tests of rules."""

import pytest


@pytest.fixture(params=[-1, 1])
def change(request: pytest.FixtureRequest) -> int:
    """One less and one more, each in a test of its own."""
    return int(request.param)
