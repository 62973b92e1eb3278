"""The night that the core is measured on: PVs and sign-in counts of a nation, some of them wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.nation import CountedNation
from protocol.night import SIGNATURES

BUREAUX = 70_000


def write_night(folder: Path, bureaux: int = BUREAUX, seed: int = 1) -> None:
    """The PVs and sign-in counts of a nation, with one bureau in 400 wrong in some way."""
    nation = CountedNation(bureaux, seed=seed)
    random, found = nation.random, nation.found
    wrong = random.random((8, bureaux)) < 0.0003
    nation.on_list[wrong[0]] += 2
    nation.on_list[wrong[1]] -= random.integers(1, 20, int(wrong[1].sum()))
    nation.signed[wrong[2]] += 7
    nation.valid[wrong[3]] -= 1
    nation.listed[wrong[4]] += 3
    nation.null[wrong[5]], nation.valid[wrong[5]] = (found - nation.blank)[wrong[5]], 0
    nation.on_list[wrong[6]] = nation.registered[wrong[6]] + 1
    nation.proxies = np.where(wrong[7], found * 2, nation.proxies)
    noted = (nation.on_list != found) & (random.random(bureaux) < 0.5)
    nation.remarks = np.where(noted, "Ecart entre votes et emargements.", "").tolist()
    nation.opening = np.where(random.random(bureaux) < 0.0003, "", "08:00").tolist()
    nation.closing = np.where(random.random(bureaux) < 0.0003, "", "19:00").tolist()
    nation.write(folder)
    listed = (folder / SIGNATURES.file).read_bytes().splitlines(keepends=True)
    listed[101] = f"{nation.insee[100]},9999,1,700,500\n".encode()
    (folder / SIGNATURES.file).write_bytes(b"".join([*listed, listed[5001]]))
