"""Use of all that was given: each file and each sheet is used, used in part, or not used, with the reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from protocol.errors import InputError, RegardError
from protocol.evidence_kinds import DUMPS
from protocol.words import Text, first_of, msg, nmsg, series

MEMBER = " › "
"""Between the name of an archive and that of a file in it, wherever a figure of that file is cited."""
COMPANION = "companion"
"""The kind of what a simulated night has beside its evidence."""
READING = "reading"
"""The kind of what a reading of an urn leaves beside its image."""
OURS = "ours"
"""The kind of what regard wrote itself, found among the evidence: a report, or what a template is explained by."""
EXPLAINED = msg("written by regard template to explain the tables: no evidence")
"""Why the text that stands beside a template's tables is not used, even where all files of a folder were given."""
COLUMNS = "columns"
"""The kind of the folder's own table of what columns mean."""
NOTHING_FILLED_IN = msg("nothing filled in")
"""Why a table that has the headers and no figures is not used."""
_SHEET = re.compile(r" \[[^\]]*\]$")
"""The sheet of a workbook behind the name of a file."""
_NOTED = 20
"""Sheets of which a note says how they were read."""


def archive_of(file: str) -> str:
    """The file that was given, of a file or of a member of an archive."""
    return file.partition(MEMBER)[0]


def file_of(name: str) -> str:
    """The file that was given, of any table in it: a sheet of a workbook, or a member of an archive."""
    return archive_of(_SHEET.sub("", name))


class ColumnMissing(InputError):
    """That a table lacks a column which its kind of evidence needs: nothing in it is wrong."""


class Used(Enum):
    """Extent to which a file or a sheet was used."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Taken:
    """Interpretation of one column.

    Attributes:
        header: as it is written.
        meaning: a `Quantity` or a column of a night; `CHOICE` for the votes of one choice; empty where it was not read.
        label: the same for people.
        sure: whether the header alone settles it.
        plain: True if the header is the column's own name and needs no mention.
    """

    header: str
    meaning: str
    label: Text
    sure: bool = True
    plain: bool = False


CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Use:
    """Use of one sheet of a workbook, or of a file without sheets.

    Attributes:
        sheet: its name, empty where the file has one table only.
        kinds: what it was used as, names of a night's files; none where it was not used.
        used: how much of it.
        why: why not all of it; empty where all was.
        action: what to do about that; empty where there is nothing to do.
        columns: what they were taken for, in the order of the table.
        notes: what else is to be said of it.
    """

    sheet: str
    kinds: tuple[str, ...]
    used: Used
    why: Text = ""
    action: Text = ""
    columns: tuple[Taken, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def said(self) -> Text:
        """Interpretation of columns that is not plain."""
        if self.used is Used.NONE:
            said: Text = msg("not used")
        else:
            read = [each for each in self.columns if each.header and each.meaning not in ("", CHOICE)]
            titles = (each.label for each in self.columns if each.meaning and not each.header)
            parts: list[Text] = [msg("{column} by a title", column=label) for label in titles]
            parts += [
                msg("« {header} » = {column}", header=each.header, column=each.label)
                if each.sure
                else msg("« {header} » = {column}, probably", header=each.header, column=each.label)
                for each in read
                if not (each.plain and each.sure)
            ]
            choices = [each.header for each in self.columns if each.meaning == CHOICE]
            votes = [msg("votes by choice: {choices}", choices=series(choices))] if choices else []
            said = series([*parts, *self.notes, *votes], msg("; ")) if [*parts, *self.notes, *votes] else ""
        return said


@dataclass(frozen=True, slots=True)
class Input:
    """One file that was given, used or not.

    Attributes:
        kind: what it is.
        path: its name as it is shown.
        size: in bytes; 0 where it could not be had.
        sha256: None for a folder, for what is no regular file, and where there is too much that is not read.
        note: what was read as what.
        used: how much of it was used; `verify.inputs` says it once everything is lined up.
        why: why not all of it, empty where all was.
        action: what to do about that, empty where there is nothing to do.
        sheets: what became of each of its sheets, or of its one table; none for what is no table.
        named: whether it was given by its name, and not found in a folder.
        contradicts: whether nothing of it is used because it has other figures than what is used in its place.
    """

    kind: str
    path: str
    size: int
    sha256: str | None
    note: Text = ""
    used: Used = Used.WHOLE
    why: Text = ""
    action: Text = ""
    sheets: tuple[Use, ...] = ()
    named: bool = False
    contradicts: bool = False

    def with_note(self, said: Text) -> Input:
        """Add to what was read as what, once."""
        if said in (self.note, *getattr(self.note, "items", ())):
            return self
        return replace(self, note=series(filter(None, (self.note, said)), msg("; ")))

    @property
    def explains(self) -> bool:
        """True for the text beside a template's tables, which is given with them and is never evidence."""
        return self.kind == OURS and self.why == EXPLAINED

    @property
    def unread(self) -> bool:
        """True if nothing of a file counts, it is no dump (its record is then named), and lies beside no evidence.

        Nor one that regard wrote itself, unless somebody gave a report by its name; the text beside a template's tables
        is given with them. Nor the table of columns, which the page leaves without rows when nothing is said any more.
        """
        if self.explains or (self.kind == OURS and not self.named):
            return False
        if self.kind == COLUMNS and self.why == NOTHING_FILLED_IN:
            return False
        return self.used is Used.NONE and self.kind not in (*DUMPS, COMPANION, READING)


def note_of(uses: Sequence[Use]) -> Text:
    """Describe the use of a file's sheets."""
    said = [of_sheets(each, each[0].said) for each in alike(uses, [str(use.said) for use in uses]) if each[0].said]
    if len(uses) == 1 and uses[0].used is Used.NONE:
        return said[0]
    return first_of(said, _NOTED, " / ") if said else ""


def alike(uses: Sequence[Use], said: Sequence[str]) -> list[list[Use]]:
    """Group neighbouring sheets that have the same text."""
    found: list[list[Use]] = []
    for at, use in enumerate(uses):
        if at and said[at] == said[at - 1]:
            found[-1].append(use)
        else:
            found.append([use])
    return found


def of_sheets(uses: Sequence[Use], said: Text, *, named: bool = False) -> Text:
    """Combine statements on sheets, with their names if they have any."""
    first, last = uses[0].sheet, uses[-1].sheet
    if len(uses) > 1:
        return msg("[{first} … {last}, {count:n} in all] {said}", first=first, last=last, count=len(uses), said=said)
    return msg("[{sheet}] {said}", sheet=first, said=said) if first or named else said


def used_of(uses: Sequence[Use]) -> Used:
    """Extent to which a file was used, by its sheets."""
    found = {use.used for use in uses}
    return found.pop() if len(found) == 1 else Used.PART


def why_of(uses: Sequence[Use]) -> Text:
    """Why not all of a file was used."""
    left = [use for use in uses if use.why]
    if len(uses) == 1:
        return left[0].why if left else ""
    named = [of_sheets(each, each[0].why, named=True) for each in alike(left, [str(use.why) for use in left])]
    return first_of(named, _NOTED, " / ") if named else ""


def action_of(uses: Sequence[Use]) -> Text:
    """Advice on what was not used."""
    actions = list({str(use.action): use.action for use in uses if use.action}.values())
    return series(actions, " ") if actions else ""


_SOME = 5
"""Columns that are named where several are not understood."""


def say_not_understood(columns: Sequence[str]) -> Text:
    """That some columns are not understood, by their headers."""
    some = first_of((msg("« {header} »", header=header) for header in columns), _SOME)
    return nmsg(
        "{count:n} column not understood: {some}", "{count:n} columns not understood: {some}", len(columns), some=some
    )


_NAMED = 6
"""Files of which it is said why they are not read."""


class NothingReadable(RegardError):
    """None of what was given could be read; there is nothing to check.

    Attributes:
        problems: what is wrong with the files given, the first few.
        inputs: the files, and what became of each.
    """

    def __init__(self, said: Text, problems: Sequence[InputError] = (), inputs: Sequence[Input] = ()) -> None:
        self.problems, self.inputs = tuple(problems), list(inputs)
        named = {archive_of(problem.file) for problem in self.problems}
        files = [problem.message for problem in self.problems]
        files += [
            msg("{path}: {why}", path=each.path, why=each.why)
            for each in self.inputs
            if each.why and each.path not in named
        ]
        if len(files) > _NAMED:
            files = [*files[:_NAMED], nmsg("{count:n} more file", "{count:n} more files", len(files) - _NAMED)]
        if len(files) > 1:  # a line each, and where lines are run together still one sentence
            lines = series(files, msg(";\n  "))
            said = msg("{said}:\n  {files}", said=said, files=lines)
        elif files:
            said = msg("{said}: {files}", said=said, files=files[0])
        super().__init__(said)
