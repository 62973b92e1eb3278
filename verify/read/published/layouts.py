"""What the layouts of published results are called when a person is told of them."""

from __future__ import annotations

from protocol.words import Message, msg
from verify.read.feed import gathered
from verify.read.published import (
    city_brest,
    city_nantes,
    city_paris,
    city_rennes,
    city_tidy,
    city_toulouse,
    ministry_2024,
    ministry_nation,
    ministry_rows,
    ministry_text,
    ministry_workbook,
    researchers,
)
from verify.read.tables import as_published

LAYOUTS: dict[str, Message] = {
    ministry_2024.NAME: msg("the ministry's CSV since 2024"),
    ministry_text.NAME: msg("the ministry's text by bureau, 2017 to 2022"),
    ministry_workbook.NAME: msg("the ministry's workbook"),
    ministry_nation.NAME: msg("the nation's sheet of the ministry's workbook"),
    ministry_rows.NAME_2012: msg("the ministry's text by bureau, 2012"),
    ministry_rows.NAME_2007: msg("the ministry's text by bureau, 2007"),
    city_paris.NAME: msg("the city's data, as Paris publishes it"),
    city_brest.NAME: msg("the city's data, as Brest publishes it"),
    city_rennes.NAME: msg("the city's data, as Rennes publishes it"),
    city_toulouse.NAME: msg("the city's data, as Toulouse publishes it"),
    city_nantes.NAME: msg("the city's data, as Nantes publishes it"),
    city_tidy.NAME: msg("one row a bureau, one column a choice"),
    gathered.LAYOUT: msg("the ministry's night feed"),
    researchers.NAME: msg("a researchers' table"),
    as_published.NAME: msg("a table of bureaux"),
}
"""By the name of the layout in JSON."""
