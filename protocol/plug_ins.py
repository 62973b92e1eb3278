"""Plug-ins of other packages, found by their entry points when something is first looked for among them.

A group for each kind: ``regard.rules``, ``regard.layouts``, ``regard.dumps`` (`docs/guide/plug-ins.md`). One that fails
is left out and remembered; the command says so at its end, and a program is warned.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from protocol.errors import RegardError
from protocol.words import Message, Text, msg

RULES, LAYOUTS, DUMPS = "regard.rules", "regard.layouts", "regard.dumps"
_broken: dict[Message, None] = {}


class PlugInWarning(UserWarning):
    """A plug-in is left out, in a program; a command says so in its own words."""


class PlugInError(RegardError):
    """A plug-in that is not what its kind has to be."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PlugIn:
    """One plug-in.

    Attributes:
        name: of its entry point.
        package: the distribution that has it, and its version.
        loaded: what its entry point names.
    """

    name: str
    package: str
    loaded: object

    def use(self, function: Callable[[object], T]) -> T | None:
        """Apply a function to it; None where that fails, which is then remembered."""
        return _kept(self.name, self.package, lambda: function(self.loaded))


@cache
def _any_installed() -> bool:
    """Look for a plug-in of any group: what reads entry points takes longer to import than this takes."""
    lists = (path for folder in sys.path for path in Path(folder or ".").glob("*-info/entry_points.txt"))
    try:
        return any(b"[regard." in path.read_bytes() for path in lists)
    except OSError:  # what reads entry points may know better
        return True


@cache
def plug_ins(group: str) -> tuple[PlugIn, ...]:
    """Those of a group that can be loaded, by name."""
    if not _any_installed():
        return ()
    from importlib.metadata import entry_points

    found = []
    for point in sorted(entry_points(group=group), key=lambda point: (point.name, point.value)):
        package = f"{point.dist.name} {point.dist.version}" if point.dist is not None else point.value
        if (loaded := _kept(point.name, package, point.load)) is not None:
            found.append(PlugIn(point.name, package, loaded))
    return tuple(found)


def take_broken() -> list[Message]:
    """Sentences on plug-ins that have failed since this was last asked."""
    said = list(_broken)
    _broken.clear()
    return said


def _kept(name: str, package: str, function: Callable[[], T]) -> T | None:
    try:
        return function()
    except Exception as error:  # whatever it is, it is another's, and everything else works without it
        why: Text = error.message if isinstance(error, RegardError) else f"{type(error).__name__}: {error}"
        said = msg("plug-in {name} of {package} is left out: {why}", name=name, package=package, why=why)
        if said not in _broken:
            _broken[said] = None
            warnings.warn(str(said), PlugInWarning, stacklevel=3)
        return None
