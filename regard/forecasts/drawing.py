"""Marks of a picture in SVG, in the order in which they were made; places in pixels from the upper left."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from regard.terminal import clean

INK, SOFT, LINE, MORE, FEWER = "#1d1b18", "#57524a", "#d8d2c4", "#99201c", "#1f4b73"
"""Text, small text, lines, too much, too little; a page sets others in the dark by the classes of the marks."""


class Drawing:
    """One picture: a title and a description for those who do not see it, and its marks."""

    def __init__(self, name: str, width: int, title: str, about: str) -> None:
        self._name, self._width, self._title, self._about = name, width, title, about
        self._marks: list[str] = []

    def text(self, x: int, y: int, said: str, *, anchor: str = "start", size: int = 12, kind: str = "p-text") -> None:
        """A line of text."""
        ink = INK if kind == "p-ink" else SOFT
        self._marks.append(
            f'<text class="{kind}" x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{ink}">'
            f"{escape(clean(said))}</text>"
        )

    def slanted(self, x: int, y: int, said: str) -> None:
        """A line of text that rises to the right, above a narrow column."""
        self._marks.append(
            f'<text class="p-text" transform="translate({x} {y}) rotate(-48)" font-size="12" fill="{SOFT}">'
            f"{escape(clean(said))}</text>"
        )

    def line(self, x: int, y: int, to_x: int, to_y: int, *, kind: str = "p-line", dashes: str = "") -> None:
        """A straight line."""
        stroke = LINE if kind == "p-line" else SOFT
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._marks.append(f'<path class="{kind}" d="M{x} {y}L{to_x} {to_y}" stroke="{stroke}"{dashed} fill="none"/>')

    def box(self, x: int, y: int, width: int, height: int, *, fill: str, opacity: int = 100, kind: str = "") -> None:
        """A filled box, its opacity in hundredths."""
        named = f' class="{kind}"' if kind else ""
        self._marks.append(
            f'<rect{named} x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" '
            f'fill-opacity="{opacity / 100:.2f}"/>'
        )

    def dot(self, x: int, y: int, about: str, *, filled: bool) -> None:
        """A forecast: a ring for a poll, a filled triangle for what is none; what it is, for a pointer."""
        shape = f"M{x} {y - 6}l6 10h-12z" if filled else f"M{x - 3} {y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"
        kind, ink = ("p-more", MORE) if filled else ("p-ring", FEWER)
        fill = MORE if filled else "none"
        self._marks.append(
            f'<path class="{kind}" d="{shape}" stroke="{ink}" fill="{fill}">'
            f"<title>{escape(clean(about))}</title></path>"
        )

    def path(self, points: list[tuple[int, int]]) -> None:
        """A line through several points."""
        places = "L".join(f"{x} {y}" for x, y in points)
        self._marks.append(f'<path class="p-axis" d="M{places}" stroke="{SOFT}" stroke-width="2" fill="none"/>')

    def svg(self, height: int, *, alone: bool) -> str:
        """The picture; ``alone`` as a file of its own, on white paper, else as a part of a page."""
        name = f"forecast-{self._name}"
        space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
        size = f' width="{self._width}" height="{height}"' if alone else ""
        head = (
            f'<svg{space} class="picture" role="img" aria-labelledby={quoteattr(f"{name}-title {name}-text")} '
            f'viewBox="0 0 {self._width} {height}"{size} font-family="sans-serif">'
        )
        ground = f'<rect width="{self._width}" height="{height}" fill="#ffffff"/>' if alone else ""
        title = f'<title id="{name}-title">{escape(self._title)}</title>'
        about = f'<desc id="{name}-text">{escape(self._about)}</desc>'
        return "\n".join(filter(None, [head, title, about, ground, *self._marks, "</svg>"]))
