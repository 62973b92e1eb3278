"""Dumps among files that were given or found, of the ESF1 and of other machines, told by what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import MAGIC as EXPORT
from protocol.opening import list_files, read_ends
from protocol.urn.terms import MAGIC as URN
from verify.read.rows import delimiter_of

OTHER = "dump of another machine"
_LINE = 2**12
"""Bytes of a file that are looked at."""
_ENDINGS = {".esf": EvidenceKind.EXPORTS, ".urn": EvidenceKind.URNS}
"""Of the ESF1's dumps, which a nation has by the ten thousand: nothing of these is opened to tell."""
_STARTS = {EXPORT: EvidenceKind.EXPORTS, URN: EvidenceKind.URNS}


def dump_of(path: Path, below: Path | None = None) -> str:
    """The evidence that a dump of the ESF1 is, by its ending or by how it begins; a link is not followed to tell.

    `OTHER` for one of another machine, for what belongs to one and a zip of them; empty for all else.
    """
    ending = path.suffix.lower()
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    try:
        start = read_ends(path, _LINE, 0)[0]
    except (OSError, InputError):
        start = b""
    own = next((kind for magic, kind in _STARTS.items() if start.startswith(magic)), None)
    if own is not None and not path.is_symlink():
        return own
    if _names_bureaux(start):
        return ""
    from protocol.dumps.packed import packed_dumps
    from protocol.dumps.recognising import layout_of

    layout, _ = layout_of(path, below, models=False)
    return OTHER if layout is not None or (ending == ".zip" and packed_dumps(path) is not None) else ""


def _names_bureaux(start: bytes) -> bool:
    """Tell that the first line of a text names bureaux and counts: the readers of dumps are not loaded for it."""
    from verify.read.tables.header_rows import is_header  # of which nights in tables of their own have no need

    line = start.partition(b"\n")[0].decode(errors="replace")
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
        kinds = {file: dump_of(file, below) for file in list_files(path)}
        if OTHER not in kinds.values():
            result.own.append(path)
            continue
        for file, kind in sorted(kinds.items()):
            of_kind = result.others if kind == OTHER else result.own if below is None or kind else result.left
            of_kind.append(file)
    return result
