"""`regard results`: what files of published results hold and whether they fit by themselves, or two side by side."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from protocol.dumps.packed import packed_dumps
from protocol.dumps.recognising import layout_of
from protocol.errors import RegardError
from protocol.words import msg
from regard.commands.checking.elections import show_all
from regard.commands.sealing.live import is_night
from regard.outputs import Outputs, claim
from regard.published import moved_places
from regard.published.results_json import of_comparison, of_table
from regard.published.results_screen import say_two_elections, show_compared, show_comparison, show_results
from regard.published.results_tables import comparisons, paired, reader_of
from regard.reports.screen import Screen, ScreenLine
from regard.terminal import complain
from verify.align.elections import of_two_elections
from verify.model.published import FRANCE, Published
from verify.read.published.checks import flaws
from verify.read.published.comparison import CITY
from verify.read.results_files import one_election, read_all, tables_of
from verify.rulebook.catalogue import rule

_OFF = ("C125", "T307")
"""Warnings that say that figures do not fit: totals and percentages. In France others than these count."""


def run(args: argparse.Namespace) -> int:
    """Read and show. Returns 0, 1 where something does not fit or differs, 2 where nothing could be read.

    Two files without a place in common are not equal: 1 as well.

    Raises:
        RegardError: options that do not go together.
        InputError, UnknownLayout, NoSum: a file cannot be read or not be compared.
        OutputRefused: the JSON must not be written where it is to be.
    """
    if bool(args.files) == bool(args.compare):
        raise RegardError(msg("give files, or --compare A B (--help)"))
    tables = [f"--{name}" for name in ("csv", "xlsx", "svg") if getattr(args, name)]
    if tables and not args.compare:
        raise RegardError(msg("{option} goes with --compare A B", option=tables[0]))
    with claim(args, "--json", "--csv", "--xlsx", "--svg", read=args.compare or args.files) as outputs:
        screen = Screen(args.lang, outputs.console(), whole=args.verbose)
        read = reader_of(args.layout)
        if args.compare:
            code, document = _compare(args, screen, read, outputs)
        elif args.layout:
            code, document = _describe(args, args.files, [], screen, read)
        else:
            together = tables_of(args.files)
            if together and not args.election:
                code = _all_elections(args, together, outputs, screen)
                screen.end()
                return outputs.end(args, code)
            if args.election and not together:
                raise RegardError(msg("{option} goes with data.gouv.fr's tables only", option="--election"))
            code, document = _describe(args, args.files, together, screen, read)
        screen.end()
        outputs.write_json(lambda: document)
        return outputs.end(args, code)


def _all_elections(args: argparse.Namespace, together: list[Path], outputs: Outputs, screen: Screen) -> int:
    """The other files one by one, then every election of data.gouv.fr's tables."""
    others = [path for path in args.files if path not in together]
    code, document = _describe(args, others, [], screen, read_all)
    return max(code, show_all(together, outputs, screen, args.lang, document["results"]))


def _refuse(path: Path, layout: str | None) -> None:
    """Say which command a file is for that is not published results, or what to do with it first.

    Raises:
        RegardError: this sentence.
    """
    if is_night(path):
        raise RegardError(
            msg("{path}: the folder of a night: give the results in it, or regard verify {path}", path=path)
        )
    if layout:
        return
    if layout_of(path)[0] is not None:
        raise RegardError(msg("{path}: a machine's dump: regard totals shows it", path=path))
    if (packed := packed_dumps(path)) is not None:
        raise RegardError(msg("{path}: {why}", path=path, why=packed))


def _describe(
    args: argparse.Namespace,
    files: list[Path],
    together: list[Path],
    screen: Screen,
    read: Callable[[Path], list[Published]],
) -> tuple[int, dict[str, Any]]:
    """Files one by one, those of data.gouv.fr's tables ``together`` and for one election."""
    code, unread = 0, 0
    tables: list[dict[str, object]] = []
    alone = [path for path in files if path not in together]
    for path in [*alone, *together[:1]]:
        try:
            _refuse(path, args.layout)
            found = [one_election(together, args.election)] if path in together else read(path)
        except RegardError as error:
            complain(args, error)
            unread += 1
            continue
        for table in found:
            own = flaws(table)
            off = () if table.country == FRANCE else _OFF
            if table.problems or any(flaw.code in off or rule(flaw.code).severity == "error" for flaw in own):
                code = 1
            show_results(table, own, screen, first=not tables)
            tables.append(of_table(table, own, args.lang))
    return (2 if unread else code), {"tool": "regard", "results": tables}


def _compare(
    args: argparse.Namespace, screen: Screen, read: Callable[[Path], list[Published]], outputs: Outputs
) -> tuple[int, dict[str, object]]:

    first, second = args.compare
    both = read(first), read(second)
    found = paired(first, both[0], second, both[1])
    results = comparisons(found)
    for side in both:
        show_compared(side, screen)
    apart = [(left, right, said) for left, right in found if (said := of_two_elections(left, right)) is not None]
    for pair in apart[:1]:
        screen.add(0, ScreenLine(say_two_elections(*pair), "red"))
    moved = moved_places.gather_moved(results[0])
    alone = [each for each in results[:1] if each.only_left or each.only_right]
    for each in alone:
        screen.add(0, ScreenLine(moved_places.say_alone(each, moved), "bold"))
    if any(place.figures for place in moved):
        screen.add(0, ScreenLine(moved_places.say_moved(moved), "bold"))
    outputs.write("--csv", lambda: moved_places.as_csv(moved))
    outputs.write("--svg", lambda: moved_places.as_svg(moved, args.lang))
    outputs.attempt("--xlsx", lambda: moved_places.write_workbook(moved, outputs.file("--xlsx"), args.lang))
    outputs.publish("--xlsx")
    for result in results:
        show_comparison(result, screen, results[0])
    nothing_compared = not any(result.units for result in results)
    is_part = any(table.layout.startswith(CITY) for side in both for table in side)
    differ = any(result.differences or result.twice for result in results) or (alone and not is_part)
    code = int(bool(nothing_compared or differ))
    compared = [of_comparison(result) for result in results]
    by_place = [dict(zip(moved_places.MOVED.header, place.cells, strict=True)) for place in moved]
    return code, {"tool": "regard", "two_elections": bool(apart), "by_place": by_place, "compared": compared}
