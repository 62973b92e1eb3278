"""`python -m bench cases`: what it takes to find the cases of a nation, beside its rules.

Three nations of 69,242 bureaux, each with PVs and sign-in lists: one with the gaps that are seen in life, and a slip of
the pen in four bureaux of a thousand; one in which every sign-in list has one signature too many; one in which every
list differs otherwise from its PV. Rules, coverage and the table of findings are timed, and then the whole audit:
cases, their proof, and the second look at screens and contests with the corrections made. For each time the evidence
is loaded anew, as a command does: what a table was found to show by itself is kept with it, and rules that looked at
it once would cost nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from bench.nation import BUREAUX, CountedNation, Ints
from bench.timing import timed, verdict
from protocol.files import csv_bytes
from protocol.night import VOTES
from sim.bureaux import Bureau
from sim.elections import SCENARIOS
from sim.evidence import PaperFigures, PublishedRow
from sim.nights.ministry import published_bytes
from verify import audit
from verify.loading import load
from verify.model.cases import Sure
from verify.model.evidence import LinedEvidence, Sources

CANDIDATES = SCENARIOS[2022].candidates
MOST_RATIO = 1.3
"""Of the whole audit to its rules, where slips are as rare as in life."""
MOST_WHERE_ALL_DIFFER = 3.0
"""The same where every bureau is wrong."""
MOST_SECONDS = 5.0
"""For the one case of a column that is one too high."""
SLIPS = 0.004
GAPS = ((1, 0.198), (2, 0.057), (3, 0.030), (4, 0.017))
"""Bureaux by size of their gap, about as in the machine bureaux of 2007 and 2008; two of three are of votes
beyond signatures."""
MORE_VOTES = 0.65


def write_votes(nation: CountedNation, votes: Ints, folder: Path) -> None:
    """The votes by choice of the PVs."""
    labels = [candidate.label for candidate in CANDIDATES]
    places = zip(nation.insee, nation.code, votes.tolist(), strict=True)
    rows = (
        (insee, code, "1", label, count)
        for insee, code, row in places
        for label, count in zip(labels, row, strict=True)
    )
    (folder / VOTES.file).write_bytes(csv_bytes(VOTES.header, rows))


def publish(nation: CountedNation, votes: Ints, folder: Path) -> None:
    """The ministry's file, of the figures as they are now."""
    counts = (nation.registered, nation.signed, nation.found, nation.blank, nation.null, nation.valid)
    figures = zip(*(column.tolist() for column in counts), votes.tolist(), strict=True)
    places = zip(nation.insee, nation.code, figures, strict=True)
    rows = (
        (
            Bureau(insee, insee, insee[:2], insee[:2], "1", "1", code, counted[0], 0, 8, 19),
            PublishedRow(PaperFigures(*counted)),
        )
        for insee, code, counted in places
    )
    (folder / "publie.txt").write_bytes(published_bytes(rows, CANDIDATES))


def as_in_life(nation: CountedNation, folder: Path) -> None:
    """Gaps as they are seen in life, published results, and digits exchanged in one figure of some PVs and lists."""
    random = nation.random
    national = np.array([candidate.votes for candidate in CANDIDATES], np.float64)
    votes = random.multinomial(nation.valid, national / national.sum())
    sizes, shares = zip(*GAPS, strict=True)
    gap = random.choice((0, *sizes), BUREAUX, p=(1 - sum(shares), *shares))
    gap[random.random(BUREAUX) < MORE_VOTES] *= -1
    nation.signed += gap
    nation.on_list += gap
    publish(nation, votes, folder)
    struck = np.flatnonzero(random.random(BUREAUX) < SLIPS)
    columns = (nation.found, nation.on_list, nation.blank, nation.null, nation.valid, *votes[:, :3].T)
    for at, which in zip(struck.tolist(), random.integers(0, len(columns), len(struck)).tolist(), strict=True):
        columns[which][at] = slip(int(columns[which][at]), random)
    write_votes(nation, votes, folder)


def slip(count: int, random: np.random.Generator) -> int:
    """A count with its last two digits exchanged; with another last one where they are the same."""
    tens, ones = divmod(count, 10)
    tens, other = divmod(tens, 10)
    return 100 * tens + 10 * ones + other if ones != other and count > 9 else count // 10 * 10 + (ones + 4) % 10


def one_too_many(nation: CountedNation, folder: Path) -> None:
    """A signature too many on every list."""
    nation.on_list += 1


def all_different(nation: CountedNation, folder: Path) -> None:
    """On every list another number of signatures too many."""
    nation.on_list += nation.random.integers(1, 200, BUREAUX)


def written(happens: Callable[[CountedNation, Path], None], folder: Path) -> Path:
    """The folder of a nation in which that happens."""
    nation = CountedNation(BUREAUX)
    folder.mkdir()
    happens(nation, folder)
    nation.write(folder)
    return folder


def loaded(folder: Path) -> LinedEvidence:
    """The evidence of a nation, of which nothing has been made yet."""
    return load(Sources(folder=folder))


def held(name: str, folder: Path, most: float, rounds: int) -> bool:
    """Check that auditing a nation takes at most ``most`` times as long as its rules alone."""
    rules, whole = best_of({"rules": audit.apply_rules, "all": audit.run}, folder, rounds)
    found = audit.run(loaded(folder))
    certain = len(found.cases.corrections(Sure.CERTAIN))
    print(f"{name}: {len(found.findings):,} findings, {len(found.cases):,} cases, {certain:,} figures certainly wrong")
    print(f"        rules {rules:.2f} s, with cases, proof and second look {whole:.2f} s, of processor time")
    return verdict(f"{name}, times the rules alone", whole / rules, most)


def best_of(ways: Mapping[str, Callable[[LinedEvidence], object]], folder: Path, rounds: int) -> list[float]:
    """The least processor time that each way took over the nation, in seconds: in turn, each over its own evidence."""
    taken: dict[str, list[int]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            evidence = loaded(folder)
            start = time.process_time_ns()
            way(evidence)
            taken[name].append(time.process_time_ns() - start)
    return [min(times[1:]) / 1e9 for times in taken.values()]


def one_case(folder: Path) -> bool:
    """Check that one signature too many in every bureau of a nation gives one case, and time it."""
    evidence = loaded(folder)
    found, seconds = timed(lambda: audit.run(evidence))
    cases = found.cases
    grave = [case for case in cases if case.detail.values.get("added") == 1]
    print(f"one too many: {len(cases):,} cases, {len(grave):,} that says so")
    return verdict("one too many, seconds", seconds, MOST_SECONDS) and len(cases) == len(grave) == 1


def main(rounds: int = 3) -> bool:
    """Measure; whether all bounds held."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        life = held("as in life", written(as_in_life, folder / "life"), MOST_RATIO, rounds)
        one = one_case(written(one_too_many, folder / "one"))
        all_of_them = written(all_different, folder / "all")
        different = held("all different", all_of_them, MOST_WHERE_ALL_DIFFER, min(rounds, 2))
    return life and one and different
