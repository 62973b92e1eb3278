"""The files that each kind of evidence was given in, as findings cite them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from posixpath import dirname

from protocol import night
from verify.model.evidence import Counted, LinedVotes

_NAMED = 3


def of_table(table: Counted | LinedVotes | None) -> str:
    """The files that a table's figures stand in; empty where there is no table."""
    if table is None:
        return ""
    places = table.places if isinstance(table, LinedVotes) else next(iter(table.figures.values())).places
    return _named(file.removesuffix(":") for file in places.files)


def of_dumps(names: Sequence[str] | None) -> str:
    """The folder of exports or of images, or the files where they are few; empty where there are none."""
    if not names:
        return ""
    folders = {dirname(name) or "." for name in names}
    one = len(folders) == 1 and (len(names) > 1 or not folders.isdisjoint((night.EXPORTS, night.URNS)))
    return folders.pop() if one and folders != {"."} else _named(names)


def _named(files: Iterable[str]) -> str:
    different = list(dict.fromkeys(files))
    return " + ".join([*different[:_NAMED], "…"] if different[_NAMED:] else different)
