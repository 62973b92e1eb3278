"""The published table of what was measured: docs/studies/outside.md."""

import subprocess
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from tests.outside.engine import offer
from tests.outside.faults import KINDS
from tests.outside.measure import Rivals, measure_alone, measure_mixed
from tests.outside.nights import SETS
from tests.outside.real_files import Rearranged, provisional_edition, rearrange
from tests.outside.real_slips import Named, measure_slips, offer_fewest, read_slips
from tests.outside.scoring import Score
from verify.statistics.distributions import clopper_pearson

LABELS = {
    "all": "all evidence",
    "papers": "PVs, votes by choice, sign-ins, published",
    "usual": "PVs, sign-ins, published",
}
REARRANGED = 20
"""Runs of rows that are rearranged."""


@dataclass(slots=True)
class OfSet:
    """Everything measured with one set of evidence; ``by_kind`` is ``alone`` taken apart."""

    alone: Score = field(default_factory=Score)
    by_kind: dict[str, Score] = field(default_factory=dict)
    rivals: Rivals = field(default_factory=Rivals)
    harmonised: Score = field(default_factory=Score)
    mixed: Score = field(default_factory=Score)
    bureaux: int = 0


@dataclass(slots=True)
class Measured:
    """Everything that the table shows."""

    nights: int
    sets: Mapping[str, OfSet]
    slips: Mapping[str, Mapping[str, Named]]
    rearranged: Sequence[Rearranged]
    edition: tuple[int, int, int]


def measure(data: Path, seed: int, nights: int) -> Measured:
    """Measure all that the table shows: each kind in so many nights, a process for each set of evidence."""
    with ProcessPoolExecutor(len(SETS), mp_context=get_context("spawn")) as pool:
        sets = {given: pool.submit(_of_set, data, seed, nights, given) for given in SETS}
        slips = read_slips(data)
        named = {"CP-SAT's fewest cells": measure_slips(slips, offer_fewest), "regard": measure_slips(slips, offer)}
        rearranged = [rearrange(data, seed, number) for number in range(REARRANGED)]
        of, known, new = provisional_edition(data, seed)
        result = {given: each.result() for given, each in sets.items()}
    return Measured(nights, result, named, rearranged, (of, len(known), len(new)))


def _of_set(data: Path, seed: int, nights: int, given: str) -> OfSet:
    result = OfSet()
    for kind in KINDS:
        own = result.by_kind[kind.name] = Score()
        for index in range(nights):
            found, simple = measure_alone(data, seed, kind, index, given)
            own.add(found)
            result.rivals.add(simple)
        result.alone.add(own)
        for index in range(max(nights // 2, 1)):
            found, _ = measure_alone(data, seed, kind, index, given, harmonised=True, solved=False)
            result.harmonised.add(found)
    for number in range(max(nights // 2, 1)):
        found, bureaux = measure_mixed(data, seed, number, given)
        result.mixed.add(found)
        result.bureaux += bureaux
    return result


def show_share(part: int, of: int) -> str:
    """Show a share with its exact 95 % interval."""
    if not of:
        return "none"
    low, high = clopper_pearson(part, of)
    return f"{part:,} of {of:,} ({100 * part / of:.0f} %; {100 * float(low):.0f} to {100 * float(high):.0f})"


def write(path: Path, found: Measured, seed: int) -> None:
    """Write the table."""
    path.write_text("\n".join(_lines(found, seed)) + "\n", encoding="utf-8")


def _lines(found: Measured, seed: int) -> Iterator[str]:
    commit = subprocess.run(["git", "log", "-1", "--format=%cs"], capture_output=True, text=True, check=True)
    bureaux = next(iter(found.sets.values())).bureaux
    yield "# Cases measured from outside"
    yield from _paragraph(
        "How right the cases of `regard verify` are on faults that no simulator of regard makes. Written by",
        f"`python -m tests.outside --seed {seed} --count {found.nights} --write docs/studies/outside.md`; it is what",
        f"the code of {commit.stdout.strip()} does, good or bad.",
    )
    yield from _paragraph(
        "Nights are made of real figures: the presidential election of 2017 by bureau, machine bureaux among them,",
        f"and Paris with both counts of voters. {len(KINDS)} kinds of faults are put into their papers as they happen",
        "in life, by code that shares nothing with regard; the truth is kept cell by cell. Each kind stands alone in",
        f"{found.nights} nights of three communes, then in nights whose copies were made from the wrong paper, and",
        f"among others in {bureaux:,} bureaux with ordinary gaps. Cases are read from the JSON of `regard verify`.",
    )
    yield from _paragraph(
        "*Determinable* is said before the run by a program that counts acts and knows neither rates nor regard: no",
        "other truth gives the same papers with as many acts, and it is not the sign-in list alone against a count",
        "that agrees with itself. Of the others, *left open* counts those that are open with the right figures named",
        "(as far as a paper has them), or exact; none of them with a wrong correction. Intervals are Clopper and",
        "Pearson's, 95 %.",
    )
    for title, scores in (
        ("One fault a night", [each.alone for each in found.sets.values()]),
        (f"Many faults among {bureaux:,} bureaux", [each.mixed for each in found.sets.values()]),
        ("Copies made from the wrong paper", [each.harmonised for each in found.sets.values()]),
    ):
        yield ""
        yield f"## {title}"
        yield ""
        yield f"| | {' | '.join(LABELS[given] for given in found.sets)} |"
        yield f"| --- |{' --- |' * len(scores)}"
        for label, cells in _rows(scores):
            yield f"| {label} | {' | '.join(cells)} |"
        if title.startswith("One"):
            simple = [each.rivals for each in found.sets.values()]
            yield f"| a majority vote: exact | {' | '.join(show_share(each.vote, each.told) for each in simple)} |"
            yield f"| CP-SAT's fewest cells: exact | {' | '.join(show_share(r.cells, r.told) for r in simple)} |"
    yield from _kinds(found)
    yield from _real(found)


def _rows(scores: Sequence[Score]) -> Iterator[tuple[str, list[str]]]:
    narrow = [(each.cases - each.wide_cases, each.told - each.wide_told) for each in scores]
    yield "faults; told", [f"{each.faults}; {each.told}" for each in scores]
    yield "cases a told fault in one bureau", [f"{cases / max(told, 1):.2f}" for cases, told in narrow]
    yield "… in a run of rows or a commune", [f"{each.wide_cases / max(each.wide_told, 1):.2f}" for each in scores]
    yield "right cause", [show_share(each.right, each.told) for each in scores]
    yield "exactly the true corrections", [show_share(each.exact, each.told) for each in scores]
    yield "determinable: exact", [show_share(each.determined, each.determinable) for each in scores]
    yield "others: left open", [show_share(each.left, each.undecided) for each in scores]
    yield "certain and wrong", [str(each.certain_wrong) for each in scores]
    yield "likely cases right", [show_share(each.likely_right, each.likely) for each in scores]
    yield "cases of innocent bureaux", [str(each.innocent) for each in scores]


def _kinds(found: Measured) -> Iterator[str]:
    yield ""
    yield "## Kind by kind, one fault a night"
    yield ""
    yield "Of the told: right cause / exact / determinable; a dash where nothing is told."
    yield ""
    yield f"| kind | {' | '.join(LABELS[given] for given in found.sets)} |"
    yield f"| --- |{' --- |' * len(found.sets)}"
    for kind in KINDS:
        cells = []
        for each in found.sets.values():
            own = each.by_kind[kind.name]
            wrong = f", certain and wrong {own.certain_wrong}" if own.certain_wrong else ""
            told = f"{own.told}: {own.right} / {own.exact} / {own.determinable}{wrong}"
            cells.append(told if own.told else "–")
        yield f"| {kind.name} | {' | '.join(cells)} |"


def _real(found: Measured) -> Iterator[str]:
    of, named, cases = found.edition
    whole = sum(each.is_whole for each in found.rearranged)
    yield ""
    yield "## Real files"
    yield from _paragraph(
        "Runs of 5 to 20 rows rearranged in the sign-in counts of Paris, ordinary gaps kept: one case with every",
        f"figure restored and nothing else said in {whole} of {len(found.rearranged)}.",
    )
    yield ""
    for each in found.rearranged:
        if not each.is_whole:
            yield (
                f"- {each.name}: {each.cases} cases with corrections, {each.restored} of {len(each.right)} figures "
                f"restored, {each.wrong} wrong, {each.gaps} further cases."
            )
    yield from _paragraph(
        f"A provisional edition, {of} départements without their last votes: {cases} cases, which name {named} of the",
        "départements.",
    )
    yield ""
    yield "## Real slips"
    yield from _paragraph(
        "Slips that people found in published results of several countries, with the identities of their records as",
        "data. How often every right figure is among those named for its cell, how often the sure corrections are",
        "the right ones and no others, and how often one is not. CP-SAT changes the fewest cells after which the",
        "identities hold (up to 40 sets are readings; one alone is sure); regard's engine is asked about each broken",
        "identity.",
    )
    yield ""
    yield "| | the record tells | slips | an identity is broken | all named | exact | wrong | certain and wrong |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for program, kinds in found.slips.items():
        for kind, own in kinds.items():
            counts = (own.slips, own.seen, own.named, own.exact, own.wrong, own.certain_wrong)
            yield f"| {program} | {kind} | {' | '.join(map(str, counts))} |"


def _paragraph(*parts: str) -> Iterator[str]:
    yield ""
    yield textwrap.fill(" ".join(parts), 112, break_long_words=False, break_on_hyphens=False)
