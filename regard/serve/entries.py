"""PVs and sign-in counts that are entered by hand: what an entry holds, and what is asked about before it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from protocol.quantities import Quantity
from protocol.words import Message, Plural, Text, msg, without_accents
from verify.model.figures import BLANK, UNREADABLE, clock
from verify.model.labels import field_label
from verify.read.counts import parse_clock, parse_count

PV, LIST = "pv", "liste"
"""The pieces that are entered: a PV, or the count of a sign-in list."""
COUNTS = {
    PV: (
        Quantity.REGISTERED,
        Quantity.PROXIES,
        Quantity.SIGNATURES,
        Quantity.VOTES_FOUND,
        Quantity.BLANK,
        Quantity.NULL,
        Quantity.VALID,
    ),
    LIST: (Quantity.REGISTERED, Quantity.SIGNATURES),
}
"""The counts of each piece; those of a PV in the order of the official form, between hours and votes by choice."""
CLOCKS = ("ouverture", "cloture")
TEXTS = ("observations", "page")
MOST_CHOICES, MOST_PAGES = 64, 200
PAGE, CARRIED = "pages", "report"
"""The columns of the count of a list, page by page: signatures on a page, and what is carried over at its foot."""
_LONGEST = {"observations": 2000, "page": 40}
_LONGEST_NAME = 200
_INSEE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_OF_PAGES = re.compile(rf"({PAGE}|{CARRIED})-[1-9][0-9]{{0,2}}")
_DAY = 24 * 60
"""Minutes; readers take hours after midnight as ``24:15``, and in a PV that is typed they are a slip."""


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """Place of an entry. ``commune`` is its name, for people and for a place without a code; ``piece`` what it is."""

    insee: str
    commune: str
    bureau: str
    poll: int
    piece: str = PV

    @property
    def key(self) -> tuple[str, str, int, str]:
        """Key of an entry."""
        return self.insee or self.commune.casefold(), self.bureau, self.poll, self.piece

    def may_be(self, other: EntryPlace, communes: Mapping[str, str]) -> bool:
        """Check that another place may be this one: one of them without the code or the zeros in front.

        Args:
            other: a place.
            communes: names of communes by their INSEE codes, as far as they are known.
        """
        same = (self.poll, self.piece) == (other.poll, other.piece) and _bare(self.bureau) == _bare(other.bureau)
        return same and self.may_be_in_commune_of(other, communes)

    def may_be_in_commune_of(self, other: EntryPlace, communes: Mapping[str, str]) -> bool:
        """Check that the communes of both may be one: by code, or by name if one has no code.

        Args:
            other: a place.
            communes: names of communes by their INSEE codes, as far as they are known.
        """
        if self.insee and other.insee:
            return self.insee == other.insee
        names = [each.commune or communes.get(each.insee, "") for each in (self, other)]
        return all(names) and _letters(names[0]) == _letters(names[1])


@dataclass(frozen=True, slots=True)
class Entry:
    """One PV, or count of a list, as somebody copied it; a count that was left empty is None, which is not zero.

    Attributes:
        counts: by `COUNTS`.
        clocks: by `CLOCKS`, as ``19:00``; empty where nothing was noted.
        texts: by `TEXTS`.
        votes: by name of the choice, in the order of the form.
        pages: signatures on each page of a list (``pages-1``), and carried over at its foot (``report-1``).
    """

    place: EntryPlace
    counts: Mapping[str, int | None] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    votes: Mapping[str, int | None] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)

    def cells(self) -> dict[str, str]:
        """Every figure and text by the name of its field, as it stands in the form: two entries are compared by it."""
        return {
            **{name: self.clocks.get(name, "") for name in CLOCKS},
            **{str(name): _shown(self.counts.get(name)) for name in COUNTS[self.place.piece]},
            **{name: str(count) for name, count in self.pages.items()},
            **{f"voix {choice}": _shown(count) for choice, count in self.votes.items()},
            **{name: self.texts.get(name, "") for name in TEXTS},
        }


def is_insee(text: str) -> bool:
    """Check that a text has the form of an INSEE code."""
    return _INSEE.fullmatch(text) is not None


def _bare(bureau: str) -> str:
    return bureau.casefold().lstrip("0")


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, without_accents(name)))


def _shown(count: int | None) -> str:
    return "" if count is None else str(count)


def cell_label(name: str) -> Text:
    """A field of `Entry.cells` for people."""
    if name.startswith("voix "):
        return name.removeprefix("voix ")
    column, _, number = name.partition("-")
    if number:
        said = msg("Page {number}") if column == PAGE else msg("Carried over after page {number}")
        return Message(said.text, {"number": number})
    labels: dict[str, Text] = {
        "ouverture": msg("Opening"),
        "cloture": msg("Closing"),
        "observations": msg("Remarks of the PV"),
        "page": msg("Page of the scan"),
    }
    return labels.get(name) or field_label(name)


def cell_shown(name: str, cell: str) -> Text | int:
    """Text of a field of `Entry.cells` for people: counts with their digits in groups."""
    is_count = name in COUNTS[PV] or name.startswith(("voix ", f"{PAGE}-", f"{CARRIED}-"))
    return Plural(cell) if is_count and cell.isdecimal() else cell


def differing(one: Entry, other: Entry) -> list[str]:
    """The fields in which two entries are not the same; the page of the scan plays no part."""
    first, second = one.cells(), other.cells()
    return [
        name
        for name in dict.fromkeys([*first, *second])
        if name != "page" and " ".join(first.get(name, "").split()) != " ".join(second.get(name, "").split())
    ]


def questions(entry: Entry) -> Iterator[Message]:
    """List contradictions within one piece: each may be a slip of the typing, or stand in the piece."""
    yield from _page_questions(entry)
    counts = {name: count for name in COUNTS[PV] if (count := entry.counts.get(name)) is not None}
    found, valid = counts.get(Quantity.VOTES_FOUND), counts.get(Quantity.VALID)
    signed, registered = counts.get(Quantity.SIGNATURES), counts.get(Quantity.REGISTERED)
    parts = [counts.get(name) for name in (Quantity.BLANK, Quantity.NULL, Quantity.VALID)]
    known = [count for count in parts if count is not None]
    if found is not None and len(known) == len(parts) and sum(known) != found:
        yield msg(
            "Blank, null and valid votes make {sum:n}, and the votes found are {found:n}.", sum=sum(known), found=found
        )
    votes = [count for count in entry.votes.values() if count is not None]
    if valid is not None and votes and len(votes) == len(entry.votes) and sum(votes) != valid:
        yield msg("The votes by choice make {sum:n}, and the valid votes are {valid:n}.", sum=sum(votes), valid=valid)
    if found is not None and signed is not None and found != signed:
        yield msg("{found:n} votes found and {signed:n} signatures: does the PV say so?", found=found, signed=signed)
    for name, count in ((Quantity.SIGNATURES, signed), (Quantity.VOTES_FOUND, found)):
        if count is not None and registered is not None and count > registered:
            yield msg(
                "{field}: {count:n}, more than the {registered:n} registered voters.",
                field=field_label(name),
                count=count,
                registered=registered,
            )
    proxies = counts.get(Quantity.PROXIES)
    if proxies is not None and signed is not None and proxies > signed:
        yield msg("{proxies:n} proxies, more than the {signed:n} signatures.", proxies=proxies, signed=signed)
    opened, closed = (parse_clock(entry.clocks.get(name, "")) for name in CLOCKS)
    if 0 <= closed <= opened:
        yield msg(
            "The closing ({closing}) is not after the opening ({opening}).",
            closing=clock(closed),
            opening=clock(opened),
        )


def _page_questions(entry: Entry) -> Iterator[Message]:
    """List pages that were passed over, carry-overs that do not follow, and a total that is not that of the pages."""
    sums, before = 0, 0
    numbers = [int(name.partition("-")[2]) for name in entry.pages]
    for number in range(1, max(numbers, default=0) + 1):
        here, carried = entry.pages.get(f"{PAGE}-{number}"), entry.pages.get(f"{CARRIED}-{number}")
        if here is None:
            yield msg("Page {number} has no count.", number=number)
        else:
            sums += here
            before += here
            if carried is not None and carried not in (sums, before):
                yield msg(
                    "Carried over after page {number}: {carried:n}, and the pages up to it make {sum:n}.",
                    number=number,
                    carried=carried,
                    sum=sums,
                )
        before = before if carried is None else carried
    total = entry.counts.get(Quantity.SIGNATURES)
    if numbers and total is None:
        yield msg("The total of signatures is empty; the pages make {sum:n}.", sum=sums)
    elif numbers and total != sums:
        yield msg("The pages make {sum:n} signatures, and the total is {total:n}.", sum=sums, total=total)


def read_entry(form: Mapping[str, str]) -> tuple[Entry, dict[str, Message]]:
    """An entry from the fields of its form, and what cannot be read, by field."""
    wrong: dict[str, Message] = {}
    insee, commune, bureau = (
        " ".join(form.get(name, "").split())[:_LONGEST_NAME] for name in ("insee", "commune", "bureau")
    )
    insee = insee.upper()
    if insee and not is_insee(insee):
        wrong["insee"] = msg("a code of five digits is expected, or 2A or 2B and three digits, as 75101 or 2A004")
    if not bureau:
        wrong["bureau"] = msg("the code of the bureau is missing")
    if not insee and not commune:
        wrong["commune"] = msg("the commune is missing: its name or its INSEE code")
    poll = form.get("scrutin", "1").strip() or "1"
    if poll not in ("1", "2", "3", "4", "5"):
        wrong["scrutin"] = msg("the number of a poll is 1 to 5")
    piece = LIST if form.get("piece") == LIST else PV
    counts = {str(name): _read_count(str(name), form.get(name, ""), wrong) for name in COUNTS[piece]}
    clocks = {name: _read_clock(name, form.get(name, ""), wrong) for name in CLOCKS}
    texts = {name: " ".join(form.get(name, "").split())[: _LONGEST[name]] for name in TEXTS}
    votes: dict[str, int | None] = {}
    for number in range(MOST_CHOICES):
        choice = " ".join(form.get(f"choice-{number}", "").split())[:_LONGEST_NAME]
        cell = form.get(f"votes-{number}", "")
        if not choice:
            if cell.strip():
                wrong[f"votes-{number}"] = msg("whose votes are these? The name is missing")
        elif choice in votes:
            wrong[f"votes-{number}"] = msg("this choice is there twice")
        else:
            votes[choice] = _read_count(f"votes-{number}", cell, wrong)
    names = (f"{column}-{number}" for number in range(1, MOST_PAGES + 1) for column in (PAGE, CARRIED))
    read = {name: _read_count(name, cell, wrong) for name in names if (cell := form.get(name, "").strip())}
    pages = {name: count for name, count in read.items() if count is not None}
    place = EntryPlace(insee, commune, bureau, int(poll) if "scrutin" not in wrong else 1, piece)
    return Entry(place, counts, clocks, texts, votes, pages), wrong


def _read_count(name: str, cell: str, wrong: dict[str, Message]) -> int | None:
    count = parse_count(cell[:40])
    if count == UNREADABLE:
        wrong[name] = msg("a whole number is expected, or nothing")
    return None if count in (BLANK, UNREADABLE) else count


def _read_clock(name: str, cell: str, wrong: dict[str, Message]) -> str:
    minutes = parse_clock(cell[:40])
    if minutes == UNREADABLE or minutes >= _DAY:
        wrong[name] = msg("a time is expected, as 19:00, or nothing")
    return clock(minutes) if minutes >= 0 else ""


def as_document(entry: Entry) -> dict[str, Any]:
    """An entry for JSON."""
    place = entry.place
    return {
        "piece": place.piece,
        "place": [place.insee, place.commune, place.bureau, place.poll],
        "counts": dict(entry.counts),
        "clocks": dict(entry.clocks),
        "texts": dict(entry.texts),
        "votes": dict(entry.votes),
        "pages": dict(entry.pages),
    }


def from_document(document: Any) -> Entry | None:
    """The entry that `as_document` wrote; None for anything else."""
    try:
        insee, commune, bureau, poll = document["place"]
        counts, clocks, texts, votes = (dict(document[name]) for name in ("counts", "clocks", "texts", "votes"))
        piece, pages = document.get("piece", PV), dict(document.get("pages", {}))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    named = [insee, commune, bureau, *clocks.values(), *texts.values(), *votes, *counts]
    figures = [*counts.values(), *votes.values(), *pages.values()]
    known = piece in (PV, LIST) and all(isinstance(name, str) and _OF_PAGES.fullmatch(name) for name in pages)
    whole = all(each is None or (type(each) is int and 0 <= each < 2**28) for each in figures)
    if (
        not (whole and known)
        or None in pages.values()
        or not all(isinstance(each, str) for each in named)
        or type(poll) is not int
        or len(votes) > MOST_CHOICES
    ):
        return None
    return Entry(EntryPlace(insee, commune, bureau, poll, piece), counts, clocks, texts, votes, pages)
