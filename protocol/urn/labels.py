"""The labels on the panels of many urns: each list read once, and held against the digest that the module carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from protocol.export.record import MAX_CHOICES, MAX_POLLS, choices_digest
from protocol.urn.image import LABEL_SIZE, Section
from protocol.urn.limits import Images
from protocol.urn.parsing import label_faults
from protocol.urn.terms import DIFFERS, FITS, UNTOLD

_WHOLE = LABEL_SIZE - 4
"""A label of so many bytes was not cut: the longest character of UTF-8 has four, and would still have had room."""


@dataclass(frozen=True, slots=True)
class UrnLabels:
    """The labels of ``n`` images.

    Attributes:
        lists: lists of labels in panel order, each once; bytes that are not UTF-8 are escaped.
        of: index into ``lists`` of each poll, -1 for a poll that there is not, shape ``(n, 5)``.
        good: whether all labels are as the format has them, shape ``(n,)``.
        fit: FITS, DIFFERS or UNTOLD for each poll, shape ``(n, 5)``.
    """

    lists: tuple[tuple[str, ...], ...]
    of: npt.NDArray[np.int64]
    good: npt.NDArray[np.bool_]
    fit: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _List:
    index: int
    good: bool
    digest: bytes | None


def read_labels(images: Images) -> UrnLabels:
    """The labels of images. Thousands of urns carry one list, so each is taken apart once."""
    n = len(images.rows)
    of, fit = np.full((n, MAX_POLLS), -1, np.int64), np.full((n, MAX_POLLS), UNTOLD, np.int8)
    good = np.ones(n, np.bool_)
    area = images.part(Section.CHOICES).reshape(n, MAX_POLLS, MAX_CHOICES * LABEL_SIZE)
    digests = images.rows["configuration"]["polls"]["choices_digest"]
    known: dict[bytes, _List] = {}
    lists: list[tuple[str, ...]] = []
    for image, poll in np.argwhere(images.choices > 0).tolist():
        raw = area[image, poll, : images.choices[image, poll] * LABEL_SIZE].tobytes()
        one = known.get(raw)
        if one is None:
            labels, one = _read(raw, len(lists))
            known[raw] = one
            lists.append(labels)
        of[image, poll] = one.index
        good[image] &= one.good
        if one.digest is not None:
            fit[image, poll] = FITS if one.digest == digests[image, poll].tobytes() else DIFFERS
    return UrnLabels(tuple(lists), of, good, fit)


def _read(raw: bytes, index: int) -> tuple[tuple[str, ...], _List]:
    labels = [raw[place : place + LABEL_SIZE] for place in range(0, len(raw), LABEL_SIZE)]
    good = not any(label_faults(labels))
    shown = tuple(label.rstrip(b"\0").decode("utf-8", "backslashreplace") for label in labels)
    whole = good and all(len(label.rstrip(b"\0")) <= _WHOLE for label in labels)
    return shown, _List(index, good, choices_digest(shown) if whole else None)
