"""Nothing that is given is compared in silence: every cell changed or blanked, every row and every name."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.verify.evidence.every_cell import (
    EXPORTS,
    Change,
    Pieces,
    cells_changed,
    contexts,
    elsewhere,
    is_uncompared,
    name_changes,
    nothing,
    other,
    pieces,
    quantity,
    row_changes,
    run,
    told,
    unseen,
)
from tests.verify.night_builder import PUBLISHED
from verify.audit import Audit

GUIDES = Path(__file__).parents[3] / "docs" / "guide"
LISTED = unseen(GUIDES / "limits.md")
ALL: dict[str, Callable[[Pieces], Iterator[Change]]] = {
    "changed": partial(cells_changed, change=other),
    "blank": partial(cells_changed, change=nothing),
    "rows": row_changes,
    "names": name_changes,
}


def test_the_list_of_what_nothing_looks_at_is_short_and_the_same_in_both_languages() -> None:
    assert 0 < len(LISTED) <= 10
    assert unseen(GUIDES / "limites.md") == LISTED


def said(result: Audit | None) -> object:
    """Statements on files, and on rules that lack something, beside the findings."""
    if result is None:
        return None
    inputs = [(each.used, str(each.why), str(each.note)) for each in result.inputs]
    return inputs, result.coverage.unchecked, result.coverage.idle


def wrong(mode: str, given: Pieces, changes: Iterator[Change], folder: Path) -> tuple[int, list[str]]:
    """Count the changes of some pieces, and list those that pass in silence and are not listed."""
    before, number = run(given, folder), 0
    silent: list[str] = []
    if before is None:
        return number, silent
    known = told(before)
    for each in changes:
        number += 1
        after = run(each.given, folder)
        if told(after) != known or (mode in ("rows", "names") and said(after) != said(before)):
            continue
        of = f"{each.piece} {each.column} {each.place}, with {' '.join(given)}"
        if not any((each.piece, each.column) in cells for cells in LISTED):
            silent.append(f"{of}: not told")
        elif mode == "changed" and quantity(each.piece, each.column) is not None:
            if elsewhere(each):
                silent.append(f"{of}: not told, and other figures tell of it")
            elif not is_uncompared(each, after):
                silent.append(f"{of}: the ledger says that it is compared")
    return number, silent


def test_every_figure_of_a_bureau_with_all_evidence(tmp_path: Path) -> None:
    given = pieces()
    changes = (
        each
        for piece in ("emargements.csv", "pv.csv", "voix.csv", "recap.csv", PUBLISHED, EXPORTS)
        for each in cells_changed(given, other, only=piece)
        if quantity(each.piece, each.column) is not None and each.place.startswith(("row 2", "77001-0001"))
    )
    number, silent = wrong("changed", given, changes, tmp_path / "night")
    assert number > 25
    assert silent == []


@pytest.mark.check(500)
@pytest.mark.parametrize("mode", list(ALL))
def test_every_cell_row_and_name_of_every_piece_alone_in_pairs_and_together(tmp_path: Path, mode: str) -> None:
    counts, found = 0, []
    for given in contexts():
        number, silent = wrong(mode, given, ALL[mode](given), tmp_path / "night")
        counts += number
        found += silent
    print(f"{mode}: {counts} changes")
    assert counts > {"changed": 3400, "blank": 3200, "rows": 450, "names": 700}[mode]
    assert found == []
