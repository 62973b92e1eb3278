"""Published results summed up to a higher level: bureaux to communes, circonscriptions, départements, the nation."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from protocol.errors import RegardError
from protocol.words import msg, without_accents
from verify.model.bureau_codes import Coded, texts_of
from verify.model.figures import Ints, Texts, encode, once, sum_groups
from verify.model.published import FRANCE, PLACES, Level, Members, Published
from verify.read.cells import relabel
from verify.read.published.codes import plain_code


@cache
def regions() -> tuple[dict[str, str], dict[str, str]]:
    """The names of the régions, and the région of each département; other territories belong to none."""
    lines = Path(__file__).with_name("regions.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    of = {department: row["code"] for row in rows for department in row["departements"].split()}
    return {row["code"]: row["nom"] for row in rows}, of


RANK = {
    Level.BUREAU: 0,
    Level.COMMUNE: 1,
    Level.CANTON: 1,
    Level.CONSTITUENCY: 1,
    Level.DEPARTMENT: 2,
    Level.REGION: 3,
    Level.NATION: 4,
}
"""Rank of a level. Those of one rank are no parts of each other."""

SUMS = {
    Level.COMMUNE: "T303",
    Level.CANTON: "T304",
    Level.CONSTITUENCY: "T304",
    Level.DEPARTMENT: "T304",
    Level.REGION: "T305",
    Level.NATION: "T305",
}
"""The rule of a sum, by the level of the sum."""

PLACES_OF = {
    Level.BUREAU: ("insee", "department", "commune", "constituency", "bureau"),
    Level.COMMUNE: ("insee", "department", "commune"),
    Level.CANTON: ("department", "constituency"),
    Level.CONSTITUENCY: ("department", "constituency"),
    Level.DEPARTMENT: ("department",),
    Level.REGION: ("region",),
    Level.NATION: (),
}
"""The places that all units of a level share."""


_OWN_PLACE = {Level.CONSTITUENCY: "constituency", Level.DEPARTMENT: "department", Level.REGION: "region"}


_OF_A_FILE: dict[str, Any] = {
    "members": None,
    "seats": None,
    "several_names": None,
    "vote_places": None,
    "flaws": (),
}
"""What is known of one file alone, and not of a sum or of several together."""


class NoSum(RegardError):
    """Results of which a level's sums cannot be made: they are not finer, or do not say where a unit belongs."""


def keys(published: Published, level: Level) -> Texts:
    """The place of every unit at a level, shape ``(n,)``: bureaux as ``insee/code``, numbers without leading zeros.

    In a file that has no codes of communes, their names stand for them, in small letters without accents.

    A unit that belongs to no place of that level (abroad there is no région) has an empty key.

    Raises:
        NoSum: the units are of a higher level, or the file does not say to which place they belong.
    """
    if published.level is not level and RANK[published.level] >= RANK[level]:
        raise NoSum(
            msg(
                "{file}: results by {level} cannot be added up by {wanted}",
                file=published.file,
                level=published.level.text,
                wanted=level.text,
            )
        )
    if level is Level.NATION:
        return np.full(len(published.row), level.value)
    if published.country != FRANCE:
        return _elsewhere(published, level)
    if level is Level.BUREAU:
        parts = [_communes(published), _bureaux(published)]
    elif level is Level.COMMUNE:
        parts = [_communes(published)]
    elif level is Level.REGION:
        own = published.level is Level.REGION
        return published.region if own else each(published.department, lambda code: regions()[1].get(code, ""))
    elif level is Level.DEPARTMENT:
        parts = [published.department]
    elif level is Level.CANTON and published.level is not Level.CANTON:
        raise NoSum(
            msg("{file}: results by {level} do not say their canton", file=published.file, level=published.level.text)
        )
    else:
        parts = [published.department, published.constituency]
    if any((part == "").any() for part in parts):
        raise NoSum(
            msg("{file}: rows that do not say to which {level} they belong", file=published.file, level=level.text)
        )
    return parts[0] if len(parts) == 1 else _join_codes(*parts)


def _elsewhere(published: Published, level: Level) -> Texts:
    """The places of a level outside France, by what their file calls them.

    Raises:
        NoSum: the file does not have this level.
    """
    if level is Level.BUREAU:
        communes = _communes(published)
        return _join_codes(communes, published.bureau) if (communes != "").any() else published.bureau
    found = _communes(published) if level is Level.COMMUNE else getattr(published, _OWN_PLACE.get(level, "bureau"))
    if level is Level.CANTON or (found == "").any():
        raise NoSum(
            msg("{file}: rows that do not say to which {level} they belong", file=published.file, level=level.text)
        )
    return found


def sum_up(published: Published, level: Level) -> Published:
    """The sums of a level, from units of a lower one; as they are where they are of that level.

    A sum with an absent part is absent (`MISSING`, `UNREADABLE` or `BLANK`, whichever says least is there): it is
    never the sum of the rest. Of a choice, only the units that have it are added.

    Raises:
        NoSum: as `keys`.
    """
    if published.level is level:
        return published
    key = keys(published, level)
    kept = key != ""
    places, first, unit = np.unique(key, return_index=True, return_inverse=True)
    start = 1 if len(places) and places[0] == "" else 0
    first, unit, n = first[start:], unit - start, len(places) - start
    label_count = max(len(published.labels), 1)
    of_kept = kept[published.vote_unit]
    pairs = unit[published.vote_unit[of_kept]] * label_count + published.vote_label[of_kept]
    pair, entry = np.unique(pairs, return_inverse=True)
    shown = PLACES_OF[level]

    def place(name: str) -> Texts:
        if name == "region" and level is Level.REGION:
            return places[start:]
        values: Texts = getattr(published, name)
        return values[first] if name in shown else np.zeros(n, "U1")

    places_of_level: dict[str, Any] = {name: place(name) for name in PLACES}
    return replace(
        published,
        level=level,
        row=np.full(n, -1, np.int64),
        **places_of_level,
        counts={name: sum_groups(values[kept], unit[kept], n) for name, values in published.counts.items()},
        vote_unit=pair // label_count,
        vote_label=pair % label_count,
        votes=sum_groups(published.votes[of_kept], entry, len(pair)),
        panel=np.zeros(len(pair), np.int64),
        percentages={},
        **_OF_A_FILE,
    )


def choose(published: Published, units: Ints) -> Published:
    """Some units of a file, in the order of the indices ``units``, each at most once, with their votes."""
    position = np.full(len(published.row), -1, np.int64)
    position[units] = np.arange(len(units))
    unit = position[published.vote_unit]
    kept = np.flatnonzero(unit >= 0)
    kept = kept[np.argsort(unit[kept], kind="stable")]
    members, seats = published.members, published.seats
    if seats is not None:
        seats = replace(seats, marks=seats.marks[kept], to_fill=seats.to_fill[units], filled=seats.filled[units])
    several, places = published.several_names, published.vote_places
    return replace(
        published,
        row=published.row[units],
        **{name: getattr(published, name)[units] for name in PLACES},
        counts={name: values[units] for name, values in published.counts.items()},
        vote_unit=unit[kept],
        vote_label=published.vote_label[kept],
        votes=published.votes[kept],
        panel=published.panel[kept],
        percentages={
            name: values[kept if name.startswith("votes/") else units] for name, values in published.percentages.items()
        },
        members=None if members is None else replace(members, of=members.of[units]),
        seats=seats,
        several_names=None if several is None else several[units],
        vote_places=None if places is None else replace(places, row=places.row[kept]),
        flaws=(),
    )


def join(tables: Sequence[Published], file: str) -> Published:
    """The counts and votes of several tables as one, with the choices that have any; a single one has its own name.

    Args:
        tables: of one level, at least one.
        file: the name of all of them together.
    """
    first, labels = tables[0], dict[str, int]()
    starts = np.cumsum([0, *(len(each.row) for each in tables)])
    label = []
    for table in tables:
        number = np.full(len(table.labels), -1, np.int64)
        for at in table.vote_label[once(table.vote_label)[0]].tolist():
            number[at] = labels.setdefault(table.labels[at], len(labels))
        label.append(number[table.vote_label])
    names = tuple(table.file for table in tables)
    of = np.repeat(np.arange(len(tables)), np.diff(starts))
    units = zip(tables, starts.tolist(), strict=False)
    places: dict[str, Any] = {name: np.concatenate([getattr(each, name) for each in tables]) for name in PLACES}
    return replace(
        first,
        file=file if len(tables) > 1 else first.file,
        row=np.concatenate([table.row for table in tables]),
        **places,
        counts={name: np.concatenate([table.counts[name] for table in tables]) for name in first.counts},
        labels=tuple(labels),
        vote_unit=np.concatenate([table.vote_unit + start for table, start in units]),
        vote_label=np.concatenate(label),
        votes=np.concatenate([table.votes for table in tables]),
        panel=np.concatenate([table.panel for table in tables]),
        percentages={},
        **_OF_A_FILE | {"members": Members(names, ("",) * len(names), of) if len(tables) > 1 else None},
    )


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over a file of the figures that are there.

    Attributes:
        name: the count, or the choice.
        sum: in voters or votes.
        known: figures that are there.
        of: figures that there would be.
    """

    name: str
    sum: int
    known: int
    of: int

    @property
    def whole(self) -> int | None:
        """The sum where no figure is absent, else None."""
        return self.sum if self.known == self.of else None


def totals(published: Published) -> tuple[list[Total], list[Total]]:
    """Totals of the counts and of the choices of a file; those of which it has no figure are left out.

    In a file of another country each choice would stand in each row.
    """
    n = len(published.labels)
    there = published.votes >= 0
    known, of = (np.bincount(published.vote_label[some], minlength=n) for some in (there, there | True))
    if published.country != FRANCE:
        of = np.full(n, len(published.row))
    sums = sum_groups(np.maximum(published.votes, 0), published.vote_label, n)
    choices = map(Total, published.labels, sums.tolist(), known.tolist(), of.tolist())
    counts = (
        Total(name, int(np.maximum(values, 0).sum()), int((values >= 0).sum()), len(values))
        for name, values in published.counts.items()
    )
    return [each for each in counts if each.known], [each for each in choices if each.known]


def by_label(published: Published) -> dict[str, int]:
    """Votes of each choice in the whole file; an absent figure makes the sum absent."""
    sums = sum_groups(published.votes, published.vote_label, len(published.labels))
    return dict(zip(published.labels, sums.tolist(), strict=True))


def each(values: Texts, change: Callable[[str], str]) -> Texts:
    """The same change for every value, made once for each different one."""
    return texts_of(relabel(Coded(*encode(values)), change))


def only_names(published: Published) -> bool:
    """Test whether results name communes, and have no code of any."""
    return not (published.insee != "").any() and bool((published.commune != "").any())


def with_codes_of(published: Published, other: Published) -> Published:
    """Results that only name communes with the codes of other results, where no two of these have that name."""
    if not only_names(published):
        return published
    codes: dict[str, set[str]] = {}
    for name, insee in set(zip(other.commune.tolist(), other.insee.tolist(), strict=True)):
        codes.setdefault(without_accents(name), set()).add(insee)
    known = {name: found.pop() for name, found in codes.items() if name and len(found) == 1}
    return replace(published, insee=each(published.commune, lambda name: known.get(without_accents(name), "")))


def _communes(published: Published) -> Texts:
    insee = published.insee
    return insee if (insee != "").all() else np.where(insee != "", insee, each(published.commune, without_accents))


def _bureaux(published: Published) -> Texts:
    """Codes of bureaux without leading zeros, unless that makes two of a commune one."""
    plain = each(published.bureau, plain_code)
    commune = _communes(published)
    whole = len(np.unique(_join_codes(commune, published.bureau)))
    return published.bureau if len(np.unique(_join_codes(commune, plain))) < whole else plain


def _join_codes(first: Texts, second: Texts) -> Texts:
    return np.strings.add(np.strings.add(first, "/"), second)
