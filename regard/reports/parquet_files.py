"""Cases, findings and figures as Parquet, for whoever computes on: one row each, of figures one a bureau and poll.

The names, sizes and SHA-256 of all inputs are in the file's metadata, as JSON under ``regard.inputs``, and what else
the verdict depends on under ``regard.run``.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, BinaryIO

from regard.reports.tables import arrow, schema

if TYPE_CHECKING:
    from regard.reports.tables import Columns


class ParquetFile:
    """A Parquet file that is written night by night."""

    def __init__(self, writer: Any, run: Mapping[str, object]) -> None:
        self._writer = writer
        self._run = run
        self._inputs: list[str] = []

    def add(self, columns: Columns, night: str | None = None) -> None:
        """Write rows of one night.

        Args:
            columns: `CASES`, `FINDINGS` or `FIGURES`.
            night: the value of the column ``night``, where the file has one.
        """
        self._writer.write_table(arrow(columns, night))

    def add_inputs(self, inputs: Sequence[Mapping[str, object]], night: str | None = None) -> None:
        """Name the files that one night's rows are from."""
        named = {} if night is None else {"night": night}
        self._inputs += [json.dumps({**named, **each}) for each in inputs]  # as text they take the least room

    def finish(self) -> None:
        """Write the metadata."""
        about = {"regard.version": version("regard"), "regard.inputs": f"[{', '.join(self._inputs)}]"}
        about["regard.run"] = json.dumps(self._run)
        self._writer.add_key_value_metadata(about)


@contextlib.contextmanager
def parquet_file(
    file: BinaryIO, names: Sequence[str], run: Mapping[str, object], nights: bool = False
) -> Iterator[ParquetFile]:
    """A Parquet file, whole when the block ends.

    Args:
        file: where it is written.
        names: `CASES`, `FINDINGS` or `FIGURES`.
        run: what the verdict depends on beside the evidence, as `regard.reports.json_report` has it.
        nights: whether it has a first column ``night``.

    Raises:
        OSError: it cannot be written.
    """
    from pyarrow import parquet

    with parquet.ParquetWriter(file, schema(names, nights), compression="zstd") as writer:
        whole = ParquetFile(writer, run)
        yield whole
        whole.finish()
