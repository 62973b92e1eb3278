"""Caches derived values; a value is reused while every field it read is unchanged.

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
        """Cache a derived value; its reads count as reads."""
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
    """Cached value with the fields that it read."""

    value: Any
    reads: Reads


@dataclass(frozen=True, slots=True)
class MadeBefore:
    """Values derived from evidence that has much in common.

    Attributes:
        open: whether more is remembered; of copies that are looked at once nothing is.
    """

    open: bool = True
    _kept: dict[Hashable, dict[frozenset[str | Asked], _Alike]] = field(default_factory=dict)
    """By what the parts were that are all the same or all others, and by what else was looked at for it."""
    _numbers: dict[Hashable, int] = field(default_factory=dict)
    """Of all that parts were equal by: a number in place of each is quick to look up."""

    def closed(self) -> MadeBefore:
        """The same, into which nothing more comes."""
        return MadeBefore(open=False, _kept=self._kept, _numbers=self._numbers)

    def of(self, evidence: Any) -> dict[Make, Made]:
        """All that was made before, where everything is the same that was looked at for it.

        The evidence has a dictionary ``idents``, in which is noted what its parts are equal by; its class names in
        ``settled`` the parts that many nights have in common: what looks at one of them counts as looking at all.
        """
        found: dict[Make, Made] = {}
        for alike in self._kept.get(self._settled(evidence), _NOTHING).values():
            made = alike.made.get(self._ident(alike, evidence))
            if made is not None:
                found |= made
        return found

    def add(self, evidence: Any, make: Make, made: Made) -> None:
        """Remember what was made of some evidence, unless it can be looked at once only."""
        if self.open and not _is_seen_once(made.value):
            kept = self._kept.setdefault(self._settled(evidence), {})
            names = frozenset(made.reads.keys() - evidence.settled)
            if names not in kept:
                kept[names] = _Alike(tuple(names))
            kept[names].made.setdefault(self._ident(kept[names], evidence), {})[make] = made

    def _settled(self, evidence: Any) -> Hashable:
        return tuple(self._number(name, evidence) for name in evidence.settled)

    def _ident(self, alike: _Alike, evidence: Any) -> Hashable:
        """Identity of the fields that were read in some evidence."""
        idents = evidence.idents
        try:
            return alike.of(idents)
        except KeyError:
            for name in alike.names:
                self._number(name, evidence)
        return alike.of(idents)

    def _number(self, name: str | Asked, evidence: Any) -> int:
        """Number of a field's value in some evidence; equal values share it."""
        idents: dict[str | Asked, int] = evidence.idents
        if name not in idents:
            idents[name] = self._numbers.setdefault(_same(_there(evidence, name)), len(self._numbers))
        return idents[name]


def _is_seen_once(value: Any) -> bool:
    return hasattr(type(value), "__next__")


class _Alike:
    """Values that read the same fields.

    Attributes:
        names: of the parts.
        of: gives what they are, of all that is noted.
        made: by what the parts were, all that was made of them.
    """

    __slots__ = ("made", "names", "of")

    def __init__(self, names: tuple[str | Asked, ...]) -> None:
        self.names = names
        self.of: Callable[[dict[str | Asked, int]], Hashable] = itemgetter(*names) if names else _nothing
        self.made: dict[Hashable, dict[Make, Made]] = {}


_NOTHING: dict[frozenset[str | Asked], _Alike] = {}
_FEW = 64
"""Members of a list that are looked at one by one."""


def _nothing(idents: dict[str | Asked, int]) -> Hashable:
    return ()


def _there(evidence: Any, name: str | Asked) -> Any:
    return getattr(evidence, name) if isinstance(name, str) else getattr(evidence, name[0])(name[1])


def _same(value: Any) -> Hashable:
    """Hashable that is equal for the same object, and for lists of a few same objects; the caller keeps it alive."""
    kind = type(value)
    if kind in (list, tuple) and len(value) <= _FEW:
        return kind, *map(id, value)
    return kind if kind is dict and not value else id(value)
