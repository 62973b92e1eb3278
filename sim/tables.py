"""Tables of data beside the code."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import resources


def rows_of(name: str, package: str = "sim") -> Iterator[dict[str, str]]:
    """The rows of a table by the names of its columns; lines before them that begin with ``#`` say what it is."""
    yield from csv.DictReader(line for line in text_of(name, package).splitlines() if not line.startswith("#"))


def text_of(name: str, package: str = "sim") -> str:
    """The text of a file of data."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")
