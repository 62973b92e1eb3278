"""`regard demo`: the main job in one command: simulate an election night, verify it, show and save what was found."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from regard.arguments import SEED
from regard.language import add_language, say, spoken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(say, spoken(parser))
    parser.add_argument(
        "folder",
        metavar=text("DOSSIER", "DIR"),
        type=Path,
        nargs="?",
        default=Path("demo"),
        help=text("où écrire (défaut : demo)", "where to write (default: demo)"),
    )
    parser.add_argument(
        "--seed",
        type=SEED,
        default=1,
        metavar="N",
        help=text("même nombre, même nuit (défaut : 1)", "same number, same night (default 1)"),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate the machine communes of 2022 with the default faults, verify, save. Returns 0, or 2 if that failed."""
    from regard import simulate_night
    from regard.outputs import Outputs
    from regard.reports import summarise
    from regard.terminal import clean, console
    from regard.verify_night import audit, report
    from verify.evidence import Sources

    night, findings = args.folder / "night", args.folder / "findings"
    print(say(args.lang, "1. Une nuit électorale, simulée", "1. An election night, simulated"), flush=True)
    arguments = argparse.ArgumentParser()
    simulate_night.add_arguments(arguments)
    code = simulate_night.run(
        arguments.parse_args([str(night), "--seed", str(args.seed), "--lang", args.lang, "--force"])
    )
    if code:
        return code
    print()
    print(say(args.lang, "2. La même nuit, vérifiée", "2. The same night, verified"), flush=True)
    json_file, csv_file = findings.with_suffix(".json"), findings.with_suffix(".csv")
    with Outputs({"--json": json_file, "--csv": csv_file}, [night]) as outputs:
        result = audit(Sources(folder=night), args.lang)
        report(result, args.lang, outputs, {})
        summarise(result, args.lang, console())
        code = outputs.end("demo", args.lang, 0)
    print()
    print(say(args.lang, "3. Les fichiers", "3. The files"))
    for path, french, english in (
        (night, "la nuit : exports, PV, émargements, résultats publiés", "the night: exports, PVs, sign-ins, results"),
        (json_file, "tous les constats, pour un programme", "all findings, for a program"),
        (csv_file, "tous les constats, pour un tableur", "all findings, for a spreadsheet"),
    ):
        print(clean(f"   {path}  {say(args.lang, french, english)}"))
    return code
