"""Findings: contradictions between two figures, each with its source."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from protocol.errors import NOTHING
from protocol.quantities import Quantity
from protocol.words import Clause, Message, Plural, Series, Text, msg, pmsg
from verify.model.figures import BLANK, MISSING, SUMMED, UNREADABLE, Ints, Texts
from verify.model.labels import field_label
from verify.model.rule_results import Side, SideColumn, named
from verify.model.use import MEMBER
from verify.rulebook.catalogue import Rule, rule


class Severity(IntEnum):
    """Weight of a finding. Screens and coverage are infos, which never make a check fail."""

    INFO = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Two figures that contradict each other.

    Attributes:
        code: of the rule in the catalogue.
        insee, bureau: of the bureau; ``bureau`` is empty above that level, both are for a whole file or night.
        poll: number of the poll, 0 where polls play no part.
        field: subject of the two figures.
        details: further values for the text.
        case: name of the rule's case in the rulebook, if it has several.
    """

    code: str
    severity: Severity
    level: str
    insee: str
    bureau: str
    poll: int
    field: Text
    left: Side
    right: Side
    details: dict[str, int | Text] = dataclasses.field(default_factory=dict)
    case: str = ""

    def label_of(self, side: Side) -> Text:
        """Label one of the two figures for people: the choice's name for the votes of a choice."""
        return field_label(self.field if side.quantity == Quantity.VOTES else side.quantity)

    @property
    def is_gap(self) -> bool:
        """True for signatures against votes found."""
        return (self.left.quantity, self.right.quantity) == (Quantity.SIGNATURES, Quantity.VOTES_FOUND)

    @property
    def message(self) -> Message:
        """Sentence of the rule with the values of this finding."""
        values: dict[str, object] = {name: shown(value, name) for name, value in self.details.items()}
        return dataclasses.replace(
            rule(self.code).text,
            values={
                "note": "",
                "left_source": shown_source(self.left.source),
                "right_source": shown_source(self.right.source),
                "insee": self.insee,
                "bureau": self.bureau,
                **values,
                "left": shown(self.left.value),
                "right": shown(self.right.value),
                "field": field_label(self.field),
            },
        )


def shown_source(source: str) -> Text:
    """Source of a figure for a sentence: file, sheet and row; for a sum, the file of its parts.

    It has no square brackets, which mark blanks to fill in in a letter.
    """
    if source.endswith(SUMMED):
        return msg("sum of {file}", file=file_of(source))
    place = _PLACE.fullmatch(source)
    if place is None:
        return source
    within = _WITHIN.findall(place[3] or "")
    return msg("{file} row {row}", file=MEMBER.join((place[1], *within)), row=place[2])


def file_of(source: str) -> str:
    """File of a figure, or of the parts of a sum."""
    place = _PLACE.fullmatch(source)
    return source.removesuffix(SUMMED) if place is None else place[1]


_PLACE = re.compile(r"(.+):([0-9]+)( \[.*\])?", re.DOTALL)
"""File, row, and sheet or page of a source."""
_WITHIN = re.compile(r"\[(.*?)\]", re.DOTALL)
"""A sheet or a page."""


def is_of_roll(found: Finding | Hits) -> bool:
    """Check for two numbers of registered voters, which concern no vote."""
    return found.left.quantity == found.right.quantity == Quantity.REGISTERED


@dataclass(frozen=True, slots=True)
class Hits:
    """Findings of one rule for one kind of figure, as columns of shape ``(n,)``.

    Attributes:
        insee, bureau: codes of all units of the evidence, shape ``(units,)``.
        unit: index into them for each finding.
        poll: number of the poll of each.
        details: further values for the text, by name: one for each finding, or one text for all.
        case: as for a `Finding`, one for all.
    """

    code: str
    severity: Severity
    level: str
    field: str
    insee: Texts
    bureau: Texts
    unit: Ints
    poll: Ints
    left: SideColumn
    right: SideColumn
    details: Mapping[str, Ints | Sequence[str] | Text] = dataclasses.field(default_factory=dict)
    case: str = ""

    def __len__(self) -> int:
        return len(self.unit)

    def __getitem__(self, row: int) -> Finding:
        unit = int(self.unit[row])
        return Finding(
            code=self.code,
            severity=self.severity,
            level=self.level,
            insee=str(self.insee[unit]),
            bureau=str(self.bureau[unit]),
            poll=int(self.poll[row]),
            field=self.field,
            left=self.left.side(row),
            right=self.right.side(row),
            details={name: _of_row(values, row) for name, values in self.details.items()},
            case=self.case,
        )

    def __iter__(self) -> Iterator[Finding]:
        return map(self.__getitem__, range(len(self)))


def _of_row(values: Ints | Sequence[str] | Text, row: int) -> int | Text:
    if isinstance(values, (str, Message, Series, Clause)):
        return values
    value = values[row]
    return value if isinstance(value, str) else int(value)


Found = Finding | Hits
"""Result of a rule: one finding, or many of one kind."""
_FIELDS_IN_DETAILS = frozenset(("earlier", "later"))
"""Details that are names of fields."""
_ABSENCES = {
    BLANK: pmsg("a cell", "blank"),
    UNREADABLE: pmsg("a cell", "unreadable"),
    MISSING: pmsg("a cell", "missing"),
}


def shown(value: int | Text | None, name: str = "") -> Text | Plural:
    """Format a value for a sentence; ``name`` is that of a detail, or empty for one of the two figures."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return _ABSENCES.get(value) or Plural(value)
    return field_label(value) if name in _FIELDS_IN_DETAILS else value


def severity_of(the_rule: Rule, case: str = "") -> Severity:
    """Severity of a rule, or of one of its cases."""
    return Severity[(the_rule.cases[case].severity if case else the_rule.severity).upper()]


def finding(
    code: str,
    left: Side,
    right: Side,
    *,
    field: Text,
    insee: str = "",
    bureau: str = "",
    poll: int = 0,
    level: str | None = None,
    case: str = "",
    details: Mapping[str, int | Text] | None = None,
) -> Finding:
    """Make a finding with the catalogue's severity, and with its level unless one is given."""
    the_rule = rule(code)
    return Finding(
        code=code,
        severity=severity_of(the_rule, case),
        level=level or the_rule.level,
        insee=insee,
        bureau=bureau,
        poll=poll,
        field=field,
        left=named(left, field),
        right=named(right, field),
        details=dict(details or {}),
        case=case,
    )
