"""`regard results`: what files of published results hold and whether they fit by themselves, or two side by side."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.words import Text, msg
from regard.arguments import add_force_argument, add_json_argument
from regard.language import add_language, colon, number, show, spoken, told

if TYPE_CHECKING:
    from rich.console import Console

    from verify.model.published import Flaw, Members, Published
    from verify.read.published.comparison import Comparison, Difference

SHOWN = 12
"""Problems, findings and differences shown of each kind; ``--json`` has all of them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command takes."""
    text = partial(show, spoken(parser))
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
    add_json_argument(parser)
    add_force_argument(parser)
    add_language(parser)


def run(args: argparse.Namespace) -> int:
    """Read and show. Returns 0, 1 where something does not fit or differs, 2 where nothing could be read.

    Two files without a place in common are not equal: 1 as well.

    Raises:
        InputError, UnknownLayout, NoSum: a file cannot be read or not be compared.
        OutputRefused: the JSON must not be written where it is to be.
    """
    if bool(args.files) == bool(args.compare):
        usage = show(args.lang, msg("give files, or --compare A B"))
        print(f"regard results: {usage} (--help)", file=sys.stderr)
        return 2
    from regard.outputs import Outputs, json_bytes
    from regard.terminal import console

    with Outputs({"--json": args.json}, args.compare or args.files, force=args.force) as outputs:
        out = console(sys.stderr if outputs.on_screen else sys.stdout)
        code, document = _compare(args, out) if args.compare else _describe(args, out)
        outputs.write("--json", lambda: json_bytes(document))
        return outputs.end("results", args.lang, code)


def _describe(args: argparse.Namespace, out: Console) -> tuple[int, dict[str, object]]:
    from protocol.errors import RegardError
    from regard.terminal import clean
    from verify.read.feed.members import read_folder
    from verify.read.published.checks import flaws
    from verify.read.published.registry import read_all
    from verify.rulebook.catalogue import rule

    code, unread = 0, 0
    tables: list[dict[str, object]] = []
    for path in args.files:
        try:
            found = read_folder(path).results if path.is_dir() else read_all(path)
        except RegardError as error:
            print(clean(f"regard results: {told(args.lang, error)}"), file=sys.stderr)
            unread += 1
            continue
        for table in found:
            own = flaws(table)
            if table.problems or any(rule(flaw.code).severity == "error" for flaw in own):
                code = 1
            _show(table, own, args.lang, out)
            tables.append(_as_document(table, own, args.lang))
    return (2 if unread else code), {"tool": "regard", "results": tables}


def _show(table: Published, own: list[Flaw], language: str, out: Console) -> None:
    from regard.terminal import clean
    from verify.read.published.checks import derived_null, gaps
    from verify.read.published.sums import by_label

    count = partial(number, language)
    out.print(clean(table.file), style="bold")
    units = show(language, msg("rows read"))
    out.print(clean(f"  {table.layout}, {show(language, table.level.text)}, {count(len(table.row))} {units}"))
    if table.title:
        out.print(clean(f"  « {table.title} »"))
    if table.sha256:
        out.print(f"  sha256 {table.sha256}", style="dim")
    elif table.members is not None:  # the SHA-256 of each is in the JSON
        out.print(f"  {count(len(table.members.names))} {show(language, msg('files'))}", style="dim")
    for name, total in _totals(table).items():
        if total is not None:
            out.print(f"  {_field(name, language):<24}{count(total):>14}")
    if (null := derived_null(table)) is not None:
        derived = show(language, msg("voters - blank - valid, not published"))
        out.print(f"  {_field('null', language):<24}{count(null):>14}  ({derived})")
    votes = sorted(by_label(table).items(), key=lambda item: -item[1])
    for label, total in votes[:SHOWN]:
        out.print(f"  {clean(label)[:40]:<24}{_number(total, language):>14}")
    if len(votes) > SHOWN:
        more = show(language, msg("more choices"))
        out.print(f"  … {count(len(votes) - SHOWN)} {more}")
    if (both := gaps(table)) is not None:
        differ = both.more + both.fewer
        out.print(
            show(
                language,
                msg(
                    "  votes found and signatures differ in {differ} rows of {compared}: {more} with more "
                    "votes, {fewer} with fewer",
                    differ=count(differ),
                    compared=count(both.compared),
                    more=count(both.more),
                    fewer=count(both.fewer),
                ),
            )
        )
    problems = show(language, msg("problems in reading"))
    out.print(f"  {count(len(table.problems))} {problems}", style="red" if table.problems else "")
    for text in _alike(table, language)[:SHOWN]:
        out.print(clean(f"    {text}"))
    _show_flaws(table, own, language, out)
    out.print()


def _alike(table: Published, language: str) -> list[str]:
    """The problems as sentences, one for all that differ in their row only."""
    count = partial(number, language)
    rows: dict[tuple[str | None, Text, Text], list[int | None]] = {}
    for problem in table.problems:
        rows.setdefault((problem.column, problem.expected, problem.got), []).append(problem.row)
    texts = []
    for (column, expected, got), found in rows.items():
        place = [f"{show(language, msg('row'))} {found[0]}"] if found[0] is not None else []
        place += [f"{show(language, msg('column'))} {column}"] if column else []
        others = count(len(found) - 1)
        more = show(language, msg(" (and {others} more rows)", others=others))
        wanted = show(language, msg(": expected {expected}, got {got}", expected=expected, got=got))
        texts.append(f"{', '.join(place)}{wanted}{more if len(found) > 1 else ''}")
    return texts


def _show_flaws(table: Published, own: list[Flaw], language: str, out: Console) -> None:
    from regard.terminal import clean

    count = partial(number, language)
    counts = Counter(flaw.code for flaw in own)
    told = ", ".join(f"{code} {count(times)}" for code, times in sorted(counts.items()))
    none = show(language, msg("no finding on the file itself"))
    out.print("  " + (show(language, msg("findings: {told}", told=told)) if told else none))
    shown: Counter[str] = Counter()
    for flaw in own:
        shown[flaw.code] += 1
        if shown[flaw.code] <= SHOWN:
            where = _where(table, flaw.unit, language) + colon(language) + " " if flaw.unit >= 0 else ""
            out.print(clean(f"    {flaw.code} {where}{_sentence(table, flaw, language)}"))
        elif shown[flaw.code] == SHOWN + 1:
            out.print(f"    {flaw.code} …")


def _sentence(table: Published, flaw: Flaw, language: str) -> str:
    """The finding in the catalogue's words."""
    from verify.model.findings import finding
    from verify.model.holds import Side

    row = f"{show(language, msg('row'))} {table.row[flaw.unit]}" if flaw.unit >= 0 else flaw.place
    left, right = Side(row, flaw.left), Side(flaw.against or row, flaw.right)
    found = finding(flaw.code, left, right, field=flaw.field, details={"sum": flaw.how})
    return show(language, found.message)


def _compare(args: argparse.Namespace, out: Console) -> tuple[int, dict[str, object]]:
    from regard.terminal import clean
    from verify.read.published.comparison import compare, pairs
    from verify.read.published.registry import read_all
    from verify.read.published.sums import NoSum

    count = partial(number, args.lang)
    first, second = args.compare
    both = read_all(first), read_all(second)
    found = pairs(*both)
    if not found:
        raise NoSum(msg("{first}, {second}: no choice in common, or no common level", first=first, second=second))
    results: list[Comparison] = []
    for left, right in found:
        levels = compare(left, right)
        # a workbook has the higher levels itself
        results += levels if len(found) == 1 else levels[:1]
    for side in both:
        for table in side:
            level = show(args.lang, table.level.text)
            out.print(clean(f"{table.file}{colon(args.lang)} {table.layout}, {level}, {table.title}".rstrip(", ")))
        out.print(f"  sha256 {side[0].sha256}", style="dim")
        problems = sum(len(table.problems) for table in side)
        if problems:
            out.print(f"  {count(problems)} {show(args.lang, msg('problems in reading'))}")
    for index, result in enumerate(results):
        _show_comparison(result, index == 0, args.lang, out)
    nothing_compared = not any(result.units for result in results)
    code = int(nothing_compared or any(result.differences or result.twice for result in results))
    return code, {"tool": "regard", "compared": [_comparison_document(result) for result in results]}


def _show_comparison(result: Comparison, whole: bool, language: str, out: Console) -> None:
    """One level; ``whole`` with the names of all that was compared, which are the same at every level."""
    from regard.terminal import clean

    count = partial(number, language)
    cells, units, shared = len(result.differences), result.differing_units, count(result.units)
    level = show(language, result.level.text)
    out.print(
        show(
            language,
            msg(
                "{level}: {cells} differences in {units} of the {shared} rows that both have",
                level=level,
                cells=count(cells),
                units=count(units),
                shared=shared,
            ),
        ),
        style="bold",
    )
    out.print(clean(f"  {show(language, msg('compared:'))} {', '.join(_field(f, language) for f in result.fields)}"))
    notes = (
        (result.missing, show(language, msg("absent from one of the files"))),
        (result.only_left, show(language, msg("only in the first"))),
        (result.only_right, show(language, msg("only in the second"))),
        (result.twice, show(language, msg("more than once, not compared"))),
        (result.unmatched[0], show(language, msg("choices of the first without equal"))),
        (result.unmatched[1], show(language, msg("choices of the second without equal"))),
        (result.moved, show(language, msg("put into different constituencies"))),
    )
    for items, text in notes:
        if items:
            some = ", ".join(_field(item, language) for item in items[:5]) + (", …" if len(items) > 5 else "")
            out.print(clean(f"  {text}{colon(language)} {count(len(items))} ({some})"))
    for difference in result.differences[:SHOWN]:
        out.print(clean(f"    {_difference(difference, language)}"))
    if cells > SHOWN:
        out.print(f"    … {count(cells - SHOWN)} {show(language, msg('more (--json)'))}")


def _difference(found: Difference, language: str) -> str:
    rows = [f"{side}:{row}" for side, row in (("A", found.left_row), ("B", found.right_row)) if row > 0]
    place = f"{found.place} {found.name}".strip()
    figures = f"{_number(found.left, language)} / {_number(found.right, language)}"
    if found.left >= 0 and found.right >= 0:
        apart = found.right - found.left
        figures += f" ({'-' if apart < 0 else '+'}{number(language, abs(apart))})"
    return f"{place}{colon(language)} {_field(found.field, language)} {figures}" + (
        f"  [{' '.join(rows)}]" if rows else ""
    )


def _totals(table: Published) -> dict[str, int | None]:
    """Totals of the file by count; None where the file does not have it or a figure is absent."""
    return {
        name: int(values.sum()) if len(values) and (values >= 0).all() else None
        for name, values in table.counts.items()
    }


def _where(table: Published, unit: int, language: str) -> str:
    parts = [table.insee[unit], table.commune[unit], table.bureau[unit]]
    if not table.insee[unit]:
        parts = [table.region[unit], table.department[unit], table.constituency[unit]]
    place = " ".join(str(part) for part in parts if part)
    return f"{place} ({show(language, msg('row'))} {table.row[unit]})".strip()


def _field(name: str, language: str) -> str:
    from verify.model.field_names import field_label

    return show(language, field_label(name))


def _number(value: int | str | None, language: str) -> str:
    """A figure for people; an absence is a dash."""
    if isinstance(value, str) or value is None:
        return value or "-"
    return number(language, value) if value >= 0 else "-"


def _as_document(table: Published, own: list[Flaw], language: str) -> dict[str, object]:
    from verify.read.published.checks import derived_null, gaps
    from verify.read.published.sums import by_label

    both = gaps(table)
    return {
        "path": table.file,
        "sha256": table.sha256 or None,
        "files": [] if table.members is None else _members_document(table.members),
        "layout": table.layout,
        "level": table.level.value,
        "title": table.title,
        "units": len(table.row),
        "totals": _totals(table),
        "null_derived": derived_null(table),
        "choices": {label: total if total >= 0 else None for label, total in by_label(table).items()},
        "both_counts": None if both is None else {"units": both.compared, "more": both.more, "fewer": both.fewer},
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "expected": show(language, problem.expected),
                "got": show(language, problem.got),
            }
            for problem in table.problems
        ],
        "findings": [_flaw_document(table, flaw, language) for flaw in own],
    }


def _members_document(members: Members) -> list[dict[str, object]]:
    both = zip(members.names, members.sha256, strict=True)
    return [{"path": name, "sha256": digest or None} for name, digest in both]


def _flaw_document(table: Published, flaw: Flaw, language: str) -> dict[str, object]:
    of_unit = flaw.unit >= 0
    return {
        "code": flaw.code,
        "file": table.file_of(flaw.unit) if of_unit else flaw.place,
        "row": int(table.row[flaw.unit]) if of_unit else None,
        "insee": str(table.insee[flaw.unit]) if of_unit else "",
        "bureau": str(table.bureau[flaw.unit]) if of_unit else "",
        "department": str(table.department[flaw.unit]) if of_unit else flaw.department,
        "constituency": str(table.constituency[flaw.unit]) if of_unit else "",
        "field": flaw.field,
        "published": _value(flaw.left, language),
        "expected": _value(flaw.right, language),
        "how": show(language, flaw.how),
    }


def _value(value: int | Text | None, language: str) -> int | str | None:
    return value if value is None or isinstance(value, int) else show(language, value)


def _comparison_document(result: Comparison) -> dict[str, object]:
    return {
        "left": {"path": result.left.file, "sha256": result.left.sha256},
        "right": {"path": result.right.file, "sha256": result.right.sha256},
        "level": result.level.value,
        "units": result.units,
        "differing_units": result.differing_units,
        "differing_cells": len(result.differences),
        "fields": list(result.fields),
        "absent_from_one": list(result.missing),
        "only_left": list(result.only_left),
        "only_right": list(result.only_right),
        "more_than_once": list(result.twice),
        "unmatched_left": list(result.unmatched[0]),
        "unmatched_right": list(result.unmatched[1]),
        "other_constituency": list(result.moved),
        "differences": [
            {
                "place": found.place,
                "commune": found.name,
                "field": found.field,
                "left": found.left if found.left >= 0 else None,
                "right": found.right if found.right >= 0 else None,
                "left_row": found.left_row if found.left_row > 0 else None,
                "right_row": found.right_row if found.right_row > 0 else None,
            }
            for found in result.differences
        ],
    }
