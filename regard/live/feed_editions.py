"""Two editions of one file of a feed, cell by cell: what went down, and which places are not there any more.

While votes are counted figures of a commune, a constituency or a département go up. One that goes down was corrected,
or is of fewer bureaux than before; which of the two, the feed does not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.words import Message, Text, first_of, msg, nmsg, series
from verify.model.labels import field_label
from verify.model.published import Level
from verify.read.feed.elements import FeedDocument, figures_of
from verify.read.feed.members import place_key

PlaceKey = tuple[Level, str, tuple[str, ...]]
"""A level, a round, and what tells a place from the others of its level."""
_NAMED = 3
"""Figures and places that are named one by one."""
_MOST_DIGITS = 12
"""Digits of a count at most."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """A figure that went down."""

    place: PlaceKey
    field: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class EditionChange:
    """Change of a file from one edition to the next.

    Attributes:
        cells: figures that both editions have.
        changed: those that are another.
        fallen: those that went down.
        lost, new: places that only the earlier, or only the later edition has.
    """

    cells: int
    changed: int
    fallen: tuple[Fallen, ...]
    lost: tuple[PlaceKey, ...]
    new: int


def figures(document: FeedDocument) -> dict[PlaceKey, dict[str, int]]:
    """The figures of each place and round, by the name of the count or of the choice; what is no number is left out."""
    found: dict[PlaceKey, dict[str, int]] = {}
    for place in document.places:
        for tour in place.tours:
            cells = found.setdefault((place.level, tour.number, place_key(place.level, place.texts)), {})
            for name, text in figures_of(tour):
                if (count := count_of(text)) is not None:
                    cells.setdefault(name, count)
    return found


def count_of(text: str) -> int | None:
    """A count as the feed writes it; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def compare(before: FeedDocument, now: FeedDocument) -> EditionChange:
    """Compare two editions of a file."""
    earlier, later = figures(before), figures(now)
    cells = changed = 0
    fallen = []
    for place, counts in later.items():
        known: Mapping[str, int] = earlier.get(place, {})
        for field, count in counts.items():
            if field not in known:
                continue
            cells += 1
            changed += count != known[field]
            if _falls(field, known[field], count):
                fallen.append(Fallen(place, field, known[field], count))
    lost = tuple(place for place in earlier if place not in later)
    return EditionChange(cells, changed, tuple(fallen), lost, sum(place not in earlier for place in later))


def _falls(field: str, before: int, now: int) -> bool:
    """Check for a forbidden decrease: abstentions may fall as more votes are counted."""
    return now < before and field != "abstentions"


def describe_fallen(change: EditionChange) -> Message:
    """The figures that went down, in one sentence."""
    named = (
        msg(
            "{place}, {field}: {before:n}, then {now:n}",
            place=place_text(each.place),
            field=field_label(each.field),
            before=each.before,
            now=each.now,
        )
        for each in change.fallen
    )
    figures = first_of(named, _NAMED, msg("; "))
    return nmsg(
        "{count:n} figure went down since the edition before ({figures}).",
        "{count:n} figures went down since the edition before ({figures}).",
        len(change.fallen),
        figures=figures,
    )


def why_unusable(document: FeedDocument) -> Text:
    """Why a file has no figures that can be used."""
    return document.problems[0].got if document.problems else msg("neither results nor an index of them")


def describe_lost(change: EditionChange) -> Message:
    """The places that are not there any more, in one sentence."""
    return nmsg(
        "{count:n} place of the edition before is not in this one ({places}): the file may be cut short.",
        "{count:n} places of the edition before are not in this one ({places}): the file may be cut short.",
        len(change.lost),
        places=first_of(map(place_text, change.lost), _NAMED),
    )


def place_text(place: PlaceKey) -> Text:
    """A place for people: its level and its codes."""
    level, _, codes = place
    shown = " ".join(filter(None, codes))
    return series([level.text, shown], " ") if shown else level.text
