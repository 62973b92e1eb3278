"""Editions of published results: files of one layout and poll that have no bureau in common are parts of one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from verify.model.evidence import LinedEvidence, PublishedLines
from verify.model.figures import Bools, Texts


@dataclass(frozen=True)
class Edition:
    """One edition.

    Attributes:
        files: the names of its files.
        insee: INSEE codes of the communes of their rows, file by file.
        present: which bureaux it has in which poll, shape ``(units, polls)``.
    """

    layout: str
    files: tuple[str, ...]
    insee: tuple[Texts, ...]
    present: Bools

    @property
    def source(self) -> str:
        """The names of its files, as one."""
        return " + ".join(self.files)

    @cached_property
    def communes(self) -> Texts:
        """INSEE codes of the communes that it covers, each once, in order; made when it is asked for."""
        return np.unique(np.concatenate([_first_of_each(insee) for insee in self.insee]))

    def is_continued_in(self, lines: PublishedLines) -> bool:
        """Check that a file is another part of it: the same layout and polls, and no common bureau."""
        there = lines.counted.present
        same = np.array_equal(self.present.any(axis=0), there.any(axis=0))
        return same and lines.published.layout == self.layout and not (self.present & there).any()

    def joined(self, lines: PublishedLines) -> Edition:
        """The same with one more file."""
        files = tuple(dict.fromkeys((*self.files, lines.published.file)))
        insee = (*self.insee, lines.published.insee)
        return Edition(self.layout, files, insee, np.asarray(self.present | lines.counted.present, np.bool_))


def editions(evidence: LinedEvidence) -> list[Edition]:
    """All editions by bureau, in the order of their first files."""
    found: list[Edition] = []
    for lines in evidence.published:
        at = next((at for at, each in enumerate(found) if each.is_continued_in(lines)), None)
        if at is None:
            published = lines.published
            found.append(Edition(published.layout, (published.file,), (published.insee,), lines.counted.present))
        else:
            found[at] = found[at].joined(lines)
    return found


def _first_of_each(insee: Texts) -> Texts:
    """The first code of each run of the same: rows of one commune mostly follow one another."""
    return insee[np.append(np.zeros(min(len(insee), 1), np.int64), np.flatnonzero(insee[1:] != insee[:-1]) + 1)]
