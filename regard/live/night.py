"""A night that is over, to come in once more: its figures in the order of a simulated evening, and its cases.

All the evidence is at hand from the start. A case is held back until the last of its bureaux has come in; one that is
of no bureau, until all have.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from protocol.errors import RegardError
from protocol.sealing.leaves import Leaf
from protocol.words import languages, msg
from regard.live.evening import Evening, editions
from regard.live.rows import LiveFinding, LiveReturn
from regard.sealing.gathering import Sealable, of_evidence, of_results
from regard.views.case_view import CaseLines
from regard.views.saying import Speaker
from sim.arrivals import Awaited, arrivals
from sim.parameters import LATE_CITIES
from verify import audit as auditing
from verify.audit import Audit
from verify.loading import load
from verify.model.cases import Case
from verify.model.evidence import LinedEvidence, Sources
from verify.model.findings import Severity
from verify.model.published import UnknownLayout
from verify.model.universe import MACHINE

CLOSING, LATE = 19 * 60, 20 * 60
"""When bureaux close, in minutes since midnight, where the evidence does not say it; in the cities that vote longer."""
_LATE_IN = frozenset((*LATE_CITIES, "75"))


class NothingComesIn(RegardError):
    """A night without the figures of any bureau."""


@dataclass(frozen=True, slots=True)
class NightToCome:
    """A night before its evening.

    Attributes:
        title: what it is called.
        registered: voters of all its bureaux together, as far as their figures are known.
        evening: its returns.
        communes: the name of the commune of each return, by its key; empty where it is not known.
    """

    title: str
    registered: int
    evening: Evening
    communes: Mapping[str, str]


def night_to_come(
    given: Path, every: int, seed: int, progress: Callable[[str, int], None] | None = None
) -> NightToCome:
    """Read a night, look for its cases, and draw when each of its figures arrives.

    Args:
        given: its folder, or a file of published results by bureau.
        every: seconds of the evening between two editions.
        seed: of the times of arrival.
        progress: called with the name of a step and how much of it is done.

    Raises:
        NothingReadable, InputError: nothing of it can be read.
        NothingComesIn: there are no figures of bureaux.
        SealError: figures that cannot be sealed.
    """
    evidence = load(Sources(folder=given) if given.is_dir() else Sources(files=(given,)), progress)
    sealable = _sealable(evidence, given)
    if not sealable.leaves:
        raise NothingComesIn(msg("{path}: no figures of any bureau", path=given))
    result = auditing.run(evidence, progress)
    whole = sha256("".join(sorted(each.sha256 for each in sealable.inputs)).encode()).hexdigest()
    seconds = _seconds(evidence, sealable.leaves, seed)
    leaves = sorted(sealable.leaves, key=lambda leaf: (seconds[leaf.insee, leaf.bureau], leaf.place))
    returns = [LiveReturn(_key(leaf), seconds[leaf.insee, leaf.bureau], leaf.canonical(), whole) for leaf in leaves]
    ends = editions([each.second for each in returns], every)
    found = _findings(result, leaves, returns)
    election = evidence.election
    names = evidence.universe.commune_names()
    return NightToCome(
        title=given.resolve().name if election is None else election.name,
        registered=sum(leaf.figures.get("registered", 0) for leaf in leaves),
        evening=Evening(returns, found, ends),
        communes={_key(leaf): names.get(leaf.insee, "") for leaf in leaves},
    )


def _sealable(evidence: LinedEvidence, given: Path) -> Sealable:
    """Collect what `regard seal` would seal."""
    try:
        found = None if given.is_dir() else of_results(given)
    except UnknownLayout:
        found = None
    return found or of_evidence(evidence, given)


def _key(leaf: Leaf) -> str:
    return f"{leaf.insee}/{leaf.bureau}/{leaf.poll}"


def _seconds(evidence: LinedEvidence, leaves: list[Leaf], seed: int) -> dict[tuple[str, str], int]:
    universe = evidence.universe
    known = {
        place: (closing, counting == MACHINE)
        for place, closing, counting in zip(
            zip(universe.insee.tolist(), universe.bureau.tolist(), strict=True),
            universe.closing.tolist(),
            universe.counting.tolist(),
            strict=True,
        )
    }
    usual = _minutes(evidence.election.closing) if evidence.election and evidence.election.closing else -1
    ballots: dict[tuple[str, str], int] = {}
    for leaf in leaves:
        place = leaf.insee, leaf.bureau
        ballots[place] = ballots.get(place, 0) + leaf.figures.get("votes_found", 0)
    awaited = []
    for (insee, bureau), count in ballots.items():
        closing, machine = known.get((insee, bureau), (-1, False))
        if closing < 0:
            closing = usual if usual >= 0 else LATE if insee[:2] in _LATE_IN else CLOSING
        awaited.append(Awaited(insee, bureau, closing, count, machine))
    return arrivals(awaited, seed)


def _minutes(clock: str) -> int:
    try:
        time = datetime.time.fromisoformat(clock)
    except ValueError:
        return -1
    return time.hour * 60 + time.minute


def _findings(result: Audit, leaves: list[Leaf], returns: list[LiveReturn]) -> list[LiveFinding]:
    """The cases with an error or a warning, each where its last bureau comes in."""
    last: dict[tuple[str, ...], int] = {}
    for at, leaf in enumerate(leaves, 1):
        for place in ((leaf.insee, leaf.bureau, leaf.poll), (leaf.insee, leaf.bureau), (leaf.insee,)):
            last[place] = at
    lines = {code: CaseLines(result, Speaker(code)) for code in languages()}
    found = [
        _finding(case, lines, size, returns[size - 1].second)
        for case in result.cases
        if case.severity >= Severity.WARNING
        for size in [_size(case, last, len(leaves))]
    ]
    return sorted(found, key=lambda each: each.size)


def _size(case: Case, last: dict[tuple[str, ...], int], all_: int) -> int:
    """Number of returns once all bureaux of a case have come in."""
    sizes = []
    for place in case.places:
        names = (place.insee, place.bureau, str(place.poll)) if place.poll else (place.insee, place.bureau)
        sizes.append(last.get(names if place.bureau else (place.insee,), all_))
    return max(sizes, default=all_)


def _finding(case: Case, lines: Mapping[str, CaseLines], size: int, second: int) -> LiveFinding:
    said = {code: each.line(case) for code, each in lines.items()}
    return LiveFinding(
        key=f"case {case.number}",
        size=size,
        second=second,
        severity=case.severity.name.lower(),
        place={code: each.where for code, each in said.items()},
        said={code: each.clause for code, each in said.items()},
    )
