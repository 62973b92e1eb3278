"""Evidence that was read, before it is lined up; the polls of the day, and the constituencies of the bureaux."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from protocol import night
from protocol.election import Election
from protocol.errors import InputError
from protocol.words import Text, without_accents
from verify.model import machine_evidence
from verify.model.evidence import Sources
from verify.model.failures import Failure
from verify.model.figures import Texts, filled
from verify.model.published import Level, Published
from verify.model.table_faults import WrongShare
from verify.model.thresholds import Thresholds
from verify.model.universe import Universe
from verify.model.use import Input, archive_of
from verify.read.sheet import Sheet

if TYPE_CHECKING:
    from protocol.dumps.layouts import DumpReading
    from protocol.export.reading import ExportReading
    from protocol.urn.files import UrnReading
    from verify.model.follow_ups import FollowUp


@dataclass(slots=True)
class Files:
    """Evidence that was read, before it is lined up. ``name`` gives the name under which a path is shown.

    ``sources`` is what the user gave and asked for.
    ``way_up`` has the tables of the way up by their names in the folder of a night.
    """

    name: Callable[[Path], str]
    sources: Sources = field(default_factory=Sources)
    problems: list[InputError] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    election: Election | None = None
    sheets: dict[str, Sheet] = field(default_factory=dict)
    published: list[Published] = field(default_factory=list)
    reading: ExportReading | None = None
    urns: UrnReading | None = None
    manifest: dict[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    thresholds: Thresholds = field(default_factory=Thresholds)
    shares: list[WrongShare] = field(default_factory=list)
    other_round: Published | Sheet | None = None
    other_choices: Sheet | None = None
    follow_ups: list[FollowUp] = field(default_factory=list)
    dumps: tuple[DumpReading, ...] = ()
    way_up: dict[str, Sheet] = field(default_factory=dict)

    def note(self, file: str, said: Text) -> None:
        """Add to what is said of a file as it was read."""
        self.inputs[:] = [each.with_note(said) if each.path == archive_of(file) else each for each in self.inputs]


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
            place = (machine_evidence.text(images["insee"]), machine_evidence.text(images["bureau"]))
            name(night.URNS, number, *place, machine_evidence.text(images["constituency"][:, number - 1]))
        if files.reading is not None:
            whole = files.reading.columns[(files.reading.verdict == 0) & (files.reading.columns["poll"] == number)]
            place = (machine_evidence.text(whole["insee"]), machine_evidence.text(whole["bureau"]))
            name(night.EXPORTS, number, *place, machine_evidence.text(whole["constituency"]))
    if not sources:
        return universe
    columns = {
        number: np.array([found.get(unit, own) for unit, own in enumerate(universe.constituency.tolist())], np.str_)
        for number, found in areas.items()
    }
    return replace(universe, constituencies=columns, constituencies_from=", ".join(dict.fromkeys(sources)))


_NUMBERED = re.compile(r"(?<![a-z])(?:scrutin|poll)[ _-]*(?:n[o°]?[ ._-]*)?([1-5])(?![0-9])")
_WORD = re.compile(r"[a-z]{3,}")


def with_named_polls(sheet: Sheet, polls: Sequence[int], election: Election | None) -> Sheet:
    """A sheet with the number of a poll in each row that names it otherwise, or whose sheet or file does.

    Args:
        sheet: what an auditor gave.
        polls: numbers of the day's polls, several.
        election: what is said of the day, with the names of its polls.
    """
    words = _words_of_polls(election)
    cells = sheet.texts["scrutin"]
    by_text = {text: _poll_of(text, polls, words) for text in np.unique(cells).tolist()}
    of_piece = [_of_title(piece.sheet, piece.file, polls, words) for piece in sheet.pieces]
    given = np.array([text if night.is_poll(text) else by_text[text] for text in cells.tolist()], np.str_)
    titled = np.array(of_piece, np.str_)[sheet.piece_of]
    named = np.where(cells == "", titled, np.where(given == "", cells, given))
    return sheet if (named == cells).all() else sheet.with_texts("scrutin", named)


def numbers_of_titles(sheet: Sheet) -> set[int]:
    """The numbers of polls in the titles of a workbook's sheets, as « Scrutin 2 », where these name several."""
    titles = [_NUMBERED.search(without_accents(piece.sheet[:200])) for piece in sheet.pieces]
    found = {int(title[1]) for title in titles if title is not None}
    return found if len(found) > 1 else set()


def poll_of_file(file: str, election: Election | None) -> str:
    """The number of the poll that the name of a file says, else that of a folder in its path; empty for none."""
    polls = range(1, 6) if election is None else [poll.number for poll in election.polls]
    return _of_file(file, polls, _words_of_polls(election)) if len(polls) > 1 else ""


def _words_of_polls(election: Election | None) -> Mapping[int, frozenset[str]]:
    """By poll the words of its name and type that no other poll of the day has."""
    polls = () if election is None else election.polls
    words = {poll.number: _words(f"{poll.name} {poll.type}") for poll in polls}
    every = [word for of_poll in words.values() for word in of_poll]
    return {number: frozenset(word for word in of_poll if every.count(word) == 1) for number, of_poll in words.items()}


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(without_accents(text[:200])))


def _of_title(sheet: str, file: str, polls: Sequence[int], words: Mapping[int, frozenset[str]]) -> str:
    """The poll that the title of a sheet names, else the name of its file or of a folder."""
    return _poll_of(sheet, polls, words) or _of_file(file, polls, words)


def _of_file(file: str, polls: Sequence[int], words: Mapping[int, frozenset[str]]) -> str:
    """The poll that the name of a file says, else a folder that it is in within the night's, the nearest one first."""
    *folders, name = re.split(r"[/\\]", file)
    within = folders if folders and folders[0] and ":" not in folders[0] else []
    said = (_poll_of(text, polls, words) for text in (name.rpartition(".")[0], *reversed(within)))
    return next(filter(None, said), "")


def _poll_of(text: str, polls: Sequence[int], words: Mapping[int, frozenset[str]]) -> str:
    """The number of the only poll that a text names, empty for none: by its number, or by the beginning of a word."""
    if (found := _NUMBERED.search(without_accents(text[:200]))) is not None:
        return found[1] if int(found[1]) in polls else ""
    said = _words(text)
    meant = [poll for poll, own in words.items() if any(each.startswith(word) for word in said for each in own)]
    return str(meant[0]) if len(meant) == 1 else ""
