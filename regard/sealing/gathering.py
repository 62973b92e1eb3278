"""Leaves made from evidence: of a night as `regard verify` loads it, or of one file of published results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol.opening import open_evidence
from protocol.sealing.editions import SealedInput
from protocol.sealing.leaves import Leaf, LeafElection, LeafVotes
from regard.sealing.figures import COUNTED, PUBLISHED, SOURCES, SealedFigures, sealed_figures
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints
from verify.model.published import Level, Published
from verify.model.use import OURS, Used
from verify.read.results_files import parse_all, tables_of

EXPORT, IMAGE = "export", "urn"
"""Kinds of documents whose digest is in a leaf."""
_ENDINGS = frozenset((".csv", ".gz", ".zip", ".xlsx", ".xls", ".ods", ".txt", ".json", ".xml", ".parquet", ".tsv"))


@dataclass(frozen=True, slots=True)
class Sealable:
    """Content of some evidence that can be sealed.

    Attributes:
        leaves: one for each bureau and poll of which there are figures.
        inputs: the files that they were made from.
        differing: bureaux of which two sources have a figure otherwise.
        empty: bureaux of the list of which there are no figures.
    """

    leaves: list[Leaf]
    inputs: tuple[SealedInput, ...]
    differing: int = 0
    empty: int = 0


def of_results(path: Path) -> Sealable | None:
    """Collect it from one file of published results by bureau; None if reading the file is not enough.

    Raises:
        InputError: it cannot be read.
        UnknownLayout: no layout fits.
    """
    if path.is_dir() or tables_of([path]):
        return None
    file = open_evidence(path)
    tables = [each for each in parse_all(file) if each.level is Level.BUREAU]
    if len(tables) != 1 or not (tables[0].insee != "").all() or tables[0].problems:
        return None
    leaves = list(_of_published(tables[0], LeafElection(_id_of(path), None, tables[0].round or None)))
    if len({each.place for each in leaves}) < len(leaves):
        return None
    return Sealable(leaves, (SealedInput(path.name, file.sha256),))


def _of_published(published: Published, election: LeafElection) -> Iterator[Leaf]:
    """A leaf for each unit of a table of published results."""
    counts = {str(name): published.counts[name].tolist() for name in COUNTED if name in published.counts}
    some = {name: values for name, values in counts.items() if max(values, default=-1) >= 0}
    source = dict.fromkeys([*some, "votes"], PUBLISHED)
    ends = np.searchsorted(published.vote_unit, np.arange(len(published.insee)), "right").tolist()
    label, panel, votes = (each.tolist() for each in (published.vote_label, published.panel, published.votes))
    places = zip(published.insee.tolist(), published.bureau.tolist(), strict=True)
    start = 0
    for unit, (insee, bureau) in enumerate(places):
        figures = {name: value for name, values in some.items() if (value := values[unit]) >= 0}
        entries = range(start, ends[unit])
        start = ends[unit]
        choices = tuple(
            LeafVotes(published.labels[label[at]], votes[at] if votes[at] >= 0 else None, panel[at] or None)
            for at in entries
        )
        sources = source if len(figures) == len(some) and choices else _only(source, figures, choices)
        if figures or choices:
            yield Leaf(election, insee, bureau, "1", figures, sources, choices)


def _only(source: dict[str, str], figures: dict[str, int], choices: Sequence[LeafVotes]) -> dict[str, str]:
    return {name: kind for name, kind in source.items() if name in figures or (name == "votes" and choices)}


def of_evidence(evidence: LinedEvidence, given: Path) -> Sealable:
    """Collect it from a night's evidence.

    Args:
        evidence: all of it.
        given: the folder or the file that it was loaded from, of which an election without a name has its own.
    """
    figures = sealed_figures(evidence)
    present = figures.present
    digests = _digests(evidence)
    leaves = [
        _leaf(evidence, figures, (unit, poll), _election(evidence, given), digests.get((unit, poll), {}))
        for unit, poll in np.argwhere(present).tolist()
    ]
    inputs = tuple(
        SealedInput(each.path, each.sha256)
        for each in evidence.inputs
        if each.sha256 is not None and each.kind != OURS and each.used is not Used.NONE
    )
    return Sealable(
        leaves, inputs, _bureaux(figures.differing & present), _bureaux(~present.any(axis=1, keepdims=True))
    )


def _bureaux(mask: Bools) -> int:
    return int(np.count_nonzero(mask.any(axis=1)))


def _election(evidence: LinedEvidence, given: Path) -> LeafElection:
    election = evidence.election
    if election is not None:
        return LeafElection(election.id, election.date, election.round)
    rounds = {each.round for each in evidence.tables if each.round}
    return LeafElection(_id_of(given), None, rounds.pop() if len(rounds) == 1 else None)


def _id_of(path: Path) -> str:
    """The name of a file without its endings, or of a folder."""
    path = path.resolve()
    while path.suffix.lower() in _ENDINGS:
        path = path.with_suffix("")
    return path.name


def _leaf(
    evidence: LinedEvidence,
    figures: SealedFigures,
    at: tuple[int, int],
    election: LeafElection,
    digests: dict[str, str],
) -> Leaf:
    """The leaf of one bureau and poll."""
    unit, poll = at
    known = {name: each for name, each in figures.counts.items() if each.source[at] >= 0}
    sources = {str(name): SOURCES[int(each.source[at])] for name, each in known.items()}
    votes: tuple[LeafVotes, ...] = ()
    if figures.votes_source[at] >= 0:
        sources["votes"] = SOURCES[int(figures.votes_source[at])]
        votes = _votes(evidence, figures.votes[at], at)
    universe = evidence.universe
    counts = {str(name): int(each.values[at]) for name, each in known.items()}
    place = str(universe.insee[unit]), str(universe.bureau[unit]), str(evidence.polls[poll])
    return Leaf(election, *place, counts, sources, votes, digests)


def _votes(evidence: LinedEvidence, votes: Ints, at: tuple[int, int]) -> tuple[LeafVotes, ...]:
    """The votes of the choices of a contest; numbered where there is an official list of them."""
    contest = evidence.contests.contests[int(evidence.contests.of[at])]
    numbers = {name: number for number, name in enumerate(contest.listed, 1)} if evidence.contests.official else {}
    return tuple(
        LeafVotes(name, value if value >= 0 else None, numbers.get(name))
        for name, value in zip(contest.choices, votes.tolist(), strict=False)
    )


def _digests(evidence: LinedEvidence) -> dict[tuple[int, int], dict[str, str]]:
    """SHA-256 of the exports and module images that are of one bureau alone, by unit and poll, by kind."""
    sha256 = {each.path: each.sha256 for each in evidence.inputs if each.sha256 is not None}
    files: dict[str, dict[str, set[tuple[int, int]]]] = {EXPORT: {}, IMAGE: {}}
    if (exports := evidence.exports) is not None:
        for record in np.flatnonzero(exports.used).tolist():
            name = exports.names[int(exports.reading.file[record])]
            files[EXPORT].setdefault(name, set()).add(exports.at(record))
    if (urns := evidence.urns) is not None:
        for image in np.flatnonzero(urns.used).tolist():
            of = files[IMAGE].setdefault(urns.place(image), set())
            of.update((int(urns.unit[image]), poll) for poll in range(len(evidence.polls)))
    found: dict[tuple[int, int], dict[str, str]] = {}
    for kind, of_kind in files.items():
        for name, places in sorted(of_kind.items()):
            if name in sha256 and len({unit for unit, _ in places}) == 1:
                for place in places:
                    here = found.setdefault(place, {})
                    parts = sum(each.partition("-")[0] == kind for each in here)
                    here[kind if not parts else f"{kind}-{parts + 1}"] = sha256[name]
    return found
