"""`regard verify`: all the evidence at hand, side by side; findings with both figures and both sources."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from regard.arguments import add_json_argument
from regard.language import add_language, colon, say, spoken
from regard.simulate_night import add_scheduler_argument, add_workers_argument

if TYPE_CHECKING:
    from verify.audit import Audit
    from verify.evidence import Evidence, Sources


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(say, spoken(parser))
    file, path = text("FICHIER", "FILE"), text("CHEMIN", "PATH")
    parser.add_argument(
        "folder",
        metavar=text("DOSSIER", "DIR"),
        type=Path,
        nargs="*",
        help=text(
            "dossier d'une nuit, où tout est facultatif ; de plusieurs, chacune est vérifiée à part, en une ligne",
            "a night's folder, all of which is optional; of several, each is verified by itself, a line a night",
        ),
    )
    parser.add_argument(
        "--exports",
        metavar=path,
        type=Path,
        action="append",
        help=text("exports des machines : un fichier ou un dossier", "exports: a file or a folder"),
    )
    parser.add_argument(
        "--modules",
        metavar=path,
        type=Path,
        action="append",
        help=text("images d'urne, de même", "module images, likewise"),
    )
    parser.add_argument(
        "--pv",
        metavar=file,
        type=Path,
        help=text("les PV des bureaux, une ligne par bureau", "the bureaux' records (PV), one row a bureau"),
    )
    parser.add_argument(
        "--voix",
        metavar=file,
        type=Path,
        help=text("les voix des PV, une ligne par choix", "the PVs' votes, one row a choice"),
    )
    parser.add_argument(
        "--emargements", metavar=file, type=Path, help=text("les comptes d'émargements", "the sign-in counts")
    )
    parser.add_argument(
        "--published",
        metavar=file,
        type=Path,
        action="append",
        help=text("résultats publiés", "published results"),
    )
    parser.add_argument(
        "--other-round",
        metavar=path,
        type=Path,
        help=text(
            "l'autre tour : le dossier d'une nuit, des PV ou des résultats publiés",
            "the other round: a night's folder, PVs or published results",
        ),
    )
    parser.add_argument(
        "--thresholds",
        metavar=file,
        type=Path,
        help=text("autres seuils pour les règles (TOML)", "other thresholds for the rules (TOML)"),
    )
    add_json_argument(parser)
    parser.add_argument(
        "--csv",
        metavar=file,
        help=text(
            "écrire les constats en CSV ; - pour la sortie standard", "write the findings as CSV; - for standard output"
        ),
    )
    parser.add_argument(
        "--parquet",
        metavar=file,
        type=Path,
        help=text(
            "écrire les constats en Parquet, avec le SHA-256 de tous les fichiers lus dans ses métadonnées",
            "write the findings as Parquet, with the SHA-256 of all inputs in its metadata",
        ),
    )
    parser.add_argument(
        "--figures",
        metavar=file,
        type=Path,
        help=text(
            "écrire les chiffres de chaque bureau en Parquet, côte à côte",
            "write every bureau's figures as Parquet, side by side",
        ),
    )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        default="error",
        help=text(
            "finir avec le code 1 à partir de cette gravité : error (erreur, par défaut), warning (avertissement), "
            "never (jamais)",
            "exit with 1 from this severity on (default: error)",
        ),
    )
    add_workers_argument(parser)
    add_scheduler_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Read, check, show, write. Returns 0, 1 where there are findings, 2 where nothing could be read.

    Raises:
        NothingReadable: there is nothing to check.
        OSError: a report cannot be written.
    """
    if args.parquet is not None or args.figures is not None:
        from regard.parquet_files import need_pyarrow

        need_pyarrow()
    if len(args.folder) > 1:
        return _many(args)
    from regard.library import exit_code, gather

    options = ("exports", "modules", "pv", "voix", "emargements", "published", "other_round", "thresholds")
    given = {name: value for name in options if (value := getattr(args, name))}
    sources = gather(*args.folder, **given)
    evidence, result = examine(sources, args.lang)
    report(result, args.lang, args.json, args.csv)
    if args.parquet is not None or args.figures is not None:
        from regard.many_nights import inputs_of
        from regard.parquet_files import parquet_file
        from regard.tables import FIGURES, FINDINGS, figures_of, findings_of

        inputs = inputs_of(result.inputs)
        if args.parquet is not None:
            with parquet_file(args.parquet, FINDINGS) as file:
                file.add(findings_of(result, args.lang), inputs)
        if args.figures is not None:
            with parquet_file(args.figures, FIGURES) as file:
                file.add(figures_of(evidence), inputs)
    return exit_code(result, args.fail_on)


def _many(args: argparse.Namespace) -> int:
    """Several folders: only what is the same for all of them can be given besides."""
    from regard.many_nights import Task, Wanted, verify
    from regard.terminal import clean

    single = ("exports", "modules", "pv", "voix", "emargements", "published", "other_round")
    if given := [name for name in single if getattr(args, name)]:
        option = "--" + given[0].replace("_", "-")
        only = say(args.lang, "ne va qu'avec un seul dossier", "goes with one folder only")
        print(f"regard verify: {option}{colon(args.lang)} {only}", file=sys.stderr)
        return 2
    for folder in args.folder:
        if not folder.is_dir():
            nothing = say(args.lang, "n'est pas un dossier", "is not a folder")
            print(clean(f"regard verify: {folder}{colon(args.lang)} {nothing}"), file=sys.stderr)
            return 2
    if args.thresholds is not None:
        from verify.thresholds import read_thresholds

        read_thresholds(args.thresholds)  # what is wrong with it is said once, not of every night
    wanted = Wanted(args.json, args.csv, args.parquet, args.figures)
    tasks = [Task(folder, args.thresholds, args.lang, wanted) for folder in args.folder]
    return verify(tasks, args.fail_on, args.workers, args.scheduler)


def audit(sources: Sources, language: str) -> Audit:
    """Load the evidence and apply the rules, with progress on a terminal."""
    return examine(sources, language)[1]


def examine(sources: Sources, language: str) -> tuple[Evidence, Audit]:
    """The same, with the evidence."""
    from regard.terminal import progress
    from verify import audit as auditing
    from verify.loading import load

    names = {
        "exports": say(language, "lecture des exports", "reading exports"),
        "modules": say(language, "lecture et recompte des urnes", "reading and recounting modules"),
        "published": say(language, "lecture des résultats publiés", "reading published results"),
        "rules": say(language, "règle", "rule"),
    }
    with progress(names) as step:
        evidence = load(sources, step)
        return evidence, auditing.run(evidence, step)


def report(result: Audit, language: str, json_file: str | None, csv_file: str | None) -> None:
    """Show the summary and write what was asked for. The summary gives way to JSON or CSV on standard output."""
    from protocol import files
    from regard.reports import as_csv, as_json, summarise
    from regard.terminal import console

    for target, render in ((json_file, as_json), (csv_file, as_csv)):
        if target == "-":
            sys.stdout.buffer.write(render(result, language))
            sys.stdout.buffer.flush()
        elif target is not None:
            files.write(Path(target), render(result, language))
    summarise(result, language, console(sys.stderr if "-" in (json_file, csv_file) else sys.stdout))
