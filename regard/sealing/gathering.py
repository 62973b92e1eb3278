"""Leaves made from evidence: of a night as `regard verify` loads it, or of one file of published results.

Where several sources have a figure, the first of an order that is the same for all bureaux is taken, and nothing is
corrected. ``docs/reference/proof.md`` gives the order and its reasons.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.opening import open_evidence
from protocol.quantities import VOTERS, Quantity
from protocol.sealing.folder import SealedInput
from protocol.sealing.leaves import Leaf, LeafElection, LeafVotes
from verify.columns.counts import counts_of, whole_day
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Figures, Ints
from verify.model.published import Level, Published, UnknownLayout
from verify.model.use import OURS, Used
from verify.read.results_files import parse_all, tables_of

PV, SIGN_IN, MACHINE, CENTRAL = "pv", "emargements", "machine", "recap"
PUBLISHED, LISTED = "published", "list"
SOURCE_KINDS: dict[str, EvidenceKind] = {
    PV: EvidenceKind.RECORDS,
    SIGN_IN: EvidenceKind.SIGNATURES,
    MACHINE: EvidenceKind.EXPORTS,
    CENTRAL: EvidenceKind.TABULATION,
    PUBLISHED: EvidenceKind.PUBLISHED,
    LISTED: EvidenceKind.UNIVERSE,
}
"""The evidence that the sources of sealed figures are, by their names in a proof."""
SOURCES = tuple(SOURCE_KINDS)
_FIRST = {Quantity.SIGNATURES: (SIGN_IN, PV, CENTRAL, PUBLISHED)}
_ORDER = (PV, MACHINE, CENTRAL, PUBLISHED)
_REGISTERED = (PV, SIGN_IN, MACHINE, CENTRAL, PUBLISHED, LISTED)
COUNTED = (*VOTERS, Quantity.PROXIES, Quantity.PAPER)
"""Counts that are sealed. Abstentions follow from two of them."""


@dataclass(frozen=True, slots=True)
class SealedFigures:
    """All counts, and the votes of every choice.

    Attributes:
        counts: by quantity: its values, negative where there are none, and their indices into `SOURCES`, -1 likewise;
            all of shape ``(units, polls)``.
        votes: of shape ``(units, polls, width)``, negative where there are none.
        votes_source: index into `SOURCES`, -1 where there is none, of shape ``(units, polls)``.
    """

    counts: dict[Quantity, tuple[Ints, Ints]]
    votes: Ints
    votes_source: Ints

    @property
    def present(self) -> Bools:
        """Places with more known figures than the registered voters of the list."""
        found = self.votes_source >= 0
        for name, (_, source) in self.counts.items():
            known = source >= 0
            found = found | (known & (source != SOURCES.index(LISTED)) if name == Quantity.REGISTERED else known)
        return np.asarray(found, np.bool_)


def order_of(quantity: Quantity) -> tuple[str, ...]:
    """The sources of a figure, that which is taken first at the start."""
    if quantity is Quantity.REGISTERED:
        return _REGISTERED
    return _FIRST.get(quantity, _ORDER)


def sealed_figures(evidence: LinedEvidence) -> SealedFigures:
    """The figures to seal of a night's evidence."""
    counts, by_source = {}, _counts_of(evidence)
    for quantity in COUNTED:
        of = [
            (each[quantity].values, source)
            for source in order_of(quantity)
            for each in by_source[source]
            if quantity in each
        ]
        counts[quantity] = _first(of, evidence.shape)
    values = np.full((*evidence.shape, evidence.contests.width), MISSING, np.int64)
    source = np.full(evidence.shape, -1, np.int64)
    for each, name in _votes_of(evidence):
        here = (source < 0) & (each >= 0).any(axis=-1)
        values[here], source[here] = each[here], SOURCES.index(name)
    return SealedFigures(counts, values, source)


def _counts_of(evidence: LinedEvidence) -> dict[str, Sequence[Mapping[str, Figures]]]:
    """The counts of every source, by quantity; of published results those of each file."""
    found = {source: counts_of(evidence, kind) for source, kind in SOURCE_KINDS.items()}
    if (day := evidence.once(whole_day)) is not None:
        found[MACHINE] = [{**counts, Quantity.VOTES_FOUND: day} for counts in found[MACHINE]]
    return found


def _votes_of(evidence: LinedEvidence) -> list[tuple[Ints, str]]:
    """The votes of all choices by every source, in the order in which they are taken."""
    width = evidence.contests.width
    found = [] if evidence.votes is None else [(evidence.votes.values, PV)]
    if evidence.machines is not None:
        there = np.arange(width) < evidence.contests.sizes()[..., None]
        tallies = evidence.machines.tallies[..., :width]
        if tallies.shape[-1] == width:
            found.append((np.where(there & (evidence.machines.parts > 0)[..., None], tallies, MISSING), MACHINE))
    return [*found, *((lines.votes.values, PUBLISHED) for lines in evidence.published)]


def _first(of: Sequence[tuple[Ints, str]], shape: tuple[int, int]) -> tuple[Ints, Ints]:
    values, source = np.full(shape, MISSING, np.int64), np.full(shape, -1, np.int64)
    for each, name in of:
        here = (source < 0) & (each >= 0)
        values, source = np.where(here, each, values), np.where(here, SOURCES.index(name), source)
    return values, source


EXPORT, IMAGE = "export", "urn"
"""Kinds of documents whose digest is in a leaf."""
_ENDINGS = frozenset((".csv", ".gz", ".zip", ".xlsx", ".xls", ".ods", ".txt", ".json", ".xml", ".parquet", ".tsv"))


@dataclass(frozen=True, slots=True)
class Sealable:
    """Content of some evidence that can be sealed.

    Attributes:
        leaves: one for each bureau and poll with figures.
        inputs: the files that they were made from.
        empty: bureaux of the list of which there are no figures.
    """

    leaves: list[Leaf]
    inputs: tuple[SealedInput, ...]
    empty: int = 0


def of_results(path: Path) -> Sealable | None:
    """Collect it from one file of published results by bureau; None if reading the file is not enough.

    Raises:
        InputError: it cannot be read.
    """
    if path.is_dir() or tables_of([path]):
        return None
    file = open_evidence(path)
    try:
        tables = [each for each in parse_all(file) if each.level is Level.BUREAU]
    except UnknownLayout:
        return None
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
    figures, election, digests = sealed_figures(evidence), _election(evidence, given), _digests(evidence)
    present = figures.present
    leaves = [
        _leaf(evidence, figures, (unit, poll), election, digests.get((unit, poll), {}))
        for unit, poll in np.argwhere(present).tolist()
    ]
    inputs = tuple(
        SealedInput(each.path, each.sha256)
        for each in evidence.inputs
        if each.sha256 is not None and each.kind != OURS and each.used is not Used.NONE
    )
    return Sealable(leaves, inputs, int(np.count_nonzero(~present.any(axis=1))))


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
    known = {name: each for name, each in figures.counts.items() if each[1][at] >= 0}
    sources = {str(name): SOURCES[int(source[at])] for name, (_, source) in known.items()}
    votes: tuple[LeafVotes, ...] = ()
    if figures.votes_source[at] >= 0:
        sources["votes"] = SOURCES[int(figures.votes_source[at])]
        votes = _votes(evidence, figures.votes[at], at)
    universe = evidence.universe
    counts = {str(name): int(values[at]) for name, (values, _) in known.items()}
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
    files: dict[tuple[str, str], set[tuple[int, int]]] = {}
    if (exports := evidence.exports) is not None:
        for record in np.flatnonzero(exports.used).tolist():
            name = exports.names[int(exports.reading.file[record])]
            files.setdefault((EXPORT, name), set()).add(exports.at(record))
    if (urns := evidence.urns) is not None:
        for image in np.flatnonzero(urns.used).tolist():
            of = files.setdefault((IMAGE, urns.place(image)), set())
            of.update((int(urns.unit[image]), poll) for poll in range(len(evidence.polls)))
    found: dict[tuple[int, int], dict[str, str]] = {}
    for (kind, name), places in sorted(files.items()):
        if name in sha256 and len({unit for unit, _ in places}) == 1:
            for place in places:
                here = found.setdefault(place, {})
                parts = sum(each.partition("-")[0] == kind for each in here)
                here[kind if not parts else f"{kind}-{parts + 1}"] = sha256[name]
    return found
