"""Meanings of a table's headers: the wordings in use, from `wordings.toml`, and which column is which quantity.

Accents, case, spaces and punctuation play no part, nor the plural, nor words that only say that something is counted
(« Nb d'inscrits » is « inscrits »). « Votants » can mean either count of voters; the other headers decide which.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from protocol.errors import InputError
from protocol.quantities import VOTERS, Quantity, column_of
from protocol.words import msg, without_accents
from verify.model.labels import field_label
from verify.model.use import CHOICE, Taken
from verify.read.counts import parse_count
from verify.read.tables.asked import LEFT, NOTHING_ASKED, Asked, AskedColumn

PAGES, OTHERS, FIGURES, NO_CHOICES, DOUBTFUL = "pages", "others", "figures", "no_choices", "doubtful"
SURNAMES, LEVELS, BUREAU_LEVEL = "surnames", "levels", "bureau_level"
BARE, INNER, NAMES, PERSONS = "bare", "inner", "names", "persons"
BUREAU_NAMES, BLANK_AND_NULL, HOURS = "bureau_names", "blank_and_null", "hours"
"""Parts of the file that are no columns of a night."""

NOISE = frozenset(("nb", "nbr", "nbre", "nombre", "de", "des", "d", "du", "la", "le", "les", "l", "of", "the"))
_COUNTED = frozenset(("nb", "nbr", "nbre", "nombre"))
_ARTICLES = frozenset(("l", "le", "la", "les"))
_NO_VOTERS = frozenset(("bureau", "bureauvote", "bv", "commune", "candidat", "liste", "binome", "choix", "page"))
_NUMBER = frozenset(("n", "no", "num", "numero", "number"))
_RUN_TOGETHER = re.compile(r"(?:nbre|nbr|nb|nombre)(?:d|de|des)?(?=[a-z]{3})")
_SHARE = re.compile(
    r"%|(?:^|[\W_])(?:taux|pourcentages?|proportions?|pct|percent(?:age)?)(?:[\W_]|$)|^\s*part\b", re.IGNORECASE
)
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_LOST = re.compile(r"(?<=\w)[?\ufffd]+|[?\ufffd]+(?=\w)")
"""Signs for letters that a program could not write."""
_NUMERO = re.compile(r"\bnum[?\ufffd]+ro\b", re.IGNORECASE)
_LANGUAGES = re.compile(r"([^/(]+?)\s*[/(]\s*([^/()]+?)\)?\s*")
_MARK = re.compile(r"\s*(?:\([0-9a-z](?:\s*[-–+]\s*[0-9a-z])*\)|\*+|[¹²³])\s*$", re.IGNORECASE)
"""Behind a header, of a note below the table, or of a formula: « Émargements (1) », « Différence (B - A) »."""
_SHORT = re.compile(r"[a-z0-9]+\.?")
_LETTERS = 3
"""Letters of a word that is shortened without a point, at least."""
_BY_RECORD = re.compile(
    r"\W*(?:\b(?:chiffre|nombre)s?)?\s*\b(?:du|au|d['’]apr[èe]s le|selon le)?\s*(?:PV|proc[èe]s.verbal)\W*$",
    re.IGNORECASE,
)
_CUT = 200
_CLOSED = re.compile(
    r"[\s(]*(?:à|a|lors de)?\s*(?:la )?(?:cl[oô]ture|fermeture)(?: du (?:scrutin|bureau))?\)?\s*$", re.IGNORECASE
)
_ENDS: tuple[tuple[re.Pattern[str], tuple[str, ...], int], ...] = (
    (_CLOSED, (Quantity.SIGNATURES, "votants"), 0),
    (_BY_RECORD, (Quantity.SIGNATURES,), 1000),
    (_MARK, (), 0),
)
"""Ends without which a header may mean a count, or anything, and how sure that is at most: the hour, the PV, a mark."""
_BETWEEN = re.compile(r"\s[-–—−+/]\s")
"""Signs between two quantities of which a column has the difference or the sum."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Words of which each group must be there, and those that may stand beside them."""

    column: str
    groups: tuple[frozenset[str], ...]
    beside: frozenset[str]
    needs: frozenset[str]

    def words(self, said: frozenset[str]) -> int:
        """Count the words of a header with this meaning; 0 without it."""
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
        kinds: the keys of each part that is no column of a night; of `NO_CHOICES` and `DOUBTFUL` those of single words.
        meanings: for headers that are no whole wording.
        initials: columns of counts by their initials, which mean them side by side only (`_initials`).
    """

    whole: dict[str, tuple[str, ...]]
    column: dict[str, tuple[str, int]]
    kinds: dict[str, frozenset[str]]
    meanings: tuple[_Meaning, ...]
    initials: dict[str, str]


@cache
def wordings() -> Wordings:
    """The wordings in use."""
    text = Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8")
    entries: dict[str, Any] = tomllib.loads(text)
    small = _set(entries.pop("small"))
    kinds = {name: frozenset(map(key, entry["wordings"])) for name, entry in entries.pop("kinds").items()}
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
    initials = {each: name for name, entry in entries.items() for each in entry.get("initials", ())}
    return Wordings(whole, column, kinds, tuple(meanings), initials)


def _set(words: str) -> frozenset[str]:
    return frozenset(map(_plain, words.split()))


@lru_cache(2**12)
def key(header: str) -> str:
    """A header as small letters and digits, in the singular, without what plays no part; ``n°`` stays, as ``n``."""
    words = ["n" if word in _NUMBER else word.rstrip("sx") if len(word) > 3 else word for word in _words(header)]
    said = [word for word in words[:-1] if word not in NOISE]
    # a letter at the end is no article: « Candidat D » is one of several
    return "".join(said + [word for word in words[-1:] if word not in NOISE or len(word) == 1] or words)


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
    """Test whether one of a header's words is among those of a kind."""
    return not wordings().kinds[kind].isdisjoint(map(_plain, _words(header)))


def is_share(header: str) -> bool:
    """Test whether a column is of shares or rates, and so of no counts."""
    return _SHARE.search(_CAMEL.sub(" ", header[:_CUT])) is not None


def without_share(header: str) -> str:
    """A header without the words that say that it is of shares."""
    return _SHARE.sub(" ", _CAMEL.sub(" ", header[:_CUT]))


def find_meaning(header: str) -> tuple[str, int] | None:
    """The column that a header means by itself and how sure that is, 0 for most; None where it means none.

    By its whole wording, else by its words where all of them are known and they mean one column more than any other.
    """
    if is_share(header) or of_several(header):
        return None
    found = _found(header) or (_with_lost_letters(header) if _LOST.search(header) else _in_two_languages(header))
    for end, columns, less_sure in _ENDS if found is None else ():
        shorter = end.sub("", header[:_CUT])
        meant = _found(shorter) if shorter != header else None
        if meant is not None and (meant[0] in columns or not columns):
            return meant[0], max(meant[1], less_sure)
    return found


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
    return _only({found for spelling, found in wordings().column.items() if re.fullmatch(plain, spelling)})


def _only(meant: Set[tuple[str, int]]) -> tuple[str, int] | None:
    """The surest of several wordings of one column; None for those of none or of several."""
    return min(meant, key=lambda each: each[1]) if len({column for column, _ in meant}) == 1 else None


def is_how_many(header: str) -> bool:
    """Test whether a column counts bureaux, choices or pages: « Nombre de bureaux » names none."""
    return key(header) in _NO_VOTERS and not _COUNTED.isdisjoint(_words(header))


def of_several(header: str) -> bool:
    """Test whether a column is of several quantities at once: « Votants - émargements »."""
    parts = _BETWEEN.split(header[:_CUT])
    return len(parts) > 1 and len({meant[0] if (meant := _found(part)) else None for part in parts} - {None}) > 1


def _found(header: str) -> tuple[str, int] | None:
    known, plain = wordings(), key(header)
    if is_how_many(header):
        return None
    if whole := known.column.get(plain) or known.column.get(_RUN_TOGETHER.sub("", plain, count=1)):
        return None if whole[0] == "choix" and _words(header)[0] in _ARTICLES else whole  # a list called « LE CHOIX »
    if any(plain in known.kinds[kind] for kind in (PAGES, OTHERS, FIGURES)):
        return None
    if short := _abbreviated(header):
        return short
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


def _abbreviated(header: str) -> tuple[str, int] | None:
    """The same for a header that shortens each word of one wording, or some: « Suffr. expr. », « Bull. blancs »."""
    plain = without_accents(header[:_CUT])
    words = [word for word in _SHORT.findall(plain) if word.rstrip(".") not in NOISE]
    if not words or (len(words) == 1 and not words[0].endswith(".")) or max(map(len, words)) <= _LETTERS:
        return None
    shortened = all(word.endswith(".") for word in words)  # « B. BLANC » may be somebody
    if not shortened and not all(len(word) >= _LETTERS for word in words):
        return None
    short = tuple(word.rstrip(".") for word in words)
    spelled = _spelled().get(len(short), ())
    return _only({found for words, found in spelled if all(map(str.startswith, words, short))})


@cache
def _spelled() -> dict[int, list[tuple[tuple[str, ...], tuple[str, int]]]]:
    """The words of each whole wording of a count, by their number."""
    found: dict[int, list[tuple[tuple[str, ...], tuple[str, int]]]] = {}
    for column, whole in wordings().whole.items():
        for rank, wording in enumerate(whole if column in (*VOTERS, VOTANTS) else ()):
            words = tuple(word for word in _words(wording) if word not in NOISE)
            found.setdefault(len(words), []).append((words, (column, rank)))
    return found


VOTANTS = "votants"
"""The one header that is not a column of a night: the count by the sign-in list, or the ballots found."""
OF_VOTERS = frozenset((*VOTERS, VOTANTS))
"""Meanings of headers over counts of voters."""
OF_FIGURES = OF_VOTERS | {Quantity.VOTES}

_HOUR = re.compile(r"(?:emargement|emarg|signature)(?:a)?([01]?[0-9]|2[0-3])(?:h|heures)(?:00)?")
_AT_HOUR = re.compile(r"(?<!\w)([01]?[0-9]|2[0-3])\s*(?:h|heures?)(?:\s*[0-5][0-9])?(?!\w)", re.IGNORECASE)
"""Words in the headers of counts of the turnout during the day."""
_TURNOUT = re.compile(r"participation|turnout|[ée]marg|votant|signature", re.IGNORECASE)
_AT_CLOSING = re.compile(r"cl[oô]ture|fermeture|closing", re.IGNORECASE)
"""Words of the hour at which all voters have come."""
_TIME = re.compile(r"\D{0,20}?([01]?[0-9]|2[0-4]) ?(h|heures?|:)? ?([0-5][0-9])?(?::00)?\W*", re.IGNORECASE)
"""A cell of a column of hours: « 12h », « Participation à 17 heures », « 20:00 »."""
FIRST_CLOSING, CLOSED = 18 * 60, 24 * 60
"""Minutes at which the first bureaux close (code électoral, R. 41), and such as no bureau is open."""
_LAST_HOUR = 20
"""Hour after which no bureau is open (code électoral, R. 41): signatures counted then are all of them."""
_NEAR = 0.8
_NOTED, LOOKED_AT = 80, 50
"""Characters of a header in a note; headers that are held against all spellings, to name the one that was meant."""
_AS_ASKED = -1
"""Goes before the rank of any wording."""
_FIRST_NAME = key("prénom")
_NUMBER_ALONE = key("n°")
_COORDINATES = ("x", "y")
_QUANTITIES = (*VOTERS, Quantity.VOTES)


def meaning_of(header: str) -> str | None:
    """The column that a header means by itself, as `wordings` has them, or None."""
    meant = find_meaning(header)
    return meant[0] if meant else None


def meanings_of(cells: Sequence[str]) -> list[str | None]:
    """The meaning of each cell of a row; where none names the bureau, « N° » alone may do so (`_numbers_bureaux`)."""
    meant = [meaning_of(cell) if cell.strip() else None for cell in cells]
    for index, column in _initials(cells, meant).items():
        meant[index] = column
    if "bureau" in meant or not _numbers_bureaux(meant):
        return meant
    return [
        "bureau" if column is None and key(cell) == _NUMBER_ALONE else column
        for cell, column in zip(cells, meant, strict=True)
    ]


def _initials(cells: Sequence[str], meant: Sequence[str | None]) -> dict[int, str]:
    """Counts by their initials, in a table that has blank, null and valid votes each once, the first two side by side.

    « Bl. » and « N. » beside « Expr. », or « I », « V », « B », « N », « E »; beside « SE » « E » is the signatures.
    Without these, those of two letters and a full stop beside the registered and the voters: « Ém. », « Ex. ».
    """
    spelled = [wordings().initials.get(without_accents(cell.strip().rstrip("."))) for cell in cells]
    said = [column or by_initial for column, by_initial in zip(meant, spelled, strict=True)]
    if said.count(Quantity.VALID) == 2:
        of_voters = (Quantity.SIGNATURES if key(cell) == "e" else None for cell in cells)
        said = [signed or column for signed, column in zip(of_voters, said, strict=True)]
    once = all(said.count(column) == 1 for column in (Quantity.BLANK, Quantity.NULL, Quantity.VALID))
    whole = once and said.index(Quantity.NULL) == said.index(Quantity.BLANK) + 1
    if not whole and not {Quantity.REGISTERED, "votants"}.issubset(meant):
        return {}
    new = {at: column for at, column in enumerate(said) if column is not None and meant[at] is None}
    sure = (at for at in new if said.count(new[at]) == 1 and (whole or cells[at].strip()[2:].endswith(".")))
    return {at: new[at] for at in sure}


def _numbers_bureaux(meant: Iterable[str | None]) -> bool:
    """Test whether « N° » must be a bureau's: beside signatures, or voters on the rolls and another count."""
    counted = OF_FIGURES.intersection(meant)
    return Quantity.SIGNATURES in counted or {Quantity.REGISTERED} < counted


def is_page(header: str) -> bool:
    """Test whether a column says where in a scan a row was read; how many pages there are says nothing of that."""
    return key(header) in wordings().kinds[PAGES] and _COUNTED.isdisjoint(_words(header))


def hour_of(header: str) -> int | None:
    """The hour at which a column's signatures were counted: 9 for « Émargements à 9 h »."""
    found = _HOUR.fullmatch(key(header))
    return int(found[1]) if found else None


def hours_in(title: str) -> set[int]:
    """The hours at which a title says that voters were counted: 17 for « Participation à 17 h »."""
    return {int(found[1]) for found in _AT_HOUR.finditer(title)} if _TURNOUT.search(title) else set()


def minutes_of(cell: str, header: str) -> int:
    """The time that a cell says, in minutes, that of « clôture » after all others; -1 where it says none."""
    if _AT_CLOSING.search(cell):
        return CLOSED
    found = _TIME.fullmatch(cell)
    says = found is not None and bool(found[2] or has_word(header, HOURS))
    return 60 * int(found[1]) + int(found[3] or 0) if found is not None and says else -1


def is_turnout_at_hour(header: str) -> bool:
    """Test whether a column counts those who have voted by an hour: « Votants à 17 h »."""
    return _AT_HOUR.search(header) is not None and "votant" in header.casefold()


def _last_hour(header: str) -> int:
    """The hour of a column of signatures or voters, the last one of the day where it says that the poll was closed."""
    if _AT_HOUR.search(header) and _AT_CLOSING.search(header):
        return _LAST_HOUR
    return hour_of(header) or 0


def is_other(header: str) -> bool:
    """Test whether a column is known to hold neither a count that is read nor the votes of a choice."""
    plain = key(_MARK.sub("", header[:_CUT]))
    is_signed = plain in _COORDINATES and header.strip().casefold() != plain  # a choice called « -x »
    known = (plain in wordings().kinds[OTHERS] and not is_signed) or is_page(header) or hour_of(header) is not None
    known = known or _AT_HOUR.search(header) is not None or is_how_many(header) or is_share(header)
    return known or of_several(header) or not re.search(r"[^\W\d_]", header)


def nearest(header: str, columns: Sequence[str]) -> str | None:
    """The column of ``columns`` with a spelling that a header is nearly written like, or None."""
    plain = key(header)
    if len(plain) < 3:
        return None
    of = {spelling: column for spelling, (column, _) in wordings().column.items() if column in columns}
    close = difflib.get_close_matches(plain, list(of), 1, _NEAR)
    return of[close[0]] if close else None


def example(column: str) -> str:
    """Surest spelling of a column, for a message."""
    spelling = wordings().whole[column][0]
    return f"« {spelling[0].upper()}{spelling[1:]} »"


def nearly_written(
    shown: str, number: int, header: Header, lacking: Sequence[str], choices: set[int], rows: Sequence[Sequence[str]]
) -> list[InputError]:
    """Headers that mean nothing and are nearly written like a column that is not there, with figures if that has some.

    « Compté par », with names below it, is no counter.

    Args:
        shown: name of the file.
        number: row of the header.
        header: what it says.
        lacking: the columns that are not there.
        choices: indices of the columns of votes.
        rows: below it.
    """
    problems = []
    for index in header.unread()[:LOOKED_AT]:
        text = header.cells[index].strip()
        if index in choices or is_other(text) or meaning_of(text) is not None:
            continue
        column = nearest(text, lacking)
        if column in _QUANTITIES and not any(parse_count(row[index]) >= 0 for row in rows):
            continue
        if column is not None:
            problems.append(InputError(shown, number, text[:80], example(column), msg("a header not known")))
    return problems


@dataclass(frozen=True, slots=True)
class Header:
    """Meanings of the columns of a table.

    Attributes:
        cells: the headers as they are written.
        at: index of the column for each name of `wordings` that the table has, `VOTANTS` resolved.
        judged: columns of `at` that the header alone does not settle.
        left: indices of the columns that the user wants left out.
        again: by index, what a column means for which another one was taken.
        name: of a table with a row for each choice, the columns that name it together, the surname's first.
    """

    cells: tuple[str, ...]
    at: dict[str, int]
    judged: frozenset[str]
    left: frozenset[int] = frozenset()
    again: dict[int, str] = field(default_factory=dict)
    name: tuple[int, ...] = ()

    @property
    def of_communes(self) -> bool:
        """Test whether it is of a table that has a row for each commune, and not for each bureau."""
        return "commune" in self.at and self.at.get("bureau") == self.at["commune"]

    @property
    def names_choices(self) -> bool:
        """Test whether it is of a table that has a row for each choice."""
        return {"choix", "votes"} <= self.at.keys()

    def shown(self, index: int) -> str:
        """A header for a message."""
        return " ".join(self.cells[index].split())[:_NOTED]

    def unread(self) -> list[int]:
        """Indices of the columns that mean nothing known."""
        taken = {*self.at.values(), *self.left, *self.name}
        return [index for index, cell in enumerate(self.cells) if cell.strip() and index not in taken]

    def taken(self, choices: Mapping[int, str], ways: Collection[int] = ()) -> tuple[Taken, ...]:
        """Interpretation of each column; ``choices`` hold votes of one choice each, ``ways`` say how bureaux count."""
        every = self.at | ({"bureau": -1} if self.of_communes else {})
        meaning = dict.fromkeys(self.name, "choix") | {index: column for column, index in every.items()}
        found = []
        for index in range(len(self.cells)):
            header, column = self.shown(index), meaning.get(index, "comptage" if index in ways else "")
            if index in choices:
                found.append(Taken(choices[index][:_NOTED], CHOICE, msg("votes of this choice")))
            elif column:
                plain = key(header) in (key(column_of(column)), key(f"code {column_of(column)}"))
                found.append(Taken(header, column, field_label(column), column not in self.judged, plain))
            elif header:
                found.append(Taken(header, "", ""))
        return tuple(found)


def read(cells: Sequence[str], asked: Asked = NOTHING_ASKED) -> Header:
    """Interpret a row of headers.

    Where a table has « Votants » beside one of the two counts of voters, it is taken for the other one; beside both it
    is left. Alone it is the ballots found, as the published « votants » are, but in a table of sign-in counts it is
    the signatures. Where nothing else is these, « Émargements 20h » are, or « 19h (clôture) ». ``votes`` is a choice's
    votes where a column names the choice.

    Args:
        cells: the headers.
        asked: what is said of the table; what the user says of columns goes before all wordings.
    """
    best: dict[str, tuple[int, int]] = {}
    meanings: dict[int, str] = {}
    left: set[int] = set()
    for index, cell in enumerate(cells):
        wanted = asked_for(cells, cell, asked)
        meant = find_meaning(cell) if wanted is None else (wanted.meaning, _AS_ASKED)
        if meant is not None and meant[0] == LEFT:
            left.add(index)
        elif meant is not None:
            column, rank = meant
            meanings[index] = column
            best[column] = min(best.get(column, (rank, index)), (rank, index))
    for index, column in _initials(cells, [meanings.get(index) for index in range(len(cells))]).items():
        if index not in left:
            meanings[index] = column
            best.setdefault(column, (0, index))
    at = {column: index for column, (_, index) in best.items()}
    judged: set[str] = set()
    if "choix" in at and "votes" not in at and key(cells[at.get("votes_found", 0)]) == key("votes"):
        at["votes"] = at.pop("votes_found")
    if "choix" in at and "votes" not in at:
        at.update(
            ("votes", index) for index, cell in list(enumerate(cells))[::-1] if key(cell) in wordings().kinds[FIGURES]
        )
    if list(meanings.values()).count("votes") > 1:
        at.pop("choix", None)  # of several blocks, each with its own
    name = _name(cells, at, meanings)
    if name:
        at["choix"] = name[0]
    elif "choix" not in at and list(meanings.values()).count("votes") == 1:  # « Nom » alone beside « Voix »
        surnames = [index for index, cell in enumerate(cells) if key(cell) in wordings().kinds[SURNAMES]]
        at.update(("choix", index) for index in surnames[:1] if len(surnames) == 1)
    hour, last = max(((_last_hour(cell), index) for index, cell in enumerate(cells)), default=(0, 0))
    if hour >= _LAST_HOUR and is_turnout_at_hour(cells[last]):
        at.setdefault(VOTANTS, last)
    elif hour >= _LAST_HOUR and "signatures" not in at:
        at["signatures"] = last
        judged.add("signatures")
    voters = at.pop(VOTANTS, None)
    if voters is not None:
        taken = "votes_found"
        if "signatures" not in at and ("votes_found" in at or asked.signatures):
            taken = "signatures"
        if taken not in at:
            at[taken] = voters
            judged.add(taken)
    again = {index: column for index, column in meanings.items() if index not in at.values() and column in at}
    return Header(tuple(cells), at, frozenset(judged), frozenset(left), again, name)


def asked_for(cells: Sequence[str], cell: str, asked: Asked) -> AskedColumn | None:
    """Find the request for a column, by its header as it is written, else by its `key`: « N. » is not « N° »."""
    wanted = asked.columns.get(key(cell))
    if wanted is None or wanted.header == cell.strip():
        return wanted
    return None if wanted.header in map(str.strip, cells) else wanted


def with_numbers(header: Header) -> Header:
    """The same where « N° » alone must be the bureau's, and no column is that.

    Without one the column that names bureaux is theirs: « BV 12 - École Jules-Ferry » below « Libellé BV ». Without
    that the table is of communes, each named where another table has its bureaux.
    """
    named = [index for index in header.unread() if key(header.cells[index]) in wordings().kinds[BUREAU_NAMES]]
    columns = numbers(header) or named
    if not columns and "commune" in header.at and {Quantity.REGISTERED} < {*_QUANTITIES} & header.at.keys():
        columns = [header.at["commune"]]
    if "bureau" in header.at or len(columns) != 1 or not _numbers_bureaux(header.at):
        return header
    at = {**header.at, "bureau": columns[0]}
    return replace(header, at=at, judged=header.judged | {"bureau"})


def blank_and_null(header: Header) -> int | None:
    """The column of blank and null votes together, where that is all that a table has of the two."""
    if {Quantity.BLANK, Quantity.NULL} & header.at.keys():
        return None
    return next(
        (index for index in header.unread() if key(header.cells[index]) in wordings().kinds[BLANK_AND_NULL]), None
    )


def numbers(header: Header) -> list[int]:
    """The columns headed « N° » alone."""
    return [index for index in header.unread() if key(header.cells[index]) == _NUMBER_ALONE]


def _name(cells: Sequence[str], at: Mapping[str, int], meanings: Mapping[int, str]) -> tuple[int, ...]:
    """The columns of surname and first name in a table with a row for each choice; none where one column says both.

    Of « Nom », « Prénom » and « Liste » the first two: the ministry's own files name a list by its head.
    """
    if "votes" not in at or sum(column == "votes" for column in meanings.values()) > 1:
        return ()
    keys = [key(cell) for cell in cells]
    first = next((index for index, each in enumerate(keys) if each.startswith(_FIRST_NAME)), None)
    surname = next((index for index, each in enumerate(keys) if each in wordings().kinds[SURNAMES]), None)
    if first is None or surname is None:
        return ()
    return (surname, first)
