"""The core by the parts of the verifier that read the tables and join them, an election at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.elections import COUNTS, VOTES
from protocol.quantities import Quantity
from verify.model.figures import BLANK, sum_groups
from verify.read.aggregated.columns import COUNTS as QUANTITIES
from verify.read.aggregated.columns import ELECTION, ID
from verify.read.aggregated.results import bureaux_of, counts, reporting, units
from verify.read.aggregated.sources import open_table
from verify.read.rows import Problems

if TYPE_CHECKING:
    from bench.elections import Result
    from verify.model.figures import Bools, Ints

_READ = frozenset((ELECTION, ID, *QUANTITIES, Quantity.VOTES))


def core(folder: Path) -> Result:
    """The verifier: each row at its place in the file, each cell checked, no number taken for granted."""
    general, candidats = (open_table(folder / name, only=_READ) for name in (COUNTS, VOTES))
    fired: dict[str, list[tuple[str, str]]] = {"registered": [], "voters": [], "votes": []}
    sums = {}
    for election in general.elections:
        problems = Problems(election)
        bureaux = bureaux_of(general, election, problems)
        start, votes = 0, np.zeros(len(bureaux.rows), np.int64)
        voted: Bools = np.zeros(len(bureaux.rows), np.bool_)
        for piece in candidats.pieces(election):
            unit, start = units(piece.columns[ID], bureaux, start)
            votes += sum_groups(
                counts(piece.columns[Quantity.VOTES], reporting(problems, piece, "voix")), unit, len(votes)
            )
            voted[unit] = True
        if problems.all():
            raise ValueError(f"{folder}: not the tables that write_tables writes")
        of = bureaux.counts
        blank: Ints = np.where(of[Quantity.BLANK] == BLANK, 0, of[Quantity.BLANK])
        found = of[Quantity.VOTES_FOUND]
        for name, wrong in (
            ("registered", of[Quantity.REGISTERED] != found + of[Quantity.ABSTENTIONS]),
            ("voters", found != blank + of[Quantity.NULL] + of[Quantity.VALID]),
            ("votes", voted & (votes != of[Quantity.VALID])),
        ):
            fired[name] += [(election, bureaux.ids[at].as_py()) for at in np.flatnonzero(wrong).tolist()]
        sums[election] = (int(voted.sum()), int(votes.sum()), int((votes * votes).sum()))
    return {name: sorted(pairs) for name, pairs in fired.items()}, sums
