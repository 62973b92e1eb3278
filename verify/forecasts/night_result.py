"""The result of a night on disk: what its pieces of evidence add up to, with what the audit found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from protocol.errors import count_of
from protocol.words import Text, msg
from verify.audit import Audit
from verify.columns.machine_votes import machine_votes
from verify.forecasts.result import CheckedResult, NoResult, ResultWay, made_of
from verify.model.evidence import LinedEvidence
from verify.model.figures import Ints
from verify.model.published import Level


def night_result(evidence: LinedEvidence, result: Audit, name: str) -> CheckedResult:
    """The one contest of a night, by each piece of evidence that has the votes of every bureau.

    Raises:
        NoResult: there is not one contest, or no piece has the votes of all bureaux.
    """
    contests = evidence.contests.contests
    if len(contests) != 1 or len(evidence.polls) != 1:
        raise NoResult(
            msg("{name}: forecasts are compared with one contest; here are {count}", name=name, count=len(contests))
        )
    choices = contests[0].choices
    ways = [way for how, votes in _sources(evidence) if (way := _way(how, votes[:, 0, : len(choices)])) is not None]
    if not ways:
        raise NoResult(msg("{name}: no piece of evidence has the votes of all bureaux", name=name))
    counts = result.findings.by_code()
    found = tuple((severity.name.lower(), code, count) for (severity, code), count in counts.items())
    places = (Level.COMMUNE, len(set(evidence.universe.insee.tolist())))
    return replace(made_of(choices, ways), findings=found, problems=count_of(evidence.problems), places=places)


def _sources(evidence: LinedEvidence) -> Iterator[tuple[Text, Ints]]:
    for lines in evidence.published:
        yield msg("published by bureau: {file}", file=lines.published.file), lines.votes.values
    if evidence.votes is not None:
        yield msg("the PVs"), evidence.votes.values
    on_machine = evidence.once(machine_votes)
    if on_machine is not None:
        yield msg("the machines"), on_machine


def _way(how: Text, votes: Ints) -> ResultWay | None:
    if not votes.size or (votes < 0).any() or not votes.any():
        return None
    sums = tuple(np.asarray(votes.sum(axis=0), np.int64).tolist())
    return ResultWay(how, sums, sum(sums))
