"""The days of a night's bureaux, a few of them a task that any process can do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from sim import polling
from sim.bureaux import Bureau
from sim.elections import Scenario
from sim.evidence import BureauEvidence
from sim.executors import results
from sim.faults.catalogue import Rates
from sim.paper import day as paper
from sim.parameters import PAPER_CARE
from sim.queues.days import PlannedDay

BATCH = 12
"""Bureaux of one commune that are simulated as one task."""

Progress = Callable[[int, int], None]
"""Called with the number of bureaux that are done, and of all."""


@dataclass(frozen=True, slots=True)
class NightTask:
    """Some bureaux of one commune, to be simulated on any process."""

    seed: int
    scenario: Scenario
    bureaux: tuple[Bureau, ...]
    rates: Rates
    paper: str | None = None
    planned: tuple[PlannedDay, ...] = ()
    """The days of these bureaux, in their order, where they were planned."""

    def day(self, bureau: Bureau) -> PlannedDay | None:
        """The planned day of one of them; None where its people are drawn for the night."""
        return self.planned[self.bureaux.index(bureau)] if self.planned else None


def perform(task: NightTask) -> list[BureauEvidence]:
    """The days of a task's bureaux."""
    return [_hold(task, bureau) for bureau in task.bureaux]


def perform_where_struck(task: NightTask, faultless: Sequence[BureauEvidence]) -> list[BureauEvidence]:
    """Simulate the days of a task's bureaux; where days without faults are known, only those that faults strike."""
    known = {evidence.bureau: evidence for evidence in faultless}
    return [_hold(task, bureau) if _is_struck(task, bureau) else known[bureau] for bureau in task.bureaux]


def _hold(task: NightTask, bureau: Bureau) -> BureauEvidence:
    of, planned = (task.seed, task.scenario, bureau, task.rates), task.day(bureau)
    if bureau.machines or task.paper is None:
        return polling.hold(*of, planned)
    return paper.hold(*of, PAPER_CARE[task.paper], planned)


def _is_struck(task: NightTask, bureau: Bureau) -> bool:
    of = task.seed, task.scenario, bureau, task.rates
    if bureau.machines or task.paper is None:
        return polling.is_struck(*of)
    return paper.is_struck(*of, PAPER_CARE[task.paper])


def tasks_of(
    seed: int,
    scenario: Scenario,
    communes: Sequence[tuple[Bureau, ...]],
    rates: Rates,
    mixed: str | None,
    planned: Mapping[tuple[str, str], PlannedDay] | None = None,
) -> list[NightTask]:
    """Divide the bureaux of each commune into tasks; ``planned`` are their days by INSEE code and bureau."""
    return [
        NightTask(
            seed,
            scenario,
            some := bureaux[at : at + BATCH],
            rates,
            mixed,
            () if planned is None else tuple(planned[bureau.key] for bureau in some),
        )
        for bureaux in communes
        for at in range(0, len(bureaux), BATCH)
    ]


def days(tasks: Sequence[NightTask], pool: Executor, progress: Progress) -> Iterator[list[BureauEvidence]]:
    """The days of the bureaux of each commune, a commune at a time in the order in which they are done."""
    missing = Counter(bureau.insee for task in tasks for bureau in task.bureaux)
    total, done = missing.total(), 0
    held: defaultdict[str, list[BureauEvidence]] = defaultdict(list)
    for batch in results(pool, perform, tasks):
        insee = batch[0].bureau.insee
        held[insee] += batch
        missing[insee] -= len(batch)
        done += len(batch)
        progress(done, total)
        if not missing[insee]:
            yield sorted(held.pop(insee), key=lambda evidence: evidence.bureau.code)
