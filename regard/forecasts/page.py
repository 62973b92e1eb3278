"""The report on forecasts as one HTML file that needs nothing else: no network, no other file, no script."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from protocol.words import Language, msg
from regard.forecasts import wording
from regard.forecasts.contents import sections
from regard.letters.law import in_words
from regard.templates import pack, policy, render, style_sheet
from regard.terminal import clean
from verify.forecasts.study import ForecastStudy

MOST_SOURCES = 14
"""Sources that have a column in the picture."""
_TEMPLATE = Path(__file__).with_name("html") / "forecasts.html.j2"
_FURTHER = """
td.n { white-space: nowrap; }
.scroll td:nth-child(2) { min-width: 8rem; }
"""
_INK, _SOFT, _MORE, _FEWER = "#1d1b18", "#57524a", "#99201c", "#1f4b73"
"""Text, small text, too much, too little; a page sets others in the dark by the classes of the marks."""
_WIDTH, _LEFT, _ROW, _HEAD = 880, 150, 26, 118
_LETTERS = 17
"""Of a source's name above its column."""
_STRONGEST = 10
"""Points of an error that has the full colour."""


def as_page(study: ForecastStudy, words: Language) -> bytes:
    """The report as a page, the same bytes for the same study."""
    style = style_sheet() + _FURTHER
    text = render(
        _TEMPLATE,
        words,
        code=words.code,
        title=words.show(msg("Forecasts against the result of {day}", day=in_words(study.question.vote))),
        sections=sections(study, words),
        picture=errors_picture(study, words),
        style=style,
        policy=policy(style),
    )
    return pack(text)


def errors_picture(study: ForecastStudy, words: Language) -> str:
    """A cell for each candidate and each source's last forecast with the error in it, as SVG; empty without sources."""
    shown = sorted(study.last, key=lambda each: (each.accuracy.mean_absolute, each.forecast.source))[:MOST_SOURCES]
    if not shown:
        return ""
    title, about = (
        words.show(each)
        for each in (
            msg("Error by candidate and source, in points"),
            msg("The share in each source's last forecast less the result; --csv has every figure."),
        )
    )
    names, cell = study.result.names, min((_WIDTH - _LEFT - 40) // len(shown), 90)
    marks = []
    for column, scored in enumerate(shown):
        source = clean(scored.forecast.source)
        cut = source if len(source) <= _LETTERS else f"{source[: _LETTERS - 1]}…"
        place = f"translate({_LEFT + cell * column + cell // 2} {_HEAD - 8}) rotate(-48)"
        marks.append(f'<text class="p-text" transform="{place}" font-size="12" fill="{_SOFT}">{escape(cut)}</text>')
        for each in scored.accuracy.errors:
            x, y = _LEFT + cell * column, _HEAD + _ROW * each.candidate
            strength = min(int(abs(each.error) * 60 / _STRONGEST), 60)
            marks.append(_box(x + 1, y + 1, cell - 2, _ROW - 2, strength, more=each.error > 0))
            marks.append(_text(x + cell // 2, y + 17, wording.with_sign(words, each.error, 1), "middle"))
    for row, name in enumerate(names):
        marks.append(_text(_LEFT - 8, _HEAD + _ROW * row + 17, wording.family(name), "end"))
    bottom = _HEAD + _ROW * len(names) + 24
    for left, said, more in ((_LEFT, msg("said too much"), True), (_LEFT + 220, msg("said too little"), False)):
        marks += [_box(left, bottom - 12, 14, 14, 50, more=more), _text(left + 20, bottom, words.show(said), "start")]
    head = (
        '<svg class="picture" role="img" aria-labelledby="forecast-title forecast-text" '
        f'viewBox="0 0 {_WIDTH} {bottom + 12}" font-family="sans-serif">'
        f'<title id="forecast-title">{escape(title)}</title><desc id="forecast-text">{escape(about)}</desc>'
    )
    return "\n".join([head, *marks, "</svg>"])


def _text(x: int, y: int, said: str, anchor: str) -> str:
    return (
        f'<text class="p-ink" x="{x}" y="{y}" font-size="12" text-anchor="{anchor}" fill="{_INK}">'
        f"{escape(clean(said))}</text>"
    )


def _box(x: int, y: int, width: int, height: int, strength: int, *, more: bool) -> str:
    """A filled box, its opacity in hundredths."""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{_MORE if more else _FEWER}" '
        f'fill-opacity="{strength / 100:.2f}"/>'
    )
