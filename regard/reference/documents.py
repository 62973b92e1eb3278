"""The documents that come with regard, by topic: in an installation inside the package, in a source tree in `docs/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from protocol.words import ENGLISH, languages, pmsg
from regard.language import show

NAMES = {
    name.text: name
    for name in (
        pmsg("name of a document", "auditor"),
        pmsg("name of a document", "case-page"),
        pmsg("name of a document", "cases"),
        pmsg("name of a document", "evidence"),
        pmsg("name of a document", "forecasts"),
        pmsg("name of a document", "hatch"),
        pmsg("name of a document", "lab"),
        pmsg("name of a document", "layouts"),
        pmsg("name of a document", "limits"),
        pmsg("name of a document", "live"),
        pmsg("name of a document", "materiality"),
        pmsg("name of a document", "matrix"),
        pmsg("name of a document", "next"),
        pmsg("name of a document", "office"),
        pmsg("name of a document", "other-machines"),
        pmsg("name of a document", "paper-audit"),
        pmsg("name of a document", "proof"),
        pmsg("name of a document", "rules"),
        pmsg("name of a document", "security"),
        pmsg("name of a document", "threats"),
    )
}
"""Topics that have a document of its own in other languages, and what it is called there."""
_IN_ALL = ("index", "troubleshooting")
"""Documents that hold all languages; all others are in English."""
_KINDS = (".md", ".schema.json", ".h")


def name_in(code: str, topic: str) -> str:
    """The name of a topic's document in a language; where a translation lacks, that of the topic with the code."""
    name = show(code, NAMES[topic])
    return name if name != topic or code == ENGLISH.code else f"{topic}.{code}"


def language_of(name: str) -> str:
    """The language of a document by its name; empty where it holds all of them."""
    if name in _IN_ALL:
        return ""
    return next((code for code in languages() for topic in NAMES if name == name_in(code, topic)), ENGLISH.code)


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    Attributes:
        topic: its name without ``.md``; other kinds of files keep their ending.
        language: the code of its language; empty where it holds all of them.
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
    """Folder of the documents."""
    installed = Path(__file__).parents[1] / "documentation"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "docs"


def documents() -> dict[str, Document]:
    """All documents by topic, those of one folder together, in the order of their names; not the site's first page."""
    found = {}
    for path in sorted(folder().glob("*/*")):
        if path.name.endswith(_KINDS):
            topic = path.name.removesuffix(".md")
            found[topic] = Document(topic, language_of(topic), _title(path), path)
    return found


def of_language(code: str) -> list[Document]:
    """Of each topic the document in that language, or in English where there is none."""
    known = documents()
    own = {topic for topic in NAMES if name_in(code, topic) in known}
    return [
        each
        for name, each in known.items()
        if each.language in ("", code) or (each.language == ENGLISH.code and name not in own)
    ]


def find(code: str, topic: str) -> Document | None:
    """The document of a topic or of a name; in that language, if the topic has one there."""
    known = documents()
    if topic in NAMES:
        return known.get(name_in(code, topic), known.get(topic))
    return known.get(topic)


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        if path.suffix == ".json":
            return str(json.load(file)["title"])
        if path.suffix == ".h":
            return file.readline().strip("/* \n").partition(". ")[0]
        return next((line.removeprefix("# ").strip() for line in file if line.startswith("# ")), path.stem)
