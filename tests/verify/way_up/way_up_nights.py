"""Small invented nations whose figures go all the way up, for tests: three départements, all on paper, no machine."""

import csv
import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.nights.replay import PublishedBureau, PublishedResults, ReplayedElection, replay
from sim.transmission.faults import way_faults
from tests.sim.nights import rows
from tests.sources import new_folder
from tests.verify.night_builder import codes_of, findings, grave_cases, loaded
from verify import audit
from verify.audit import Audit
from verify.model.cases import Case
from verify.model.findings import Finding, Severity

ELECTION = ReplayedElection("test-2022", "essai", "presidentielle", datetime.date(2022, 4, 10), 1)
CHOICES = ("ZOLA Émile", "CURIE Marie", "LOVELACE Ada", "HUGO Victor")
COMMUNES = {"01": (3, 1, 5), "2A": (4, 2), "974": (6, 3)}
"""Bureaux of each commune of a département."""


def results() -> PublishedResults:
    random = np.random.Generator(np.random.PCG64(7))
    rows = []
    for departement, sizes in COMMUNES.items():
        for number, size in enumerate(sizes, start=4):
            insee = departement + str(number).zfill(5 - len(departement))
            for bureau in range(1, size + 1):
                votes = tuple(random.integers(20, 400, len(CHOICES)).tolist())
                blank, null = (int(random.integers(10, 30)) for _ in range(2))
                found = sum(votes) + blank + null
                rows.append(
                    PublishedBureau(
                        insee=insee,
                        commune=f"Ville {insee}",
                        departement=departement,
                        constituency="",
                        bureau=f"{bureau:04}",
                        registered=found + int(random.integers(50, 300)),
                        votes_found=found,
                        blank=blank,
                        null=null,
                        votes=votes,
                    )
                )
    return PublishedResults({"": CHOICES}, rows)


def nation(seed: int = 1, **rates: float) -> Path:
    """A night with the documents of its way up; faults of it by their names, `_` for `-`."""
    folder = new_folder()
    named = {name.replace("_", "-"): rate for name, rate in rates.items()}
    assert named.keys() <= way_faults().keys()
    replay(results(), ELECTION, folder, machines=set(), seed=seed, way_up=named, workers=1)
    return folder


def audited(folder: Path) -> Audit:
    return audit.run(loaded(folder))


def grave(result: Audit) -> list[Case]:
    """The cases of errors and warnings, each of which is in one."""
    for at, finding in enumerate(result.findings):
        assert finding.severity is Severity.INFO or result.cases.number[at] > 0, finding
    return grave_cases(result)


def codes(result: Audit) -> set[str]:
    return codes_of(result.findings)


def found(folder: Path, code: str) -> list[Finding]:
    return findings(audited(folder), code)


def without(folder: Path, *names: str) -> None:
    """Take files and folders out of a night, and its manifest, which has them; none was declared complete."""
    for name in (*names, "manifest.json"):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def altered(folder: Path, name: str, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of a table in place."""
    lines = rows(folder, name)
    header = (folder / name).read_text("utf-8").splitlines()[0].split(",")
    change(lines)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    without(folder)
