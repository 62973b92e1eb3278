"""`regard results`: what files of published results hold and whether they fit by themselves, or two side by side."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from protocol.words import msg
from regard.arguments import add_force_argument, add_json_argument, add_scheduler_argument, add_signatures_argument
from regard.language import add_language, language_of, show

if TYPE_CHECKING:
    from rich.console import Console

    from regard.outputs import Outputs
    from verify.model.published import Published


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, language_of(parser))
    parser.add_argument(
        "files",
        metavar=text(msg("FILE")),
        type=Path,
        nargs="*",
        help=text(msg("published results, in any known layout")),
    )
    parser.add_argument(
        "--compare",
        metavar=("A", "B"),
        type=Path,
        nargs=2,
        help=text(msg("show where two files differ")),
    )
    for option, about in (
        (
            "--csv",
            msg("with --compare: write where they differ, a row a département; - for standard output"),
        ),
        ("--xlsx", msg("with --compare: the same as a workbook")),
        ("--svg", msg("with --compare: the same as a picture")),
    ):
        parser.add_argument(option, metavar=text(msg("FILE")), help=text(about))
    parser.add_argument(
        "--layout",
        metavar=text(msg("LAYOUT")),
        help=text(msg("read all files by this layout: its name (regard layouts), or a file with an entry of your own")),
    )
    parser.add_argument(
        "--election",
        metavar="ID",
        default="",
        help=text(msg("one election out of data.gouv.fr's tables, such as 2022_pres_t1; all of them by default")),
    )
    add_signatures_argument(parser)
    add_json_argument(parser)
    add_force_argument(parser)
    add_scheduler_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Read and show. Returns 0, 1 where something does not fit or differs, 2 where nothing could be read.

    Two files without a place in common are not equal: 1 as well.

    Raises:
        InputError, UnknownLayout, NoSum: a file cannot be read or not be compared.
        OutputRefused: the JSON must not be written where it is to be.
    """
    from protocol.dumps.finding import layout_of
    from protocol.dumps.packed import packed_dumps
    from regard.outputs import Outputs, json_bytes
    from regard.reports.results_tables import reader_of
    from regard.terminal import complain, console
    from verify.read.results_files import tables_of

    if bool(args.files) == bool(args.compare):
        complain(args.lang, "results", msg("give files, or --compare A B (--help)"))
        return 2

    if (args.csv or args.xlsx or args.svg) and not args.compare:
        complain(args.lang, "results", msg("--csv, --xlsx and --svg go with --compare A B"))
        return 2
    targets = {"--json": args.json, "--csv": args.csv, "--xlsx": args.xlsx, "--svg": args.svg}
    with Outputs(targets, args.compare or args.files, force=args.force) as outputs:
        out = console(sys.stderr if outputs.on_screen else sys.stdout)
        read = reader_of(args.layout)
        if args.compare:
            code, document = _compare(args, out, read, outputs)
        elif args.layout:
            code, document = _describe(args, args.files, [], out, read)
        elif dumps := [path for path in args.files if layout_of(path)[0] is not None or packed_dumps(path)]:
            code, document = _with_dumps(args, dumps, out)
        else:
            together = tables_of(args.files)
            if together and not args.election:
                return outputs.end("results", args.lang, _all_elections(args, together, outputs, out))
            if args.scheduler or (args.election and not together):
                option = "--scheduler" if args.scheduler else "--election"
                complain(args.lang, "results", msg("{option} goes with data.gouv.fr's tables only", option=option))
                return 2
            code, document = _describe(args, args.files, together, out, read)
        outputs.write("--json", lambda: json_bytes(document))
        return outputs.end("results", args.lang, code)


def _all_elections(args: argparse.Namespace, together: list[Path], outputs: Outputs, out: Console) -> int:
    """The other files one by one, then every election of data.gouv.fr's tables."""
    from regard.commands.elections import show_all
    from verify.read.results_files import read_all

    others = [path for path in args.files if path not in together]
    code, document = _describe(args, others, [], out, read_all)
    before = ",\n".join(json.dumps(table, ensure_ascii=False) for table in document["results"])
    return max(
        code, show_all(together, outputs, out, args.lang, args.scheduler, before.encode("utf-8", "backslashreplace"))
    )


def _with_dumps(args: argparse.Namespace, dumps: list[Path], out: Console) -> tuple[int, dict[str, Any]]:
    """Dumps of machines among the files, as `regard totals` shows them, and then the other files."""
    from protocol.dumps.finding import find_dumps
    from regard.reports.dumps import DumpScreen, as_json
    from verify.read.results_files import read_all

    found = find_dumps(dumps, signatures=not args.skip_crypto)
    DumpScreen(args.lang, out).show(found)
    others = [path for path in args.files if path not in dumps]
    code, document = _describe(args, others, [], out, read_all) if others else (0, {"tool": "regard", "results": []})
    return max(code, found.outcome()), document | {"dumps": as_json(found, args.lang)["dumps"]}


def _describe(
    args: argparse.Namespace,
    files: list[Path],
    together: list[Path],
    out: Console,
    read: Callable[[Path], list[Published]],
) -> tuple[int, dict[str, Any]]:
    """Files one by one, those of data.gouv.fr's tables ``together`` and for one election."""
    from protocol.errors import RegardError
    from regard.commands.live import is_night
    from regard.reports.results_json import of_table
    from regard.reports.results_screen import Screen
    from regard.terminal import complain
    from verify.read.published.checks import flaws
    from verify.read.results_files import one_election
    from verify.rulebook.catalogue import rule

    code, unread = 0, 0
    screen = Screen(args.lang, out)
    tables: list[dict[str, object]] = []
    alone = [path for path in files if path not in together]
    for path in [*alone, *together[:1]]:
        if is_night(path):
            said = msg("{path}: the folder of a night: give the results in it, or regard verify {path}", path=path)
            complain(args.lang, "results", said)
            unread += 1
            continue
        try:
            found = [one_election(together, args.election)] if path in together else read(path)
        except RegardError as error:
            complain(args.lang, "results", error)
            unread += 1
            continue
        for table in found:
            own = flaws(table)
            if table.problems or any(rule(flaw.code).severity == "error" for flaw in own):
                code = 1
            screen.table(table, own)
            tables.append(of_table(table, own, args.lang))
    return (2 if unread else code), {"tool": "regard", "results": tables}


def _compare(
    args: argparse.Namespace, out: Console, read: Callable[[Path], list[Published]], outputs: Outputs
) -> tuple[int, dict[str, object]]:
    from regard.reports import moved_places
    from regard.reports.results_json import of_comparison
    from regard.reports.results_screen import Screen
    from regard.reports.results_tables import comparisons, paired
    from verify.align.one_election import of_two_elections

    first, second = args.compare
    both = read(first), read(second)
    found = paired(first, both[0], second, both[1])
    results = comparisons(found)
    screen = Screen(args.lang, out)
    for side in both:
        screen.compared(side)
    apart = [(left, right, said) for left, right in found if (said := of_two_elections(left, right)) is not None]
    for pair in apart[:1]:
        screen.two_elections(*pair)
    moved = moved_places.gather_moved(results[0])
    if moved:
        screen.line(moved_places.say_moved(moved), style="bold")
    outputs.write("--csv", lambda: moved_places.as_csv(moved))
    outputs.write("--svg", lambda: moved_places.as_svg(moved, args.lang))
    outputs.attempt("--xlsx", lambda: moved_places.write_workbook(moved, outputs.file("--xlsx"), args.lang))
    outputs.publish("--xlsx")
    for index, result in enumerate(results):
        screen.comparison(result, whole=index == 0)
    nothing_compared = not any(result.units for result in results)
    code = int(nothing_compared or any(result.differences or result.twice for result in results))
    compared = [of_comparison(result) for result in results]
    by_place = [dict(zip(moved_places.MOVED.header, place.cells, strict=True)) for place in moved]
    return code, {"tool": "regard", "two_elections": bool(apart), "by_place": by_place, "compared": compared}
