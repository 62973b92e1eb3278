"""Nothing is collected while rows are made, written and let go; afterwards it is as it was before."""

import gc
from collections.abc import Iterator

import pytest

from regard.outputs import no_collections


@pytest.fixture(autouse=True)
def _enabled() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def write_to_a_full_disk() -> None:
    with no_collections():
        assert not gc.isenabled()
        raise OSError("the disk is full")


def test_collections_go_on_whatever_was_raised() -> None:
    with pytest.raises(OSError, match="full"):
        write_to_a_full_disk()
    assert gc.isenabled()


def test_those_that_were_off_stay_off() -> None:
    gc.disable()
    with no_collections():
        pass
    assert not gc.isenabled()
