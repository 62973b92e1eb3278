"""What the screens of a sealed night share: lines in a language, the first few of many, and the doubt about a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console

from protocol.words import Text, nmsg
from protocol.wrapping import wrap
from regard.language import show
from regard.sealing.words import OWN_KEY
from regard.terminal import clean

T = TypeVar("T")


class SealedScreen:
    """Lines in a language on a console; what comes from files cannot rewrite it."""

    most_shown = 12
    """How many of many are named; ``--json`` has all of them."""

    def __init__(self, code: str, out: Console) -> None:
        self._code = code
        self._out = out

    def own_key(self) -> None:
        """That nobody but the folder says whose log it is."""
        self._line(OWN_KEY, style="bold yellow")

    def _some(self, items: Iterable[T]) -> Iterator[T]:
        """The first few, then how many more there are."""
        every = list(items)
        yield from every[: self.most_shown]
        if (more := len(every) - self.most_shown) > 0:
            self._line(nmsg("… and {count:n} more (--json)", "… and {count:n} more (--json)", more), indent=2)

    def _line(self, said: Text, style: str = "", indent: int = 0) -> None:
        for line in wrap(clean(show(self._code, said)), self._out.width - indent):
            self._out.print(" " * indent + line, style=style)
