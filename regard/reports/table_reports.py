"""The reports that are tables: cases, findings, figures and inputs as CSV and as a workbook, of one night or many.

Beside the CSV of findings stand one of the cases and one of the inputs with their SHA-256.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from protocol.words import msg, series
from regard.language import show
from regard.outputs import STANDARD, Outputs
from regard.reports.csv_files import dialect_of, inert_rows
from regard.reports.fields import CASES, FIGURES, FINDINGS, INPUTS, TableLayout, in_words
from regard.reports.inputs import USED, taken_for

if TYPE_CHECKING:
    from verify.model.use import Input

Columns: TypeAlias = Mapping[str, Any]
CSV_CASES = "--csv (cases)"
_CSV_INPUTS = "--csv (inputs)"
TABLES = ("--csv", CSV_CASES, "--xlsx")
"""The options that ask for cases and findings as tables."""


def beside(csv: str | Path | None) -> dict[str, Path]:
    """Files that stand beside a CSV of findings, by option: none beside standard output."""
    if csv is None or str(csv) == STANDARD:
        return {}
    path = Path(csv)
    return {
        CSV_CASES: path.with_name(f"{path.stem}-cases.csv"),
        _CSV_INPUTS: path.with_name(f"{path.stem}-inputs.csv"),
    }


def inputs_of(inputs: Sequence[Input], language: str) -> dict[str, list[Any]]:
    """The inputs of a report as people read them, by `fields.INPUTS`."""
    return {
        "path": [used.path for used in inputs],
        "kind": [show(language, taken_for(used)) for used in inputs],
        "used": [show(language, USED[used.used]) for used in inputs],
        "size": [used.size for used in inputs],
        "sha256": [used.sha256 for used in inputs],
        "note": [show(language, used.note) for used in inputs],
        "why": [show(language, used.why) for used in inputs],
    }


class TableReports(contextlib.AbstractContextManager["TableReports"]):
    """The tables that were asked for. One that cannot be written does not touch the others.

    Args:
        outputs: where they go.
        language: of all texts, and of the spreadsheets that open the CSV.
        nights: whether each table has a first column ``night``.
    """

    def __init__(self, outputs: Outputs, language: str, *, nights: bool = False) -> None:
        self._outputs, self._language, self._nights = outputs, language, nights
        self._stack = contextlib.ExitStack()
        self._writers: dict[str, Callable[[TableLayout, Iterable[Sequence[object]]], None]] = {}
        self._alone = outputs.wants("--csv") and str(outputs.path("--csv")) == STANDARD
        for option, layout in (("--csv", FINDINGS), (CSV_CASES, CASES), (_CSV_INPUTS, INPUTS)):
            outputs.attempt(option, partial(self._begin_csv, option, layout))
        outputs.attempt("--xlsx", self._begin_workbook)

    def _layout(self, layout: TableLayout) -> TableLayout:
        return layout.of_nights() if self._nights else layout

    def _begin_csv(self, option: str, own: TableLayout) -> None:
        dialect = dialect_of(self._language)
        self._outputs.file(option).write(dialect.head(self._layout(own).header))

        def write(layout: TableLayout, cells: Iterable[Sequence[object]]) -> None:
            if layout.name == own.name:
                self._outputs.file(option).write(dialect.lines(inert_rows(cells)))

        self._writers[option] = write

    def _begin_workbook(self) -> None:
        from regard.reports.workbook import workbook

        layouts = [self._layout(layout) for layout in (CASES, FINDINGS, FIGURES, INPUTS)]
        book = self._stack.enter_context(workbook(self._outputs.file("--xlsx"), layouts, self._language))
        self._writers["--xlsx"] = lambda layout, cells: book.add(layout.name, zip(*cells, strict=True))

    def add(self, layout: TableLayout, columns: Columns, night: str | None = None) -> None:
        """Write some rows of a table to each report that has it, with codes in words.

        Args:
            layout: `CASES`, `FINDINGS`, `FIGURES` or `INPUTS`.
            columns: by its header; counts below zero in an array are absences.
            night: the first cell of each row; None where tables are of one night.
        """
        cells = [in_words(name, _cells(columns[name]), self._language) for name in layout.header]
        if night is not None:
            cells.insert(0, [night] * len(cells[0]))
        for option, write in self._writers.items():
            self._outputs.attempt(option, partial(write, layout, cells))
        if layout.name == INPUTS.name and self._alone:  # on standard output nothing can stand beside the findings
            self.add(FINDINGS, _as_findings(columns, self._language), night)

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self._outputs.attempt("--xlsx", self._stack.close)
            for option in self._writers:
                self._outputs.publish(option)
        with contextlib.suppress(Exception):  # of one that failed nothing is kept
            self._stack.close()


def _cells(values: Any) -> Sequence[object]:
    """The cells of a column; a number below zero in an array is an absence and empty."""
    if not isinstance(values, np.ndarray):
        return values  # type: ignore[no-any-return]
    whole = values.dtype.kind == "i"
    return [None if whole and cell < 0 else cell for cell in values.tolist()]


def _as_findings(inputs: Columns, language: str) -> Columns:
    """Inputs as rows among the findings."""
    size = len(inputs["path"])
    said = zip(inputs["note"], inputs["why"], strict=True)
    cells = {
        "case": [None] * size,
        "code": ["input"] * size,
        "level": inputs["kind"],
        "field": ["sha256"] * size,
        "left_source": inputs["path"],
        "left_value": inputs["sha256"],
        "right_value": inputs["size"],
        "message": [show(language, series(filter(None, each), msg("; "))) for each in said],
    }
    return {name: cells.get(name, [""] * size) for name in FINDINGS.header}
