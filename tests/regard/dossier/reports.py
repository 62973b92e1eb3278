"""Reports of small nights, and a page taken apart."""

from html.parser import HTMLParser
from pathlib import Path

from regard.dossier.contents import build
from regard.dossier.model import Dossier
from regard.dossier.page import as_page
from tests.verify.night_builder import Night, loaded
from verify import audit
from verify.audit import Audit
from verify.model.evidence import LinedEvidence

_VOID = frozenset(("meta", "br", "hr", "img", "input", "link", "col", "wbr"))


def examined(folder: Path) -> tuple[LinedEvidence, Audit]:
    """A folder, read and audited."""
    evidence = loaded(folder)
    return evidence, audit.run(evidence)


def dossier_of(night: Night, folder: Path, language: str = "en") -> tuple[Dossier, Audit]:
    """The report of a night, and what it is of."""
    evidence, result = examined(night.write(folder))
    return build(evidence, result, language), result


class TakenApart(HTMLParser):
    """A page as elements and text; whatever is not closed, or closed twice, is an error.

    Attributes:
        elements: name and attributes of each.
        texts: what stands between the marks, and in which element.
    """

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open[-1] if self._open else "", data.strip()))

    @property
    def text(self) -> str:
        """All that can be read."""
        return " ".join(text for where, text in self.texts if where not in ("style", "script"))


def page_of(night: Night, folder: Path, language: str = "en") -> TakenApart:
    """The page of a night."""
    return TakenApart(as_page(dossier_of(night, folder, language)[0]))
