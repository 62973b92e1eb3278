"""Links in the documents, for the site: none leads out of it, and anchors are those of a forge."""

from __future__ import annotations

import re
from typing import Any

_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?:CHANGELOG|CONTRIBUTING|LISEZMOI|README|SECURITY|tests/)[^)]*\)")
_SHIM = "https://unpkg.com/iframe-worker/shim"
"""What the theme would load for the search of a page that is read from a disk."""


def on_page_markdown(markdown: str, **_: Any) -> str:
    """The text of a page, as mkdocs asks for it: a link to the source tree is no link in a site without it."""
    return _OUTSIDE.sub(r"\1", markdown)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """The page as it is written: the script that searches without a server is ours and not another site's."""
    return output.replace(_SHIM, "../" * page.url.count("/") + "site/worker.js")


def on_post_template(output_content: str, **_: Any) -> str:
    """Likewise a page without a document, which a server shows for an address that there is not."""
    return output_content.replace(_SHIM, "/site/worker.js")


def anchor(heading: str, separator: str) -> str:
    """The anchor of a heading, as forges and `tests/test_documents.py` make it."""
    return re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", separator)
