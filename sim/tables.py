"""Tables of data beside the code."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import resources


def rows_of(name: str, package: str = "sim") -> Iterator[dict[str, str]]:
    """The rows of a table by the names of its columns; lines before them that begin with ``#`` say what it is."""
    text = resources.files(package).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
