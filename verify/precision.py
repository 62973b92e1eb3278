"""The precision study: how often votes found and signatures differ, in which direction and by how much, by place.

The tables of the French studies of 2007 and 2008, for whatever has both counts of the same bureaux: nights, PVs, the
feeds of cities. A gap says that two counts differ, not why: signatures are counted by hand. Gaps that slips of the pen
make are none of theirs: cases put them right, or the bureau is set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg
from verify.audit import run
from verify.cases.corrections import by_piece, correct
from verify.columns.counts import both_counts
from verify.columns.screened import on_machines, screened
from verify.loading import Progress, load
from verify.model.cases import Sure
from verify.model.evidence import LinedEvidence, Sources
from verify.model.figures import Bools, Ints, Texts
from verify.model.thresholds import ENOUGH_VOTES, MACHINE_NULLS
from verify.model.universe import MACHINE, PAPER, UNKNOWN
from verify.model.use import Input, NothingReadable
from verify.statistics.distributions import clopper_pearson
from verify.statistics.within_commune import RateDifference, difference

PARIS = "75056"
"""Its twenty arrondissements count apart: they are larger than most communes."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Bureaux with both counts known, one entry for each bureau and poll; all of shape ``(m,)``.

    Attributes:
        source: index of the file or folder that they came from.
        place: the cluster, a commune by its INSEE code, or an arrondissement of Paris.
        name: of the commune, or empty.
        counting: MACHINE, PAPER or UNKNOWN.
        listed: whether ``counting`` is the official list's; else it was told from the null votes.
        signed, found: signatures and votes found.
    """

    source: Ints
    place: Texts
    name: Texts
    counting: Ints
    listed: Bools
    signed: Ints
    found: Ints

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True, slots=True)
class RateLine:
    """One line of a table: bureaux of one kind, and how many of them have a gap.

    Attributes:
        label: a source, a place, or empty for all.
        name: of the place.
        counting: MACHINE, PAPER or UNKNOWN.
        bureaux: with both counts.
        gaps: of them with a gap; ``more`` with more votes than signatures, ``fewer`` with fewer.
        one, two, larger: with a gap of one vote, of two, of three or more.
        above_3, above_4: with a gap above 3 and 4 per 1,000 of the votes found.
        votes_more, votes_fewer: sums of the gaps, in votes, never netted.
    """

    label: str
    name: str
    counting: int
    bureaux: int
    gaps: int
    more: int
    fewer: int
    one: int
    two: int
    larger: int
    above_3: int
    above_4: int
    votes_more: int
    votes_fewer: int

    def interval(self, count: int) -> tuple[Fraction, Fraction]:
        """The exact 95 % interval for the share of ``count`` among the bureaux."""
        return clopper_pearson(count, self.bureaux)


@dataclass(frozen=True, slots=True)
class Study:
    """The whole study.

    Attributes:
        inputs: every file that was read.
        left_out: bureaux and polls with only one count, or none.
        by_kind: a line for each way of counting that occurs.
        by_source, by_place: the same for each file or folder, and for each commune, in the order of their names.
        difference: share of machine bureaux with a gap less that of paper bureaux; None where there is only one kind.
        from_figures: bureaux whose way of counting was inferred from their null votes.
        corrected, set_aside: by the name of a case's cause, bureaux and polls whose counts were put right, as the case
            is certain, and those that are left out, as it is only likely.
    """

    inputs: tuple[Input, ...]
    left_out: int
    by_kind: tuple[RateLine, ...]
    by_source: tuple[RateLine, ...]
    by_place: tuple[RateLine, ...]
    difference: RateDifference | None
    from_figures: int
    corrected: Mapping[str, int] = field(default_factory=dict)
    set_aside: Mapping[str, int] = field(default_factory=dict)


def study(paths: Sequence[Path], progress: Progress | None = None, *, as_it_stands: bool = False) -> Study:
    """Read nights, PVs and feeds and make the tables.

    Args:
        paths: what to read; each counts as a source of its own.
        progress: called with the name of a step and how many paths are done.
        as_it_stands: whether to take all figures as they are, slips of the pen included.

    Raises:
        NothingReadable: a path holds no bureau with both counts.
    """
    parts: list[Observations] = []
    inputs: list[Input] = []
    left_out = 0
    put_right, aside = Counter[str](), Counter[str]()
    for index, path in enumerate(paths):
        if progress is not None:
            progress("reading", index)
        evidence = _load(path)
        inputs += evidence.inputs
        without: Bools | None = None
        if not as_it_stands:
            evidence, without = _without_slips(evidence, put_right, aside)
        part, lacking = observations(evidence, index, without)
        left_out += lacking
        parts.append(part)
    made = tables(_joined(parts), [str(path) for path in paths], tuple(inputs), left_out)
    return replace(made, corrected=dict(put_right), set_aside=dict(aside))


def _without_slips(
    evidence: LinedEvidence, put_right: Counter[str], aside: Counter[str]
) -> tuple[LinedEvidence, Bools]:
    """The evidence with the corrections of certain cases, and where likely ones would change a count of voters.

    Counts the bureaux and polls in which they do, by cause.
    """
    cases = run(evidence).cases
    certain = correct(evidence, cases.corrections(Sure.CERTAIN))
    likely = correct(certain, cases.corrections(Sure.LIKELY))
    before, after, doubtful = (_counts_of_voters(each) for each in (evidence, certain, likely))
    changed, uncertain = (
        np.asarray(np.logical_or(*(one != other for one, other in zip(ours, theirs, strict=True))), np.bool_)
        for ours, theirs in ((before, after), (after, doubtful))
    )
    for sure, mask, count in ((Sure.CERTAIN, changed & ~uncertain, put_right), (Sure.LIKELY, uncertain, aside)):
        for name, corrections in cases.corrections_by_cause(sure).items():
            here = np.zeros(evidence.shape, np.bool_)
            for fields in by_piece(evidence, corrections).values():
                for field_, cells in fields.items():
                    if field_ in (Quantity.SIGNATURES, Quantity.VOTES_FOUND):
                        here[cells.at] = True
            number = int((here & mask).sum())
            if number:
                count[name] += number
            mask = mask & ~here
    return certain, uncertain


def _counts_of_voters(evidence: LinedEvidence) -> tuple[Ints, Ints]:
    """Signatures and votes found of the bureaux that have both, -1 for others; shape ``(units, polls)``."""
    signed, found = np.full(evidence.shape, -1, np.int64), np.full(evidence.shape, -1, np.int64)
    for signatures, votes in both_counts(evidence):
        take = (signed < 0) & signatures.known & votes.known
        signed[take], found[take] = signatures.values[take], votes.values[take]
    return signed, found


def _load(path: Path) -> LinedEvidence:
    """A night, or one file: as PVs, the readers of which know published results too, so that it is read once."""
    try:
        evidence = load(Sources(folder=path) if path.is_dir() else Sources(records=(path,)))
        problems = evidence.problems
    except NothingReadable as error:
        evidence, problems = None, list(error.problems)
    if evidence is None or not any((signed.known & found.known).any() for signed, found in both_counts(evidence)):
        raise NothingReadable(msg("{path}: no bureau with both votes found and signatures", path=path), problems[:1])
    return evidence


def observations(evidence: LinedEvidence, source: int = 0, without: Bools | None = None) -> tuple[Observations, int]:
    """The bureaux of the evidence that have both counts, each once, and how many do not.

    Args:
        evidence: a night, or a file.
        source: its number.
        without: bureaux and polls that are set aside, shape ``(units, polls)``.
    """
    signed, found = _counts_of_voters(evidence)
    used = signed >= 0
    lacking = int((~used).sum())
    if without is not None:
        used &= ~without
    unit, _ = np.nonzero(used)
    universe = evidence.universe
    arrondissement = np.strings.add(np.strings.add(universe.insee, " "), universe.bureau.astype("U2"))
    place = np.where(universe.insee == PARIS, arrondissement, universe.insee)
    counting, listed = _counting(evidence)
    return Observations(
        source=np.full(len(unit), source, np.int64),
        place=place[unit],
        name=universe.commune[unit],
        counting=counting[unit],
        listed=listed[unit],
        signed=signed[used],
        found=found[used],
    ), lacking


def _counting(evidence: LinedEvidence) -> tuple[Ints, Bools]:
    """Way of counting of each bureau: by the list, else by its commune's null votes if known and many enough."""
    counts, counting = screened(evidence), evidence.universe.counting
    counting = np.where(on_machines(evidence).any(axis=1), MACHINE, counting)
    number = np.unique(evidence.universe.insee, return_inverse=True)[1]
    known = counts.null.known & counts.found.known & ~counts.annulled
    null = np.bincount(number, np.where(known, counts.null.values, 0).sum(axis=1))[number]
    votes = np.bincount(number, np.where(known, counts.found.values, 0).sum(axis=1))[number]
    told = np.where(votes < ENOUGH_VOTES, UNKNOWN, np.where(null * 1000 < MACHINE_NULLS * votes, MACHINE, PAPER))
    listed = counting != UNKNOWN
    return np.where(listed, counting, told).astype(np.int64), listed


def _joined(parts: Sequence[Observations]) -> Observations:
    def column(name: str) -> Ints:
        return np.concatenate([getattr(part, name) for part in parts])

    names = ("source", "place", "name", "counting", "listed", "signed", "found")
    return Observations(**{name: column(name) for name in names})  # type: ignore[arg-type]


def tables(seen: Observations, sources: Sequence[str], inputs: tuple[Input, ...] = (), left_out: int = 0) -> Study:
    """The tables from observations; ``sources`` are the names of their sources."""
    gap = seen.found - seen.signed
    places, place = np.unique(seen.place, return_inverse=True)
    names = dict(zip(seen.place.tolist(), seen.name.tolist(), strict=True))
    kinds = [kind for kind in (MACHINE, PAPER, UNKNOWN) if (seen.counting == kind).any()]

    def lines(key: Ints, labels: Sequence[str]) -> tuple[RateLine, ...]:
        return tuple(
            _line(label, names.get(label, ""), kind, gap[here], seen.found[here])
            for number, label in enumerate(labels)
            for kind in kinds
            if (here := (key == number) & (seen.counting == kind)).any()
        )

    clusters, cluster = np.unique(place * 3 + seen.counting, return_inverse=True)
    bureaux = np.bincount(cluster).astype(np.int64)
    gaps = np.bincount(cluster[gap != 0], minlength=len(clusters)).astype(np.int64)
    both = clusters % 3 != UNKNOWN
    return Study(
        inputs=inputs,
        left_out=left_out,
        by_kind=lines(np.zeros(len(seen), np.int64), [""]),
        by_source=lines(seen.source, sources),
        by_place=lines(np.asarray(place, np.int64), places.tolist()),
        difference=difference(gaps[both], bureaux[both], clusters[both] // 3, clusters[both] % 3 == MACHINE),
        from_figures=int((~seen.listed & (seen.counting != UNKNOWN)).sum()),
    )


def _line(label: str, name: str, kind: int, gap: Ints, found: Ints) -> RateLine:
    size = np.abs(gap)
    return RateLine(
        label=label,
        name=name,
        counting=kind,
        bureaux=len(gap),
        gaps=int((gap != 0).sum()),
        more=int((gap > 0).sum()),
        fewer=int((gap < 0).sum()),
        one=int((size == 1).sum()),
        two=int((size == 2).sum()),
        larger=int((size >= 3).sum()),
        above_3=int((size * 1000 > 3 * found).sum()),
        above_4=int((size * 1000 > 4 * found).sum()),
        votes_more=int(gap[gap > 0].sum()),
        votes_fewer=int(-gap[gap < 0].sum()),
    )
