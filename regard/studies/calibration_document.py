"""Document of the simulator's calibration beside observations: `docs/studies/calibration.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from protocol.words import Language, Message, Text, language, msg, series
from regard.office.screen import clock
from regard.reference import markdown
from sim import parameters, spread
from sim.calibration import OBSERVED, Observed, Queue, SimulatedGaps, gaps, interval, queues
from sim.elections import PROFILES, TURNOUTS, Scenario
from sim.parameters import Service
from sim.spread import Spread

REPLICATIONS = 500
SHARE_NIGHTS = 10
METROPOLITAN_END = 7619
"""Turnout of metropolitan France alone at the end of 10 April 2022, in hundredths of a per cent."""

Found = list[tuple[Observed, SimulatedGaps]]
Row = list[str]


def document(nights: int, code: str, progress: Callable[[int, int], None] = lambda done, total: None) -> str:
    """The same text for the same number of nights; ``progress`` takes nights done, and all."""
    shares = [
        (scenario, observed, spread.simulate_spread(scenario, SHARE_NIGHTS))
        for scenario, observed in zip(spread.ROUNDS, spread.OBSERVED, strict=True)
    ]
    found = []
    for at, observed in enumerate(OBSERVED):
        found.append((observed, gaps(observed, nights)))
        progress((at + 1) * nights, len(OBSERVED) * nights)
    tables = _Tables(language(code))
    return markdown.document(
        __file__,
        language(code),
        command="regard study calibrate --write docs/studies/calibration.md"
        if code == "en"
        else f"regard study calibrate --lang {code}",
        nights=nights,
        bureaux=found[0][1].bureaux // nights,
        gaps=list(tables.gaps(found)),
        sources=_listed((observed.name, observed.source) for observed, _ in found),
        clusters=list(tables.clusters(found)),
        share_nights=SHARE_NIGHTS,
        shares=list(tables.shares(shares)),
        spread_commune=parameters.SHARES_COMMUNE,
        spread_bureau=parameters.SHARES_BUREAU,
        profiles=list(tables.profiles()),
        profile_sources=_listed((name, turnout.sources) for name, turnout in TURNOUTS.items()),
        cautions=_listed((name, turnout.caution) for name, turnout in TURNOUTS.items() if turnout.caution is not None),
        told=PROFILES["2022-P1"].parts[2] * 100,
        metropole=replace(PROFILES["2022-P1"], final=METROPOLITAN_END).parts[2] * 100,
        replications=REPLICATIONS,
        queues=list(tables.queues(queues(REPLICATIONS))),
        assumed=list(tables.assumed()),
    )


def _listed(of: Iterable[tuple[Text, Text]]) -> Text:
    return series((msg("{name}: {value}", name=name, value=value) for name, value in of), msg("; "))


class _Tables:
    """The rows of the document's tables in one language."""

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

    def shares(self, table: list[tuple[Scenario, Spread, Spread]]) -> Iterator[Row]:
        """Spread of shares by commune and bureau, choice by choice and on average."""
        for scenario, observed, simulated in table:
            columns = (observed.commune, simulated.commune, observed.bureau, simulated.bureau)
            total = sum(candidate.votes for candidate in scenario.candidates)
            for candidate, *figures in zip(scenario.candidates, *columns, strict=True):
                share = self._percent(candidate.votes / total)
                yield self._row(str(scenario.round), candidate.cells[1], share, *map(self._hundredths, figures))
            means = [sum(column) / len(column) for column in columns]
            yield self._row(str(scenario.round), msg("mean"), "", *map(self._hundredths, means))

    def profiles(self) -> Iterator[Row]:
        """When people come, by election."""
        for name, turnout in TURNOUTS.items():
            profile = turnout.profile
            figures = (profile.noon / 10_000, profile.five / 10_000, profile.final / 10_000)
            told = msg("{what} of {year}", what=turnout.what, year=str(turnout.year))
            if turnout.round:
                told = msg(
                    "{what} of {year}, round {round}", what=turnout.what, year=str(turnout.year), round=turnout.round
                )
            yield self._row(
                f"`{name}`",
                told,
                turnout.where,
                *(self._percent(figure, 2) for figure in figures),
                *(self._percent(part) for part in profile.parts),
            )

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

    def assumed(self) -> Iterator[Row]:
        """The parameters that no source gives."""
        for what, service in (
            (msg("identification at the table"), parameters.IDENTIFY),
            (msg("one vote on the machine"), parameters.VOTE),
            (msg("booth and urn on paper"), parameters.BOOTH),
            (msg("one signature"), parameters.SIGN),
        ):
            yield self._row(msg("{what}: lognormal", what=what), self._law(service))
        votes = msg("{share} of votes", share=self._percent(parameters.PROXY_SHARE))
        yield self._row(msg("votes by proxy"), votes)
        leaves = self._percent(parameters.LEAVES_SHARE, 2)
        yield self._row(msg("people who leave without voting or signing"), leaves)
        two = msg("from {count:n} registered", count=parameters.TWO_MACHINES_FROM)
        yield self._row(msg("bureaux with two machines"), two)
        sizes = self._percent(parameters.SIZE_SPREAD, 0)
        yield self._row(msg("spread of bureau sizes within a commune"), sizes)
        yield self._row(msg("départements whose bureaux close at 20h"), series(parameters.LATE_CITIES))
        yield self._row(msg("which bureaux of a mixed commune have machines"), msg("the first ones of its list"))
        yield self._row(
            msg("rates of everything that is no error of the day"), msg("some tenths of a per cent of the bureaux")
        )

    def _law(self, service: Service) -> Message:
        values = {"mean": self._words.plain(service.mean), "variation": self._words.plain(service.variation)}
        if not service.slow_share:
            return msg("mean {mean} s, variation {variation}", **values)
        return msg(
            "mean {mean} s, variation {variation}, {share} of people take {factor} times as long",
            share=self._percent(service.slow_share, 0),
            factor=self._words.plain(service.slow_factor),
            **values,
        )

    def _row(self, *cells: Text) -> Row:
        return [self._words.show(cell) for cell in cells]

    def _percent(self, share: float | None, digits: int = 1) -> Text:
        return msg("not known") if share is None else f"{self._words.decimal(share * 100, digits)} %"

    def _with_interval(self, hits: int, of: int) -> Message:
        low, high = (self._words.decimal(bound * 100) for bound in interval(hits, of))
        share = self._words.decimal(hits / of * 100 if of else 0.0)
        return msg("{share} % ({low} to {high})", share=share, low=low, high=high)

    def _hundredths(self, figure: float) -> str:
        return self._words.decimal(figure, 2)
