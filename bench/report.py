"""`python -m bench report`: the report to hand on, of a night in which every bureau is in a case, and of a nation.

Reading and verifying are not measured, only what is made of them: the contents and the page. A city's night of 1,420
bureaux has PVs that do not add up, a gap in every bureau and centralising records that change it; the nation has gaps
of all sizes in a third of its 69,242 bureaux.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.timing import verdict
from protocol.files import csv_bytes
from protocol.night import RECORDS, SIGNATURES, TABULATION
from regard.dossier.contents import build
from regard.dossier.page import as_page
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources

CITY, NATION = 1_420, 69_242
MOST_SECONDS = 2.0
MOST_MEGABYTES = {CITY: 3.0, NATION: 10.0}


def write_night(folder: Path, bureaux: int, share: float, seed: int = 1) -> None:
    """PVs, sign-in counts and centralising records of a night.

    Args:
        folder: where to.
        bureaux: how many; the codes of communes are random.
        share: of the bureaux in which votes and signatures differ.
        seed: of all that is random.
    """
    random = np.random.default_rng(seed)
    insee = np.sort(random.integers(1001, 95_999, bureaux // 20 + 1).repeat(20)[:bureaux])
    number = np.arange(bureaux) - np.searchsorted(insee, insee) + 1
    registered = random.integers(300, 1500, bureaux)
    found = registered * random.integers(550, 850, bureaux) // 1000
    blank, null = found * random.integers(10, 40, bureaux) // 1000, found * random.integers(0, 30, bureaux) // 1000
    gap = np.where(random.random(bureaux) < share, np.rint(random.standard_t(2, bureaux) * 3).astype(np.int64), 0)
    signed = np.maximum(found + gap, 0)
    off = (random.random(bureaux) < share / 4) * random.integers(2, 40, bureaux)
    place = [[f"{code:05}" for code in insee], [f"{code:04}" for code in number], ["1"] * bureaux]
    counts = (registered, signed, found, blank, null, found - blank - null + off, found // 40)
    rest = [["08:00"] * bureaux, ["19:00"] * bureaux, [""] * bureaux]
    rows = list(zip(*place, *(column.tolist() for column in counts), *rest, strict=True))
    (folder / RECORDS.file).write_bytes(csv_bytes(RECORDS.header, rows))
    roll = zip(*place, registered.tolist(), signed.tolist(), strict=True)
    (folder / SIGNATURES.file).write_bytes(csv_bytes(SIGNATURES.header, roll))
    centralised = (registered, found, found, blank, null, counts[5])
    recap = zip(*place, *(column.tolist() for column in centralised), strict=True)
    (folder / TABULATION.file).write_bytes(csv_bytes(TABULATION.header, recap))


def measure(bureaux: int, share: float, rounds: int) -> bool:
    """Check that the report of such a night keeps its bounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_night(folder, bureaux, share)
        evidence = load(Sources(folder=folder))
        result = audit.run(evidence)
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        page = as_page(build(evidence, result, "fr"))
        seconds.append(time.perf_counter() - start)
    print(f"{bureaux:,} bureaux, {len(result.cases):,} cases, {len(result.findings):,} findings")
    held = verdict(f"report of {bureaux:,} bureaux, MB", len(page) / 1e6, MOST_MEGABYTES[bureaux])
    return verdict(f"report of {bureaux:,} bureaux, seconds", min(seconds), MOST_SECONDS) and held


def main(argv: Sequence[str]) -> int:
    """Measure. Returns 1 where a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench report", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args(argv).rounds
    held = [measure(CITY, 1.0, rounds), measure(NATION, 0.3, rounds)]
    return 0 if all(held) else 1
