"""The report on forecasts as one HTML file that needs nothing else: no network, no other file, no script."""

from __future__ import annotations

from pathlib import Path

from protocol.words import Language, msg
from regard.forecasts.contents import sections
from regard.letters.law import in_words
from regard.templates import pack, policy, render, style_sheet
from verify.forecasts.study import ForecastStudy

_TEMPLATE = Path(__file__).with_name("html") / "forecasts.html.j2"
_FURTHER = """
td.n { white-space: nowrap; }
.scroll td:nth-child(2) { min-width: 8rem; }
"""


def as_page(study: ForecastStudy, words: Language) -> bytes:
    """The report as a page, the same bytes for the same study."""
    style = style_sheet() + _FURTHER
    text = render(
        _TEMPLATE,
        words,
        code=words.code,
        title=words.show(msg("Forecasts against the result of {day}", day=in_words(study.question.vote))),
        sections=sections(study, words),
        style=style,
        policy=policy(style),
    )
    return pack(text)
