"""Results in the common data format of NIST SP 1500-100 version 2, in JSON: what other tools for elections read.

Figures are those of one kind of evidence, the same for all bureaux: the published results where there are any, else
the PVs, else the machines. A bureau that it has no figure of has no entry: missing is not zero. Blank votes, which the
format does not know, stand as undervotes; null votes as rejected ballots; the report's notes say so.
"""

from __future__ import annotations

import datetime
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from protocol.election import Election
from protocol.errors import RegardError
from protocol.quantities import Quantity
from protocol.words import msg
from verify.columns.machine_votes import machine_votes
from verify.materiality.kinds import ElectionKind, kind_of
from verify.model.evidence import LinedEvidence
from verify.model.figures import MISSING, Ints, absent

_NOTES = (
    "Figures of {source}. Blank votes are given as Undervotes, null votes as BallotsRejected. VotersParticipated are "
    "the signatures of the sign-in lists."
)
_SCOPE = "scope"


class NoElectionStated(RegardError):
    """Results in the common format need an election and its day."""

    def __init__(self) -> None:
        super().__init__(msg("--nist needs the election and its day, which election.toml in the night's folder says"))


@dataclass(frozen=True, slots=True)
class _FiguresOfOne:
    """The figures of one kind of evidence: counts of shape ``(units, polls)``, votes with one axis more."""

    source: str
    counts: Mapping[Quantity, Ints]
    votes: Ints


@dataclass(frozen=True, slots=True)
class _Race:
    """One contest: index of its poll, its bureaux, and its choices with their places in the width of the votes."""

    id: str
    name: str
    column: int
    units: Ints
    choices: tuple[tuple[int, str], ...]
    district: str


def as_nist(evidence: LinedEvidence) -> Iterator[bytes]:
    """The report, in pieces of about one choice each.

    It has the time at which it was made, as the format asks for; ``SOURCE_DATE_EPOCH`` (seconds) stands for it where it
    is set, so that the same evidence gives the same bytes.

    Raises:
        NoElectionStated: nothing says which election it was.
    """
    election = evidence.election
    if election is None:
        raise NoElectionStated
    figures = _figures(evidence)
    races = list(_races(evidence, figures))
    yield _json(_about(figures, races)).removesuffix(b"}") + b', "GpUnit": [\n  '
    yield b",\n  ".join(map(_json, _units(evidence, races)))
    yield b'],\n "Election": [\n  ' + _json(_election(election)).removesuffix(b"}") + b', "Candidate": [\n   '
    yield b",\n   ".join(_json(_candidate(race, choice, name)) for race in races for choice, name in race.choices)
    yield b'], "Contest": ['
    for at, race in enumerate(races):
        yield (b",\n   " if at else b"\n   ") + _json(_contest(evidence, race)).removesuffix(b"}")
        yield b', "SummaryCounts": [' + b", ".join(map(_json, _summaries(evidence, figures, race)))
        yield b'], "BallotSelection": ['
        for number, (choice, _) in enumerate(race.choices):
            selection = _selection(evidence, figures, race, choice)
            yield (b",\n    " if number else b"\n    ") + _json(selection)
        yield b"]}"
    yield b"]}]}\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _figures(evidence: LinedEvidence) -> _FiguresOfOne:
    """Those of the first kind of evidence that there is."""
    nothing = absent((*evidence.shape, max(evidence.contests.width, 1)))
    if evidence.published:
        lines = evidence.published[0]
        counts = {name: figures.values for name, figures in lines.counted.figures.items()}
        return _FiguresOfOne(lines.published.file, _quantities(counts), lines.votes.values)
    if evidence.records is not None:
        counts = {name: figures.values for name, figures in evidence.records.figures.items()}
        votes = nothing if evidence.votes is None else evidence.votes.values
        return _FiguresOfOne("PV", _quantities(counts), votes)
    on_machine = machine_votes(evidence)
    if evidence.machines is not None and on_machine is not None:
        counts = {Quantity.VOTES_FOUND: evidence.machines.cast.values, Quantity.BLANK: evidence.machines.blank.values}
        return _FiguresOfOne("machines", _quantities(counts), on_machine)
    return _FiguresOfOne("none", {}, nothing)


def _quantities(counts: Mapping[str, Ints]) -> dict[Quantity, Ints]:
    return {quantity: counts[quantity] for quantity in Quantity if quantity in counts}


def _about(figures: _FiguresOfOne, races: Sequence[_Race]) -> dict[str, object]:
    whole = bool(races) and all(
        (figures.votes[race.units, race.column, choice] >= 0).all() for race in races for choice, _ in race.choices
    )
    stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(stamp) if stamp.isascii() and stamp.isdecimal() and len(stamp) < 12 else int(time.time())
    made = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return {
        "@type": "ElectionResults.ElectionReport",
        "VendorApplicationId": f"regard {version('regard')}",
        "Format": "precinct-level",
        "GeneratedDate": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Issuer": "regard",
        "IssuerAbbreviation": "regard",
        "SequenceStart": 1,
        "SequenceEnd": 1,
        "Status": "unofficial-complete" if whole else "unofficial-partial",
        "Notes": _NOTES.format(source=figures.source),
    }


def _election(election: Election) -> dict[str, object]:
    day = election.date.isoformat()
    return {
        "@type": "ElectionResults.Election",
        "ElectionScopeId": _SCOPE,
        "Name": _text(election.name or election.id),
        "StartDate": day,
        "EndDate": day,
        "Type": "runoff" if election.round == 2 else "general",
    }


def _text(content: str) -> dict[str, object]:
    return {
        "@type": "ElectionResults.InternationalizedText",
        "Text": [{"@type": "ElectionResults.LanguageString", "Content": content, "Language": "fr"}],
    }


# --- Places ---


def _units(evidence: LinedEvidence, races: Sequence[_Race]) -> Iterator[dict[str, object]]:
    """The whole, the contests' districts where these are parts of it, communes, and bureaux."""
    universe = evidence.universe
    registered, signed = _voters(evidence)
    communes: dict[str, list[int]] = {}
    for unit, insee in enumerate(universe.insee.tolist()):
        communes.setdefault(insee, []).append(unit)
    yield _unit(_SCOPE, "other", "", parts=[_commune_id(insee) for insee in communes]) | {"OtherType": "whole"}
    for race in {race.district: race for race in races if race.district != _SCOPE}.values():
        parts = [_bureau_id(evidence, unit) for unit in race.units.tolist()]
        yield _unit(race.district, "other", race.name, parts=parts) | {"OtherType": "electoral-district"}
    for insee, units in communes.items():
        parts = [_bureau_id(evidence, unit) for unit in units]
        yield _unit(_commune_id(insee), "municipality", str(universe.commune[units[0]]), parts=parts, code=insee)
    for unit in range(len(universe)):
        bureau = str(universe.bureau[unit])
        entry = _unit(_bureau_id(evidence, unit), "precinct", bureau)
        if registered[unit] >= 0:
            entry["VotersRegistered"] = int(registered[unit])
        if signed[unit] >= 0:
            entry["VotersParticipated"] = int(signed[unit])
        yield entry


def _unit(id: str, kind: str, name: str, *, parts: Sequence[str] = (), code: str = "") -> dict[str, object]:
    entry: dict[str, object] = {"@type": "ElectionResults.ReportingUnit", "@id": id, "Type": kind}
    if name:
        entry["Name"] = name
    if parts:
        entry["ComposingGpUnitIds"] = list(parts)
    if code:
        entry["ExternalIdentifier"] = [
            {
                "@type": "ElectionResults.ExternalIdentifier",
                "Type": "other",
                "OtherType": "insee",
                "Value": code,
            }
        ]
    return entry


def _voters(evidence: LinedEvidence) -> tuple[Ints, Ints]:
    """Registered voters and signatures of each bureau; of several polls a day signatures are of none of them."""
    registered = evidence.universe.registered
    if evidence.signatures is None or len(evidence.polls) > 1:
        return registered, np.full(len(evidence.universe), MISSING, np.int64)
    return registered, evidence.signatures[Quantity.SIGNATURES].values[:, 0]


def _commune_id(insee: str) -> str:
    return f"commune-{insee}"


def _bureau_id(evidence: LinedEvidence, unit: int) -> str:
    universe = evidence.universe
    return f"bureau-{universe.insee[unit]}-{universe.bureau[unit]}"


# --- Contests ---


def _races(evidence: LinedEvidence, figures: _FiguresOfOne) -> Iterator[_Race]:
    """Every contest, a municipal one for each commune, with the choices that a bureau there has votes of."""
    polls = {} if evidence.election is None else {poll.number: poll for poll in evidence.election.polls}
    for column, number in enumerate(evidence.polls):
        poll = polls.get(number)
        kind = None if poll is None else kind_of(poll.type, machines=True)
        named = (poll.name if poll is not None else "") or f"poll {number}"
        for index, contest in enumerate(evidence.contests.contests):
            units = np.flatnonzero(evidence.contests.of[:, column] == index)
            if contest.poll != number or not len(units):
                continue
            codes = evidence.universe.insee[units]
            for insee in np.unique(codes).tolist() if kind is not None and kind.by_commune else [""]:
                here = units[codes == insee] if insee else units
                votes = figures.votes[here, column]
                there = [at for at in range(len(contest.choices)) if not insee or (votes[:, at] >= 0).any()]
                area = insee or contest.constituency
                yield _Race(
                    id="-".join(filter(None, (f"contest-{number}", area))),
                    name=" ".join(filter(None, (named, area))),
                    column=column,
                    units=here,
                    choices=tuple((at, contest.choices[at]) for at in there),
                    district=_commune_id(insee) if insee else f"district-{number}-{area}" if area else _SCOPE,
                )


def _contest(evidence: LinedEvidence, race: _Race) -> dict[str, object]:
    polls = () if evidence.election is None else evidence.election.polls
    poll = next((poll for poll in polls if poll.number == evidence.polls[race.column]), None)
    entry: dict[str, object] = {
        "@type": "ElectionResults.CandidateContest",
        "@id": race.id,
        "Name": race.name,
        "ElectoralDistrictId": race.district,
        "VotesAllowed": 1,
        "TotalSubUnits": len(race.units),
    }
    if poll is not None and poll.seats is not None:
        entry["NumberElected"] = poll.seats
    kind = None if poll is None else kind_of(poll.type, machines=True)
    if kind in _VARIATIONS:
        entry["VoteVariation"] = _VARIATIONS[kind]
    return entry


_VARIATIONS = {
    ElectionKind.PRESIDENTIAL: "majority",
    ElectionKind.LEGISLATIVE: "majority",
    ElectionKind.DEPARTMENTAL: "majority",
    ElectionKind.EUROPEAN: "proportional",
}
"""Those that the format has a word for."""


def _summaries(evidence: LinedEvidence, figures: _FiguresOfOne, race: _Race) -> Iterator[dict[str, object]]:
    """Of each bureau of the contest, votes found, blank and null votes, as far as they are known."""
    named = (
        ("BallotsCast", Quantity.VOTES_FOUND),
        ("BallotsRejected", Quantity.NULL),
        ("Undervotes", Quantity.BLANK),
    )
    columns = [
        (name, figures.counts[quantity][race.units, race.column].tolist())
        for name, quantity in named
        if quantity in figures.counts
    ]
    for at, unit in enumerate(race.units.tolist()):
        known = {name: values[at] for name, values in columns if values[at] >= 0}
        if known:
            place = {"Type": "total", "GpUnitId": _bureau_id(evidence, unit)}
            yield {"@type": "ElectionResults.SummaryCounts", **place, **known}


def _selection(evidence: LinedEvidence, figures: _FiguresOfOne, race: _Race, choice: int) -> dict[str, object]:
    votes = figures.votes[race.units, race.column, choice].tolist()
    counts = [
        {
            "@type": "ElectionResults.VoteCounts",
            "Type": "total",
            "Count": count,
            "GpUnitId": _bureau_id(evidence, unit),
        }
        for unit, count in zip(race.units.tolist(), votes, strict=True)
        if count >= 0
    ]
    return {
        "@type": "ElectionResults.CandidateSelection",
        "@id": f"{race.id}-selection-{choice + 1}",
        "CandidateIds": [_candidate_id(race, choice)],
        "VoteCounts": counts,
    }


def _candidate(race: _Race, choice: int, name: str) -> dict[str, object]:
    return {
        "@type": "ElectionResults.Candidate",
        "@id": _candidate_id(race, choice),
        "BallotName": _text(name),
    }


def _candidate_id(race: _Race, choice: int) -> str:
    return f"{race.id}-choice-{choice + 1}"
