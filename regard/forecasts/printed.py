"""The report on forecasts as PDF on A4: the same sections as the page."""

from __future__ import annotations

from pathlib import Path

from protocol.words import Language, msg
from regard.forecasts.contents import sections
from regard.forecasts.page import title_of
from regard.forecasts.pictures import pictures
from regard.pdf import pdf_bytes
from verify.forecasts.study import ForecastStudy

_TEMPLATE = Path(__file__).with_name("paper") / "forecasts.typ"
MOST_ROWS = 400
"""Rows of a table that are printed; what is left out is said."""


def as_pdf(study: ForecastStudy, words: Language) -> bytes:
    """The report as PDF/UA-1, the same bytes for the same study.

    Raises:
        ExtraMissing: Typst is not installed.
    """
    drawn = pictures(study, words, alone=True)
    parts = [
        {
            "title": section.title,
            "lines": list(section.lines),
            "picture": f"{section.picture}.svg" if section.picture in drawn else "",
            "tables": [
                {
                    "caption": table.caption,
                    "head": list(table.head),
                    "rows": [list(row) for row in table.rows[:MOST_ROWS]],
                    "numbers": sorted(table.numbers),
                    "more": words.show(msg("… {count:n} more (--json)", count=len(table.rows) - MOST_ROWS))
                    if len(table.rows) > MOST_ROWS
                    else "",
                }
                for table in section.tables
            ],
        }
        for section in (each.cleaned() for each in sections(study, words))
    ]
    data = {
        "language": words.code,
        "title": title_of(study, words),
        "page": words.show(msg("page")),
        "sections": parts,
    }
    return pdf_bytes(_TEMPLATE, data, {f"{name}.svg": picture.encode() for name, picture in drawn.items()})
