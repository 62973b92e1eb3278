"""Cases as people read them: in lines, the small gaps of a commune in one; the first of them; what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from protocol.words import Message, Text, first_of, msg, nmsg, series
from verify.audit import Audit
from verify.cases.wording import GAPS
from verify.model.bureau_codes import by_number
from verify.model.case_table import CaseBlock
from verify.model.figures import Bools, Ints
from verify.model.finding_table import FindingKeys
from verify.model.findings import Severity
from verify.model.follow_ups import Followed, FollowStatus, FollowUp, Today
from verify.model.thresholds import FEW_VOTES

_GONE_NAMED = 5
_LONGEST = 300
"""Characters of a remark on a screen and in a cell."""


def by_case(result: Audit) -> dict[int, list[Followed]]:
    """The follow-ups of each case that has any, by its number."""
    found: dict[int, list[Followed]] = {}
    for each in result.followed:
        for number in each.cases:
            found.setdefault(number, []).append(each)
    return found


_DONE = frozenset((FollowStatus.EXPLAINED, FollowStatus.SETTLED, FollowStatus.KEPT_OUT))


def settled(result: Audit) -> frozenset[int]:
    """Numbers of the cases whose last follow-up closes them, and whose figures are still those that it was about."""
    last = ((number, several[-1]) for number, several in by_case(result).items())
    return frozenset(n for n, each in last if each.follow_up.status in _DONE and each.state is Today.SAME)


def followed_text(each: Followed) -> Text:
    """One follow-up in a sentence: what became of it, the remark, whose and from when it is, and what it rests on."""
    row = each.follow_up
    what: list[Text] = [row.status.label]
    if row.number is not None:
        what.append(nmsg("{count:n} vote", "{count:n} votes", row.number))
    said: Text = series(what)
    if row.remark:
        remark = row.remark if len(row.remark) <= _LONGEST else f"{row.remark[:_LONGEST]}…"
        said = msg("{status}: {remark}", status=said, remark=remark)
    about: list[Text] = [*filter(None, (row.author, row.date))]
    if row.piece:
        about.append(msg("piece: {piece}", piece=row.piece))
    if each.state is Today.CHANGED:
        about.append(msg("figures then {then}, now {now}", then=row.figures, now=each.now))
    return msg("{text} ({about})", text=said, about=series(about, msg("; "))) if about else said


def all_in_words(several: list[Followed]) -> Text:
    """Several follow-ups of one case, in a cell."""
    return series(map(followed_text, several), msg("; "))


def counted_follow_ups(result: Audit) -> Iterator[Message]:
    """Number of follow-ups by state; those without a present finding, one by one."""
    if not result.followed:
        return
    counts = Counter(each.follow_up.status for each in result.followed)
    states = series(
        each.label if counts[each] == 1 else msg("{count:n} {status}", count=counts[each], status=each.label)
        for each in FollowStatus
        if counts[each]
    )
    yield nmsg(
        "{count:n} remark kept: {states}", "{count:n} remarks kept: {states}", len(result.followed), states=states
    )
    gone = [each.follow_up for each in result.followed if each.state is Today.GONE]
    for row in gone[:_GONE_NAMED]:
        yield msg("  {source} ({status}): {gone}", source=row.source, status=row.status.label, gone=_gone(row))
    if len(gone) > _GONE_NAMED:
        yield nmsg("  … and {count:n} more: --json", "  … and {count:n} more: --json", len(gone) - _GONE_NAMED)


def _gone(row: FollowUp) -> Message:
    """That what a follow-up is about is not found any more."""
    place = " ".join(filter(None, (row.insee, row.bureau)))
    if row.about and place:
        return msg("{code} is not found in {place} any more", code=row.about, place=place)
    if row.about:
        return msg("{code} is not found any more", code=row.about)
    return msg("nothing is found in {place} any more", place=place) if place else msg("nothing is found any more")


_SEVERAL = 2
"""Bureaux that are said in one line, at least."""
_NAMED = 12
"""Bureaux that a sentence names."""
_MORE, _FEWER = "R201", "R202"


@dataclass(frozen=True, slots=True)
class SmallGaps:
    """Cases of a commune that say no more than that the two counts are one or two votes apart.

    Attributes:
        numbers: of the cases, in their order.
        bureaux: their codes, in the order of their numbers.
        apart: votes beyond signatures in each, below 0 where there are fewer.
        unmentioned: whether no remark of a PV speaks of them.
    """

    numbers: tuple[int, ...]
    bureaux: tuple[str, ...]
    apart: tuple[int, ...]
    unmentioned: bool

    @property
    def text(self) -> Message:
        """All of them in a sentence."""
        parts: list[Text] = [
            nmsg(
                "votes and signatures one or two apart in {count:n} bureau",
                "votes and signatures one or two apart in {count:n} bureaux",
                len(self.bureaux),
            )
        ]
        if self.unmentioned:
            parts.append(msg("and no remark in the PV speaks of it"))
        by_bureau = zip(self.bureaux, self.apart, strict=True)
        named = first_of([f"{bureau} ({'−+'[each > 0]}{abs(each)})" for bureau, each in by_bureau], _NAMED)
        return msg("{parts}: {bureaux}.", parts=series(parts), bureaux=named)


class LinesOfCases:
    """The lines in which cases are read, each a case or the small gaps of a commune.

    Attributes:
        first: for each case, by its number, that of the case in whose line it is; 0 at 0. Shape ``(cases + 1,)``.
        together: the small gaps of a line by the number of its first case.
    """

    def __init__(self, result: Audit) -> None:
        self.first: Ints = np.arange(len(result.cases) + 1)
        self.together: dict[int, SmallGaps] = {}
        keys, followed = result.findings.keys(), by_case(result)
        parts = [_small(keys, block, followed) for block in result.cases.blocks()]
        if not parts:
            return
        number, place, severity, sign = (np.concatenate(each) for each in zip(*parts, strict=True))
        groups, of = np.unique(keys.commune[place] * _SEVERITIES + severity, return_inverse=True)
        sizes = np.bincount(of, minlength=len(groups))
        for group in np.flatnonzero(sizes >= _SEVERAL).tolist():
            rows = np.flatnonzero(of == group)
            numbers = number[rows].tolist()
            self.first[numbers] = numbers[0]
            codes = zip(keys.places.bureau[place[rows]].tolist(), sign[rows].tolist(), strict=True)
            bureaux = sorted(codes, key=lambda each: by_number(each[0]))
            self.together[numbers[0]] = SmallGaps(
                numbers=tuple(numbers),
                bureaux=tuple(bureau for bureau, _ in bureaux),
                apart=tuple(each for _, each in bureaux),
                unmentioned=bool(severity[rows[0]] == Severity.ERROR),
            )

    def begins(self) -> Bools:
        """Select cases that begin a line, in their order, shape ``(cases,)``."""
        return np.asarray(self.first[1:] == np.arange(1, len(self.first)), np.bool_)


_SEVERITIES = max(Severity) + 1


def _small(keys: FindingKeys, block: CaseBlock, followed: Mapping[int, object]) -> tuple[Ints, Ints, Ints, Ints]:
    """Number, place, severity and signed gap of the cases of a block that are only a gap of one or two votes."""
    of_gap = np.array([cause.name in GAPS for cause in block.causes], np.bool_)[block.cause]
    sign = keys.of(_MORE)[block.findings].astype(np.int64) - keys.of(_FEWER)[block.findings]
    apart = np.maximum.reduceat(keys.apart[block.findings] * np.abs(sign), block.start[:-1])
    small = of_gap & (block.place >= 0) & (block.severity > Severity.INFO) & (apart > 0) & (apart <= FEW_VOTES)
    number = np.arange(block.number, block.number + len(block))
    small &= ~np.isin(number, list(followed)) & (keys.places.bureau[block.place] != "")
    small[list(block.details)] = False
    rows = np.flatnonzero(small)
    return (
        number[rows],
        block.place[rows],
        block.severity[rows],
        (apart * np.sign(np.add.reduceat(sign, block.start[:-1])))[rows],
    )


FIRST = 10
"""Cases of the first page of a report."""


def choose_first(result: Audit, lines: LinesOfCases, most: int = FIRST) -> list[int]:
    """The lines of the gravest consequence first, by the index of their case; none for information."""
    rows = np.flatnonzero(result.cases.asks & lines.begins())
    chosen: list[int] = rows[np.argsort(-result.cases.consequence[rows], kind="stable")][:most].tolist()
    return chosen
