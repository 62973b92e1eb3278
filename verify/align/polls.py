"""Polls of the day: which there are, and of which one a table or a row is, by its number, its name or its title.

Nothing is guessed: with two polls a row, its sheet or its file must say which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from protocol import night
from protocol.election import Election
from protocol.evidence_kinds import EvidenceKind
from protocol.quantities import Quantity
from protocol.words import Text, cited, msg, nmsg, series, without_accents
from verify.align.files import Files
from verify.align.lined_tables import MOST, by_piece, unknown_poll
from verify.model.contests import match
from verify.model.evidence import NO_POLL, LinedEvidence, OtherPoll
from verify.model.figures import Bools, Ints
from verify.model.identity import StatedElection
from verify.model.published import Published
from verify.model.use import ColumnMissing
from verify.read.sheet import Sheet
from verify.read.totals import names_total


def polls_of(files: Files) -> tuple[int, ...]:
    """The numbers of the day's polls: as the election has them, else as the evidence names them."""
    if files.election is not None:
        return tuple(poll.number for poll in files.election.polls)
    found: set[int] = set()
    for sheet in files.sheets.values():
        if "scrutin" in sheet.texts:
            found |= {int(poll) for poll in sheet.coded("scrutin").labels if night.is_poll(poll)}
            found |= _numbers_of_titles(sheet)
    if files.reading is not None:
        found |= set(np.unique(files.reading.columns["poll"][files.reading.verdict == 0]).tolist())
    if files.urns is not None:
        images = files.urns.urns.columns
        found |= set((np.flatnonzero((images["choices"][images["verdict"] == 0] > 0).any(axis=0)) + 1).tolist())
    return tuple(sorted(found)) or tuple(sorted(_named_in(files))) or (1,)


_ON_ONE_DAY = frozenset(("muni", "regi", "dpmt", "cant"))
"""Kinds of elections that are held together."""


def _named_in(files: Files) -> dict[int, str]:
    """Number the polls of a day that tables name and no `election.toml`, in the order of the alphabet."""
    sheets = [sheet for sheet in files.sheets.values() if "scrutin" in sheet.texts]
    labels = {label for sheet in sheets for label in sheet.coded("scrutin").labels if label}
    kinds = {StatedElection.of_text(label).kind: label for label in sorted(labels)}
    days = {StatedElection.of_text(label).year for label in labels} - {0}
    if len(kinds) < 2 or len(days) > 1 or not kinds.keys() <= _ON_ONE_DAY:
        return {}
    return dict(enumerate(sorted(kinds.values()), 1))


_NUMBERED = re.compile(r"(?<![a-z])(?:(?:scrutin|poll)[ _-]*(?:n[o°]?[ ._-]*)?|publie\.)([1-5])(?![0-9a-z])")
_WORD = re.compile(r"[a-z]{3,}")


def _with_named_polls(sheet: Sheet, polls: Sequence[int], words: Mapping[int, frozenset[str]]) -> Sheet:
    """A sheet with the number of a poll in each row that names it otherwise, or whose sheet or file does.

    Args:
        sheet: what an auditor gave.
        polls: numbers of the day's polls, several.
        words: of each poll.
    """
    cells = sheet.texts["scrutin"]
    by_text = {text: _poll_of(text, polls, words) for text in np.unique(cells).tolist()}
    of_piece = [_poll_of(piece.sheet, polls, words) or _of_file(piece.file, polls, words) for piece in sheet.pieces]
    given = np.array([text if night.is_poll(text) else by_text[text] for text in cells.tolist()], np.str_)
    titled = np.array(of_piece, np.str_)[sheet.piece_of]
    named = np.where(cells == "", titled, np.where(given == "", cells, given))
    return sheet if (named == cells).all() else sheet.with_texts("scrutin", named)


def _numbers_of_titles(sheet: Sheet) -> set[int]:
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
    return _own_words({poll.number: f"{poll.name} {poll.type}" for poll in polls})


def _own_words(names: Mapping[int, str]) -> Mapping[int, frozenset[str]]:
    words = {number: _words(name) for number, name in names.items()}
    every = [word for of_poll in words.values() for word in of_poll]
    return {number: frozenset(word for word in of_poll if every.count(word) == 1) for number, of_poll in words.items()}


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(without_accents(text[:200])))


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


def with_polls(sheet: Sheet, polls: Sequence[int], files: Files) -> Sheet:
    """A sheet with the only poll of the day in each of its pieces that names none, or one by its name only."""
    scrutin = sheet.coded("scrutin")
    if all(map(night.is_poll, scrutin.labels)):
        return sheet
    election = files.election
    if len(polls) > 1:
        named = {} if election is not None else _named_in(files)
        for piece in sheet.pieces if named else ():
            said = (msg("poll {number}: {name}", number=number, name=name) for number, name in named.items())
            files.note(piece.file, series(said, msg("; ")))
        return _with_named_polls(sheet, polls, _own_words(named) if named else _words_of_polls(election))
    least, most = np.full(len(sheet.pieces), len(scrutin.labels)), np.full(len(sheet.pieces), -1)
    np.minimum.at(least, sheet.piece_of, scrutin.codes)
    np.maximum.at(most, sheet.piece_of, scrutin.codes)
    several = (least != most)[sheet.piece_of]  # else there is nothing, or the name of the election in every row
    if several.any():
        sheet = _with_named_polls(sheet, polls, _words_of_polls(election))
        scrutin = sheet.coded("scrutin")
    kept = several | scrutin.marks(night.is_poll)
    return sheet.with_texts("scrutin", np.where(kept, sheet.texts["scrutin"], str(polls[0])))


def polls_of_rows(evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet, unit: Ints) -> Ints:
    """The index of every row's poll, -1 for none of this day; rows of none are reported.

    Args:
        evidence: the polls; is told of the rows of no poll.
        kind: of evidence.
        sheet: the table.
        unit: index of the bureau of each row, -1 for none.
    """
    scrutin = sheet.coded("scrutin")
    numbers = {number: at for at, number in enumerate(evidence.polls)}
    named = np.array([night.is_poll(text) for text in scrutin.labels], np.bool_)
    of_code = np.array([numbers.get(int(text), -1) if night.is_poll(text) else -1 for text in scrutin.labels], np.int64)
    for code in np.flatnonzero(named & (of_code < 0)).tolist():
        for _, rows in by_piece(sheet.piece_of, np.flatnonzero(scrutin.codes == code)):
            evidence.other_polls.append(_other_poll(kind, sheet, unit, int(scrutin.labels[code]), rows))
    if not named.all():
        _report_no_poll(evidence, kind, sheet, unit, named)
    return np.broadcast_to(of_code, len(unit)) if len(of_code) == 1 else of_code[scrutin.codes]  # one takes no room


def _other_poll(kind: EvidenceKind, sheet: Sheet, unit: Ints, poll: int, rows: Ints) -> OtherPoll:
    first = int(rows[0])
    file = sheet.pieces[int(sheet.piece_of[first])].file
    return OtherPoll(kind, file, sheet.place(first), poll, len(rows), unit[rows])


def _report_no_poll(evidence: LinedEvidence, kind: EvidenceKind, sheet: Sheet, unit: Ints, named: Bools) -> None:
    """Report rows that say no poll: those of a piece together where none there does, or that say the same; else each.

    ``named`` are the different cells that say one.
    """
    scrutin = sheet.coded("scrutin")
    sizes = np.bincount(sheet.piece_of)
    silent = np.array([not text for text in scrutin.labels], np.bool_)
    several = silent | (np.bincount(scrutin.codes, minlength=len(scrutin.labels)) > 1)
    alone = ~named[scrutin.codes]
    said: dict[int, list[Text]] = {}
    for code in np.flatnonzero(several & ~named)[:MOST].tolist():
        text = scrutin.labels[code]
        for piece, rows in by_piece(sheet.piece_of, np.flatnonzero(scrutin.codes == code)):
            if len(rows) > 1 if text else len(rows) == sizes[piece]:
                name = cited(text) if text else msg("nothing")
                rows_of = nmsg("{name} ({count:n} row)", "{name} ({count:n} rows)", len(rows), name=name)
                said.setdefault(piece, []).append(rows_of)
                evidence.other_polls.append(_other_poll(kind, sheet, unit, NO_POLL, rows))
                alone[rows] = False
    for piece, names in said.items():
        expected = msg(
            "the poll of each row ({polls}): its number or its name in election.toml, in a column, in the sheet's "
            "title or in the file's name",
            polls=series(evidence.polls),
        )
        evidence.problems.append(ColumnMissing(sheet.pieces[piece].name, None, "scrutin", expected, series(names)))
    for row in np.flatnonzero(alone)[:MOST].tolist():
        if not names_total(str(sheet.texts["insee"][row]), str(sheet.texts["bureau"][row])):  # else named as that
            evidence.problems.append(unknown_poll(evidence, sheet, row))


def poll_of_results(evidence: LinedEvidence, published: Published, unit: Ints) -> int:
    """Index of the poll that a published file is about: the one most of whose choices it names, else the only one.

    Where tables are of polls that the day does not have, results that name no choice of its only poll are of none. Of
    several polls of the same choices it is the one with whose counts it agrees most, else one that no other file is
    about. Of several polls, of which it names no choice, it is of the only one whose choices are not known, or of none:
    -1.

    Args:
        evidence: the polls, their choices and what is lined up so far.
        published: the results.
        unit: index of the bureau of each of its rows, -1 for none.
    """
    if len(evidence.polls) == 1 and not evidence.other_polls:
        return 0
    common = _named_choices(evidence, published)
    if len(evidence.polls) == 1:
        return 0 if any(common) or not any(_choices_of(evidence).values()) else -1
    if not any(common):
        known = _choices_of(evidence)
        without = [index for index, poll in enumerate(evidence.polls) if not known[poll]]
        return without[0] if len(without) == 1 else -1
    candidates = np.flatnonzero(np.array(common) == max(common))
    agreeing = _agreement(evidence, published, unit)[candidates]
    candidates = candidates[agreeing == agreeing.max()]
    taken = np.zeros(len(evidence.polls), np.bool_)
    for lines in evidence.published:
        taken |= lines.counted.present.any(axis=0)
    free = candidates[~taken[candidates]]
    return int(free[0] if len(free) else candidates[0])


def poll_named_by(evidence: LinedEvidence, published: Published) -> int:
    """Index of the only poll, or of the one most of whose choices published results of any level name; -1 for none."""
    if len(evidence.polls) == 1:
        return 0
    common = _named_choices(evidence, published)
    return common.index(max(common)) if any(common) and common.count(max(common)) == 1 else -1


def _named_choices(evidence: LinedEvidence, published: Published) -> list[int]:
    """Count the choices of each poll that published results name."""
    known = _choices_of(evidence)
    labels = set(published.labels)
    common = [len(labels & known[number]) for number in evidence.polls]
    if any(common):
        return common
    return [  # or written otherwise
        sum(place is not None for place in match(published.labels, sorted(known[number]))) for number in evidence.polls
    ]


def _choices_of(evidence: LinedEvidence) -> dict[int, set[str]]:
    """The choices that are known of each poll."""
    known: dict[int, set[str]] = {number: set() for number in evidence.polls}
    for contest in evidence.contests.contests:
        known.get(contest.poll, set()).update(contest.listed)
    return known


def _agreement(evidence: LinedEvidence, published: Published, unit: Ints) -> Ints:
    """In how many bureaux the votes found are those of the PV, or else of the machine, by poll."""
    rows = np.flatnonzero(unit >= 0)
    if evidence.records is not None:
        found = evidence.records[Quantity.VOTES_FOUND].values
    elif evidence.machines is not None:
        found = evidence.machines.cast.values
    else:
        return np.zeros(len(evidence.polls), np.int64)
    same = found[unit[rows]] == published.counts[Quantity.VOTES_FOUND][rows][:, None]
    return np.asarray(same.sum(axis=0), np.int64)
