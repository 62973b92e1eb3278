"""What the headers of an auditor's table mean together: which column is which quantity, by the wordings in use.

« Votants » can mean either count of voters; the other headers decide which.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from protocol.errors import InputError
from protocol.quantities import VOTERS as QUANTITIES_OF_VOTERS
from protocol.quantities import Quantity, column_of
from protocol.words import msg
from verify.model.field_names import field_label
from verify.model.use import CHOICE, Taken
from verify.read.counts import parse_count
from verify.read.tables.asked import LEFT, NOTHING_ASKED, Asked
from verify.read.tables.wordings import (
    FIGURES,
    OTHERS,
    PAGES,
    SURNAMES,
    find_meaning,
    is_how_many,
    is_share,
    key,
    of_several,
    wordings,
)

VOTERS = "votants"
"""The one header that is not a column of a night: the count by the sign-in list, or the ballots found."""

_HOUR = re.compile(r"(?:emargement|emarg|signature)(?:a)?([01]?[0-9]|2[0-3])(?:h|heures)(?:00)?")
_AT_HOUR = re.compile(r"(?<!\w)(?:[01]?[0-9]|2[0-3])\s*(?:h|heures?)(?:\s*[0-5][0-9])?(?!\w)", re.IGNORECASE)
"""What counts of the turnout during the day have in their headers."""
_NEAR = 0.8
_NOTED = 80
"""Characters of a header in a note."""
_LOOKED_AT = 50
"""Headers that are held against all spellings, to name the one that was meant."""
_AS_ASKED = -1
"""Goes before the rank of any wording."""
_FIRST_NAME = key("prénom")
_NUMBER = key("n°")
_NAMES_OF_BUREAUX = frozenset(
    key(f"{what} {of}")
    for what in ("libellé", "lib", "nom", "intitulé", "désignation", "libellé nom")
    for of in ("bv", "bureau", "du bureau", "bureau de vote", "du bureau de vote", "bureau vote", "bdv")
)
_BLANK_AND_NULL = frozenset(
    map(key, ("blancs et nuls", "blancs nuls", "bl nul", "nuls et blancs", "blancs ou nuls", "blancnul"))
)
_COORDINATES = ("x", "y")
_QUANTITIES = (*QUANTITIES_OF_VOTERS, Quantity.VOTES)


def meaning_of(header: str) -> str | None:
    """The column that a header means by itself, as `wordings` has them, or None."""
    meant = find_meaning(header)
    return meant[0] if meant else None


def is_page(header: str) -> bool:
    """Whether a column says where in a scan a row was read."""
    return key(header) in wordings().kinds[PAGES]


def hour_of(header: str) -> int | None:
    """The hour at which a column's signatures were counted: 9 for « Émargements à 9 h »."""
    found = _HOUR.fullmatch(key(header))
    return int(found[1]) if found else None


def is_other(header: str) -> bool:
    """Whether a column is known to hold neither a count that is read nor the votes of a choice."""
    plain = key(header)
    is_signed = plain in _COORDINATES and header.strip().casefold() != plain  # a choice called « -x »
    known = (plain in wordings().kinds[OTHERS] and not is_signed) or is_page(header) or hour_of(header) is not None
    if _AT_HOUR.search(header) or is_how_many(header):
        return True
    return known or is_share(header) or of_several(header) or not re.search(r"[^\W\d_]", header)


def nearest(header: str, columns: Sequence[str]) -> str | None:
    """The column of ``columns`` with a spelling that a header is nearly written like, or None."""
    plain = key(header)
    if len(plain) < 3:
        return None
    of = {spelling: column for spelling, (column, _) in wordings().column.items() if column in columns}
    close = difflib.get_close_matches(plain, list(of), 1, _NEAR)
    return of[close[0]] if close else None


def example(column: str) -> str:
    """How a column is written, for a message: its surest spelling."""
    spelling = wordings().whole[column][0]
    return f"« {spelling[0].upper()}{spelling[1:]} »"


def nearly_written(
    shown: str, number: int, header: Header, lacking: Sequence[str], choices: set[int], rows: Sequence[Sequence[str]]
) -> list[InputError]:
    """Headers that mean nothing and are nearly written like a column that is not there, with figures if that has some.

    « Compté par », with names below it, is no counter.

    Args:
        shown: name of the file.
        number: row of the header.
        header: what it says.
        lacking: the columns that are not there.
        choices: indices of the columns of votes.
        rows: below it.
    """
    problems = []
    for index in header.unread()[:_LOOKED_AT]:
        text = header.cells[index].strip()
        if index in choices or is_other(text) or meaning_of(text) is not None:
            continue
        column = nearest(text, lacking)
        if column in _QUANTITIES and not any(parse_count(row[index]) >= 0 for row in rows):
            continue
        if column is not None:
            problems.append(InputError(shown, number, text[:80], example(column), msg("a header not known")))
    return problems


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table mean.

    Attributes:
        cells: the headers as they are written.
        at: index of the column for each name of `wordings` that the table has, `VOTERS` resolved.
        judged: columns of `at` that the header alone does not settle: which was taken for which.
        left: indices of the columns that the user wants left out.
        again: by index, what a column means for which another one was taken.
        name: of a table with a row for each choice, the columns that name it together, the surname's first.
    """

    cells: tuple[str, ...]
    at: dict[str, int]
    judged: dict[str, str]
    left: frozenset[int] = frozenset()
    again: dict[int, str] = field(default_factory=dict)
    name: tuple[int, ...] = ()

    def unread(self) -> list[int]:
        """Indices of the columns that mean nothing known."""
        taken = {*self.at.values(), *self.left, *self.name}
        return [index for index, cell in enumerate(self.cells) if cell.strip() and index not in taken]

    def taken(self, choices: Mapping[int, str]) -> tuple[Taken, ...]:
        """What each column was taken for; ``choices`` are those that hold the votes of one choice each."""
        meaning = dict.fromkeys(self.name, "choix") | {index: column for column, index in self.at.items()}
        found = []
        for index, cell in enumerate(self.cells):
            header, column = " ".join(cell.split())[:_NOTED], meaning.get(index, "")
            if index in choices:
                found.append(Taken(choices[index][:_NOTED], CHOICE, msg("votes of this choice")))
            elif column:
                plain = key(header) in (key(column_of(column)), key(f"code {column_of(column)}"))
                found.append(Taken(header, column, field_label(column), column not in self.judged, plain))
            elif header:
                found.append(Taken(header, "", ""))
        return tuple(found)


def read(cells: Sequence[str], *, signatures: bool, asked: Asked = NOTHING_ASKED) -> Header:
    """What a row of headers means.

    Where a table has « Votants » beside one of the two counts of voters, it is taken for the other one; beside both it
    is left. Alone it is the ballots found, as the published « votants » are, but in a table of sign-in counts it is
    the signatures. ``votes`` is a choice's votes where a column names the choice.

    Args:
        cells: the headers.
        signatures: whether the table was given as one of sign-in counts.
        asked: what the user says of columns, which goes before all wordings.
    """
    best: dict[str, tuple[int, int]] = {}
    meanings: dict[int, str] = {}
    left: set[int] = set()
    for index, cell in enumerate(cells):
        wanted = asked.columns.get(key(cell))
        meant = find_meaning(cell) if wanted is None else (wanted, _AS_ASKED)
        if meant is not None and meant[0] == LEFT:
            left.add(index)
        elif meant is not None:
            column, rank = meant
            meanings[index] = column
            best[column] = min(best.get(column, (rank, index)), (rank, index))
    at = {column: index for column, (_, index) in best.items()}
    judged: dict[str, str] = {}
    if "choix" in at and "votes" not in at and key(cells[at.get("votes_found", 0)]) == key("votes"):
        at["votes"] = at.pop("votes_found")
    if "choix" in at and "votes" not in at:
        at.update(
            ("votes", index) for index, cell in list(enumerate(cells))[::-1] if key(cell) in wordings().kinds[FIGURES]
        )
    if list(meanings.values()).count("votes") > 1:
        at.pop("choix", None)  # of several blocks, each with its own
    name = _name(cells, at, meanings)
    if name:
        at["choix"] = name[0]
    elif "choix" not in at and list(meanings.values()).count("votes") == 1:  # « Nom » alone beside « Voix »
        surnames = [index for index, cell in enumerate(cells) if key(cell) in wordings().kinds[SURNAMES]]
        at.update(("choix", index) for index in surnames[:1] if len(surnames) == 1)
    voters = at.pop(VOTERS, None)
    if voters is not None:
        taken = "votes_found"
        if "signatures" not in at and ("votes_found" in at or signatures):
            taken = "signatures"
        if taken not in at:
            at[taken] = voters
            judged[taken] = cells[voters]
    again = {index: column for index, column in meanings.items() if index not in at.values() and column in at}
    return Header(tuple(cells), at, judged, frozenset(left), again, name)


def with_numbers(header: Header) -> Header:
    """The same where « N° » alone must be the bureau's: beside voters on the rolls and another count, and no bureau.

    Without one the column that names bureaux is theirs: « BV 12 - École Jules-Ferry » below « Libellé BV ».
    """
    counted = {*_QUANTITIES} & header.at.keys()
    named = [index for index in header.unread() if key(header.cells[index]) in _NAMES_OF_BUREAUX]
    columns = numbers(header) or named
    if "bureau" in header.at or len(columns) != 1 or not {Quantity.REGISTERED} < counted:
        return header
    at = {**header.at, "bureau": columns[0]}
    return replace(header, at=at, judged={**header.judged, "bureau": header.cells[columns[0]]})


def blank_and_null(header: Header) -> int | None:
    """The column of blank and null votes together, where that is all that a table has of the two."""
    if {Quantity.BLANK, Quantity.NULL} & header.at.keys():
        return None
    return next((index for index in header.unread() if key(header.cells[index]) in _BLANK_AND_NULL), None)


def numbers(header: Header) -> list[int]:
    """The columns headed « N° » alone."""
    return [index for index in header.unread() if key(header.cells[index]) == _NUMBER]


def _name(cells: Sequence[str], at: Mapping[str, int], meanings: Mapping[int, str]) -> tuple[int, ...]:
    """The columns of surname and first name in a table with a row for each choice; none where one column says both.

    Of « Nom », « Prénom » and « Liste » the first two: the ministry's own files name a list by its head.
    """
    if "votes" not in at or sum(column == "votes" for column in meanings.values()) > 1:
        return ()
    keys = [key(cell) for cell in cells]
    first = next((index for index, each in enumerate(keys) if each.startswith(_FIRST_NAME)), None)
    surname = next((index for index, each in enumerate(keys) if each in wordings().kinds[SURNAMES]), None)
    if first is None or surname is None:
        return ()
    return (surname, first)
