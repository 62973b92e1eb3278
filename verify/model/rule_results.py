"""Results of a rule: places at which it holds, with both figures. `verify.model.checks` makes findings of them.

A rule over counts gives `Where`, all units and polls at once; a rule that says one thing by itself gives `One`. Neither
names a severity, a level or a bureau: the rulebook and the list of bureaux have those. `Looked` says at which figures a
rule looked, whether it holds there or not; each `Where` has its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from protocol.evidence_kinds import EvidenceKind
from protocol.words import Text, msg
from verify.model.figures import Bools, Figures, Ints, Places, hits
from verify.model.labels import quantity_of
from verify.model.published import Level, Published


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two figures of a finding. Two are the same that have one value in one place.

    Attributes:
        source: where it stands.
        value: what stands there; None where nothing does.
        quantity: what it is a figure of, as `verify.model.labels` names it; empty: what the finding is about.
        piece: the evidence that it stands in; None for what is no evidence, such as a norm or a sum of many pieces.
    """

    source: str
    value: int | Text | None
    quantity: str = dataclasses.field(default="", compare=False)
    piece: EvidenceKind | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SideColumn:
    """One of the two figures of many findings.

    Attributes:
        values: counts or absences, shape ``(n,)``.
        places: where the figures of a table stand.
        at: an array of indices into ``places`` for each of its axes, shape ``(n,)`` each.
        quantity: as of a `Side`, the same for all.
    """

    values: Ints
    places: Places
    at: tuple[Ints, ...]
    quantity: str

    def sources(self, rows: Ints) -> list[str]:
        """Places of the figures of some rows, as shown."""
        return self.places.texts(*(axis[rows] for axis in self.at))

    def side(self, row: int) -> Side:
        """The figure of one row."""
        at = tuple(int(axis[row]) for axis in self.at)
        return Side(self.places.text(*at), int(self.values[row]), self.quantity, self.places.piece(*at))

    def pieces(self, rows: Ints) -> list[EvidenceKind | None]:
        """The evidence that the figures of some rows stand in."""
        return self.places.pieces_at(*(axis[rows] for axis in self.at))


@dataclass(frozen=True, slots=True)
class Named:
    """A place by the codes that a piece of evidence has for it, which need not be on the list; a poll by its number."""

    insee: str = ""
    bureau: str = ""
    poll: int = 0


def side_of(figures: Figures, *at: int) -> Side:
    """One of some figures."""
    return Side(figures.places.text(*at), int(figures.values[at]), figures.name, figures.places.piece(*at))


def side_at(figures: Figures, *at: int, value: int | Text | None, quantity: str = "") -> Side:
    """Something else that is said of the place of one of some figures: a time, a number of bureaux, a blank."""
    return Side(figures.places.text(*at), value, quantity, figures.places.piece(*at))


def percentage(text: str) -> Text | None:
    """A percentage with its decimal comma, in the language of the reader; None for none."""
    whole, comma, decimals = text.partition(",")
    return msg("{whole}.{decimals}", whole=whole, decimals=decimals) if comma else whole or None


def named(side: Side, field: Text) -> Side:
    """A side with its quantity, which is what the finding is about where it has none of its own."""
    return side if side.quantity else dataclasses.replace(side, quantity=quantity_of(field))


At = tuple[int, int] | Named
"""Subject of one finding: indices of a unit and of a poll, -1 for none of them; or codes."""


@dataclass(frozen=True, slots=True)
class One:
    """That a rule holds at one place.

    Attributes:
        field: what the two figures are of.
        code: of the rule; empty where the function has one only.
        case: of the cases that the rulebook has of the rule, by its name.
        level: what it is about; empty for the bureau where there is one, else the first other level of the rule.
        details: further values for the text.
    """

    at: At
    left: Side
    right: Side
    field: Text
    code: str
    case: str
    level: str
    details: dict[str, int | Text] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """Figures that a rule set side by side, equal or not. The ledger of comparisons is made of these.

    Attributes:
        code: of the rule; empty where the function has one only.
        figures: what was compared, all of one shape: units, polls, and choices for votes. None for whole tables.
        at: where all of them are known and the rule looked, in that shape; ``(n,)`` for n figures of tables.
        exact: whether any other figure would be found; False for a bound or a margin.
        tables: published files of a level above the bureau among those compared: name and level of each.
    """

    code: str
    figures: tuple[Figures, ...]
    at: Bools
    exact: bool
    tables: tuple[tuple[str, Level], ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """That a rule holds for many units and polls, as columns of shape ``(n,)``.

    Attributes:
        unit, poll: indices.
        field, code, case: as in `One`, the same for all.
        details: further values for the text, by name: one for each place, or a text that is the same for all.
        looked: at which figures the rule looked.
    """

    unit: Ints
    poll: Ints
    left: SideColumn
    right: SideColumn
    field: str
    code: str
    case: str
    details: Mapping[str, Ints | Sequence[str] | Text] = dataclasses.field(default_factory=dict)
    looked: Looked | None = None


Held = Where | One | Looked


def one(
    at: At,
    left: Side,
    right: Side,
    *,
    field: Text,
    code: str = "",
    case: str = "",
    level: str = "",
    **details: int | Text,
) -> One:
    """That a rule holds at one place; the attributes of `One`."""
    return One(at, named(left, field), named(right, field), field, code, case, level, details)


def look(*figures: Figures, among: Bools | None = None, code: str = "", exact: bool = True) -> Looked:
    """That a rule sets figures side by side, wherever all of them are known (within ``among``)."""
    at = reduce(np.logical_and, (each.known for each in figures))
    return Looked(code, figures, at if among is None else at & among, exact)


def look_at_tables(code: str, figures: int, *compared: Published) -> Looked:
    """That a rule looks at so many figures of tables, which are not lined up by bureau, or compares such tables."""
    tables = tuple((table.file, table.level) for table in compared if figures)
    return Looked(code, (), np.ones(figures, np.bool_), exact=True, tables=tables)


NOTHING = look_at_tables("", 0)
"""Of places that a rule says it looked at beside them."""


def where(
    mask: Bools,
    left: Figures,
    right: Figures,
    *,
    code: str = "",
    case: str = "",
    looked: Looked | None = None,
    **details: Figures | Sequence[str] | Text,
) -> Where:
    """That a rule holds for each unit and poll of a mask of shape ``(units, polls)``, which may be none.

    Args:
        mask: where it holds.
        left: the first figures to show; the field is their name.
        right: the second figures to show.
        code: as in `One`.
        case: as in `One`.
        looked: the figures that were compared; without it the two that are shown, which need not be equal.
        details: further values for the text: figures, a text for each hit, or one for all of them.
    """
    at = hits(mask)
    values = {name: each.values[at] if isinstance(each, Figures) else each for name, each in details.items()}
    one, other = (SideColumn(figures.values[at], figures.places, at, figures.name) for figures in (left, right))
    looked = look(left, right, code=code, exact=False) if looked is None else looked
    return Where(*at, one, other, left.name, code, case, values, looked)


def differ(left: Figures, right: Figures, among: Bools | None = None) -> Where:
    """Wherever two kinds of figures are both known and not equal (within ``among``)."""
    looked = look(left, right, among=among)
    return where(looked.at & (left.values != right.values), left, right, looked=looked)
