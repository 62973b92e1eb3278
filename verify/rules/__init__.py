"""The rules: one module a category, one function a question, each over all bureaux at once."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, partial

from protocol.plug_ins import PlugInError
from protocol.words import msg, series
from verify.model.checks import Check
from verify.rulebook.catalogue import plugged_rules
from verify.rules import (
    authenticity,
    completeness,
    integrity,
    machine,
    materiality,
    other_dumps,
    plausibility,
    reconciliation,
    transmission,
    urn_images,
)

_FILES = (
    integrity,
    completeness,
    authenticity,
    other_dumps,
    machine,
    urn_images,
    reconciliation,
    transmission,
    materiality,
    plausibility,
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
        found += plug_in.use(partial(_plugged, own=own)) or ()
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
