"""The lists that everything is lined up with: bureaux, polls and choices, or what stands in for the official ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from protocol import night
from protocol.errors import InputError
from protocol.words import msg
from verify.align.lined_votes import MOST
from verify.model import exports as export_lines
from verify.model import universe as universe_list
from verify.model.evidence import Input
from verify.model.failures import Failure, failure
from verify.model.figures import Ints, Texts, starts_with_digit
from verify.model.published import Level, Published
from verify.model.thresholds import Thresholds
from verify.model.universe import Universe
from verify.read.sheet import Sheet
from verify.read.tables.headers import names_total

if TYPE_CHECKING:
    from protocol.export.reading import Reading
    from protocol.urn.files import ModuleReading

MAX_BUREAUX = 100_000
"""Bureaux that a list may have, where a nation has 70,000: every array of figures is as long as it …"""
MAX_LINES = 150_000
"""… for each poll, and whatever lacks in one of these lines is a finding: with two polls there are 75,000 at most."""


@dataclass(slots=True)
class Files:
    """What was read, before it is lined up. ``name`` gives the name under which a path is shown."""

    name: Callable[[Path], str]
    problems: list[InputError]
    inputs: list[Input]
    election: night.Election | None
    sheets: dict[str, Sheet]
    published: list[Published]
    reading: Reading | None
    modules: ModuleReading | None
    manifest: dict[str, str]
    present: frozenset[str]
    thresholds: Thresholds
    failures: list[Failure]
    other_round: Published | Sheet | None = None
    other_choices: Sheet | None = None


def polls_of(files: Files) -> tuple[int, ...]:
    """The numbers of the day's polls: as the election has them, else as the evidence names them."""
    if files.election is not None:
        return tuple(poll.number for poll in files.election.polls)
    found: set[int] = set()
    for sheet in files.sheets.values():
        if "scrutin" in sheet.texts:
            found |= {int(poll) for poll in sheet.coded("scrutin").labels if is_poll(poll)}
    if files.reading is not None:
        found |= set(np.unique(files.reading.columns["poll"][files.reading.verdict == 0]).tolist())
    if files.modules is not None:
        images = files.modules.modules.columns
        found |= set((np.flatnonzero((images["choices"][images["verdict"] == 0] > 0).any(axis=0)) + 1).tolist())
    return tuple(sorted(found)) or (1,)


def universe_of(files: Files) -> tuple[Universe, list[InputError]]:
    """The official list, or what stands in for it: the first other evidence that names bureaux.

    Returns also the rows of the official list that name a bureau again. A source that fails is passed over.
    """
    for source, make in _with_bureaux(files):
        try:
            found = make()
        except Exception as error:
            files.failures.append(failure(source, error))
        else:
            if found is not None:
                return found
    return universe_list.build("", False, {"insee": np.zeros(0, np.str_), "bureau": np.zeros(0, np.str_)})[0], []


Listed = tuple[Universe, list[InputError]]


def _with_bureaux(files: Files) -> Iterator[tuple[str, Callable[[], Listed | None]]]:
    """Every source of a list of bureaux, the best first, and what makes the list of it or says that it has none."""
    official = files.sheets.get(night.UNIVERSE.file)
    if official is not None:
        yield official.file, partial(_official_list, files, official)
    for table in (night.RECORDS, night.SIGNATURES):
        sheet = files.sheets.get(table.file)
        if sheet is not None and len(sheet):
            yield sheet.file, partial(_list_of_sheet, files, sheet)
    for published in files.published:
        if published.level is Level.BUREAU and len(published.row):
            yield published.file, partial(_list_of_published, files, published)
    if files.reading is not None:
        yield night.EXPORTS, partial(_list_of_exports, files, files.reading)
    if files.modules is not None:
        yield night.MODULES, partial(_list_of_modules, files, files.modules)
    sheet = files.sheets.get(night.VOTES.file)
    if sheet is not None:
        yield sheet.file, partial(_list_of_sheet, files, sheet)


def _official_list(files: Files, sheet: Sheet) -> Listed | None:
    if not len(sheet):
        files.problems.append(InputError(sheet.file, None, None, msg("a list of bureaux"), msg("a header only")))
        return None
    counting, odd = universe_list.counting_of(sheet.coded("comptage"))
    for index in odd[:MOST]:
        got = repr(str(sheet.texts["comptage"][index]))
        files.problems.append(InputError(sheet.file, int(sheet.row[index]), "comptage", msg("machine or papier"), got))
    columns: dict[str, Texts | Ints] = {
        **_places(sheet),
        "registered": sheet.counts["registered"],
        "opening": sheet.counts["ouverture"],
        "closing": sheet.counts["cloture"],
        "counting": counting,
        "parts": universe_list.parts_of(sheet.coded("machine")),
        **{name: sheet.extra[name] for name in sheet.extra if name.startswith("circonscription_")},
        "row": sheet.row,
    }
    universe, again = _built(files, sheet.file, True, columns)
    return universe, [
        InputError(
            sheet.file,
            int(sheet.row[index]),
            "bureau",
            msg("each bureau once"),
            msg("{place} again", place=f"{sheet.texts['insee'][index]} {sheet.texts['bureau'][index]}"),
        )
        for index in again.tolist()
    ]


def _places(sheet: Sheet) -> dict[str, Texts]:
    return {name: sheet.texts[name] for name in universe_list.TEXTS if name in sheet.texts}


def _list_of_sheet(files: Files, sheet: Sheet) -> Listed:
    columns: dict[str, Texts | Ints] = {**_places(sheet), "row": sheet.row}
    if "registered" in sheet.counts:
        columns["registered"] = sheet.counts["registered"]
    return _built(files, sheet.file, False, _without_totals(columns))[0], []


def _list_of_published(files: Files, published: Published) -> Listed:
    columns: dict[str, Texts | Ints] = {
        "insee": published.insee,
        "bureau": published.bureau,
        "commune": published.commune,
        "departement": published.department,
        "circonscription": published.constituency,
        "registered": published.counts["registered"],
        "row": published.row,
    }
    return _built(files, published.file, False, columns)[0], []


def _list_of_exports(files: Files, reading: Reading) -> Listed | None:
    whole = reading.columns[reading.verdict == 0]
    columns: dict[str, Texts | Ints] = {
        "insee": export_lines.text(whole["insee"]),
        "bureau": export_lines.text(whole["bureau"]),
        "circonscription": export_lines.text(whole["constituency"]),
        "registered": whole["registered"],
        "counting": np.full(len(whole), universe_list.MACHINE),
    }
    return (_built(files, night.EXPORTS, False, columns)[0], []) if len(whole) else None


def _list_of_modules(files: Files, modules: ModuleReading) -> Listed | None:
    images = modules.modules.columns
    images = images[images["verdict"] == 0]
    columns: dict[str, Texts | Ints] = {
        "insee": export_lines.text(images["insee"]),
        "bureau": export_lines.text(images["bureau"]),
        "circonscription": export_lines.text(np.ascontiguousarray(images["constituency"][:, 0])),
        "registered": images["registered"],
        "counting": np.full(len(images), universe_list.MACHINE),
    }
    return (_built(files, night.MODULES, False, columns)[0], []) if len(images) else None


def divided(files: Files, universe: Universe, polls: tuple[int, ...]) -> Universe:
    """A list of bureaux that stands in for the official one, with the constituencies that other evidence names."""
    if universe.official or not len(universe) or universe.constituencies or (universe.constituency != "").any():
        return universe
    areas: dict[int, dict[int, str]] = {number: {} for number in polls}
    sources: list[str] = []

    def name(source: str, number: int, insee: Texts, bureau: Texts, cells: Texts) -> None:
        unit = universe.find(insee, bureau)
        known = np.flatnonzero((unit >= 0) & (cells != ""))
        areas[number].update(zip(unit[known].tolist(), cells[known].tolist(), strict=True))
        sources.extend([source] if len(known) else [])

    for number in polls:  # the machines' own come last, and stay
        for published in files.published:
            if published.level is Level.BUREAU:
                name(published.file, number, published.insee, published.bureau, published.constituency)
        if files.modules is not None:
            images = files.modules.modules.columns
            images = images[images["verdict"] == 0]
            place = (export_lines.text(images["insee"]), export_lines.text(images["bureau"]))
            name(night.MODULES, number, *place, export_lines.text(images["constituency"][:, number - 1]))
        if files.reading is not None:
            whole = files.reading.columns[(files.reading.verdict == 0) & (files.reading.columns["poll"] == number)]
            place = (export_lines.text(whole["insee"]), export_lines.text(whole["bureau"]))
            name(night.EXPORTS, number, *place, export_lines.text(whole["constituency"]))
    if not sources:
        return universe
    columns = {
        number: np.array([found.get(unit, "") for unit in range(len(universe))], np.str_)
        for number, found in areas.items()
    }
    return replace(universe, constituencies=columns, constituencies_from=", ".join(dict.fromkeys(sources)))


def _built(files: Files, source: str, official: bool, columns: dict[str, Texts | Ints]) -> tuple[Universe, Ints]:
    most = min(MAX_BUREAUX, MAX_LINES // (len(files.election.polls) if files.election is not None else 1))
    if len(columns["insee"]) > most:
        universe, again = universe_list.build(source, official, columns)
        if len(universe) <= most:
            return universe, again
        got = msg("{universe}; the first are used", universe=len(universe))
        files.problems.append(InputError(source, None, None, msg("at most {most} bureaux", most=most), got))
        columns = {name: values[:most] for name, values in columns.items()}
    return universe_list.build(source, official, columns)


def _without_totals(columns: dict[str, Texts | Ints]) -> dict[str, Texts | Ints]:
    """Columns without the rows that name a total: what stands in for the official list has bureaux only."""
    insee, bureau = np.asarray(columns["insee"], np.str_), np.asarray(columns["bureau"], np.str_)
    with_digits = starts_with_digit(insee) & starts_with_digit(bureau)
    if with_digits.all():
        return columns
    kept = np.ones(len(insee), np.bool_)
    for row in np.flatnonzero(~with_digits).tolist():
        kept[row] = not names_total(str(insee[row]), str(bureau[row]))
    return {name: values[kept] for name, values in columns.items()}


def is_poll(text: str) -> bool:
    """Whether a text is the number of a poll."""
    return text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 5 and len(text) <= 2
