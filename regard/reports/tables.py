"""Findings, cases and figures as tables: what `import regard` gives, and the figures of workbooks.

Codes are text, counts are 64-bit integers, and what is missing is null: neither zero nor an empty text.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol.errors import RegardError
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from protocol.words import msg
from regard.reports.rows import Columns as Rows
from regard.reports.rows import case_blocks, case_table, rows
from verify.audit import Audit
from verify.model.evidence import Counted, LinedEvidence
from verify.model.figures import Figures, Ints

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas
    import polars
    import pyarrow

    Columns = Mapping[str, Sequence[object] | npt.NDArray[Any]]

_TEXTS = ("code", "severity", "level", "insee", "bureau", "scrutin", "field")
_SIDES = tuple(
    f"{side}_{part}" for side in ("left", "right") for part in ("quantity", "piece", "source", "value", "text")
)
FINDINGS = ("case", *_TEXTS, *_SIDES, "message", "what_to_do", "basis")
"""Columns of the findings, as in the CSV; ``case`` is the number of the case that each is in.

A figure is a number in ``…_value``; what is no number is in ``…_text``.
"""
CASES = (
    *("case", "kind", "severity", "sure", "cause", "insee", "commune", "bureaux", "places", "piece"),
    *("text", "corrections", "what_to_do", "findings", "codes", "followed"),
)
"""Columns of the cases: ``places`` and ``findings`` are how many there are."""

PLACE = ("insee", "bureau", "scrutin", "commune", "departement", "circonscription", "comptage")
FIGURES_OF = {
    EvidenceKind.UNIVERSE: (Quantity.REGISTERED,),
    EvidenceKind.SIGNATURES: (Quantity.REGISTERED, Quantity.SIGNATURES),
    EvidenceKind.RECORDS: (*VOTERS, Quantity.PROXIES),
    EvidenceKind.EXPORTS: (Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.BLANK),
    EvidenceKind.TABULATION: VOTERS,
    EvidenceKind.PUBLISHED: VOTERS,
}
"""The counts of each kind of evidence; those of a machine are from its urn where there is no export."""
_HEADED = {EvidenceKind.UNIVERSE: "liste", EvidenceKind.EXPORTS: "machine"}
"""Prefix of columns that is not the name of their kind."""


def column(kind: EvidenceKind, name: Quantity) -> str:
    """The column of a kind of evidence's count; programs rely on these names."""
    if (kind, name) == (EvidenceKind.EXPORTS, Quantity.VOTES_FOUND):
        return "machine_votes"
    return f"{_HEADED.get(kind, kind)}_{name.column}"


FIGURES = (*PLACE, *(column(kind, name) for kind, names in FIGURES_OF.items() for name in names))
"""Columns of the figures: the place, then by kind of evidence each count, null where there is none."""
_ARE_TEXTS = {
    *CASES,
    *PLACE,
    *_TEXTS,
    *(name for name in _SIDES if not name.endswith("_value")),
    "message",
    "what_to_do",
    "basis",
} - {"case", "places", "findings"}


def findings_of(result: Audit, language: str) -> dict[str, list[object]]:
    """The findings as the columns `FINDINGS`."""
    found: dict[str, list[object]] = {name: [] for name in FINDINGS}
    for some in rows(result, language, _rows):
        for name, values in zip(FINDINGS, zip(*some, strict=True), strict=True):
            found[name] += values
    return found


def _rows(columns: Rows) -> list[Any]:
    apart = {
        f"{side}_{kind}": [value if isinstance(value, of) else None for value in columns[f"{side}_value"]]
        for side in ("left", "right")
        for kind, of in (("value", int), ("text", str))
    }
    return list(zip(*((columns | apart)[name] for name in FINDINGS), strict=True))


def cases_of(result: Audit, language: str) -> dict[str, list[Any]]:
    """All cases of an audit as the columns of a table, `CASES`."""
    found: dict[str, list[Any]] = {name: [] for name in CASES}
    for columns in case_blocks(result, language):
        for name, values in case_table(columns, language, result.coverage.communes).items():
            found[name] += values
    return found


def figures_of(evidence: LinedEvidence) -> dict[str, npt.NDArray[Any]]:
    """The figures of every bureau and poll as the columns `FIGURES`; counts below zero are absences.

    Of several files of published results, the first that is by bureau.
    """
    universe, polls = evidence.universe, len(evidence.polls)
    places = {
        "insee": universe.insee,
        "bureau": universe.bureau,
        "commune": universe.commune,
        "departement": universe.department,
        "comptage": np.choose(universe.counting, ["", "machine", "papier"]),
    }
    columns: dict[str, npt.NDArray[Any]] = {name: np.repeat(values, polls) for name, values in places.items()}
    areas = [universe.constituency_of(number) for number in evidence.polls]
    columns["circonscription"] = np.stack(areas, axis=1).reshape(-1)
    columns["scrutin"] = np.tile(np.array([str(poll) for poll in evidence.polls], np.str_), len(universe))
    machines = evidence.machines
    published = evidence.published[0].counted if evidence.published else None
    found: dict[EvidenceKind, dict[Quantity, Figures]] = {
        EvidenceKind.SIGNATURES: _named(evidence.signatures, FIGURES_OF[EvidenceKind.SIGNATURES]),
        EvidenceKind.RECORDS: _named(evidence.records, FIGURES_OF[EvidenceKind.RECORDS]),
        EvidenceKind.TABULATION: _named(evidence.tabulation, FIGURES_OF[EvidenceKind.TABULATION]),
        EvidenceKind.EXPORTS: {}
        if machines is None
        else {
            Quantity.REGISTERED: machines.registered,
            Quantity.VOTES_FOUND: machines.cast,
            Quantity.BLANK: machines.blank,
        },
        EvidenceKind.PUBLISHED: _named(published, FIGURES_OF[EvidenceKind.PUBLISHED]),
    }
    columns[column(EvidenceKind.UNIVERSE, Quantity.REGISTERED)] = np.repeat(universe.registered, polls)
    nothing: Ints = np.full(len(universe) * polls, -1, np.int64)
    for kind, figures in found.items():
        for name in FIGURES_OF[kind]:
            columns[column(kind, name)] = figures[name].values.reshape(-1) if name in figures else nothing
    return {name: columns[name] for name in FIGURES}


def _named(counted: Counted | None, names: Sequence[Quantity]) -> dict[Quantity, Figures]:
    return {} if counted is None else {name: counted[name] for name in names}


def valid_text(cell: object) -> object:
    """Text as valid UTF-8: a file name that is not arrives as lone surrogates, which are written as escapes."""
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


def arrow(columns: Columns) -> pyarrow.Table:
    """`CASES`, `FINDINGS` or `FIGURES` as an Arrow table: codes are text, counts 64-bit integers.

    A count below zero, which is an absence, becomes null.
    """
    import pyarrow

    arrays = {}
    for name, values in columns.items():
        kind = pyarrow.string() if name in _ARE_TEXTS else pyarrow.int64()
        absent = values < 0 if isinstance(values, np.ndarray) and values.dtype.kind == "i" else None
        as_it_is = isinstance(values, np.ndarray) or kind != pyarrow.string()
        arrays[name] = pyarrow.array(values if as_it_is else [valid_text(cell) for cell in values], kind, mask=absent)
    return pyarrow.table(arrays)


class PackageMissing(RegardError):
    """A package that only some users need is not installed; the sentence names it and how to install it."""

    def __init__(self, package: str) -> None:
        super().__init__(msg("this needs {package}, which is not installed: pip install {package}", package=package))


_SHOWN = 10
"""Rows of a table that a notebook shows."""


class Table:
    """Rows and columns for whoever computes on. Made when first asked for; what is missing is null.

    Any library that knows the Arrow C stream interface takes it as it is: ``polars.DataFrame(table)``,
    ``pandas.DataFrame.from_arrow(table)``, ``pyarrow.table(table)``.
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

    def __getstate__(self) -> dict[str, object]:
        """The table as made, for pickle and processes."""
        return {**self.__dict__, "_make": None, "_made": self.to_arrow()}

    def __repr__(self) -> str:
        table = self.to_arrow()
        return f"<{type(self).__name__}: {table.num_rows:,} rows: {', '.join(table.column_names)}>"

    def _repr_html_(self) -> str:
        """The first rows, for a notebook."""
        table = self.to_arrow()
        rows = [table.column_names, *(row.values() for row in table.slice(0, _SHOWN).to_pylist())]
        cells = ("".join(f"<td>{escape('' if each is None else str(each))}</td>" for each in row) for row in rows)
        lines = "".join(f"<tr>{each}</tr>" for each in cells)
        return f"<p>{type(self).__name__}: {table.num_rows:,} rows</p><table>{lines}</table>"

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)


def _imported(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise PackageMissing(package) from error
