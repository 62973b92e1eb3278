"""What became of findings finds its bureau: a row for one that is not on the list is named, and kept."""

from __future__ import annotations

import numpy as np

from protocol.errors import InputError
from protocol.words import msg
from verify.align.lists import Files
from verify.model.follow_ups import FollowUp
from verify.model.universe import Universe


def followed_up(files: Files, universe: Universe) -> tuple[FollowUp, ...]:
    """All follow-ups; the problems of the files get those that name a commune or a bureau that the list has not."""
    rows = files.follow_ups
    named = [each for each in rows if each.bureau]
    unit = universe.find(np.array([each.insee for each in named]), np.array([each.bureau for each in named]))
    lost = {id(each) for each, at in zip(named, unit.tolist(), strict=True) if at < 0} if named else set()
    communes = set(universe.insee.tolist()) if rows else set()
    for each in rows:
        file, _, row = each.source.rpartition(":")
        if id(each) in lost:
            expected, got = msg("a bureau of the list"), f"{each.insee} {each.bureau}"
            files.problems.append(InputError(file, int(row), "bureau", expected, got))
        elif each.insee and each.insee not in communes:
            expected = msg("the code of a commune of the list")
            files.problems.append(InputError(file, int(row), "insee", expected, each.insee))
    return tuple(rows)
