"""The one vocabulary of quantities: what is counted in a bureau, by the same name in every file and every figure.

Files head their columns in French and in many spellings. A reader translates them into a `Quantity` where it reads the
file, a writer takes `Quantity.column` where it writes one; nothing in between knows of other names.
"""

from __future__ import annotations

from enum import StrEnum

from protocol.words import Message, msg


class Quantity(StrEnum):
    """Something that is counted, in voters or votes. Its value is its name in code, in findings and in JSON.

    Attributes:
        column: its column in the files of a night.
        label: its name for people.
    """

    column: str
    label: Message

    def __new__(cls, name: str, column: str, label: Message) -> Quantity:
        """A member with its column and its label."""
        member = str.__new__(cls, name)
        member._value_, member.column, member.label = name, column, label
        return member

    REGISTERED = "registered", "inscrits", msg("registered voters")
    """On the electoral roll of the bureau."""
    SIGNATURES = "signatures", "emargements", msg("signatures")
    """On the sign-in list: the one independent count of voters."""
    VOTES_FOUND = "votes_found", "votes_trouves", msg("votes found")
    """In the urn or on the machine's counter: what is published as « votants »."""
    BLANK = "blank", "blancs", msg("blank votes")
    NULL = "null", "nuls", msg("null votes")
    """Votes that a machine does not take."""
    VALID = "valid", "exprimes", msg("valid votes")
    """For a choice: « suffrages exprimés »."""
    VOTES = "votes", "voix", msg("votes by choice")
    """Of one choice."""
    PROXIES = "proxies", "procurations", msg("proxies")
    PAPER = "paper", "papier", msg("votes on ballot papers")
    """Of the votes found, those on ballot papers after the machine fell out."""
    ABSTENTIONS = "abstentions", "abstentions", msg("abstentions")


VOTERS = (
    Quantity.REGISTERED,
    Quantity.SIGNATURES,
    Quantity.VOTES_FOUND,
    Quantity.BLANK,
    Quantity.NULL,
    Quantity.VALID,
)
"""The counts of every record, in the order of the form."""
_OF_COLUMN = {each.column: each for each in Quantity}
_COLUMNS: dict[str, str] = {each: each.column for each in Quantity}


def quantity_of(column: str) -> Quantity | None:
    """Find the quantity that a column of a night's file counts; None if it is no count of this vocabulary."""
    return _OF_COLUMN.get(column)


def column_of(name: str) -> str:
    """The column of a night's file that holds a quantity; any other name is its column's own."""
    return _COLUMNS.get(name, name)
