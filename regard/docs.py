"""``python -m regard.docs [--check]``: write the generated documents anew, or name those that are not current."""

from __future__ import annotations

import argparse
import pkgutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from protocol import files
from protocol.words import languages
from regard.reference.documents import name_in

FOLDER = Path(__file__).parent.parent / "docs" / "reference"

DOCUMENTS = {
    "columns.md": "regard.reference.columns_document:document",
    "esf.h": "regard.reference.c_header:result_export",
    "format.md": "regard.reference.format_document:document",
    "known-layouts.md": "regard.reference.layouts_document:document",
    "link.md": "regard.reference.link_document:document",
    "machine.md": "regard.reference.machine_document:document",
    "night.md": "regard.reference.night_document:document",
    "urn.h": "regard.reference.c_header:urn_image",
    "urn.md": "regard.reference.urn_document:document",
}
"""Documents that are in one language: the name below ``docs/reference/``, and the function that gives the text."""
IN_ALL_LANGUAGES = {
    "cases": "regard.studies.cases_document:document",
    "next": "regard.reference.next_document:document",
    "rules": "regard.reference.rules_document:document",
}
"""Topics that have a document in each language, and the function that gives its text for a language."""
_AMONG_GUIDES = {"cases", "next"}
"""Those of them that are in ``docs/guide/``."""


def documents() -> dict[str, Callable[[], str]]:
    """Every generated document: its name below ``docs/reference/``, and what gives its text."""
    found: dict[str, Callable[[], str]] = {path: pkgutil.resolve_name(name) for path, name in DOCUMENTS.items()}
    for topic, name in IN_ALL_LANGUAGES.items():
        for code in languages():
            found[place_of(topic, code)] = partial(pkgutil.resolve_name(name), code)
    return found


def place_of(topic: str, code: str) -> str:
    """Path of a topic's document in a language, below ``docs/reference/``."""
    return ("../guide/" if topic in _AMONG_GUIDES else "") + f"{name_in(code, topic)}.md"


def stale(folder: Path = FOLDER) -> dict[str, bytes]:
    """The documents in a folder that are missing or say something else, with the text that they should have."""
    texts = {document: make().encode() for document, make in documents().items()}
    return {
        document: text
        for document, text in texts.items()
        if not (folder / document).is_file() or (folder / document).read_bytes() != text
    }


def main(argv: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """Write the documents, or with ``--check`` return 1 where one is not current."""
    parser = argparse.ArgumentParser(prog="python -m regard.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a document is not current")
    check = parser.parse_args(argv).check
    if not folder.is_dir():
        print(f"{folder}: no such folder; documents are made in a source tree", file=sys.stderr)
        return 2
    changed = stale(folder)
    for document, text in changed.items():
        if check:
            print(f"not current: {folder / document}; `make docs` writes it anew", file=sys.stderr)
        else:
            (folder / document).parent.mkdir(parents=True, exist_ok=True)
            files.write(folder / document, text)
            print(folder / document)
    return 1 if check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
