"""Places where two files of results differ: by département, or by commune within one, largest changes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax.saxutils import escape

from protocol.files import csv_bytes
from protocol.words import Message, Plural, Text, first_of, msg, nmsg, series
from regard.language import show
from regard.reports.fields import Field, TableLayout
from regard.reports.workbook import workbook
from sim.towns import departement_names
from verify.model.published import FRANCE, Level
from verify.read.published.comparison import Comparison
from verify.read.published.sums import keys, regions

MOVED = TableLayout(
    "moved",
    msg("Where they differ"),
    (
        Field("code", "text", msg("Code")),
        Field("place", "text", msg("Place")),
        Field("rows", "count", msg("Rows")),
        Field("figures", "count", msg("Figures that differ")),
        Field("difference", "count", msg("Differences, added up")),
        Field("alone", "count", msg("Rows of one file only")),
    ),
)
_BY = {
    "department": Level.DEPARTMENT,
    "region": Level.REGION,
    "constituency": Level.CONSTITUENCY,
    "insee": Level.COMMUNE,
    "commune": Level.COMMUNE,
}
"""Levels to group rows by: the first with several places in the files is used."""
_NAMED = 3
_DRAWN = 30
"""Places in the picture."""
_ROW, _LEFT, _BAR = 20, 220, 420


@dataclass(frozen=True, slots=True)
class MovedPlace:
    """A place in which two files differ.

    Attributes:
        code: of the département, or what the files call the place.
        name: of the place.
        rows: rows in which a figure differs.
        figures: how many differ.
        difference: the absolute differences of figures that both files have, added up, in voters and votes.
        alone: rows that one of the files has alone.
        level: of the place, in words.
    """

    code: str
    name: str
    rows: int
    figures: int
    difference: int
    alone: int
    level: Message

    @property
    def said(self) -> Text:
        """Name of the place; a number alone with what it is of."""
        numbered = self.name[:1].isdigit()
        return msg("{level} {code}", level=self.level, code=self.name) if numbered else self.name

    @property
    def cells(self) -> tuple[str, str, int, int, int, int]:
        """As a row of `MOVED`."""
        return self.code, self.name, self.rows, self.figures, self.difference, self.alone


def gather_moved(result: Comparison) -> list[MovedPlace]:
    """The places of a comparison with a difference, or a row of one file only, the largest first."""
    left = result.left
    by = next((name for name in _BY if len(set(getattr(left, name).tolist())) > 1), "commune")
    of: dict[str, str] = {}
    communes: dict[str, str] = {}
    for side in (result.right, left):
        of |= zip(keys(side, result.level).tolist(), getattr(side, by).tolist(), strict=True)
        communes |= zip(side.insee.tolist(), side.commune.tolist(), strict=True) if by == "insee" else ()
    named = set(of.values()) - {""}
    names = departement_names() if by == "department" else communes
    if by == "region" and left.country == FRANCE:
        names, _ = regions()
    found: dict[str, tuple[set[str], int, int]] = {}
    for each in result.differences:
        code = of.get(each.place, "") or each.place
        rows, figures, apart = found.get(code, (set(), 0, 0))
        rows.add(each.place)
        both = each.left >= 0 and each.right >= 0
        found[code] = (rows, figures + 1, apart + (abs(each.right - each.left) if both else 0))
    alone = Counter(of.get(place, "") or place for place in (*result.only_left, *result.only_right))
    moved = (
        MovedPlace(code, names.get(code) or code, len(rows), figures, apart, alone[code], level.said(left.country))
        for code in found.keys() | alone.keys()
        for rows, figures, apart in [found.get(code, (set[str](), 0, 0))]
        for level in [_BY[by] if code in named else result.level]
    )
    return sorted(moved, key=lambda place: (-place.difference, -place.figures, -place.alone, place.code))


def say_alone(result: Comparison, moved: Sequence[MovedPlace]) -> Message:
    """Say that rows are in one of the files only, and of which places most of them are."""
    some = sorted((place for place in moved if place.alone), key=lambda place: (-place.alone, place.code))
    named = [msg("{name} ({number})", name=each.said, number=series([Plural(each.alone)])) for each in some]
    values = {"places": first_of(named, _NAMED), "other": len(result.only_right)}
    return nmsg(
        "{count:n} row is in the first file only, {other:n} in the second only: {places}. It is not in the sums below.",
        "{count:n} rows are in the first file only, {other:n} in the second only: {places}. They are not in the sums "
        "below.",
        len(result.only_left),
        **values,
    )


def say_moved(moved: Sequence[MovedPlace]) -> Text:
    """The place with the largest changes, and those behind it, in one sentence."""
    first, *others = [place for place in moved if place.figures]
    change: Text = nmsg("{count:n} figure", "{count:n} figures", first.figures)
    if first.difference:
        change = msg("{figures}, {apart:n} in all", figures=change, apart=first.difference)
    if not others:
        return msg("all of it in {place}: {change}", place=first.said, change=change)
    some = series(
        msg("{name} ({number})", name=each.said, number=series([Plural(each.difference)])) for each in others[:_NAMED]
    )
    said = msg("{place} changes most: {change}; then {others}", place=first.said, change=change, others=some)
    left = len(others) - _NAMED
    more = nmsg("{said} and {count:n} more place", "{said} and {count:n} more places", left, said=said)
    return more if left > 0 else said


def as_csv(moved: Sequence[MovedPlace]) -> bytes:
    """All places as a table."""
    return csv_bytes(MOVED.header, [tuple(map(str, place.cells)) for place in moved])


def write_workbook(moved: Sequence[MovedPlace], file: BinaryIO, language: str) -> None:
    """All places as a workbook of one sheet.

    Raises:
        OSError: it cannot be written.
    """
    with workbook(file, (MOVED,), language) as book:
        book.add(MOVED.name, (place.cells for place in moved))


def as_svg(moved: Sequence[MovedPlace], language: str) -> bytes:
    """A bar for each place, the largest first, as far as there is room."""
    drawn = moved[:_DRAWN]
    most = max((place.difference for place in drawn), default=0) or 1
    title = escape(show(language, MOVED.title))
    height = _ROW * (len(drawn) + 2)
    marks = [f'<text x="8" y="{_ROW}" font-weight="bold">{title}</text>']
    for number, place in enumerate(drawn, 2):
        y, name = _ROW * number, escape(place.name[:32])
        width = _BAR * place.difference // most
        marks.append(f'<text x="{_LEFT - 8}" y="{y}" text-anchor="end">{name}</text>')
        marks.append(f'<rect x="{_LEFT}" y="{y - 12}" width="{max(width, 1)}" height="14" fill="#2f7d4f"/>')
        marks.append(f'<text x="{_LEFT + max(width, 1) + 6}" y="{y}">{place.difference}</text>')
    size = f'width="{_LEFT + _BAR + 90}" height="{height}" viewBox="0 0 {_LEFT + _BAR + 90} {height}"'
    head = f'<svg id="regard-moved" xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'
    return "\n".join([head, f"<title>{title}</title>", *marks, "</svg>\n"]).encode()
