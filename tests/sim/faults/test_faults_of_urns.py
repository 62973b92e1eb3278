"""The faults of urns: each leaves an image with right checksums that says one thing otherwise."""

import hashlib

import numpy as np
import pytest

from protocol.export import record as export
from protocol.urn.checks import GOOD, UNSEALED
from protocol.urn.image import IMAGE_SIZE, Section
from protocol.urn.recount import RecountedUrns, recount
from sim.elections import SCENARIOS
from sim.faults import urns
from tests.sim.nights import struck

SCENARIO = SCENARIOS[2022]
PROGRAMMED = [fault.name for fault in urns.FAULTS if fault.name.startswith("urn-")]


def read(*images: bytes) -> RecountedUrns:
    return recount(np.frombuffer(b"".join(images), np.uint8).reshape(len(images), IMAGE_SIZE))


@pytest.mark.parametrize("name", PROGRAMMED)
def test_an_urn_that_was_programmed_or_written_otherwise(name: str) -> None:
    """All its checksums fit, its votes are the same, and its export names it; one column of it or more is another."""
    for before, after in struck(name):
        urns = read(before.urns[0][1], after.urns[0][1])
        old, new = urns.columns
        assert (new["sections"] == GOOD).all()
        assert (new["tallies"] == old["tallies"]).all()
        assert [column for column in old.dtype.names or () if np.any(old[column] != new[column])]
        digest = hashlib.sha256(after.urns[0][1]).digest()
        assert export.parse(after.exports[0][1]).module_digest == digest


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("module-earlier-election", "election"),
        ("module-unpadded-bureau", "bureau"),
        ("module-relabelled", "module_serial"),
    ],
)
def test_an_image_in_the_wrong_place(name: str, column: str) -> None:
    for before, after in struck(name):
        old, new = read(before.urns[0][1], after.urns[0][1]).columns
        assert old[column] != new[column]
        assert (new["sections"] == GOOD).all()
        assert after.exports == before.exports


def test_a_first_reading_is_of_before_the_last_votes() -> None:
    for before, after in struck("module-read-twice"):
        assert after.urns[:-1] == before.urns
        whole, early = read(before.urns[0][1], after.urns[-1][1]).columns
        assert 1 <= whole["cast"][0] - early["cast"][0] <= 5
        assert early["cast"][0] == early["voters"][0]
        assert early["counters_consistent"].all()
        assert (early["closing"], early["closed"], early["sections"][Section.CLOSING]) == (-1, False, UNSEALED)
        assert early["allowed"].all()
