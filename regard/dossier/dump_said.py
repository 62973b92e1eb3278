"""What a report says of a dump of another machine, as texts in its language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DumpContestSaid:
    """One contest of a dump: its name, and each count with its label, over all units."""

    name: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DumpSaid:
    """A dump of another machine.

    Attributes:
        facts: what it says of itself, as name and value.
        contests: the first of them.
        checks: outcome, what was checked, topic, and where; those that do not hold first.
        left: what is not listed.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    contests: tuple[DumpContestSaid, ...]
    checks: tuple[tuple[str, str, str, str], ...]
    left: tuple[str, ...]
