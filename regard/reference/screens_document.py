"""``python -m regard.reference.screens_document DATA``: how often each screen fires, on real and on simulated nights.

Writes `docs/studies/screens.md`. It needs the real results, which are not part of the repository, and some minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import re
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol import files
from protocol.errors import RegardError
from protocol.opening import open_evidence
from regard.cli import main as main_command
from verify import audit
from verify.loading import load
from verify.model.evidence import Sources
from verify.model.thresholds import Thresholds
from verify.rulebook.catalogue import rules

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
    """What was screened: a name for its column, nights, bureaux in all of them, findings by code, codes checked."""

    name: str
    nights: int
    bureaux: int
    found: Counter[str]
    checked: frozenset[str]


def screened(name: str, nights: Sequence[Sources], thresholds: Thresholds | None = None) -> ScreenedTable:
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
        done.append(screened(name, nights))

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


HEAD = """# The screens, measured

**Screens prove nothing.** They say what is unusual in figures that may all be right. They are infos, never errors or
warnings, and every text says so by itself. A bureau that a screen names is a bureau to look at first, no more.

Made by `python -m regard.reference.screens_document DATA --seeds {seeds}` from real results, which are not part of the
repository ({files}). It is written anew by hand with that command, and `regard.docs --check` leaves it alone.

## How many fire

Findings of each screen. `nation` and `machines` are the ministry's results of the presidential election of 2017,
rounds 1 and 2: every bureau and the {machines:,} bureaux of communes where all vote by machine, each round with the
other one beside it (`--other-round`); then the feeds of cities that publish both counts; `replayed` the same machine
bureaux as whole nights with exports, urns and PVs; `clean` simulated nights of 2022 without any fault (seeds 1 to
{seeds}) and `faulty` with the default ones, all nights together. A simulated night has no other round.

"""

TAIL = """
A dash: the evidence for it is not there, or it is off (P408 where the sign-ins were made from the votes).

## How they decide

- **P401** counts votes: a gap above {gap_permille} ‰ and {gap_permille_large} ‰ of the votes found (the French
  studies), of {gap_percent} % or {gap_votes} votes and more (the Dutch rule). It is the one screen that looks at
  both counts.
- **P402 to P404** hold a bureau against the median of the *other* bureaux of its commune that count in the same
  way, from {screen_bureaux} bureaux and {screen_votes} votes on. The distance is measured in median absolute
  deviations of the others, never less than chance alone would give (for a turnout one voter), and never less than
  {screen_spread_percent} % of the middle commune's. Fixed percentages do not work: blanks of 3 % and more are found
  in a third of the machine bureaux of one round and in all of the next.
- **Correction.** With three hundred thousand shares to look at, one in twenty is fifteen thousand. Holm's
  correction is used and not a false discovery rate: a screen points at a bureau by its name, so that one name too
  many weighs more than one too few, and Holm's holds however the tests depend on each other, which bureaux of a
  commune and choices of a bureau do. Each screen is to name anything at all in at most one night of {screen_one_in}
  in which communes are even.
- **The floor matters.** Four other bureaux lie close together by chance now and then. Without the floor the change
  of turnout names {without_floor} of the machine bureaux in round 2 of 2017; with it, those of the table.
- **P408** takes the rate of gaps from the other communes of the evidence (at least {too_good_communes}), or from
  the user (`gap_rate_permille`), and the clustering of gaps by commune from there too, at least
  {gap_correlation_permille} ‰. Real rates run from 5 to 32 % by place and ballot; independence would call every
  tidy commune impossible.
- **P410** looks at communes only, from {digit_figures} figures of {digit_least} votes and more. Counts thin out as
  they grow, so that small digits are a little more frequent: over ten thousand figures that alone would fire.
- **P406** is a name rather than a screen: a bureau whose results were annulled has votes found and no valid one,
  all of them booked as null. Its nulls are left out of P402, P404, P409 and P412.
- **P409** finds, in a list that does not say how communes count, those that never show a null vote in two rounds,
  from {no_null_votes:,} votes on. On the nation of 2017 they are the communes known to vote by machine in full, and
  no other.
- **P411 and P413**: {registered_jump} voters and more than {registered_jump_percent} % of the other round's roll; a
  pair of bureaux whose rolls were exchanged, {registered_jump} voters apart or more, is one finding of P413 instead
  of two.

## What is weak

- The tail of a ratio of medians is only nearly Student's. The rate that P402 to P404 keep is measured in the tests,
  on even communes of the sizes of the real ones.
- A real quarter may differ from its town for good reasons; P404 finds new housing as readily as a slipped line.
- The rate that P404 keeps holds for communes that are even on the scale of the screens. Shares of real bureaux differ
  by factors, and so do those of simulated ones, measured on them ([the calibration](calibration.md)): a choice that is
  at home in one quarter stands out there more often than chance has it. P404 names {clean} bureaux in {seeds} clean
  nights, where it would name one in {screen_one_in} nights.
- All thresholds can be changed (`regard verify --thresholds FILE`); these figures are of the ones above.
"""
"""Both are filled to the width of a page once their figures are in."""


def text(
    done: Sequence[ScreenedTable],
    seeds: int,
    digests: Sequence[tuple[str, str]],
    thresholds: Thresholds,
    without_floor: int,
) -> str:
    """The document."""
    named = ", ".join(f"`{name}` {digest[:16]}…" for name, digest in digests)
    machines = next(case.bureaux for case in done if case.name.startswith("machines"))
    rows = [("screen", *(case.name for case in done)), ("---", *("---:" for _ in done))]
    rows.append(("nights", *(f"{case.nights:,}" for case in done)))
    rows.append(("bureaux", *(f"{case.bureaux:,}" for case in done)))
    for code, rule in rules().items():
        if code.startswith("P"):
            counts = (f"{case.found[code]:,}" if code in case.checked else "–" for case in done)
            rows.append((f"{code} {rule.title}", *counts))
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    limits = {field.name: getattr(thresholds, field.name) for field in dataclasses.fields(thresholds)}
    clean = next(case for case in done if case.name == "clean")
    head = _filled(HEAD.format(seeds=seeds, files=named, machines=machines))
    return (
        head
        + "\n"
        + table
        + "\n\n"
        + _filled(TAIL.format(**limits, without_floor=without_floor, seeds=seeds, clean=clean.found["P404"]))
    )


def _filled(source: str) -> str:
    """Paragraphs and list entries, each filled to the width of a page."""
    done: list[str] = []
    for paragraph in source.strip().split("\n\n"):
        entries = re.split(r"\n(?=- )", paragraph)
        filled = (
            textwrap.fill(
                " ".join(entry.split()),
                120,
                subsequent_indent="  " if entry.startswith("- ") else "",
                break_on_hyphens=False,
            )
            for entry in entries
        )
        done.append("\n".join(filled))
    return "\n\n".join(done) + "\n"


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
    without_floor = screened("", [second], Thresholds(screen_spread_percent=0)).found["P403"]
    files.write(document, text(done, parsed.seeds, digests, Thresholds(), without_floor).encode())
    print(document)
    return 0


if __name__ == "__main__":
    sys.exit(main())
