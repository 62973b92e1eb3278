"""The documents that come with regard, by topic: in an installation inside the package, in a source tree in `docs/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FRENCH = {"evidence": "pieces", "limits": "limites", "matrix": "matrice", "rules": "regles"}
"""Topics that have a French document beside the English one, and its name."""
_BOTH = ("troubleshooting",)
"""Documents that are in both languages; all others are in English."""
_KINDS = (".md", ".schema.json", ".h")


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    Attributes:
        topic: its name without ``.md``; other kinds of files keep their ending.
        language: ``fr`` or ``en``; empty for both.
        title: its first heading.
    """

    topic: str
    language: str
    title: str
    path: Path

    def text(self) -> str:
        """The whole document."""
        return self.path.read_text(encoding="utf-8")


def folder() -> Path:
    """Where the documents are."""
    installed = Path(__file__).parents[1] / "documentation"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "docs"


def documents() -> dict[str, Document]:
    """All documents by topic, in the order of their names."""
    found = {}
    for path in sorted(folder().rglob("*")):
        if path.name.endswith(_KINDS):
            topic = path.name.removesuffix(".md")
            language = "fr" if topic in FRENCH.values() else "" if topic in _BOTH else "en"
            found[topic] = Document(topic, language, _title(path), path)
    return found


def of_language(language: str) -> list[Document]:
    """Of each topic the document in that language, or in English where there is none."""
    french = {name: topic for topic, name in FRENCH.items()}
    left_out = FRENCH if language == "fr" else french
    return [each for topic, each in documents().items() if topic not in left_out]


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        if path.suffix == ".json":
            return str(json.load(file)["title"])
        if path.suffix == ".h":
            return file.readline().strip("/* \n").partition(". ")[0]
        return next((line.removeprefix("# ").strip() for line in file if line.startswith("# ")), path.stem)
