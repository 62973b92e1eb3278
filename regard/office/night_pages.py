"""The pages of a simulated night: how its day was, and, apart, what was done wrong on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.night import DAY_PAGE, TRUTH_PAGE
from protocol.words import language
from regard.office.day_page import day_page
from regard.office.truth_page import truth_page
from sim.told import MakePages, NightTold


def night_pages(code: str) -> MakePages:
    """What makes the pages in a language; a replayed night has no day."""

    def pages(night: NightTold) -> Iterator[tuple[str, bytes]]:
        if night.days:
            yield DAY_PAGE, day_page(night, language(code))
        yield TRUTH_PAGE, truth_page(night, language(code))

    return pages
