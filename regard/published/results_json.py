"""Published results, and how two files of them differ, for programs: what `regard results --json` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol.errors import count_of
from regard.language import show
from verify.read.published.checks import derived_null, gaps
from verify.read.published.sums import totals

if TYPE_CHECKING:
    from protocol.words import Text
    from verify.model.published import Flaw, Published
    from verify.read.published.comparison import Comparison


def of_table(table: Published, own: list[Flaw], language: str) -> dict[str, object]:
    """One table: its totals, the problems in reading it and the findings on it by itself."""
    both = gaps(table)
    counts, choices = totals(table)
    whole, votes = ({each.name: each.whole for each in some} for some in (counts, choices))
    return {
        "path": table.file,
        "sha256": table.sha256 or None,
        "files": _files(table),
        "layout": table.layout,
        "level": table.level.value,
        "title": table.title,
        "units": len(table.row),
        "totals": {name: whole.get(name) for name in table.counts},
        "null_derived": derived_null(table),
        "choices": {label: votes.get(label) for label in table.labels},
        "partial": [
            {"field": each.name, "total": each.sum, "units": each.known, "of": each.of}
            for each in (*counts, *choices)
            if each.whole is None
        ],
        "unused": list(table.unused),
        "lacking": list(table.lacking),
        "checked": [{"what": show(language, each.what), "rows": each.made, "of": each.of} for each in table.checked],
        "both_counts": None if both is None else {"units": both.compared, "more": both.more, "fewer": both.fewer},
        "problem_count": count_of(table.problems),
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "expected": show(language, problem.expected),
                "got": show(language, problem.got),
            }
            for problem in table.problems
        ],
        "findings": [flaw_row(table, flaw, language) for flaw in own],
    }


def _files(table: Published) -> list[dict[str, object]]:
    """The files that it is from, where those are several."""
    both: list[tuple[str, str]] = []
    if table.members is not None:
        both += zip(table.members.names, table.members.sha256, strict=True)
    if (votes := table.vote_places) is not None:
        both += [(table.file, table.sha256), (votes.file, votes.sha256)]
    return [{"path": name, "sha256": digest or None} for name, digest in both]


def flaw_row(table: Published, flaw: Flaw, language: str) -> dict[str, object]:
    """One thing that does not fit."""
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


def of_comparison(result: Comparison) -> dict[str, object]:
    """One level of two files: what was compared and where it differs."""
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
