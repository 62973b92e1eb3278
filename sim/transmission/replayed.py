"""The way up of a night that is replayed from published results: it ends with results of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from protocol.night import TRUTH
from sim.elections import Choice
from sim.evidence import BureauEvidence, PublishedRow
from sim.nights.ministry import published_bytes
from sim.nights.tables import truth_csv
from sim.transmission.drawing import Key, carry_over, go_up
from sim.transmission.writing import PollWay, way_up_files

PUBLISHED = "publie.txt"


def replayed_way_up(
    seed: int,
    key: Key,
    nights: Sequence[BureauEvidence],
    choices: Mapping[str, Sequence[str]],
    election: tuple[str, int],
    rates: Mapping[str, float],
) -> Iterator[tuple[str, bytes]]:
    """The documents of the way, the results it ends with, and the truth; the communes' records are changed with it.

    Args:
        seed: of the night.
        key: of the election.
        nights: of all bureaux, in their order.
        choices: labels of each constituency in panel order.
        election: its type and its year.
        rates: of the faults of the way.
    """
    way = go_up(seed, key, nights, rates)
    for evidence in nights:
        evidence.published = [PublishedRow(evidence.tabulated.copy())]
    carry_over(way, nights)
    yield from way_up_files(seed, [PollWay(key, way, choices, election)])
    rows = ((evidence.bureau, row) for evidence in nights for row in evidence.published)
    candidates = {area: [_candidate(label) for label in labels] for area, labels in choices.items()}
    yield PUBLISHED, published_bytes(rows, candidates)
    yield TRUTH.file, truth_csv(nights)


def _candidate(label: str) -> Choice:
    """A choice as the ministry's layout writes it, by its name alone."""
    surname, _, first_name = label.rpartition(" ")
    return Choice(label, ("", surname or first_name, first_name if surname else ""), 0)
