"""Tables of results: Arrow and the standard library split a text into the same units, with the same problems."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import RegardError
from protocol.opening import OpenedFile
from tests.verify.published import samples
from verify.model.published import Published
from verify.read import cells
from verify.read.layouts import rows as reading
from verify.read.layouts.rows import CHUNK
from verify.read.results_files import parse_all

NOT_REGULAR = {"ministry legislative", "city-toulouse json"}
"""Rows of several lengths; no text."""


def both(data: bytes) -> tuple[list[Published] | str, list[Published] | str, list[bool]]:
    """Read with Arrow where it can split, and row by row; returns both, and which tables Arrow has split."""
    taken: list[bool] = []

    def split(*arguments: Any) -> Any:
        found = cells.split(*arguments)
        taken.append(found is not None)
        return found

    def parsed() -> list[Published] | str:
        try:
            return parse_all(OpenedFile(Path("r.txt"), data))
        except RegardError as error:
            return str(error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "split", split)
        quick = parsed()
        patch.setattr(reading, "split", lambda *_: None)
        return quick, parsed(), taken


def same(data: bytes) -> list[bool]:
    """Compare both ways of splitting; returns which tables Arrow has split."""
    quick, careful, taken = both(data)
    if isinstance(quick, str) or isinstance(careful, str):
        assert quick == careful
        return []
    for one, other in zip(quick, careful, strict=True):
        for field in dataclasses.fields(Published):
            ours, theirs = getattr(one, field.name), getattr(other, field.name)
            if isinstance(ours, dict):
                assert ours.keys() == theirs.keys()
                for name, values in ours.items():
                    np.testing.assert_array_equal(values, theirs[name], f"{field.name} {name}")
            elif isinstance(ours, np.ndarray):
                np.testing.assert_array_equal(ours, theirs, field.name)
            elif field.name == "problems":
                assert list(map(str, ours)) == list(map(str, theirs))
            else:
                assert ours == theirs, field.name
    return taken


@pytest.mark.parametrize("name", list(samples.TEXTS))
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_every_layout_of_regular_rows_is_split_by_arrow(name: str, end: str, encoding: str) -> None:
    data = samples.TEXTS[name].replace("\n", end).encode(encoding)
    taken = same(data)
    assert (bool(taken) and all(taken)) is (name not in NOT_REGULAR), taken


CELLS = st.one_of(
    st.sampled_from(["", " ", "0", "7", " 12", "1 234", "12,0", "-0", "+5", "0x10", "300000000", "01", "2A", "ZX"]),
    st.sampled_from(["TOTAL", "Ensemble", "1900/01/12", "2,78E+12", '"a', '"a;b"', "\ufeff", "\0", "\r", "x" * 300]),
    st.text(st.characters(codec="utf-8"), max_size=5),
)


@given(
    st.sampled_from(sorted(samples.TEXTS.keys())),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40), CELLS), max_size=3),
    st.sampled_from(["\n", "\r\n", "\n\n", "\n;;;\n", "\r"]),
    st.booleans(),
)
def test_on_any_cells_both_ways_agree(name: str, changes: list[tuple[int, int, str]], end: str, twice: bool) -> None:
    text = samples.TEXTS[name]
    mark = max(",;\t", key=text.count)
    rows = [line.split(mark) for line in text.splitlines()]
    rows += [list(row) for row in rows[1:]] * twice
    for row, column, cell in changes:
        rows[row % len(rows)][column % len(rows[row % len(rows)])] = cell
    same(end.join(mark.join(row) for row in rows).encode())


def test_labels_are_numbered_by_blocks_of_rows() -> None:
    """A choice that comes first in a later block comes after all of an earlier one, from left to right."""
    head, first, second = samples.PRESIDENTIAL.splitlines()
    late = first.replace("PETIT-LUC;Jean-Marc", "LATE;Ada")
    rows = [head, second, *[first] * (CHUNK - 2), late, *[second] * 3, first.replace("DE L'ÉTANG", "LATER")]
    assert same("\n".join(rows).encode()) == [True]
