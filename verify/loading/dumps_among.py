"""Dumps of other machines among files that were given or found, told by what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from protocol.errors import InputError
from protocol.export.terms import MAGIC
from protocol.opening import list_files, read_ends
from verify.read.rows import delimiter_of

_LINE = 2**12
"""Bytes of a first line that are looked at."""
_OWN_ENDINGS = frozenset((".esf", ".urn"))
"""Of the ESF1's dumps, which a nation has by the ten thousand: nothing of these is opened to tell."""


def is_other_dump(path: Path, below: Path | None = None) -> bool:
    """Test whether a file is a dump of another machine than the ESF1, or belongs to one, or is a zip of dumps."""
    if path.suffix.lower() in _OWN_ENDINGS or _is_table_of_bureaux(path):
        return False
    from protocol.dumps.packed import packed_dumps
    from protocol.dumps.recognising import layout_of

    layout, _ = layout_of(path, below, models=False)
    return layout is not None or (path.suffix.lower() == ".zip" and packed_dumps(path) is not None)


def _is_table_of_bureaux(path: Path) -> bool:
    """Tell that the first line of a text names bureaux and counts: the readers of dumps are not loaded for it."""
    try:
        line = read_ends(path, _LINE, 0)[0].partition(b"\n")[0].decode(errors="replace")
    except (OSError, InputError):
        return False
    from verify.read.tables.header_rows import is_header  # of which nights in tables of their own have no need

    return is_header(line.removeprefix("\ufeff").replace('"', "").split(delimiter_of(line)))


@dataclass(frozen=True, slots=True)
class Sorted:
    """Dumps that were given, by what they are.

    Attributes:
        own: files and folders of the ESF1's exports; a folder that has dumps of other machines as its files.
        others: dumps of other machines.
        left: what lies beside these in a folder and does not look like an export.
    """

    own: list[Path]
    others: list[Path]
    left: list[Path]


def without_others(paths: Iterable[Path]) -> Sorted:
    """Files and folders by whether they hold dumps of other machines; a file that was named itself is never left."""
    result = Sorted([], [], [])
    for path in paths:
        below = path if path.is_dir() else None
        files = list_files(path)
        found = {file for file in files if is_other_dump(file, below)}
        result.others.extend(sorted(found))
        if not found:
            result.own.append(path)
            continue
        for file in files:
            if file not in found:
                is_own = looks_like(file, MAGIC, ".esf") or file.suffix.lower() in _OWN_ENDINGS
                (result.own if below is None or is_own else result.left).append(file)
    return result


def looks_like(path: Path, start: bytes, ending: str) -> bool:
    """Test whether a file is a dump of one kind, by its ending or by how it begins; a link is not followed to tell."""
    if path.suffix.lower() == ending:
        return True
    try:
        return not path.is_symlink() and read_ends(path, len(start), 0)[0] == start
    except OSError:
        return False
