"""Plans for pages, made up: no day is simulated for them."""

from collections.abc import Sequence
from dataclasses import replace

from protocol.words import msg
from regard.office.contents import (
    BureauFigures,
    BureauNeed,
    Estimate,
    FewestOf,
    OutageCost,
    PlanHour,
    PlanInput,
    PlannedBureau,
    PlannedTown,
    Remedies,
    ScenarioDifference,
    ScenarioFigures,
    ServiceNeed,
    TownFigures,
    WaitCost,
)
from sim.queues.fewest import BureauMove, Moves
from sim.queues.town import TownBureau

LIMIT = 15.0


def near(mean: float, by: float = 0.4) -> Estimate:
    return Estimate(mean, mean - by, mean + by)


def bureau(at: int, **options: object) -> TownBureau:
    place = TownBureau("76351", "Le Havre", f"{at:04}", 500 + 13 * at, 1 + at % 3, 2, 8, 19)
    return replace(place, **options)  # type: ignore[arg-type]


def figures(of: TownBureau, longest: float, queue: float = 12.0, lost: float = 0.0) -> BureauFigures:
    """A bureau's figures whose longest wait is so many minutes."""
    return BureauFigures(
        bureau=of,
        people=660.0,
        lost=lost,
        wait=near(longest / 4, 0.1),
        p95=near(longest / 2),
        longest=near(longest),
        longest_worst=longest * 2,
        queue=queue,
        queue_worst=round(queue * 2),
        last=19.1,
        last_worst=19.5,
        above=longest > LIMIT,
        unsure=near(longest).holds(LIMIT),
        by_hour=tuple(
            PlanHour(hour, 60.0, longest / 4, max(0.4, queue - 3 * abs(hour - 14)))
            for hour in range(of.opening, of.closing)
        ),
    )


def town(bureaux: Sequence[BureauFigures], lost: float = 0.0) -> TownFigures:
    return TownFigures(
        people=660.0 * len(bureaux),
        lost=lost,
        wait=near(sum(each.wait.mean for each in bureaux) / len(bureaux), 0.1),
        p95=8.0,
        longest=near(max(each.longest.mean for each in bureaux) + 1.5, 1.0),
        longest_worst=99.0,
        above=sum(each.above for each in bureaux),
        unsure=sum(each.unsure for each in bureaux),
        last=19.2,
        last_worst=19.9,
    )


def scenario(name: str, bureaux: Sequence[BureauFigures], lost: float = 0.0, **settings: str) -> ScenarioFigures:
    return ScenarioFigures(
        name=name,
        settings={"election": "2022-P1", "service": "42", **settings},
        told=(msg("turnout of {election} ({share} %)", election="2022-P1", share="73.7"),),
        town=town(bureaux, lost),
        bureaux=tuple(bureaux),
    )


def compared(each: ScenarioFigures, first: ScenarioFigures, more: float, *, out: bool = False) -> ScenarioFigures:
    """A scenario with its difference to the first, of so many minutes in every bureau."""
    found = ScenarioDifference(
        near(more / 4), near(more), near(each.town.lost), each.town.above, (near(more),) * len(first.bureaux)
    )
    at_worst, at_random = WaitCost(near(20.0), near(46.0), near(26.0)), WaitCost(near(8.0), near(17.0), near(9.0))
    cost = OutageCost(first.bureaux[-1].bureau, at_worst, at_random)
    return replace(each, difference=found, outage=cost if out else None)


def plan(waits: Sequence[float], bureaux: Sequence[TownBureau] | None = None, scenarios: int = 1) -> PlannedTown:
    """A plan of bureaux with these longest waits; the second scenario has those who leave, the third a machine out."""
    places = list(bureaux or (bureau(at) for at in range(1, len(waits) + 1)))
    first = scenario("as planned", [figures(of, wait) for of, wait in zip(places, waits, strict=True)])
    others = [
        compared(
            scenario(
                f"scenario {number}",
                [figures(of, wait + 8 * number) for of, wait in zip(places, waits, strict=True)],
                lost=3.25 if number == 1 else 0.0,
                **({"patience": "30"} if number == 1 else {}),
            ),
            first,
            8.0 * number,
            out=number == 2,
        )
        for number in range(1, scenarios)
    ]
    return PlannedTown(
        version="1.0",
        seed=1,
        days=1000,
        limit=LIMIT,
        inputs=(
            PlanInput("ville.xlsx", 8123, "ab" * 32, msg("sheet {name}", name="Bureaux"), ("column “téléphone”",)),
        ),
        assumptions=("two tables in every bureau", "the spread of all times"),
        bureaux=tuple(PlannedBureau(of, ("tables",)) for of in places),
        scenarios=(first, *others),
        fewest=remedies(places, waits),
    )


def remedies(places: Sequence[TownBureau], waits: Sequence[float]) -> Remedies:
    machines = tuple(
        BureauNeed(of, of.machines, of.machines + (wait > LIMIT), min(wait, 9.0), 44.0)
        for of, wait in zip(places, waits, strict=True)
    )
    tables = tuple(
        BureauNeed(of, of.tables, of.tables, min(wait, 9.0), 12.0) for of, wait in zip(places, waits, strict=True)
    )
    leaving = tuple(BureauMove(of, 700, 120) for of, wait in zip(places, waits, strict=True) if wait > LIMIT)
    coming = tuple(BureauMove(of, 1100, 120) for of, wait in zip(places, waits, strict=True) if wait <= LIMIT)
    moved = Moves(leaving, coming, 0 if coming else 120 * len(leaving))
    return Remedies(
        FewestOf(sum(of.machines for of in places), sum(need.needed or 0 for need in machines), machines),
        FewestOf(sum(of.tables for of in places), sum(need.needed or 0 for need in tables), tables),
        moved,
        by_service=tuple(
            ServiceNeed(30.0 + 6 * at, near(30.0 + at), Estimate(95, 94, 95 + at), Estimate(33, 32, 33 + at))
            for at in range(6)
        ),
        stated=42.0,
    )
