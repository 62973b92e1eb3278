"""The night that the core is measured on: PVs and sign-in counts of a nation, some of them wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from protocol.files import csv_bytes
from protocol.night import RECORDS, SIGNATURES

BUREAUX = 70_000


def write_night(folder: Path, bureaux: int = BUREAUX, seed: int = 1) -> None:
    """The PVs and sign-in counts of a nation, with one bureau in 400 wrong in some way."""
    random = np.random.default_rng(seed)
    insee = np.sort(random.integers(1001, 95_999, bureaux // 2)).repeat(2)
    number = np.arange(bureaux) - np.searchsorted(insee, insee) + 1
    registered = random.integers(150, 1500, bureaux)
    found = registered * random.integers(550, 850, bureaux) // 1000
    blank, null = found * random.integers(10, 40, bureaux) // 1000, found * random.integers(0, 30, bureaux) // 1000
    valid = found - blank - null
    signed, stated = found.copy(), found.copy()
    listed = registered.copy()
    wrong = random.random((8, bureaux)) < 0.0003
    signed[wrong[0]] += 2
    signed[wrong[1]] -= random.integers(1, 20, int(wrong[1].sum()))
    stated[wrong[2]] += 7
    valid[wrong[3]] -= 1
    listed[wrong[4]] += 3
    null[wrong[5]], valid[wrong[5]] = (found - blank)[wrong[5]], 0
    signed[wrong[6]] = registered[wrong[6]] + 1
    proxies = np.where(wrong[7], found * 2, found // 40)
    noted = random.random(bureaux) < 0.5
    remark = np.where((signed != found) & noted, "Ecart entre votes et emargements.", "")
    opening = np.where(random.random(bureaux) < 0.0003, "", "08:00")
    closing = np.where(random.random(bureaux) < 0.0003, "", "19:00")
    place = [[f"{code:05}" for code in insee], [f"{code:04}" for code in number], ["1"] * bureaux]
    counts = [column.tolist() for column in (registered, stated, found, blank, null, valid, proxies)]
    rest = [column.tolist() for column in (opening, closing, remark)]
    (folder / RECORDS.file).write_bytes(csv_bytes(RECORDS.header, zip(*place, *counts, *rest, strict=True)))
    rows = list(zip(*place, listed.tolist(), signed.tolist(), strict=True))
    rows[100] = (rows[100][0], "9999", "1", 700, 500)
    rows.append(rows[5000])
    (folder / SIGNATURES.file).write_bytes(csv_bytes(SIGNATURES.header, rows))
