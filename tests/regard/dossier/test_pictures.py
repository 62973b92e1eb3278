"""Every number of a picture is one of the report's, stands beside it as text, and is read without colour."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from regard.dossier.coverage_states import PieceState
from regard.dossier.model import BureauColumns, Dossier
from regard.dossier.page import as_page
from regard.dossier.pictures import gap_dots, piece_strip
from regard.dossier.pictures.gap_dots import RootScale, edge_of, gap_picture, round_up
from regard.dossier.pictures.piece_strip import LABEL, WIDEST, strip_picture
from tests.regard.dossier.reports import dossier_of
from tests.regard.test_verify_night import damaged_night, gap_night
from tests.verify.night_builder import Night, export_file, small_night

SVG = "{http://www.w3.org/2000/svg}"


def with_gaps() -> Night:
    night = gap_night()
    night.sign("0A11", -3)
    del night.exports[export_file("0002")]
    return night


@pytest.fixture
def dossier(tmp_path: Path) -> Dossier:
    return dossier_of(with_gaps(), tmp_path / "night")[0]


def test_a_dot_for_each_bureau_at_its_figures(dossier: Dossier) -> None:
    picture = gap_picture(dossier)
    assert picture is not None
    found, gaps = dossier.bureaux.found.tolist(), dossier.bureaux.gap.tolist()
    widest = int(picture.across[-1][1].replace(",", ""))
    assert widest >= max(found)
    wanted = set()
    for votes, gap in zip(found, gaps, strict=True):
        x = picture.left + votes * (picture.right - picture.left) // widest
        wanted.add((x, "more" if gap > 0 else "fewer" if gap else "equal"))
    assert {(dot.x, dot.shape) for dot in picture.dots} == wanted
    ticks = {text: y for y, text in picture.up}
    [more] = [dot for dot in picture.dots if dot.shape == "more"]
    [fewer] = [dot for dot in picture.dots if dot.shape == "fewer"]
    assert more.y < ticks["+2"] < picture.zero < fewer.y == ticks["−2"]
    assert [heading for heading, *_ in picture.classes] == ["1", "2", "3–5"]
    assert sum(more for _, more, _ in picture.classes) == dossier.gaps.more == 1
    assert sum(fewer for *_, fewer in picture.classes) == dossier.gaps.fewer == 1
    assert {name.text for name in picture.names} == {"Témoin-sur-Seine 0A11 (+3)", "Essai-sur-Marne 0001 (−2)"}


def test_the_band_is_where_a_gap_is_so_many_permille(dossier: Dossier) -> None:
    picture = gap_picture(dossier)
    assert picture is not None
    points = [(int(x), int(y)) for x, y in (point.split(",") for point in picture.band.split())]
    assert points[0] == (picture.left, picture.zero)
    edge = dict(points[: len(points) // 2])
    scale = RootScale(picture.most, picture.zero - gap_dots.TOP - gap_dots.EDGE)
    widest = int(picture.across[-1][1].replace(",", ""))
    assert edge[picture.right] == picture.zero - scale.at(3 * widest, 1000)


def test_the_strip_marks_what_is_not_the_same(dossier: Dossier) -> None:
    picture = strip_picture(dossier)
    assert picture is not None
    assert picture.width == LABEL + WIDEST * len(dossier.bureaux) + 2
    names = [row.name for row in picture.rows]
    assert names == [dossier.words["gap"], *(name for name, _ in dossier.bureaux.states.values())]
    shapes = {PieceState.DIFFERS: "differs", PieceState.ABSENT: "absent", PieceState.UNREAD: "unread"}
    shapes |= {PieceState.ALONE: "alone", PieceState.GAP: "gap"}
    for row, (_, states) in zip(picture.rows[1:], dossier.bureaux.states.values(), strict=True):
        marked = [""] * len(states)
        for mark in picture.marks:
            if mark.y == row.y:
                first, size = (mark.x - LABEL) // WIDEST, mark.width // WIDEST
                marked[first : first + size] = [mark.shape] * size
        assert marked == [shapes.get(PieceState(code), "") for code in states.tolist()]
    gaps = [mark.shape for mark in picture.marks if mark.y == picture.rows[0].y]
    assert sorted(gaps) == ["fewer", "more"]


def test_a_nation_has_no_strip(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece_strip, "MOST_ROWS", 1)
    assert strip_picture(dossier) is None


@pytest.mark.parametrize("night", [small_night, damaged_night, with_gaps])
def test_every_picture_is_well_formed_and_has_a_text(night: Callable[[], Night], tmp_path: Path) -> None:
    page = as_page(dossier_of(night(), tmp_path / "night", "fr")[0]).decode()
    pictures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(pictures) == 2
    for text in pictures:
        root = ElementTree.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314
        assert root.get("role") == "img"
        names = (root.get("aria-labelledby") or "").split()
        inside = {each.get("id") for each in root.iter()}
        assert names
        assert all(name in inside or f'id="{name}"' in page for name in names)
        if root.find(f"{SVG}title") is not None:
            assert (root.findtext(f"{SVG}desc") or "").strip()


def test_scales_keep_order_and_sign() -> None:
    scale = RootScale(100, 150)
    places = [scale.at(value) for value in range(-120, 121)]
    assert places == sorted(places)
    assert [scale.at(value) for value in (-100, 0, 100)] == [-150, 0, 150]
    assert scale.at(25) == 75
    assert [round_up(value) for value in (1, 7, 13, 101, 626, 999)] == [1, 8, 15, 150, 800, 1000]
    assert edge_of(np.array([0, 0], np.int64)) == 3
    assert edge_of(np.array([1, -2, 11], np.int64)) == 11
    assert edge_of(np.array([*([2] * 99), -1700], np.int64)) == 3
    assert edge_of(np.array([*([20] * 99), -1700], np.int64)) == 20


def test_no_name_covers_the_mark_of_another_bureau_and_no_mark_is_on_the_frame(dossier: Dossier) -> None:
    picture = gap_picture(dossier)
    assert picture is not None
    assert all(picture.left < dot.x < picture.right - 10 for dot in picture.dots)
    assert all(gap_dots.TOP + 10 < dot.y < picture.bottom - 10 for dot in picture.dots)
    [name] = [each for each in picture.names if each.text.endswith("(+3)")]
    start = name.anchor == "start"
    [own] = [dot for dot in picture.dots if dot.shape == "more"]
    beside = replace(dossier, bureaux=_with_neighbour(dossier, 40 if start else -40))
    again = gap_picture(beside)
    assert again is not None
    marks = [dot for dot in again.dots if abs(dot.y - own.y) < 14]
    assert len(marks) == 2
    for each in again.names:
        width = 6 * len(each.text)
        begin = each.x if each.anchor == "start" else each.x - width
        assert not [dot for dot in again.dots if begin < dot.x < begin + width and abs(dot.y - each.y + 4) < 9]


def _with_neighbour(dossier: Dossier, votes: int) -> BureauColumns:
    """The bureaux, one of those without a gap made a neighbour of the one with most."""
    columns = dossier.bureaux
    gap, found = columns.gap.copy(), columns.found.copy()
    at = int(gap.argmax())
    other = int(np.flatnonzero(gap == 0)[0])
    gap[other], found[other] = gap[at], found[at] + votes
    return replace(columns, gap=gap, found=found)
