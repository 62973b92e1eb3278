"""The columns of every table, defined once: for the library, CSV, workbooks and their description.

A *text* stays text even if it looks like a number (a bureau's code keeps its zeros); a *count* is a whole number from
0 up, or empty; a *figure* is either of the two; a *flag* is true or false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import VOTERS, Quantity
from protocol.words import Text, msg, pmsg, series
from regard.language import show
from verify.cases.wording import KINDS, SURE, piece_name
from verify.model.labels import LEVELS, SEVERITIES, field_label
from verify.rulebook.causes import causes

NIGHT = "night"


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Attributes:
        name: stable, as programs rely on it.
        holds: ``text``, ``count``, ``figure`` or ``flag``.
        title: heading for people.
        unit: of a count: ``voters``, ``votes`` or ``bytes``; empty for any other number.
    """

    name: str
    holds: str
    title: Text
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """One table: its name, its heading and its columns."""

    name: str
    title: Text
    fields: tuple[Field, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(field.name for field in self.fields)

    def columns(self, rows: Iterable[Iterable[object]]) -> dict[str, list[Any]]:
        """Turn rows into columns by name."""
        columns: list[Any] = list(zip(*rows, strict=True)) or [()] * len(self.fields)
        return {name: list(cells) for name, cells in zip(self.header, columns, strict=True)}

    def of_nights(self) -> TableLayout:
        """The same table of several nights."""
        return TableLayout(self.name, self.title, (Field(NIGHT, "text", msg("Night")), *self.fields))

    def of_one_type(self) -> TableLayout:
        """The same table with one type a column: each figure becomes a count and a text, of which one is empty."""
        fields: list[Field] = []
        for field in self.fields:
            fields.append(field)
            if field.holds == "figure":
                text = f"{field.name.removesuffix('_value')}_text"
                fields[-1:] = [Field(field.name, "count", field.title), Field(text, "text", field.title)]
        return TableLayout(self.name, self.title, tuple(fields))


CASE = Field("case", "count", msg("Case"))
RULE = Field("code", "text", msg("Rule"))
SEVERITY = Field("severity", "text", msg("Severity"))
HOW_SURE = Field("sure", "text", msg("How sure"))
INSEE = Field("insee", "text", msg("INSEE code"))
COMMUNE = Field("commune", "text", msg("Commune"))
DEPARTMENT = Field("department", "text", msg("Département"))
CONSTITUENCY = Field("constituency", "text", msg("Constituency"))
BUREAU = Field("bureau", "text", msg("Bureau"))
POLL = Field("poll", "text", msg("Poll"))
PIECE = Field("piece", "text", msg("Piece"))
TO_DO = Field("what_to_do", "text", msg("What to do"))
"""Columns that several tables have."""
FINDINGS = TableLayout(
    "findings",
    msg("Findings"),
    (
        CASE,
        RULE,
        SEVERITY,
        Field("level", "text", msg("Level")),
        INSEE,
        BUREAU,
        POLL,
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
        TO_DO,
        Field("basis", "text", msg("Legal basis or source")),
    ),
)
CASES = TableLayout(
    "cases",
    msg("Cases"),
    (
        CASE,
        Field("kind", "text", msg("Kind")),
        SEVERITY,
        HOW_SURE,
        Field("cause", "text", msg("Cause")),
        INSEE,
        COMMUNE,
        Field("bureaux", "text", msg("Bureaux")),
        Field("places", "count", msg("Number of bureaux")),
        PIECE,
        Field("text", "text", msg("Case in words")),
        Field("corrections", "text", msg("Corrections")),
        TO_DO,
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
        Field("size", "count", msg("Size in bytes"), "bytes"),
        Field("sha256", "text", msg("SHA-256")),
        Field("note", "text", msg("Read as")),
        Field("why", "text", msg("Why not all of it")),
    ),
)
_COLON = pmsg("between a name and what follows", ": ")
FIGURES_OF = {
    EvidenceKind.UNIVERSE: (Quantity.REGISTERED,),
    EvidenceKind.SIGNATURES: (Quantity.REGISTERED, Quantity.SIGNATURES),
    EvidenceKind.RECORDS: (*VOTERS, Quantity.PROXIES),
    EvidenceKind.EXPORTS: (Quantity.REGISTERED, Quantity.VOTES_FOUND, Quantity.BLANK),
    EvidenceKind.TABULATION: VOTERS,
    EvidenceKind.PUBLISHED: VOTERS,
}
"""The counts of each kind of evidence; a machine's come from its urn where there is no export."""
_PREFIXES = {
    EvidenceKind.UNIVERSE: "list",
    EvidenceKind.SIGNATURES: "sign_in",
    EvidenceKind.RECORDS: "record",
    EvidenceKind.EXPORTS: "machine",
    EvidenceKind.TABULATION: "tabulation",
    EvidenceKind.PUBLISHED: "published",
}
"""By kind of evidence, the start of its columns' names."""
_OF_PEOPLE = frozenset((Quantity.REGISTERED, Quantity.SIGNATURES, Quantity.PROXIES, Quantity.ABSTENTIONS))


def column(kind: EvidenceKind, quantity: Quantity) -> str:
    """Name of the column of one quantity in one kind of evidence."""
    return f"{_PREFIXES[kind]}_{quantity}"


def count_of(quantity: Quantity, name: str = "", title: Text = "") -> Field:
    """Column of a quantity, with its unit."""
    return Field(name or quantity, "count", title or quantity.label, "voters" if quantity in _OF_PEOPLE else "votes")


FIGURES = TableLayout(
    "figures",
    msg("Figures"),
    (
        INSEE,
        BUREAU,
        POLL,
        COMMUNE,
        DEPARTMENT,
        CONSTITUENCY,
        Field("counting", "text", msg("Counting")),
        *(
            count_of(quantity, column(kind, quantity), series((kind.label, quantity.label), _COLON))
            for kind, quantities in FIGURES_OF.items()
            for quantity in quantities
        ),
    ),
)
CORRECTIONS = TableLayout(
    "corrections",
    "Corrections",
    (
        CASE,
        Field("reading", "count", "number of the reading of an open case, from 1; null for a correction"),
        HOW_SURE,
        INSEE,
        BUREAU,
        POLL,
        PIECE,
        Field("source", "text", "file and row of the figure"),
        Field("field", "text", "count by its name, or the choice"),
        Field("was", "count", "figure that stands there", "voters or votes"),
        Field("becomes", "count", "figure that should stand there", "voters or votes"),
        Field("copied", "flag", "it only repeats a figure of the piece that the case blames"),
    ),
)
COMPARED = TableLayout(
    "compared",
    "Comparisons",
    (
        Field("quantity", "text", "quantity that is compared"),
        Field("left", "text", "one piece"),
        Field("right", "text", "the other piece"),
        Field("figures", "count", "figures that one of them has at least"),
        Field("compared", "count", "of these, compared"),
        Field("names", "count", "not compared: votes for choices of other names"),
        Field("blank", "count", "not compared: left blank or unreadable in one of them"),
        Field("no_row", "count", "not compared: one of them has nothing of the bureau"),
        Field("no_rule", "count", "not compared: no rule compares them"),
    ),
)
UNCOMPARED = TableLayout(
    "uncompared",
    "Figures compared with nothing",
    (
        Field("quantity", "text", "quantity"),
        PIECE,
        Field("figures", "count", "figures that no other contradicts, whatever they are"),
        Field("of", "count", "figures of this quantity in the piece"),
        Field("bounded", "count", "of the first, those within bounds"),
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
"""By column, the label of a code."""


def in_words(name: str, cells: Sequence[object], language: str) -> Sequence[object]:
    """Replace the codes of a column by their labels; a column without codes stays as it is."""
    label = _LABELS.get(name)
    if label is None:
        return cells
    words = {cell: show(language, label(cell)) if isinstance(cell, str) and cell else cell for cell in set(cells)}
    return [words[cell] for cell in cells]
