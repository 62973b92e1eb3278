"""What a published file shows by itself, at any level: sums, percentages, empty units, choices that are not there.

The codes are the catalogue's: T306 sums, T307 percentages, T308 all zeros, T310 a choice missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Text, msg, series
from verify.model.field_names import field_label
from verify.model.figures import BLANK, MISSING, Bools, Ints, sum_groups
from verify.model.published import FRANCE, Flaw, Published
from verify.read.published.percentages import KINDS, check_percentages

CONTESTS = ("", "department", "constituency", "insee")
"""What can tell contests apart, the widest first: nothing (one contest in the file), or a place of `Published`."""

MOST = 10
"""Of ten units, in how many at least all choices of the contest must be there; else it is not one contest."""


@dataclass(frozen=True, slots=True)
class PublishedGaps:
    """Both counts of voters in a file that has them: votes found against signatures, in units."""

    compared: int
    more: int
    fewer: int


def flaws(published: Published) -> list[Flaw]:
    """Everything that does not fit, by code and then by unit. A unit of all zeros is told once, as that.

    What the reader itself saw comes first: files that do not belong, a place cut short.
    """
    if published.country != FRANCE:  # what its layout states is checked by its reader
        return [*published.flaws, *_percentages(published), *_empty(published)]
    empty = _all_zeros(published)
    lacking = missing_choices(published)
    without = np.zeros(len(published.row), np.bool_)
    without[[flaw.unit for flaw in lacking]] = True
    own = (*_sums(published, empty, without), *_percentages(published), *_zeros(published, empty))
    return [*published.flaws, *own, *lacking, *_blanks(published)]


def looked_at(published: Published) -> dict[str, int]:
    """How many figures of a file `flaws` has looked at, by rule; those by which the reader looked at it as a whole."""
    counts = published.counts
    summed = (counts["valid"] >= 0) | (counts["abstentions"] >= 0)
    return {
        "T306": int(summed.sum()),
        "T307": published.once(check_percentages).checked,
        "T308": int((counts["registered"] >= 0).sum()),
        "T310": len(published.votes),
        **dict.fromkeys(published.applied, 1),
    }


def gaps(published: Published) -> PublishedGaps | None:
    """How many units have more votes found than signatures, or fewer; None where there are not both counts."""
    found, signed = published.counts["votes_found"], published.counts["signatures"]
    both = (found >= 0) & (signed >= 0)
    if not both.any():
        return None
    more, fewer = ((both & (one > other)).sum() for one, other in ((found, signed), (signed, found)))
    return PublishedGaps(int(both.sum()), int(more), int(fewer))


def derived_null(published: Published) -> int | None:
    """Null votes of the whole file as votants - blancs - exprimés, where it does not publish them; else None."""
    if not (published.counts["null"] == MISSING).all():
        return None
    found, blank, valid = (published.counts[name] for name in ("votes_found", "blank", "valid"))
    if any((values < 0).any() for values in (found, blank, valid)):
        return None
    return int((found - blank - valid).sum())


def missing_choices(published: Published) -> list[Flaw]:
    """T310: choices that a unit does not have and most others of its contest have."""
    n = len(published.row)
    count = np.bincount(published.vote_unit, minlength=n)
    for place in CONTESTS:
        contest = _contest(published, place)
        width = max(len(published.labels), 1)
        pairs, uses = np.unique(contest[published.vote_unit] * width + published.vote_label, return_counts=True)
        sizes = np.bincount(pairs // width, minlength=int(contest.max(initial=-1)) + 1)
        short = count < sizes[contest]
        if int(short.sum()) * MOST <= n:
            return _lacking(published, contest, np.flatnonzero(short), pairs, uses)
    return []


def _blanks(published: Published) -> Iterator[Flaw]:
    """C120, C121, T310: counts and votes that are left blank in a row, or by all rows.

    Null votes may be blank where the sum holds without them.
    """
    several = len(published.row) > 1
    left_out: dict[int, list[str]] = {}
    for name, values in published.counts.items():
        blank = values == BLANK
        if name == Quantity.NULL:
            blank &= published.counts["valid"] != published.counts["votes_found"] - published.counts["blank"]
        if several and blank.all():
            yield Flaw("C121", -1, name, 0, len(values), case="incomplete", place=published.file)
        else:
            for unit in np.flatnonzero(blank).tolist():
                left_out.setdefault(unit, []).append(name)
    for unit, names in left_out.items():
        yield Flaw("C120", unit, names[0], None, None, series(map(field_label, names)), case="incomplete")
    blank = published.votes == BLANK
    uses = np.bincount(published.vote_label, minlength=len(published.labels))
    nobody = (np.bincount(published.vote_label[blank], minlength=len(published.labels)) == uses) & several
    for label in np.flatnonzero(nobody).tolist():
        yield Flaw("C121", -1, published.labels[label], 0, int(uses[label]), place=published.file)
    for at in np.flatnonzero(blank & ~nobody[published.vote_label]).tolist():
        yield Flaw("T310", int(published.vote_unit[at]), published.labels[published.vote_label[at]], None, None)


def _contest(published: Published, place: str) -> Ints:
    if not place:
        return np.zeros(len(published.row), np.int64)
    names = published.department if place == "constituency" else np.zeros(len(published.row), "U1")
    whole = np.strings.add(np.strings.add(names, "/"), getattr(published, place))
    return np.unique(whole, return_inverse=True)[1].astype(np.int64)


def _lacking(published: Published, contest: Ints, short: Ints, pairs: Ints, uses: Ints) -> list[Flaw]:
    width = max(len(published.labels), 1)
    contests = pairs // width
    found: list[Flaw] = []
    for unit in short.tolist():
        wanted = slice(*np.searchsorted(contests, [contest[unit], contest[unit] + 1]))
        own = slice(*np.searchsorted(published.vote_unit, [unit, unit + 1]))
        has = set(published.vote_label[own].tolist())
        for label, used in zip((pairs[wanted] % width).tolist(), uses[wanted].tolist(), strict=True):
            if label not in has:
                found.append(Flaw("T310", unit, published.labels[label], None, None, f"{used}"))
    return found


def _all_zeros(published: Published) -> Bools:
    counts = published.counts
    votes = sum_groups(published.votes, published.vote_unit, len(published.row))
    return np.asarray((counts["registered"] >= 0) & (counts["votes_found"] == 0) & (votes == 0), np.bool_)


def _empty(published: Published) -> Iterator[Flaw]:
    """C120: stations without a single figure."""
    counts = np.stack(list(published.counts.values()))
    figures = (counts >= 0).any(axis=0)
    figures[published.vote_unit[published.votes >= 0]] = True
    left_out = [name for name, values in published.counts.items() if not (values == MISSING).all()]
    for unit in np.flatnonzero(~figures).tolist():
        yield Flaw("C120", unit, "bureau", None, None, series(map(field_label, left_out)), case="incomplete")


def _zeros(published: Published, empty: Bools) -> Iterator[Flaw]:
    registered = published.counts["registered"]
    for unit in np.flatnonzero(empty).tolist():
        case = "" if registered[unit] else "nobody"
        yield Flaw("T308", unit, "registered", int(registered[unit]), 0, case=case)


def _sums(published: Published, empty: Bools, without: Bools) -> Iterator[Flaw]:
    counts = published.counts
    registered, found, blank, null, valid, abstentions = (
        counts[name] for name in ("registered", "votes_found", "blank", "null", "valid", "abstentions")
    )
    more = (registered >= 0) & (found > registered)
    for unit in np.flatnonzero(more).tolist():
        yield Flaw("T306", unit, "votes_found", int(found[unit]), int(registered[unit]), msg("≤ registered voters"))
    yield from _unequal(
        "abstentions", abstentions, registered - found, (registered, found), msg("registered - voters"), empty | more
    )
    # before April 2014 blank votes were counted among the null ones and have no column
    both = (blank == MISSING) & (null >= 0)
    rest = np.where(both, found - null, found - blank - null)
    known = (found, null, np.where(both, 0, blank))
    yield from _unequal("valid", valid, rest, known, msg("voters − blank − null"), empty)
    if (null == MISSING).all():
        over = (found >= 0) & (blank >= 0) & (valid > found - blank) & ~empty
        for unit in np.flatnonzero(over).tolist():
            yield Flaw("T306", unit, "valid", int(valid[unit]), int(found[unit] - blank[unit]), msg("≤ voters − blank"))
    if not published.labels:  # a table of counts alone
        return
    votes = sum_groups(published.votes, published.vote_unit, len(published.row))
    if published.several_names is not None:  # a ballot with several names is one ballot
        empty = empty | (published.several_names & (votes > valid))
    yield from _unequal("valid", valid, votes, (votes,), msg("sum of the votes"), empty | without)


def _unequal(
    field: str, stated: Ints, due: Ints, known: tuple[Ints, ...], how: Text, left_out: Bools
) -> Iterator[Flaw]:
    wrong = (stated >= 0) & (stated != due) & ~left_out
    for values in known:
        wrong &= values >= 0
    for unit in np.flatnonzero(wrong).tolist():
        sum_ = int(due[unit])  # a sum below zero is no absence
        yield Flaw("T306", unit, field, int(stated[unit]), sum_ if sum_ >= 0 else str(sum_), how)


def _percentages(published: Published) -> Iterator[Flaw]:
    found = published.once(check_percentages)
    rows = zip(found.field, found.index.tolist(), found.published, found.expected, found.kind, strict=True)
    for field, index, written, expected, kind in rows:
        of_votes = str(field).startswith("votes/")
        unit = int(published.vote_unit[index]) if of_votes else index
        name = f"{published.labels[published.vote_label[index]]} {field}" if of_votes else str(field)
        yield Flaw("T307", unit, name, str(written), str(expected), KINDS[str(kind)])
