"""The two counts of voters, signatures and votes found, and the registered voters: of each bureau the best there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from verify.columns.day_parts import apart, paper_part
from verify.model.evidence import Evidence
from verify.model.figures import MISSING, Figures, Ints


def signatures(evidence: Evidence) -> Figures | None:
    """Signatures of every bureau: by the sign-in lists, else as the PVs state them, else as they were published."""
    published = [signed for signed, _ in published_counts(evidence)]
    return _first_known([counted_signatures(evidence), *published])


def counted_signatures(evidence: Evidence) -> Figures | None:
    """The same without those that were published."""
    listed = None if evidence.signatures is None else evidence.signatures["signatures"]
    return _first_known([listed, _in_its_column(evidence, "signatures")])


def votes_found(evidence: Evidence) -> Figures | None:
    """Votes of every bureau: the machines' where their counts are there, else those found by the PV.

    Of a day in parts that do not make up the PV (C112), or of which one is another (C124), only by the PV. Where there
    is neither, those of a published file that has the signatures of the bureau as well.
    """
    counted = None if evidence.machines is None else with_paper(evidence, evidence.machines.cast)
    if counted is not None:
        counted = Figures(counted.name, np.where(apart(evidence), MISSING, counted.values), counted.places)
    published = [found for _, found in published_counts(evidence)]
    return _first_known([counted, _in_its_column(evidence, "votes_found"), *published])


def published_counts(evidence: Evidence) -> list[tuple[Figures, Figures]]:
    """Signatures and votes found of each published file that has both, MISSING where it has not both of a bureau."""
    found = []
    for lines in evidence.published:
        counts = lines.counted["signatures"], lines.counted["votes_found"]
        both = counts[0].known & counts[1].known
        if both.any():
            signed, votes = (Figures(each.name, np.where(both, each.values, MISSING), each.places) for each in counts)
            found.append((signed, votes))
    return found


def _first_known(figures: Sequence[Figures | None]) -> Figures | None:
    """Each figure from the first source that knows it."""
    there = [each for each in figures if each is not None]
    return reduce(Figures.or_else, there) if there else None


def _in_its_column(evidence: Evidence, name: str) -> Figures | None:
    """A count of the PVs, MISSING where the PV's counts stand one column off: R224 tells."""
    if evidence.records is None or evidence.shifted is None:
        return None
    figures = evidence.records[name]
    if not evidence.shifted.any():
        return figures
    return Figures(figures.name, np.where(evidence.shifted == 0, figures.values, MISSING), figures.places)


def with_paper(evidence: Evidence, cast: Figures) -> Figures:
    """The machines' votes and those that the PV says were on paper."""
    return Figures(cast.name, np.where(cast.known, cast.values + paper_part(evidence), cast.values), cast.places)


def registered(evidence: Evidence) -> Figures:
    """Registered voters of every bureau, as the list that the signatures are on has them, else PV or official list."""
    universe = evidence.universe
    values = np.broadcast_to(universe.registered[:, None], evidence.shape)
    official = Figures("registered", values, universe.places(len(evidence.polls)))
    stated = [counted["registered"] for counted in (evidence.signatures, evidence.records) if counted is not None]
    return reduce(Figures.or_else, [*stated, official])


def signatures_of_another(evidence: Evidence) -> Ints:
    """The bureau of the commune whose listed signatures a PV has, -1 for none; shape ``(units, polls)``.

    Only in a ring: each of these bureaux has the count of another of them, so that no chance makes it.
    """
    other = np.full(evidence.shape, -1, np.int64)
    if evidence.records is None or evidence.signatures is None:
        return other
    stated, listed = evidence.records["signatures"], evidence.signatures["signatures"]
    wrong = stated.known & listed.known & (stated.values != listed.values)
    insee = evidence.universe.insee
    for poll in range(len(evidence.polls)):
        units = np.flatnonzero(wrong[:, poll]).tolist()
        having: dict[tuple[str, int], list[int]] = {}
        for unit in units:
            having.setdefault((str(insee[unit]), int(listed.values[unit, poll])), []).append(unit)
        sources = {unit: having.get((str(insee[unit]), int(stated.values[unit, poll])), []) for unit in units}
        single = {unit: found[0] for unit, found in sources.items() if len(found) == 1}
        pending = dict(single)
        while pending:
            ring = [next(iter(pending))]
            while (source := pending.pop(ring[-1], None)) is not None and source != ring[0]:
                ring.append(source)
            if source is not None:
                for unit in ring:
                    other[unit, poll] = single[unit]
    return other


def both_counts(evidence: Evidence) -> Iterator[tuple[Figures, Figures]]:
    """Signatures and votes found of the same bureaux: those that are compared, and those of each file that has both."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if signed is not None and found is not None:
        yield signed, found
    for stated, votes in published_counts(evidence):
        if found is not None:  # not those that are among the first pair already
            file = votes.places.files[0]
            of_file = np.array([name == file for name in (*found.places.files, "")], np.bool_)[found.places.file]
            here = found.known & of_file & (signed.known if signed is not None else False)
            stated = Figures(stated.name, np.where(here, MISSING, stated.values), stated.places)
        if stated.known.any():
            yield stated, votes
