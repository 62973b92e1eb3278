"""The plan of a paper audit as one page for a mayor: a sentence, a picture, the sizes, what has to be proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

from protocol.words import Language, Text, language
from regard.paper_audit.view import LIMITS, name_contest, sentence_of, view_of
from regard.templates import pack, policy, render, style_sheet
from regard.terminal import clean
from verify.paper_audit.plan import PaperPlan

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 24, 52
_MARGINS = (0.0001, 1.0)
_NAMED, _LETTER, _LINE = 4, 6, 15
"""Dots that are named, the hardest; pixels of a letter and of a line."""


@dataclass(frozen=True, slots=True)
class MarginDot:
    """An assertion or a contest; ``name`` is empty where it is not among the hardest."""

    x: int
    y: int
    name: str
    before: bool


@dataclass(frozen=True, slots=True)
class MarginPicture:
    """The picture in pixels: dots, ticks as pixels and text, and the edges of the area that is drawn in."""

    left: int
    right: int
    bottom: int
    dots: tuple[MarginDot, ...]
    across: tuple[tuple[int, str], ...]
    up: tuple[tuple[int, str], ...]


def margin_picture(plans: Sequence[PaperPlan], words: Language) -> MarginPicture | None:
    """Draw the picture; None where there is nothing to audit."""
    marks: list[tuple[float, int, str]] = []
    for plan in plans:
        named = len(plans) > 1
        for planned in plan.assertions[: 1 if named else None]:
            if planned.assorter is not None:
                name = name_contest(plan) if named else sentence_of(planned.assertion, plan.contest.choices)
                marks.append((float(planned.assorter.margin), planned.papers, words.show(name)))
    if not marks:
        return None
    marks.sort(key=lambda each: -each[1])
    low = min(0, *(int(log10(max(margin, _MARGINS[0]))) - 1 for margin, _, _ in marks))
    high = max(2, *(len(str(papers)) for _, papers, _ in marks))
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x_of(margin: float) -> int:
        return round(LEFT + (right - LEFT) * (log10(max(margin, 10.0**low)) - low) / -low)

    def y_of(papers: float) -> int:
        return round(bottom - (bottom - TOP) * log10(max(papers, 1)) / high)

    dots: list[MarginDot] = []
    for margin, papers, name in marks:
        x, y, before = x_of(margin), y_of(papers), x_of(margin) > WIDTH // 2
        room = ((x - LEFT) if before else (right - x)) // _LETTER - 2
        shown = name if len(name) <= room else name[: room - 1] + "…"
        named = len(dots) < _NAMED and all(abs(other.y - y) >= _LINE for other in dots)
        dots.append(MarginDot(x, y, shown if named else "", before))
    across = tuple((x_of(10.0**power), words.decimal(100 * 10.0**power, max(0, -2 - power))) for power in range(low, 1))
    up = tuple((y_of(10**power), words.number(10**power)) for power in range(high + 1))
    return MarginPicture(LEFT, right, bottom, tuple(dots), across, up)


_LISTED = 20
"""Assertions that are listed, the hardest; JSON has all of them."""
_TEMPLATE = Path(__file__).with_name("html") / "plan.html.j2"


def plan_page(plans: Sequence[PaperPlan], inputs: Sequence[dict[str, str]], made_by: Text, code: str) -> bytes:
    """The page in the language of that code; the same bytes for the same plans."""
    words, style = language(code), style_sheet()
    view = view_of(plans, words)

    def said(texts: Sequence[Text]) -> list[str]:
        return [clean(words.show(text)) for text in texts]

    [heading, title, made] = said([view.heading, view.title, made_by])
    return pack(
        render(
            _TEMPLATE,
            words,
            code=code,
            style=style,
            policy=policy(style),
            heading=heading,
            lines=said(view.lines),
            head=said(view.head),
            rows=list(map(said, view.rows)),
            title=title,
            listed=said(view.listed[:_LISTED]),
            more=max(0, len(view.listed) - _LISTED),
            picture=margin_picture(plans, words),
            limits=said(LIMITS),
            inputs=inputs,
            made_by=made,
        )
    )
