"""What was made of evidence, with what of it was looked at: where all of that is the same, it is not made again.

Rules and the columns that they share are functions of evidence alone. Each is given the evidence through `Watched`,
which notes what it looks at. Of evidence that differs in some of its parts only, as with corrections made in it or
with less of it, what looks at none of these is taken from before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

Reads = dict[str, Any]
"""What was looked at: the parts of the evidence by name, and what was there."""
Make = Callable[[Any], Any]


class Watched:
    """Evidence that notes what is looked at in it.

    Args:
        evidence: with a method ``made`` that gives what is made of it, and what was looked at for that.

    Attributes:
        reads: what was looked at until now.
    """

    __slots__ = ("_evidence", "_later", "reads")

    def __init__(self, evidence: Any) -> None:
        self._evidence = evidence
        self._later: list[Reads] = []
        self.reads: Reads = {}

    def __getattr__(self, name: str) -> Any:
        of_class = getattr(type(self._evidence), name, None)
        if isinstance(of_class, property):
            return of_class.__get__(self)
        if isinstance(of_class, FunctionType):
            return MethodType(of_class, self)
        self.reads[name] = value = getattr(self._evidence, name)
        return value

    def once(self, make: Make) -> Any:
        """What is made of it; what that looks at counts as looked at."""
        made = self._evidence.made(make)
        if isinstance(made.value, Iterator):  # it looks at more when somebody looks at it
            self._later.append(made.reads)
        self.reads.update(made.reads)
        return made.value

    def make(self, make: Make) -> Made:
        """Make something of it. The evidence is let go: what it holds would never be free again before all of it is."""
        value = make(self)
        for reads in self._later:
            self.reads.update(reads)
        if not isinstance(value, Iterator):
            self._evidence = None
        return Made(value, self.reads)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, and what was looked at for it."""

    value: Any
    reads: Reads


@dataclass(frozen=True, slots=True)
class MadeBefore:
    """What was made of evidence that has much in common.

    Attributes:
        open: whether more is remembered; of copies that are looked at once nothing is.
    """

    open: bool = True
    _kept: dict[Make, list[Made]] = field(default_factory=dict)

    def closed(self) -> MadeBefore:
        """The same, into which nothing more comes."""
        return MadeBefore(open=False, _kept=self._kept)

    def find(self, evidence: Any, make: Make) -> Made | None:
        """What was made before, where everything is the same that was looked at for it."""
        for made in self._kept.get(make, ()):
            for name, value in made.reads.items():
                other = getattr(evidence, name)
                if other is not value and not _nothing_in(value, other):
                    break
            else:
                return made
        return None

    def add(self, make: Make, made: Made) -> None:
        """Remember what was made, unless it can be looked at once only."""
        if self.open and not isinstance(made.value, Iterator):
            self._kept.setdefault(make, []).append(made)


def _nothing_in(one: Any, other: Any) -> bool:
    return type(one) is type(other) and isinstance(one, (list, tuple, dict)) and not one and not other
