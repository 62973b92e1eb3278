"""`python -m regard.paper_audit.study DATA DOCUMENT`: papers and bureaux that would prove real French results.

DATA holds real results, which are not part of the repository. The document is written anew by hand with this command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from protocol.files import write
from protocol.opening import open_evidence
from protocol.words import ENGLISH
from regard.paper_audit.view import margin_of
from regard.templates import render
from verify.materiality.kinds import Ballot, ElectionKind
from verify.model.figures import Bools, Ints, Texts
from verify.model.published import Published
from verify.paper_audit.contests import MOST, contests, on_paper, parts_of
from verify.paper_audit.plan import PaperPlan, plan
from verify.read.results_files import read_all

_TEMPLATE = Path(__file__).with_name("study.md.j2")
RISK, SLIPS, SEED = Fraction(1, 20), Fraction(1, 1000), 1
_NATIONS = {
    1: "2017-presidentielle-1_par_bureau_large.csv.gz",
    2: "2017-presidentielle-2_par_bureau_large.csv.gz",
}
_TOWNS = (
    ("Brest, legislative 2022", "2022-legislatives-brest-city-t1-circo2.csv", ElectionKind.LEGISLATIVE, None),
    ("Brest, legislative 2022", "2022-legislatives-brest-city-t1-circo3.csv", ElectionKind.LEGISLATIVE, None),
    ("Finistère, legislative 2024", "2024-legislatives-circos-29-02-29-03-t1.csv", ElectionKind.LEGISLATIVE, None),
    ("Paris 15e, municipal 2020", "2020-municipales-t1-paris-15.csv", ElectionKind.MUNICIPAL_LISTS, 18),
    ("Toulouse, départementales 2015", "2015-departementales-t1-toulouse.json", ElectionKind.DEPARTMENTAL, None),
)
_HEAD = (
    "| place | papers to audit | margin | papers compared | bureaux whole | papers alone |\n|---|--:|--:|--:|--:|--:|"
)
_SHOWN = 12


def main() -> None:
    """PaperPlan all of them and write the document."""
    data, document = map(Path, sys.argv[1:])
    write(document, render(_TEMPLATE, lines=[*_lines(data)]).encode(), force=True)


def _lines(data: Path) -> Iterator[str]:
    listed = open_evidence(data / "machine_communes.csv", MOST)
    for number, file in _NATIONS.items():
        [table] = read_all(data / file)
        yield f"## Presidential 2017, round {number}\n\n`{file}`, SHA-256 {table.sha256[:16]}…\n"
        yield from _nation(
            table, Ballot(ElectionKind.PRESIDENTIAL, number), on_paper(listed, table.insee, table.bureau)
        )
    yield f"## Towns and constituencies, first rounds\n\n{_HEAD}"
    for name, file, kind, seats in _TOWNS:
        table = read_all(data / file)[0]
        for each in _plans(table, parts_of(table, kind), Ballot(kind, 1, seats)):
            yield _row(", ".join(filter(None, [name, each.contest.constituency])), each)


def _nation(table: Published, ballot: Ballot, machine: Bools) -> Iterator[str]:
    every = [np.arange(len(table.row))]
    yield _HEAD
    yield _row("France, all on paper", *_plans(table, every, ballot))
    yield _row(
        "France, machine communes on paper, the PVs of others taken as right", *_plans(table, every, ballot, machine)
    )
    area = np.char.add(np.char.add(table.department, "-"), table.constituency)
    places = {
        "machine communes": table.insee,
        "départements with machines": table.department,
        "constituencies with machines": area,
    }
    for title, of in places.items():
        plans = _plans(table, _parts(of, machine), ballot)
        sizes = sorted(map(_papers, plans))
        whole = sum(not each.costs or _bureaux(each) == len(each.contest.batches) for each in plans)
        yield (
            f"\n### {len(plans)} {title}\n\nPapers to compare: {sizes[0]:,} to {sizes[-1]:,}, in half of the places at "
            f"most {sizes[len(sizes) // 2]:,}.\n"
            f"Counting whole bureaux comes to all of them in {whole}. The hardest:\n\n{_HEAD}"
        )
        for each in sorted(plans, key=_papers, reverse=True)[:_SHOWN]:
            contest = each.contest
            yield _row(contest.commune or "-".join(filter(None, [contest.department, contest.constituency])), each)
    yield ""


def _parts(of: Texts, machine: Bools) -> Iterator[Ints]:
    """The rows of every place that has a machine."""
    for place in np.unique(of[machine]).tolist():
        yield np.flatnonzero(of == place)


def _plans(table: Published, parts: Iterable[Ints], ballot: Ballot, kept: Bools | bool = True) -> Sequence[PaperPlan]:
    audited = np.full(len(table.row), kept)
    return [plan(each, ballot, RISK, SLIPS, SEED) for each in contests(table, parts, audited)]


def _papers(of: PaperPlan) -> int:
    """Papers to compare where all agrees; all of them where only a full count is left."""
    return of.costs[0].papers.expected if of.costs else of.audited.cards


def _bureaux(of: PaperPlan) -> int:
    """Bureaux to count whole where all agrees."""
    size = of.costs[0].bureaux
    return len(of.contest.batches) if size is None else size.expected


def _row(name: str, of: PaperPlan) -> str:
    """A contest as a row of a table."""
    hardest = of.assertions[0] if of.assertions else None
    margin = "–" if hardest is None else margin_of(hardest, ENGLISH)
    if of.costs:
        bureaux = f"{_bureaux(of):,} of {len(of.contest.batches):,}"
        sizes = [f"{_papers(of):,}", bureaux, f"{of.costs[0].polled.expected:,}"]
    else:
        sizes = ["nothing" if of.certain else "all"] * 3
    return "| " + " | ".join([name, f"{of.audited.cards:,}", margin, *sizes]) + " |"


if __name__ == "__main__":
    main()
