"""Random streams: named by purpose, independent of the order in which they are made."""

from sim.streams import stream


def test_streams_are_frozen() -> None:
    """A night can be made again years later: these numbers may not change."""
    assert stream(7, "presidentielle-2022", "77513").integers(0, 1000, 5).tolist() == [968, 728, 268, 344, 694]


def test_another_seed_or_purpose_gives_other_numbers() -> None:
    for other in (
        (6, "x", "77513", "0001"),
        (5, "x", "77513", "0002"),
        (5, "x", "775130001"),
        (5, "x", "77513", "0001", 1),
    ):
        assert stream(*other).random() != stream(5, "x", "77513", "0001").random()
