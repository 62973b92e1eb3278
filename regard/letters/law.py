"""The lines of `law.toml`: who may complain, until when, to whom; what may be seen; and how sure each of them is."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from protocol.words import Message, msg, pmsg
from verify.materiality.kinds import election_named

ELECTIONS: dict[str, Message] = {
    "presidentielle": pmsg("a kind of election", "presidential election"),
    "legislatives": pmsg("a kind of election", "legislative elections"),
    "senatoriales": pmsg("a kind of election", "senatorial elections"),
    "municipales": pmsg("a kind of election", "municipal elections"),
    "departementales": pmsg("a kind of election", "departmental elections"),
    "regionales": pmsg("a kind of election", "regional elections"),
    "europeennes": pmsg("a kind of election", "European elections"),
}
"""The kinds of election whose complaints are known, by the word for the command line."""
ONE_ROUND = frozenset(("europeennes",))
"""Those of them that have one round."""
KNOWN: dict[str, Message] = {
    "read": msg("read in this source, at least in part"),
    "quoted": msg("not read itself, but as another source quotes it"),
    "memory": msg("from memory and not confirmed: look it up before relying on it"),
    "absent": msg("looked for and not found"),
}
"""How a line is known."""
SURE: dict[str, Message] = {
    "high": pmsg("how sure a line of the law is", "sure"),
    "medium": pmsg("how sure a line of the law is", "fairly sure"),
}


class From(Enum):
    """What a time counts from; ``COMPLAINTS``: it is as long as the time for complaints. ``UNSAID``: not read."""

    VOTE = "vote"
    CLOSE = "close"
    PROCLAMATION = "proclamation"
    RECEIPT = "receipt"
    COMPLAINTS = "complaints"
    UNSAID = ""


@dataclass(frozen=True, slots=True)
class LineOfLaw:
    """One line.

    Attributes:
        name: stable.
        part: ``complaint``, ``prefect``, ``document``, ``rule``, ``decision`` or ``silence``.
        sum: of a decision, the kind of sum that a judge did, a letter; empty for other lines.
        elections: the kinds that it is about.
        title: of a document.
        who, how, judge, where, unsaid, note: as `law.toml` has them; None where there is nothing to say.
        since: what the time counts from.
        days, hours: how long it is, 0 where it is not counted in them.
        clock: until which hour of the last day; empty where that was not read.
        source: the text; None of what was not found.
        known, sure: words of `KNOWN` and `SURE`.
    """

    name: str
    part: str
    sum: str
    elections: frozenset[str]
    title: Message | None
    who: Message | None
    how: Message | None
    judge: Message | None
    where: Message | None
    unsaid: Message | None
    note: Message | None
    since: From
    days: int
    hours: int
    clock: str
    source: Message | None
    known: str
    sure: str


@cache
def law() -> dict[str, LineOfLaw]:
    """All lines by name, in the order of the table."""
    entries = tomllib.loads(Path(__file__).with_name("law.toml").read_text(encoding="utf-8"))
    return {name: _line(name, entry) for name, entry in entries.items()}


def _line(name: str, entry: dict[str, Any]) -> LineOfLaw:
    def text(key: str) -> Message | None:
        return Message(entry[key]) if key in entry else None

    return LineOfLaw(
        name=name,
        part=entry["part"],
        sum=entry.get("sum", ""),
        elections=frozenset(entry.get("elections", ELECTIONS)),
        title=text("title"),
        who=text("who"),
        how=text("how"),
        judge=text("judge"),
        where=text("where"),
        unsaid=text("unsaid"),
        note=text("note"),
        since=From(entry.get("from", "")),
        days=entry.get("days", 0),
        hours=entry.get("hours", 0),
        clock=entry.get("clock", ""),
        source=text("source"),
        known=entry["known"],
        sure=entry.get("sure", ""),
    )


def lines_of(part: str, election: str) -> list[LineOfLaw]:
    """The lines of a part that are about a kind of election."""
    return [line for line in law().values() if line.part == part and election in line.elections]


def decisions_on(sums: str) -> list[LineOfLaw]:
    """The decisions on some kinds of sums, such as ``A C``."""
    return [line for line in law().values() if line.sum and line.sum in sums.split()]


def election_of(word: str) -> str | None:
    """The kind of election that a word names, None where it names none whose complaints are known.

    Words are those for the command line and those of `election.toml`, such as ``municipales_listes``.
    """
    named = election_named(word)
    return named if named in ELECTIONS else None
