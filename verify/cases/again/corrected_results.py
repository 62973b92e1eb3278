"""Published results with the corrections of cases made in them: the lines, and the table that they are of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from protocol.quantities import Quantity
from verify.cases.again.cells import VOTES, ByField, Cells, patched_counts, patched_votes
from verify.cases.again.corrected_sums import with_their_sums
from verify.model.evidence import LinedEvidence, PublishedLines
from verify.model.figures import Ints, Shares, Texts
from verify.model.published import Published
from verify.model.zeros import or_without_zeros
from verify.read.published.checks import check_percentages

_OF_VOTES = f"{Quantity.VOTES}/"


def correct_results(evidence: LinedEvidence, file: str, fields: ByField) -> None:
    """Put a corrected table and its lines in the place of those of a file by bureaux; others stay as they are."""
    for index, lines in enumerate(evidence.published):
        if lines.published.file == file:
            table, rows = _table(evidence, lines.published, fields)
            made = PublishedLines(
                table, patched_counts(lines.counted, fields), patched_votes(lines.votes, fields), lines.elsewhere
            )
            evidence.published = [*evidence.published[:index], made, *evidence.published[index + 1 :]]
            evidence.tables = tuple(
                table if each is lines.published else _sums(lines.published, table, rows, each)
                for each in evidence.tables
            )
            return


def _sums(before: Published, after: Published, rows: Ints, sums: Published) -> Published:
    """Another table: where it has the sums of the wrong figures, they become those of the right ones."""
    made, changed = with_their_sums(before, after, rows, sums)
    return _with_percentages_that_fit(sums, made, np.unique(changed)) if len(changed) else sums


def _table(evidence: LinedEvidence, table: Published, fields: ByField) -> tuple[Published, Ints]:
    """The table itself, and the rows of it that are corrected.

    What was reckoned from the wrong figures goes along: abstentions; percentages are let go.
    """
    row_of = _rows(evidence, table)
    counts, votes = dict(table.counts), table.votes
    for name, cells in fields.items():
        rows = row_of[cells.unit]
        if name in counts:
            values = counts[name].copy()
            values[rows[rows >= 0]] = cells.becomes[rows >= 0]
            counts[name] = values
        elif name == VOTES:
            votes = votes.copy()
            for entry, becomes in _entries(evidence, table, row_of, cells):
                votes[entry] = becomes
    rows = np.unique(np.concatenate([row_of[cells.unit] for cells in fields.values()]))
    rows = rows[rows >= 0]
    counts[Quantity.ABSTENTIONS] = _abstentions(table.counts, counts, rows)
    return _with_percentages_that_fit(table, replace(table, counts=counts, votes=votes), rows), rows


def _rows(evidence: LinedEvidence, table: Published) -> Ints:
    """The row of each bureau, the first of several, -1 for none; shape ``(units,)``."""
    universe = evidence.universe
    unit = or_without_zeros(universe.find(table.insee, table.bureau), universe, table.insee, table.bureau)
    row_of = np.full(len(universe), -1, np.int64)
    known = np.flatnonzero(unit >= 0)[::-1]
    row_of[unit[known]] = known
    return row_of


def _entries(evidence: LinedEvidence, table: Published, row_of: Ints, cells: Cells) -> Iterator[tuple[int, int]]:
    """The entry of each corrected vote, and what it becomes."""
    places: dict[tuple[int, int], dict[int, int]] = {}
    for unit, poll, choice, _, becomes in cells.rows():
        if (unit, poll) not in places:
            row = int(row_of[unit])
            first, end = np.searchsorted(table.vote_unit, [row, row + 1]).tolist() if row >= 0 else (0, 0)
            at = np.full(end - first, unit), np.full(end - first, poll)
            choices = evidence.contests.place(*at, table.vote_label[first:end], table.labels)
            pairs = zip(choices.tolist(), range(first, end), strict=True)
            places[unit, poll] = dict(reversed(list(pairs)))  # of several entries the first stays
        if choice in places[unit, poll]:
            yield places[unit, poll][choice], becomes


def _abstentions(before: dict[str, Ints], after: dict[str, Ints], rows: Ints) -> Ints:
    """Abstentions that were the rest of the wrong figures are the rest of the right ones."""
    stated = after[Quantity.ABSTENTIONS]
    (was, cast), (registered, found) = (
        (counts[Quantity.REGISTERED][rows], counts[Quantity.VOTES_FOUND][rows]) for counts in (before, after)
    )
    follows = (was >= 0) & (cast >= 0) & (stated[rows] == was - cast) & (stated[rows] >= 0) & (registered >= found)
    values = stated.copy()
    values[rows[follows]] = (registered - found)[follows]
    return values


def _with_percentages_that_fit(before: Published, after: Published, rows: Ints) -> Published:
    """The corrected table less the percentages of its rows that were right for the wrong figures, and no longer are."""
    if not before.percentages:
        return after
    taken = np.zeros(len(before.row), np.bool_)
    taken[rows] = True
    entries = np.flatnonzero(taken[before.vote_unit])
    wrong = set(_wrong(before, rows, entries))
    percentages: dict[str, Texts | Shares] = dict(before.percentages)
    for field, index in _wrong(after, rows, entries):
        if (field, index) not in wrong:
            values = percentages[field]
            if values is before.percentages[field]:
                values = percentages[field] = values.copy()
            values[index] = "" if values.dtype.kind == "U" else np.nan
    return replace(after, percentages=percentages)


def _wrong(table: Published, rows: Ints, entries: Ints) -> Iterator[tuple[str, int]]:
    """The percentages of some rows that are not those of their figures: which, and the index of the row or entry."""
    some = replace(
        table,
        counts={name: values[rows] for name, values in table.counts.items()},
        votes=table.votes[entries],
        vote_unit=np.searchsorted(rows, table.vote_unit[entries]),
        percentages={
            name: values[entries if name.startswith(_OF_VOTES) else rows] for name, values in table.percentages.items()
        },
    )
    found = check_percentages(some)
    for field, index in zip(found.field.tolist(), found.index.tolist(), strict=True):
        yield field, int((entries if field.startswith(_OF_VOTES) else rows)[index])
