"""Checks of a published file by itself, at any level.

C120 and C121 blank figures, T306 sums, T307 percentages, T308 all zeros, T310 a choice missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from protocol.words import Message, msg, series
from verify.model.figures import BLANK, MISSING, Bools, Ints, Shares, Texts, sum_groups
from verify.model.labels import field_label
from verify.model.published import FRANCE, Flaw, Published
from verify.read.counts import with_our_digits
from verify.read.layouts.identities import parse_identity

TRUNCATED, WRONG, UNREADABLE = msg("truncated"), msg("wrong"), msg("unreadable")
"""The kinds of wrong percentages."""

_PERCENTAGE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]+))?\s*%?")


@dataclass(frozen=True, slots=True)
class Percentages:
    """The percentages of a file.

    Attributes:
        checked: how many were compared with their ratio.
        wrong: those that are not it, rounded at two decimals.
    """

    checked: int
    wrong: tuple[Flaw, ...]


def check_percentages(published: Published) -> Percentages:
    """Compare every percentage that is there and whose two figures are."""
    total, wrong = 0, list[Flaw]()
    for field, written in published.percentages.items():
        above, below = field.split("/")
        of_votes = above == Quantity.VOTES
        numerator = published.votes if of_votes else published.counts[above]
        denominator = published.counts[below]
        of = published.vote_unit if of_votes else None
        # what fits in the processor's memory is looked at several times as fast; of texts the different ones are few
        step = _AT_ONCE if written.dtype.kind == "f" else max(len(written), 1)
        for start in range(0, len(written), step):
            part = slice(start, start + step)
            compared, bad, stated = _compare(
                written[part], numerator[part], denominator[part] if of is None else denominator[of[part]]
            )
            total += compared
            for at, value in zip((start + bad).tolist(), stated.tolist(), strict=True):
                unit = at if of is None else int(of[at])
                kind, due = judge_share(value, 2, 100 * int(numerator[at]), int(denominator[unit]))
                name = field if of is None else f"{published.labels[published.vote_label[at]]} {field}"
                # of a number in 32 bits as few digits as it needs
                wrong.append(Flaw("T307", unit, name, str(written[at]), due, kind))
    return Percentages(total, tuple(wrong))


def _compare(written: Texts | Shares, above: Ints, below: Ints) -> tuple[int, Ints, Ints]:
    """Compare percentages with their ratios: their number, the wrong ones, and what those state."""
    is_there = written == written if written.dtype.kind == "f" else written != ""  # a number is not equal to none
    is_there = is_there & (above >= 0) & (below >= 0)
    there = slice(None) if is_there.all() else np.flatnonzero(is_there)
    stated = _read_stated(written[there])
    bad = np.flatnonzero(~is_share_of(stated, 2, 100 * above[there], below[there]))
    return int(is_there.sum()), np.flatnonzero(is_there)[bad], stated[bad]


def is_share_of(stated: Ints, digits: Ints | int, above: Ints, below: Ints, spare: Ints | int = 0) -> Bools:
    """Test whether shares are above / below to the nearest, a half either way; 0 where nothing is below.

    Args:
        stated: in units of the last digit; below 0 for what is no share.
        digits: decimals that they have.
        above: the upper figure of the ratio; for percentages a hundred times it.
        below: the lower one.
        spare: units by which they may be further off.
    """
    near = 2 * np.abs(below * stated - above * 10**digits) <= below * (1 + 2 * spare)
    return np.asarray(np.where(below == 0, stated == 0, near & (stated >= 0)))


def judge_share(stated: int, digits: int, above: int, below: int) -> tuple[Message, str]:
    """Tell what is wrong with a share, and what is due with as many decimals; nothing is where nothing is below."""
    exact = above * 10**digits
    kind = UNREADABLE if stated < 0 else TRUNCATED if below and stated == exact // below else WRONG
    units = (2 * exact + below) // (2 * below) if below else 0
    due = f"{units // 10**digits},{units % 10**digits:0{digits}}" if digits else str(units)
    return kind, due if below else ""


def _read_stated(written: Texts | Shares) -> Ints:
    """Parse percentages as hundredths; -1 for what is no percentage; texts are rounded."""
    if written.dtype.kind == "f":
        hundredths = np.asarray(written, np.float64) * 100
        stated = np.rint(hundredths)
        with np.errstate(invalid="ignore"):  # infinite ones are too large
            near = np.abs(hundredths - stated) < _NEAR * np.maximum(stated, 1)
        is_one = (stated >= 0) & (stated < _MOST) & near
        return np.where(is_one, stated, -1).astype(np.int64)
    different, inverse = np.unique(written, return_inverse=True)
    values: Ints = np.array([_hundredths(str(text)) for text in different], np.int64)[inverse]
    return values


_AT_ONCE = 2**14
_MOST = 10**6
"""Hundredths of a percentage of four digits."""
_NEAR = 1e-6
"""Largest distance from hundredths of a number in 32 bits that was written with two decimals."""


def _hundredths(text: str) -> int:
    found = _PERCENTAGE.fullmatch(with_our_digits(text).strip())
    if found is None:
        return -1
    decimals = (found[2] or "").ljust(3, "0")
    return int(found[1]) * 100 + int(decimals[:2]) + (decimals[2] >= "5")


CONTESTS = ("", "department", "constituency", "insee")
"""Places that tell contests apart, the widest first: nothing (one contest in the file), or a place of `Published`."""

MOST = 10
"""Units are one contest where at most one in this many lacks a choice of it."""


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
        return [*published.flaws, *published.once(check_percentages).wrong, *_empty(published)]
    empty = _all_zeros(published)
    lacking = missing_choices(published)
    without = np.zeros(len(published.row), np.bool_)
    without[[flaw.unit for flaw in lacking]] = True
    wrong = published.once(check_percentages).wrong
    own = (*_sums(published, empty, without), *wrong, *_zeros(published, empty))
    return [*published.flaws, *own, *lacking, *_blanks(published)]


def looked_at(published: Published) -> dict[str, int]:
    """Count the figures that `flaws` has checked, by rule; those by which the reader checked the whole file are 1."""
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
    """Count the units that have more votes found than signatures, or fewer; None where there are not both counts."""
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
    columns = series(map(field_label, left_out or ["votes"]))
    for unit in np.flatnonzero(~figures).tolist():
        yield Flaw("C120", unit, "bureau", None, None, columns, case="incomplete")


def _zeros(published: Published, empty: Bools) -> Iterator[Flaw]:
    registered = published.counts["registered"]
    for unit in np.flatnonzero(empty).tolist():
        case = "" if registered[unit] else "nobody"
        yield Flaw("T308", unit, "registered", int(registered[unit]), 0, case=case)


_SUMS = (
    ("votes_found <= registered", msg("≤ registered voters")),
    ("abstentions = registered - votes_found", msg("registered - voters")),
    ("valid = votes_found - blank - null", msg("voters − blank − null")),
    ("valid <= votes_found - blank", msg("≤ voters − blank")),
    ("valid = votes", msg("sum of the votes")),
)
"""Identities of every unit, and the due figure in words."""


def _sums(published: Published, empty: Bools, without: Bools) -> Iterator[Flaw]:
    counts = published.counts
    registered, found, blank, null = (counts[name] for name in ("registered", "votes_found", "blank", "null"))
    votes = sum_groups(published.votes, published.vote_unit, len(published.row))
    # before April 2014 blank votes were counted among the null ones and have no column
    figures = {**counts, "blank": np.where((blank == MISSING) & (null >= 0), 0, blank), "votes": votes}
    nowhere = np.zeros(len(found), np.bool_)
    left_out = [nowhere, empty | ((registered >= 0) & (found > registered)), empty, empty, empty | without]
    if published.several_names is not None:  # a ballot with several names is one ballot
        left_out[-1] = left_out[-1] | (published.several_names & (votes > counts["valid"]))
    if not (null == MISSING).all():
        left_out[-2] = ~nowhere
    if not published.labels:  # a table of counts alone
        left_out[-1] = ~nowhere
    for (text, due), units in zip(_SUMS, left_out, strict=True):
        if (check := parse_identity(text)) is not None:
            yield from check.check(figures, units, due)[1]
    if (at_least := parse_identity("valid >= votes")) is not None:  # where a choice is blank, the others are no more
        stated = sum_groups(np.maximum(published.votes, 0), published.vote_unit, len(published.row))
        complete = ((votes >= 0) & ~without) | (left_out[-1] & ~without)
        yield from at_least.check({**figures, "votes": stated}, complete, _SUMS[-1][1])[1]
