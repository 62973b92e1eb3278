"""Files of a feed that belong together: those of one election. Others, and rehearsals, are named and not read.

A file says of which election it is (``Type`` and ``Annee``), its place in the feed says it as well (``LG2024``,
``resultatsT1``), and so does its name (``R175CIR.xml``: round 1, département 75). A rehearsal has the form of the
election that is to come and the figures of one that was: its folder is called ``EssaiPR2017``, its year is another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from protocol.words import Text, msg
from verify.model.identity import UNSTATED, StatedElection
from verify.model.published import Flaw
from verify.read.feed.elements import FeedDocument, Place, entry, first
from verify.read.published.codes import department_code

CODE = "T320"

_LETTERS = r"(PR|LG|EU|SN|DP|RG|MN|MU)((?:19|20)[0-9]{2})"
_ELECTION = re.compile(rf"(?<![A-Za-z]){_LETTERS}", re.IGNORECASE)
_REHEARSAL = re.compile(rf"essai[ _-]?(?:presse|{_LETTERS})", re.IGNORECASE)
"""As the ministry calls them; a folder that somebody calls « essai » is none."""
_KINDS = {
    "PR": "pres",
    "LG": "legi",
    "EU": "euro",
    "SN": "sena",
    "DP": "dpmt",
    "RG": "regi",
    "MN": "muni",
    "MU": "muni",
}
"""Kinds of elections by the letters of a feed's folder."""
_ROUND = re.compile(r"resultats?T([12])", re.IGNORECASE)
_FILE = re.compile(r"R([12])(0?[0-9]{2}|2[AB]|02[AB]|9[0-9]{2}|Z[A-Z])(?:COM|CIR|CAN)?\.xml", re.IGNORECASE)
_OLD_FILE = re.compile(r"([0-9]{3}|02[AB])(?:com|cir|idx)?\.xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a feed.

    Attributes:
        name: below the feed's own folder, with ``/`` between its parts.
        shown: as it is named to people.
        sha256: of its bytes, empty where it is of an archive.
        document: what it holds.
    """

    name: str
    shown: str
    sha256: str
    document: FeedDocument


def names_election(name: str) -> bool:
    """Test whether a folder is called as the ministry calls those of an election: ``LG2024``."""
    return _ELECTION.search(name) is not None


def stated_by(document: FeedDocument) -> StatedElection:
    """The election that a file says it is of."""
    return StatedElection.of_text(f"{document.kind} {document.year}")


def belonging(members: Sequence[Member], feed: str) -> tuple[list[Member], list[Flaw]]:
    """The files of the election that most places are of, and what is said of the others.

    Args:
        members: all files that hold places or an index.
        feed: the name of the feed, its folder or archive.
    """
    rehearsed = [member for member in members if _REHEARSAL.search(member.name)]
    flaws = []
    own = PurePosixPath(feed).name
    if _REHEARSAL.search(own) or (members and len(rehearsed) == len(members)):
        said = msg("a rehearsal by its name: these are no results of this election")
        flaws.append(Flaw(CODE, -1, "election", own, None, said, feed))
        rehearsed = []
    sizes: Counter[StatedElection] = Counter()
    for member in members:
        if member not in rehearsed:
            sizes[stated_by(member.document)] += max(len(member.document.places), 1)
    main = max(sizes, key=lambda election: (sizes[election], election.kind, election.year), default=UNSTATED)
    kept = []
    for member in members:
        if member in rehearsed:
            flaws.append(_other(member, msg("a rehearsal by its name: not read")))
        elif (why := _why_not(member, main)) is not None:
            flaws.append(_other(member, why))
        else:
            kept.append(member)
    if (year := _year_of(feed, kept, main)) is not None:
        flaws.append(year)
    return kept, flaws


def _other(member: Member, why: Text) -> Flaw:
    said = f"{member.document.kind} {member.document.year}".strip()
    return Flaw(CODE, -1, "election", said or member.name, None, why, member.shown)


def _why_not(member: Member, main: StatedElection) -> Text | None:
    """Why a file does not belong to the election of the others, or None."""
    if (says := stated_by(member.document)) != main:
        return msg("it says {own}, the others {election}: not read", own=says.text, election=main.text)
    file = PurePosixPath(member.name).name
    named = _FILE.fullmatch(file)
    of_path = _ROUND.search(member.name)
    rounds = {found[1] for found in (named, of_path) if found is not None}
    numbers = {tour.number for place in member.document.places for tour in place.tours}
    if rounds and numbers and not rounds & numbers and not all(map(_is_decided, member.document.places)):
        stands, holds = ", ".join(sorted(rounds)), ", ".join(sorted(numbers))
        return msg("it stands where round {stands} does and holds round {holds}: not read", stands=stands, holds=holds)
    code = named[2] if named is not None else _old_code(member.name)
    own = {stated_department(place.texts) for place in member.document.places} - {""}
    if code and own and department_code(_short(code)) not in own:
        inside = ", ".join(sorted(own)[:5])
        return msg("its name is that of {code}, its figures are of {inside}: not read", code=code, inside=inside)
    return None


def _is_decided(place: Place) -> bool:
    """Test whether somebody was elected there in the first round, so that a second one has nothing else to show."""
    return any(
        is_elected(choice.get("Elu", "")) for tour in place.tours if tour.number == "1" for choice in tour.choices
    )


def is_elected(mark: str) -> bool:
    """Test whether a mark says that somebody is elected."""
    return mark.upper() in ("OUI", "O", "ELU", "ELUE", "ÉLU", "ÉLUE")


def _old_code(name: str) -> str:
    """The département in the name of an older file that stands in its folder: ``032/002/002com.xml``."""
    path = PurePosixPath(name)
    found = _OLD_FILE.fullmatch(path.name)
    return found[1] if found is not None and len(path.parts) > 2 and path.parent.name == found[1] else ""


def _year_of(feed: str, kept: Sequence[Member], main: StatedElection) -> Flaw | None:
    """Report the feed's folder that names another election than its files."""
    for path in (PurePosixPath(feed).name, *(member.name for member in kept)):
        found = _ELECTION.search(path)
        if found is None:
            continue
        if StatedElection(_KINDS[found[1].upper()], int(found[2])).conflicts(main):
            said = msg("“{name}” names another election than its files: {election}", name=found[0], election=main.text)
            return Flaw(CODE, -1, "election", found[0], None, said, feed)
    return None


def stated_department(texts: dict[str, str]) -> str:
    """The code of a place's département, in one form; empty where it is of none."""
    code = first(texts, entry()[1]["Code du département"])
    return department_code(_short(code)) if code else ""


def _short(code: str) -> str:
    """``075`` is 75, ``02A`` is 2A, ``099`` is 99; 971 stays."""
    return code[1:] if len(code) == 3 and code.startswith("0") else code
