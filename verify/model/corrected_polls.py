"""Polls of a day that a correcting case belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from verify.model.holds import Named


def of_corrected_polls(places: tuple[Named, ...], corrected: Iterable[Named]) -> tuple[Named, ...]:
    """The places of a case, without the other polls of a bureau in one of whose polls a figure is corrected.

    A bureau of which no finding names the corrected poll stays as the findings name it.

    Args:
        places: of the findings.
        corrected: of the corrections.
    """
    polls: dict[tuple[str, str], set[int]] = {}
    for each in corrected:
        polls.setdefault((each.insee, each.bureau), set()).add(each.poll)
    if not polls:
        return places
    kept = {each for each in places if each.poll in polls.get((each.insee, each.bureau), {each.poll})}
    there = {(each.insee, each.bureau) for each in kept}
    return tuple(each for each in places if each in kept or (each.insee, each.bureau) not in there)
