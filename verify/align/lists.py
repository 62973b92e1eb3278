"""What was read, before it is lined up; which polls there are, and in which constituencies the bureaux vote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from protocol import night
from protocol.election import Election
from protocol.errors import InputError
from verify.align.named_polls import numbers_of_titles
from verify.model import exports as export_lines
from verify.model.amiss import WrongShare
from verify.model.evidence import Sources
from verify.model.failures import Failure
from verify.model.figures import Texts, filled
from verify.model.published import Level, Published
from verify.model.thresholds import Thresholds
from verify.model.universe import Universe
from verify.model.use import Input
from verify.read.sheet import Sheet

if TYPE_CHECKING:
    from protocol.dumps.layouts import DumpReading
    from protocol.export.reading import ExportReading
    from protocol.urn.files import UrnReading
    from verify.model.follow_ups import FollowUp


@dataclass(slots=True)
class Files:
    """What was read, before it is lined up. ``name`` gives the name under which a path is shown.

    ``sources`` is what the user gave and asked for.
    ``way_up`` has the tables of the way up by their names in the folder of a night.
    """

    name: Callable[[Path], str]
    problems: list[InputError]
    inputs: list[Input]
    election: Election | None
    sheets: dict[str, Sheet]
    published: list[Published]
    reading: ExportReading | None
    urns: UrnReading | None
    manifest: dict[str, str]
    present: frozenset[str]
    thresholds: Thresholds
    failures: list[Failure]
    shares: list[WrongShare] = field(default_factory=list)
    other_round: Published | Sheet | None = None
    other_choices: Sheet | None = None
    follow_ups: list[FollowUp] = field(default_factory=list)
    dumps: tuple[DumpReading, ...] = ()
    way_up: dict[str, Sheet] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)


def polls_of(files: Files) -> tuple[int, ...]:
    """The numbers of the day's polls: as the election has them, else as the evidence names them."""
    if files.election is not None:
        return tuple(poll.number for poll in files.election.polls)
    found: set[int] = set()
    for sheet in files.sheets.values():
        if "scrutin" in sheet.texts:
            found |= {int(poll) for poll in sheet.coded("scrutin").labels if night.is_poll(poll)}
            found |= numbers_of_titles(sheet)
    if files.reading is not None:
        found |= set(np.unique(files.reading.columns["poll"][files.reading.verdict == 0]).tolist())
    if files.urns is not None:
        images = files.urns.urns.columns
        found |= set((np.flatnonzero((images["choices"][images["verdict"] == 0] > 0).any(axis=0)) + 1).tolist())
    return tuple(sorted(found)) or (1,)


def divide_list(files: Files, universe: Universe, polls: tuple[int, ...]) -> Universe:
    """A list of bureaux that stands in for the official one, with the constituencies that other evidence names."""
    if universe.official or not len(universe) or universe.constituencies or filled(universe.constituency).all():
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
        if files.urns is not None:
            images = files.urns.urns.columns
            images = images[images["verdict"] == 0]
            place = (export_lines.text(images["insee"]), export_lines.text(images["bureau"]))
            name(night.URNS, number, *place, export_lines.text(images["constituency"][:, number - 1]))
        if files.reading is not None:
            whole = files.reading.columns[(files.reading.verdict == 0) & (files.reading.columns["poll"] == number)]
            place = (export_lines.text(whole["insee"]), export_lines.text(whole["bureau"]))
            name(night.EXPORTS, number, *place, export_lines.text(whole["constituency"]))
    if not sources:
        return universe
    columns = {
        number: np.array([found.get(unit, own) for unit, own in enumerate(universe.constituency.tolist())], np.str_)
        for number, found in areas.items()
    }
    return replace(universe, constituencies=columns, constituencies_from=", ".join(dict.fromkeys(sources)))
