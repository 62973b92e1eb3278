"""Reading bulletins of Brazilian urnas and comparing what is in them.

One thread. The work of `protocol.bu.reader`: files opened, decoded within bounds, encoded again, sums, names and
envelopes checked, votes put into tallies. The signatures of the lines of 2022 are a stage of their own, which
``--skip-crypto`` leaves out: each is an Ed25519 signature, the key is loaded once a bulletin. So many bulletins a
minute cannot be had with them: OpenSSL alone is below it, and no kept library for Python checks signatures in batches.
The bulletins are made up, as large as a real one of 2022 with 127 choices in five offices.
"""

from __future__ import annotations

import hashlib
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.timing import in_turn, verdict
from protocol.bu.counts import OfficeCounts, UrnaSection
from protocol.bu.reader import read
from protocol.bu.schema import FormatVersion
from protocol.dumps.checks import CheckVerdict
from protocol.dumps.layouts import LAYOUTS
from tests.protocol.bu.writing import UrnaDay, write_bulletin

SEED = 2026
CHOICES = ((546, 6, 47, 4), (546, 7, 64, 5), (546, 5, 5, 3), (546, 3, 5, 2), (544, 1, 6, 2))
"""Election, office, choices and digits of their numbers."""
BOUND_A_MINUTE = 10_000.0
LINES = sum(choices for _, _, choices, _ in CHOICES) + 2 * len(CHOICES)


def make_day(section: int) -> UrnaDay:
    """A day of one urna; the same number, the same day."""
    random = np.random.default_rng(np.random.SeedSequence([SEED, section]))
    offices = []
    for election, office, choices, digits in CHOICES:
        numbers = np.sort(random.choice(np.arange(10 ** (digits - 1), 10**digits), choices, replace=False))
        votes = random.integers(1, 9, choices)
        counts = OfficeCounts(election, office, 999)
        counts.nominal.update(dict(zip(numbers.tolist(), votes.tolist(), strict=True)))
        counts.parties = {number: int(str(number)[:2]) for number in counts.nominal}
        counts.blank, counts.null = 2, 3
        counts.turnout = counts.votes
        offices.append(counts)
    key = hashlib.sha256(b"a key of nobody").digest()
    code, times = f"{section:024}", ("20220920T171800", "20221002T080242", "20221002T170333", "20221002T170722")
    software = "8.26.0.0 - Onça-pintada"
    return UrnaDay(UrnaSection(2, 406, 6050, 2, section), 2402, 2016070, software, code, *times, offices, key, 8, 388)


def write_files(folder: Path, count: int, version: FormatVersion) -> list[Path]:
    """The bulletins of so many sections."""
    paths = []
    for section in range(1, count + 1):
        day = make_day(section)
        if version is FormatVersion.V2022:
            path = folder / f"o00406-060500002{section:04}.bu"
        else:
            path = folder / f"o00406ap060500002{section:04}-bu.dat"
            day = replace(day, written="20241006T170722")
        path.write_bytes(write_bulletin(day, version))
        paths.append(path)
    return paths


def ours(paths: Sequence[Path], signatures: bool) -> int:
    """Read all; the number of things that are wrong, or sections that are missing."""
    layout = next(each for each in LAYOUTS if each.name == "bu")
    found = read(layout, paths, signatures=signatures)
    failing = sum(check.verdict is CheckVerdict.FAILS for check in found.checks)
    return failing + len(found.problems) + len(paths) - len(found.tallies.units)


def main(count: int = 200, signed: int = 10, rounds: int = 7) -> bool:
    """Measure so many bulletins of each version, some with their signatures checked; whether all bounds held."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for version in FormatVersion:
            (place := Path(folder, version.value)).mkdir()
            paths[version] = write_files(place, count, version)
        first, last = paths[FormatVersion.V2022], paths[FormatVersion.V2024]
        size = sum(path.stat().st_size for path in first) / count
        print(f"{count:,} bulletins of each version, of {size:,.0f} bytes and {LINES} lines; one thread; ", end="")
        print(f"Python {platform.python_version()}; a minute and core:")
        ways: dict[str, tuple[int, Callable[[], object]]] = {
            "2022, without line signatures": (count, lambda: ours(first, False)),
            "2024, with chains of hashes": (count, lambda: ours(last, True)),
            "2022, with line signatures": (signed, lambda: ours(first[:signed], True)),
        }
        for name, (_, work) in ways.items():
            if work():
                raise AssertionError(f"{name}: something was found wrong where there is nothing")
        *bound, signatures = in_turn(ways, rounds).items()
    print(f"bulletins of {signatures[0]}: {60e9 / signatures[1].best:,.0f}")
    held = [verdict(f"bulletins of {name}", 60e9 / taken.best, BOUND_A_MINUTE, at_least=True) for name, taken in bound]
    return all(held)
