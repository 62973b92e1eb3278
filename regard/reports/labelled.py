"""What stands for severities, levels, figures and causes in tables that people read: words, no codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from protocol.words import Text
from regard.language import show
from verify.cases.wording import KINDS, SURE, piece_name
from verify.model.field_names import field_label
from verify.model.labels import LEVELS, SEVERITIES
from verify.rulebook.causes import causes

_KINDS = {kind.name.lower(): name for kind, name in KINDS.items()}
_SURE = {sure.value: name for sure, name in SURE.items()}
_LABELS: dict[str, Callable[[str], Text]] = {
    "severity": lambda code: SEVERITIES.get(code, code),
    "level": lambda code: LEVELS.get(code, code),
    "field": field_label,
    "kind": lambda code: _KINDS.get(code, code),
    "sure": lambda code: _SURE.get(code, code),
    "cause": lambda code: causes()[code].title if code in causes() else code,
    "piece": piece_name,
}
"""By column."""


def in_words(name: str, cells: Sequence[object], language: str) -> Sequence[object]:
    """The cells of a column in words, where it holds codes; each code is put in words once."""
    label = _LABELS.get(name)
    if label is None:
        return cells
    words = {cell: show(language, label(cell)) if isinstance(cell, str) and cell else cell for cell in set(cells)}
    return [words[cell] for cell in cells]
