"""Editions of published results: files of one layout and poll that have no bureau in common are parts of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.model.evidence import LinedEvidence, PublishedLines
from verify.model.figures import Bools, Texts, unlike


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition.

    Attributes:
        files: the names of its files.
        communes: INSEE codes of the communes that it covers.
        present: which bureaux it has in which poll, shape ``(units, polls)``.
    """

    layout: str
    files: tuple[str, ...]
    communes: Texts
    present: Bools

    @property
    def source(self) -> str:
        """The names of its files, as one."""
        return " + ".join(self.files)

    def goes_on_in(self, lines: PublishedLines) -> bool:
        """Whether a file is another part of it: a layout and polls are the same, and no bureau is."""
        there = lines.counted.present
        same = np.array_equal(self.present.any(axis=0), there.any(axis=0))
        return same and lines.published.layout == self.layout and not (self.present & there).any()

    def joined(self, lines: PublishedLines) -> Edition:
        """The same with one more file."""
        files = tuple(dict.fromkeys((*self.files, lines.published.file)))
        communes = np.union1d(self.communes, lines.published.insee)
        return Edition(self.layout, files, communes, np.asarray(self.present | lines.counted.present, np.bool_))


def editions(evidence: LinedEvidence) -> list[Edition]:
    """All editions by bureau, in the order of their first files."""
    found: list[Edition] = []
    for lines in evidence.published:
        at = next((at for at, each in enumerate(found) if each.goes_on_in(lines)), None)
        if at is None:
            published = lines.published
            communes = _distinct(published.insee)
            found.append(Edition(published.layout, (published.file,), communes, lines.counted.present))
        else:
            found[at] = found[at].joined(lines)
    return found


def _distinct(insee: Texts) -> Texts:
    """Each code once, in order; rows of one commune mostly follow one another, and the first of each run is enough."""
    return np.unique(insee[np.append(np.zeros(min(len(insee), 1), np.int64), unlike(insee[1:], insee[:-1]) + 1)])
