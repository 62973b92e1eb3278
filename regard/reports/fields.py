"""The columns of the tables that a report is made of, defined once: for CSV, workbooks and their description.

A *text* is text whatever it looks like (a bureau's code keeps its zeros), a *count* a whole number from 0 up and empty
where there is none, a *figure* either of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Message, Text, msg, pmsg, series
from regard.language import show
from regard.reports.tables import FIGURES_OF, PLACE, column
from verify.cases.wording import KINDS, SURE, piece_name
from verify.model.labels import LEVELS, SEVERITIES, field_label
from verify.rulebook.causes import causes

NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, which programs rely on, what its cells are, and its heading for people."""

    name: str
    holds: str
    title: Text


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table: its name, its heading and its columns."""

    name: str
    title: Message
    fields: tuple[Field, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(field.name for field in self.fields)

    def of_nights(self) -> TableLayout:
        """The same table of several nights."""
        return TableLayout(self.name, self.title, (Field(NIGHT, "text", msg("Night")), *self.fields))


FINDINGS = TableLayout(
    "findings",
    msg("Findings"),
    (
        Field("case", "count", msg("Case")),
        Field("code", "text", msg("Rule")),
        Field("severity", "text", msg("Severity")),
        Field("level", "text", msg("Level")),
        Field("insee", "text", msg("INSEE code")),
        Field("bureau", "text", msg("Bureau")),
        Field("scrutin", "text", msg("Poll")),
        Field("field", "text", msg("Figure")),
        Field("left_quantity", "text", msg("First quantity")),
        Field("left_piece", "text", msg("First piece")),
        Field("left_source", "text", msg("First source")),
        Field("left_value", "figure", msg("First figure")),
        Field("right_quantity", "text", msg("Second quantity")),
        Field("right_piece", "text", msg("Second piece")),
        Field("right_source", "text", msg("Second source")),
        Field("right_value", "figure", msg("Second figure")),
        Field("message", "text", msg("Finding")),
        Field("what_to_do", "text", msg("What to do")),
        Field("basis", "text", msg("Legal basis or source")),
    ),
)
CASES = TableLayout(
    "cases",
    msg("Cases"),
    (
        Field("case", "count", msg("Case")),
        Field("kind", "text", msg("Kind")),
        Field("severity", "text", msg("Severity")),
        Field("sure", "text", msg("How sure")),
        Field("cause", "text", msg("Cause")),
        Field("insee", "text", msg("INSEE code")),
        Field("commune", "text", msg("Commune")),
        Field("bureaux", "text", msg("Bureaux")),
        Field("places", "count", msg("Number of bureaux")),
        Field("piece", "text", msg("Piece")),
        Field("text", "text", msg("Case in words")),
        Field("corrections", "text", msg("Corrections")),
        Field("what_to_do", "text", msg("What to do")),
        Field("findings", "count", msg("Number of findings")),
        Field("codes", "text", msg("Rules")),
        Field("followed", "text", msg("What became of it")),
    ),
)
INPUTS = TableLayout(
    "inputs",
    msg("Inputs"),
    (
        Field("path", "text", msg("File")),
        Field("kind", "text", msg("Kind")),
        Field("used", "text", msg("Used")),
        Field("size", "count", msg("Size in bytes")),
        Field("sha256", "text", msg("SHA-256")),
        Field("note", "text", msg("Read as")),
        Field("why", "text", msg("Why not all of it")),
    ),
)
_PLACES = {
    "insee": msg("INSEE code"),
    "bureau": msg("Bureau"),
    "scrutin": msg("Poll"),
    "commune": msg("Commune"),
    "departement": msg("Département"),
    "circonscription": msg("Constituency"),
    "comptage": msg("Counting"),
}
_COLON = pmsg("between a name and what follows", ": ")


def _figure(kind: EvidenceKind, quantity: Quantity) -> Field:
    return Field(column(kind, quantity), "count", series((kind.label, quantity.label), _COLON))


FIGURES = TableLayout(
    "figures",
    msg("Figures"),
    (
        *(Field(name, "text", _PLACES[name]) for name in PLACE),
        *(_figure(kind, quantity) for kind, quantities in FIGURES_OF.items() for quantity in quantities),
    ),
)


_KINDS = {kind.name.lower(): name for kind, name in KINDS.items()}
_SURE = {sure.value: name for sure, name in SURE.items()}
_LABELS: dict[str, Callable[[str], Text]] = {
    "severity": lambda code: SEVERITIES.get(code, code),
    "level": lambda code: LEVELS.get(code, code),
    "field": field_label,
    "kind": lambda code: _KINDS.get(code, code),
    "sure": lambda code: _SURE.get(code, code),
    "cause": lambda code: causes()[code].title if code in causes() else code,
    "piece": piece_name,
}
"""By column."""


def in_words(name: str, cells: Sequence[object], language: str) -> Sequence[object]:
    """The cells of a column in words, where it holds codes; each code is put in words once."""
    label = _LABELS.get(name)
    if label is None:
        return cells
    words = {cell: show(language, label(cell)) if isinstance(cell, str) and cell else cell for cell in set(cells)}
    return [words[cell] for cell in cells]
