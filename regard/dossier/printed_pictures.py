"""The pictures of a report for paper: the same drawings as on the page, in pieces that fit on A4."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from protocol.words import language
from regard.dossier.model import Dossier
from regard.dossier.pictures.gap_dots import gap_picture
from regard.dossier.pictures.piece_strip import StripPicture, strip_picture
from regard.templates import render

_FOLDER = Path(__file__).with_name("html")
_LINES = 9
"""Lines of the strip that fit on a page."""
_SIZE = re.compile(r'viewBox="[^"]*"(?: width="\d+" height="\d+")?')


def pictures_of(dossier: Dossier) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Names of the pictures with what is to be said of them, and their SVG by name."""
    files: dict[str, bytes] = {}
    return {"gaps": _gaps(dossier, files), "strip": _strip(dossier, files)}, files


def gaps_drawn(dossier: Dossier) -> bytes | None:
    """Draw the gap of each bureau as SVG; None where votes and signatures are compared nowhere."""
    picture = gap_picture(dossier)
    if picture is None:
        return None
    return _drawn(dossier, "gap_dots.svg.j2", picture=picture, gaps_said=dossier.gaps_said)


def strip_drawn(dossier: Dossier) -> bytes | None:
    """Draw every piece of each bureau as SVG; None where there is no bureau, or no piece of any."""
    picture = strip_picture(dossier)
    return None if picture is None else _drawn(dossier, "piece_strip.svg.j2", picture=picture)


def _drawn(dossier: Dossier, template: str, **values: object) -> bytes:
    """A drawing that stands by itself."""
    text = render(_FOLDER / template, language(dossier.language), say=dossier.words, **values)
    return text.strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).encode()


def _gaps(dossier: Dossier, files: dict[str, bytes]) -> dict[str, Any]:
    picture, svg, say = gap_picture(dossier), gaps_drawn(dossier), dossier.words
    if picture is None or svg is None:
        return {"names": [], "about": ""}
    files["gaps.svg"] = svg
    about = [say["gap_density"] if picture.densities else say["gap_marks"]]
    about.append(say["gap_about"].replace("{permille}", str(dossier.gaps.permille)))
    if picture.most < dossier.gaps.largest:
        about.append(say["gap_edge"].replace("{most}", language(dossier.language).number(picture.most)))
    return {"names": ["gaps.svg"], "about": " ".join(about)}


def _strip(dossier: Dossier, files: dict[str, bytes]) -> dict[str, Any]:
    picture, svg, say = strip_picture(dossier), strip_drawn(dossier), dossier.words
    if picture is None or svg is None:
        return {"names": [], "about": ""}
    whole, names = svg.decode(), []
    for at, (top, height) in enumerate(_pieces(picture, len(dossier.bureaux.states) + 1)):
        names.append(f"strip-{at}.svg")
        size = f'viewBox="0 {top} {picture.width} {height}" width="{picture.width}" height="{height}"'
        files[names[-1]] = _SIZE.sub(size, whole, count=1).encode()
    return {"names": names, "about": say["strip_shares"] if picture.shares else say["strip_about"]}


def _pieces(picture: StripPicture, rows: int) -> list[tuple[int, int]]:
    """Top and height of the parts of the strip, some lines each."""
    if picture.shares:
        return [(0, picture.height)]
    block = picture.height // (len(picture.rows) // rows)
    step = _LINES * block
    return [(top, min(step, picture.height - top)) for top in range(0, picture.height, step)]
