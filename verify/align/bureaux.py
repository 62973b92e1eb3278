"""The bureaux that there are: by the official list, else all that any evidence names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from protocol import night
from protocol.errors import InputError
from protocol.evidence_kinds import EvidenceKind
from protocol.transmission import StepUp
from protocol.words import Text, cited, msg
from verify.align.codes import told_apart, with_one_code_each
from verify.align.files import Files, fuller, plain, polls_of
from verify.align.lined_tables import MOST, repeat
from verify.model import machine_evidence
from verify.model import universe as universe_list
from verify.model.failures import failure
from verify.model.figures import MISSING, Bools, Ints, Texts, filled, starts_with_digit
from verify.model.published import Level, Published
from verify.model.table_faults import Repeat
from verify.model.universe import Universe, or_without_zeros
from verify.read.sheet import Sheet
from verify.read.totals import names_total

if TYPE_CHECKING:
    from protocol.export.reading import ExportReading
    from protocol.urn.files import UrnReading

MAX_BUREAUX = 100_000
"""Bureaux that a list may have, where a nation has 70,000: every array of figures is as long as it …"""
MAX_LINES = 150_000
"""… for each poll, and whatever lacks in one of these lines is a finding: with two polls there are 75,000 at most."""


def universe_of(files: Files) -> tuple[Universe, list[Repeat]]:
    """The official list, else the bureaux of all other evidence, each under the code of the source that is asked first.

    Codes that differ by their zeros only are of one bureau, if no file has both of them; it then has the longer one.

    Returns also the rows of the official list that name a bureau again. A source that fails is passed over.
    """
    official = files.sheets.get(night.UNIVERSE.kind)
    if official is not None:
        try:
            if (found := _official_list(files, official)) is not None:
                return found
        except Exception as error:
            files.failures.append(failure(official.file, error))
    union = _Union(files)
    for kind, sources, make in _with_bureaux(files):
        try:
            union.add(kind, sources, make())
        except Exception as error:
            files.failures.append(failure(", ".join(sources), error))
    return _with_one_name(union.universe), []


def _with_one_name(universe: Universe) -> Universe:
    """The list with each commune under one name: where it is written in several ways, the one that says most."""
    names = universe.commune
    of_first = names[universe.communes][universe.commune_number]
    odd = (names != of_first) & ~_says_nothing(names) & ~_says_nothing(of_first)
    if not odd.any():
        return universe
    ends = [*universe.communes[1:].tolist(), len(universe)]
    for commune in np.unique(universe.commune_number[odd]).tolist():
        units = slice(int(universe.communes[commune]), ends[commune])
        fullest: dict[str, str] = {}
        written = names[units].tolist()
        for name in written:
            fullest[plain(name)] = fuller(fullest.get(plain(name), name), name)
        one_name = np.array([fullest[plain(name)] for name in written], np.str_)
        names = names.astype(np.promote_types(names.dtype, one_name.dtype))
        names[units] = one_name
    return universe if names is universe.commune else replace(universe, commune=names)


Columns = dict[str, Texts | Ints]
"""Columns of a list of bureaux, as `universe_list.build` takes them."""


def _with_bureaux(files: Files) -> Iterator[tuple[EvidenceKind, tuple[str, ...], Callable[[], Columns]]]:
    """All evidence that names bureaux, the best first: its kind, its files, and what makes a list of them."""
    for table in (night.RECORDS, night.SIGNATURES):
        sheet = files.sheets.get(table.kind)
        if sheet is not None and len(sheet):
            yield table.kind, sheet.files, partial(_columns_of_sheet, sheet)
    for published in files.published:
        if published.level is Level.BUREAU and len(published.row):
            yield EvidenceKind.PUBLISHED, (published.file,), partial(_columns_of_published, published)
    if files.reading is not None:
        yield EvidenceKind.EXPORTS, (night.EXPORTS,), partial(_columns_of_exports, files.reading)
    if files.urns is not None:
        yield EvidenceKind.URNS, (night.URNS,), partial(_columns_of_urns, files.urns)
    for table in (night.VOTES, night.TABULATION):
        sheet = files.sheets.get(table.kind)
        if sheet is not None and len(sheet):
            yield table.kind.piece, sheet.files, partial(_columns_of_sheet, sheet)
    for step in StepUp:
        sheet = files.way_up.get(step.file)
        if sheet is not None and len(sheet):
            yield step.kind, sheet.files, partial(_columns_of_sheet, sheet)


class _Union:
    """The bureaux that several sources name, each once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._sources: list[str] = []
        self._pieces: list[EvidenceKind] = []
        self._columns: Columns = {"insee": np.zeros(0, np.str_), "bureau": np.zeros(0, np.str_)}
        self._universe: Universe | None = None

    @property
    def universe(self) -> Universe:
        """The list as it is by now."""
        if self._universe is None:
            return universe_list.build([], [], self._columns)[0]
        return self._universe

    def add(self, kind: EvidenceKind, sources: Sequence[str], columns: Columns) -> None:
        """Add the bureaux of some evidence, and what it says of those that are there already.

        Args:
            kind: of it.
            sources: its files; of several, the column ``of`` says which.
            columns: of its rows.
        """
        if not len(columns["insee"]):
            return
        if not self._sources:
            self._sources, self._pieces = [*sources], [kind] * len(sources)
            self._columns = columns
            self._build()
            return
        insee, bureau = np.asarray(columns["insee"], np.str_), np.asarray(columns["bureau"], np.str_)
        exact = self.universe.find(insee, bureau)
        unit = or_without_zeros(exact, self.universe, insee, bureau)
        unit = told_apart(unit, np.asarray((exact < 0) & (unit >= 0), np.bool_), bureau)
        new = unit < 0
        if new.any() and filled(self.universe.insee).any():  # a bureau of no commune is none of theirs
            new &= filled(insee)
        changed = self._filled_in(columns, unit)
        renamed = self._renamed(bureau, unit, (exact < 0) & (unit >= 0))
        rows = np.flatnonzero(new)
        if len(rows):
            self._append(columns, rows)
            self._sources, self._pieces = [*self._sources, *sources], [*self._pieces, *[kind] * len(sources)]
        if changed or renamed or len(rows):
            self._build()

    def _build(self) -> None:
        columns = _within_bounds(self._files, " + ".join(self._sources), self._columns)
        self._universe = universe = universe_list.build(self._sources, self._pieces, columns)[0]
        self._columns = {
            "insee": universe.insee,
            "bureau": universe.bureau,
            "commune": universe.commune,
            "departement": universe.department,
            "circonscription": universe.constituency,
            "registered": universe.registered,
            "counting": universe.counting,
            "row": universe.row,
            "of": universe.of,
        }

    def _filled_in(self, columns: Columns, unit: Ints) -> bool:
        """Fill in what the list does not say of its bureaux, by a source's rows; whether there was anything."""
        changed = False
        for name in ("commune", "departement", "counting"):
            if name not in columns:
                continue
            ours, theirs = self._columns[name], columns[name]
            rows = np.flatnonzero((unit >= 0) & ~_says_nothing(theirs))
            rows = rows[_says_nothing(ours)[unit[rows]]][::-1]
            if len(rows):
                values = ours.astype(np.promote_types(ours.dtype, theirs.dtype))
                values[unit[rows]] = theirs[rows]  # of several rows the first: it is written last
                self._columns[name], changed = values, True
        return changed

    def _renamed(self, bureau: Texts, unit: Ints, by_zeros: Bools) -> bool:
        """Give bureaux the longer one of two codes that differ by their zeros; whether there was any."""
        rows, ours = np.flatnonzero(by_zeros), self.universe.bureau
        rows = rows[np.strings.str_len(bureau[rows]) > np.strings.str_len(ours[unit[rows]])]
        rows = rows[np.strings.lstrip(bureau[rows], "0") == np.strings.lstrip(ours[unit[rows]], "0")]
        if len(rows):
            codes = ours.astype(np.promote_types(ours.dtype, bureau.dtype))
            codes[unit[rows]] = bureau[rows]
            self._columns["bureau"] = codes
        return bool(len(rows))

    def _append(self, columns: Columns, rows: Ints) -> None:
        """Add some rows of a source."""
        # whose constituency another source names, `lists.divide_list` says of all bureaux alike
        columns = {name: values[rows] for name, values in columns.items() if name != "circonscription"}
        columns["of"] = np.asarray(columns.get("of", np.zeros(len(rows), np.int64)), np.int64) + len(self._sources)
        for name, values in self._columns.items():
            nothing = np.full(len(rows), "" if values.dtype.kind == "U" else _NOTHING.get(name, 0), values.dtype)
            self._columns[name] = np.concatenate([values, columns.get(name, nothing)])


_NOTHING = {"registered": MISSING, "counting": universe_list.UNKNOWN, "row": MISSING}
"""Sign for a number that a source does not say."""


def _says_nothing(values: Texts | Ints) -> Bools:
    return np.asarray(values == ("" if values.dtype.kind == "U" else universe_list.UNKNOWN), np.bool_)


def _official_list(files: Files, sheet: Sheet) -> tuple[Universe, list[Repeat]] | None:
    if not len(sheet):
        files.problems.append(InputError(sheet.file, None, None, msg("a list of bureaux"), msg("a header only")))
        return None
    counting, odd = universe_list.counting_of(sheet.coded("comptage"))
    for index in odd[:MOST]:
        got = cited(str(sheet.texts["comptage"][index]))
        files.problems.append(InputError(sheet.file, int(sheet.row[index]), "comptage", msg("machine or papier"), got))
    columns: Columns = {
        **_places(sheet),
        "registered": sheet.counts["registered"],
        "opening": sheet.counts["ouverture"],
        "closing": sheet.counts["cloture"],
        "counting": counting,
        "parts": universe_list.parts_of(sheet.coded("machine")),
        **{name: sheet.extra[name] for name in sheet.extra if name.startswith("circonscription_")},
        "row": sheet.row,
    }
    universe, again = universe_list.build(
        [sheet.file], EvidenceKind.UNIVERSE, _within_bounds(files, sheet.file, columns)
    )
    if not len(again):
        return universe, []

    def named(at: int) -> Text:
        row = int(again[at])
        return msg("{place} again", place=f"{sheet.texts['insee'][row]} {sheet.texts['bureau'][row]}")

    return universe, [repeat(sheet.file, "bureau", msg("each bureau once"), sheet.row[again], named)]


def _places(sheet: Sheet) -> dict[str, Texts]:
    return {name: sheet.texts[name] for name in universe_list.TEXTS if name in sheet.texts}


def _columns_of_sheet(sheet: Sheet) -> Columns:
    columns: Columns = {**_places(sheet), "row": sheet.row}
    if sheet.piece is not None:
        of_piece = {file: index for index, file in enumerate(sheet.files)}
        columns["of"] = np.array([of_piece[piece.file] for piece in sheet.pieces], np.int64)[sheet.piece]
        columns["bureau"] = with_one_code_each(sheet.texts["insee"], sheet.texts["bureau"], sheet.piece)
    if "registered" in sheet.counts:
        columns["registered"] = sheet.counts["registered"]
    return _without_totals(columns)


def _columns_of_published(published: Published) -> Columns:
    columns: Columns = {
        "insee": published.insee,
        "bureau": published.bureau,
        "commune": published.commune,
        "departement": published.department,
        "circonscription": published.constituency,
        "registered": published.counts["registered"],
        "row": published.row,
    }
    return columns


def _columns_of_exports(reading: ExportReading) -> Columns:
    whole = reading.columns[reading.verdict == 0]
    return _columns_of_dumps(whole, whole["constituency"])


def _columns_of_urns(urns: UrnReading) -> Columns:
    images = urns.urns.columns[urns.urns.columns["verdict"] == 0]
    return _columns_of_dumps(images, images["constituency"][:, 0])


def _columns_of_dumps(columns: npt.NDArray[np.void], constituency: npt.NDArray[np.bytes_]) -> Columns:
    return {
        "insee": machine_evidence.text(columns["insee"]),
        "bureau": machine_evidence.text(columns["bureau"]),
        "circonscription": machine_evidence.text(constituency),
        "registered": np.asarray(columns["registered"], np.int64),
        "counting": np.full(len(columns), universe_list.MACHINE),
    }


def _within_bounds(files: Files, source: str, columns: Columns) -> Columns:
    """The columns of as many bureaux as there may be: what is more is a problem."""
    most = min(MAX_BUREAUX, MAX_LINES // len(polls_of(files)))
    if len(columns["insee"]) > most:
        universe = universe_list.build((), (), {name: columns[name] for name in ("insee", "bureau")})[0]
        if len(universe) > most:
            got = msg("{universe}; the first are used", universe=len(universe))
            files.problems.append(InputError(source, None, None, msg("at most {most} bureaux", most=most), got))
            return {name: values[:most] for name, values in columns.items()}
    return columns


def _without_totals(columns: Columns) -> Columns:
    """Columns without the rows that name a total: what stands in for the official list has bureaux only."""
    insee, bureau = np.asarray(columns["insee"], np.str_), np.asarray(columns["bureau"], np.str_)
    with_digits = starts_with_digit(insee) & starts_with_digit(bureau)
    if with_digits.all():
        return columns
    kept = np.ones(len(insee), np.bool_)
    for row in np.flatnonzero(~with_digits).tolist():
        kept[row] = not names_total(str(insee[row]), str(bureau[row]))
    return {name: values[kept] for name, values in columns.items()}
