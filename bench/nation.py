"""A nation's PVs and sign-in lists, that agree with each other until something is made to happen to them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from protocol.files import csv_bytes
from protocol.night import RECORDS, SIGNATURES

BUREAUX = 69_242

Ints = npt.NDArray[np.int64]


class CountedNation:
    """Its counts as columns, each of them to be changed before they are written.

    Args:
        bureaux: how many.
        together: bureaux of a commune.
        seed: of all that is random.
    """

    def __init__(self, bureaux: int = BUREAUX, together: int = 2, seed: int = 1) -> None:
        self.random = np.random.default_rng(seed)
        draw = self.random.integers
        insee = np.sort(draw(1001, 95_999, bureaux // together + 1).repeat(together)[:bureaux])
        number = np.arange(bureaux) - np.searchsorted(insee, insee) + 1
        self.insee, self.code = [f"{each:05}" for each in insee], [f"{each:04}" for each in number]
        self.registered = draw(300, 1500, bureaux)
        self.found = self.registered * draw(550, 850, bureaux) // 1000
        self.blank, self.null = self.found * draw(10, 40, bureaux) // 1000, self.found * draw(0, 30, bureaux) // 1000
        self.valid = self.found - self.blank - self.null
        self.signed, self.proxies = self.found.copy(), self.found // 40
        self.opening, self.closing, self.remarks = ["08:00"] * bureaux, ["19:00"] * bureaux, [""] * bureaux
        self.listed, self.on_list = self.registered.copy(), self.found.copy()

    def __len__(self) -> int:
        return len(self.insee)

    def rows(self, *columns: Ints) -> list[tuple[str | int, ...]]:
        """The place of each bureau, with some counts of it."""
        places = (self.insee, self.code, ["1"] * len(self))
        return list(zip(*places, *(column.tolist() for column in columns), strict=True))

    def write(self, folder: Path) -> None:
        """The PVs, and the sign-in lists with their own count of registered voters."""
        counted = self.rows(self.registered, self.signed, self.found, self.blank, self.null, self.valid, self.proxies)
        noted = zip(self.opening, self.closing, self.remarks, strict=True)
        rows = [(*row, *rest) for row, rest in zip(counted, noted, strict=True)]
        (folder / RECORDS.file).write_bytes(csv_bytes(RECORDS.header, rows))
        (folder / SIGNATURES.file).write_bytes(csv_bytes(SIGNATURES.header, self.rows(self.listed, self.on_list)))
