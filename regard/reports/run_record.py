"""What a verdict depends on beside the evidence: versions, options, and thresholds that were changed."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from types import MappingProxyType
from typing import TypeAlias

from protocol.words import msg, series
from regard.language import show
from verify.model.thresholds import Thresholds

Options: TypeAlias = Mapping[str, object]
"""Options that change a verdict, by name: a text, a list of texts, or yes."""
NO_OPTIONS: Options = MappingProxyType({})
_READERS = ("numpy", "pyarrow", "python-calamine", "construct")
"""Packages that evidence is read with."""


def run_of(thresholds: Thresholds, options: Options) -> dict[str, object]:
    """All of it, for a report in JSON."""
    changed = {name: {"value": value, "instead_of": own} for name, (value, own) in thresholds.changed().items()}
    return {"versions": _versions(), "options": dict(options), "thresholds": changed}


def thresholds_changed(thresholds: Thresholds, language: str) -> str:
    """The thresholds that were changed, in a sentence; empty where none was."""
    changed = thresholds.changed()
    if not changed:
        return ""
    each = (
        msg("{name} {value:n} (instead of {own:n})", name=name, value=value, own=own)
        for name, (value, own) in changed.items()
    )
    return show(language, msg("Thresholds changed: {changed}", changed=series(each)))


def _versions() -> dict[str, str]:
    found = {"regard": version("regard"), "python": platform.python_version()}
    for name in _READERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
