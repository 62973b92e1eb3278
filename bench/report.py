"""`python -m bench report`: the report to hand on, of a night in which every bureau is in a case, and of a nation.

Reading and verifying are not measured, only what is made of them: the contents and the page. A city's night of 1,420
bureaux has PVs that do not add up, a gap in every bureau and centralising records that change it; the nation has gaps
of all sizes in a third of its 69,242 bureaux.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from bench.nation import CountedNation
from bench.timing import timed, verdict
from protocol.files import csv_bytes
from protocol.night import TABULATION
from regard.dossier.contents import build
from regard.dossier.page import as_page
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources

CITY, NATION = 1_420, 69_242
MOST_SECONDS = 2.0
MOST_MEGABYTES = {CITY: 3.0, NATION: 10.0}


def write_night(folder: Path, bureaux: int, share: float) -> None:
    """PVs, sign-in counts and centralising records of a night.

    Args:
        folder: where to.
        bureaux: how many; the codes of communes are random.
        share: of the bureaux in which votes and signatures differ.
    """
    nation = CountedNation(bureaux, together=20)
    random = nation.random
    gap = np.where(random.random(bureaux) < share, np.rint(random.standard_t(2, bureaux) * 3).astype(np.int64), 0)
    nation.on_list = nation.signed = np.maximum(nation.found + gap, 0)
    nation.valid += (random.random(bureaux) < share / 4) * random.integers(2, 40, bureaux)
    nation.write(folder)
    found = nation.found
    rows = nation.rows(nation.registered, found, found, nation.blank, nation.null, nation.valid)
    (folder / TABULATION.file).write_bytes(csv_bytes(TABULATION.header, rows))


def measure(bureaux: int, share: float, rounds: int) -> bool:
    """Check that the report of such a night keeps its bounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_night(folder, bureaux, share)
        evidence = load(Sources(folder=folder))
        result = audit.run(evidence)
    pages = [timed(lambda: as_page(build(evidence, result, "fr"))) for _ in range(rounds)]
    print(f"{bureaux:,} bureaux, {len(result.cases):,} cases, {len(result.findings):,} findings")
    held = verdict(f"report of {bureaux:,} bureaux, MB", len(pages[0][0]) / 1e6, MOST_MEGABYTES[bureaux])
    return (
        verdict(f"report of {bureaux:,} bureaux, seconds", min(seconds for _, seconds in pages), MOST_SECONDS) and held
    )


def main(rounds: int = 3) -> bool:
    """Measure; whether all bounds held."""
    return all([measure(CITY, 1.0, rounds), measure(NATION, 0.3, rounds)])
