"""Findings, cases, figures and what was compared as tables: what `import regard` gives, and the figures of workbooks.

Codes are text, counts are 64-bit integers, and what is missing is null: neither zero nor an empty text.
"""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from protocol.errors import RegardError
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import msg
from regard.language import show
from regard.reports import fields
from regard.reports.fields import COMPARED, CORRECTIONS, FIGURES_OF, UNCOMPARED, TableLayout, column
from regard.reports.rows import case_blocks, case_table, figure, finding_blocks
from verify.audit import Audit
from verify.ledger import Ledger, Why
from verify.model.cases import Correction, Sure
from verify.model.evidence import Counted, LinedEvidence, PublishedLines
from verify.model.figures import Ints

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas
    import polars
    import pyarrow

    Columns = Mapping[str, Sequence[object] | npt.NDArray[Any]]

FINDINGS = fields.FINDINGS.of_one_type().header
"""Columns of the findings; ``case`` is the number of the case that each is in.

A figure is a number in ``…_value``; what is no number is in ``…_text``.
"""
CASES = fields.CASES.header
"""Columns of the cases: ``places`` and ``findings`` are how many there are."""
FIGURES = fields.FIGURES.header
"""Columns of the figures: the place, then by kind of evidence each count, null where there is none."""
_SURE = tuple(each.value for each in Sure)
Row = TypeVar("Row")


def findings_of(result: Audit, language: str) -> dict[str, list[Any]]:
    """The findings as the columns of `fields.FINDINGS`."""
    return _together(fields.FINDINGS, finding_blocks(result, language))


def cases_of(result: Audit, language: str) -> dict[str, list[Any]]:
    """All cases of an audit as the columns of a table, `CASES`."""
    names = result.coverage.communes
    return _together(fields.CASES, (case_table(block, language, names) for block in case_blocks(result, language)))


def _together(layout: TableLayout, blocks: Iterable[dict[str, list[Any]]]) -> dict[str, list[Any]]:
    """The columns of a table whose rows come in parts."""
    found: dict[str, list[Any]] = {name: [] for name in layout.header}
    for block in blocks:
        for name, cells in found.items():
            cells += block[name]
    return found


def corrections_of(result: Audit) -> dict[str, list[Any]]:
    """The corrections of all cases, and those of each reading of an open one, as the columns of `CORRECTIONS`."""
    found: list[tuple[object, ...]] = []
    for block in result.cases.blocks():
        for at, detail in block.details.items():
            of_case = (block.number + at, _SURE[block.sure[at]])
            found += (_correction(each, None, *of_case) for each in detail.corrections)
            for number, reading in enumerate(detail.readings, 1):
                found += (_correction(each, number, *of_case) for each in reading.corrections)
    found.sort(key=lambda row: row[0])  # type: ignore[arg-type, return-value]
    return CORRECTIONS.columns(found)


def _correction(each: Correction, reading: int | None, case: int, sure: str) -> tuple[object, ...]:
    place = (each.place.insee, each.place.bureau, str(each.place.poll or ""))
    said = (show("en", each.field), figure(each.was), figure(each.becomes), each.copied)
    return case, reading, sure, *place, each.piece, each.source, *said


def compared_in(ledger: Ledger) -> dict[str, list[Any]]:
    """Every quantity of every two pieces that both have it, as the columns of `COMPARED`."""
    return COMPARED.columns(
        (
            (str(each.quantity), each.left, each.right, each.figures, each.compared, *(each.why.get(w, 0) for w in Why))
            for each in ledger.lines
        ),
    )


def uncompared_in(ledger: Ledger) -> dict[str, list[Any]]:
    """Figures that nothing was compared with, as the columns of `UNCOMPARED`."""
    some = ((str(each.quantity), each.piece, each.figures, each.of, each.bounded) for each in ledger.uncompared)
    return UNCOMPARED.columns(some)


def figures_of(evidence: LinedEvidence) -> dict[str, npt.NDArray[Any]]:
    """The figures of every bureau and poll as the columns `FIGURES`; counts below zero are absences.

    Of several files of published results, the first that has the bureau.
    """
    universe, polls = evidence.universe, len(evidence.polls)
    places = {
        "insee": universe.insee,
        "bureau": universe.bureau,
        "commune": universe.commune,
        "department": universe.department,
        "counting": np.choose(universe.counting, ["", "machine", "papier"]),
    }
    columns: dict[str, npt.NDArray[Any]] = {name: np.repeat(values, polls) for name, values in places.items()}
    areas = [universe.constituency_of(number) for number in evidence.polls]
    columns["constituency"] = np.stack(areas, axis=1).reshape(-1)
    columns["poll"] = np.tile(np.array([str(poll) for poll in evidence.polls], np.str_), len(universe))
    machines = evidence.machines
    found: dict[EvidenceKind, dict[Quantity, Ints]] = {
        EvidenceKind.SIGNATURES: _named(evidence.signatures, FIGURES_OF[EvidenceKind.SIGNATURES]),
        EvidenceKind.RECORDS: _named(evidence.records, FIGURES_OF[EvidenceKind.RECORDS]),
        EvidenceKind.TABULATION: _named(evidence.tabulation, FIGURES_OF[EvidenceKind.TABULATION]),
        EvidenceKind.EXPORTS: {}
        if machines is None
        else {
            Quantity.REGISTERED: machines.registered.values,
            Quantity.VOTES_FOUND: machines.cast.values,
            Quantity.BLANK: machines.blank.values,
        },
        EvidenceKind.PUBLISHED: _of_first(evidence.published),
    }
    nothing: Ints = np.full(len(universe) * polls, -1, np.int64)
    registered = np.repeat(universe.registered, polls) if universe.official else nothing
    columns[column(EvidenceKind.UNIVERSE, Quantity.REGISTERED)] = registered
    for kind, figures in found.items():
        for name in FIGURES_OF[kind]:
            columns[column(kind, name)] = figures[name].reshape(-1) if name in figures else nothing
    return {name: columns[name] for name in FIGURES}


def _named(counted: Counted | None, names: Sequence[Quantity]) -> dict[Quantity, Ints]:
    return {} if counted is None else {name: counted[name].values for name in names}


def _of_first(published: Sequence[PublishedLines]) -> dict[Quantity, Ints]:
    there = [each.counted.present for each in published]
    names = FIGURES_OF[EvidenceKind.PUBLISHED] if published else ()
    return {name: np.select(there, [each.counted[name].values for each in published], -1) for name in names}


def valid_text(cell: object) -> object:
    """Text as valid UTF-8: a file name that is not arrives as lone surrogates, which are written as escapes."""
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


def arrow(layout: TableLayout, *parts: Columns) -> pyarrow.Table:
    """An Arrow table of the columns of a layout, some below the other; the metadata of a count says its unit.

    Numbers below zero in an array, which are absences, and empty texts become null.
    """
    import pyarrow

    types = {"text": pyarrow.string(), "figure": pyarrow.string(), "count": pyarrow.int64(), "flag": pyarrow.bool_()}
    schema = pyarrow.schema(
        pyarrow.field(field.name, types[field.holds], metadata={"unit": field.unit} if field.unit else None)
        for field in layout.of_one_type().fields
    )

    def arrays(part: Columns) -> Iterator[pyarrow.Array]:
        for field in layout.fields:
            values: Any = part[field.name]
            if isinstance(values, np.ndarray) and values.dtype.kind == "i":
                yield pyarrow.array(values, pyarrow.int64(), mask=values < 0)
                continue
            cells = values.tolist() if isinstance(values, np.ndarray) else values
            if field.holds == "figure":
                yield pyarrow.array([each if isinstance(each, int) else None for each in cells], pyarrow.int64())
            if types[field.holds] == pyarrow.string():
                known = {each: valid_text(each) or None for each in set(cells) if isinstance(each, str)}
                cells = map(known.get, cells)
            yield pyarrow.array(cells, types[field.holds])

    tables = [pyarrow.table(list(arrays(part)), schema=schema) for part in parts]
    return pyarrow.concat_tables(tables) if tables else schema.empty_table()


class PackageMissing(RegardError):
    """A package that only some users need is not installed; the sentence names it and how to install it."""

    def __init__(self, package: str) -> None:
        super().__init__(msg("this needs {package}, which is not installed: pip install {package}", package=package))


_SHOWN = 10
"""Rows of a table that a notebook shows, and columns that a prompt names."""


class Shown(ABC):
    """A value that says what it is at a prompt, and shows its first rows in a notebook."""

    @abstractmethod
    def _said(self) -> str:
        """The sentence at a prompt."""

    @abstractmethod
    def _rows(self) -> pyarrow.Table:
        """The rows, the first of which a notebook shows."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._said()}>"

    def _repr_html_(self) -> str:
        """The sentence and the first rows, for a notebook."""
        table = self._rows()
        shown = [table.column_names, *(row.values() for row in table.slice(0, _SHOWN).to_pylist())]
        cells = ("".join(f"<td>{escape('' if each is None else str(each))}</td>" for each in row) for row in shown)
        lines = "".join(f"<tr>{each}</tr>" for each in cells)
        return f"<p>{type(self).__name__}: {escape(self._said())}</p><table>{lines}</table>"


class Table(Shown):
    """Rows and columns for whoever computes on. Made when first asked for; what is missing is null.

    Iterated, it gives each row as a dictionary. Any library that knows the Arrow C stream interface takes it as it is:
    ``polars.DataFrame(table)``, ``pandas.DataFrame.from_arrow(table)``, ``pyarrow.table(table)``.
    """

    def __init__(self, make: Callable[[], pyarrow.Table]) -> None:
        self._make = make
        self._made: pyarrow.Table = None

    def to_arrow(self) -> pyarrow.Table:
        """The table in Arrow's columns: ``string`` for codes and texts, ``int64`` for counts."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def to_pandas(self) -> pandas.DataFrame:
        """The table for pandas, with the types that keep whole numbers whole beside nulls: ``Int64``, ``string``.

        Raises:
            PackageMissing: pandas is not installed.
        """
        pandas = _imported("pandas")
        table = self.to_arrow()
        import pyarrow

        types = {
            pyarrow.int64(): pandas.Int64Dtype(),
            pyarrow.bool_(): pandas.BooleanDtype(),
            pyarrow.string(): pandas.StringDtype(),
        }
        return table.to_pandas(types_mapper=types.get)

    def to_polars(self) -> polars.DataFrame:
        """The table for polars, without a copy of the columns.

        Raises:
            PackageMissing: polars is not installed.
        """
        return _imported("polars").from_arrow(self.to_arrow())

    @property
    def units(self) -> dict[str, str]:
        """The unit of each count that has one: ``voters``, ``votes`` or ``bytes``."""
        fields = self.to_arrow().schema
        return {field.name: field.metadata[b"unit"].decode() for field in fields if field.metadata}

    def __len__(self) -> int:
        return int(self.to_arrow().num_rows)

    def __iter__(self) -> Iterator[Any]:
        for batch in self.to_arrow().to_batches():
            yield from batch.to_pylist()

    def __getstate__(self) -> dict[str, object]:
        """The table as made, for pickle and processes."""
        return {**self.__dict__, "_make": None, "_made": self.to_arrow()}

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _said(self) -> str:
        names = self.to_arrow().column_names
        return f"{len(self):,} rows: {', '.join([*names[:_SHOWN], '…'] if names[_SHOWN:] else names)}"

    def _rows(self) -> pyarrow.Table:
        return self.to_arrow()


class Listing(Table, Generic[Row]):
    """A table whose rows are objects as well: iterated and by index."""

    def __init__(self, make: Callable[[], pyarrow.Table], rows: Sequence[Row]) -> None:
        super().__init__(make)
        self._all = rows

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, index: int) -> Row:
        return self._all[index]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._all)


def _imported(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise PackageMissing(package) from error
