"""Pages: templates beside this file, every value in them shown in the language of the reader, and harmless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.responses import HTMLResponse

from protocol.words import (
    Clause,
    Language,
    Message,
    Plural,
    Series,
    language,
    languages,
    msg,
    nmsg,
    pmsg,
    series,
    unbroken,
)
from regard.language import begins_as_given, capitalise
from regard.terminal import clean, without_start
from verify.model.findings import shown_source

_INVALID = ' aria-invalid="true"'
"""Marks a field that has to be corrected; the first of an answer that refuses has the focus."""
_LONGEST = 1000
"""Characters of a text that a page shows."""
_WORDS = (Message, Series, Clause, Plural)
_NAMES = {"en": "English", "fr": "Français"}
"""Names of languages in themselves; others go by their codes."""


class Pages:
    """Makes pages in one language.

    Args:
        code: of the language.
        constants: what every page is given.
    """

    def __init__(self, code: str, **constants: object) -> None:
        self.words = language(code)
        self._constants = {"code": code, "others": _others(code), **constants}

    def show(self, template: str, status: HTTPStatus = HTTPStatus.OK, **values: object) -> HTMLResponse:
        """A page, by the name of its template."""
        text = _environment(self.words).get_template(f"{template}.html.j2").render({**self._constants, **values})
        if status >= HTTPStatus.BAD_REQUEST:
            text = text.replace(_INVALID, f" autofocus{_INVALID}", 1)
        return HTMLResponse(text, int(status))


def _others(code: str) -> Mapping[str, str]:
    return {each: _NAMES.get(each, each) for each in languages() if each != code}


def _finalize(words: Language) -> Any:
    """Shows what stands in braces: messages in the language, texts without what could rewrite the page, or nothing."""

    def show(value: object) -> object:
        if isinstance(value, Markup):
            return value
        if isinstance(value, _WORDS):
            return _harmless(_whole(words.show(value)))
        if isinstance(value, str):
            return _harmless(value)
        return "" if value is None else value

    return show


def _harmless(text: str) -> str:
    """A text as it can be shown: control and direction marks replaced, what is too long cut."""
    shown = " ".join(clean(line) for line in text[: _LONGEST + 1].splitlines())
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def _whole(text: str) -> str:
    """A text whose lines do not break before a sign that French sets off; it may follow upon another one."""
    return unbroken(f"x{text}")[1:]


def _sentence(words: Language, said: object) -> str:
    """A text that begins with a capital letter, unless it begins with a name or a value that stands in a file."""
    text = _harmless(_whole(words.show(said)))
    return text if begins_as_given(words, said) else capitalise(text)


def _query(value: str) -> Markup:
    """A value as a part of an address."""
    return Markup(quote(value, safe="", errors="surrogatepass"))  # noqa: S704 - nothing but letters, digits and percents


@cache
def _environment(words: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        finalize=_finalize(words),
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals |= {"msg": msg, "nmsg": nmsg, "pmsg": pmsg, "series": series}
    environment.filters |= cast(
        Any,
        {
            "number": words.number,
            "place": lambda said: without_start(_harmless(_whole(words.show(said)))),
            "query": _query,
            "sentence": partial(_sentence, words),
            "source": lambda said: without_start(_harmless(words.show(shown_source(said)))),
            "show": lambda value: _harmless(words.show(value)),
        },
    )
    return environment


_LONGEST_NUMBER = 8
"""Digits of a number in an address or a form."""


def whole_number(typed: str) -> int | None:
    """The whole number that an address or a form has; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _LONGEST_NUMBER else None


@dataclass(frozen=True, slots=True)
class ListPart:
    """A part of a list.

    Attributes:
        number, last: of this part and of the last one, from 1.
        start, stop: of its entries.
        previous, following: addresses; empty where there is none.
    """

    number: int
    last: int
    start: int
    stop: int
    previous: str
    following: str


def part_of(query: QueryParams, path: str, count: int, size: int) -> ListPart:
    """The part of a list that a query asks for; the first where it asks for none, the last where for one beyond.

    Args:
        query: of the request, with the number as ``page``.
        path: of the request.
        count: of the entries.
        size: of a part.
    """
    last = max(-(-count // size), 1)
    number = min(max(whole_number(query.get("page", "")) or 1, 1), last)
    rest = {name: value for name, value in query.items() if name != "page"}

    def at(other: int) -> str:
        return f"{path}?{urlencode({**rest, 'page': other})}" if 1 <= other <= last else ""

    return ListPart(number, last, (number - 1) * size, min(number * size, count), at(number - 1), at(number + 1))
