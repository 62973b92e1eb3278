"""Towns of many bureaux for the screens, published or as PVs: nothing is out of line unless a test makes it so."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from protocol import night
from protocol.election import election_toml
from protocol.files import csv_bytes
from regard.language import show
from tests.verify.night_builder import CHOICES, PublishedRow, infos, published_bytes, small_night
from verify import audit
from verify.audit import Audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.findings import Finding, Severity
from verify.model.thresholds import Thresholds

Town = list[PublishedRow]


def bureau(
    code: str,
    registered: int = 1000,
    blank: int = 20,
    null: int = 6,
    votes: Sequence[int] = (350, 250, 100),
    insee: str = "77001",
) -> PublishedRow:
    """A bureau whose figures add up."""
    valid = sum(votes)
    found = valid + blank + null
    counts = (registered, registered - found, found, blank, null, valid)
    names = ("Inscrits", "Abstentions", "Votants", "Blancs", "Nuls", "Exprimés")
    return PublishedRow(
        insee, "Essai", code, dict(zip(names, counts, strict=True)), dict(zip(CHOICES, votes, strict=True))
    )


def town(bureaux: int = 12, later: int = 0) -> Town:
    """Bureaux that differ a little from one another; ``later`` fewer votes for a second round."""
    return [
        bureau(
            f"{number:04}",
            registered=1000 + 3 * number,
            blank=18 + number % 5,
            null=5 + number % 3,
            votes=(350 + number % 7 - later, 250 - number % 5 + number, 100 + number % 4),
        )
        for number in range(1, bureaux + 1)
    ]


def run(folder: Path, rows: Town, other: Town | None = None, thresholds: Thresholds | None = None) -> Audit:
    """Audit a town from its published results, with the other round where there is one."""
    first, second = folder / "tour1.txt", folder / "tour2.txt"
    first.write_bytes(published_bytes(rows))
    if other is not None:
        second.write_bytes(published_bytes(other))
    evidence = load(Sources(published=(first,), other_round=None if other is None else second))
    evidence.thresholds = thresholds or Thresholds()
    return audit.run(evidence)


def one(result: Audit, code: str) -> Finding:
    """The only finding of a code, which is an info and says so in two languages."""
    [found] = infos(result, code)
    assert not [other for other in result.findings if other.code == code and other.severity is not Severity.INFO]
    for language in ("fr", "en"):
        assert show(language, found.message)
    return found


def tidy(
    folder: Path,
    bureaux: int,
    gaps: int = 4,
    communes: int = 12,
    rehearsed: bool = False,
    thresholds: Thresholds | None = None,
) -> Audit:
    """A commune of so many machine bureaux without a gap, among others with ten bureaux and ``gaps`` gaps each."""
    sizes = [(f"77{number:03}", 10, gaps) for number in range(1, communes + 1)] + [("92002", bureaux, 0)]
    units = [(insee, f"{number:04}", number <= odd) for insee, size, odd in sizes for number in range(1, size + 1)]
    election = small_night().election
    election = dataclasses.replace(election, complete=frozenset(), rehearsed=rehearsed)
    (folder / night.ELECTION).write_bytes(election_toml(election))
    universe = [
        [insee, "Essai", insee[:2], "", code, 900, "machine", "08:00", "19:00", "", "", "", ""]
        for insee, code, _ in units
    ]
    (folder / night.UNIVERSE.file).write_bytes(csv_bytes(night.UNIVERSE.header, universe))
    pv = [[insee, code, 1, 900, 700 - odd, 700, 0, 0, 700, 0, "08:00", "19:00", "écart"] for insee, code, odd in units]
    (folder / night.RECORDS.file).write_bytes(csv_bytes(night.RECORDS.header, pv))
    evidence = load(Sources(folder=folder))
    evidence.thresholds = thresholds or Thresholds()
    return audit.run(evidence)
