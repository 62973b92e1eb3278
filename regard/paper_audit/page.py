"""The plan of a paper audit as one page for a mayor: a sentence, a picture, the sizes, what has to be proven."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from protocol.words import Text, language
from regard.paper_audit.picture import margin_picture
from regard.paper_audit.view import view_of
from regard.paper_audit.wording import LIMITS
from regard.templates import pack, policy, render, style_sheet
from regard.terminal import clean
from verify.paper_audit.plan import PaperPlan

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
