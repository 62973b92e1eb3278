"""The layouts that regard knows, and what people call them: each entry is a file in the folder ``entries``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from protocol.opening import open_evidence
from protocol.words import Message, Text, msg, titled
from verify.read.layouts.language import Layout, parse_layout

FOLDER = Path(__file__).parent / "entries"
_LAYOUTS: dict[str, Message] = {
    "ministry-nation": msg("the nation's sheet of the ministry's workbook"),
    "ministry-feed": msg("the ministry's night feed"),
    "table": msg("a table of bureaux"),
    "data-gouv": msg("data.gouv.fr's tables of all elections"),
}
"""By the name of the layout in JSON, those that are no entries."""


@lru_cache(1)
def built_in() -> tuple[Layout, ...]:
    """All entries, in the order of the names of their files, which is the order in which they are tried."""
    return tuple(parse_layout(path.read_bytes(), path.name, tested=True) for path in sorted(FOLDER.glob("*.toml")))


def layout_label(layout: str, title: str = "") -> Text:
    """A layout for people, and the title of the file behind it, if it has one; that of a reader's own by its name."""
    label = _LAYOUTS.get(layout) or next((titled(each.title) for each in built_in() if each.name == layout), layout)
    return msg("{layout}, « {title} »", layout=label, title=title) if title else label


def find_layout(named: str) -> Layout:
    """The entry of a name, or the one in a file.

    Raises:
        InputError: there is neither, or the file is no layout.
    """
    for layout in built_in():
        if layout.name == named:
            return layout
    return parse_layout(open_evidence(Path(named)).data, named)
