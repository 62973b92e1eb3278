"""Readers of follow-ups: the rows of ``suites.csv``, and the texts of ``--add``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from protocol.errors import InputError
from protocol.night import FOLLOW_UP, is_poll
from protocol.opening import OpenedFile
from protocol.words import Text, msg, series, without_accents
from verify.model.follow_ups import FollowStatus, FollowUp
from verify.read.sheet import Sheet, parse_sheet
from verify.rulebook.catalogue import rules
from verify.rulebook.causes import causes

STATUS_CELLS: Mapping[FollowStatus, str] = {
    FollowStatus.TO_CHECK: "a_verifier",
    FollowStatus.EXPLAINED: "explique",
    FollowStatus.CONTESTED: "conteste",
    FollowStatus.SETTLED: "regle",
    FollowStatus.KEPT_OUT: "ecarte",
}
"""As the column `statut` has them."""
_STATUSES = {cell: status for status, cell in STATUS_CELLS.items()} | {status.value: status for status in FollowStatus}
_NO_WORD = re.compile(r"[^a-z]+")
_LONGEST = 2000
"""Characters of a text that are kept."""


def status_of(cell: str) -> FollowStatus | None:
    """The status that a cell names, as people write it: ``À vérifier``, ``expliquée``; None for no status."""
    word = _NO_WORD.sub("_", without_accents(cell[:40]).lower()).strip("_")
    if not word:
        return FollowStatus.TO_CHECK
    one = word.removesuffix("s")
    return next((_STATUSES[each] for each in (word, one, one.removesuffix("e")) if each in _STATUSES), None)


def read_follow_ups(file: OpenedFile, name: str) -> tuple[list[FollowUp], list[InputError]]:
    """The rows that can be used, and what is wrong with the others.

    Raises:
        InputError: the file lacks its header.
    """
    sheet = parse_sheet(file, FOLLOW_UP, name)
    problems = list(sheet.problems)
    found = []
    columns = {column: texts.tolist() for column, texts in sheet.texts.items()}
    for row in range(len(sheet)):
        cells = {column: texts[row][:_LONGEST] for column, texts in columns.items()}
        status = status_of(cells["statut"])
        column, expected = ("statut", _A_STATUS) if status is None else _wrong(cells)
        if status is None or column:
            got = cells[column][:80] or msg("nothing")
            problems.append(InputError(name, int(sheet.row[row]), column, expected, got))
        else:
            found.append(_follow_up(sheet, row, cells, status))
    return found, problems


_A_STATUS = msg("a status: {statuses}", statuses=series(STATUS_CELLS.values()))
_ADDED = re.compile(r"\s*(?:([^:=]+?)\s*:\s*)?([^:=]+?)\s*(?::\s*([1-5]))?\s*=\s*(\d{1,9})\s*")
_AN_ADDITION = msg(
    "a commune where there are several, a bureau, the number of a poll where there are several, and votes: 92012:0001=4"
)


def read_additions(texts: Sequence[str], name: str) -> tuple[list[FollowUp], list[InputError]]:
    """Parse the texts of `--add`: ballots and voters kept out; and what is wrong with the other texts."""
    found, problems = [], []
    for number, text in enumerate(texts, 1):
        match = _ADDED.fullmatch(text)
        if match is None:
            problems.append(InputError(name, number, "", _AN_ADDITION, text[:80]))
            continue
        insee, bureau, poll, votes = match.groups()
        kept_out = FollowUp(f"{name}:{number}", insee or "", bureau, int(poll or 0), FollowStatus.KEPT_OUT, int(votes))
        found.append(kept_out)
    return found, problems


def _wrong(cells: Mapping[str, str]) -> tuple[str, Text]:
    """The first column of a row that does not hold what belongs there, and what does; empty where all do."""
    if cells["scrutin"] and not is_poll(cells["scrutin"]):
        return "scrutin", msg("the number of a poll, or nothing")
    about = cells["constat"]
    if about and about.upper() not in rules() and about.lower() not in causes():
        return "constat", msg("the code of a rule, the name of a cause, or nothing")
    if cells["bureau"] and not cells["insee"]:
        return "insee", msg("the code of the commune of this bureau")
    return "", ""


def _follow_up(sheet: Sheet, row: int, cells: Mapping[str, str], status: FollowStatus) -> FollowUp:
    about, number = cells["constat"], int(sheet.counts["nombre"][row])
    return FollowUp(
        source=sheet.place(row),
        insee=cells["insee"],
        bureau=cells["bureau"],
        poll=int(cells["scrutin"] or 0),
        about=about.upper() if about.upper() in rules() else about.lower(),
        figures=cells["chiffres"],
        status=status,
        remark=cells["remarque"],
        number=number if number >= 0 else None,
        piece=cells["piece"],
        author=cells["auteur"],
        date=cells["date"],
    )
