"""Bureaux whose codes lost their zeros on the way: the ministry writes both ``1`` and ``0001``."""

from __future__ import annotations

import numpy as np

from verify.model import universe as universe_list
from verify.model.figures import Ints, Texts
from verify.model.universe import Universe

_FEW_COMMUNES = 32
"""Of so few communes the bureaux are picked out one commune after the other."""


def or_without_zeros(unit: Ints, universe: Universe, insee: Texts, bureau: Texts) -> Ints:
    """Units, with those of bureaux whose codes lost their zeros; -1 stays for none. All of shape ``(n,)``."""
    rest = np.flatnonzero(unit < 0)
    if not len(rest) or not len(universe):
        return unit
    communes = set(insee[rest].tolist())
    few = len(communes) <= _FEW_COMMUNES
    among = np.concatenate([universe.of_commune(each) for each in communes]) if few else np.arange(len(universe))
    bare = universe_list.keys(universe.insee[among], without_zeros(universe.bureau[among]))
    meant: dict[str, int] = {}
    for at, name in zip(among.tolist(), bare.tolist(), strict=True):
        meant[name] = -1 if name in meant else at  # two that differ in zeros only are neither
    wanted = universe_list.keys(insee[rest], without_zeros(bureau[rest]))
    completed = unit.copy()
    completed[rest] = [meant.get(name, -1) for name in wanted.tolist()]
    return completed


def without_zeros(codes: Texts) -> Texts:
    """Codes of bureaux without their zeros, and without the ``BV`` before a number."""
    upper = np.strings.upper(codes)
    number = np.strings.startswith(upper, "BV") & np.strings.isdigit(np.strings.lstrip(upper, "BV"))
    return np.strings.lstrip(np.where(number, np.strings.lstrip(upper, "BV"), codes), "0")


def have_zeros(codes: Texts) -> bool:
    """Check for numbers among codes that begin with a zero: a spreadsheet leaves 0A11 as it is."""
    return bool((np.strings.startswith(codes, "0") & np.strings.isdigit(codes)).any())


def find_machines(universe: Universe, insee: Texts, bureau: Texts) -> Ints:
    """Units by the codes that machines have, which a list that lost its zeros has without them; -1 for none."""
    unit = universe.find(insee, bureau)
    return unit if have_zeros(universe.bureau) else or_without_zeros(unit, universe, insee, bureau)
