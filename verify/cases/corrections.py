"""The evidence with the corrections of cases made in it: what follows from figures is then seen without their slips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from protocol.quantities import Quantity
from verify.align.shifted import shifted_records
from verify.columns.day_parts import paper_part
from verify.explanations.side_by_side import EXPORT, PUBLISHED, RECORD, TABLES, UNIVERSE, URN, versions_of
from verify.model.cases import Correction
from verify.model.contests import match
from verify.model.evidence import Counted, LinedEvidence, LinedVotes, PublishedLines
from verify.model.figures import MISSING, Figures, Ints, Shares, Texts
from verify.model.published import Published
from verify.model.universe import find_units
from verify.read.published.sums import NoSum, choose, keys, sum_up

Table = TypeVar("Table", Counted, LinedVotes)
VOTES = "votes"
"""Name of the votes by choice among the counts."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Corrected figures of one piece and of one count, or of the votes by choice, as arrays of shape ``(n,)``.

    Attributes:
        unit, poll: indices.
        choice: index in the contest, -1 for a count.
        becomes: what should stand there, absences included.
    """

    unit: Ints
    poll: Ints
    choice: Ints
    becomes: Ints

    @property
    def at(self) -> tuple[Ints, Ints]:
        """Units and polls."""
        return self.unit, self.poll

    def rows(self) -> Iterator[tuple[int, int, int, int]]:
        """One after another: unit, poll, choice, and the figure."""
        columns = (self.unit, self.poll, self.choice, self.becomes)
        return zip(*(column.tolist() for column in columns), strict=True)


ByField = dict[str, Cells]
"""The corrections of one piece by name of the count; `VOTES` for votes by choice."""


def by_piece(evidence: LinedEvidence, corrections: Sequence[Correction]) -> dict[tuple[str, str, int], ByField]:
    """The corrections by piece, file and version, with the indices of what they are about.

    Those of bureaux and polls that the evidence does not have are left out.
    """
    versions = {kind: versions_of(evidence, kind)[1:] for kind in {each.piece for each in corrections}}
    rows: dict[tuple[str, str, int, str], list[tuple[int, int, int, int]]] = {}
    for place, each in locate(evidence, corrections):
        field, at = (str(each.field), place) if each.choice < 0 else (VOTES, (*place, each.choice))
        version = next(
            (
                number
                for number, figures in enumerate(versions[each.piece], 1)
                if field in figures and figures[field].places.text(*at) == each.source
            ),
            0,
        )
        cell = *place, each.choice, MISSING if each.becomes is None else each.becomes
        rows.setdefault((each.piece, each.file, version, field), []).append(cell)
    found: dict[tuple[str, str, int], ByField] = {}
    for (piece, file, version, field), cells in rows.items():
        found.setdefault((piece, file, version), {})[field] = Cells(*np.array(cells, np.int64).T)
    return found


def locate(evidence: LinedEvidence, corrections: Sequence[Correction]) -> Iterator[tuple[tuple[int, int], Correction]]:
    """Indices of unit and poll of each correction; none of bureaux and polls that the evidence does not have."""
    insee, bureau = (
        np.array([getattr(each.place, name) for each in corrections], np.str_) for name in ("insee", "bureau")
    )
    units = evidence.universe.find(insee, bureau).tolist() if corrections else []
    polls = {number: index for index, number in enumerate(evidence.polls)}
    for unit, each in zip(units, corrections, strict=True):
        poll = polls.get(each.place.poll, 0 if each.piece == UNIVERSE else -1)
        if min(unit, poll) >= 0:
            yield (unit, poll), each


def patch(figures: Figures, cells: Cells) -> Figures:
    """Figures with some of them corrected."""
    values = figures.values.copy()
    values[cells.at if values.ndim == len(cells.at) else (*cells.at, cells.choice)] = cells.becomes
    return Figures(figures.name, values, figures.places)


def patch_table(table: Table, fields: ByField, version: int = 0) -> Table:
    """A table with some of its counts, or of its votes by choice, corrected: in its first version or another one."""
    every: tuple[Mapping[str, Figures], ...] = (table.by_name, *table.versions)
    figures = every[version] if version < len(every) else {}
    made = {name: patch(figures[name], cells) for name, cells in fields.items() if name in figures}
    if not made:
        return table
    if version:
        return replace(table, versions=(*every[1:version], {**figures, **made}, *every[version + 1 :]))
    return replace(table, **({"values": made[VOTES].values} if VOTES in made else {"figures": {**figures, **made}}))


def with_their_sums(before: Published, after: Published, rows: Ints, sums: Published) -> tuple[Published, Ints]:
    """A table of a higher level that goes along with the corrections of one by bureaux.

    Args:
        before: the table by bureaux as it stands.
        after: the same with the corrections.
        rows: those of it that are corrected.
        sums: the table of sums; it is given back where it is no sum of the other, or of another contest.

    Returns:
        The table, and its rows that changed.
    """
    nothing = np.zeros(0, np.int64)
    labels = match(list(sums.labels), list(before.labels))
    if sums.level is before.level or 2 * sum(each is not None for each in labels) < len(labels):
        return sums, nothing
    try:
        place, theirs = keys(before, sums.level), keys(sums, sums.level).tolist()
        inside = np.flatnonzero(np.isin(place, place[rows]))
        due, becomes = (sum_up(choose(table, inside), sums.level) for table in (before, after))
        summed = keys(due, sums.level).tolist()
    except NoSum:
        return sums, nothing
    row_of = {key: row for row, key in reversed([*enumerate(theirs)])}  # of several rows the first
    target = {row_of[key]: at for at, key in enumerate(summed) if key in row_of}
    changed, at = np.array([*target], np.int64), np.array([*target.values()], np.int64)
    counts = {
        name: _follow(values, changed, due.counts[name][at], becomes.counts[name][at])
        for name, values in sums.counts.items()
    }
    of_due = {pair: at for at, pair in enumerate(zip(due.vote_unit.tolist(), due.vote_label.tolist(), strict=True))}
    entries = np.flatnonzero(np.isin(sums.vote_unit, changed))
    pairs = zip(sums.vote_unit[entries].tolist(), sums.vote_label[entries].tolist(), strict=True)
    found = np.array([of_due.get((target[row], labels[label]), -1) for row, label in pairs], np.int64)
    entries, found = entries[found >= 0], found[found >= 0]
    votes = _follow(sums.votes, entries, due.votes[found], becomes.votes[found])
    return replace(sums, counts=counts, votes=votes), changed


def _follow(stated: Ints, at: Ints, due: Ints, becomes: Ints) -> Ints:
    """Replace the sums at some indices where they equal what the wrong figures made."""
    follows = (due >= 0) & (stated[at] == due) & (becomes >= 0)
    found = stated.copy()
    found[at[follows]] = becomes[follows]
    return found


_OF_VOTES = f"{Quantity.VOTES}/"


def correct_results(evidence: LinedEvidence, file: str, fields: ByField) -> None:
    """Put a corrected table and its lines in the place of those of a file by bureaux; others stay as they are."""
    for index, lines in enumerate(evidence.published):
        if lines.published.file == file:
            table, rows = _table(evidence, lines.published, fields)
            made = PublishedLines(
                table, patch_table(lines.counted, fields), patch_table(lines.votes, fields), lines.elsewhere
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
    return _without_percentages(made, changed) if len(changed) else sums


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
    return _without_percentages(replace(table, counts=counts, votes=votes), rows), rows


def _rows(evidence: LinedEvidence, table: Published) -> Ints:
    """The row of each bureau, the first of several, -1 for none; shape ``(units,)``."""
    universe = evidence.universe
    unit = find_units(universe, table.insee, table.bureau)
    row_of = np.full(len(universe), -1, np.int64)
    known = np.flatnonzero(unit >= 0)[::-1]
    row_of[unit[known]] = known
    return row_of


def _entries(evidence: LinedEvidence, table: Published, row_of: Ints, cells: Cells) -> Iterator[tuple[int, int]]:
    """The entry of each corrected vote, and what it becomes."""
    places: dict[tuple[int, int], dict[int, int]] = {}
    for unit, poll, choice, becomes in cells.rows():
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


def _without_percentages(table: Published, rows: Ints) -> Published:
    """The corrected table less the percentages of its corrected rows, which were reckoned from the wrong figures."""
    taken = np.zeros(len(table.row), np.bool_)
    taken[rows] = True
    percentages: dict[str, Texts | Shares] = {}
    for field, values in table.percentages.items():
        gone = taken[table.vote_unit] if field.startswith(_OF_VOTES) else taken
        percentages[field] = np.where(gone, np.array("" if values.dtype.kind == "U" else np.nan, values.dtype), values)
    return replace(table, percentages=percentages)


_NAMES: dict[str, str] = {Quantity.REGISTERED: "registered", Quantity.VOTES_FOUND: "cast", Quantity.BLANK: "blank"}
"""The counts of a machine, by the names that they have beside other evidence. It has no others."""


def correct_machines(evidence: LinedEvidence, fields: ByField) -> None:
    """Correct the counts of the machines; their exports and urns stay, as no hand has written these."""
    machines, paper = evidence.machines, evidence.once(paper_part)
    if machines is None:
        return
    tallies, kept = machines.tallies, dict[str, Figures]()
    for field, cells in fields.items():
        if field == VOTES:
            tallies = tallies.copy()
            tallies[(*cells.at, cells.choice)] = cells.becomes
        elif field in _NAMES:  # beside the votes found stand those on paper
            beside = paper[cells.at] if field == Quantity.VOTES_FOUND else 0
            name = _NAMES[field]
            kept[name] = patch(getattr(machines, name), replace(cells, becomes=cells.becomes - beside))
    evidence.machines = replace(machines, tallies=tallies, **kept)  # type: ignore[arg-type]


_SHIFTS = frozenset((RECORD, EXPORT, URN))
"""Pieces by which the counts of a PV are told to stand one column off."""


def correct(evidence: LinedEvidence, corrections: Sequence[Correction]) -> LinedEvidence:
    """A copy of the evidence with corrections made in its columns; the evidence itself where there are none.

    Only the arrays that change are copied. A figure is addressed by its piece, bureau, poll, and count or choice; a
    published one by the name of its file as well. Corrections of bureaux or polls that the evidence does not have are
    passed over, as are those of an urn beside its export, and the null count of a machine, which has none.
    """
    pieces = by_piece(evidence, corrections)
    if not pieces:
        return evidence
    result = replace(evidence)
    for (piece, file, version), fields in pieces.items():
        if piece == PUBLISHED:
            correct_results(result, file, fields)
        elif piece == EXPORT or (piece == URN and evidence.exports is None):
            correct_machines(result, fields)
        else:
            _correct_tables(result, piece, fields, version)
    if evidence.shifted is not None and evidence.shifted.any() and not _SHIFTS.isdisjoint(name for name, *_ in pieces):
        result.shifted = shifted_records(result)
    if evidence.contradicted_totals:
        changes = changes_in_totals((0, each) for each in corrections)
        totals = [
            (total, changes.get((total.piece, total.field, table_of(total.place)), []))
            for total in evidence.contradicted_totals
        ]
        made = [replace(total, summed=total.summed + sum(by for _, by in some)) for total, some in totals]
        result.contradicted_totals = [total for total in made if total.summed != total.stated]
    return replace(result)  # without what was made of figures on the way


def changes_in_totals(
    corrections: Iterable[tuple[int, Correction]],
) -> dict[tuple[str, str, str], list[tuple[int, int]]]:
    """By how much corrections change the sum of a count, or of the votes for a choice, in a table, each with its case.

    By piece, count or choice, and file.
    """
    found: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for number, each in corrections:
        if each.was is not None and each.becomes is not None:
            where = each.piece, str(each.field), table_of(each.source)
            found.setdefault(where, []).append((number, each.becomes - each.was))
    return found


def table_of(place: str) -> str:
    """The file of a place such as ``pv.xlsx:12 [Essai]``."""
    return place.rpartition(":")[0]


def _correct_tables(result: LinedEvidence, piece: str, fields: ByField, version: int) -> None:
    for name in TABLES.get(piece, ()):
        if (table := getattr(result, name)) is not None:
            setattr(result, name, patch_table(table, fields, version))
    if piece == UNIVERSE and Quantity.REGISTERED in fields:
        cells = fields[Quantity.REGISTERED]
        registered = result.universe.registered.copy()
        registered[cells.unit] = cells.becomes
        result.universe = replace(result.universe, registered=registered)
