"""INSEE codes of communes: the département that one begins with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

_OVERSEAS = ("97", "98")


def departement_of(insee: str) -> str:
    """The code of the département of a commune, or of its collectivity overseas: 77, 2A, 974."""
    return insee[: 3 if insee.startswith(_OVERSEAS) else 2]


def departements_of(insee: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """The same of many communes, of any shape."""
    short: npt.NDArray[Any] = insee.astype("U2")
    return np.where(np.isin(short, _OVERSEAS), insee.astype("U3"), short)
