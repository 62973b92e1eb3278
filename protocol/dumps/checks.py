"""Checks of a dump: code of the rulebook, the compared values, and the verdict.

Integrity (nothing changed since it was written), authenticity (who wrote it) and agreement (two copies of a figure are
the same) are told apart: a hash that holds says nothing about who made it.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from protocol.words import Text, msg, series


class CheckTopic(Enum):
    """Subject of a check."""

    INTEGRITY = "integrity"
    AUTHENTICITY = "authenticity"
    AGREEMENT = "agreement"
    COVERAGE = "coverage"


class CheckVerdict(Enum):
    """Result of a check."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_CHECKED = "not checked"
    """A key, a file or a rule that it needs is not there; what is missing is said."""


@dataclass(frozen=True, slots=True)
class DumpCheck:
    """One thing that was checked of a dump, or many of one kind that came out alike.

    Attributes:
        code: of the rulebook, as ``D101``.
        topic: what it is about.
        verdict: how it came out.
        text: what was checked, as a short sentence with its values; of a failure what is wrong and where.
        source: the file that it was checked in.
        place: offset or path within that file, as ``byte 1204`` or ``Sessions[12]``; empty for the whole. Never a
            place that tells one ballot from another.
        unit: the unit that it is about, as in `Tallies.units`; empty for the whole dump.
        left, right: the two figures or digests where they differ.
        left_source, right_source: where each of them stands.
        times: how many of the kind there were.
    """

    code: str
    topic: CheckTopic
    verdict: CheckVerdict
    text: Text
    source: str = ""
    place: Text = ""
    unit: str = ""
    left: Text = ""
    right: Text = ""
    left_source: Text = ""
    right_source: Text = ""
    times: int = 1

    @property
    def where(self) -> Text:
        """The unit, the file and the place in it, as far as they are known."""
        return series([part for part in (self.unit, self.source, self.place) if part != ""])

    @property
    def told(self) -> Text:
        """Text of the check, with both figures if they differ, and their number."""
        text: Text = self.text
        if self.left != "" and self.right != "":
            text = msg(
                "{text}: {left} ({left_source}), {right} ({right_source})",
                text=text,
                left=self.left,
                left_source=self.left_source,
                right=self.right,
                right_source=self.right_source,
            )
        return msg("{text} ({times} times)", text=text, times=self.times) if self.times > 1 else text


_OF_TOPIC = {
    CheckTopic.INTEGRITY: ("D101", "D102", "D108", "D111", "D118", "I104", "I105", "I106"),
    CheckTopic.AUTHENTICITY: ("D103", "D117"),
    CheckTopic.COVERAGE: ("D110", "D112", "D115"),
}
"""Codes of each topic; all others are of agreement."""


def topic_of(code: str) -> CheckTopic:
    """The topic of a code of the rulebook."""
    return next((topic for topic, codes in _OF_TOPIC.items() if code in codes), CheckTopic.AGREEMENT)


class Checklist:
    """Checks in the order in which they were made, each of the topic of its code.

    Attributes:
        made: all of them.
        source: the file that the next ones are made in.
        unit: the unit that they are about.
    """

    source = ""
    unit = ""

    def __init__(self) -> None:
        self.made: list[DumpCheck] = []

    def of(self, source: str, unit: str = "") -> Self:
        """The same list, for checks of a file and a unit."""
        same = copy(self)
        same.source, same.unit = source, unit
        return same

    def add(self, check: DumpCheck) -> None:
        """Take in a check; of nothing, none was made."""
        if check.times:
            self.made.append(check)

    def holds(self, code: str, text: Text, times: int = 1) -> None:
        """Something agrees, so many times."""
        self._add(CheckVerdict.HOLDS, code, text, times=times)

    def not_checked(self, code: str, text: Text, times: int = 1) -> None:
        """Something could not be checked; the text says what is missing."""
        self._add(CheckVerdict.NOT_CHECKED, code, text, times=times)

    def fails(self, code: str, text: Text, **further: Any) -> None:
        """Something does not agree; further are attributes of `DumpCheck`: the place, the two sides, the topic."""
        self._add(CheckVerdict.FAILS, code, text, **further)

    def _add(self, verdict: CheckVerdict, code: str, text: Text, **further: Any) -> None:
        topic = further.pop("topic", topic_of(code))
        self.add(DumpCheck(code, topic, verdict, text, self.source, unit=self.unit, **further))

    def settle(self, good: bool, code: str, text: Text) -> None:
        """Something agrees, or not."""
        if good:
            self.holds(code, text)
        else:
            self.fails(code, text)

    def differ(
        self, code: str, text: Text, sides: tuple[Text, Text], sources: tuple[Text, Text], **further: Any
    ) -> None:
        """Add a difference between two sides, each with its source; further as in `fails`."""
        two = dict(zip(("left", "right", "left_source", "right_source"), (*sides, *sources), strict=True))
        self.fails(code, text, **two, **further)

    def compare(self, code: str, text: Text, sides: tuple[Text, Text], sources: tuple[Text, Text]) -> None:
        """Two sides agree where they are the same."""
        if sides[0] == sides[1]:
            self.holds(code, text)
        else:
            self.differ(code, text, sides, sources)
