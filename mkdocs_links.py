"""The site of the documents: no link leads out of it, anchors are those of a forge, each page has one language."""

from __future__ import annotations

import re
from typing import Any

from protocol.words import unbroken

_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?:CHANGELOG|CONTRIBUTING|LISEZMOI|README|SECURITY|tests/)[^)]*\)")
_PARTS = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>|<[^>]*>)", re.DOTALL)
"""Code and tags of a page, which are no running text."""
_SHIM = "https://unpkg.com/iframe-worker/shim"
"""Script that the theme would load for the search of a page that is read from a disk."""


_LANGUAGES = {"Français": "fr", "English": "en"}
"""The language of a page, by the part of the navigation that it is in; any other page is in that of the theme."""


def language_of(page: Any) -> str | None:
    """The language of a page, None where it is in none of the parts."""
    if page is None:
        return None
    return next((_LANGUAGES[each.title] for each in page.ancestors if each.title in _LANGUAGES), None)


def on_config(config: Any) -> None:
    """Keep the language of the theme, which pages without one of their own have."""
    config.extra["language"] = config.theme["language"]


def on_page_context(context: Any, page: Any, config: Any, **_: Any) -> None:
    """Give the theme the page's language, and as neighbours only pages of that language."""
    config.theme["language"] = language_of(page) or config.extra["language"]
    if language_of(page.previous_page) != language_of(page):
        page.previous_page = None
    if language_of(page.next_page) != language_of(page):
        page.next_page = None


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The text of a page, as mkdocs asks for it: a link to the source tree is no link in a site without it."""
    return _OUTSIDE.sub(r"\1", markdown)


def on_page_content(html: str, page: Any, **_: Any) -> str:
    """The text of a page in French breaks no line before a sign that French sets off; commands stay as they are."""
    if language_of(page) != "fr":
        return html
    return "".join(part if part.startswith("<") else unbroken(part) for part in _PARTS.split(html))


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """The page as it is written: the script that searches without a server is ours and not another site's."""
    return output.replace(_SHIM, "../" * page.url.count("/") + "site/worker.js")


def on_post_template(output_content: str, **_: Any) -> str:
    """Likewise a page without a document, which a server shows for an address that there is not."""
    return output_content.replace(_SHIM, "/site/worker.js")


def anchor(heading: str, separator: str) -> str:
    """The anchor of a heading, as forges and `tests/test_documents.py` make it."""
    return re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", separator)
