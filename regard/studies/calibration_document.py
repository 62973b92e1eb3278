"""Tables of the simulator's calibration beside observations, which `docs/studies/calibration.md` discusses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from protocol.words import Language, Message, Text, language, msg
from regard.office.wording import clock
from regard.reference import markdown
from sim.calibration import OBSERVED, Observed, Queue, SimulatedGaps, gaps, interval, queues

REPLICATIONS = 500
"""Simulated days of each table of the document."""

Found = list[tuple[Observed, SimulatedGaps]]
Row = list[str]


def document(nights: int, code: str, progress: Callable[[int, int], None] = lambda done, total: None) -> str:
    """The same text for the same number of nights; ``progress`` takes nights done, and all."""
    found = []
    for at, observed in enumerate(OBSERVED):
        found.append((observed, gaps(observed, nights)))
        progress((at + 1) * nights, len(OBSERVED) * nights)
    tables = _Tables(language(code))
    return markdown.document(
        __file__,
        language(code),
        nights=nights,
        bureaux=found[0][1].bureaux // nights,
        gaps=list(tables.gaps(found)),
        clusters=list(tables.clusters(found)),
        replications=REPLICATIONS,
        queues=list(tables.queues(queues(REPLICATIONS))),
    )


class _Tables:
    """The rows of the tables in one language."""

    def __init__(self, words: Language) -> None:
        self._words = words

    def gaps(self, found: Found) -> Iterator[Row]:
        """Share of bureaux by gap."""
        for observed, counts in found:
            sizes = observed.by_size or (None, None, None)
            for what, share, hits, of in (
                (msg("a gap"), observed.some, counts.some, counts.bureaux),
                (msg("a gap above 3 ‰ of the votes"), observed.above_3, counts.above_3, counts.bureaux),
                (msg("a gap above 4 ‰"), observed.above_4, counts.above_4, counts.bureaux),
                (msg("a gap above 10 ‰"), None, counts.above_10, counts.bureaux),
                (msg("a gap of 1"), sizes[0], counts.by_size[0], counts.bureaux),
                (msg("a gap of 2"), sizes[1], counts.by_size[1], counts.bureaux),
                (msg("a gap of 3 or more"), sizes[2], counts.by_size[2], counts.bureaux),
                (msg("more votes than signatures, of those with a gap"), observed.more, counts.more, counts.some),
            ):
                yield self._row(observed.name, what, self._percent(share), self._with_interval(hits, of))

    def clusters(self, found: Found) -> Iterator[Row]:
        """Clusters of gaps by commune."""
        for observed, counts in found:
            again = f"x {self._words.decimal(counts.again)}"
            yield self._row(observed.name, *map(self._percent, counts.communes), again)

    def queues(self, table: list[Queue]) -> Iterator[Row]:
        """Queues that were seen, as simulated."""
        for queue in table:
            low, high = (f"{bound:.0f}" for bound in queue.interval)
            yield self._row(
                queue.of.seen,
                self._words.number(queue.of.registered),
                str(queue.of.service),
                queue.of.election,
                msg("{mean} min ({low} to {high})", mean=f"{queue.longest:.0f}", low=low, high=high),
                f"{queue.worst:.0f} min",
                f"{queue.people:.0f}",
                clock(queue.last, self._words.code),
                queue.of.compared,
            )

    def _row(self, *cells: Text) -> Row:
        return [self._words.show(cell) for cell in cells]

    def _percent(self, share: float | None) -> Text:
        return msg("not known") if share is None else f"{self._words.decimal(share * 100)} %"

    def _with_interval(self, hits: int, of: int) -> Message:
        low, high = (self._words.decimal(bound * 100) for bound in interval(hits, of))
        share = self._words.decimal(hits / of * 100 if of else 0.0)
        return msg("{share} % ({low} to {high})", share=share, low=low, high=high)
