"""R226: one bureau in two files or sheets of one kind, or in two rows of one: do they say the same."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.quantities import Quantity
from verify.columns.needs import Contests, CountsTwice, VotesTwice
from verify.model.checks import Reach, check
from verify.model.holds import Held, Side, Where, differ, look_at_tables, one


@check("R226", reach=Reach.COMMUNE)
def counts_twice(twice: CountsTwice) -> Iterator[Where]:
    """R226: counts."""
    for each in twice:
        yield differ(each.first, each.other)


@check("R226")
def votes_twice(twice: VotesTwice, contests: Contests) -> Iterator[Held]:
    """R226: votes of a choice."""
    yield look_at_tables("", len(twice))
    for each in twice:
        left, right = (
            Side(place, votes, Quantity.VOTES, each.piece) for place, votes in zip(each.places, each.votes, strict=True)
        )
        yield one(each.at[:2], left, right, field=contests.label(*each.at))
