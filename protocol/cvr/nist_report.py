"""NIST SP 1500-103, a cast vote record report: its elections, contests and units, and where it leaves the schema.

The schema wants the type of each object in ``@type``, with the prefix ``CVR.``. Programs leave types out, or the
prefix: what an object is says the field that it stands in, so such a report is read all the same, and told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from protocol.cvr.ballot_json import Fields
from protocol.cvr.counting import MAX_NAME, unit_parts
from protocol.cvr.csv_rows import one_line
from protocol.dumps.checks import Checklist
from protocol.dumps.tallies import ChoiceKind
from protocol.words import Text, msg

PREFIX = "CVR."
MAX_ALLOWED = 10_000
"""Votes that a contest allows."""
REQUIRED = {
    "CastVoteRecordReport": (
        *("Election", "GeneratedDate", "GpUnit", "ReportGeneratingDeviceIds", "ReportingDevice", "Version"),
    ),
    "CVR": ("CVRSnapshot", "CurrentSnapshotId", "ElectionId"),
    "CVRSnapshot": ("@id", "Type"),
    "CVRContest": ("ContestId",),
    "CVRContestSelection": ("SelectionPosition",),
    "SelectionPosition": ("HasIndication", "NumberVotes"),
    "Election": ("@id", "Contest", "ElectionScopeId"),
    "Contest": ("@id", "ContestSelection"),
    "ContestSelection": ("@id",),
    "Candidate": ("@id",),
    "Party": ("@id",),
    "GpUnit": ("@id", "Type"),
    "ReportingDevice": ("@id",),
}
"""Fields that the schema requires, besides the type."""
TYPES = {
    "Contest": ("CandidateContest", "BallotMeasureContest", "PartyContest", "RetentionContest", "Contest"),
    "ContestSelection": ("CandidateSelection", "BallotMeasureSelection", "PartySelection", "ContestSelection"),
}
"""Kinds with several types; all others have one type, of the same name."""


class SchemaFaults:
    """Departures from the schema, counted by kind of object and of fault."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()
        self.looked_at = 0

    def look(self, kind: str, value: Fields) -> None:
        """Look at an object."""
        self.looked_at += 1
        given = value.get("@type")
        allowed = TYPES.get(kind, (kind,))
        if given is None:
            self._found[kind, "untyped"] += 1
        elif not isinstance(given, str) or given.removeprefix(PREFIX) not in allowed:
            self._found[kind, "other"] += 1
        elif not given.startswith(PREFIX):
            self._found[kind, "bare"] += 1
        for name in REQUIRED[kind]:
            if name not in value:
                self._found[kind, name] += 1

    def check(self, checks: Checklist, source: str) -> None:
        """D118: one check for each kind of fault, or one that all is as it should be."""
        for (kind, fault), times in sorted(self._found.items()):
            checks.of(source).fails("D118", _fault(kind, fault), place=kind, times=times)
        if not self._found:
            text = msg("the objects have the types and fields that the schema requires")
            checks.of(source).holds("D118", text, times=self.looked_at)


def _fault(kind: str, fault: str) -> Text:
    if fault == "untyped":
        return msg("{kind} has no type; it was read as what its place says", kind=kind)
    if fault == "bare":
        return msg("the type of {kind} has no prefix {prefix}; it was read with it", kind=kind, prefix=PREFIX)
    if fault == "other":
        return msg("the type of {kind} is not one of the schema; it was read as what its place says", kind=kind)
    return msg("{kind} has no field {name}, which the schema requires", kind=kind, name=fault)


@dataclass(frozen=True, slots=True)
class ReportedChoice:
    """A choice of a report."""

    name: str
    party: str
    kind: ChoiceKind


@dataclass(frozen=True, slots=True)
class ReportedContest:
    """A contest of a report, with its choices by their identifiers; ``allowed`` is None where it does not say."""

    name: str
    allowed: int | None
    ranked: bool
    choices: dict[str, ReportedChoice]


@dataclass(slots=True)
class ReportedElections:
    """Content of a report besides its ballots.

    Attributes:
        contests: by the identifiers of their election and their own.
        elections: names, by identifier.
        units, devices: names, by identifier.
    """

    contests: dict[tuple[str, str], ReportedContest] = field(default_factory=dict)
    elections: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[Text, str]] = field(default_factory=list)

    def unit_name(self, place: tuple[str, str, str]) -> str:
        """The name of a unit, by the identifiers of its device, batch and unit."""
        device, batch, unit = place
        return "/".join(unit_parts(self.devices.get(device, device), batch, self.units.get(unit, unit)))


def read_report(report: Fields, faults: SchemaFaults) -> ReportedElections:
    """The elections and units of a report; what is of another shape than expected is passed over and a fault."""
    found = ReportedElections()
    faults.look("CastVoteRecordReport", report)
    parties = {text(each, "@id"): text(each, "Name") for each in _all(report, "Party", faults)}
    for each in _all(report, "GpUnit", faults):
        found.units[text(each, "@id")] = text(each, "Name") or text(each, "@id")
    for each in _all(report, "ReportingDevice", faults):
        found.devices[text(each, "@id")] = text(each, "SerialNumber") or text(each, "@id")
        if program := " ".join(filter(None, (text(each, "Manufacturer"), text(each, "Application")))):
            found.facts.append((msg("program"), program))
    for election in _all(report, "Election", faults):
        number = text(election, "@id")
        found.elections[number] = text(election, "Name") or number
        candidates = {
            text(each, "@id"): (text(each, "Name"), parties.get(text(each, "PartyId"), ""))
            for each in _all(election, "Candidate", faults)
        }
        for contest in _all(election, "Contest", faults):
            found.contests[number, text(contest, "@id")] = _contest(contest, candidates, parties, faults)
    found.facts = [(msg("election"), name) for name in found.elections.values()] + found.facts[:3]
    found.facts += [(msg("made at"), made)] if (made := text(report, "GeneratedDate")) else []
    return found


def _contest(
    contest: Fields, candidates: dict[str, tuple[str, str]], parties: dict[str, str], faults: SchemaFaults
) -> ReportedContest:
    choices = {}
    for each in _all(contest, "ContestSelection", faults):
        named = [candidates.get(one, ("", "")) for one in _texts(each, "CandidateIds")]
        names = [name for name, _ in named] or [parties.get(one, "") for one in _texts(each, "PartyIds")]
        party = next((party for _, party in named if party), "")
        written = each.get("IsWriteIn") is True
        name = text(each, "Selection") or " / ".join(filter(None, names))
        shown = name or ("Write-in" if written else text(each, "@id"))
        kind = ChoiceKind.WRITE_IN if written else ChoiceKind.PARTY if "PartyIds" in each else ChoiceKind.NAMED
        choices[text(each, "@id")] = ReportedChoice(shown, party, kind)
    allowed = contest.get("VotesAllowed")
    given = type(allowed) is int and 0 < allowed <= MAX_ALLOWED
    measure = text(contest, "@type").removeprefix(PREFIX) in ("BallotMeasureContest", "RetentionContest")
    return ReportedContest(
        text(contest, "Name") or text(contest, "@id"),
        allowed if given else 1 if measure else None,
        contest.get("VoteVariation") == "rcv",
        choices,
    )


def _all(value: Fields, kind: str, faults: SchemaFaults) -> Iterable[Fields]:
    """The objects of a list, each looked at."""
    found = value.get(kind)
    objects = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    for each in objects:
        faults.look(kind, each)
    return objects


def _texts(value: Fields, key: str) -> list[str]:
    found = value.get(key)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def text(value: Fields, key: str) -> str:
    """A text of an object, in one line; empty where there is none."""
    found = value.get(key)
    return one_line(found)[:MAX_NAME] if isinstance(found, str) else ""
