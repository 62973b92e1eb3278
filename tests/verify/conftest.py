"""Fixtures of the tests of `verify`."""

import pytest

from tests.verify.night_builder import Night, small_night


@pytest.fixture(params=[-1, 1])
def change(request: pytest.FixtureRequest) -> int:
    """One less and one more, each in a test of its own."""
    return int(request.param)


@pytest.fixture
def night() -> Night:
    """The clean night of five bureaux, for a test to alter."""
    return small_night()
