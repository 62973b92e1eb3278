"""Requirements of law and circulars on voting machines, and where this model meets them: `conditions.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        code: ``L57-1 4°``, or a short name of our own for a rule of a circular.
        source: where it stands.
        requires: what it requires, in our words.
        met: how the model meets it.
        where: ``module:object`` in this package.
        test: ``file::function`` below ``tests/machine``.
    """

    code: str
    source: str
    requires: str
    met: str
    where: str
    test: str


_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
L57_1 = tuple(Condition(**entry) for entry in _TABLES["law"])
"""The eight conditions of article L57-1, in its order."""
CIRCULARS = tuple(Condition(**entry) for entry in _TABLES["circulars"])
"""The rules of the ministry's circulars, and others, that concern the machine itself."""
