"""Requests of a user about tables: which column is what, and which sheets are meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from protocol.errors import InputError, RegardError
from protocol.night import is_entry_table
from protocol.opening import OpenedFile
from protocol.quantities import Quantity
from protocol.words import Text, msg, series
from verify.model.identity import Voters
from verify.model.labels import field_label
from verify.read.layouts.language import Layout

LEFT = ""
"""In place of a meaning: the column is not read."""


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """Meaning of a column: a `Quantity` or a column of a night, `LEFT` for none.

    Attributes:
        header: as it was given.
        file, row: where it was said.
    """

    meaning: str
    header: str
    file: str = "--map"
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said of tables beforehand: requests of a user, and what else is given.

    Attributes:
        columns: by the `key` of their header.
        sheets: names of the sheets to read, in small letters; all where there are none.
        round: of the election, where it is known: sheets that name another one are not read.
        table: 1 or 2 for that of two tables of the same bureaux to read, where neither says of which round it is.
        layout: of published results, the only one to read given ones by, and the first for those of a folder.
        choices: those of the préfecture's list, empty where there is none.
        signatures: whether a table was given as one of sign-in counts: « Votants » alone are signatures there.
    """

    columns: Mapping[str, AskedColumn] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    round: int | None = None
    table: int | None = None
    layout: Layout | None = None
    choices: tuple[str, ...] = ()
    signatures: bool = False

    def wants(self, sheet: str) -> bool:
        """Test whether a sheet of this name is to be read."""
        return not self.sheets or sheet.strip().casefold() in self.sheets

    def of_round(self, number: int, *, named: bool) -> Asked:
        """The same for one round, or for one of two tables that do not say of which they are."""
        return replace(self, round=number) if named else replace(self, table=number)

    def of(self, file: OpenedFile) -> Asked:
        """Requests for one file; none for the columns of PVs that were entered on the page."""
        is_ours = bool(self.columns) and is_entry_table(file.path.name, file.data)
        return replace(self, columns={}) if is_ours else self


NOTHING_ASKED = Asked()


class SeveralRounds(InputError):
    """A file with tables of both rounds, and nothing says which of them is meant.

    Attributes:
        voters: by round, the bureaux and how many voted there, as `voters_of` has them.
        named: whether its tables say of which round they are; else they are 1 and 2 in their order.
    """

    def __init__(self, file: str, voters: Mapping[int, Voters], named: bool) -> None:
        expected = msg("the round that is checked: --round 1 or --round 2")
        got = msg("tables of both rounds")
        if not named:
            expected = msg("tables that say of which round they are, in a title or a column, or one of them: --sheet")
            got = msg("two tables of the same bureaux with other figures")
        super().__init__(file, None, None, expected, got)
        self.voters, self.named = voters, named


class NoMeaning(RegardError):
    """``--map`` with something that is no pair of a header and a meaning."""


def parse_meanings(pairs: tuple[str, ...]) -> dict[str, AskedColumn]:
    """Columns by the key of their header, from pairs such as ``Total du compteur=votes_found``.

    Raises:
        NoMeaning: one of them is no such pair, or gives a header a second meaning.
    """
    if not pairs:
        return {}
    from verify.read.tables.headers import key

    columns: dict[str, AskedColumn] = {}
    for pair in pairs:
        header, equals, meaning = pair.rpartition("=")
        if not equals or not header.strip():
            raise NoMeaning(msg("{pair}: give a header and what it means, as « Compteur=votes found »", pair=pair))
        if key(header) in columns:
            raise NoMeaning(msg("{pair}: this header was given a meaning already", pair=pair))
        columns[key(header)] = AskedColumn(_meaning(meaning.strip(), pair), header.strip())
    return columns


def _meaning(text: str, pair: str) -> str:
    """A meaning by its name in code, its column in a night's files, or any wording of it."""
    from verify.read.tables.headers import find_meaning, wordings

    if text in ("", "-"):
        return LEFT
    plain = text.casefold().replace(" ", "_")
    if plain in wordings().whole and plain in MEANINGS:
        return plain
    by_words = find_meaning(text)
    if by_words is not None and by_words[0] in MEANINGS:
        return by_words[0]
    raise NoMeaning(
        msg(
            "{pair}: « {meaning} » is nothing that can be read; there is {known}",
            pair=pair,
            meaning=text,
            known=known_meanings(),
        )
    )


def known_meanings() -> Text:
    """All that a column can be, in words that `--map` takes."""
    return series(map(field_label, MEANINGS))


MEANINGS: tuple[str, ...] = (
    *(quantity for quantity in Quantity if quantity is not Quantity.ABSTENTIONS),
    *("insee", "commune", "departement", "circonscription", "bureau", "scrutin", "ouverture", "cloture"),
    *("observations", "choix", "votants"),
)
"""Quantities that a column can hold; « votants » is one of the two counts of voters, by the columns beside it."""
