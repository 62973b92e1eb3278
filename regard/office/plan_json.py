"""A plan as JSON, as `docs/reference/plan.schema.json` describes it: minutes, hours since midnight, people."""

from __future__ import annotations

from typing import Any

from regard.language import show
from regard.office.contents import (
    BureauFigures,
    Estimate,
    FewestOf,
    OutageCost,
    PlannedTown,
    ScenarioDifference,
    ScenarioFigures,
    TownFigures,
    WaitCost,
)
from sim.queues.fewest import BureauMove, Moves
from sim.queues.town import TownBureau

FORMAT_VERSION = 1
"""The number in the schema."""


def document(plan: PlannedTown, code: str) -> dict[str, Any]:
    """Build the JSON document of a plan, its texts in the language of that code."""
    return {
        "tool": "regard",
        "format_version": FORMAT_VERSION,
        "version": plan.version,
        "language": code,
        "seed": plan.seed,
        "days": plan.days,
        "limit_minutes": plan.limit,
        "inputs": [
            {
                "path": each.path,
                "size": each.size,
                "sha256": each.sha256,
                "note": show(code, each.note),
                "unused": [show(code, said) for said in each.unused],
            }
            for each in plan.inputs
        ],
        "assumptions": [show(code, said) for said in plan.assumptions],
        "bureaux": [
            {
                **_place(each.bureau),
                "commune": each.bureau.commune,
                "registered": each.bureau.registered,
                "machines": each.bureau.machines,
                "tables": each.bureau.tables,
                "opening": each.bureau.opening,
                "closing": each.bureau.closing,
                "assumed": list(each.assumed),
            }
            for each in plan.bureaux
        ],
        "scenarios": [_scenario(each, code) for each in plan.scenarios],
        "fewest": {
            "each_bureau_by_itself": plan.fewest.alone,
            "machines": _fewest(plan.fewest.machines, "machines"),
            "tables": _fewest(plan.fewest.tables, "tables"),
            "by_service": [
                {
                    "service_seconds": each.seconds,
                    **_with_interval("longest_wait_mean", each.longest),
                    **_with_interval("machines", each.machines, 0),
                    **_with_interval("more", each.more, 0),
                }
                for each in plan.fewest.by_service
            ],
            "leaving": _leaving(plan) if plan.loses else None,
            "moved": _moved(plan.fewest.moved),
        },
    }


def _place(bureau: TownBureau) -> dict[str, str]:
    return {"insee": bureau.insee, "bureau": bureau.code}


def _minutes(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _with_interval(name: str, found: Estimate, digits: int = 2) -> dict[str, Any]:
    return {
        name: round(found.mean, digits),
        f"{name}_interval": [round(found.low, digits), round(found.high, digits)],
    }


def _scenario(each: ScenarioFigures, code: str) -> dict[str, Any]:
    return {
        "name": show(code, each.name),
        "settings": dict(each.settings),
        "told": [show(code, said) for said in each.told],
        "town": _town(each.town),
        "bureaux": [_bureau(figures) for figures in each.bureaux],
        "difference": None if each.difference is None else _difference(each, each.difference),
        "outage": None if each.outage is None else _outage(each.outage),
    }


def _town(town: TownFigures) -> dict[str, Any]:
    return {
        "people_mean": round(town.people, 1),
        "lost_mean": round(town.lost, 2),
        "lost_without_failures_mean": None if town.lost_anyhow is None else round(town.lost_anyhow, 2),
        **_with_interval("wait_mean", town.wait),
        "wait_p95": round(town.p95, 2),
        **_with_interval("longest_wait_mean", town.longest),
        "longest_wait_worst": round(town.longest_worst, 2),
        "above_limit": town.above,
        "unsure": town.unsure,
        "last_out_mean": round(town.last, 3),
        "last_out_worst": round(town.last_worst, 3),
        "failed_mean": round(town.failed, 3),
        "without_reserve_mean": round(town.without, 3),
    }


def _bureau(figures: BureauFigures) -> dict[str, Any]:
    return {
        **_place(figures.bureau),
        "people_mean": round(figures.people, 1),
        "lost_mean": round(figures.lost, 2),
        **_with_interval("wait_mean", figures.wait),
        **_with_interval("wait_p95", figures.p95),
        **_with_interval("longest_wait_mean", figures.longest),
        "longest_wait_worst": round(figures.longest_worst, 2),
        "longest_queue_mean": round(figures.queue, 1),
        "longest_queue_worst": figures.queue_worst,
        "last_out_mean": round(figures.last, 3),
        "last_out_worst": round(figures.last_worst, 3),
        "above_limit": figures.above,
        "unsure": figures.unsure,
        "by_hour": [
            {
                "hour": each.hour,
                "arrivals_mean": round(each.arrivals, 1),
                "wait_mean": round(each.wait, 2),
                "queue_mean": round(each.queue, 1),
            }
            for each in figures.by_hour
        ],
    }


def _difference(each: ScenarioFigures, found: ScenarioDifference) -> dict[str, Any]:
    return {
        **_with_interval("wait_mean", found.wait),
        **_with_interval("longest_wait_mean", found.longest),
        **_with_interval("lost_mean", found.lost),
        "above_limit": found.above,
        "bureaux": [
            {**_place(figures.bureau), **_with_interval("longest_wait_mean", more)}
            for figures, more in zip(each.bureaux, found.bureaux, strict=True)
        ],
    }


def _outage(cost: OutageCost) -> dict[str, Any]:
    def costs(of: WaitCost) -> dict[str, Any]:
        return {
            **_with_interval("without", of.before),
            **_with_interval("with", of.after),
            **_with_interval("difference", of.more),
        }

    return {"worst": {**_place(cost.worst), **costs(cost.at_worst)}, "random": costs(cost.at_random)}


def _fewest(found: FewestOf, equipment: str) -> dict[str, Any]:
    less = found.one_less
    return {
        "now": found.now,
        "total": found.total,
        "bureaux": [
            {
                **_place(need.bureau),
                "now": need.now,
                equipment: need.needed,
                "longest_wait_mean": _minutes(need.wait),
                "one_less": _minutes(need.one_less),
            }
            for need in found.bureaux
        ],
        "one_less": None
        if less is None
        else {
            name: {**_place(need.bureau), "longest_wait_mean": _minutes(need.one_less)}
            for name, need in zip(("least", "most"), less, strict=True)
        },
    }


def _leaving(plan: PlannedTown) -> dict[str, Any]:
    now, then = plan.leaving or (None, None)
    return {
        "now_mean": None if now is None else round(now, 2),
        "with_fewest_mean": None if then is None else round(then, 2),
        "bureaux": [
            {**_place(need.bureau), "now_mean": round(need.lost_now, 2), "with_fewest_mean": round(need.lost, 2)}
            for need in plan.fewest.machines.bureaux
        ],
    }


def _moved(moved: Moves) -> dict[str, Any]:
    def of_bureaux(some: tuple[BureauMove, ...]) -> list[dict[str, Any]]:
        return [
            {
                **_place(each.bureau),
                "registered": each.bureau.registered,
                "capacity": each.capacity,
                "voters": each.voters,
            }
            for each in some
        ]

    return {
        "total": moved.total,
        "from": of_bureaux(moved.leaving),
        "to": of_bureaux(moved.coming),
        "cannot_be_placed": moved.without_place,
    }
