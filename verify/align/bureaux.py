"""The bureaux that there are: by the official list, else all that any evidence names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

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
from verify.model.bureau_codes import TextColumns
from verify.model.evidence import Repeat
from verify.model.figures import Bools, Ints, Texts, filled, starts_with_digit
from verify.model.published import Level
from verify.model.universe import Universe, find_units
from verify.read.sheet import Sheet, join_sheets
from verify.read.totals import names_total

MAX_BUREAUX = 100_000
"""Bureaux that a list may have, where a nation has 70,000: every array of figures is as long as it …"""
MAX_LINES = 150_000
"""… for each poll, and whatever lacks in one of these lines is a finding: with two polls there are 75,000 at most."""

Columns = dict[str, Texts | Ints]
"""Columns of a list of bureaux, as `universe_list.build` takes them."""
_NONE = np.zeros(0, np.str_)
_TEXTS = ("insee", "bureau", "commune", "departement", "circonscription")


def universe_of(files: Files) -> tuple[Universe, list[Repeat]]:
    """The official list, else the bureaux of all other evidence, each under the code of the source that is asked first.

    Codes that differ by their zeros only are of one bureau, if no file has both of them; it then has the longer one.

    Returns also the rows of the official list that name a bureau again. A source that fails is passed over.
    """
    official = files.sheets.get(night.UNIVERSE.kind)
    if official is not None:
        found = files.attempt(official.file, partial(_official_list, files, official))
        if found is not None:
            return found
    sources = list(_sources(files))
    nobody = {"insee": _NONE, "bureau": _NONE}
    return _with_one_name(_joined(files, sources)) if sources else universe_list.build([], [], nobody)[0], []


def _sources(files: Files) -> Iterator[BureauTable]:
    """All evidence that names bureaux, the best first; rows of no commune only where none before them has one."""
    communes = False
    for table in tables_of_bureaux(files):
        sheet = files.attempt(table.sheet.file, partial(_naming, table))
        if sheet is None:
            continue
        placed = filled(sheet.texts["insee"])
        sheet = sheet.some(placed) if communes and not placed.all() else sheet
        communes |= bool(placed.any())
        if len(sheet):
            yield replace(table, sheet=sheet)


def _naming(table: BureauTable) -> Sheet:
    """A table's statements on its bureaux; rows that name a total are of none."""
    sheet, name = table.sheet, Quantity.REGISTERED
    texts = TextColumns({name: sheet.texts[name] for name in _TEXTS if name in sheet.texts})
    counts = {name.value: sheet.counts[name]} if name in sheet.counts else {}
    sheet = replace(sheet, texts=texts, counts=counts, extra=TextColumns({}), lines={}, shares=())
    kept = starts_with_digit(texts["insee"]) & starts_with_digit(texts["bureau"])
    if kept.all() or table.result >= 0 or table.kind in DUMPS:
        return sheet
    for row in np.flatnonzero(~kept).tolist():
        kept[row] = not names_total(str(texts["insee"][row]), str(texts["bureau"][row]))
    return sheet.some(kept)


def _joined(files: Files, sources: Sequence[BureauTable]) -> Universe:
    """The bureaux of several sources, each as the first that names it has it, with what this one does not say."""
    first, *others = sources
    universe = _union(files, [first])
    # whose constituencies another source names, `divide_list` says of all bureaux alike
    further = [
        replace(each, sheet=each.sheet.without("circonscription"))
        for each in others
        if (universe.find(each.sheet.texts["insee"], each.sheet.texts["bureau"]) < 0).any()
    ]
    if further:
        universe = _union(files, [first, *further])
    for each in others:
        universe = _completed(universe, each)
    return universe


def _union(files: Files, sources: Sequence[BureauTable]) -> Universe:
    """The bureaux of several sources, each once, as the first of its rows has it."""
    whole = join_sheets([each.sheet for each in sources])
    source = np.repeat(np.arange(len(sources)), [len(each.sheet) for each in sources])
    owners = [(at, file) for at, each in enumerate(sources) for file in each.sheet.files]
    of_piece = [owners.index((at, piece.file)) for at, each in enumerate(sources) for piece in each.sheet.pieces]
    columns: Columns = {**whole.texts, **whole.counts}
    columns["bureau"] = with_one_code_each(whole.texts["insee"], whole.texts["bureau"], whole.piece_of)
    columns["counting"] = np.array([_counting(each) for each in sources], np.int64)[source]
    columns |= {"row": whole.row, "of": np.array(of_piece, np.int64)[whole.piece_of]}
    names, kinds = [file for _, file in owners], [sources[at].kind.piece for at, _ in owners]
    universe, again = _build(files, names, kinds, columns)
    naming = np.bincount(np.delete(source, again), minlength=len(sources)) > 0
    kept = [number for number, (at, _) in enumerate(owners) if naming[at]]
    return replace(
        universe,
        sources=tuple(names[at] for at in kept),
        pieces=tuple(kinds[at] for at in kept),
        of=np.searchsorted(kept, universe.of),
    )


def _counting(table: BureauTable) -> int:
    """The way in which its bureaux count, as far as the kind of evidence says it."""
    return universe_list.MACHINE if table.kind in DUMPS else universe_list.UNKNOWN


def _completed(universe: Universe, table: BureauTable) -> Universe:
    """A list with what a source says of its bureaux and the list does not."""
    texts = table.sheet.texts
    said: Columns = {"commune": texts.get("commune", _NONE), "department": texts.get("departement", _NONE)}
    for field, theirs in (said | {"counting": np.full(len(table.sheet), _counting(table))}).items():
        ours, rows = getattr(universe, field), np.flatnonzero(~_says_nothing(theirs))
        if not len(rows) or not _says_nothing(ours).any():
            continue
        unit = find_units(universe, texts["insee"], texts["bureau"])[rows]
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
