"""The layouts that regard knows, and what people call them: each entry is a file in the folder ``entries``."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache, partial
from importlib import resources
from pathlib import Path
from types import ModuleType

from protocol.opening import open_evidence
from protocol.plug_ins import LAYOUTS, PlugInError, plug_ins
from protocol.words import Message, Text, msg, titled
from verify.read.layouts.language import Layout, parse_layout

FOLDER = Path(__file__).parent / "entries"
_LAYOUTS: dict[str, Message] = {
    "ministry-nation": msg("the nation's sheet of the ministry's workbook"),
    "ministry-feed": msg("the ministry's night feed"),
    "table": msg("a table of no known layout"),
    "data-gouv": msg("data.gouv.fr's tables of all elections"),
}
"""By the name of the layout in JSON, those that are no entries."""


@lru_cache(1)
def built_in() -> tuple[Layout, ...]:
    """All entries, in the order of the names of their files, which is the order in which they are tried."""
    return tuple(parse_layout(path.read_bytes(), path.name, tested=True) for path in sorted(FOLDER.glob("*.toml")))


@lru_cache(1)
def known_layouts() -> tuple[Layout, ...]:
    """Ours, then those of plug-ins: an entry point of the group ``regard.layouts`` names a package with entries."""
    found = list(built_in())
    names = {layout.name for layout in found}
    for plug_in in plug_ins(LAYOUTS):
        for layout in plug_in.use(partial(_plugged, names)) or ():
            names.add(layout.name)
            found.append(layout)
    return tuple(found)


def _plugged(taken: Collection[str], module: object) -> list[Layout]:
    """The entries beside a module.

    Raises:
        InputError: one is no layout.
        PlugInError: there is none, or one has a name that is taken.
    """
    if not isinstance(module, ModuleType):
        raise PlugInError(msg("expected a module with entries (.toml) beside it"))
    files = sorted(
        (each for each in resources.files(module).iterdir() if each.name.endswith(".toml")), key=lambda each: each.name
    )
    found = [parse_layout(each.read_bytes(), each.name) for each in files]
    if not found:
        raise PlugInError(msg("expected a module with entries (.toml) beside it"))
    for layout in found:
        if layout.name in taken:
            raise PlugInError(msg("{name}: there is a layout of this name", name=layout.name))
    return found


def layout_label(layout: str, title: str = "") -> Text:
    """A layout for people, and the title of the file behind it, if it has one; that of a reader's own by its name."""
    label = _LAYOUTS.get(layout) or next(
        (titled(each.title) for each in known_layouts() if each.name == layout), layout
    )
    return msg("{layout}, « {title} »", layout=label, title=title) if title else label


def find_layout(named: str) -> Layout:
    """The entry of a name, or the one in a file.

    Raises:
        InputError: there is neither, or the file is no layout.
    """
    for layout in known_layouts():
        if layout.name == named:
            return layout
    return parse_layout(open_evidence(Path(named)).data, named)
