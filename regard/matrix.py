"""`regard matrix`: what each kind of evidence shows of each fault, measured on simulated nights with known truth."""

from __future__ import annotations

import argparse
from pathlib import Path

from regard.language import add_language, say

SEEDS = 3
MOST_SEEDS = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    parser.add_argument(
        "--seeds",
        type=_seeds,
        default=SEEDS,
        metavar="N",
        help=f"nights for each fault, seeds 1 to N (default {SEEDS})",
    )
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("matrix"), metavar="DIR", help="where to write (default: matrix)"
    )
    parser.add_argument("--workers", type=_seeds, metavar="N", help="processes (default: one for each processor)")
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate, verify, count, write Markdown in both languages, CSV and SVG. Returns 0.

    Raises:
        OSError: the folder cannot be written to.
    """
    from protocol import files
    from regard.matrix_document import as_csv, as_markdown, as_svg, fault_names, is_whole
    from regard.scoring import Outcome
    from regard.simulate import progress
    from regard.trials import FULL, NO_FAULT, names, trials
    from sim.executors import executor
    from verify.findings import Severity

    args.output.mkdir(parents=True, exist_ok=True)  # before minutes of work, not after
    seeds = args.seeds
    with (
        progress(say(args.lang, "fautes et pièces", "faults and evidence"), "seeds") as report,
        executor(args.workers) as pool,
    ):
        cells = trials(range(1, seeds + 1), names(), pool, report)
    written = {
        "matrix.md": as_markdown(cells, seeds, "en"),
        "matrice.md": as_markdown(cells, seeds, "fr"),
        "matrix.csv": as_csv(cells, seeds),
        "matrix.svg": as_svg(cells, seeds),
    }
    for name, data in written.items():
        files.write(args.output / name, data)
    caught = [name for name in fault_names(cells) if is_whole(cells[name, FULL])]
    clean = cells[NO_FAULT, FULL]
    grave = clean.false[Severity.ERROR] + clean.false[Severity.WARNING]
    print(
        say(
            args.lang,
            f"{len(fault_names(cells))} fautes, {seeds} graines. Avec toutes les pièces, {len(caught)} fautes prises "
            f"dans chaque cas ; {grave} erreurs et avertissements sur {clean.nights} nuits sans faute.",
            f"{len(fault_names(cells))} faults, {seeds} seeds. With all evidence {len(caught)} faults caught in every "
            f"instance; {grave} errors and warnings on {clean.nights} nights without a fault.",
        )
    )
    for name in fault_names(cells):
        cell = cells[name, FULL]
        if name not in caught:
            counts = ", ".join(f"{cell.outcomes[each]} {each.value}" for each in Outcome if cell.outcomes[each])
            print(f"  {name}: {counts or say(args.lang, 'aucun cas', 'no instance')}")
    print(say(args.lang, f"Écrit dans {args.output}.", f"Written to {args.output}."))
    return 0


def _seeds(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
    if not 1 <= number <= MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {MOST_SEEDS}, got {text!r}")
    return number
