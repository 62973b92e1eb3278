"""Coverage: what was checked by which rules and what could not be, for the whole evidence and for every bureau."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

import numpy as np

from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.insee import as_written
from verify.columns.counts import votes_found
from verify.columns.machine_votes import panels_unknown
from verify.columns.sources import by_poll, covered, with_votes
from verify.columns.transmission import of_own_communes, wrong_totals
from verify.model.contests import match
from verify.model.evidence import LinedEvidence
from verify.model.figures import Bools, Ints, absent
from verify.model.published import Level, Published
from verify.model.rule_results import Looked
from verify.model.universe import MACHINE, PAPER
from verify.model.use import archive_of
from verify.rulebook.catalogue import Rule, rules

_OTHER_MACHINES = "D"
"""The category of rules on dumps of other machines, which are named only where there are such dumps."""
_Lacks = tuple[tuple[str, tuple[str, ...]], ...]
"""Codes of rules, each with what it lacks."""
_Kinds = frozenset[str]
KINDS = (
    *DUMPS,
    EvidenceKind.SIGNATURES,
    EvidenceKind.RECORDS,
    EvidenceKind.VOTES,
    EvidenceKind.TABULATION,
    EvidenceKind.PUBLISHED,
    EvidenceKind.OTHER_ROUND,
    EvidenceKind.WAY_UP,
)
"""The kinds of evidence that there are of a bureau, as the rules' needs name them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Bureaux that count in the same way and of which there is the same evidence, so that the same rules look at them.

    Attributes:
        counting: ``machine``, ``papier``, or empty where nothing says it.
        bureaux: INSEE code and bureau of each.
        evidence: those of `KINDS` that there are of them, in every poll.
        checked: codes of the rules on bureaux whose evidence is there.
        unchecked: codes of those whose evidence is not, with the kinds that are missing. Rules on machines alone are
            in neither for a bureau without one.
        idle: codes of those whose evidence is there, and that found nothing in it to look at in any of them.
    """

    counting: str
    bureaux: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    checked: tuple[str, ...]
    unchecked: dict[str, tuple[str, ...]]
    idle: tuple[str, ...] = ()

    def lacks(self, kinds: Collection[str]) -> list[str]:
        """Those of some kinds of evidence that there are not of these bureaux, and could be."""
        cannot = DUMPS if self.counting == "papier" else ()
        return [kind for kind in KINDS if kind in kinds and kind not in self.evidence and kind not in cannot]


@dataclass(frozen=True, slots=True)
class VotesAdded:
    """Votes by choice as they stand, the most first, of the bureaux that have a number for each choice.

    ``corrected`` are the same with the certain corrections made, empty where these change none; ``published`` those of
    the same bureaux that the published results have, empty where they lack some.
    """

    bureaux: int
    choices: tuple[tuple[str, int], ...]
    corrected: tuple[tuple[str, int], ...] = ()
    published: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of the night by rules; published results of other elections are no part of it.

    Attributes:
        bureaux, machine, paper: number of bureaux, in all and by way of counting.
        source: the file that the list of bureaux was taken from; ``official`` whether it is the official list.
        kinds: for each kind of evidence, bureaux that have it and out of how many.
        checked: codes of the rules whose evidence was there.
        unchecked: codes of those whose evidence was not, with the kinds that were missing; ``pv: blank`` where there
            are PVs and none of them has that figure.
        failed: codes of rules that could not be applied, or not to everything: I121 says why.
        idle: codes of those whose evidence was there, and that found nothing in it to look at.
        groups: the same for every bureau, the largest group first.
        communes: names of the communes by INSEE code, as far as the list has them, as people write them.
        several_polls: whether the day has several. ``by_poll``: bureaux of kinds that not every poll has alike.
        votes: of the one contest; None of several, and where no bureau has them whole.
    """

    bureaux: int
    machine: int
    paper: int
    source: str
    official: bool
    kinds: dict[str, tuple[int, int]]
    checked: tuple[str, ...]
    unchecked: dict[str, tuple[str, ...]]
    groups: tuple[Group, ...]
    communes: dict[str, str]
    failed: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    several_polls: bool = False
    by_poll: dict[str, dict[int, int]] = field(default_factory=dict)
    votes: VotesAdded | None = None

    def with_less(self) -> list[tuple[Group, list[str]]]:
        """Bureaux of which there is less evidence than of others, with what they lack, those that lack least first."""
        kinds = {kind for group in self.groups for kind in group.evidence}
        lacking_some = ((group, lacks) for group in self.groups if (lacks := group.lacks(kinds)))
        return sorted(lacking_some, key=lambda each: len(each[1]))


def coverage(evidence: LinedEvidence, looks: Sequence[tuple[str, Looked]], failed: Collection[str] = ()) -> Coverage:
    """The coverage of all evidence, and of each bureau; rules that failed were not applied to any of them.

    Args:
        evidence: as it was lined up.
        looks: what rules looked at, each with the code of its rule.
        failed: codes of rules that failed.
    """
    universe, unordered, having = evidence.universe, panels_unknown(evidence), _having(evidence)
    there = _there(evidence, having)
    given = frozenset(kind for kind, is_there in there.items() if is_there)
    concerned = _concerned(evidence.way_up is not None, bool(evidence.dumps), bool(evidence.thresholds.screen_one_in))
    unchecked = dict(_unchecked_of(given, unordered, concerned))
    if evidence.dumps and not len(universe) and not evidence.tables:  # no bureau that other evidence could be of
        concerned = tuple(code for code in concerned if code not in unchecked)
        unchecked = {}
    idle = frozenset(_idle(looks, (code for code in concerned if code not in unchecked)))
    looked = _looked_by_unit(evidence, looks) | dict.fromkeys(idle, np.zeros(len(universe), np.bool_))
    return Coverage(
        bureaux=len(universe),
        machine=int((universe.counting == MACHINE).sum()),
        paper=int((universe.counting == PAPER).sum()),
        source=universe.source,
        official=universe.official,
        kinds={kind: (there, of) for kind, (there, of, _) in evidence.once(covered).items()},
        checked=tuple(code for code in concerned if code not in {*unchecked, *failed, *idle}),
        unchecked=unchecked,
        failed=tuple(code for code in rules() if code in failed),
        idle=tuple(code for code in concerned if code in idle and code not in failed),
        groups=tuple(_groups(evidence, having, there, unordered, concerned, tuple(failed), looked)),
        communes={insee: as_written(name) for insee, name in universe.commune_names().items()},
        several_polls=len(evidence.polls) > 1,
        by_poll=by_poll(evidence),
        votes=add_votes(evidence),
    )


def add_votes(evidence: LinedEvidence) -> VotesAdded | None:
    """Add up the votes by choice, where all bureaux have the same choices."""
    whole = bureaux_with_votes(evidence)
    if not whole.any():
        return None
    choices = evidence.contests.contests[0].choices
    communes = sorted(set(evidence.universe.insee[whole].tolist()))
    of_results = [lines.votes.values[whole, 0, : len(choices)] for lines in evidence.published]
    of_results += _of_totals(evidence, choices, communes)
    published = next((each for each in of_results if len(each) and (each >= 0).all()), None)
    return VotesAdded(
        int(whole.sum()),
        votes_of(evidence, whole),
        published=() if published is None else _sum_up(choices, published),
    )


def bureaux_with_votes(evidence: LinedEvidence) -> Bools:
    """Select the bureaux that have all votes by choice, where all bureaux have the same choices; else none."""
    votes, contests = evidence.votes, evidence.contests.contests
    if votes is None or len(contests) != 1 or len(contests[0].choices) < 2:
        return np.zeros(len(evidence.universe), np.bool_)
    return np.asarray((votes.values[:, 0, : len(contests[0].choices)] >= 0).all(axis=1), np.bool_)


def votes_of(evidence: LinedEvidence, some: Bools) -> tuple[tuple[str, int], ...]:
    """The votes for each choice in some bureaux, the most first."""
    votes, choices = evidence.votes, evidence.contests.contests[0].choices
    return () if votes is None else _sum_up(choices, votes.values[some, 0, : len(choices)])


def _of_totals(evidence: LinedEvidence, choices: Sequence[str], communes: Sequence[str]) -> list[Ints]:
    """The published votes of some communes in each file that has no further bureaux of them."""
    totals = evidence.once(wrong_totals)
    wider = set() if totals is None else {(each.table.file, each.insee) for each in totals.open}
    return [
        _of_communes(table, choices, communes)
        for table in evidence.once(of_own_communes)
        if wider.isdisjoint((table.file, insee) for insee in communes)
    ]


def _of_communes(table: Published, choices: Sequence[str], communes: Sequence[str]) -> Ints:
    """The published votes of some communes, shape ``(communes, choices)``; no row where a table is not just of them."""
    meant = match(table.labels, choices)
    of_them = table.level is Level.COMMUNE and sorted(table.insee.tolist()) == communes
    of_each = len(meant) == len(choices) and set(meant) == set(range(len(choices)))
    found = absent((len(communes) if of_them and of_each else 0, len(choices)))
    if not len(found):
        return found
    found[table.vote_unit, np.array(meant)[table.vote_label]] = table.votes
    return found


def _sum_up(choices: Sequence[str], cells: Ints) -> tuple[tuple[str, int], ...]:
    """The sum of each choice, the most first."""
    sums = zip(choices, cells.sum(axis=0).tolist(), strict=True)
    return tuple(sorted(sums, key=lambda each: -each[1]))


_COMPARE = frozenset("RT")
"""Categories of rules that compare figures: each says at which it looked; one that says none has checked nothing."""


def _idle(looks: Sequence[tuple[str, Looked]], codes: Iterable[str]) -> Iterator[str]:
    """Those of some rules that looked at nothing."""
    looked = {code for code, look in looks if look.at.any()}
    said = {code for code, _ in looks}
    return (code for code in codes if code not in looked and (code in said or code[0] in _COMPARE))


@cache
def _concerned(way_up: bool, dumps: bool, requested: bool) -> tuple[str, ...]:
    """The rules that are named at all: those of what only few evidence is about, where there is such evidence."""
    return tuple(
        code
        for code, rule in rules().items()
        if (way_up or EvidenceKind.WAY_UP not in rule.needs)  # hardly anybody is given documents of it
        and (dumps or code[0] != _OTHER_MACHINES)
        and (requested or code not in ON_REQUEST)
    )


def nothing_covered(evidence: LinedEvidence) -> Coverage:
    """Coverage after a failure: no rule is known to have looked at everything."""
    universe = evidence.universe
    return Coverage(len(universe), 0, 0, universe.source, universe.official, {}, (), {}, (), {}, tuple(rules()))


def _there(evidence: LinedEvidence, having: Mapping[str, Bools]) -> dict[str, bool]:
    """Evidence at hand: each kind, and each figure that rules ask for, which some bureau ``having`` it has."""
    proxies = any(lines.counted["proxies"].known.any() for lines in evidence.published)
    return {
        **dict.fromkeys(KINDS, False),
        **{kind: kind in KINDS or bool(mask.any()) for kind, mask in having.items()},
        EvidenceKind.SIGNATURES: bool(having[EvidenceKind.SIGNATURES].any()),
        EvidenceKind.UNIVERSE: evidence.universe.official,
        EvidenceKind.CHOICES: evidence.contests.official,
        EvidenceKind.PUBLISHED: bool(evidence.tables),
        **_absences(evidence),
        **({"pv: procurations": True} if proxies else {}),  # they stand in for those of PVs
    }


_EXPECTED = (*DUMPS, EvidenceKind.SIGNATURES, EvidenceKind.RECORDS, EvidenceKind.VOTES, EvidenceKind.PUBLISHED)
"""Kinds whose absence can be seen."""


def _absences(evidence: LinedEvidence) -> dict[str, bool]:
    """Kinds that every bureau should have, and kinds whose absence another list shows."""
    sources = evidence.universe.sources
    listed = {used.kind for used in evidence.inputs if [used.path] == [*map(archive_of, sources)]}
    found = {}
    for kind in _EXPECTED:
        found[f"expected: {kind}"] = expected = evidence.lined(kind) or evidence.complete(kind)
        own_list = kind in {*listed, *(sources if len(sources) == 1 else ())}
        # a row of the sign-in list may lack its count even where the bureaux are taken from that list
        found[f"missed: {kind}"] = expected and (kind == EvidenceKind.SIGNATURES or not own_list)
    return found


@lru_cache(maxsize=1024)
def _unchecked_of(there: _Kinds, unordered: bool, concerned: tuple[str, ...]) -> _Lacks:
    """Evidence that each rule lacks, of the rules that cannot be applied."""
    return tuple((code, lacks) for code in concerned if (lacks := lacking(code, there, unordered)))


def _groups(
    evidence: LinedEvidence,
    having: Mapping[str, Bools],
    there: Mapping[str, bool],
    unordered: bool,
    concerned: tuple[str, ...],
    failed: tuple[str, ...],
    looked: Mapping[str, Bools],
) -> list[Group]:
    universe = evidence.universe
    if not len(universe):
        return []
    kinds, whole = list(having), (mask.all(axis=1) for mask in having.values())
    columns = np.stack([universe.counting == MACHINE, universe.counting == PAPER, *whole], axis=1)
    apart = columns[:, (columns != columns[:1]).any(axis=0)]
    alike = apart @ (1 << np.arange(apart.shape[1]))
    _, first, inverse, sizes = np.unique(alike, return_index=True, return_inverse=True, return_counts=True)
    as_read = universe.by_number
    order = as_read[np.argsort(inverse.reshape(-1)[as_read], kind="stable")]
    units = np.split(order, np.cumsum(sizes)[:-1])
    names, every = (universe.insee, universe.bureau), frozenset(kind for kind, is_there in there.items() if is_there)
    groups = []
    for number in np.lexsort((first, -sizes)).tolist():
        machine, paper, *has = columns[first[number]].tolist()
        here = dict(zip(kinds, has, strict=True))
        idle = {code for code, mask in looked.items() if not mask[units[number]].any()}
        given = frozenset(kind for kind, is_there in {**there, **here}.items() if is_there)
        checked, unchecked = _looked_at(paper, given, every, unordered, concerned, failed)
        groups.append(
            Group(
                counting="machine" if machine else "papier" if paper else "",
                bureaux=tuple(zip(*(codes[units[number]].tolist() for codes in names), strict=True)),
                evidence=tuple(kind for kind in KINDS if here.get(kind, there[kind])),
                checked=tuple(code for code in checked if code not in idle),
                unchecked=dict(unchecked),
                idle=tuple(code for code in checked if code in idle),
            )
        )
    return groups


def _looked_by_unit(evidence: LinedEvidence, looks: Sequence[tuple[str, Looked]]) -> dict[str, Bools]:
    """Bureaux that rules looked at, each of shape ``(units,)``; for rules that record it."""
    found: dict[str, Bools] = {}
    for code, look in looks:
        if look.figures and rules()[code].level == "bureau":
            here = look.at.any(axis=tuple(range(1, look.at.ndim)))
            found[code] = here | found[code] if code in found else here
    by_tables = {code for code, look in looks if not look.figures and look.at.any()}
    return {code: mask for code, mask in found.items() if code not in by_tables}


@lru_cache(maxsize=1024)
def _looked_at(
    paper: bool, given: _Kinds, every: _Kinds, unordered: bool, concerned: tuple[str, ...], failed: tuple[str, ...]
) -> tuple[tuple[str, ...], _Lacks]:
    """Rules that look at some bureaux, and the evidence that others lack there.

    Those bureaux vote on ``paper`` or not and have the kinds of evidence ``given``, any bureau has ``every`` one of
    these; the rules are those ``concerned`` but for those that ``failed``.
    """
    lacks_of = {
        code: lacking(code, given | every.intersection(absence), unordered)
        for code, absence in _of_bureaux(paper)
        if code in concerned and code not in failed
    }
    checked = tuple(code for code, lacks in lacks_of.items() if not lacks)
    return checked, tuple((code, lacks) for code, lacks in lacks_of.items() if lacks)


@cache
def _of_bureaux(paper: bool) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Rules on bureaux, or on those that vote on paper, by code, each with the kinds whose absence it finds."""
    every = rules().items()
    return tuple(
        (code, rule.absence) for code, rule in every if rule.level == "bureau" and not (paper and _for_machines(rule))
    )


def _for_machines(rule: Rule) -> bool:
    return any(set(need.split("|")) <= set(DUMPS) for need in (*rule.needs, *rule.absence))


def _having(evidence: LinedEvidence) -> dict[str, Bools]:
    """Bureaux and polls with each kind of evidence at hand, and with each figure that rules ask for."""
    records = evidence.records
    nothing = np.zeros(evidence.shape, np.bool_)
    found: dict[str, Bools] = {}
    if evidence.contests.official:
        found[EvidenceKind.CHOICES] = evidence.contests.of >= 0
    if evidence.exports is not None:
        found[EvidenceKind.EXPORTS] = evidence.exports.counts.parts > 0
    if evidence.urns is not None:
        with_image = nothing.copy()
        with_image[evidence.urns.unit[evidence.urns.used]] = True
        found[EvidenceKind.URNS] = with_image
    found[EvidenceKind.SIGNATURES] = nothing.copy()
    for counted in (evidence.signatures, records):
        if counted is not None:
            found[EvidenceKind.SIGNATURES] |= counted["signatures"].known
    if (votes := evidence.once(votes_found)) is not None:
        found["votes found"] = votes.known
    if records is not None:
        found[EvidenceKind.RECORDS] = records.present
        found |= {f"pv: {name}": records[name].known for name in figures_of_records()}
    if evidence.votes is not None:
        found[EvidenceKind.VOTES] = evidence.once(with_votes)
    if evidence.tabulation is not None:
        found[EvidenceKind.TABULATION] = evidence.tabulation.present
    if evidence.other_round is not None:
        found[EvidenceKind.OTHER_ROUND] = evidence.other_round.present
    if evidence.way_up is not None:
        steps = [counted.present for counted in evidence.way_up.steps.values()]
        found[EvidenceKind.WAY_UP] = np.logical_or.reduce([nothing, *steps])
    for lines in evidence.published:  # each is about one poll
        one = np.broadcast_to(lines.counted.present.any(axis=1)[:, None], evidence.shape)
        signed = np.broadcast_to(lines.counted["signatures"].known.any(axis=1)[:, None], evidence.shape)
        found[EvidenceKind.PUBLISHED] = found.get(EvidenceKind.PUBLISHED, nothing) | one
        found[EvidenceKind.PUBLISHED_SIGNATURES] = found.get(EvidenceKind.PUBLISHED_SIGNATURES, nothing) | signed
    return found


# --- Kinds of evidence that each rule needs, and those missing beside others ---


_COLUMNS = {
    "R206": ("votes_found",),
    "R208": ("blank",),
    "R209": ("null",),
    "R210": ("valid",),
    "R215": ("blank", "null"),
    "R220": ("proxies",),
}
"""Figures of a PV without which a rule has nothing to look at, though the PV is there."""
ON_REQUEST = frozenset(("P402", "P403", "P404"))
"""Rules that are applied only where the threshold `screen_one_in` asks for them."""
_OF_BOTH_COUNTS = ("R201", "R202", "R204", "V501", "V502")
"""Rules that compare the votes found, of machine, PV or results, with the signatures."""


def figures_of_records() -> list[str]:
    """The figures of PVs that rules ask for."""
    return sorted({name for names in _COLUMNS.values() for name in names})


def lacking(code: str, there: Collection[str], unordered: bool) -> tuple[str, ...]:
    """List the unmet needs of a rule, given the evidence at hand, a set: kinds, absences, and columns of PVs."""
    rule = rules()[code]
    needs = rule.needs
    if unordered and {"exports|modules", "voix"} <= set(needs):
        needs = (*needs, "choix")
    lacks = [_asked_for(need) for need in needs if not any(kind in there for kind in need.split("|"))]
    for kind in rule.absence:
        if kind not in "|".join(needs).split("|") and f"missed: {kind}" not in there:
            lacks.append(kind if f"expected: {kind}" not in there else "univers")
    if "pv" in there:
        lacks += [f"pv: {name}" for name in _COLUMNS.get(code, ()) if f"pv: {name}" not in there]
        lacks += ["pv: votes_found"] if code in _OF_BOTH_COUNTS and "votes found" not in there else []
    return tuple(lacks)


def _asked_for(need: str) -> str:
    """The kinds of evidence that can be asked for: what few cities publish stands for them where it is there."""
    kinds = need.split("|")
    return "|".join([kind for kind in kinds if kind != "publie_emargements"] or kinds)
