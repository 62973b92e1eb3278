"""What a user says of tables besides giving them: which column is what, and which sheets are meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from protocol.entered import is_entered
from protocol.errors import RegardError
from protocol.opening import OpenedFile
from protocol.quantities import Quantity, quantity_of
from protocol.words import Text, msg, series
from verify.model.field_names import field_label

LEFT = ""
"""In place of a meaning: the column is not read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for.

    Attributes:
        columns: meanings by the `key` of a header: a `Quantity` or a column of a night, `LEFT` for none.
        headers: the headers as they were given, by their keys.
        stand: the file and the row in which one of them was said, by its key; of an option nothing.
        sheets: names of the sheets to read, in small letters; all where there are none.
        round: of the election, where it is known: sheets that name another one are not read.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    stand: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    round: int | None = None

    def wants(self, sheet: str) -> bool:
        """Whether a sheet of this name is to be read."""
        return not self.sheets or sheet.strip().casefold() in self.sheets

    def of(self, file: OpenedFile) -> Asked:
        """What is asked of one file: nothing is said of the columns of PVs that were entered on the page."""
        is_ours = bool(self.columns) and is_entered(file.path.name, file.data)
        return replace(self, columns={}, headers={}, stand={}) if is_ours else self


NOTHING_ASKED = Asked()


class NoMeaning(RegardError):
    """``--map`` with something that is no pair of a header and a meaning."""


def mapped(pairs: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Meanings and headers by key, from pairs such as ``Total du compteur=votes_found``.

    Raises:
        NoMeaning: one of them is no such pair.
    """
    if not pairs:
        return {}, {}
    from verify.read.tables.wordings import key

    columns: dict[str, str] = {}
    headers: dict[str, str] = {}
    for pair in pairs:
        header, equals, meaning = pair.rpartition("=")
        if not equals or not header.strip():
            raise NoMeaning(msg("{pair}: give a header and what it means, as « Compteur=votes found »", pair=pair))
        columns[key(header)] = _meaning(meaning.strip(), pair)
        headers[key(header)] = header.strip()
    return columns, headers


def _meaning(text: str, pair: str) -> str:
    """A meaning by its name in code, its column in a night's files, or any wording of it."""
    from verify.read.tables.wordings import found, wordings

    if text in ("", "-"):
        return LEFT
    plain = text.casefold().replace(" ", "_")
    if plain in wordings().whole and plain in MEANINGS:
        return plain
    if (quantity := quantity_of(plain)) in MEANINGS and quantity is not None:
        return quantity
    by_words = found(text)
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
"""What a column can be; « votants » is one of the two counts of voters, by the columns beside it."""
