"""Contests: the choices of each poll and constituency in panel order, and votes lined up with them.

`match` finds the one known choice that a label can mean, however a source writes it: ``LE PEN``, ``Marine LE PEN``,
``le_pen_marine`` and ``Mme LE PEN Marine - votes`` are one person. A label that could mean two choices means neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.evidence_kinds import EvidenceKind
from protocol.export.terms import choices_digest
from protocol.words import Text, without_accents
from verify.model.figures import Bools, Ints, encode
from verify.model.rule_results import Side
from verify.model.universe import Universe

_TITLES = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "et"})
"""Words beside names, and that between two names of a pair."""
_LIST = "liste"
"""Word before the name of a list, or of who heads it."""
_TAIL = re.compile(r"\s-\s*(?:votes?|voix|pourcentage)\s*$|\([^()]*\)\s*$", re.IGNORECASE)
_TAILS = 5
"""Such ends that are taken off one label."""
_HEADED = re.compile(
    r"[-–—:,]?\s*\b(?:(?:conduite|men[ée]e|dirig[ée]e) par|t[êe]te de liste)\b\s*:?|[-–—:,]\s*avec\b", re.IGNORECASE
)
"""Words between the name of a list and that of the person who heads it, or before the latter."""
_NUANCE = re.compile(r"^L[A-Z]{1,4}\s+[-–—/]\s+(?=\S+\s+\S)")
"""The ministry's code for the politics of a list, ahead of a name of two words: « LDVD - GARNIER Philippe »."""
_DASH = re.compile(r"\s[-–—/]\s")
_WORD = re.compile(r"[^\W_]+")


def key(label: str) -> tuple[str, ...]:
    """The words of a label in small letters, without accents, titles, punctuation and what a feed appends."""
    return _Name.of(label).words


def match(labels: Sequence[str], known: Sequence[str]) -> list[int | None]:
    """For each label the index of the known choice that it means, or None where none fits or more than one.

    A label means a known choice if both have the same words, in whatever order; or else if one of the two is only the
    family name of the other (its words in capitals; where case tells nothing, its first or its last words), or has it
    beside initials of the other's words; or else if one is a part of the other: the name of a list, or the person who
    heads it, in brackets or behind a dash; or else if one begins with the other, as a person's name with that of a list
    behind it, and no further label fits that choice. Words are compared without accents, case and titles, and a hyphen
    is a space. Labels of different people never mean one choice: ``le_pen_marine`` and ``le_pen_jean_marie`` both fit a
    known ``LE PEN``, so neither means it.
    """
    choices = [_Name.of(label) for label in known]
    by_words: dict[tuple[str, ...], set[int]] = defaultdict(set)
    by_family: dict[tuple[str, ...], set[int]] = defaultdict(set)
    by_part: dict[tuple[str, ...], set[int]] = defaultdict(set)
    by_rest: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for at, choice in enumerate(choices):
        by_words[choice.sorted].add(at)
        for part in choice.parts:
            by_part[part].add(at)
        by_rest[choice.rest].add(at)
        for family in choice.families:
            by_family[family].add(at)
    texts = {choice.text: at for at, choice in reversed(list(enumerate(choices)))}

    found: list[int | None] = []
    wanted: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    names = [_Name.of(label) for label in labels]
    by_name_only: list[bool] = []
    for name in names:
        fitting = by_words.get(name.sorted, set()) if name.words else set()
        by_name_only.append(not fitting)
        if len(fitting) > 1 and name.text in texts:
            fitting = {texts[name.text]}
        if not fitting and name.words:
            families = (by_words.get(family, set()) for family in name.families)
            fitting = by_family.get(name.sorted, set()).union(*families)
        if not fitting:
            fitting = {at for at in by_family.get(name.rest, set()) if name.may_be(choices[at])}
            families = (by_rest.get(family, set()) for family in name.families)
            fitting |= {at for at in set[int]().union(*families) if choices[at].may_be(name)}
        if not fitting and name.words:
            parts = (by_words.get(part, set()) for part in name.parts)
            fitting = by_part.get(name.sorted, set()).union(*parts)
        found.append(next(iter(fitting)) if len(fitting) == 1 else None)
        if found[-1] is not None and len(name.words) > len(choices[found[-1]].words):
            wanted[found[-1]].add(name.sorted)
    sure = [
        None if at is not None and only and len(wanted[at]) > 1 else at
        for at, only in zip(found, by_name_only, strict=True)
    ]
    return _begun(names, choices, sure) if None in found else sure


def _begun(names: Sequence[_Name], choices: Sequence[_Name], found: list[int | None]) -> list[int | None]:
    """The same with each label that begins as a choice does which fits no other label, or the other way round."""
    free = [at for at in range(len(choices)) if at not in found]
    begun = [
        [at for at in free if one is None and (name.begins(choices[at]) or choices[at].begins(name))]
        for name, one in zip(names, found, strict=True)
    ]
    fits = Counter(at for some in begun for at in some)
    return [some[0] if len(some) == 1 and fits[some[0]] == 1 else one for some, one in zip(begun, found, strict=True)]


def same_choices(labels: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """The known choice that each label names otherwise; empty unless most of both lists are the same choices."""
    there = {label: known[at] for label, at in zip(labels, match(labels, known), strict=True) if at is not None}
    back = {labels[at]: label for label, at in zip(known, match(known, labels), strict=True) if at is not None}
    same = back | there
    most = max(len(labels), len(known)) // 2
    return same if len(set(same.values())) == len(same) > most else {}


@dataclass(frozen=True, slots=True)
class _Name:
    """A label taken apart: its words, what of them can be the family name alone, or the two of a pair, and its parts.

    Families, parts and the rest are sorted. Parts have two words at least: what is in brackets at its end, and what
    dashes set apart.
    """

    text: str
    words: tuple[str, ...]
    families: frozenset[tuple[str, ...]]
    parts: frozenset[tuple[str, ...]]

    @property
    def rest(self) -> tuple[str, ...]:
        """The words beside initials; none where there is no initial."""
        rest = tuple(word for word in self.sorted if len(word) > 1)
        return rest if len(rest) < len(self.words) else ()

    def may_be(self, other: _Name) -> bool:
        """Check that another name has a word for each initial of this one."""
        return all(any(word.startswith(each) for word in other.words) for each in self.words if len(each) == 1)

    def begins(self, other: _Name) -> bool:
        """Check that another name has the words of this one, two at least, and more behind them."""
        return 1 < len(self.words) < len(other.words) and other.words[: len(self.words)] == self.words

    @property
    def sorted(self) -> tuple[str, ...]:
        """The words in an order that is the same whichever name comes first."""
        return tuple(sorted(self.words))

    @classmethod
    def of(cls, label: str) -> _Name:
        label = _NUANCE.sub("", _HEADED.sub(" - ", label[:500]).strip(" -"))
        parts: list[str] = []
        for _ in range(_TAILS):
            if (shorter := _TAIL.sub("", label)) == label or not shorter.strip():
                break
            parts.append(label[len(shorter) :])
            label = shorter
        parts += _DASH.split(label)
        words, capitals = _words(label)
        if words[:1] == [_LIST] and max(map(len, words[1:]), default=0) > 1:
            words, capitals = words[1:], [word for word in capitals if word != _LIST]
        if capitals and len(capitals) < len(words):
            families = {tuple(sorted(capitals))}
        else:  # in one case throughout: the family name may come first or last
            ends = (part for at in range(1, min(len(words), 6)) for part in (words[:at], words[-at:]))
            families = {tuple(sorted(part)) for part in ends}
        in_order = (tuple(sorted(_words(part)[0])) for part in parts)
        own = tuple(sorted(words))
        return cls(
            text=" ".join(label.split()),
            words=tuple(words),
            families=frozenset(families),
            parts=frozenset(part for part in in_order if len(part) > 1 and part != own),
        )


def _words(text: str) -> tuple[list[str], list[str]]:
    """The words of a text as they are compared, and those in capitals."""
    words: list[str] = []
    capitals: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        letters = without_accents(word).replace("’", "'")
        if not letters or letters in _TITLES:
            continue
        words.append(letters)
        if word.isupper() and len(word) > 1:
            capitals.append(letters)
    return words, capitals


@dataclass(frozen=True, slots=True)
class Contest:
    """One contest: ``poll`` as its number, ``constituency`` empty for the whole election, choices in panel order.

    ``listed`` are the choices with those that the list says can no longer be voted for, in panel order.
    """

    poll: int
    constituency: str
    choices: tuple[str, ...]
    listed: tuple[str, ...]

    @property
    def gone(self) -> tuple[str, ...]:
        """Choices on the list that can no longer be voted for."""
        return tuple(choice for choice in self.listed if choice not in self.choices)

    @property
    def digest(self) -> bytes:
        """The digest that a machine loaded with this list exports."""
        return choices_digest(self.choices)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Bureaux whose constituency the list of choices does not have, in one poll.

    Attributes:
        poll: number of the poll.
        constituency: theirs, as the list of bureaux writes it; empty where it has none.
        unit: index of the first of them; -1 where the list of choices has none for the whole poll.
        bureaux: how many they are.
        meant: the constituency of the list of choices that was taken for it, or else the nearest, or empty.
        taken: whether it was taken.
    """

    poll: int
    constituency: str
    unit: int
    bureaux: int
    meant: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Doubled:
    """Two rows of the list of choices that cannot both be right: one panel for two choices, or one choice twice."""

    poll: int
    places: tuple[str, str]
    choices: tuple[str, str]
    panel: int


@dataclass(frozen=True, slots=True)
class Contests:
    """All contests, and which of them each bureau votes in.

    Attributes:
        source: the file that the choices were taken from.
        piece: the evidence that this is: the préfecture's list, else what stands in for it; None where nothing does.
        contests: each once.
        of: index into ``contests`` for every unit and poll, -1 for none, shape ``(units, polls)``.
        doubled: rows of the list that have one panel, or one choice.
        unplaced: bureaux whose constituency has no list of choices under that code.
    """

    source: str
    piece: EvidenceKind | None
    contests: tuple[Contest, ...]
    of: Ints
    unplaced: tuple[Unplaced, ...] = ()
    doubled: tuple[Doubled, ...] = ()

    @property
    def official(self) -> bool:
        """True for the préfecture's list."""
        return self.piece is EvidenceKind.CHOICES

    def side(self, value: int | Text | None, quantity: str = "") -> Side:
        """Something that the list says as a whole."""
        return Side(self.source, value, quantity, self.piece)

    @property
    def width(self) -> int:
        """The largest number of choices of any contest."""
        return max((len(contest.choices) for contest in self.contests), default=0)

    def label(self, unit: int, poll: int, choice: int) -> str:
        """The name of a choice in the contest of a unit and poll."""
        return self.contests[int(self.of[unit, poll])].choices[choice]

    def is_gone(self, unit: int, poll: int, label: str) -> bool:
        """Check that a label means a choice of a unit's contest that can no longer be voted for."""
        contest = int(self.of[unit, poll])
        return contest >= 0 and match([label], self.contests[contest].gone) == [0]

    def undivided(self) -> Bools:
        """Find polls that are one contest for the whole election in the préfecture's list; shape ``(units, polls)``."""
        whole = np.array([self.official and not contest.constituency for contest in self.contests] + [False], np.bool_)
        return whole[self.of]

    def sizes(self) -> Ints:
        """Number of choices for every unit and poll, 0 where there is no contest; shape ``(units, polls)``."""
        lengths = np.array([len(contest.choices) for contest in self.contests] + [0], np.int64)
        return lengths[self.of]

    def panels(self) -> tuple[npt.NDArray[np.void], Ints]:
        """The digest and the number of choices of each contest, and of none at the end; each ``(contests + 1,)``."""
        digests = np.array([contest.digest for contest in self.contests] + [bytes(32)], "V32")
        return digests, np.array([len(contest.choices) for contest in self.contests] + [0], np.int64)

    def place(self, unit: Ints, poll: Ints, label: Ints, labels: Sequence[str]) -> Ints:
        """Index of each label within the contest of its unit and poll, -1 where it is not a choice there.

        Args:
            unit: indices of units, shape ``(m,)``, none negative.
            poll: indices of polls, shape ``(m,)``, none negative.
            label: indices into ``labels``, shape ``(m,)``.
            labels: each label once.
        """
        here = self.of[unit, poll]
        if len(self.contests) == 1:
            row = np.full((2, len(labels) or 1), -1, np.int64)  # the last one for where there is no contest
            row[0, : len(labels)] = _indices(match(labels, self.contests[0].choices))
            return row[here, label]
        # many contests and many labels: only the pairs that occur, never a table of all
        pairs, inverse = np.unique(here * max(len(labels), 1) + label, return_inverse=True)
        contest_of, label_of = np.divmod(pairs, max(len(labels), 1))
        found = np.full(len(pairs), -1, np.int64)
        for index, contest in enumerate(self.contests):
            first, end = np.searchsorted(contest_of, [index, index + 1])
            some = [labels[i] for i in label_of[first:end].tolist()]
            found[first:end] = _indices(match(some, contest.choices)) if some else []
        return found[inverse]


def _indices(found: Sequence[int | None]) -> Ints:
    return np.array([-1 if choice is None else choice for choice in found], np.int64)


def merge_contests(entries: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Entries as for `build`, taken from votes: constituencies that all have the same choices are one contest.

    Files of a national election name the circonscription of each bureau, which plays no part in it.
    """
    lists: dict[int, dict[str, set[str]]] = {}
    for poll, area, choice in entries:
        lists.setdefault(poll, {}).setdefault(area, set()).add(choice)
    one = {poll for poll, areas in lists.items() if len({frozenset(choices) for choices in areas.values()}) == 1}
    return [(poll, "" if poll in one else area, choice) for poll, area, choice in entries]


def build(
    source: str,
    piece: EvidenceKind | None,
    universe: Universe,
    polls: Sequence[int],
    entries: Sequence[tuple[int, str, str]],
    gone: Collection[tuple[int, str, str]] = (),
) -> Contests:
    """Contests from ``(poll number, constituency, choice)`` in panel order; ``gone`` are those that are no choices.

    A bureau's contest in a poll is that of its own constituency, else the one without a constituency, else the only
    one whose code differs by its zeros at the start: ``2`` for ``02``.
    """
    grouped: dict[tuple[int, str], list[str]] = {}
    for poll, constituency, choice in entries:
        choices = grouped.setdefault((poll, constituency), [])
        if choice not in choices:
            choices.append(choice)
    contests = tuple(
        Contest(poll, area, tuple(choice for choice in listed if (poll, area, choice) not in gone), tuple(listed))
        for (poll, area), listed in grouped.items()
    )
    of = np.full((len(universe), len(polls)), -1, np.int64)
    unplaced: list[Unplaced] = []
    for column, number in enumerate(polls if len(universe) else ()):
        areas, inverse = encode(universe.constituency_of(number))
        index = {contest.constituency: i for i, contest in enumerate(contests) if contest.poll == number}
        if not index:
            unplaced.append(Unplaced(number, "", -1, len(universe), "", False))
            continue
        placed = [area if area in index else "" if "" in index else _without_zeros(area, list(index)) for area in areas]
        of[:, column] = np.array([index.get(area, -1) for area in placed], np.int64)[inverse]
        for code, (area, found) in enumerate(zip(areas, placed, strict=True)):
            same = found in index and not universe.official and bare(found) == bare(area)
            if not same and (found not in index or found not in ("", area)):
                units, meant = np.flatnonzero(inverse == code), found or _nearest(area, list(index))
                unplaced.append(Unplaced(number, area, int(units[0]), len(units), meant, found in index))
    return Contests(source, piece, contests, of, tuple(unplaced))


def bare(constituency: str) -> str:
    """The code of a constituency without its zeros at the start."""
    return constituency.lstrip("0").casefold()


def is_same_constituency(one: str, other: str, insee: str) -> bool:
    """Compare two codes: ``2``, ``02``, and with the code of the département before it ``7702``."""
    if bare(one) == bare(other):
        return True
    departments = (insee[:3], insee[:2]) if insee.startswith("97") else (insee[:2],)
    return any(bare(one.removeprefix(each)) == bare(other.removeprefix(each)) != "" for each in departments)


def _without_zeros(area: str, listed: Sequence[str]) -> str:
    """The one of several codes that differs from another by its zeros only; empty where none or more than one does."""
    same = [other for other in listed if area and bare(other) == bare(area)]
    return same[0] if len(same) == 1 else ""


def _nearest(area: str, listed: Sequence[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(area, listed, 1, 0.6)), "")


@dataclass(frozen=True, slots=True)
class Standing:
    """The first round of one contest.

    Attributes:
        choices: who stood, as the file writes them.
        votes: of each of them; empty unless every bureau of the contest has all of them.
        registered: on the roll of the contest's bureaux, -1 where not all are known.
    """

    choices: tuple[str, ...]
    votes: tuple[int, ...] = ()
    registered: int = -1


@dataclass(frozen=True, slots=True)
class FirstRound:
    """The first round: the file, and by index of this round's contest who stood in it."""

    file: str
    contests: dict[int, Standing]
