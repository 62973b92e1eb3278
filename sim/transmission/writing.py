"""The documents of the way up as files: a table for each step and edition, sums, corrections, and the press's feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from protocol.arrays import Ints
from protocol.files import csv_bytes, csv_lines
from protocol.output_refusals import space_formula
from protocol.transmission import CORRECTIONS, FEED, FEEDS, StepUp, step_table, sums_table
from sim.evidence import FIRST_POLL
from sim.transmission.drawing import Key, draw, identities
from sim.transmission.feed import feed_files
from sim.transmission.steps import NOTHING, VOTES, Ascent, column_name

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
_DOCUMENTS = {
    StepUp.CALL_BACK: "relevé du contre-appel",
    StepUp.COMMISSION: "procès-verbal de la commission de recensement",
}
SUMS = (StepUp.COMMUNE, StepUp.CALL_BACK, StepUp.DEFINITIVE)
"""Steps that state sums: the commune's, the préfecture's, the ministry's."""
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class PollWay:
    """The way of one poll's figures.

    Attributes:
        key: of the election.
        way: what became of the figures.
        choices: labels of each constituency in panel order.
        election: its type, as `election.toml` has it, and its year.
        poll: its number.
        kind: what its choices are, one of `protocol.night.CHOICE_TYPES`.
    """

    key: Key
    way: Ascent
    choices: Mapping[str, Sequence[str]]
    election: tuple[str, int]
    poll: int = FIRST_POLL
    kind: str = "candidat"


def way_up_files(seed: int, polls: Sequence[PollWay]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every document: the rows of one poll after those of another, a feed of each.

    Args:
        seed: of the night.
        polls: those of the day.
    """
    every = [_Documents(seed, each) for each in polls]
    choices = max(each.choices for each in every)
    for step in StepUp:
        rows = (each.rows(step, choices) for each in every)
        yield step.file, csv_lines(chain([step_table(step, choices).header], *rows))
    summed_up = max(each.summed_up for each in every)
    for step in SUMS:
        sums = (each.sums(step, summed_up) for each in every)
        yield step.sums_file, csv_bytes(sums_table(step, summed_up).header, chain(*sums))
    yield CORRECTIONS.file, csv_bytes(CORRECTIONS.header, chain(*(each.corrections() for each in every)))
    for each in every:
        folder = FEED if len(every) == 1 else FEEDS[each.of.poll]
        for name, data in each.feed():
            yield f"{folder}/{name}", data


class _Documents:
    """The documents of one poll.

    Attributes:
        choices: columns of votes of its bureaux.
        summed_up: those of its sums: none where not all bureaux vote on the same.
    """

    def __init__(self, seed: int, of: PollWay) -> None:
        self.of = of
        self._way = way = of.way
        self._tables, self._hours = way.tables(), _hours(seed, of.key, way)
        self._all = np.arange(len(way.bureaux))
        self._kept = np.array([at for at in range(len(way.bureaux)) if at not in way.lost], np.int64)
        keys = (each.key for each in way.bureaux)
        self._places = [[space_formula(text) for text in texts] for texts in zip(*keys, strict=True)]
        self.choices = way.start.shape[1] - VOTES
        self.summed_up = self.choices if set(of.choices) == {""} else 0

    def rows(self, step: StepUp, choices: int) -> Iterator[Row]:
        """The rows of a step, with cells for so many choices."""
        rows = self._all if step is StepUp.COMMUNE else self._kept
        if step is StepUp.ENTRY and self._way.doubled:
            rows = np.sort(np.append(rows, sorted(self._way.doubled)))
        counts = _cells(self._tables[step][rows])
        columns = [[of[row] for row in rows.tolist()] for of in self._places]
        written = [_clock(minutes) for minutes in self._hours[step][rows].tolist()]
        head = [*columns, [self.of.poll] * len(rows), *counts[:VOTES], written, *counts[VOTES:]]
        further = [[None] * len(rows)] * (choices - self.choices)
        return zip(*head, *further, strict=True)

    def sums(self, step: StepUp, choices: int) -> Iterator[Row]:
        """The sums that a step states, with cells for so many choices."""
        way, poll = self._way, self.of.poll
        rows = self._all if step is StepUp.COMMUNE else self._kept
        figures = np.maximum(self._tables[step][:, : VOTES + self.summed_up], 0)
        further = [None] * (choices - self.summed_up)
        if step is StepUp.COMMUNE:
            found = sum_by_place(figures[rows], [way.bureaux[at].insee for at in rows.tolist()])
            _mend(way, found, figures, step)
            departement = {each.insee: each.departement for each in way.bureaux}
            yield from ((departement[insee], insee, poll, *values, *further) for insee, values in found.items())
            return
        found = sum_by_place(figures[rows], [way.bureaux[at].departement for at in rows.tolist()])
        _mend(way, found, figures, StepUp.CALL_BACK)  # the ministry adds up what préfectures send
        yield from ((code, "", poll, *values, *further) for code, values in found.items())
        if step is StepUp.DEFINITIVE:
            yield ("", "", poll, *np.sum(list(found.values()), axis=0).tolist(), *further)

    def corrections(self) -> Iterator[Row]:
        """Write the corrections that documents state, step by step."""
        order = list(StepUp)
        for each in sorted(self._way.corrections, key=lambda each: (order.index(each.step), each.unit, each.column)):
            place = self._way.bureaux[each.unit].key
            at = _clock(int(self._hours[each.step][each.unit]))
            figures = column_name(each.column), each.before, each.after
            yield (each.step.value, *place, self.of.poll, *figures, at, _DOCUMENTS[each.step])

    def feed(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file for the press."""
        of, final = self.of, self._tables[StepUp.DEFINITIVE]
        return feed_files(self._way, final, self._kept, (of.choices, of.kind), of.election, of.key[1])


def _hours(seed: int, key: Key, way: Ascent) -> dict[StepUp, Ints]:
    """When each row of each step was written, in minutes."""
    ids = identities(way.bureaux)
    closing = np.array([60 * each.closing for each in way.bureaux], np.int64)
    found: dict[StepUp, Ints] = {}
    for step in StepUp:
        random = draw(seed, (*key, "way up", "hours", step.value), ids)
        if step in _FIXED:
            least, most = _FIXED[step]
            found[step] = least + (random * (most - least)).astype(np.int64)
        else:
            least, more = _SPANS[step]
            since = found[step.parent] if step.parent else closing
            found[step] = since + least + (random * more).astype(np.int64)
    late = sorted(way.late)
    found[StepUp.NIGHT][late] = found[StepUp.CALL_BACK][late] + 1
    return found


def _cells(values: Ints) -> list[list[object]]:
    """Columns of figures, each cell empty where there is none."""
    found: list[list[object]] = []
    for column in values.T:
        cells: list[object] = column.tolist()
        if (column < 0).any():
            cells = [None if value == NOTHING else value for value in column.tolist()]
        found.append(cells)
    return found


def sum_by_place(figures: Ints, of: Sequence[str]) -> dict[str, list[int]]:
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


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
