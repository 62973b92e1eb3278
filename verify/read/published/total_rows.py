"""Rows of totals among published results: they are no places, and what they state is compared with the places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from verify.model.figures import MISSING, Ints
from verify.model.published import Published
from verify.read.counts import parse_count
from verify.read.published.cells import TEXT_LIMIT
from verify.read.published.fields import Fields


def naming(fields: Fields) -> list[int]:
    """The columns that say whether a row is a total: the first one, the commune and the bureau."""
    return sorted({0, *(fields.places[name] for name in ("commune", "bureau") if name in fields.places)})


def with_totals(published: Published, totals: Sequence[tuple[int, list[str]]], fields: Fields) -> Published:
    """Published results with what their rows of totals show.

    Args:
        published: the results.
        totals: number and cells of each row of totals.
        fields: where everything stands in a row.
    """
    from verify.read.tables.totals import not_counted, totals_off

    columns = naming(fields)
    said = [" ".join(filter(None, (row[column].strip() for column in columns)))[:TEXT_LIMIT] for _, row in totals]
    numbers = np.concatenate([published.row, [number for number, _ in totals]]).astype(np.int64)
    order = np.argsort(numbers, kind="stable")
    place = np.argsort(order)

    def merged(values: Ints, column: int) -> Ints:
        stated = [parse_count(row[column]) if column < len(row) else MISSING for _, row in totals]
        return np.concatenate([values, np.array(stated, np.int64)])[order]

    figures = {name: merged(published.counts[name], column) for name, column in fields.counts.items()}
    number_of = {label: number for number, label in enumerate(published.labels)}
    for choice in fields.choices:
        if isinstance(choice.label, str) and (number := number_of.get(" ".join(choice.label.split()))) is not None:
            figures[published.labels[number]] = merged(votes_of(published, number), choice.votes)
    communes = [*published.commune.tolist(), *([""] * len(totals))]
    of = {int(place[len(published.row) + at]): name for at, name in enumerate(said)}
    found = [not_counted(f"{published.file}:{number}", name) for (number, _), name in zip(totals, said, strict=True)]
    off = totals_off(of, [communes[at] for at in order.tolist()], figures)
    found += [each.flaw(int(numbers[order[each.row]]), published.file) for each in off]
    return replace(published, flaws=(*published.flaws, *found))


def votes_of(published: Published, label: int) -> Ints:
    """The votes of one choice in each unit, MISSING where it has none; shape ``(n,)``."""
    votes = np.full(len(published.row), MISSING, np.int64)
    own = published.vote_label == label
    votes[published.vote_unit[own]] = published.votes[own]
    return votes
