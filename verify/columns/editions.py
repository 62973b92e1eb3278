"""Editions of published results: files of one layout and poll that have no bureau in common are parts of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from verify.model.evidence import LinedEvidence, PublishedLines
from verify.model.figures import Bools, Texts


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition.

    Attributes:
        files: the names of its files.
        insee: INSEE codes of the communes of their rows.
        present: which bureaux it has in which poll, shape ``(units, polls)``.
    """

    layout: str
    files: tuple[str, ...]
    insee: Texts
    present: Bools

    @property
    def source(self) -> str:
        """The names of its files, as one."""
        return " + ".join(self.files)

    def is_continued_in(self, lines: PublishedLines) -> bool:
        """Check that a file is another part of it: the same layout and polls, and no common bureau."""
        there = lines.counted.present
        same = np.array_equal(self.present.any(axis=0), there.any(axis=0))
        return same and lines.published.layout == self.layout and not (self.present & there).any()

    def joined(self, lines: PublishedLines) -> Edition:
        """The same with one more file."""
        files = tuple(dict.fromkeys((*self.files, lines.published.file)))
        insee = np.concatenate([self.insee, lines.published.insee])
        return Edition(self.layout, files, insee, np.asarray(self.present | lines.counted.present, np.bool_))


def editions(evidence: LinedEvidence) -> list[Edition]:
    """All editions by bureau, in the order of their first files."""
    found: list[Edition] = []
    for lines in evidence.published:
        at = next((at for at, each in enumerate(found) if each.is_continued_in(lines)), None)
        if at is None:
            published = lines.published
            found.append(Edition(published.layout, (published.file,), published.insee, lines.counted.present))
        else:
            found[at] = found[at].joined(lines)
    return found
