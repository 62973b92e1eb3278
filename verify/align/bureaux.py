"""The bureaux that there are: by the official list, else all that any evidence names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol import night
from protocol.errors import InputError, wrong_file
from protocol.evidence_kinds import DUMPS, EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Text, cited, msg
from verify.align.codes import with_one_code_each
from verify.align.communes import fuller, plain
from verify.align.files import (
    BureauTable,
    Files,
    sheet_of_exports,
    sheet_of_results,
    sheet_of_urns,
    tables_of_bureaux,
)
from verify.align.lined_tables import MOST, repeat
from verify.align.polls import polls_of
from verify.model import universe as universe_list
from verify.model.evidence import Repeat
from verify.model.failures import failure
from verify.model.figures import MISSING, Bools, Ints, Texts, filled, starts_with_digit
from verify.model.published import Level
from verify.model.universe import Universe, find_units
from verify.read.sheet import Sheet
from verify.read.totals import names_total

MAX_BUREAUX = 100_000
"""Bureaux that a list may have, where a nation has 70,000: every array of figures is as long as it …"""
MAX_LINES = 150_000
"""… for each poll, and whatever lacks in one of these lines is a finding: with two polls there are 75,000 at most."""

Columns = dict[str, Texts | Ints]
"""Columns of a list of bureaux, as `universe_list.build` takes them."""
_NO_BUREAU: Columns = {"insee": np.zeros(0, np.str_), "bureau": np.zeros(0, np.str_)}
_TEXTS = ("insee", "bureau", "commune", "departement", "circonscription")
_NOTHING = {"registered": MISSING, "row": MISSING, "counting": universe_list.UNKNOWN}
"""Sign for a number that a source does not say."""


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
    sources = list(_sources(files))
    return _with_one_name(_joined(files, sources)) if sources else universe_list.build([], [], _NO_BUREAU)[0], []


@dataclass(frozen=True, slots=True)
class _Source:
    """The rows of some evidence that name bureaux; ``n`` of them.

    Attributes:
        kind: the evidence that they are.
        files: its files.
        of, piece: index of the file, and of the file or sheet, that each row is in, shape ``(n,)``.
        columns: by name, shape ``(n,)`` each.
    """

    kind: EvidenceKind
    files: tuple[str, ...]
    of: Ints
    piece: Ints
    columns: Columns

    @property
    def codes(self) -> tuple[Texts, Texts]:
        """INSEE code and bureau of each row."""
        return np.asarray(self.columns["insee"], np.str_), np.asarray(self.columns["bureau"], np.str_)

    def column(self, name: str) -> Texts | Ints:
        """A column; empty, or what stands for nothing, where it has none of that name."""
        if name in self.columns:
            return self.columns[name]
        return np.full(len(self.of), _NOTHING.get(name, ""))

    def without_constituency(self) -> _Source:
        """The same without the constituencies: whose another source names, `divide_list` says of all bureaux alike."""
        return replace(self, columns={name: of for name, of in self.columns.items() if name != "circonscription"})

    def take(self, rows: Bools) -> _Source:
        """Some of its rows."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return replace(self, of=self.of[rows], piece=self.piece[rows], columns=columns)


def _sources(files: Files) -> Iterator[_Source]:
    """All evidence that names bureaux, the best first; rows of no commune only where none before them has one."""
    communes = False
    for table in tables_of_bureaux(files):
        try:
            source = _source_of(table)
        except Exception as error:
            files.failures.append(failure(table.sheet.file, error))
            continue
        placed = filled(source.codes[0])
        source = source.take(placed) if communes else source
        communes |= bool(placed.any())
        if len(source.of):
            yield source


def _source_of(table: BureauTable) -> _Source:
    sheet = table.sheet
    number = {file: index for index, file in enumerate(sheet.files)}
    columns: Columns = {name: sheet.texts[name] for name in _TEXTS if name in sheet.texts}
    columns["row"] = sheet.row
    if Quantity.REGISTERED in sheet.counts:
        columns["registered"] = sheet.counts[Quantity.REGISTERED]
    if table.kind in DUMPS:
        columns["counting"] = np.full(len(sheet), universe_list.MACHINE)
    of = np.array([number[piece.file] for piece in sheet.pieces], np.int64)[sheet.piece_of]
    source = _Source(table.kind.piece, sheet.files, of, sheet.piece_of, columns)
    return source if table.result >= 0 or table.kind in DUMPS else _without_totals(source)


def _joined(files: Files, sources: Sequence[_Source]) -> Universe:
    """The bureaux of several sources, each as the first that names it has it, with what this one does not say."""
    first, *others = sources
    universe = _union(files, [first])
    further = [each.without_constituency() for each in others if (universe.find(*each.codes) < 0).any()]
    if further:
        universe = _union(files, [first, *further])
    for each in others:
        universe = _completed(universe, each)
    return universe


def _union(files: Files, sources: Sequence[_Source]) -> Universe:
    """The bureaux of several sources, each once, as the first of its rows has it."""

    def below(parts: Sequence[Ints], sizes: Sequence[int]) -> Ints:
        """Indices of several sources one below the other, those of each behind those of the sources before it."""
        return np.concatenate([part + start for part, start in zip(parts, np.cumsum([0, *sizes[:-1]]), strict=True)])

    columns = sources[0].columns
    if len(sources) > 1:  # else its arrays are the list's, in which its rows are found at once
        every = dict.fromkeys(name for each in sources for name in each.columns)
        columns = {name: np.concatenate([each.column(name) for each in sources]) for name in every}
    source = np.repeat(np.arange(len(sources)), [len(each.of) for each in sources])
    piece = below([each.piece for each in sources], [int(each.piece.max()) + 1 for each in sources])
    insee, bureau = (np.asarray(columns[name], np.str_) for name in ("insee", "bureau"))
    of = below([each.of for each in sources], [len(each.files) for each in sources])
    columns = {**columns, "bureau": with_one_code_each(insee, bureau, piece), "of": of}
    names = [file for each in sources for file in each.files]
    kinds = [each.kind for each in sources for _ in each.files]
    universe, again = _build(files, names, kinds, columns)
    naming = np.bincount(np.delete(source, again), minlength=len(sources)) > 0
    kept = np.flatnonzero(np.repeat(naming, [len(each.files) for each in sources]))
    return replace(
        universe,
        sources=tuple(names[at] for at in kept.tolist()),
        pieces=tuple(kinds[at] for at in kept.tolist()),
        of=np.searchsorted(kept, universe.of),
    )


def _completed(universe: Universe, source: _Source) -> Universe:
    """A list with what a source says of its bureaux and the list does not."""
    for field, name in (("commune", "commune"), ("department", "departement"), ("counting", "counting")):
        ours, theirs = getattr(universe, field), source.column(name)
        rows = np.flatnonzero(~_says_nothing(theirs))
        if not len(rows) or not _says_nothing(ours).any():
            continue
        unit = find_units(universe, *source.codes)[rows]
        rows, unit = rows[unit >= 0], unit[unit >= 0]
        lacking = np.flatnonzero(_says_nothing(ours)[unit])[::-1]  # of several rows the first: it is written last
        if len(lacking):
            values = ours.astype(np.promote_types(ours.dtype, theirs.dtype))
            values[unit[lacking]] = theirs[rows[lacking]]
            universe = replace(universe, **{field: values})
    return universe


def _says_nothing(values: Texts | Ints) -> Bools:
    return np.asarray(values == ("" if values.dtype.kind == "U" else universe_list.UNKNOWN), np.bool_)


def _build(
    files: Files, sources: Sequence[str], pieces: Sequence[EvidenceKind], columns: Columns
) -> tuple[Universe, Ints]:
    """`universe_list.build` of as many bureaux as there may be: what is more is a problem."""
    universe, again = universe_list.build(sources, pieces, columns)
    most = min(MAX_BUREAUX, MAX_LINES // len(polls_of(files)))
    if len(universe) <= most:
        return universe, again
    got = msg("{universe}; the first are used", universe=len(universe))
    files.problems.append(wrong_file(" + ".join(sources), msg("at most {most} bureaux", most=most), got))
    end = np.delete(np.arange(len(columns["insee"])), again)[most]
    return universe_list.build(sources, pieces, {name: values[:end] for name, values in columns.items()})


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


def _official_list(files: Files, sheet: Sheet) -> tuple[Universe, list[Repeat]] | None:
    if not len(sheet):
        files.problems.append(wrong_file(sheet.file, msg("a list of bureaux"), msg("a header only")))
        return None
    counting, odd = universe_list.counting_of(sheet.coded("comptage"))
    for index in odd[:MOST]:
        got = cited(str(sheet.texts["comptage"][index]))
        files.problems.append(InputError(sheet.file, int(sheet.row[index]), "comptage", msg("machine or papier"), got))
    columns: Columns = {
        **{name: sheet.texts[name] for name in universe_list.TEXTS if name in sheet.texts},
        "registered": sheet.counts["registered"],
        "opening": sheet.counts["ouverture"],
        "closing": sheet.counts["cloture"],
        "counting": counting,
        "parts": universe_list.parts_of(sheet.coded("machine")),
        **{name: sheet.extra[name] for name in sheet.extra if name.startswith("circonscription_")},
        "row": sheet.row,
    }
    universe, again = _build(files, [sheet.file], [EvidenceKind.UNIVERSE], columns)
    if not len(again):
        return universe, []

    def named(at: int) -> Text:
        row = int(again[at])
        return msg("{place} again", place=f"{sheet.texts['insee'][row]} {sheet.texts['bureau'][row]}")

    return universe, [repeat(sheet.file, "bureau", msg("each bureau once"), sheet.row[again], named)]


def _without_totals(source: _Source) -> _Source:
    """Rows without those that name a total: what stands in for the official list has bureaux only."""
    insee, bureau = source.codes
    kept = np.asarray(starts_with_digit(insee) & starts_with_digit(bureau), np.bool_)
    for row in np.flatnonzero(~kept).tolist():
        kept[row] = not names_total(str(insee[row]), str(bureau[row]))
    return source if kept.all() else source.take(kept)


def divide_list(files: Files, universe: Universe, polls: tuple[int, ...]) -> Universe:
    """A list of bureaux that stands in for the official one, with the constituencies that other evidence names."""
    if universe.official or not len(universe) or universe.constituencies or filled(universe.constituency).all():
        return universe
    results = [sheet_of_results(each) for each in files.published if each.level is Level.BUREAU]
    sources: list[str] = []
    columns = {number: universe.constituency.astype(object) for number in polls}
    for number, areas in columns.items():
        urns = [] if files.urns is None else [sheet_of_urns(files.urns, number)]
        exports = [] if files.reading is None else [sheet_of_exports(files.reading, number)]
        for sheet in (*results, *urns, *exports):  # the machines' own come last, and stay
            cells = sheet.texts["circonscription"]
            unit = find_units(universe, sheet.texts["insee"], sheet.texts["bureau"])
            known = np.flatnonzero((unit >= 0) & (cells != ""))
            areas[unit[known]] = cells[known]
            sources += [sheet.file] if len(known) else []
    if not sources:
        return universe
    constituencies = {number: areas.astype(np.str_) for number, areas in columns.items()}
    named = ", ".join(dict.fromkeys(sources))
    return replace(universe, constituencies=constituencies, constituencies_from=named)
