"""A published file that carries both counts of voters, as the sheets of sign-ins, PVs and votes that it amounts to."""

from __future__ import annotations

import numpy as np

from protocol import night
from protocol.quantities import Quantity
from verify.model.figures import MISSING, Texts, filled
from verify.model.published import Published
from verify.read.sheet import Piece, Sheet

_KEY = ("insee", "bureau", "scrutin")
"""What says of which bureau a vote is: all that is written beside each vote, if the commune has its code."""


def has_both_counts(feed: Published) -> bool:
    """Whether any bureau has both a count of signatures and one of the ballots found."""
    return bool(((feed.counts["signatures"] >= 0) & (feed.counts["votes_found"] >= 0)).any())


def texts_of(feed: Published) -> dict[str, Texts]:
    """Which bureau each row is of; the poll is left open."""
    return {
        "insee": feed.insee,
        "bureau": feed.bureau,
        "scrutin": np.full(len(feed.row), ""),
        "commune": feed.commune,
        "departement": feed.department,
        "circonscription": feed.constituency,
    }


def sheets_of(feed: Published, shown: str) -> dict[str, Sheet]:
    """What a feed gives, by name of the night's file. It has no remarks, so that none can be missed in it.

    Args:
        feed: published results by bureau.
        shown: name of the file.
    """
    texts, of = texts_of(feed), (Piece(shown, stated=feed.says),)
    sheets: dict[str, Sheet] = {}
    for table in (night.SIGNATURES, night.RECORDS):
        names = [column.key for column in (*table.columns, *table.further) if column.name not in texts]
        nothing = np.full(len(feed.row), MISSING, np.int64)
        counts = {name: feed.counts.get(name, nothing) for name in names if name != "observations"}
        needed = [Quantity.SIGNATURES, *([] if table is night.SIGNATURES else [Quantity.VOTES_FOUND])]
        if any((counts[name] >= 0).any() for name in needed):
            sheets[table.kind] = Sheet(shown, feed.row, texts, counts, {}, (), of)
    if len(feed.votes):
        where = [name for name in texts if name in _KEY or not filled(feed.insee).all()]
        by_entry: dict[str, Texts] = {name: texts[name][feed.vote_unit] for name in where}
        by_entry["choix"] = np.array(feed.labels, np.str_)[feed.vote_label]
        row = feed.row[feed.vote_unit]
        sheets[night.VOTES.kind] = Sheet(shown, row, by_entry, {Quantity.VOTES: feed.votes}, {}, (), of)
    return sheets
