"""`regard simulate`: an election night in the machine communes, with faults whose truth is known."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.errors import RegardError
from regard.arguments import SEED, whole
from regard.language import add_language, number, say, spoken, told
from regard.paths import AnyPath, one_of

if TYPE_CHECKING:
    from sim.night import Summary

ELECTIONS = ("2007-P1", "2007-P2", "2012-P1", "2012-P2", "2017-P1", "2017-P2", "2022-P1", "2022-P2")
"""Names of `sim.elections.PROFILES`, here so that the help needs nothing of the simulator."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    add_folder_argument(parser)
    language = spoken(parser)
    french_communes = "codes INSEE séparés par des virgules (défaut : toutes)"
    parser.add_argument(
        "--communes",
        metavar="CODES",
        help=say(language, french_communes, "INSEE codes with commas between them (default: all)"),
    )
    parser.add_argument(
        "--year",
        type=int,
        choices=(2017, 2022),
        default=2022,
        help=say(
            language, "année des communes et des candidats (défaut : 2022)", "whose communes and choices (default 2022)"
        ),
    )
    parser.add_argument(
        "--faults",
        metavar=say(language, "LESQUELLES", "WHICH"),
        default="default",
        help=say(
            language,
            "none (aucune), default, ou NOM=TAUX,… (un taux de 0 à 1) ; default,NOM=TAUX en change quelques-unes "
            "(défaut : default)",
            "none, default, or NAME=RATE,… (a rate from 0 to 1); default,NAME=RATE changes some (default: default)",
        ),
    )
    parser.add_argument(
        "--mixed",
        choices=("studies", "paris", "toulouse"),
        help=say(
            language,
            "aussi les bureaux à bulletins papier des communes mixtes, avec les écarts de ces études ou de ces villes",
            "also the paper bureaux of mixed communes, with gaps as those studies or places have them",
        ),
    )
    parser.add_argument(
        "--election",
        choices=ELECTIONS,
        help=say(
            language,
            "élection dont les arrivées suivent la participation à 12h, 17h et à la fin "
            "(défaut : le premier tour de l'année)",
            "whose turnout at 12h, 17h and the end the arrivals follow (default: that of the year's first round)",
        ),
    )
    add_scheduler_argument(parser)
    add_common_arguments(parser)


def add_folder_argument(parser: argparse.ArgumentParser) -> None:
    """Where a night is written."""
    parser.add_argument(
        "folder",
        metavar=say(spoken(parser), "DOSSIER", "DIR"),
        type=Path,
        help=say(
            spoken(parser),
            "où écrire la nuit : un dossier nouveau ou vide",
            "where to write the night: a new or empty folder",
        ),
    )


def add_scheduler_argument(parser: argparse.ArgumentParser) -> None:
    """Where else the work can be done."""
    language = spoken(parser)
    parser.add_argument(
        "--scheduler",
        metavar=say(language, "ADRESSE", "ADDRESS"),
        help=say(
            language,
            "calculer sur la grappe Dask de cet ordonnanceur, par exemple tcp://127.0.0.1:8786",
            "compute on the Dask cluster of that scheduler, such as tcp://127.0.0.1:8786",
        ),
    )


def add_workers_argument(parser: argparse.ArgumentParser) -> None:
    """How many processes work."""
    language = spoken(parser)
    parser.add_argument(
        "--workers",
        type=whole(1, 1024),
        metavar="N",
        help=say(
            language,
            "nombre de processus (défaut : un par processeur)",
            "processes (default: one for each processor)",
        ),
    )


def add_common_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that writes a night takes."""
    language = spoken(parser)
    parser.add_argument(
        "--seed",
        type=SEED,
        default=1,
        metavar="N",
        help=say(language, "même graine, même nuit (défaut : 1)", "same seed, same night (default 1)"),
    )
    add_workers_argument(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help=say(
            language,
            "remplacer la nuit que regard y a écrite auparavant",
            "replace a night that regard wrote there before",
        ),
    )
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Simulate, write, and say what was written. Returns 0, or 2 where the request cannot be carried out."""
    from regard.terminal import clean, notice_in

    language = args.lang
    try:
        codes = None if args.communes is None else [code.strip() for code in args.communes.split(",")]
        with progress(say(language, "simulation", "simulating"), "bureaux", language) as report:
            wrote = simulate(
                args.folder,
                seed=args.seed,
                year=args.year,
                communes=codes,
                faults=args.faults,
                election=args.election,
                mixed=args.mixed,
                workers=args.workers,
                scheduler=args.scheduler,
                force=args.force,
                progress=report,
                notice=notice_in(language),
            )
    except (RegardError, OSError) as error:
        print(clean(f"regard simulate: {told(language, error)}"), file=sys.stderr)
        return 2
    print(_said(args, clean(str(args.folder)), wrote))
    return 0


def simulate(
    folder: AnyPath,
    *,
    seed: int = 1,
    year: int = 2022,
    communes: str | Iterable[str] | None = None,
    faults: str | Mapping[str, float] = "default",
    election: str | None = None,
    mixed: str | None = None,
    workers: int | None = 1,
    scheduler: str | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
    notice: Callable[[RegardError], None] | None = None,
) -> Summary:
    """Simulate an election night in machine communes and write it: the same bytes for a seed, wherever it is done.

    Args:
        folder: where to write: a new or empty folder, or with ``force`` one with a night that regard wrote.
        seed: 0 to 2**63 - 1.
        year: 2017 or 2022: whose communes and candidates.
        communes: INSEE codes; None for all of the year.
        faults: ``"none"``, ``"default"``, ``"NAME=RATE,…"``, or rates from 0 to 1 by the name of the fault.
        election: whose turnout during the day the arrivals follow, such as ``"2017-P2"``; None for the year's own.
        mixed: also the paper bureaux, with gaps as in ``"studies"``, ``"paris"`` or ``"toulouse"``.
        workers: processes; None for one for each processor.
        scheduler: address of a Dask scheduler that does the work instead.
        force: replace a night that regard wrote there.
        progress: called with the number of bureaux that are done, and of all.
        notice: called with what is waited for: workers of a scheduler that has none.

    Returns:
        What was written, in counts. What was done wrong on purpose is in the folder's ``verite.csv``.

    Raises:
        ValueError: a value that is not among those above.
        RegardError: no such commune or fault; the folder holds something else; no scheduler answers.
        OSError: the folder cannot be written to.
    """
    from sim.communes import choose
    from sim.faults.catalogue import parse_rates
    from sim.night import simulate as write_night

    _check_values(seed, year, election, mixed)
    rates = faults if isinstance(faults, str) else ",".join(f"{name}={rate!r}" for name, rate in faults.items())
    return write_night(
        Path(folder),
        seed=seed,
        year=year,
        communes=choose(year, [communes] if isinstance(communes, str) else communes),
        rates=parse_rates(rates),
        election=election,
        mixed=mixed,
        workers=workers,
        scheduler=scheduler,
        force=force,
        progress=progress or (lambda done, total: None),
        notice=notice or (lambda said: None),
    )


def _check_values(seed: int, year: int, election: str | None, mixed: str | None) -> None:
    from sim.elections import PROFILES, SCENARIOS
    from sim.parameters import PAPER_CARE

    one_of("year", year, sorted(SCENARIOS))
    one_of("election", election, (None, *PROFILES))
    one_of("mixed", mixed, (None, *PAPER_CARE))
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed: from 0 to 2**63 - 1, got {seed}")


def _said(args: argparse.Namespace, folder: str, wrote: Summary) -> str:
    language = args.lang
    counts = {
        name: number(language, getattr(wrote, name))
        for name in ("bureaux", "paper_bureaux", "communes", "registered", "votes", "signatures", "faults", "gaps")
    }
    machines = number(language, wrote.bureaux - wrote.paper_bureaux)
    paper_fr = f" et {counts['paper_bureaux']} bureaux à bulletins papier" if wrote.paper_bureaux else ""
    paper_en = f" and {counts['paper_bureaux']} paper bureaux" if wrote.paper_bureaux else ""
    return say(
        language,
        f"Simulés : {machines} bureaux à machine{paper_fr}, communes : {counts['communes']}, "
        f"année {args.year}, graine {args.seed}.\n"
        f"{counts['registered']} inscrits, {counts['votes']} votes trouvés, {counts['signatures']} émargements.\n"
        f"Fautes injectées : {counts['faults']} ; bureaux où votes et émargements diffèrent : {counts['gaps']}.\n"
        f"Écrit dans {folder}. La vérité est dans verite.csv, que « regard verify » n'ouvre jamais.\n"
        "Les machines et leurs formats sont un modèle : ceux du constructeur ne sont pas publics.",
        f"Simulated {machines} machine bureaux{paper_en} of {counts['communes']} communes, {args.year}, "
        f"seed {args.seed}.\n"
        f"{counts['registered']} registered voters, {counts['votes']} votes found, {counts['signatures']} signatures.\n"
        f"{counts['faults']} faults injected; {counts['gaps']} bureaux where votes and signatures differ.\n"
        f"Written to {folder}. The truth is in verite.csv, which `regard verify` never opens.\n"
        "Machines and their formats are a model: the vendor's are not public.",
    )


@contextlib.contextmanager
def progress(what: str, unit: str, language: str = "en") -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr, on a terminal only; yields what to call with the number done and that of all."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
    from rich.text import Text

    class Count(ProgressColumn):
        def render(self, task: Task) -> Text:
            done, total = (number(language, round(value or 0)) for value in (task.completed, task.total))
            return Text(f"{what}: {done} {say(language, 'sur', 'of')} {total} {unit}")

    with Progress(Count(), BarColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)
