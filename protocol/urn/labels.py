"""The labels on the panels of many urns: each list read once, and compared with the digest that the module carries."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.arrays import Bytes, Ints, Rows
from protocol.export.record import MAX_CHOICES, MAX_POLLS, choices_digest
from protocol.urn.image import LABEL_SIZE
from protocol.urn.terms import DIFFERS, FITS, UNTOLD
from protocol.words import msg

_WHOLE = LABEL_SIZE - 4
"""A label of so many bytes was not cut: the longest character of UTF-8 has four, and would still have had room."""
LABEL_RULES = (
    msg("UTF-8, then zeros only"),
    msg("a label"),
    msg("a label without control characters, then zeros only"),
    msg("another label than those before it"),
    msg("nothing, beyond the last choice"),
)
"""Expected states of the labels of a poll: of the first four each that is used, of the last one the others."""


@dataclass(frozen=True, slots=True)
class UrnLabels:
    """The labels of ``n`` images.

    Attributes:
        lists: lists of labels in panel order, each once; bytes that are not UTF-8 are escaped.
        of: index into ``lists`` of each poll, -1 for a poll that there is not, shape ``(n, 5)``.
        wrong: number of the rule in `LABEL_RULES` that each label breaks, 0 for none, shape ``(n, 5, 64)``.
        fit: FITS, DIFFERS or UNTOLD for each poll, shape ``(n, 5)``.
    """

    lists: tuple[tuple[str, ...], ...]
    of: Ints
    wrong: Bytes
    fit: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _List:
    index: int
    wrong: list[int]
    digest: bytes | None


def read_labels(area: Bytes, rows: Rows, choices: Ints) -> UrnLabels:
    """Read the labels of images. Thousands of urns carry one list, so each is taken apart once.

    Args:
        area: the section of each image, shape ``(n, 20480)``.
        rows: the images as `protocol.urn.image.DTYPE`.
        choices: number of choices of each poll, 0 for a poll that there is not; shape ``(n, 5)``.
    """
    n = len(rows)
    of, fit = np.full((n, MAX_POLLS), -1, np.int64), np.full((n, MAX_POLLS), UNTOLD, np.int8)
    wrong = np.zeros((n, MAX_POLLS, MAX_CHOICES), np.uint8)
    parts = area.reshape(n, MAX_POLLS, MAX_CHOICES * LABEL_SIZE)
    digests = rows["configuration"]["polls"]["choices_digest"]
    known: dict[bytes, _List] = {}
    lists: list[tuple[str, ...]] = []
    for image, poll in np.argwhere(choices > 0).tolist():
        raw = parts[image, poll, : choices[image, poll] * LABEL_SIZE].tobytes()
        one = known.get(raw)
        if one is None:
            labels, one = _read(raw, len(lists))
            known[raw] = one
            lists.append(labels)
        of[image, poll] = one.index
        if any(one.wrong):
            wrong[image, poll, : len(one.wrong)] = one.wrong
        if one.digest is not None:
            fit[image, poll] = FITS if one.digest == digests[image, poll].tobytes() else DIFFERS
    return UrnLabels(tuple(lists), of, wrong, fit)


def _read(raw: bytes, index: int) -> tuple[tuple[str, ...], _List]:
    labels = [raw[place : place + LABEL_SIZE].rstrip(b"\0") for place in range(0, len(raw), LABEL_SIZE)]
    wrong = [_rule_broken(label, labels[:at]) for at, label in enumerate(labels)]
    shown = tuple(label.decode("utf-8", "backslashreplace") for label in labels)
    whole = not any(wrong) and all(len(label) <= _WHOLE for label in labels)
    return shown, _List(index, wrong, choices_digest(shown) if whole else None)


def _rule_broken(label: bytes, before: Sequence[bytes]) -> int:
    """The number of the rule that a label of a poll breaks, 0 for none."""
    try:
        shown = label.decode()
    except UnicodeDecodeError:
        return 1
    if not shown:
        return 2
    if any(unicodedata.category(sign) == "Cc" for sign in shown):
        return 3
    return 4 if label in before else 0


def shown_label(raw: bytes) -> str:
    """A label as it can be shown: what is no letter, or not UTF-8, is escaped."""
    text = raw.rstrip(b"\0\xff").decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
