"""One core of the work, done by the verifier and by polars, each in a module with `core`.

The core: read `pv.csv` and `emargements.csv`, take the SHA-256 of both, join them, name rows of bureaux that the other
file has not and of repeated ones, apply fifteen rules, give for each that fires the rows in both files, and sum six
counts up to commune, département and nation. Nothing of regard is imported here, nor by the peer.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Result = tuple[dict[str, list[int]], list[npt.NDArray[np.int64]]]
    """Rows of the PVs for which each rule fires (C106, I114: of the sign-in counts), and the sums by level."""

RECORDS, SIGNATURES = "pv.csv", "emargements.csv"
KEY = ("insee", "bureau", "scrutin")
SUMMED = ("inscrits", "emargements", "votes_trouves", "blancs", "nuls", "exprimes")
REMARK = "emarg|ecart|differen|signat"
"""Enough of `verify.align.lined_tables` for the one remark that the night has."""


def beside_digests(reconcile: Callable[[Path], Result]) -> Callable[[Path], Result]:
    """A peer's way with the SHA-256 of both files, which an audit names: taken beside the work, as ours takes them."""

    def take(folder: Path) -> list[str]:
        return [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (RECORDS, SIGNATURES)]

    def both(folder: Path) -> Result:
        beside = threading.Thread(target=take, args=(folder,))
        beside.start()
        try:
            return reconcile(folder)
        finally:
            beside.join()

    return both
