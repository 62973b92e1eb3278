"""The quantities counted in a bureau, by one name each in all files and figures.

Files name their columns in French and in many spellings. Readers translate these into a `Quantity`, writers use
`Quantity.column`; all other code knows one name only.
"""

from __future__ import annotations

from enum import StrEnum

from protocol.words import Message, msg


class Quantity(StrEnum):
    """A count of voters or votes. Its value is its name in code, in findings and in JSON.

    Attributes:
        column: column in the files of a night.
        label: name for people.
    """

    column: str
    label: Message

    def __new__(cls, name: str, column: str, label: Message) -> Quantity:
        """Make a member with its column and its label."""
        member = str.__new__(cls, name)
        member._value_, member.column, member.label = name, column, label
        return member

    REGISTERED = "registered", "inscrits", msg("registered voters")
    """On the electoral roll of the bureau."""
    SIGNATURES = "signatures", "emargements", msg("signatures")
    """On the sign-in list: the one independent count of voters."""
    VOTES_FOUND = "votes_found", "votes_trouves", msg("votes found")
    """In the urn or on the machine's counter; published as « votants »."""
    BLANK = "blank", "blancs", msg("blank votes")
    NULL = "null", "nuls", msg("null votes")
    """Impossible on a machine."""
    VALID = "valid", "exprimes", msg("valid votes")
    """For a choice: « suffrages exprimés »."""
    VOTES = "votes", "voix", msg("votes by choice")
    """Of one choice."""
    PROXIES = "proxies", "procurations", msg("proxies")
    PAPER = "paper", "papier", msg("votes on ballot papers")
    """Of the votes found, those on ballot papers after the machine failed."""
    ABSTENTIONS = "abstentions", "abstentions", msg("abstentions")


VOTERS = (
    Quantity.REGISTERED,
    Quantity.SIGNATURES,
    Quantity.VOTES_FOUND,
    Quantity.BLANK,
    Quantity.NULL,
    Quantity.VALID,
)
"""The counts of a PV, in the order of its form."""
_OF_COLUMN = {each.column: each for each in Quantity}
_COLUMNS: dict[str, str] = {each: each.column for each in Quantity}


def quantity_of(column: str) -> Quantity | None:
    """Find the quantity of a column of a night's file; None if the column holds no count."""
    return _OF_COLUMN.get(column)


def column_of(name: str) -> str:
    """Translate a quantity into its column of a night's file; any other name stays as it is."""
    return _COLUMNS.get(name, name)
