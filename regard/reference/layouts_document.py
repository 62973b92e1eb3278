"""The document of the layouts that regard knows, `docs/reference/known-layouts.md`, made from their entries."""

from __future__ import annotations

from pathlib import Path

from regard.commands.layouts import explain
from regard.language import show
from regard.reference import markdown
from verify.read.layouts.built_in import built_in

TEMPLATE = Path(__file__).with_name("layouts.md.j2")


def document() -> str:
    """The text of ``docs/reference/known-layouts.md``."""
    entries = [
        (layout.name, layout.country, [show("en", line).strip() for line in explain(layout)]) for layout in built_in()
    ]
    return markdown.document(TEMPLATE, entries=entries)
