"""The rows of a town's list as bureaux: each cell a number within its bounds, or refused, or not there and assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from protocol.errors import InputError, RegardError
from protocol.words import Message, Text, cited, msg, nmsg, series
from regard.office import hours as hours_of_day
from regard.office.contents import PlannedBureau
from sim.queues.town import TownBureau
from verify.model.figures import BLANK
from verify.model.labels import field_label
from verify.read.counts import parse_count
from verify.read.tables.headers import find_meaning, key
from verify.read.tables.table import AuditorTable

MOST_REGISTERED, MOST_MACHINES, MOST_TABLES = 10_000, 20, 20
"""Of one bureau."""
_TOLD = 20
"""Cells of a list that are told, where they cannot be what their columns say."""
_LONGEST = {"bureau": 40, "commune": 80, "insee": 10}
"""Characters of a name."""


_OF_EVIDENCE = ("registered", "ouverture", "cloture")


ASSUMABLE = ("machines", "tables", "opening", "closing")
"""Fields of a bureau that a list may omit."""


class CellsRefused(RegardError):
    """Cells of a list that cannot be what their columns say, one a line, so that all can be put right.

    What stands in a column more than once, such as nothing, is told once.
    """

    def __init__(self, refused: Sequence[InputError]) -> None:
        first: dict[tuple[str | None, str, str], InputError] = {}
        for each in refused:
            first.setdefault((each.column, str(each.expected), str(each.got)), each)
        said: list[Text] = [each.message for each in list(first.values())[:_TOLD]]
        if more := len(refused) - len(said):
            said.append(nmsg("{count:n} more cell is wrong", "{count:n} more cells are wrong", more))
        super().__init__(series(said, "\n"))
        self.refused = refused


def rows_of_bureaux(
    table: AuditorTable,
    places: Mapping[str, list[str]],
    columns: Mapping[str, int],
    hours: tuple[int, int],
    paper: bool = False,
) -> tuple[list[PlannedBureau], list[Text]]:
    """The bureaux of a table, and what is said of those that are not to be planned.

    Args:
        table: of the list.
        places: ``insee``, ``commune`` and ``bureau`` of each row.
        columns: index of the columns that `regard.office.columns` knows.
        hours: opening and closing where the list does not say them.
        paper: whether bureaux without a machine are wanted as well.

    Raises:
        CellsRefused: cells cannot be what their columns say.
    """
    found: list[PlannedBureau] = []
    refused: list[InputError] = []
    at: dict[str, int] = {name: place for name, place in table.header.at.items() if name in _OF_EVIDENCE}
    without: list[str] = []
    on_paper: list[str] = []
    cells_of = [table.written(index) for index in range(len(table.header.cells))]
    for index, row in enumerate(zip(*cells_of, strict=True)):
        if index in table.totals:
            continue
        cells = _Cells(table, index, row, {**at, **columns}, refused)
        refused += _long_names(table, index, places)
        code = places["bureau"][index]
        machines = cells.count(MACHINES, 0, MOST_MACHINES)
        unplanned = machines == 0 and not paper
        registered = cells.count("registered", 0, MOST_REGISTERED, needed=not unplanned)
        tables = cells.count(TABLES, 1, MOST_TABLES)
        opening, closing = cells.hours()
        if unplanned:
            on_paper.append(code)
        elif registered == 0:
            without.append(code)
        elif registered is not None:
            given = (machines, tables, opening, closing)
            row_hours = (hours[0] if opening is None else opening, hours[1] if closing is None else closing)
            bureau = TownBureau(
                places["insee"][index],
                places["commune"][index],
                code,
                registered,
                1 if machines is None else machines,
                tables or 1,
                *row_hours,
            )
            assumed = tuple(each for each, value in zip(ASSUMABLE, given, strict=True) if value is None)
            found.append(PlannedBureau(bureau, assumed, int(table.rows.row[index])))
    if refused:
        raise CellsRefused(refused)
    return found, _not_planned(without, on_paper)


def _long_names(table: AuditorTable, index: int, places: Mapping[str, list[str]]) -> Iterator[InputError]:
    """Names that no screen and no page has room for."""
    for column, most in _LONGEST.items():
        if len(name := places[column][index]) > most:
            expected = msg("at most {most} characters", most=most)
            yield InputError(table.shown, int(table.rows.row[index]), column, expected, cited(name))


def _not_planned(without: list[str], paper: list[str]) -> list[Text]:
    said: list[Text] = []
    if without:
        said.append(
            nmsg(
                "bureau {bureaux}: no registered voters, not planned",
                "bureaux {bureaux}: no registered voters, not planned",
                len(without),
                bureaux=series(without),
            )
        )
    if paper:
        said.append(
            nmsg(
                "bureau {bureaux}: no machine, not planned",
                "bureaux {bureaux}: no machine, not planned",
                len(paper),
                bureaux=series(paper),
            )
        )
    return said


class _Cells:
    """The cells of one row, by what they mean; what cannot be is kept among the ``refused``."""

    def __init__(
        self, table: AuditorTable, index: int, row: Sequence[str], at: Mapping[str, int], refused: list[InputError]
    ) -> None:
        self._table, self._index, self._row, self._at, self._refused = table, index, row, at, refused

    def count(self, column: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """A whole number within bounds; None where the list does not say it, or is refused."""
        number = parse_count(self._cell(column))
        if number == BLANK and not needed:
            return None
        if low <= number <= high:
            return number
        self._refuse(column, msg("a whole number from {low} to {high}", low=low, high=high))
        return None

    def hours(self) -> tuple[int | None, int | None]:
        """Opening and closing, whole hours at which a bureau can be planned; each None as for `count`."""
        for column in (HOURS, "ouverture"):  # « Heures d'ouverture » can hold both
            cell = self._cell(column)
            both = hours_of_day.span(cell)
            if both is not None:
                return self._within(column, both[0]), self._within(column, both[1], closing=True)
            if column == HOURS and cell:
                self._refuse(column, msg("whole hours such as 8h-19h"))
                return None, None
        return self._one("ouverture"), self._one("cloture", closing=True)

    def _one(self, column: str, *, closing: bool = False) -> int | None:
        cell = self._cell(column)
        if not cell:
            return None
        hour = hours_of_day.hour(cell)
        if hour is None:
            self._refuse(column, msg("a whole hour such as 8h"))
            return None
        return self._within(column, hour, closing=closing)

    def _within(self, column: str, hour: int, *, closing: bool = False) -> int | None:
        low, high = hours_of_day.CLOSINGS if closing else hours_of_day.OPENINGS
        if low <= hour <= high:
            return hour
        if closing:
            self._refuse(column, msg("a closing from {low}h to {high}h", low=low, high=high))
            return None
        self._refuse(column, msg("an opening from {low}h to {high}h", low=low, high=high))
        return None

    def _cell(self, column: str) -> str:
        return self._row[self._at[column]] if column in self._at else ""

    def _refuse(self, column: str, expected: Text) -> None:
        header = self._table.header.cells[self._at[column]].strip()[:80]
        number = int(self._table.rows.row[self._index])
        self._refused.append(InputError(self._table.shown, number, header, expected, cited(self._cell(column))))


# --- Columns that the list of a town has and evidence has not: machines, tables, and both hours in one cell ---


MACHINES, TABLES, HOURS = "machines", "tables", "hours"
_WORDINGS = {
    MACHINES: (
        "machines", "machine", "nombre de machines", "machines à voter", "nombre de machines à voter", "nb machines",
        "nb MAV", "MAV", "machines de vote", "ordinateurs de vote", "machines électroniques", "voting machines",
        "number of machines",
    ),
    TABLES: (
        "tables", "table", "nombre de tables", "tables d'identification", "tables de contrôle", "tables d'émargement",
        "postes d'identification", "postes de contrôle", "points de contrôle",
        "tables d'identité", "points d'accueil", "tables de vote", "check-in tables",
        "desks", "number of tables",
    ),
    HOURS: (
        "horaires", "horaire", "heures de vote", "horaires d'ouverture", "horaires du scrutin", "plage horaire",
        "amplitude horaire", "amplitude", "ouverture-fermeture", "ouverture - fermeture", "ouverture/clôture", "hours",
        "opening hours", "voting hours",
    ),
}  # fmt: skip
_MEANING = {key(wording): column for column, wordings in _WORDINGS.items() for wording in wordings}
_SHORT = {
    "bureau": {key(each) for each in ("numéro", "n°", "num", "numéro du bureau de vote")},
    "registered": {key(each) for each in ("nb électeurs inscrits", "nombre d'électeurs inscrits", "nb d'inscrits")},
}
"""Headers too short or too free to be those of evidence."""
_LABELS: dict[str, Message] = {
    MACHINES: msg("voting machines"),
    TABLES: msg("tables at which identity is checked"),
    HOURS: msg("opening hours"),
}


def meaning(header: str) -> str | None:
    """Find which of the three columns a header means; None for none."""
    return _MEANING.get(key(header)) if header.strip() else None


def short_headers(head: Sequence[str]) -> dict[str, str]:
    """Interpret headers that only a list of bureaux has, by their `key`, unless another header means the same."""
    taken = {known[0] for cell in head if (known := find_meaning(cell)) is not None}
    return {
        key(cell): column
        for column, wordings in _SHORT.items()
        if column not in taken
        for cell in head
        if key(cell) in wordings
    }


def column_label(column: str) -> Text:
    """Content of a column, for people."""
    return _LABELS[column] if column in _LABELS else field_label(column)
