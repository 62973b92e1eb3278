"""The wordings of headers, from `wordings.toml`: whole ones, and words that together mean a quantity.

Accents, case, spaces and punctuation play no part, nor the plural, nor words that only say that something is counted
(« Nb d'inscrits » is « inscrits »).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from protocol.accents import without_accents
from protocol.quantities import column_of

PAGES, OTHERS, FIGURES, NO_CHOICES, DOUBTFUL = "pages", "others", "figures", "no_choices", "doubtful"
SURNAMES, LEVELS, BUREAU_LEVEL = "surnames", "levels", "bureau_level"
"""Parts of the file that are no columns of a night."""
_KINDS = (PAGES, OTHERS, FIGURES, NO_CHOICES, DOUBTFUL, SURNAMES, LEVELS, BUREAU_LEVEL)

_NOISE = frozenset(("nb", "nbr", "nbre", "nombre", "de", "des", "d", "du", "la", "le", "les", "l", "of", "the"))
_COUNTED = frozenset(("nb", "nbr", "nbre", "nombre"))
_NO_VOTERS = frozenset(("bureau", "bureauvote", "bv", "commune", "candidat", "liste", "binome", "choix"))
_NUMBER = frozenset(("n", "no", "num", "numero", "number"))
_RUN_TOGETHER = re.compile(r"(?:nbre|nbr|nb|nombre)(?:d|de|des)?(?=[a-z]{3})")
_SHARE = re.compile(
    r"%|(?:^|[\W_])(?:taux|pourcentages?|proportions?|pct|percent(?:age)?)(?:[\W_]|$)|^\s*part\b", re.IGNORECASE
)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_LOST = re.compile(r"(?<=\w)[?\ufffd]+|[?\ufffd]+(?=\w)")
"""What stands for letters that a program could not write."""
_NUMERO = re.compile(r"\bnum[?\ufffd]+ro\b", re.IGNORECASE)
_LANGUAGES = re.compile(r"([^/(]+?)\s*[/(]\s*([^/()]+?)\)?\s*")
_CUT = 200
_BETWEEN = re.compile(r"\s[-–—−+/]\s")
"""What stands between two quantities of which a column has the difference, or the sum."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Words of which each group must be there, and those that may stand beside them."""

    column: str
    groups: tuple[frozenset[str], ...]
    beside: frozenset[str]
    needs: frozenset[str]

    def words(self, said: frozenset[str]) -> int:
        """How many words of a header say this; 0 where it does not mean it."""
        if not all(group & said for group in self.groups) or (self.needs and not self.needs & said):
            return 0
        own = frozenset().union(*self.groups)
        return len(own & said) if said - own <= self.beside else 0


@dataclass(frozen=True, slots=True)
class Wordings:
    """All of them.

    Attributes:
        whole: whole wordings by column, the surest first.
        column: the column of each wording by its `key`, and its rank.
        kinds: the keys of each of `_KINDS`; of `NO_CHOICES` and `DOUBTFUL` those of single words.
        meanings: for headers that are no whole wording.
    """

    whole: dict[str, tuple[str, ...]]
    column: dict[str, tuple[str, int]]
    kinds: dict[str, frozenset[str]]
    meanings: tuple[_Meaning, ...]


@cache
def wordings() -> Wordings:
    """The wordings in use."""
    text = Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8")
    entries: dict[str, Any] = tomllib.loads(text)
    small = _set(entries.pop("small"))
    kinds = {name: frozenset(map(key, entries.pop(name)["wordings"])) for name in _KINDS}
    whole = {name: tuple(entry["wordings"]) for name, entry in entries.items()}
    column = {
        key(wording): (name, rank)
        for name, several in reversed(whole.items())
        for rank, wording in reversed(list(enumerate((*several, column_of(name)))))
    }
    meanings = [
        _Meaning(
            name,
            tuple(frozenset(_plain(word) for word in group.split("|")) for group in line.split()),
            _set(entry.get("beside", "")) | small,
            _set(entry.get("needs", "")),
        )
        for name, entry in entries.items()
        for line in entry.get("meanings", ())
    ]
    return Wordings(whole, column, kinds, tuple(meanings))


def _set(words: str) -> frozenset[str]:
    return frozenset(map(_plain, words.split()))


def key(header: str) -> str:
    """A header as small letters and digits, in the singular, without what plays no part; ``n°`` stays, as ``n``."""
    words = ["n" if word in _NUMBER else word.rstrip("sx") if len(word) > 3 else word for word in _words(header)]
    said = [word for word in words[:-1] if word not in _NOISE]
    # a letter at the end is no article: « Candidat D » is one of several
    return "".join(said + [word for word in words[-1:] if word not in _NOISE or len(word) == 1] or words)


def _words(header: str) -> list[str]:
    text = _CAMEL.sub(" ", header[:_CUT])
    text = text.replace("°", "o ").replace("º", "o ").replace("№", "no ")
    return re.findall(r"[a-z0-9]+", without_accents(text))


def _plain(word: str) -> str:
    """A word in one form for singular and plural, masculine and feminine: « trouvées » is « trouve »."""
    word = without_accents(word)
    word = word.rstrip("sx") if len(word) > 3 else word
    return word.removesuffix("e") if word.endswith("ee") else word


def has_word(header: str, kind: str) -> bool:
    """Whether one of a header's words is among those of a kind."""
    return not wordings().kinds[kind].isdisjoint(map(_plain, _words(header)))


def is_share(header: str) -> bool:
    """Whether a column is of shares or rates, and so of no counts."""
    return _SHARE.search(_CAMEL.sub(" ", header[:_CUT])) is not None


def find_meaning(header: str) -> tuple[str, int] | None:
    """The column that a header means by itself and how sure that is, 0 for most; None where it means none.

    By its whole wording, else by its words where all of them are known and they mean one column more than any other.
    """
    if is_share(header) or of_several(header):
        return None
    return _found(header) or (_with_lost_letters(header) if _LOST.search(header) else _in_two_languages(header))


def _in_two_languages(header: str) -> tuple[str, int] | None:
    """The same for a header that says one thing twice: « Inscrits (registered) », « Blancs / Blank »."""
    parts = _LANGUAGES.fullmatch(header[:_CUT])
    if parts is None:
        return None
    one, other = map(_found, parts.groups())
    return one if one is not None and other is not None and one[0] == other[0] else None


def _with_lost_letters(header: str) -> tuple[str, int] | None:
    """The same for a header with signs where its accents were: « Num?ro », « Exprim\ufffds »."""
    plain = re.escape(key(_LOST.sub("qzq", _NUMERO.sub("n°", header)))).replace("qzq", "[a-z0-9]{0,2}")
    meant = {found for spelling, found in wordings().column.items() if re.fullmatch(plain, spelling)}
    return min(meant, key=lambda each: each[1]) if len({column for column, _ in meant}) == 1 else None


def is_how_many(header: str) -> bool:
    """Whether a column counts bureaux or choices: « Nombre de bureaux » names none."""
    return key(header) in _NO_VOTERS and not _COUNTED.isdisjoint(_words(header))


def of_several(header: str) -> bool:
    """Whether a column is of several quantities at once: « Votants - émargements »."""
    parts = _BETWEEN.split(header[:_CUT])
    return len(parts) > 1 and len({meant[0] if (meant := _found(part)) else None for part in parts} - {None}) > 1


def _found(header: str) -> tuple[str, int] | None:
    known, plain = wordings(), key(header)
    if is_how_many(header):
        return None
    if whole := known.column.get(plain) or known.column.get(_RUN_TOGETHER.sub("", plain, count=1)):
        return whole
    if any(plain in known.kinds[kind] for kind in (PAGES, OTHERS, FIGURES)):
        return None
    words = _words(header)
    if len(words[-1:]) == 1 and len(words[-1]) == 1:  # one of several: « Votants A »
        return None
    said = frozenset(map(_plain, words))
    fitting: dict[str, int] = {}
    for meaning in known.meanings:
        fitting[meaning.column] = max(fitting.get(meaning.column, 0), meaning.words(said))
    most = max(fitting.values(), default=0)
    columns = [column for column, count in fitting.items() if count == most > 0]
    return (columns[0], len(known.whole[columns[0]])) if len(columns) == 1 else None
