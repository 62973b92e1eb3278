"""INSEE codes of communes: the département that one begins with; and their names as people write them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

_OVERSEAS = ("97", "98")


def departement_of(insee: str) -> str:
    """The code of the département of a commune, or of its collectivity overseas: 77, 2A, 974."""
    return insee[: 3 if insee.startswith(_OVERSEAS) else 2]


def departements_of(insee: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """The codes of the départements of many communes, of any shape."""
    short: npt.NDArray[Any] = insee.astype("U2")
    return np.where(np.isin(short, _OVERSEAS), insee.astype("U3"), short)


_LETTERS = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(("à", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "lès", "sous", "sur"))


def as_written(name: str) -> str:
    """The name of a commune as people write it, where a file has it in capitals: “Saint-Jean-sur-Mer”."""
    if not name.isupper() or any(map(str.isdecimal, name)):
        return name
    return _LETTERS.sub(
        lambda found: small if found.start() and (small := found[0].lower()) in _SMALL else found[0].capitalize(), name
    )
