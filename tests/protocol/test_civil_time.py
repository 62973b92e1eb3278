"""Times: whole seconds of local civil time since 2000-01-01 00:00."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from protocol.civil_time import DAY, LATEST, NEVER, seconds, text


def test_the_first_moments() -> None:
    day = datetime.date(2000, 1, 1)
    assert seconds(day, 0) == 0
    assert seconds(day, 0, 0, 1) == 1
    assert seconds(datetime.date(2000, 1, 2), 0) == DAY == 86_400


def test_a_closing_after_midnight_is_a_larger_number() -> None:
    day = datetime.date(2022, 4, 10)
    assert seconds(day, 24, 10) == seconds(datetime.date(2022, 4, 11), 0, 10)
    assert text(seconds(day, 24, 10)) == "2022-04-11 00:10:00"


def test_a_time_for_people() -> None:
    for moment, shown in (
        (0, "2000-01-01 00:00:00"),
        (704_142_150, "2022-04-24 19:02:30"),
        (LATEST, "2068-01-19 03:14:07"),
        (LATEST + 1, "2147483648 (out of range)"),
        (NEVER, "never"),
        (-1, "never"),
    ):
        assert str(text(moment)) == shown


@given(st.integers(0, LATEST))
def test_a_time_is_that_of_the_calendar(moment: int) -> None:
    assert text(moment) == str(datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=moment))
