"""Small nights for tests, and how to read them without any of regard's readers."""

import csv
from pathlib import Path

from sim.bureaux import choose
from sim.nights.night import simulate

FEW = ["34324", "77513"]


def night(folder: Path, codes: list[str] = FEW, faults: dict[str, float] | None = None, **options: int) -> Path:
    arguments = {"seed": 5, "workers": 1} | options
    year = arguments.pop("year", 2022)
    simulate(folder, year=year, communes=choose(year, codes), rates=faults or {}, **arguments)  # type: ignore[arg-type]
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_bureau(folder: Path, name: str) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["insee"], row["bureau"]): row for row in rows(folder, name)}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
