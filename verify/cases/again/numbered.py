"""Findings of several tables told apart by whole numbers, so that many of them are compared at once."""

from __future__ import annotations

from functools import cache

import numpy as np

from verify.model.figures import Ints
from verify.model.finding_keys import FindingKeys
from verify.rulebook.catalogue import rules

_POLL, _PLACE = 6, 34
"""Bits that a poll and a place take."""


def numbered(keys: FindingKeys, rows: Ints, places: Ints) -> Ints:
    """Rule, place and poll of some findings as a whole number each.

    Args:
        keys: of all findings of a table.
        rows: their positions.
        places: a number for each place of the table, the same in all tables that are compared.
    """
    code = np.array([_rank()[code] for code in keys.codes] or [0], np.int64)[keys.code[rows]]
    return np.asarray((code << (_PLACE + _POLL)) | (places[keys.place[rows]] << _POLL) | keys.poll[rows], np.int64)


@cache
def _rank() -> dict[str, int]:
    return {code: at for at, code in enumerate(rules())}
