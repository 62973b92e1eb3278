"""The documents of the way up as files: a table for each step and edition, sums, corrections, and the press's feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from protocol.files import csv_bytes, csv_lines
from protocol.spreadsheet_cells import spaced
from protocol.way_up import CORRECTIONS, FEED, STEPS, StepUp, step_table, sums_table
from sim.evidence import POLL
from sim.way_up.feed import feed_files
from sim.way_up.going_up import Key, drawn, identities
from sim.way_up.model import NOTHING, VOTES, Ascent, Ints, column_name

_SPANS = {
    StepUp.COMMUNE: (45, 120),
    StepUp.ENTRY: (5, 50),
    StepUp.NIGHT: (1, 5),
    StepUp.CALL_BACK: (20, 70),
    StepUp.PROVISIONAL: (3, 20),
}
"""Minutes that a row waits at least, and up to how many more, since the step before it: assumed."""
_FIXED = {StepUp.COMMISSION: (32 * 60, 36 * 60), StepUp.DEFINITIVE: (42 * 60, 46 * 60)}
"""Minutes since the midnight before the poll between which later rows are written, on the day after: assumed."""
SUMS = (StepUp.COMMUNE, StepUp.CALL_BACK, StepUp.DEFINITIVE)
"""Steps that state sums: the commune's, the préfecture's, the ministry's."""


def way_up_files(
    seed: int, key: Key, way: Ascent, choices: Mapping[str, Sequence[str]], election: tuple[str, int]
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every document.

    Args:
        seed: of the night.
        key: of the election.
        way: what became of the figures.
        choices: labels of each constituency in panel order.
        election: its type as the feed has it, and its year.
    """
    tables, hours = way.tables(), _hours(seed, key, way)
    width = way.start.shape[1] - VOTES
    kept = np.array([at for at in range(len(way.bureaux)) if at not in way.lost], np.int64)
    places = [[spaced(text) for text in texts] for texts in zip(*(each.key for each in way.bureaux), strict=True)]
    for step in StepUp:
        rows = np.arange(len(way.bureaux)) if step is StepUp.COMMUNE else kept
        if step is StepUp.ENTRY and way.doubled:
            rows = np.sort(np.append(rows, sorted(way.doubled)))
        yield step.file, _table(step, places, tables[step][rows], hours[step][rows], rows, width)
    national = set(choices) == {""}
    for step in SUMS:
        rows = np.arange(len(way.bureaux)) if step is StepUp.COMMUNE else kept
        yield step.sums_file, _sums(step, way, tables[step], rows, national)
    yield CORRECTIONS.file, _corrections(way, hours)
    for name, data in feed_files(way, tables[StepUp.DEFINITIVE], kept, choices, election, key[1]):
        yield f"{FEED}/{name}", data


def _hours(seed: int, key: Key, way: Ascent) -> dict[StepUp, Ints]:
    """When each row of each step was written, in minutes."""
    ids = identities(way.bureaux)
    closing = np.array([60 * each.closing for each in way.bureaux], np.int64)
    found: dict[StepUp, Ints] = {}
    for step in StepUp:
        random = drawn(seed, (*key, "way up", "hours", step.value), ids)
        if step in _FIXED:
            least, most = _FIXED[step]
            found[step] = least + (random * (most - least)).astype(np.int64)
        else:
            least, more = _SPANS[step]
            since = found[STEPS[step.parent]] if step.parent else closing
            found[step] = since + least + (random * more).astype(np.int64)
    late = sorted(way.late)
    found[StepUp.NIGHT][late] = found[StepUp.CALL_BACK][late] + 1
    return found


def _table(step: StepUp, places: Sequence[Sequence[str]], values: Ints, hours: Ints, rows: Ints, width: int) -> bytes:
    counts = _cells(values)
    columns = [[of[row] for row in rows.tolist()] for of in places]
    written = [_clock(minutes) for minutes in hours.tolist()]
    head = [*columns, [POLL] * len(rows), *counts[:VOTES], written, *counts[VOTES:]]
    return csv_lines(chain([step_table(step, width).header], zip(*head, strict=True)))


def _cells(values: Ints) -> list[list[object]]:
    """Columns of figures, each cell empty where there is none."""
    found: list[list[object]] = []
    for column in values.T:
        cells: list[object] = column.tolist()
        if (column < 0).any():
            cells = [None if value == NOTHING else value for value in column.tolist()]
        found.append(cells)
    return found


def _sums(step: StepUp, way: Ascent, table: Ints, rows: Ints, national: bool) -> bytes:
    """The sums that a step states; votes by choice only where all bureaux vote on the same."""
    width = way.start.shape[1] if national else VOTES
    figures = np.maximum(table[:, :width], 0)
    lines: list[tuple[object, ...]] = []
    if step is StepUp.COMMUNE:
        of = [way.bureaux[at].insee for at in rows.tolist()]
        found = summed(figures[rows], of)
        _mend(way, found, figures, step)
        departement = {each.insee: each.departement for each in way.bureaux}
        lines = [(departement[insee], insee, POLL, *values) for insee, values in found.items()]
    else:
        of = [way.bureaux[at].departement for at in rows.tolist()]
        found = summed(figures[rows], of)
        _mend(way, found, figures, StepUp.CALL_BACK)  # the ministry adds up what préfectures send
        lines = [(code, "", POLL, *values) for code, values in found.items()]
        if step is StepUp.DEFINITIVE:
            lines.append(("", "", POLL, *np.sum(list(found.values()), axis=0).tolist()))
    return csv_bytes(sums_table(step, width - VOTES).header, lines)


def summed(figures: Ints, of: Sequence[str]) -> dict[str, list[int]]:
    """The sums of the rows of each place, by its code."""
    codes, place = np.unique(np.array(of, np.str_), return_inverse=True)
    sums = np.zeros((len(codes), figures.shape[1]), np.int64)
    np.add.at(sums, place.reshape(-1), figures)
    return dict(zip(codes.tolist(), sums.tolist(), strict=True))


def _mend(way: Ascent, found: dict[str, list[int]], figures: Ints, step: StepUp) -> None:
    """Leave out of the sums what they lack, and count again what they have twice."""
    for (of, place), (at, factor) in way.sums.items():
        if of is step and at not in way.lost:
            found[place] = [value + factor * int(own) for value, own in zip(found[place], figures[at], strict=True)]


def _corrections(way: Ascent, hours: Mapping[StepUp, Ints]) -> bytes:
    said = {
        StepUp.CALL_BACK: "relevé du contre-appel",
        StepUp.COMMISSION: "procès-verbal de la commission de recensement",
    }
    ordered = sorted(way.corrections, key=lambda each: (list(StepUp).index(each.step), each.unit, each.column))
    lines = [
        (
            each.step.value,
            *way.bureaux[each.unit].key,
            POLL,
            column_name(each.column),
            each.before,
            each.after,
            _clock(int(hours[each.step][each.unit])),
            said[each.step],
        )
        for each in ordered
    ]
    return csv_bytes(CORRECTIONS.header, lines)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
