"""The site of the documents: what stands round a page is in its language."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import mkdocs_links as site

ROOT = Path(__file__).parents[1]


def page(*above: str, before: Any = None, after: Any = None) -> Any:
    """A page below parts of the navigation of those names."""
    ancestors = [SimpleNamespace(title=title) for title in above]
    return SimpleNamespace(ancestors=ancestors, previous_page=before, next_page=after)


FRENCH, ENGLISH = page("Guides", "Français"), page("Guides", "English")


@pytest.fixture
def config() -> Any:
    found = SimpleNamespace(theme={"language": "en"}, extra={})
    site.on_config(found)
    return found


def test_each_page_has_the_frame_of_its_language(config: Any) -> None:
    seen = []
    for each in (page(), page("Guides", "Français"), page("Reference", "English"), page("Français"), page()):
        site.on_page_context({}, each, config)
        seen.append(config.theme["language"])
    assert seen == ["en", "fr", "en", "fr", "en"]


def test_the_pages_before_and_after_are_of_the_same_language(config: Any) -> None:
    last = page("Français", before=FRENCH, after=ENGLISH)
    site.on_page_context({}, last, config)
    assert (last.previous_page, last.next_page) == (FRENCH, None)
    first = page("English", before=FRENCH, after=ENGLISH)
    site.on_page_context({}, first, config)
    assert (first.previous_page, first.next_page) == (None, ENGLISH)


def test_french_breaks_no_line_before_its_signs_and_commands_stay() -> None:
    html = '<p title="a : b">« oui » : <code>a : b</code></p><pre>c ; d</pre>'
    kept = '<p title="a : b">«\u00a0oui\u00a0»\u00a0: <code>a : b</code></p><pre>c ; d</pre>'
    assert site.on_page_content(html, FRENCH) == kept
    assert site.on_page_content(html, ENGLISH) == html


def documents(nav: str, part: str) -> Iterator[str]:
    """The documents below one part of the navigation."""
    below = False
    for line in nav.splitlines():
        if line.startswith("  - "):
            below = line == f"  - {part}:"
        elif below and line.endswith(".md"):
            yield line.rpartition(" ")[2]


def test_the_documents_of_each_part_are_in_its_language() -> None:
    nav = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]
    for part, words, others in (("Français", (" est ", " les "), " the "), ("English", (" is ", " the "), " les ")):
        found = list(documents(nav, part))
        assert found
        for name in found:
            text = (ROOT / "docs" / name).read_text("utf-8")
            assert all(word in text for word in words), name
            assert text.count(words[1]) > text.count(others), name
