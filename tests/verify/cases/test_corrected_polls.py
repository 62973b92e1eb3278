"""A case that corrects one poll is a case of that poll."""

import pytest

from verify.model.cases import of_corrected_polls
from verify.model.rule_results import Named

FIRST, SECOND, OF_NO_POLL = (Named("77001", "0001", poll) for poll in (1, 2, 0))
ELSEWHERE = Named("77001", "0002", 2)


@pytest.mark.parametrize(
    ("places", "corrected", "left"),
    [
        ((FIRST, SECOND), [FIRST], (FIRST,)),
        ((OF_NO_POLL, FIRST), [FIRST], (FIRST,)),
        ((OF_NO_POLL,), [FIRST], (OF_NO_POLL,)),  # a published result is of no poll: its bureau is not lost for that
        ((OF_NO_POLL, ELSEWHERE), [FIRST], (OF_NO_POLL, ELSEWHERE)),
        ((FIRST, SECOND), [], (FIRST, SECOND)),
    ],
)
def test_a_bureau_keeps_its_place(places: tuple[Named, ...], corrected: list[Named], left: tuple[Named, ...]) -> None:
    assert of_corrected_polls(places, corrected) == left
