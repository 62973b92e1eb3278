"""Which poll of a day with several the rows of an auditor's sheet are of: by cells, its title, or its file's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from protocol import night
from protocol.accents import without_accents
from protocol.election import Election
from verify.read.sheet import Sheet

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
