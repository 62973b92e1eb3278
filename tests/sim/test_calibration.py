"""Gaps are as frequent and as large as observed; the document says what the code gives."""

import re

import pytest

from regard.commands.study import NIGHTS
from regard.studies.calibration_document import document
from sim.calibration import OBSERVED, Observed, SimulatedGaps, gaps, interval, queues
from tests.sources import DOCS

NAMES = [str(observed.name) for observed in OBSERVED]


@pytest.fixture(scope="module")
def found() -> dict[str, SimulatedGaps]:
    return {str(observed.name): gaps(observed, 1, seed=20) for observed in OBSERVED}


@pytest.mark.check(4)
@pytest.mark.parametrize("observed", OBSERVED, ids=NAMES)
def test_gaps_are_as_frequent_as_observed(observed: Observed, found: dict[str, SimulatedGaps]) -> None:
    """One night on seeds that nothing was fitted on, clustered: within a sixth of the observed share."""
    seen = found[str(observed.name)]
    assert seen.some / seen.bureaux == pytest.approx(observed.some, rel=1 / 6)
    if observed.above_3 is not None:
        assert seen.above_3 / seen.bureaux == pytest.approx(observed.above_3, abs=0.015)
    if observed.more is not None:
        assert seen.more / seen.some == pytest.approx(observed.more, abs=0.08)


@pytest.mark.check(4)
def test_machines_have_far_more_gaps_than_paper_on_equal_terms(found: dict[str, SimulatedGaps]) -> None:
    assert found[NAMES[0]].some > 4 * found[NAMES[1]].some


@pytest.mark.check(4)
def test_gaps_cluster_by_commune_and_come_again(found: dict[str, SimulatedGaps]) -> None:
    paris = found[NAMES[2]]
    assert paris.communes[0] < 0.20
    assert paris.communes[1] > 0.26
    assert 1.5 < paris.again < 3.5


def test_interval_is_wilsons() -> None:
    low, high = interval(10, 100)
    assert (low, high) == pytest.approx((0.0552, 0.1744), abs=0.001)
    assert interval(0, 0) == (0.0, 1.0)


@pytest.mark.check(8)
def test_the_tables_of_the_document_are_current_and_in_french_hold_the_same_figures() -> None:
    published = (DOCS / "studies" / "calibration.md").read_text("utf-8")
    english = document(NIGHTS, "en")
    assert set(english.strip().split("\n\n")) <= set(published.split("\n\n"))
    french = document(NIGHTS, "fr")
    assert FIGURE.findall(french.replace("\u202f", ",")) == [
        figure.replace(".", ",") for figure in FIGURE.findall(english)
    ]


FIGURE = re.compile(r"(?<=\| )[0-9][0-9.,]* (?:min|%|(?=\|))")


def test_queues_on_record_are_reproduced_where_the_document_says_so() -> None:
    """40 minutes and 50 people at 1,000 with 45 s; three hours and 22h at 1,300 with 45 s or at 2,000 with 30 s."""
    found = {(queue.of.registered, queue.of.service): queue for queue in queues(100)}
    assert 35 <= found[1000, 45].longest <= 42
    assert 45 <= found[1000, 45].people <= 55
    for three_hours in (found[1300, 45], found[2000, 30]):
        assert 165 <= three_hours.longest <= 205
        assert 21.5 <= three_hours.last <= 22.2
    assert found[1300, 30].longest < 15
    assert found[2000, 45].longest > 480
    for queue in found.values():
        assert queue.interval[0] < queue.longest < queue.interval[1] < queue.worst
