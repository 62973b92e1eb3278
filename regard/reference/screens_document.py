"""``python -m regard.reference.screens_document DATA``: how often each screen fires, on real and on simulated nights.

Writes `docs/studies/screens.md`. It needs the real results, which are not part of the repository, and some minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol import files
from protocol.errors import RegardError
from protocol.opening import open_evidence
from regard.cli import main as main_command
from regard.reference import markdown
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.thresholds import Thresholds
from verify.rulebook.catalogue import rules

TEMPLATE = Path(__file__).with_name("screens.md.j2")
DOCUMENT = Path(__file__).parents[2] / "docs" / "studies" / "screens.md"
NATION = tuple(f"2017-presidentielle-{turn}_par_bureau_large.csv.gz" for turn in (1, 2))
MACHINES = tuple(f"REBUILT_PR17_BVot_T{turn}_machines.txt" for turn in (1, 2))
CITIES = {
    "Paris 2017": "2017-presidentielle-t1-paris-city.csv",
    "Paris 2022": "2022-presidentielle-t2-paris-city.csv",
    "Toulouse 2015": "2015-departementales-t1-toulouse.json",
}


@dataclass(frozen=True, slots=True)
class ScreenedTable:
    """Screened nights: name of the column, nights, bureaux in all of them, findings by code, codes checked."""

    name: str
    nights: int
    bureaux: int
    found: Counter[str]
    checked: frozenset[str]


def screen_nights(name: str, nights: Sequence[Sources], thresholds: Thresholds | None = None) -> ScreenedTable:
    """Audit each night and count the findings of its screens."""
    bureaux, found = 0, Counter[str]()
    checked: frozenset[str] = frozenset()
    for sources in nights:
        evidence = load(sources)
        evidence.thresholds = thresholds or evidence.thresholds
        result = audit.run(evidence)
        rehearsed = evidence.election is not None and evidence.election.rehearsed
        checked = frozenset(result.coverage.checked) - ({"P408"} if rehearsed else frozenset())
        bureaux += result.coverage.bureaux
        found += Counter(one.code for one in result.findings if one.code.startswith("P"))
    return ScreenedTable(name, len(nights), bureaux, found, checked)


def cases(data: Path, seeds: int, folder: Path, tell: Callable[[str], None]) -> list[ScreenedTable]:
    """All cases; nights are written below ``folder``."""
    pairs = ((0, 1), (1, 0))
    done: list[ScreenedTable] = []

    def add(name: str, nights: Sequence[Sources]) -> None:
        tell(name)
        done.append(screen_nights(name, nights))

    for here, there in pairs:
        sources = Sources(published=(data / NATION[here],), other_round=data / NATION[there])
        add(f"nation {here + 1}", [sources])
    for here, there in pairs:
        sources = Sources(published=(data / MACHINES[here],), other_round=data / MACHINES[there])
        add(f"machines {here + 1}", [sources])
    for city, file in CITIES.items():
        add(city, [Sources(published=(data / file,))])
    replayed = [folder / f"replayed-{turn}" for turn in (1, 2)]
    for published, night in zip(MACHINES, replayed, strict=True):
        tell(f"replaying {published}")
        _command("replay", data / published, night)
    for here, there in pairs:
        sources = Sources(folder=replayed[here], other_round=replayed[there])
        add(f"replayed {here + 1}", [sources])
    for faults, name in (("none", "clean"), ("default", "faulty")):
        nights = []
        for seed in range(1, seeds + 1):
            tell(f"simulating a {name} night, seed {seed}")
            night = folder / f"{name}-{seed}"
            _command("simulate", night, "--faults", faults, "--seed", seed)
            nights.append(Sources(folder=night))
        add(name, nights)
    return done


def _command(*words: object) -> None:
    """Run a command of regard without its output."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        if main_command([str(word) for word in words]):
            raise RegardError(f"regard {' '.join(map(str, words))}: {said.getvalue()}")


def text(
    done: Sequence[ScreenedTable],
    seeds: int,
    digests: Sequence[tuple[str, str]],
    thresholds: Thresholds,
    without_floor: int,
) -> str:
    """The document."""
    rows = [("nights", *(f"{case.nights:,}" for case in done)), ("bureaux", *(f"{case.bureaux:,}" for case in done))]
    for code, rule in rules().items():
        if code.startswith("P"):
            counts = (f"{case.found[code]:,}" if code in case.checked else "–" for case in done)
            rows.append((f"{code} {rule.title}", *counts))
    return markdown.document(
        TEMPLATE,
        clean=next(case for case in done if case.name == "clean").found["P404"],
        files=", ".join(f"`{name}` {digest[:16]}…" for name, digest in digests),
        head=("screen", *(case.name for case in done)),
        limits=thresholds,
        machines=next(case.bureaux for case in done if case.name.startswith("machines")),
        numbers=range(1, len(done) + 1),
        rows=rows,
        seeds=seeds,
        without_floor=without_floor,
    )


def main(argv: Sequence[str] | None = None, document: Path = DOCUMENT) -> int:
    """Measure and write. Returns 0, or 2 where the real results are not there."""
    parser = argparse.ArgumentParser(prog="python -m regard.reference.screens_document", description=__doc__)
    parser.add_argument("data", metavar="DATA", type=Path, help="the folder of real results")
    parser.add_argument("--seeds", metavar="N", type=int, default=5, help="simulated nights of each kind (default 5)")
    parsed = parser.parse_args(argv)
    names = (*NATION, *MACHINES, *CITIES.values())
    missing = [name for name in names if not (parsed.data / name).is_file()]
    if missing:
        print(f"{parsed.data}: not there: {', '.join(missing)}", file=sys.stderr)
        return 2
    digests = [(name, open_evidence(parsed.data / name).sha256) for name in names]
    with tempfile.TemporaryDirectory() as folder:
        tell = lambda what: print(what, file=sys.stderr)  # noqa: E731
        done = cases(parsed.data, parsed.seeds, Path(folder), tell)
    second = Sources(published=(parsed.data / MACHINES[1],), other_round=parsed.data / MACHINES[0])
    without_floor = screen_nights("", [second], Thresholds(screen_spread_percent=0)).found["P403"]
    files.write(document, text(done, parsed.seeds, digests, Thresholds(), without_floor).encode())
    print(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
