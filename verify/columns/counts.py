"""The two counts of voters, signatures and votes found, and the registered voters: of each bureau the best there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from verify.columns.day_parts import apart, paper_part
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Bools, Figures, Ints, absent, first_known
from verify.model.universe import MACHINE, UNKNOWN


def counts_of(evidence: LinedEvidence, kind: EvidenceKind) -> Sequence[Mapping[str, Figures]]:
    """The counts of every piece of a kind of evidence, by quantity."""
    if kind is EvidenceKind.PUBLISHED:
        return [lines.counted.figures for lines in evidence.published]
    if kind is EvidenceKind.UNIVERSE:
        return [{Quantity.REGISTERED: evidence.once(listed_voters)}]
    if kind is EvidenceKind.EXPORTS:
        machines = evidence.machines
        counted = () if machines is None else (machines.registered, machines.cast, machines.blank)
        return [{each.name: each for each in counted}]
    tables = {
        EvidenceKind.RECORDS: evidence.records,
        EvidenceKind.SIGNATURES: evidence.signatures,
        EvidenceKind.TABULATION: evidence.tabulation,
    }
    table = tables[kind]
    return [] if table is None else [table.figures]


def stated(evidence: LinedEvidence, quantity: Quantity, *kinds: EvidenceKind) -> Iterator[Figures]:
    """A count by each piece of some kinds of evidence, in their order; each is looked at when it is asked for."""
    return (counts[quantity] for kind in kinds for counts in counts_of(evidence, kind) if quantity in counts)


def signatures(evidence: LinedEvidence) -> Figures | None:
    """Signatures of every bureau: by the sign-in lists, else as the PVs state them, else as they were published."""
    return first_known(chain(_counted_signatures(evidence), (signed for signed, _ in published_counts(evidence))))


def counted_signatures(evidence: LinedEvidence) -> Figures | None:
    """The same without those that were published."""
    return first_known(_counted_signatures(evidence))


def _counted_signatures(evidence: LinedEvidence) -> Iterator[Figures | None]:
    """By each source, which is looked at when it is asked for."""
    if evidence.signatures is not None:
        yield evidence.signatures["signatures"]
    yield _in_its_column(evidence, "signatures")


def votes_found(evidence: LinedEvidence) -> Figures | None:
    """Votes of every bureau: the machines' where their counts are there, else those found by the PV.

    Of a day in parts that do not make up the PV, or of which one is another, only by the PV. Where there is neither,
    those published: « votants » are the votes found.
    """
    return first_known(_votes_found(evidence))


def _votes_found(evidence: LinedEvidence) -> Iterator[Figures | None]:
    """By each source, which is looked at when it is asked for."""
    counted = evidence.once(whole_day)
    if counted is not None:
        yield Figures(counted.name, np.where(apart(evidence), MISSING, counted.values), counted.places)
    yield _in_its_column(evidence, "votes_found")
    yield from (votes for _, votes in published_counts(evidence))  # of one edition with the signatures beside them
    yield from (lines.counted["votes_found"] for lines in evidence.published)


def published_counts(evidence: LinedEvidence) -> Iterator[tuple[Figures, Figures]]:
    """Signatures and votes found of each published file that has both, MISSING where it has not both of a bureau."""
    for lines in evidence.published:
        counts = lines.counted["signatures"], lines.counted["votes_found"]
        both = counts[0].known & counts[1].known
        if both.any():
            signed, votes = (Figures(each.name, np.where(both, each.values, MISSING), each.places) for each in counts)
            yield signed, votes


def _in_its_column(evidence: LinedEvidence, name: str) -> Figures | None:
    """A count of the PVs, MISSING where the PV's counts stand one column off."""
    if evidence.records is None or evidence.shifted is None:
        return None
    figures = evidence.records[name]
    if not evidence.shifted.any():
        return figures
    return Figures(figures.name, np.where(evidence.shifted == 0, figures.values, MISSING), figures.places)


def whole_day(evidence: LinedEvidence) -> Figures | None:
    """The machines' votes and those that the PV says were on paper beside them: a sum where there are several."""
    if evidence.machines is None:
        return None
    cast, paper = evidence.machines.cast, evidence.once(paper_part)
    several = (paper > 0) | (evidence.machines.parts > 1)
    values = np.where(cast.known, cast.values + paper, cast.values)
    places = cast.places.or_else(~several, cast.places.summed()) if several.any() else cast.places
    return Figures(cast.name, values, places)


def gap(evidence: LinedEvidence) -> Figures | None:
    """Votes found less signatures, 0 where not both are known."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    if signed is None or found is None:
        return None
    return Figures("gap", np.where(signed.known & found.known, found.values - signed.values, 0), found.places)


def listed_voters(evidence: LinedEvidence) -> Figures:
    """Registered voters of every bureau by the list of bureaux."""
    universe = evidence.universe
    values = np.broadcast_to(universe.registered[:, None], evidence.shape)
    return Figures("registered", values, universe.places(len(evidence.polls)))


def registered(evidence: LinedEvidence) -> Figures:
    """Registered voters of every bureau, as the list that the signatures are on has them, else PV or official list."""
    kinds = EvidenceKind.SIGNATURES, EvidenceKind.RECORDS, EvidenceKind.UNIVERSE
    return reduce(Figures.or_else, stated(evidence, Quantity.REGISTERED, *kinds))


def compared_registered(evidence: LinedEvidence) -> Figures:
    """Registered voters that other sources are compared with: of the official list, else of the first that has them."""
    others = evidence.once(other_registered)
    if evidence.universe.official or not others:
        return evidence.once(listed_voters)
    return reduce(Figures.or_else, others)


def other_registered(evidence: LinedEvidence) -> list[Figures]:
    """Registered voters by each source but the official list; the centralising record copies the PVs where they are."""
    copied = EvidenceKind.TABULATION if evidence.records is None else EvidenceKind.RECORDS
    kinds = EvidenceKind.SIGNATURES, copied, EvidenceKind.EXPORTS, EvidenceKind.PUBLISHED
    return list(stated(evidence, Quantity.REGISTERED, *kinds))


def beside_tabulation(evidence: LinedEvidence) -> list[Figures]:
    """Each count that a centralising record copies: by the PVs, else by the first other source that has it.

    Registered voters by the PVs alone: other sources may have those of another date.
    """
    others = EvidenceKind.SIGNATURES, EvidenceKind.PUBLISHED, EvidenceKind.EXPORTS
    kinds = {name: (EvidenceKind.RECORDS, *(() if name is Quantity.REGISTERED else others)) for name in VOTERS}
    found = (first_known(stated(evidence, name, *of)) for name, of in kinds.items())
    return [best for best in found if best is not None]


def proxies(evidence: LinedEvidence) -> list[Figures]:
    """Proxies of every bureau, by the PVs and by each published file that has them."""
    return list(stated(evidence, Quantity.PROXIES, EvidenceKind.RECORDS, EvidenceKind.PUBLISHED))


def counts_of_the_day(evidence: LinedEvidence) -> tuple[Figures, Figures] | None:
    """Signatures and votes found, None where not both are there or the signatures were made from the votes."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    rehearsed = evidence.election is not None and evidence.election.rehearsed
    return None if rehearsed or signed is None or found is None else (signed, found)


def of_documents(evidence: LinedEvidence) -> tuple[Figures, Figures] | None:
    """Signatures and votes found of PVs or results; None where a sign-in list or a machine gives one of them."""
    alone = evidence.signatures is None and evidence.machines is None
    return evidence.once(counts_of_the_day) if alone else None


def all_counts(evidence: LinedEvidence) -> list[Figures]:
    """The counts of voters that there are: signatures, votes found, or both."""
    both = evidence.once(signatures), evidence.once(votes_found)
    return [each for each in both if each is not None]


def both_counts(evidence: LinedEvidence) -> list[tuple[Figures, Figures]]:
    """Signatures and votes found of the same bureaux: those that are compared, and those of each file that has both."""
    signed, found = evidence.once(signatures), evidence.once(votes_found)
    pairs = [] if signed is None or found is None else [(signed, found)]
    for stated, votes in published_counts(evidence):
        rest = stated
        if found is not None:  # not those that are among the first pair already
            file = votes.places.files[0]
            of_file = np.array([name == file for name in (*found.places.files, "")], np.bool_)[found.places.file]
            here = found.known & of_file & (signed.known if signed is not None else False)
            rest = Figures(stated.name, np.where(here, MISSING, stated.values), stated.places)
        if rest.known.any():
            pairs.append((rest, votes))
    return pairs


def recorded(evidence: LinedEvidence) -> Bools:
    """Find bureaux with a PV; shape ``(units, polls)``."""
    return np.zeros(evidence.shape, np.bool_) if evidence.records is None else evidence.records.present


def mentioned(evidence: LinedEvidence) -> Bools:
    """Find PVs that mention a gap; shape ``(units, polls)``."""
    records = evidence.records
    return np.zeros(evidence.shape, np.bool_) if records is None else records.present & records.mentioned


def all_by_machine(evidence: LinedEvidence) -> Bools:
    """Find bureaux with all votes on a machine, by the list, else by a machine's count; ``(units, polls)``."""
    counting = np.broadcast_to(evidence.universe.counting[:, None], evidence.shape)
    machines = counting == MACHINE
    if evidence.machines is not None:
        machines = machines | ((counting == UNKNOWN) & evidence.machines.cast.known)
    return np.asarray(machines & (evidence.once(paper_part) == 0), np.bool_)


def machine_gap(evidence: LinedEvidence) -> Ints:
    """By how much signatures and the machines' votes differ, MISSING where not both are known; ``(units, polls)``."""
    signed = evidence.once(signatures)
    if signed is None or evidence.machines is None:
        return absent(evidence.shape)
    cast = evidence.machines.cast
    return np.where(signed.known & cast.known, np.abs(signed.values - cast.values), MISSING)


def booked_as_null(evidence: LinedEvidence) -> Bools:
    """Find PVs whose null votes equal the votes found that the machine lacks; shape ``(units, polls)``."""
    if evidence.records is None or evidence.machines is None:
        return np.zeros(evidence.shape, np.bool_)
    null, found, cast = evidence.records["null"], evidence.records["votes_found"], evidence.machines.cast
    return np.asarray(found.known & cast.known & (null.values == found.values - cast.values), np.bool_)
