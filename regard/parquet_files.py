"""Findings and figures as Parquet, for whoever computes on: one row a finding, or one row a bureau and poll.

The names, sizes and SHA-256 of all inputs are in the file's metadata, as JSON under ``regard.inputs``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from protocol.errors import RegardError
from protocol.files import replacing
from regard.reports import figure
from verify.audit import Audit
from verify.evidence import Counted, Evidence
from verify.figures import Figures, Ints
from verify.findings import Finding

if TYPE_CHECKING:
    import numpy.typing as npt

    Columns = Mapping[str, Sequence[object] | npt.NDArray[Any]]

_TEXTS = ("code", "severity", "level", "insee", "bureau", "scrutin", "field")
_SIDES = ("left_source", "left_value", "left_text", "right_source", "right_value", "right_text")
FINDINGS = (*_TEXTS, *_SIDES, "message", "what_to_do")
"""Columns of the findings, as in the CSV. A figure is a number in ``…_value``; what is no number is in ``…_text``."""

_PLACE = ("insee", "bureau", "scrutin", "commune", "departement", "circonscription", "comptage")
_COUNTS = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
_PUBLISHED = ("registered", "signatures", "votes_found", "blank", "null", "valid")
_OF = {
    "liste": ("inscrits",),
    "emargements": ("inscrits", "emargements"),
    "pv": (*_COUNTS, "procurations"),
    "machine": ("inscrits", "votes", "blancs"),
    "recap": _COUNTS,
    "publie": _COUNTS,
}
FIGURES = (*_PLACE, *(f"{kind}_{name}" for kind, names in _OF.items() for name in names))
"""Columns of the figures: the place, then by kind of evidence each count, null where there is none."""


class NoParquet(RegardError):
    """pyarrow, which writes Parquet, is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow: pip install 'regard[parquet]'")
        self.french = "Parquet demande pyarrow : pip install 'regard[parquet]'"


def need_pyarrow() -> None:
    """Say at once, before anything is read, that nothing could be written.

    Raises:
        NoParquet: pyarrow is not installed.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise NoParquet


def findings_of(result: Audit, language: str) -> dict[str, list[object]]:
    """The findings as the columns `FINDINGS`."""
    rows = [_row(found, language) for found in result.findings]
    columns = list(zip(*rows, strict=True)) or [()] * len(FINDINGS)
    return {name: list(values) for name, values in zip(FINDINGS, columns, strict=True)}


def _row(found: Finding, language: str) -> tuple[object, ...]:
    from verify.catalogue import rule

    poll = str(found.poll) if found.poll else ""
    cells: list[object] = [found.code, found.severity.name.lower(), found.level, found.insee, found.bureau, poll]
    cells.append(found.field)
    for side in (found.left, found.right):
        value = figure(side.value)
        number, text = (value, None) if isinstance(value, int) else (None, value)
        cells += [side.source, number, text]
    return (*cells, found.message(language), rule(found.code).action[language])


def figures_of(evidence: Evidence) -> dict[str, npt.NDArray[Any]]:
    """The figures of every bureau and poll as the columns `FIGURES`; counts below zero are absences.

    Of several files of published results, the first that is by bureau.
    """
    universe, polls = evidence.universe, len(evidence.polls)
    places = {
        "insee": universe.insee,
        "bureau": universe.bureau,
        "commune": universe.commune,
        "departement": universe.department,
        "circonscription": universe.constituency,
        "comptage": np.choose(universe.counting, ["", "machine", "papier"]),
    }
    columns: dict[str, npt.NDArray[Any]] = {name: np.repeat(values, polls) for name, values in places.items()}
    columns["scrutin"] = np.tile(np.array([str(poll) for poll in evidence.polls], np.str_), len(universe))
    machines = evidence.machines
    published = evidence.published[0].counted if evidence.published else None
    found: dict[str, dict[str, Figures]] = {
        "emargements": _named(evidence.signatures, _OF["emargements"]),
        "pv": _named(evidence.records, _OF["pv"]),
        "recap": _named(evidence.tabulation, _OF["recap"]),
        "machine": {}
        if machines is None
        else {"inscrits": machines.registered, "votes": machines.cast, "blancs": machines.blank},
        "publie": dict(zip(_COUNTS, _named(published, _PUBLISHED).values(), strict=False)),
    }
    columns["liste_inscrits"] = np.repeat(universe.registered, polls)
    nothing: Ints = np.full(len(universe) * polls, -1, np.int64)
    for kind, figures in found.items():
        for name in _OF[kind]:
            columns[f"{kind}_{name}"] = figures[name].values.reshape(-1) if name in figures else nothing
    return {name: columns[name] for name in FIGURES}


def _named(counted: Counted | None, names: Sequence[str]) -> dict[str, Figures]:
    return {} if counted is None else {name: counted[name] for name in names}


def _valid(cell: object) -> object:
    """Text as valid UTF-8: a file name that is not arrives as lone surrogates, which are written as escapes."""
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


class ParquetFile:
    """A Parquet file that is written night by night."""

    def __init__(self, writer: Any, schema: Any) -> None:
        self._writer = writer
        self._schema = schema
        self._inputs: list[str] = []

    def add(self, columns: Columns, inputs: Sequence[Mapping[str, object]], night: str | None = None) -> None:
        """Write the rows of one night.

        Args:
            columns: `FINDINGS` or `FIGURES`.
            inputs: the files that they are from.
            night: the value of the column ``night``, where the file has one.
        """
        import pyarrow as pa

        rows = len(next(iter(columns.values())))
        arrays = {} if night is None else {"night": pa.array([_valid(night)] * rows, pa.string())}
        for name, values in columns.items():
            kind = self._schema.field(name).type
            absent = values < 0 if isinstance(values, np.ndarray) and values.dtype.kind == "i" else None
            written = isinstance(values, np.ndarray) or kind != pa.string()
            arrays[name] = pa.array(values if written else [_valid(cell) for cell in values], kind, mask=absent)
        self._writer.write_table(pa.table(arrays, schema=self._schema))
        named = {} if night is None else {"night": night}
        self._inputs += [json.dumps({**named, **each}) for each in inputs]  # as text they take the least room

    def finish(self) -> None:
        """Write the metadata."""
        about = {"regard.version": version("regard"), "regard.inputs": f"[{', '.join(self._inputs)}]"}
        self._writer.add_key_value_metadata(about)


@contextlib.contextmanager
def parquet_file(path: Path, names: Sequence[str], nights: bool = False) -> Iterator[ParquetFile]:
    """A Parquet file that takes its place when it is whole.

    Args:
        path: where it will be.
        names: `FINDINGS` or `FIGURES`.
        nights: whether it has a first column ``night``.

    Raises:
        NoParquet: pyarrow is not installed.
        OSError: it cannot be written.
    """
    need_pyarrow()
    import pyarrow as pa
    from pyarrow import parquet

    texts = {*_PLACE, *_TEXTS, "left_source", "left_text", "right_source", "right_text", "message", "what_to_do"}
    fields = [(name, pa.string() if name in texts else pa.int64()) for name in names]
    schema = pa.schema([("night", pa.string()), *fields] if nights else fields)
    with replacing(path) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        whole = ParquetFile(writer, schema)
        yield whole
        whole.finish()
