"""The evidence with the corrections of cases made in it: what follows from figures is then seen without their slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from protocol.quantities import Quantity
from verify.align.shifted import shifted_records
from verify.columns.day_parts import paper_part
from verify.explanations.side_by_side import EXPORT, LIST, PUBLISHED, RECAP, RECORD, UNIVERSE, URN
from verify.model.cases import Correction
from verify.model.contests import match
from verify.model.evidence import Counted, LinedEvidence, LinedVotes, PublishedLines
from verify.model.figures import MISSING, Figures, Ints, Shares, Texts
from verify.model.machine_evidence import ExportLines
from verify.model.published import Published
from verify.model.universe import find_units
from verify.read.published.sums import NoSum, choose, keys, sum_up

VOTES = "votes"
"""Name of the votes by choice among the counts."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Corrected figures of one piece and of one count, or of the votes by choice, as arrays of shape ``(n,)``.

    Attributes:
        unit, poll: indices.
        choice: index in the contest, -1 for a count.
        was, becomes: what stands there and what should, absences included.
    """

    unit: Ints
    poll: Ints
    choice: Ints
    was: Ints
    becomes: Ints

    @property
    def at(self) -> tuple[Ints, Ints]:
        """Units and polls."""
        return self.unit, self.poll

    def rows(self) -> Iterator[tuple[int, int, int, int, int]]:
        """One after another: unit, poll, choice, and both figures."""
        columns = (self.unit, self.poll, self.choice, self.was, self.becomes)
        return zip(*(column.tolist() for column in columns), strict=True)


ByField = dict[str, Cells]
"""The corrections of one piece by name of the count; `VOTES` for votes by choice."""


def by_piece(evidence: LinedEvidence, corrections: Sequence[Correction]) -> dict[tuple[str, str], ByField]:
    """The corrections by piece and file, with the indices of what they are about.

    Those of bureaux and polls that the evidence does not have are left out.
    """
    rows: dict[tuple[str, str, str], list[tuple[int, int, int, int, int]]] = {}
    for place, each in locate(evidence, corrections):
        field = str(each.field) if each.choice < 0 else VOTES
        cell = *place, each.choice, _figure(each.was), _figure(each.becomes)
        rows.setdefault((each.piece, each.file, field), []).append(cell)
    found: dict[tuple[str, str], ByField] = {}
    for (piece, file, field), cells in rows.items():
        found.setdefault((piece, file), {})[field] = Cells(*np.array(cells, np.int64).T)
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


def _figure(value: int | None) -> int:
    return MISSING if value is None else value


def patch(figures: Figures, cells: Cells) -> Figures:
    """Figures with some of them corrected."""
    values = figures.values.copy()
    values[cells.at] = cells.becomes
    return Figures(figures.name, values, figures.places)


def patch_counts(counted: Counted, fields: ByField) -> Counted:
    """A table of counts with some of them corrected."""
    made = {name: patch(counted[name], cells) for name, cells in fields.items() if name in counted.figures}
    return replace(counted, figures=counted.figures | made) if made else counted


def patch_votes(votes: LinedVotes, fields: ByField) -> LinedVotes:
    """Votes by choice with some of them corrected."""
    if VOTES not in fields:
        return votes
    values = votes.values.copy()
    values[(*fields[VOTES].at, fields[VOTES].choice)] = fields[VOTES].becomes
    return replace(votes, values=values)


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
    """Sums of which some, by their index, become others where they were what the wrong figures made."""
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
                table, patch_counts(lines.counted, fields), patch_votes(lines.votes, fields), lines.elsewhere
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
_COPIES = {"cast": ("voters",)}
"""Counters that say the same again: those that did before, do so afterwards."""


def correct_machines(evidence: LinedEvidence, fields: ByField, paper: Ints) -> None:
    """Correct the counts, and the export that they come from, or the one urn where there is no export.

    Args:
        evidence: what is corrected.
        fields: the corrections.
        paper: votes that were on paper beside the machines, shape ``(units, polls)``.
    """
    machines = evidence.machines
    if machines is None:
        return
    named: ByField = {}
    for field, cells in fields.items():
        if field == VOTES:
            named["tallies"] = cells
        elif field == Quantity.VOTES_FOUND:  # beside the other evidence stand the votes on paper with it
            named["cast"] = replace(cells, was=cells.was - paper[cells.at], becomes=cells.becomes - paper[cells.at])
        elif field in _NAMES:
            named[_NAMES[field]] = cells
    kept = {name: patch(getattr(machines, name), named[name]) for name in _NAMES.values() if name in named}
    tallies = _tallies(machines.tallies, named)
    evidence.machines = replace(machines, **kept, tallies=tallies)  # type: ignore[arg-type]
    if evidence.exports is not None:
        _correct_exports(evidence, named)
    if evidence.urns is not None:
        _correct_urns(evidence, _without_exports(evidence, named))


def correct_urns(evidence: LinedEvidence, fields: ByField) -> None:
    """Correct what a recount of the urns gives, where exports are there as well."""
    named = {_NAMES[field]: cells for field, cells in fields.items() if field in _NAMES}
    if VOTES in fields:
        named["tallies"] = fields[VOTES]
    _correct_urns(evidence, named)


def _tallies(tallies: Ints, named: ByField) -> Ints:
    if "tallies" not in named:
        return tallies
    cells, values = named["tallies"], tallies.copy()
    values[(*cells.at, cells.choice)] = cells.becomes
    return values


def _correct_exports(evidence: LinedEvidence, named: ByField) -> None:
    exports = evidence.exports
    if exports is None:
        return
    columns = exports.columns.copy()
    figures: dict[str, Figures] = {}
    tallies = exports.tallies
    for name, cells in named.items():
        whole = _some(cells, exports.parts[cells.at] > 0)
        if name == "tallies":
            tallies = _tallies(tallies, {name: whole})
        else:
            figures[name] = patch(figures.get(name, getattr(exports, name)), whole)
        for cell, record in _records(evidence, exports, name, whole):
            change = int(whole.becomes[cell] - whole.was[cell])
            if name == "tallies":
                columns["tallies"][record, whole.choice[cell]] += change
                columns["tally_sum"][record] += change
                continue
            for copy in _COPIES.get(name, ()):
                if columns[copy][record] == columns[name][record]:
                    columns[copy][record] += change
                    figures[copy] = _raise_figure(figures.get(copy, getattr(exports, copy)), whole, cell, change)
            columns[name][record] += change
    reading = replace(exports.reading, columns=columns)
    evidence.exports = replace(exports, reading=reading, tallies=tallies, **figures)  # type: ignore[arg-type]


def _raise_figure(figures: Figures, cells: Cells, cell: int, change: int) -> Figures:
    values = figures.values.copy()
    values[cells.unit[cell], cells.poll[cell]] += change
    return Figures(figures.name, values, figures.places)


def _records(evidence: LinedEvidence, exports: ExportLines, name: str, cells: Cells) -> Iterator[tuple[int, int]]:
    """The records that have the figures that are corrected, each with the index of the cell.

    Of a sum that is the part whose urn says so, else the one that then adds up; none where neither tells. All parts
    state the same registered voters.
    """
    used, polls = np.flatnonzero(exports.used), exports.parts.shape[1]
    used = used[np.argsort(exports.unit[used] * polls + exports.poll[used], kind="stable")]
    number = exports.unit[used] * polls + exports.poll[used]
    for cell, (unit, poll, choice, was, becomes) in enumerate(cells.rows()):
        start, end = np.searchsorted(number, [unit * polls + poll, unit * polls + poll + 1]).tolist()
        records = used[start:end].tolist()
        if name == "registered":
            yield from ((cell, record) for record in records if exports.columns[name][record] == was)
        elif len(records) == 1:
            yield cell, records[0]
        else:
            change = becomes - was
            told = [record for record in records if _by_its_urn(evidence, record, name, choice) == change]
            told = told or [record for record in records if _lacks(exports, record, name) == change]
            if len(told) == 1:
                yield cell, told[0]


def _by_its_urn(evidence: LinedEvidence, record: int, name: str, choice: int) -> int:
    """By how much a figure of an urn is more than the one of its export, 0 where there is no urn."""
    if evidence.urns is None or evidence.exports is None:
        return 0
    images, numbers = np.nonzero(evidence.urns.export == record)
    if not len(images):
        return 0
    ours, theirs = evidence.urns.columns[name][images[0], numbers[0]], evidence.exports.columns[name][record]
    return int(ours) - int(theirs) if choice < 0 else int(ours[choice]) - int(theirs[choice])


def _lacks(exports: ExportLines, record: int, name: str) -> int:
    """Find what has to be added to a figure of an export, for its votes to add up."""
    columns = exports.columns[record]
    off = int(columns["cast"] - columns["tally_sum"] - columns["blank"])
    return -off if name == "cast" else off


def _some(cells: Cells, here: npt.NDArray[np.bool_]) -> Cells:
    return Cells(*(column[here] for column in (cells.unit, cells.poll, cells.choice, cells.was, cells.becomes)))


def _without_exports(evidence: LinedEvidence, named: ByField) -> ByField:
    if evidence.exports is None:
        return named
    parts = evidence.exports.parts
    return {name: _some(cells, parts[cells.at] == 0) for name, cells in named.items()}


def _correct_urns(evidence: LinedEvidence, named: ByField) -> None:
    urns = evidence.urns
    if urns is None or not any(len(cells.unit) for cells in named.values()):
        return
    used = np.flatnonzero(urns.used)
    image_of = np.full(len(evidence.universe), -1, np.int64)
    image_of[urns.unit[used]] = used
    image_of[np.bincount(urns.unit[used], minlength=len(image_of)) != 1] = -1
    columns, numbers = urns.columns.copy(), np.array(evidence.polls, np.int64) - 1
    for name, cells in named.items():
        there = _some(cells, image_of[cells.unit] >= 0)
        image = image_of[there.unit]
        if name == "registered":
            columns[name][image] = there.becomes
            continue
        at = (image, numbers[there.poll]) if name != "tallies" else (image, numbers[there.poll], there.choice)
        for column in (name, f"closed_{name}"):  # what it says at its closing, where that is the same
            same = columns[column][at] == there.was
            columns[column][tuple(axis[same] for axis in at)] = there.becomes[same]
    reading = replace(urns.reading, urns=replace(urns.reading.urns, columns=columns))
    evidence.urns = replace(urns, reading=reading)


_SHIFTS = frozenset((RECORD, EXPORT, URN))
"""Pieces by which the counts of a PV are told to stand one column off."""


def correct(evidence: LinedEvidence, corrections: Sequence[Correction]) -> LinedEvidence:
    """A copy of the evidence with corrections made in its columns; the evidence itself where there are none.

    Only the arrays that change are copied. A figure is addressed by its piece, bureau, poll, and count or choice; a
    published one by the name of its file as well. Corrections of bureaux or polls that the evidence does not have are
    passed over, as is the null count of a machine, which has none. Of a bureau with several machines the sum is
    corrected, and the export of the one that its urn or its own sum shows to be wrong.
    """
    pieces = by_piece(evidence, corrections)
    if not pieces:
        return evidence
    result = replace(evidence)
    for (piece, file), fields in pieces.items():
        if piece == PUBLISHED:
            correct_results(result, file, fields)
        elif piece == EXPORT or (piece == URN and evidence.exports is None):
            correct_machines(result, fields, evidence.once(paper_part))
        elif piece == URN:
            correct_urns(result, fields)
        else:
            _correct_tables(result, piece, fields)
    if evidence.shifted is not None and evidence.shifted.any() and not _SHIFTS.isdisjoint(name for name, _ in pieces):
        result.shifted = shifted_records(result)
    if evidence.twice or evidence.votes_twice:
        _correct_first_of_two(result, corrections)
    return replace(result)  # without what was made of figures on the way


def _correct_tables(result: LinedEvidence, piece: str, fields: ByField) -> None:
    if piece == LIST and result.signatures is not None:
        result.signatures = patch_counts(result.signatures, fields)
    elif piece == RECAP and result.tabulation is not None:
        result.tabulation = patch_counts(result.tabulation, fields)
    elif piece == UNIVERSE and Quantity.REGISTERED in fields:
        cells = fields[Quantity.REGISTERED]
        registered = result.universe.registered.copy()
        registered[cells.unit] = cells.becomes
        result.universe = replace(result.universe, registered=registered)
    elif piece == RECORD:
        if result.records is not None:
            result.records = patch_counts(result.records, fields)
        if result.votes is not None:
            result.votes = patch_votes(result.votes, fields)


def _correct_first_of_two(result: LinedEvidence, corrections: Sequence[Correction]) -> None:
    """Correct what one of two files of a kind says, where that is the figure which is wrong."""
    for at, each in locate(result, corrections):
        if each.becomes is None:
            continue
        for index, twice in enumerate(result.twice):
            if twice.first.name == str(each.field) and twice.first.places.text(*at) == each.source:
                values = twice.first.values.copy()
                values[at] = each.becomes
                first = Figures(twice.first.name, values, twice.first.places)
                result.twice = [*result.twice[:index], replace(twice, first=first), *result.twice[index + 1 :]]
        for index, votes in enumerate(result.votes_twice):
            if votes.at == (*at, each.choice) and votes.places[0] == each.source:
                other = votes.votes[1]
                rest = [*result.votes_twice[:index], *result.votes_twice[index + 1 :]]
                made = replace(votes, votes=(each.becomes, other))
                result.votes_twice = rest if other == each.becomes else [*rest, made]
