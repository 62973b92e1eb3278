"""Checks of a published file by itself, at any level: sums, percentages, empty units, choices that are not there.

The codes are the catalogue's: T306 sums, T307 percentages, T308 all zeros, T310 a choice missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from protocol.quantities import Quantity
from protocol.words import msg, series
from verify.model.figures import BLANK, MISSING, Bools, Ints, Shares, Texts, sum_groups
from verify.model.labels import field_label
from verify.model.published import FRANCE, Flaw, Published
from verify.read.layouts.identities import parse_identity

TRUNCATED = "truncated"
WRONG = "wrong"
UNREADABLE = "unreadable"
KINDS = {TRUNCATED: msg("truncated"), WRONG: msg("wrong"), UNREADABLE: msg("unreadable")}
"""The kinds of wrong percentages, for people."""

_PERCENTAGE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2})0*)?\s*%?")


@dataclass(frozen=True, slots=True)
class Percentages:
    """The percentages of a file that are not their ratio rounded at two decimals, as columns of shape ``(k,)``.

    Attributes:
        checked: how many were compared.
        field: which percentage, as in `Published.percentages`.
        index: index of the unit, or, where the field starts with ``votes/``, of the vote entry.
        published: as the file writes it.
        expected: as it would be, with a decimal comma and two decimals; empty where the denominator is 0.
        kind: `TRUNCATED`, `WRONG` or `UNREADABLE`.
    """

    checked: int
    field: Texts
    index: Ints
    published: Texts
    expected: Texts
    kind: Texts


def check_percentages(published: Published) -> Percentages:
    """Compare every percentage that is there and whose two figures are."""
    total = 0
    fields: list[str] = []
    index: list[int] = []
    shown: list[str] = []
    expected: list[str] = []
    kinds: list[str] = []
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
            below_them = denominator[part] if of is None else denominator[of[part]]
            compared, bad, stated = _compare(written[part], numerator[part], below_them)
            total += compared
            if len(bad):
                n, d = numerator[part][bad], below_them[bad]
                safe = np.maximum(d, 1)
                truncated = (d > 0) & (stated == 10_000 * n // safe)
                kinds += np.select([stated < 0, truncated], [UNREADABLE, TRUNCATED], default=WRONG).tolist()
                rounded = np.where(d == 0, -1, (20_000 * n + safe) // (2 * safe))
                fields += [field] * len(bad)
                index += (start + bad).tolist()
                shown += map(str, written[part][bad])  # of a number in 32 bits as few digits as it needs
                expected += map(_text, rounded.tolist())
    return Percentages(
        checked=total,
        field=np.array(fields, np.str_),
        index=np.array(index, np.int64),
        published=np.array(shown, np.str_),
        expected=np.array(expected, np.str_),
        kind=np.array(kinds, np.str_),
    )


def _compare(written: Texts | Shares, above: Ints, below: Ints) -> tuple[int, Ints, Ints]:
    """Compare percentages with their ratios: their number, the wrong ones, and what those state."""
    is_there = written == written if written.dtype.kind == "f" else written != ""  # a number is not equal to none
    is_there = is_there & (above >= 0) & (below >= 0)
    if is_there.all():
        stated = _read_stated(written)
        bad = np.flatnonzero(~_is_ratio(stated, above, below))
        return len(written), bad, stated[bad]
    there = np.flatnonzero(is_there)
    stated = _read_stated(written[there])
    bad = np.flatnonzero(~_is_ratio(stated, above[there], below[there]))
    return len(there), there[bad], stated[bad]


def _read_stated(written: Texts | Shares) -> Ints:
    """Parse percentages as hundredths; -1 for what is no percentage with two decimals."""
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


def _is_ratio(stated: Ints, n: Ints, d: Ints) -> Bools:
    """Test whether hundredths are 10,000 n / d to the nearest, a half either way; 0 where d is."""
    near = np.abs(2 * d * stated - 20_000 * n) <= d
    return np.asarray(np.where(d == 0, stated == 0, near & (stated >= 0)))


_AT_ONCE = 2**14
_MOST = 10**6
"""Hundredths of a percentage of four digits."""
_NEAR = 1e-6
"""Largest distance from hundredths of a number in 32 bits that was written with two decimals."""


def _hundredths(text: str) -> int:
    found = _PERCENTAGE.fullmatch(text.strip())
    return -1 if found is None else int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _text(hundredths: int) -> str:
    return "" if hundredths < 0 else f"{hundredths // 100},{hundredths % 100:02}"


CONTESTS = ("", "department", "constituency", "insee")
"""Places that tell contests apart, the widest first: nothing (one contest in the file), or a place of `Published`."""

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


def _percentages(published: Published) -> Iterator[Flaw]:
    found = published.once(check_percentages)
    rows = zip(found.field, found.index.tolist(), found.published, found.expected, found.kind, strict=True)
    for field, index, written, expected, kind in rows:
        of_votes = str(field).startswith("votes/")
        unit = int(published.vote_unit[index]) if of_votes else index
        name = f"{published.labels[published.vote_label[index]]} {field}" if of_votes else str(field)
        yield Flaw("T307", unit, name, str(written), str(expected), KINDS[str(kind)])
