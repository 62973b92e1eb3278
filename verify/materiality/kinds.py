"""The kinds of election, and the one list of words that name them in `election.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from protocol.words import without_accents


class ElectionKind(Enum):
    """A way of electing, named by the word that regard writes for it. The law of each: `docs/guide/materiality.md`."""

    PRESIDENTIAL = "presidentielle"
    LEGISLATIVE = "legislatives"
    DEPARTMENTAL = "departementales"
    MUNICIPAL_LISTS = "municipales_listes"
    MUNICIPAL_CANDIDATES = "municipales_candidats"
    REGIONAL = "regionales"
    EUROPEAN = "europeennes"
    REFERENDUM = "referendum"

    @property
    def rounds(self) -> int:
        """Most rounds that it can have."""
        return 1 if self in (ElectionKind.EUROPEAN, ElectionKind.REFERENDUM) else 2

    @property
    def threshold_of_registered(self) -> bool:
        """True if a threshold of its first round is a share of the registered voters."""
        return self in (ElectionKind.LEGISLATIVE, ElectionKind.DEPARTMENTAL, ElectionKind.MUNICIPAL_CANDIDATES)

    @property
    def by_commune(self) -> bool:
        """True if every commune is a contest of its own."""
        return self in (ElectionKind.MUNICIPAL_LISTS, ElectionKind.MUNICIPAL_CANDIDATES)

    @property
    def national(self) -> bool:
        """True if the country is one contest."""
        return self in (ElectionKind.PRESIDENTIAL, ElectionKind.EUROPEAN, ElectionKind.REFERENDUM)

    @property
    def several_names(self) -> bool:
        """True if one ballot may name several candidates, so that votes add up to more than ballots."""
        return self is ElectionKind.MUNICIPAL_CANDIDATES


MUNICIPAL = "municipales"
"""Says which election but not which way of electing: lists, or before 2026 single candidates in small communes."""
_LISTS_ALONE = 2026
"""First year in which all communes elect by lists."""

_ENGLISH = {
    "presidentielle": "presidential",
    "legislatives": "legislative",
    "senatoriales": "senatorial",
    MUNICIPAL: "municipal",
    "departementales": "departmental",
    "regionales": "regional",
    "europeennes": "european",
    "referendum": "referendum",
}
"""Elections, by the word that regard writes for it, and the English one."""


def _named(name: str, english: str) -> list[str]:
    """The words for one election: in the singular, the plural and English."""
    bare = name.removesuffix("s")
    return list(dict.fromkeys((name, bare, f"{bare}s", english, f"{english}s")))


_ELECTIONS = {word: name for name, english in _ENGLISH.items() for word in _named(name, english)}
_WAYS = {"": None, "_listes": ElectionKind.MUNICIPAL_LISTS, "_candidats": ElectionKind.MUNICIPAL_CANDIDATES}
WORDS = {
    **{word: ElectionKind(name) for word, name in _ELECTIONS.items() if name not in (MUNICIPAL, "senatoriales")},
    **{f"{word}{way}": kind for word in _named(MUNICIPAL, _ENGLISH[MUNICIPAL]) for way, kind in _WAYS.items() if kind},
}
"""The words for kinds that can be judged: small letters, no accents, an underscore between words."""


_BY_LETTERS = {
    "pres": ElectionKind.PRESIDENTIAL.value,
    "legi": ElectionKind.LEGISLATIVE.value,
    "muni": MUNICIPAL,
    "dpmt": ElectionKind.DEPARTMENTAL.value,
    "regi": ElectionKind.REGIONAL.value,
    "euro": ElectionKind.EUROPEAN.value,
    "refe": ElectionKind.REFERENDUM.value,
}


def word_of(letters: str) -> str:
    """The word for a four-letter code of data.gouv.fr (``pres``); empty for elections that are not judged."""
    return _BY_LETTERS.get(letters, "")


def election_word(word: str) -> str | None:
    """The French word for an election named in French or English; None if it names none.

    Args:
        word: as in `election.toml` or for the command line; case, accents, spaces and hyphens do not matter.
    """
    plain = _plain(word)
    name, way = next(((plain[: -len(way)], way) for way in _WAYS if way and plain.endswith(way)), (plain, ""))
    found = _ELECTIONS.get(name)
    return found if not way or found == MUNICIPAL else None


def kind_of(word: str, machines: bool = False, year: int = 0) -> ElectionKind | None:
    """The kind that a word names, None where it names none or more than one.

    Args:
        word: as `election_word` takes it.
        machines: whether the contest has a machine bureau. Machines are allowed only in communes of more than 3,500
            inhabitants (Code électoral, L57-1), and these elect by lists: ``municipales`` is then not in doubt.
        year: of the vote, 0 if not known. From 2026 on every commune elects by lists (loi 2025-444 of 21 May 2025).
    """
    plain = _plain(word)
    if _ELECTIONS.get(plain) == MUNICIPAL:
        return ElectionKind.MUNICIPAL_LISTS if machines or year >= _LISTS_ALONE else None
    return WORDS.get(plain)


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", without_accents(word).strip())


@dataclass(frozen=True, slots=True)
class Ballot:
    """Way of deciding one round (no paper): kind of election, round (1 or 2), seats to fill, None if not known."""

    kind: ElectionKind
    round: int
    seats: int | None = None

    @property
    def final(self) -> bool:
        """True if no round can follow."""
        return self.round == self.kind.rounds
