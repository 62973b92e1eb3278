"""What the headers of an auditor's table mean together: which column is which quantity, by the wordings in use.

« Votants » can mean either count of voters; the other headers decide which.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.quantities import column_of
from protocol.words import Message, msg, series
from verify.model.field_names import field_label
from verify.read.tables.wordings import FIGURES, OTHERS, PAGES, found, is_share, key, of_several, wordings

VOTERS = "votants"
"""The one header that is not a column of a night: the count by the sign-in list, or the ballots found."""

_HOUR = re.compile(r"(?:emargement|emarg|signature)(?:a)?([01]?[0-9]|2[0-3])(?:h|heures)(?:00)?")
_TOTAL = re.compile(
    r"\W*((grand|sous)[- ]?)?(tota(l|ux)\b|(ensemble|somme|cumul)( (de|des|du|d|la|commune|ville)\b|\W*$))",
    re.IGNORECASE,
)
_NEAR = 0.8
_NOTED = 80
"""Characters of a header in a note."""


def names_total(*texts: str) -> bool:
    """Whether one of the texts that should name a commune or a bureau says that its row sums up others.

    Only from its first word on: Bray-sur-Somme is a commune.
    """
    return any(_TOTAL.match(line) for text in texts for line in text.splitlines())


def meaning_of(header: str) -> str | None:
    """The column that a header means by itself, as `wordings` has them, or None."""
    meant = found(header)
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
    known = key(header) in wordings().kinds[OTHERS] or is_page(header) or hour_of(header) is not None
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


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table mean.

    Attributes:
        cells: the headers as they are written.
        at: index of the column for each name of `wordings` that the table has, `VOTERS` resolved.
        judged: columns of `at` that the header alone does not settle: which was taken for which.
    """

    cells: tuple[str, ...]
    at: dict[str, int]
    judged: dict[str, str]

    def unread(self) -> list[int]:
        """Indices of the columns that mean nothing known."""
        taken = set(self.at.values())
        return [index for index, cell in enumerate(self.cells) if cell.strip() and index not in taken]

    def note(self) -> list[Message]:
        """Which header was read as what, in the names of a night's columns; ``?`` where it could mean another."""
        return [
            msg(
                "« {header} » = {column}",
                header=cell[:_NOTED],
                column=series((field_label(column), "?" if column in self.judged else ""), ""),
            )
            for column, index in sorted(self.at.items(), key=lambda item: item[1])
            if key(cell := self.cells[index].strip()) != key(column_of(column)) or column in self.judged
        ]


def read(cells: Sequence[str], *, signatures: bool) -> Header:
    """What a row of headers means.

    Where a table has « Votants » beside one of the two counts of voters, it is taken for the other one; beside both it
    is left. Alone it is the ballots found, as the published « votants » are, but in a table of sign-in counts it is
    the signatures. ``votes`` is a choice's votes where a column names the choice.

    Args:
        cells: the headers.
        signatures: whether the table was given as one of sign-in counts.
    """
    best: dict[str, tuple[int, int]] = {}
    for index, cell in enumerate(cells):
        if (meant := found(cell)) is not None:
            column, rank = meant
            best[column] = min(best.get(column, (rank, index)), (rank, index))
    at = {column: index for column, (_, index) in best.items()}
    judged: dict[str, str] = {}
    if "choix" in at and "votes" not in at and key(cells[at.get("votes_found", 0)]) == key("votes"):
        at["votes"] = at.pop("votes_found")
    if "choix" in at and "votes" not in at:
        at.update(
            ("votes", index) for index, cell in list(enumerate(cells))[::-1] if key(cell) in wordings().kinds[FIGURES]
        )
    voters = at.pop(VOTERS, None)
    if voters is not None:
        taken = "votes_found"
        if "signatures" not in at and ("votes_found" in at or signatures):
            taken = "signatures"
        if taken not in at:
            at[taken] = voters
            judged[taken] = cells[voters]
    return Header(tuple(cells), at, judged)
