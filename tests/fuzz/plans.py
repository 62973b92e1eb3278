"""Fuzzing of what `regard plan` is given: a town's list as text and as a workbook, scenarios as files and options."""

import io
import json
import tomllib
from pathlib import Path

import xlsxwriter

from protocol.errors import RegardError
from regard.office.scenarios import scenarios_of
from regard.office.town_list import read_town
from tests.fuzz import _guided
from tests.fuzz._guided import Bounds, Harness, Random, one_of

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


SETTINGS: tuple[dict[str, object], ...] = (
    {"polls": 2, "second": 30.5},
    {"polls": 1},
    {"out": "17:00/40"},
    {"out": "9:30/1", "then": "reserve", "reserves": 1, "travel": 0.5},
    {"out": "17:00/40", "then": "paper", "paper-after": 20},
    {"breakdown": 0.01, "repair": 40.5},
    {"breakdown": 1, "then": "reserve", "reserves": 3},
    {"election": "2014-M1"},
    {"profile": "12h=0.35,17h=0.88", "turnout": 0.3},
    {"late-city": True, "turnout": 0.74},
    {"proxies": 0.08, "service": 50.5},
    {"opening-delay": 45, "closing": 20},
    {"patience": 5},
)
"""Settings of a scenario that go together."""
ODD: tuple[object, ...] = (-1, 0, 1e300, 2**70, "", "x" * 3000, True, "\x1b[2J", "25:00/-1", "12h=2", "none")
"""Values that most settings refuse."""


def changed(data: bytes, other: bytes, random: Random) -> bytes:
    """An input changed at random; scenarios most often so that they are still understood."""
    if b"scenario" not in data or random.integers(8) == 0:
        return _guided.mutated(data, other, random)
    try:
        good = random.integers(3) > 0  # as what is kept is refused as often as not
        scenarios = tomllib.loads(SCENARIOS if good else data.decode())["scenario"]
        for _ in range(int(random.integers(1, 4))):
            _change(scenarios, random)
    except (ValueError, KeyError, TypeError, AttributeError):  # no scenarios, or bytes that were changed before
        return _guided.mutated(data, other, random)
    return b"\n".join(map(_written, scenarios))


def _change(scenarios: list[dict[str, object]], random: Random) -> None:
    """Another scenario, one more, one less, or an odd value in one."""
    at, kind = int(random.integers(len(scenarios))), int(random.integers(16))
    made = {"name": f"no. {random.integers(10**6)}", **one_of(SETTINGS, random)}
    if kind == 0 and len(scenarios) > 1:
        del scenarios[at]
    elif kind == 1:
        names = sorted(scenarios[at])
        scenarios[at][one_of(names, random)] = one_of(ODD, random)
    elif kind < 8 and len(scenarios) < 20:
        scenarios.append(made)
    else:
        scenarios[at] = made


def _written(scenario: dict[str, object]) -> bytes:
    """A scenario as TOML, whose texts, numbers and truth values JSON writes as well."""
    return "\n".join(["[[scenario]]", *(f"{name} = {json.dumps(value)}" for name, value in scenario.items())]).encode()


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
    """Count the bureaux, or scenarios, that were read; 0 for a refused file."""
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


run = Harness(seeds, examine, BOUNDS, changed).run
