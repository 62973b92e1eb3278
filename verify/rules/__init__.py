"""The rules: one module a category, one function a question, each over all bureaux at once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from protocol.plug_ins import PlugInError
from protocol.words import msg, series
from verify.model.checks import Check
from verify.rulebook.catalogue import plugged_rules
from verify.rules import (
    authenticity,
    completeness,
    dates,
    diagnosis,
    integrity,
    machine,
    materiality,
    official_lists,
    other_dumps,
    plausibility,
    plausibility_rounds,
    reconciliation,
    records,
    transmission,
    urn_counts,
    urn_images,
    urn_papers,
)

_FILES = (
    integrity,
    completeness,
    official_lists,
    authenticity,
    urn_papers,
    other_dumps,
    machine,
    dates,
    urn_images,
    urn_counts,
    reconciliation,
    records,
    diagnosis,
    transmission,
    materiality,
    plausibility,
    plausibility_rounds,
)


def _checks_in(module: object) -> list[Check]:
    return [each for each in vars(module).values() if isinstance(each, Check)]


CHECKS = tuple(each for file in _FILES for each in _checks_in(file))
"""Every check of ours, with the codes of its findings: what was not checked where it fails."""


@cache
def plugged_checks() -> tuple[Check, ...]:
    """The checks of plug-ins. Cases are not proven by them."""
    found: list[Check] = []
    for plug_in, own in plugged_rules():

        def choose(module: object, own: Collection[str] = own.keys()) -> list[Check]:
            return _plugged(module, own)

        found += plug_in.use(choose) or ()
    return tuple(found)


def _plugged(module: object, own: Collection[str]) -> list[Check]:
    """The checks of a plug-in.

    Raises:
        PlugInError: one is of a rule that is not in its file.
    """
    found = _checks_in(module)
    if others := {code for each in found for code in each.codes} - set(own):
        raise PlugInError(msg("{codes}: not in its rules.toml", codes=series(sorted(others))))
    return found
