"""One line for the ones and twos of a commune: bureaux whose votes and signatures are one or two apart, and no more.

JSON and tables have a case for each; whoever reads finds them together, in the place of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from protocol.words import Message, Text, msg, nmsg, series
from regard.reports.followed import by_case
from verify.audit import Audit
from verify.cases.wording import GAPS
from verify.model.case_table import CaseBlock
from verify.model.code_order import FEW, by_number
from verify.model.figures import Bools, Ints
from verify.model.finding_keys import FindingKeys
from verify.model.findings import Severity

_SEVERAL = 2
"""Bureaux that are said in one line, at least."""
_NAMED = 12
_MORE, _FEWER = "R201", "R202"


@dataclass(frozen=True, slots=True)
class SmallGaps:
    """Cases of a commune that say no more than that the two counts are one or two votes apart.

    Attributes:
        numbers: of the cases, in their order.
        bureaux: their codes, in the order of their numbers.
        more, fewer: how many have more votes than signatures, and fewer.
        unmentioned: whether no remark of a PV speaks of them.
    """

    numbers: tuple[int, ...]
    bureaux: tuple[str, ...]
    more: int
    fewer: int
    unmentioned: bool

    @property
    def text(self) -> Message:
        """All of them in a sentence."""
        parts: list[Text] = []
        if self.more:
            parts.append(
                nmsg(
                    "one or two votes more than signatures in {count:n} bureau",
                    "one or two votes more than signatures in {count:n} bureaux",
                    self.more,
                )
            )
        if self.fewer:
            parts.append(
                nmsg(
                    "one or two votes fewer than signatures in {count:n} bureau",
                    "one or two votes fewer than signatures in {count:n} bureaux",
                    self.fewer,
                )
            )
        if self.unmentioned:
            parts.append(msg("and no remark in the PV speaks of it"))
        named = series([*self.bureaux[:_NAMED], *(["…"] if len(self.bureaux) > _NAMED else [])])
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
            codes = dict.fromkeys(keys.places.bureau[place[rows]].tolist())
            self.together[numbers[0]] = SmallGaps(
                numbers=tuple(numbers),
                bureaux=tuple(sorted(codes, key=by_number)),
                more=int(np.count_nonzero(sign[rows] > 0)),
                fewer=int(np.count_nonzero(sign[rows] < 0)),
                unmentioned=bool(severity[rows[0]] == Severity.ERROR),
            )

    def begins(self) -> Bools:
        """Which cases begin a line, in their order, shape ``(cases,)``."""
        return np.asarray(self.first[1:] == np.arange(1, len(self.first)), np.bool_)

    def size(self, number: int) -> int:
        """How many cases the line of a case stands for."""
        return len(self.together[number].numbers) if number in self.together else 1


_SEVERITIES = max(Severity) + 1


def _small(keys: FindingKeys, block: CaseBlock, followed: Mapping[int, object]) -> tuple[Ints, Ints, Ints, Ints]:
    """Number, place, severity and sign of the cases of a block that are a gap of one or two votes, and no more."""
    of_gap = np.array([cause.name in GAPS for cause in block.causes], np.bool_)[block.cause]
    sign = keys.of(_MORE)[block.findings].astype(np.int64) - keys.of(_FEWER)[block.findings]
    apart = np.maximum.reduceat(keys.apart[block.findings] * np.abs(sign), block.start[:-1])
    small = of_gap & (block.place >= 0) & (block.severity > Severity.INFO) & (apart > 0) & (apart <= FEW)
    number = np.arange(block.number, block.number + len(block))
    small &= ~np.isin(number, list(followed)) & (keys.places.bureau[block.place] != "")
    small[list(block.details)] = False
    rows = np.flatnonzero(small)
    return number[rows], block.place[rows], block.severity[rows], np.add.reduceat(sign, block.start[:-1])[rows]
