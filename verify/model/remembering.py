"""What was made of evidence, with what of it was looked at: where all of that is the same, it is not made again.

Rules and the columns that they share are functions of evidence alone. Each is given the evidence through `Watched`,
which notes what it looks at. Of evidence that differs in some of its parts only, as with corrections made in it or
with less of it, what looks at none of these is taken from before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from types import FunctionType, MethodType
from typing import Any

Asked = tuple[str, str]
"""A question to the evidence, the name of its method, and what it was asked about."""
Reads = dict[str | Asked, Any]
"""What was looked at: the parts of the evidence by name, and what was there; questions, and the answer."""
Make = Callable[[Any], Any]


class Watched:
    """Evidence that notes what is looked at in it.

    Args:
        evidence: with a method ``made`` that gives what is made of it, and what was looked at for that; its class names
            in ``questions`` the methods of which the answer counts, and not what they look at for it.

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
            return partial(self._ask, name) if name in self._evidence.questions else MethodType(of_class, self)
        self.reads[name] = value = getattr(self._evidence, name)
        return value

    def _ask(self, name: str, about: str) -> Any:
        self.reads[name, about] = answer = getattr(self._evidence, name)(about)
        return answer

    def once(self, make: Make) -> Any:
        """What is made of it; what that looks at counts as looked at."""
        made = self._evidence.made(make)
        if _is_seen_once(made.value):  # it looks at more when somebody looks at it
            self._later.append(made.reads)
        self.reads.update(made.reads)
        return made.value

    def make(self, make: Make) -> Made:
        """Make something of it. The evidence is let go: what it holds would never be free again before all of it is."""
        value = make(self)
        for reads in self._later:
            self.reads.update(reads)
        if not _is_seen_once(value):
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
    _kept: dict[Make, dict[tuple[str | Asked, ...], _Alike]] = field(default_factory=dict)
    """By what was made, and by what was looked at for it."""

    def closed(self) -> MadeBefore:
        """The same, into which nothing more comes."""
        return MadeBefore(open=False, _kept=self._kept)

    def find(self, evidence: Any, make: Make) -> Made | None:
        """What was made before, where everything is the same that was looked at for it.

        The evidence has a dictionary ``idents``, in which is noted what its parts are equal by.
        """
        for alike in self._kept.get(make, _NOTHING).values():
            found = alike.made.get(alike.ident(evidence))
            if found is not None:
                return found
        return None

    def add(self, evidence: Any, make: Make, made: Made) -> None:
        """Remember what was made of some evidence, unless it can be looked at once only."""
        if self.open and not _is_seen_once(made.value):
            names = tuple(made.reads)
            of_make = self._kept.setdefault(make, {})
            if names not in of_make:
                of_make[names] = _Alike(names)
            of_make[names].made[of_make[names].ident(evidence)] = made


def _is_seen_once(value: Any) -> bool:
    """Whether something is an iterator."""
    return hasattr(type(value), "__next__")


class _Alike:
    """What was made by a look at the same parts.

    Args:
        names: of the parts.

    Attributes:
        made: by what the parts were.
    """

    __slots__ = ("_names", "_of", "made")

    def __init__(self, names: tuple[str | Asked, ...]) -> None:
        self._names = names
        self._of: Callable[[dict[str | Asked, Hashable]], Hashable] = itemgetter(*names) if names else _nothing
        self.made: dict[Hashable, Made] = {}

    def ident(self, evidence: Any) -> Hashable:
        """What the parts are in some evidence."""
        try:
            return self._of(evidence.idents)
        except KeyError:
            for name in self._names:
                if name not in evidence.idents:
                    evidence.idents[name] = _same(_there(evidence, name))
        return self._of(evidence.idents)


_NOTHING: dict[tuple[str | Asked, ...], _Alike] = {}
_FEW = 64
"""Members of a list that are looked at one by one."""


def _nothing(idents: dict[str | Asked, Hashable]) -> Hashable:
    return ()


def _there(evidence: Any, name: str | Asked) -> Any:
    return getattr(evidence, name) if isinstance(name, str) else getattr(evidence, name[0])(name[1])


def _same(value: Any) -> Hashable:
    """What is equal for the same thing, and for lists of a few same things; it has to be held as long as this is."""
    kind = type(value)
    if kind in (list, tuple) and len(value) <= _FEW:
        return kind, *map(id, value)
    return kind if kind is dict and not value else id(value)
