"""Fuzzing of what `regard plan` is given: a town's list as text and as a workbook, scenarios as files and options."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from protocol.errors import RegardError
from regard.office.scenarios import scenarios_of
from regard.office.town_list import read_town
from tests.fuzz import _guided
from tests.fuzz._guided import Bounds, Effort

BOUNDS = Bounds(seconds=5, memory=32 * 2**20)
"""For small files as these."""
HOURS = (8, 19)
ROWS = (
    ("Ville du Havre",),
    ("Code INSEE", "Commune", "N° BV", "Lieu", "Inscrits", "Nb machines", "Tables", "Horaires"),
    ("76351", "Le Havre", "0001", "Mairie", 1012, 1, 1, "8h-19h"),
    ("76351", "Le Havre", "0002", "École Jaurès", 1300, 2, 2, "de 8 h à 20 h"),
    ("Total", "", "", "", 2312, 3, 3, ""),
)
SCENARIOS = """[[scenario]]
name = "Deux scrutins"
polls = 2
second = 30
[[scenario]]
out = "17:00/40"
then = "reserve"
reserves = 1
travel = 20.5
[[scenario]]
profile = "12h=0.35,17h=0.88"
late-city = true
"""


def seeds() -> dict[str, bytes]:
    """A good one of each kind."""
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet("Bureaux")
        for at, row in enumerate(ROWS):
            sheet.write_row(at, 0, row)
    return {
        "list": "\n".join(";".join(map(str, row)) for row in ROWS).encode(),
        "workbook": book.getvalue(),
        "scenarios": SCENARIOS.encode(),
        "option": b"name=Panne,breakdown=0.01,repair=40,then=paper,paper-after=20,closing=20,patience=90",
    }


def examine(kind: str, path: Path, data: bytes) -> int:
    """How many bureaux, or scenarios, were read; 0 where it is refused."""
    path = path.with_suffix(".toml" if kind == "scenarios" else ".xlsx" if kind == "workbook" else ".csv")
    path.write_bytes(data)
    try:
        if kind == "option":
            return len(scenarios_of({}, [data.decode("utf-8", "replace")]))
        if kind == "scenarios":
            return len(scenarios_of({}, [str(path)]))
        return len(read_town(path, HOURS).bureaux)
    except RegardError:
        return 0


def run(effort: Effort, seed: int, report: Callable[[str], object]) -> int:
    """Fuzz every kind; returns how many inputs failed."""
    return _guided.run(seeds(), examine, BOUNDS, effort, seed, report)
