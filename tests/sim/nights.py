"""Small nights for tests, and how to read them without any of regard's readers."""

import copy
import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim import polling
from sim.bureaux import choose, machine_bureaux
from sim.elections import SCENARIOS
from sim.evidence import BureauEvidence
from sim.nights.night import copy_papers, simulate
from tests.sources import new_folder

FEW = ["34324", "77513"]


def night(
    codes: list[str] = FEW, faults: dict[str, float] | None = None, folder: Path | None = None, **options: Any
) -> Path:
    folder = folder or new_folder()
    arguments = {"seed": 5, "workers": 1, "year": 2022} | options
    simulate(folder, communes=choose(arguments["year"], codes), rates=faults or {}, **arguments)
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_bureau(folder: Path, name: str) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["insee"], row["bureau"]): row for row in rows(folder, name)}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@cache
def honest_commune() -> list[BureauEvidence]:
    """What the bureaux of a small commune leave behind on a day without faults."""
    (commune,) = choose(2022, ["77513"])
    return [polling.hold(1, SCENARIOS[2022], bureau, {}) for bureau in machine_bureaux(1, SCENARIOS[2022], commune)]


def struck(name: str) -> Iterator[tuple[BureauEvidence, BureauEvidence]]:
    """The bureaux that the fault struck, each without it and with it."""
    honest = honest_commune()
    commune = copy.deepcopy(honest)
    copy_papers(1, SCENARIOS[2022], {name: 1.0}, commune)
    pairs = [pair for pair in zip(honest, commune, strict=True) if pair[1].truth]
    assert pairs
    yield from pairs
