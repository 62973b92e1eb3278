"""The reports that are tables: cases, findings, figures and inputs as CSV, workbook and Parquet, of one night or many.

Beside findings stands a file of the cases; beside CSV files one with the inputs and their SHA-256 as well, and
`datapackage.json`, which describes the columns.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from protocol.words import msg, series
from regard.language import show
from regard.outputs import STANDARD, Outputs
from regard.reports.csv_files import dialect_of, inert, inert_rows
from regard.reports.fields import CASES, FIGURES, FINDINGS, INPUTS, TableLayout, in_words
from regard.reports.rows import TABLE, FindingRows

if TYPE_CHECKING:
    from verify.model.use import Input

Row = tuple[object, ...]
CSV_CASES = "--csv (cases)"
_PARQUET_CASES = "--parquet (cases)"
_CSV_INPUTS = "--csv (inputs)"
_CSV_PACKAGE = "--csv (datapackage.json)"
TABLES = ("--csv", "--xlsx", "--parquet", "--figures")
"""The options that ask for tables."""
OF_CASES = (CSV_CASES, "--xlsx", _PARQUET_CASES)
"""Reports that have cases, row by row."""


@dataclass(frozen=True, slots=True)
class AuditTables:
    """The tables of one audit beside the rows of its findings, each made when it is asked for.

    Attributes:
        columns: its columns by `tables.FINDINGS`.
        figures: its columns by `tables.FIGURES`; counts below zero are absences.
        inputs: the files, by `fields.INPUTS`.
    """

    columns: Callable[[], Mapping[str, list[object]]]
    figures: Callable[[], Mapping[str, Any]]
    inputs: Sequence[Mapping[str, object]]


def beside(csv: str | Path | None, parquet: Path | None, figures: Path | None) -> dict[str, Path]:
    """What is written beside tables, by option: none where there are no such files."""
    found = {}
    if csv is not None and str(csv) != STANDARD:
        found[CSV_CASES] = Path(csv).with_name(f"{Path(csv).stem}-cases.csv")
    if parquet is not None and str(parquet) != STANDARD:
        found[_PARQUET_CASES] = parquet.with_name(f"{parquet.stem}-cases.parquet")
    first = csv if CSV_CASES in found else figures if _suffix(figures) == ".csv" else None
    if first is not None:
        from regard.reports.csv_files import NAME

        path = Path(first)
        found |= {_CSV_INPUTS: path.with_name(f"{path.stem}-inputs.csv"), _CSV_PACKAGE: path.with_name(NAME)}
    return found


def _suffix(path: Path | None) -> str | None:
    return None if path is None or str(path) == STANDARD else path.suffix.lower()


def inputs_of(inputs: Iterable[Input], language: str) -> list[dict[str, object]]:
    """What a report says of its inputs, by `fields.INPUTS`."""
    return [
        {
            "path": used.path,
            "kind": used.kind,
            "used": used.used.value,
            "size": used.size,
            "sha256": used.sha256,
            "note": show(language, used.note),
            "why": show(language, used.why),
        }
        for used in inputs
    ]


class _Writer(Protocol):
    """One report that is being written."""

    def cases(self, columns: Mapping[str, list[object]], night: str | None) -> None:
        """Write some cases of an audit, by `tables.CASES`, if it is a report of them."""

    def findings(self, block: FindingRows, night: str | None) -> None:
        """Write some findings of an audit, if it is a report of them row by row."""

    def add(self, found: AuditTables, night: str | None) -> None:
        """Write what one audit adds to it."""

    def end(self) -> None:
        """Write what closes it."""


class TableReports(contextlib.AbstractContextManager["TableReports"]):
    """The tables that were asked for. One that cannot be written does not touch the others.

    Args:
        outputs: where they go.
        language: of all texts.
        run: what the verdict depends on beside the evidence.
        dialect: of CSV, a name of `csv_files.DIALECTS`; None: the language's.
        nights: whether each table has a first column ``night``.
    """

    def __init__(
        self, outputs: Outputs, language: str, run: Mapping[str, object], dialect: str | None, *, nights: bool = False
    ) -> None:
        self._outputs, self._language, self._run, self._nights = outputs, language, run, nights
        self._dialect = dialect_of(dialect, language)
        self._stack = contextlib.ExitStack()
        self._writers: dict[str, _Writer] = {}
        self._csv: dict[str, TableLayout] = {}
        self._with_inputs = False
        for option in (*TABLES, CSV_CASES, _CSV_INPUTS, _PARQUET_CASES):
            outputs.attempt(option, partial(self._begin, option))

    def _begin(self, option: str) -> None:
        kind = _suffix(self._outputs.path(option))
        if option == _CSV_INPUTS:
            self._writers[option] = self._begin_csv(option, INPUTS, _input_rows)
        elif option == CSV_CASES:
            self._writers[option] = self._begin_csv(option, CASES, lambda found: iter(()))
        elif option == "--csv":
            self._with_inputs = kind is None
            self._writers[option] = self._begin_csv(option, FINDINGS, self._inputs_as_findings)
        elif option == "--figures" and kind == ".csv":
            self._writers[option] = self._begin_csv(option, FIGURES, _figure_rows)
        elif option == "--xlsx" or kind == ".xlsx":
            self._writers[option] = self._begin_workbook(option)
        else:
            self._writers[option] = self._begin_parquet(option)

    def _layout(self, layout: TableLayout) -> TableLayout:
        return layout.of_nights() if self._nights else layout

    def _inputs_as_findings(self, found: AuditTables) -> Iterator[Row]:
        if self._with_inputs:  # on standard output nothing can stand beside the findings
            yield from (_as_finding(used, self._language) for used in found.inputs)

    def _begin_csv(self, option: str, layout: TableLayout, rows: Callable[[AuditTables], Iterator[Row]]) -> _Writer:
        outputs, dialect, told = self._outputs, self._dialect, self._told
        self._csv[option] = self._layout(layout)
        outputs.file(option).write(dialect.head(self._csv[option].header))

        class Csv:
            def cases(self, columns: Mapping[str, list[object]], night: str | None) -> None:
                if layout is CASES:
                    cells = inert_rows(told(columns, CASES.header, codes=dialect.codes))
                    outputs.file(option).write(dialect.lines(_of_night(cells, night and str(inert(night)))))

            def findings(self, block: FindingRows, night: str | None) -> None:
                if layout is FINDINGS:
                    cells = block.rows(lambda columns: inert_rows(told(columns, TABLE, codes=dialect.codes)))
                    outputs.file(option).write(dialect.lines(_of_night(cells, night and str(inert(night)))))

            def add(self, found: AuditTables, night: str | None) -> None:
                cells = inert_rows(zip(*_of_night(rows(found), night), strict=True))
                outputs.file(option).write(dialect.lines(cells))

            def end(self) -> None:
                pass

        return Csv()

    def _told(
        self, columns: Mapping[str, Sequence[object]], names: Sequence[str], *, codes: bool = False
    ) -> Iterator[Sequence[object]]:
        """Some columns as people read them, or with the codes that programs rely on."""
        return (columns[name] if codes else in_words(name, columns[name], self._language) for name in names)

    def _begin_workbook(self, option: str) -> _Writer:
        from regard.reports.workbook import workbook

        layouts = [FIGURES, INPUTS] if option == "--figures" else [CASES, FINDINGS, FIGURES, INPUTS]
        told, whole, language = self._told, contextlib.ExitStack(), self._language
        book = whole.enter_context(
            workbook(self._outputs.file(option), list(map(self._layout, layouts)), self._language)
        )
        self._stack.push(whole)

        class WorkbookSheet:
            def cases(self, columns: Mapping[str, list[object]], night: str | None) -> None:
                if CASES in layouts:
                    rows = zip(*told(columns, CASES.header), strict=True)
                    book.add(CASES.name, _of_night(rows, night))

            def findings(self, block: FindingRows, night: str | None) -> None:
                if FINDINGS in layouts:
                    rows = block.rows(lambda columns: list(zip(*told(columns, TABLE), strict=True)))
                    book.add(FINDINGS.name, _of_night(rows, night))

            def add(self, found: AuditTables, night: str | None) -> None:
                book.add(FIGURES.name, _of_night(_figure_rows(found), night))
                book.add(INPUTS.name, _of_night(_inputs_in_words(found, language), night))

            def end(self) -> None:
                whole.close()

        return WorkbookSheet()

    def _begin_parquet(self, option: str) -> _Writer:
        from regard.reports import tables
        from regard.reports.parquet_files import parquet_file

        names = {"--figures": tables.FIGURES, _PARQUET_CASES: tables.CASES}.get(option, tables.FINDINGS)
        whole = contextlib.ExitStack()
        file = whole.enter_context(parquet_file(self._outputs.file(option), names, self._run, self._nights))
        self._stack.push(whole)

        class ParquetTable:
            def cases(self, columns: Mapping[str, list[object]], night: str | None) -> None:
                if option == _PARQUET_CASES:
                    file.add({name: columns[name] for name in names}, night)

            def findings(self, block: FindingRows, night: str | None) -> None:
                pass

            def add(self, found: AuditTables, night: str | None) -> None:
                if option == _PARQUET_CASES:
                    file.add_inputs(found.inputs, night)
                    return
                columns = found.figures() if option == "--figures" else found.columns()
                file.add(columns, night)
                file.add_inputs(found.inputs, night)

            def end(self) -> None:
                whole.close()

        return ParquetTable()

    def cases(self, columns: Mapping[str, list[object]], night: str | None = None) -> None:
        """Write some cases of an audit, by `tables.CASES`, to each report of them."""
        for option, writer in self._writers.items():
            self._outputs.attempt(option, partial(writer.cases, columns, night))

    def findings(self, block: FindingRows, night: str | None = None) -> None:
        """Write some findings of an audit to each report that has them row by row."""
        for option, writer in self._writers.items():
            self._outputs.attempt(option, partial(writer.findings, block, night))

    def add(self, found: AuditTables, night: str | None = None) -> None:
        """Write what one audit adds to each report, after its findings."""
        for option, writer in self._writers.items():
            self._outputs.attempt(option, partial(writer.add, found, night))

    def __exit__(self, *error: object) -> None:
        outputs = self._outputs
        if error[0] is None:
            for option, writer in self._writers.items():
                outputs.attempt(option, writer.end)
                outputs.publish(option)
            outputs.write(_CSV_PACKAGE, self._package)
        with contextlib.suppress(Exception):  # of one that failed nothing is kept
            self._stack.close()

    def _package(self) -> bytes:
        from regard.reports.csv_files import package, resource

        folder = self._outputs.path(_CSV_PACKAGE)
        resources = []
        for option, layout in self._csv.items():
            path = self._outputs.path(option)
            if path is not None and path.parent == folder.parent and self._outputs.wants(option):
                size, sha256 = self._outputs.written(option)
                resources.append(resource(path, layout, self._dialect, size, sha256, self._language))
        return package(folder, resources)


def _of_night(rows: Iterable[Sequence[object]], night: str | None) -> Iterator[Sequence[object]]:
    return iter(rows) if night is None else ((night, *row) for row in rows)


def _input_rows(found: AuditTables) -> Iterator[Row]:
    return (tuple(used[name] for name in INPUTS.header) for used in found.inputs)


def _inputs_in_words(found: AuditTables, language: str) -> Iterator[Row]:
    """The inputs as people read them: no codes."""
    from regard.reports.inputs import TAKEN, USED

    uses = {used.value: said for used, said in USED.items()}
    for used in found.inputs:
        kind, much = used["kind"], used["used"]
        told = {"kind": show(language, TAKEN.get(str(kind), kind)), "used": show(language, uses.get(str(much), much))}
        yield tuple(told.get(name, used[name]) for name in INPUTS.header)


def _figure_rows(found: AuditTables) -> Iterator[Row]:
    columns = found.figures()
    return zip(*(_cells(columns[name]) for name in FIGURES.header), strict=True)


def _cells(values: Any) -> list[object]:
    """The cells of a column; one below zero is an absence and empty."""
    cells: list[object] = values.tolist()
    whole = isinstance(values, np.ndarray) and values.dtype.kind == "i"
    return [None if cell < 0 else cell for cell in cells] if whole else cells  # type: ignore[operator]


def _as_finding(used: Mapping[str, object], language: str) -> Row:
    said = show(language, series([str(used[name]) for name in ("note", "why") if used[name]], msg("; ")))
    cells = {
        "case": None,
        "code": "input",
        "level": used["kind"],
        "field": "sha256",
        "left_source": used["path"],
        "left_value": used["sha256"],
        "right_value": used["size"],
        "message": said,
    }
    return tuple(cells.get(name, "") for name in FINDINGS.header)
