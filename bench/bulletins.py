"""Reading bulletins of Brazilian urnas and comparing what is in them, beside asn1tools alone.

One thread. The work of `protocol.bu.reader`: files opened, decoded within bounds, encoded again, sums, names and
envelopes checked, votes put into tallies. The signatures of the lines of 2022 are a stage of their own, which
``--skip-crypto`` leaves out: each is an Ed25519 signature, the key is loaded once a bulletin, and the bound is
what OpenSSL alone takes for as many in the same run. So many bulletins a minute cannot be had with them: OpenSSL alone
is below it, and no kept library for Python checks signatures in batches. The bulletins are made up, as large as a real
one of 2022 with 127 choices in five offices.
"""

from __future__ import annotations

import hashlib
import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import asn1tools
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.timing import in_turn, table, verdict
from protocol.bu.counts import OfficeCounts, UrnaSection
from protocol.bu.reader import read
from protocol.bu.schema import BULLETIN, ENVELOPE, FormatVersion, modules
from protocol.dumps.checks import CheckVerdict
from protocol.dumps.layouts import LAYOUTS
from tests.protocol.bu.writing import UrnaDay, write_bulletin

SEED = 2026
CHOICES = ((546, 6, 47, 4), (546, 7, 64, 5), (546, 5, 5, 3), (546, 3, 5, 2), (544, 1, 6, 2))
"""Election, office, choices and digits of their numbers."""
BOUND_A_MINUTE, BOUND_RATIO, BOUND_SIGNATURES = 10_000.0, 6.0, 1.3
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


def with_asn1tools(paths: Sequence[Path], compiled: asn1tools.compiler.Specification) -> int:
    """Only decode what is in the files; the number of bulletins without an election."""
    found = 0
    for path in paths:
        envelope = compiled.decode(ENVELOPE, path.read_bytes())
        found += not compiled.decode(BULLETIN, envelope["conteudo"])["resultadosVotacaoPorEleicao"]
    return found


def openssl(count: int) -> Callable[[], None]:
    """So many signatures of 64 bytes checked, and nothing else."""
    signer = Ed25519PrivateKey.generate()
    message = bytes(64)
    signature, public = signer.sign(message), signer.public_key()

    def verify() -> None:
        for _ in range(count):
            public.verify(signature, message)

    return verify


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
        print(f"Python {platform.python_version()}, asn1tools {asn1tools.__version__}")
        ways: dict[str, tuple[int, Callable[[], object]]] = {
            "asn1tools alone, 2022": (count, lambda: with_asn1tools(first, modules(FormatVersion.V2022))),
            "regard, 2022, without line signatures": (count, lambda: ours(first, False)),
            "asn1tools alone, 2024": (count, lambda: with_asn1tools(last, modules(FormatVersion.V2024))),
            "regard, 2024, with chains of hashes": (count, lambda: ours(last, True)),
            "regard, 2022, with line signatures": (signed, lambda: ours(first[:signed], True)),
            "OpenSSL, the signatures of a bulletin": (signed, openssl(signed * LINES)),
        }
        for name, (_, work) in ways.items():
            if work():
                raise AssertionError(f"{name} found something wrong where there is nothing")
        times = in_turn(ways, rounds)
    print("\n" + table(times, "asn1tools alone, 2022", "bulletin") + "\n")
    held = []
    for year, name in (("2022", "without line signatures"), ("2024", "with chains of hashes")):
        taken, alone = times[f"regard, {year}, {name}"].best, times[f"asn1tools alone, {year}"].best
        held.append(
            verdict(f"bulletins of {year} a minute and core, {name}", 60e9 / taken, BOUND_A_MINUTE, at_least=True)
        )
        held.append(verdict(f"bulletins of {year}, times asn1tools alone", taken / alone, BOUND_RATIO))
    whole, bare = (
        times[name].best for name in ("regard, 2022, with line signatures", "OpenSSL, the signatures of a bulletin")
    )
    plain = times["regard, 2022, without line signatures"].best
    held.append(verdict("line signatures, times OpenSSL alone", (whole - plain) / bare, BOUND_SIGNATURES))
    print(
        f"bulletins of 2022 a minute and core, with line signatures: {60e9 / whole:,.0f}; "
        f"as many signatures by OpenSSL alone: {60e9 / bare:,.0f}"
    )
    return all(held)
