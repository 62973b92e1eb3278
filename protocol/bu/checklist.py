"""Gathering of checks: what holds and what cannot be checked is counted by kind, what fails stands alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from protocol.dumps.checks import CheckTopic, CheckVerdict, DumpCheck
from protocol.words import Text

INTEGRITY, AUTHENTICITY = CheckTopic.INTEGRITY, CheckTopic.AUTHENTICITY
AGREEMENT, COVERAGE = CheckTopic.AGREEMENT, CheckTopic.COVERAGE


class Checklist:
    """The checks of one reading, in the order in which their kinds were first met."""

    def __init__(self) -> None:
        self._alike: dict[tuple[str, CheckVerdict, str], DumpCheck] = {}
        self._failed: list[DumpCheck] = []

    def holds(self, code: str, topic: CheckTopic, text: Text, source: str = "", unit: str = "", times: int = 1) -> None:
        """Something agrees, so many times; the source stays while it is one file's."""
        self._count(DumpCheck(code, topic, CheckVerdict.HOLDS, text, source, unit=unit, times=times))

    def not_checked(
        self, code: str, topic: CheckTopic, text: Text, source: str = "", unit: str = "", times: int = 1
    ) -> None:
        """Something could not be checked; the text says what is missing."""
        self._count(DumpCheck(code, topic, CheckVerdict.NOT_CHECKED, text, source, unit=unit, times=times))

    def fails(self, code: str, topic: CheckTopic, text: Text, source: str, unit: str = "", **further: Any) -> None:
        """Something does not agree; further are the attributes of `DumpCheck` about the two sides."""
        self._failed.append(DumpCheck(code, topic, CheckVerdict.FAILS, text, source, unit=unit, **further))

    def _count(self, check: DumpCheck) -> None:
        if not check.times:
            return
        key = check.code, check.verdict, str(check.text)
        known = self._alike.get(key)
        if known is not None:
            check = replace(
                known,
                times=known.times + check.times,
                source=known.source if known.source == check.source else "",
                unit=known.unit if known.unit == check.unit else "",
            )
        self._alike[key] = check

    def finish(self) -> tuple[DumpCheck, ...]:
        """All of them, by code; what fails first."""
        order = {CheckVerdict.FAILS: 0, CheckVerdict.NOT_CHECKED: 1, CheckVerdict.HOLDS: 2}
        found = [*self._failed, *self._alike.values()]
        return tuple(sorted(found, key=lambda each: (each.code, order[each.verdict])))
