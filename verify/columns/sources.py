"""The files of each kind of evidence: editions, names as findings cite them, bureaux covered, and files not used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname

import numpy as np

from protocol import night
from protocol.transmission import FOLDER
from verify.model.evidence import Counted, LinedEvidence, LinedVotes, PublishedLines
from verify.model.figures import Bools, Places, Texts, name_files
from verify.model.universe import MACHINE, PAPER
from verify.model.use import Input, Used


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


def of_table(table: Counted | LinedVotes | None) -> str:
    """The files that a table's figures stand in; empty where there is no table."""
    if table is None:
        return ""
    places = table.places if isinstance(table, LinedVotes) else next(iter(table.figures.values())).places
    return name_files(file.removesuffix(":") for file in places.files)


def of_dumps(names: Sequence[str] | None) -> str:
    """The folder of exports or of images, or the files where they are few; empty where there are none."""
    if not names:
        return ""
    folders = {dirname(name) or "." for name in names}
    one = len(folders) == 1 and (len(names) > 1 or not folders.isdisjoint((night.EXPORTS, night.URNS)))
    return folders.pop() if one and folders != {"."} else name_files(names)


def covered(evidence: LinedEvidence) -> dict[str, tuple[int, int, str]]:
    """For each kind of evidence: the bureaux that have it in every poll, out of how many, and its source."""
    every, machines = (
        len(evidence.universe),
        int((evidence.universe.counting == MACHINE).sum()) or len(evidence.universe),
    )
    found = {kind: (int(_of_units(kind, mask).sum()), every, source) for kind, mask, source in having(evidence)}
    return found | {
        kind: (found[kind][0], machines, found[kind][2]) for kind in ("exports", "modules") if kind in found
    }


def _of_units(kind: str, mask: Bools) -> Bools:
    """The bureaux that have it in every poll; published results are of one."""
    return np.asarray(mask.any(axis=1) if kind.startswith("publie") else mask.all(axis=1), np.bool_)


def having(evidence: LinedEvidence) -> Iterator[tuple[str, Bools, str]]:
    """Each kind of evidence, the bureaux and polls that have it, and its source, in the order of the way."""
    not_paper = (evidence.universe.counting != PAPER)[:, None]
    exports, urns, records = evidence.exports, evidence.urns, evidence.records
    if exports is not None:
        yield "exports", exports.counts.cast.known & not_paper, of_dumps(exports.names)
    if urns is not None:
        with_image = np.zeros((len(evidence.universe), 1), np.bool_)
        with_image[urns.unit[urns.used]] = True
        yield "modules", with_image & not_paper, of_dumps(urns.names)
    if evidence.signatures is not None:
        yield "emargements", evidence.signatures["signatures"].known, of_table(evidence.signatures)
    elif records is not None and (records.present & ~records["signatures"].known).any():
        yield "emargements", records["signatures"].known, of_table(records)  # where some state none, no gap can be seen
    if records is not None:
        yield "pv", records.present, of_table(records)
    if evidence.votes is not None:
        yield "voix", evidence.once(with_votes), of_table(evidence.votes)
    if evidence.tabulation is not None:
        yield "recap", evidence.tabulation.present, of_table(evidence.tabulation)
    for number, edition in enumerate(evidence.once(editions), 1):
        yield "publie" if number == 1 else f"publie {number}", edition.present, edition.source
    if evidence.way_up is not None and evidence.way_up.steps:
        steps = [counted.present for counted in evidence.way_up.steps.values()]
        yield "montee", np.logical_or.reduce(steps), FOLDER


def with_votes(evidence: LinedEvidence) -> Bools:
    """Bureaux of whose PV the votes for a choice are known, shape ``(units, polls)``."""
    if evidence.votes is None:
        return np.zeros(evidence.shape, np.bool_)
    return np.asarray(np.einsum("...i->...", evidence.votes.values >= 0), np.bool_)  # quicker than `any`


def by_poll(evidence: LinedEvidence) -> dict[str, dict[int, int]]:
    """For kinds of evidence that not every poll of the day has of as many bureaux: how many, by the poll's number.

    Published results are about one poll, and are always there where the day has several.
    """
    if len(evidence.polls) == 1:
        return {}
    masks = {kind: mask for kind, mask, _ in having(evidence) if kind not in ("modules", "montee")}
    if evidence.signatures is None:
        masks.pop("emargements", None)
    counts = {kind: dict(zip(evidence.polls, mask.sum(axis=0).tolist(), strict=True)) for kind, mask in masks.items()}
    return {kind: of_polls for kind, of_polls in counts.items() if len(set(of_polls.values())) > 1}


def unused_files(evidence: LinedEvidence) -> list[Input]:
    """Files given by their names of which nothing is used, though nothing in them is wrong and nothing was raised.

    Those that contradict what is used in their place, wherever they lie. Those among the documents of the way up as
    well: what lies there is meant to be one. The text beside a template's tables is none of them.
    """
    wrong = {problem.file for problem in evidence.problems} | {each.what for each in evidence.failures}
    given = (each for each in evidence.inputs if each.named or each.contradicts or each.path.startswith(f"{FOLDER}/"))
    unused = (each for each in given if each.used is Used.NONE and not each.explains)
    return [each for each in unused if not any(file.startswith(each.path) for file in wrong)]


BureauxOfRows = Mapping[tuple[str, int], tuple[int, int]]
"""By file, as it is shown, and row: unit and poll, -1 for a poll where the row is of several."""


def bureaux_of_problems(evidence: LinedEvidence) -> BureauxOfRows:
    """The bureaux of the rows in which something could not be read; nothing of rows of several bureaux, or of none."""
    wanted = {(each.file, each.row) for each in evidence.problems if each.row is not None}
    found: dict[tuple[str, int], tuple[int, int]] = {}
    several: set[tuple[str, int]] = set()
    rows = np.array(sorted({row for _, row in wanted}), np.int64)
    for places in _places(evidence) if wanted else ():
        at = np.argwhere(np.isin(places.at, rows) & (places.file >= 0))
        for index, source in zip(at.tolist(), places.texts(*at.T), strict=True):
            place = source, int(places.at[tuple(index)])
            key = place[0].removesuffix(f":{place[1]}"), place[1]
            unit, poll = index[0], index[1]
            if key not in wanted:
                continue
            known, of = found.setdefault(key, (unit, poll))
            if known != unit:
                several.add(key)
            elif of != poll:
                found[key] = unit, -1
    return {key: place for key, place in found.items() if key not in several}


def _places(evidence: LinedEvidence) -> Iterator[Places]:
    """Places of figures of bureaux, table by table."""
    tables = [evidence.signatures, evidence.records, evidence.tabulation]
    tables += [lines.counted for lines in evidence.published]
    for table in tables:
        if table is not None:
            yield from {id(figures.places): figures.places for figures in table.figures.values()}.values()
    for votes in (evidence.votes, evidence.tabulated, *(lines.votes for lines in evidence.published)):
        if votes is not None:
            yield votes.places
