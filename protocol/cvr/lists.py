"""Dominion's lists beside an export of ballots: contests, candidates, parties, elections, options of the export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from protocol.cvr.ballot_json import MAX_NUMBER, Fields
from protocol.cvr.counting import MAX_NAME
from protocol.cvr.csv_rows import one_line
from protocol.dumps.checks import Checklist
from protocol.errors import InputError, wrong_file
from protocol.opening import OpenedFile
from protocol.structured import parse_json
from protocol.words import msg, series

INVALID_CONTEST = 7
"""Condition of a contest that is not on the voter's ballot, unless a list of conditions gives another number."""
_START = re.compile(rb'\s*\{\s*"Version"\s*:\s*"[^"]{0,40}"\s*,\s*"List"\s*:\s*\[\s*(\{[^{}]*)')
_CONFIGURATION = re.compile(rb'\s*\{[^{}]*"IncludeTabulatorFilter"\s*:')
KINDS = (
    ("ContestManifest", (b'"NumOfRanks"', b'"VoteFor"')),
    ("CandidateManifest", (b'"ContestId"', b'"Affiliations"')),
    ("ElectionEventManifest", (b'"ElectionDate"', b'"Jurisdiction"')),
    ("TabulatorManifest", (b'"VotingLocationNumber"',)),
    ("BallotTypeContestManifest", (b'"BallotTypeId"', b'"ContestId"')),
    ("DistrictPrecinctPortionManifest", (b'"DistrictId"', b'"PrecinctPortionId"')),
    ("PrecinctPortionManifest", (b'"PrecinctId"',)),
    ("DistrictManifest", (b'"DistrictTypeId"',)),
)
"""Lists, each with the fields of its first row that identify it."""
NAMED_BY_FILE = (
    *("PartyManifest", "OutstackConditionManifest", "PrecinctManifest", "BallotTypeManifest"),
    *("CountingGroupManifest", "DistrictTypeManifest"),
)
"""Lists of numbers and names alone, which only the file's name identifies."""
CONFIGURATION = "Configuration"


def list_kind(head: bytes, name: str) -> str:
    """Recognise a list by its first bytes and name; empty if it is none."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _CONFIGURATION.match(head):
        return CONFIGURATION
    if (found := _START.match(head)) is None:
        return ""
    row = found[1]
    for kind, fields in KINDS:
        if all(each in row for each in fields):
            return kind
    if b'"Description"' in row and b'"Id"' in row:
        return next((kind for kind in NAMED_BY_FILE if name.casefold().startswith(kind.casefold())), "")
    return ""


@dataclass(frozen=True, slots=True)
class ListedCandidate:
    """A candidate or an answer of a list."""

    id: int
    contest: int
    name: str
    party: str
    write_in: bool


@dataclass(frozen=True, slots=True)
class ListedContest:
    """A contest of a list; a measure is a question with answers."""

    id: int
    name: str
    vote_for: int
    ranks: int
    measure: bool


@dataclass(slots=True)
class ExportLists:
    """Lists of one folder; None for a missing list."""

    contests: dict[int, ListedContest] | None = None
    candidates: dict[int, ListedCandidate] | None = None
    elections: dict[str, str] | None = None
    """Day of each election, by its name and by its number."""
    parties: dict[int, str] = field(default_factory=dict)
    invalid: int = INVALID_CONTEST

    def take(self, kind: str, opened: OpenedFile) -> bool:
        """Take in a list; False for one that is not used.

        Raises:
            InputError: a field is missing or of another type.
        """
        if kind not in _TAKEN:
            return False
        rows = _ListRows(opened)
        getattr(self, _TAKEN[kind])(rows)
        return True

    def _take_contests(self, rows: _ListRows) -> None:
        contests = dict(self.contests or {})
        for row in rows:
            contest = ListedContest(
                rows.number(row, "Id"),
                rows.text(row, "Description"),
                rows.number(row, "VoteFor", 1),
                rows.number(row, "NumOfRanks", 0),
                row.get("Type") == "Measure",
            )
            rows.require_new(contests.setdefault(contest.id, contest) is contest, "Id")
        self.contests = contests

    def _take_candidates(self, rows: _ListRows) -> None:
        candidates = dict(self.candidates or {})
        for row in rows:
            affiliations = row.get("Affiliations")
            first = affiliations[0] if isinstance(affiliations, list) and affiliations else None
            candidate = ListedCandidate(
                rows.number(row, "Id"),
                rows.number(row, "ContestId"),
                rows.text(row, "Description"),
                str(first) if type(first) is int else "",
                "WriteIn" in str(row.get("Type")),
            )
            rows.require_new(candidates.setdefault(candidate.id, candidate) is candidate, "Id")
        self.candidates = candidates

    def _take_elections(self, rows: _ListRows) -> None:
        elections = dict(self.elections or {})
        for row in rows:
            name = rows.text(row, "Description")
            day = one_line(str(row.get("ElectionDate", "")))[:MAX_NAME]
            elections |= {name: day, str(rows.number(row, "Id")): day}
        self.elections = elections

    def _take_parties(self, rows: _ListRows) -> None:
        self.parties = {rows.number(row, "Id"): rows.text(row, "Description") for row in rows}

    def _take_conditions(self, rows: _ListRows) -> None:
        for row in rows:
            if row.get("Description") == "InvalidContest":
                self.invalid = rows.number(row, "Id")

    def party(self, number: str) -> str:
        """The name of a party, or its number if no list names it."""
        return self.parties.get(int(number), number) if number else ""


_TAKEN = {
    "ContestManifest": "_take_contests",
    "CandidateManifest": "_take_candidates",
    "ElectionEventManifest": "_take_elections",
    "PartyManifest": "_take_parties",
    "OutstackConditionManifest": "_take_conditions",
}


class _ListRows:
    """The rows of a list, and its values with errors that name the row and the field."""

    def __init__(self, opened: OpenedFile) -> None:
        self._name = str(opened.path)
        value = parse_json(opened.data, self._name)
        rows = value.get("List") if isinstance(value, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InputError(self._name, None, "List", msg("a list of objects"), msg("something else"))
        self._rows: list[Fields] = rows
        self._at = 0

    def __iter__(self) -> Iterator[Fields]:
        for row in self._rows:
            self._at += 1
            yield row

    def number(self, row: Fields, key: str, absent: int | None = None) -> int:
        found = row.get(key, absent)
        if type(found) is not int or not 0 <= found <= MAX_NUMBER:
            raise InputError(self._name, self._at, key, msg("a whole number"), msg("something else"))
        return found

    def text(self, row: Fields, key: str) -> str:
        found = row.get(key)
        if not isinstance(found, str) or len(found) > MAX_NAME:
            raise InputError(self._name, self._at, key, msg("a text"), msg("something else"))
        return one_line(found)

    def require_new(self, new: bool, key: str) -> None:
        if not new:
            raise InputError(self._name, self._at, key, msg("a number of its own"), msg("one that is there already"))


def check_configuration(checks: Checklist, opened: OpenedFile) -> None:
    """Check D115: the export was made without a filter.

    Raises:
        InputError: the file is not a JSON object.
    """
    name = str(opened.path)
    value = parse_json(opened.data, name)
    if not isinstance(value, dict):
        raise wrong_file(name, msg("an object"), msg("something else"))
    found = list(_filters(value))
    if found:
        text = msg("the export was made with a filter ({filters}): it is not whole", filters=series(found))
    elif value.get("IncludeOnlyPublishedResultContainers") is True:
        text = msg("the export was made without a filter, of the batches that were released for results only")
    else:
        text = msg("the export was made without a filter")
    checks.of(name).settle(not found, "D115", text)


def _filters(value: Fields) -> Iterable[str]:
    """Fields set in the file that filter ballots or contests, by its own names."""
    for key in _FILTERS:
        if value.get(key) not in (None, False, 0, []):
            yield key


_FILTERS = (
    *("IncludeTabulatorFilter", "IncludeResultContainerFilter", "IncludeBallotTypeFilter"),
    *("ContestFilter", "PrecinctPortionFilter", "OutstackConditions", "CvrSuppressionType", "TurnoutThreshold"),
)
