"""What the layouts of published results are called when a person is told of them."""

from __future__ import annotations

from protocol.words import Message, Text, msg

_LAYOUTS: dict[str, Message] = {
    "ministry-2024": msg("the ministry's CSV since 2024"),
    "ministry-text": msg("the ministry's text by bureau, 2017 to 2022"),
    "ministry-workbook": msg("the ministry's workbook"),
    "ministry-nation": msg("the nation's sheet of the ministry's workbook"),
    "ministry-2012": msg("the ministry's text by bureau, 2012"),
    "ministry-2007": msg("the ministry's text by bureau, 2007"),
    "ministry-feed": msg("the ministry's night feed"),
    "city-paris": msg("the city's data, as Paris publishes it"),
    "city-brest": msg("the city's data, as Brest publishes it"),
    "city-rennes": msg("the city's data, as Rennes publishes it"),
    "city-toulouse": msg("the city's data, as Toulouse publishes it"),
    "city-nantes": msg("the city's data, as Nantes publishes it"),
    "city-tidy": msg("one row a bureau, one column a choice"),
    "researchers": msg("a researchers' table"),
    "table": msg("a table of bureaux"),
    "data-gouv": msg("data.gouv.fr's tables of all elections"),
}
"""By the name of the layout in JSON."""


def layout_label(layout: str, title: str = "") -> Text:
    """A layout for people, and the title of the file behind it, if it has one."""
    return msg("{layout}, « {title} »", layout=_LAYOUTS[layout], title=title) if title else _LAYOUTS[layout]
