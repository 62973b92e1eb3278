"""The totals of a feed as it is at one time: those of the nation, or of the level that comes nearest to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from protocol.quantities import Quantity
from regard.live.feed_editions import count_of, figures
from regard.live.points import MOST_CHOICES, LivePoint
from verify.model.published import COUNTS, Level
from verify.read.feed.belonging import plain_kind, stated_department
from verify.read.feed.contradicted import CONSTITUENCIES
from verify.read.feed.elements import FeedChoice, FeedDocument

_ORDER = (Level.NATION, Level.CONSTITUENCY, Level.DEPARTMENT, Level.COMMUNE, Level.CANTON, Level.REGION)
"""Levels, the one that totals are taken from first where there is any of it."""
_BY_NAME = 40
"""Choices that are shown by their names; more of them by their shades, as candidates for a parliament are."""
_BEFORE = {Quantity.REGISTERED}
"""Figures of a place before any have come in."""


def totals(documents: Sequence[FeedDocument], second: int) -> LivePoint:
    """The totals of the latest round in some files."""
    tours = [(place, tour) for each in documents for place in each.places for tour in place.tours]
    round_ = max((tour.number for _, tour in tours), default="")
    tours = [(place, tour) for place, tour in tours if tour.number == round_]
    level = next((each for each in _ORDER if any(place.level is each for place, _ in tours)), None)
    counts: dict[str, int] = {}
    choices: dict[str, int] = {}
    legislative = any(plain_kind(each.kind) == "legislatives" for each in documents)
    awaited = _by_law() if legislative and level is Level.CONSTITUENCY and round_ == "1" else set()
    places = set()
    for document in documents:
        for (of, number, key), cells in figures(document).items():
            if of is not level or number != round_ or key in places:
                continue
            if cells.keys() <= _BEFORE:
                awaited.add(key)
                continue
            places.add(key)
            for name, value in cells.items():
                into = counts if name in COUNTS else choices
                into[name] = into.get(name, 0) + value
    if len(choices) > _BY_NAME:
        chosen = [each for place, tour in tours if place.level is level for each in tour.choices]
        choices = _by_shade(chosen) or choices
    due = len(places | awaited) if awaited else 0
    names = {stated_department(place.texts): place.texts.get("LibDpt", "") for place, _ in tours}
    most = sorted(choices.items(), key=lambda item: -item[1])[:MOST_CHOICES]
    return LivePoint(
        second=second,
        there=len(places),
        due=due,
        figures=counts,
        choices=dict(most),
        level=level.value if level else "",
        awaited={f"{key[0]}/{' '.join(filter(None, key[1:]))}/1": names.get(key[0], "") for key in awaited - places},
    )


def _by_law() -> set[tuple[str, ...]]:
    """The keys of all legislative constituencies."""
    return {(code, "", str(at + 1)) for code, count in CONSTITUENCIES.items() for at in range(count)}


def _by_shade(choices: Iterable[FeedChoice]) -> dict[str, int]:
    """Votes by political shade; nothing where a choice has none."""
    found: dict[str, int] = {}
    for each in choices:
        if not each.nuance:
            return {}
        found[each.nuance] = found.get(each.nuance, 0) + (count_of(each.votes) or 0)
    return found
