"""TOML and JSON of unknown origin, parsed within bounds that are checked before the parser takes memory for them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from protocol.errors import InputError, byte_count, cause, wrong_file
from protocol.opening import OpenedFile
from protocol.words import msg

MAX_TOML = 2**16
"""Bytes of a TOML file."""
MAX_TOML_LINE = 1000
"""Bytes in a line, in a key above all: what the TOML reader keeps of a dotted key grows as the square of its parts."""
MAX_CONTAINERS = 2**19
"""Objects and lists of a JSON file; a nation of bureaux as a portal gives them has 140,000."""
MAX_VALUES = 2**21
"""Most values of a JSON file; each takes some hundred bytes."""
_WRONG = (ValueError, RecursionError)
_LONG_NUMBER = re.compile(rb"[0-9]{1000}")


def parse_toml(file: OpenedFile) -> dict[str, Any]:
    """The values of a TOML file.

    Raises:
        InputError: it is too large, has too long a line, or is no TOML in UTF-8.
    """
    import tomllib

    name, data = str(file.path), file.data
    if len(data) > MAX_TOML:
        raise wrong_file(name, msg("at most {max_toml} bytes", max_toml=MAX_TOML), byte_count(len(data)))
    for row, line in enumerate(data.splitlines(), 1):
        if len(line) > MAX_TOML_LINE:
            raise InputError(
                name,
                row,
                None,
                msg("at most {max_toml_line} bytes in a line", max_toml_line=MAX_TOML_LINE),
                f"{len(line)}",
            )
    try:
        return tomllib.loads(data.decode())
    except _WRONG as error:
        raise wrong_file(name, msg("a TOML file in UTF-8"), cause(error)) from error


def parse_json(data: bytes, name: str) -> Any:
    """The values of a JSON file in UTF-8, with a mark or without. No object may have one key twice.

    Raises:
        InputError: it is no such JSON, or holds more than the bounds.
    """
    import json

    containers = data.count(b"{") + data.count(b"[")
    values = containers + data.count(b",")
    if containers > MAX_CONTAINERS:
        raise wrong_file(
            name, msg("at most {max_containers} objects and lists", max_containers=MAX_CONTAINERS), f"{containers}"
        )
    if values > MAX_VALUES:
        raise wrong_file(name, msg("at most {max_values} values", max_values=MAX_VALUES), f"{values}")
    if (number := _LONG_NUMBER.search(data)) is not None:
        row = data.count(b"\n", 0, number.start()) + 1
        raise InputError(name, row, None, msg("numbers of less than 1000 digits"), msg("a longer one"))
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=lambda pairs: _object(pairs, name))
    except _WRONG as error:
        raise wrong_file(name, msg("JSON in UTF-8"), cause(error)) from error


def _object(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    """One object; where a key comes twice, which of the values holds cannot be known.

    Raises:
        InputError: a key comes twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise InputError(name, None, twice[:80], msg("each key once in an object"), msg("the same key twice"))
    return found
