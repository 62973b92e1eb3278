"""Any number of module images read into canonical columns: what each says of itself, and a recount of its votes.

The layout of `protocol.urn.image` is one plug-in; whoever brings another fills the same columns. Everything downstream
sees only these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from protocol.arrays import Bytes, Ints, Rows
from protocol.civil_time import LATEST
from protocol.export.record import MAX_CHOICES, MAX_POLLS, RecordVerdict
from protocol.urn.checks import Checks
from protocol.urn.image import DTYPE, IMAGE_SIZE, MAGIC, URN_TEXTS, VERSION, EventKind, Section
from protocol.urn.limits import Images, allowed, configurations_good, read_images, reserved_erased
from protocol.urn.marks import COUNTERS, count_marks
from protocol.urn.votes import SlotState, count_votes

_TEXT_SIZES = {name: int(DTYPE["configuration"][name].itemsize) for name in URN_TEXTS}


def _numbers(*names: str) -> list[tuple[str, str]]:
    return [(name, "i8") for name in names]


def _by_poll(*names: str) -> list[tuple[str, str, tuple[int]]]:
    return [(name, "i8", (MAX_POLLS,)) for name in names]


COLUMNS: np.dtype[Any] = np.dtype(
    [
        ("verdict", "u1"),
        *((name, f"S{size}") for name, size in _TEXT_SIZES.items()),
        *_numbers("date", "round", "part", "registered"),
        *_by_poll("choices"),
        ("constituency", "S8", (MAX_POLLS,)),
        ("choices_digest", "V32", (MAX_POLLS,)),
        ("sections", "i1", (len(Section),)),
        ("allowed", "?", (len(Section),)),
        ("reserved_erased", "?"),
        *_by_poll("labels"),
        ("labels_fit", "i1", (MAX_POLLS,)),
        *_numbers("president_key", "assessor_key", "zero_check", "zero_sum", "zero_slots", "test_votes"),
        ("test_changed", "?"),
        *_numbers("opening", "closing", "clock_sets", "clock_falls", "hourly_falls", "power_returns", "bad_events"),
        *_numbers("enablings"),
        *_by_poll("voters", "cancellations"),
        ("counters_consistent", "?", (len(COUNTERS),)),
        ("closed", "?"),
        *_numbers("closed_at", "closed_enablings"),
        *_by_poll("closed_voters", "closed_cancellations", "closed_cast", "closed_blank"),
        ("closed_tallies", "i8", (MAX_POLLS, MAX_CHOICES)),
        *_numbers("closed_unreadable", "closed_burnt"),
        *_by_poll("cast", "blank"),
        ("tallies", "i8", (MAX_POLLS, MAX_CHOICES)),
        *_numbers("used", "burnt", "repaired", "unreadable", "not_blank", "foreign", "test_slots"),
    ]
)
"""The canonical columns of a module image. Counts in votes, times in seconds of local civil time, -1 for never; lists
of five are by poll number, 1 first. In groups:

- configuration: ``choices`` is 0 for a poll that the module does not have;
- ``sections``: by `image.Section`, 1 good, 0 fails, -1 not sealed yet; ``allowed``: whether each holds what
  the format allows, as `protocol.urn.limits` has it; ``reserved_erased``: whether what is not used is;
- ``labels``: index of each poll's labels in `RecountedUrns.lists`, -1 for none; ``labels_fit``: 1 where they have the
  digest that the module carries, 0 where not, -1 where that cannot be told;
- the last zero check with a right checksum: keys (-1 for none), time, sum of the counters, slots written, test votes,
  and whether the test area has changed since;
- the log: first opening, last closing; after the opening: times the clock was set, times it fell by itself, times an
  hourly counter fell; entries with a wrong checksum;
- counters, by the marks, and whether each of the eleven has two copies that say the same;
- ``closed_…``: the closing entry, -1 where the urn has none or it fails its checksum;
- the recount: ``tallies``, ``blank``, ``cast`` (their sum) by poll; slots ``used``; ``repaired`` from the other bank;
  ``unreadable`` in both banks or in conflict; ``not_blank`` without being a vote; ``foreign``: votes for a poll or a
  choice that the module does not have; ``test_slots``: votes of the test mode.
"""


@dataclass(frozen=True, slots=True)
class RecountedUrns:
    """Content of ``n`` images.

    Attributes:
        columns: dtype `COLUMNS`, shape ``(n,)``. Where the verdict is not OK or VALUE, everything else is zero.
        slots: every slot that is not as it should be, dtype `protocol.urn.votes.SLOT_COLUMNS`.
        events: the entries of the logs, dtype `protocol.urn.checks.EVENT_COLUMNS`.
        lists: the labels on the panels, each list once, in panel order.
    """

    columns: Rows
    slots: Rows
    events: Rows
    lists: tuple[tuple[str, ...], ...]


def recount(images: Bytes) -> RecountedUrns:
    """Recount module images and check them whole.

    Args:
        images: bytes, shape ``(n, 65536)``, C-contiguous.

    Never raises on content.
    """
    rows = images.view(DTYPE).reshape(len(images))
    verdict = _verdict(images, rows)
    columns = np.zeros(len(rows), COLUMNS)
    columns["verdict"] = verdict
    whole = np.flatnonzero((verdict == RecordVerdict.OK) | (verdict == RecordVerdict.VALUE))
    if len(whole) < len(rows):
        images, rows = images[whole], rows[whole]
    inner = np.zeros(len(rows), COLUMNS)
    inner["verdict"] = verdict[whole]
    found = read_images(images)
    events = found.checks.events
    _configuration_columns(inner, found)
    _check_columns(inner, rows, found.checks)
    _closing_columns(inner, rows)
    slots = _count_columns(inner, images)
    columns[whole] = inner
    for table in (slots, events):
        table["image"] = whole[table["image"]]
    return RecountedUrns(columns, slots, events, found.labels.lists)


def _verdict(images: Bytes, rows: Rows) -> Bytes:
    head = rows["configuration"]
    verdict = np.where(configurations_good(images, rows), RecordVerdict.OK, RecordVerdict.VALUE).astype(np.uint8)
    verdict[head["image_size"] != IMAGE_SIZE] = RecordVerdict.LENGTH
    verdict[head["format_version"] != VERSION] = RecordVerdict.VERSION
    verdict[head["magic"] != np.void(MAGIC)] = RecordVerdict.MAGIC
    return verdict


def _time(values: npt.NDArray[Any]) -> Ints:
    times = values.astype(np.int64)
    times[times > LATEST] = -1
    return times


def _configuration_columns(columns: Rows, images: Images) -> None:
    """Fill in the columns of the configuration, and of the limits that it keeps."""
    head = images.rows["configuration"]
    for name, size in _TEXT_SIZES.items():
        columns[name] = np.ascontiguousarray(head[name]).view(f"S{size}")
    for name in ("date", "round", "part", "registered"):
        columns[name] = head[name]
    columns["choices"] = images.choices
    texts = np.ascontiguousarray(head["polls"]["constituency"]).view("S8")
    columns["constituency"] = np.where(images.choices > 0, texts, b"")
    columns["choices_digest"] = head["polls"]["choices_digest"]
    columns["allowed"] = allowed(images)
    columns["reserved_erased"] = reserved_erased(images.rows)
    columns["labels"], columns["labels_fit"] = images.labels.of, images.labels.fit


def _check_columns(columns: Rows, rows: Rows, checks: Checks) -> None:
    columns["sections"] = checks.sections
    columns["test_changed"] = checks.test_changed
    made = checks.zero_check >= 0
    zero = rows["zero_checks"][np.arange(len(rows)), checks.zero_check]
    for name, field in (
        ("president_key", "president_key"),
        ("assessor_key", "assessor_key"),
        ("zero_sum", "counter_sum"),
        ("zero_slots", "slots_written"),
        ("test_votes", "test_votes"),
    ):
        columns[name] = np.where(made, zero[field].astype(np.int64), -1)
    columns["zero_check"] = np.where(made, _time(zero["at"]), -1)
    _event_columns(columns, checks.events)


def _event_columns(columns: Rows, events: Rows) -> None:
    n = len(columns)
    columns["opening"] = columns["closing"] = -1
    columns["bad_events"] = np.bincount(events["image"][~events["good"]], minlength=n)
    good = events[events["good"]]
    opening, closing = (good[good["kind"] == kind] for kind in (EventKind.OPENING, EventKind.CLOSING))
    columns["opening"][opening["image"][::-1]] = _time(opening["at"])[::-1]  # the first one stays
    columns["closing"][closing["image"]] = _time(closing["at"])
    first_entry = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first_entry, opening["image"], opening["entry"])
    day = good[good["entry"] >= first_entry[good["image"]]]
    for name, kind in (("clock_sets", EventKind.CLOCK), ("power_returns", EventKind.POWER)):
        columns[name] = np.bincount(day["image"][day["kind"] == kind], minlength=n)
    same = day["image"][1:] == day["image"][:-1]
    fell = same & (day["at"][1:] < day["at"][:-1]) & (day["kind"][1:] != EventKind.CLOCK)
    columns["clock_falls"] = np.bincount(day["image"][1:][fell], minlength=n)
    hourly = day[day["kind"] == EventKind.HOURLY]
    hourly = hourly[np.lexsort((hourly["entry"], hourly["poll"], hourly["image"]))]
    same = (hourly["image"][1:] == hourly["image"][:-1]) & (hourly["poll"][1:] == hourly["poll"][:-1])
    fell = same & (hourly["value"][1:] < hourly["value"][:-1])
    columns["hourly_falls"] = np.bincount(hourly["image"][1:][fell], minlength=n)


def _closing_columns(columns: Rows, rows: Rows) -> None:
    closing = rows["closing"]
    columns["closed"] = columns["sections"][:, Section.CLOSING] == 1
    closed = columns["closed"]
    columns["closed_at"] = np.where(closed, _time(closing["at"]), -1)
    for name in ("enablings", "unreadable", "burnt"):
        columns[f"closed_{name}"] = np.where(closed, closing[name].astype(np.int64), -1)
    polls = closing["polls"]
    known = closed[:, None] & (columns["choices"] > 0)
    for name in ("voters", "cancellations", "cast", "blank"):
        columns[f"closed_{name}"] = np.where(known, polls[name].astype(np.int64), -1)
    columns["closed_tallies"] = np.where(known[..., None], polls["tallies"].astype(np.int64), -1)


def _count_columns(columns: Rows, images: Bytes) -> Rows:
    """Counters and recount; returns the slots that are not as they should be."""
    marks, votes = count_marks(images), count_votes(images)
    columns["enablings"] = marks.counts[:, 0]
    columns["voters"] = marks.counts[:, 1 : 1 + MAX_POLLS]
    columns["cancellations"] = marks.counts[:, 1 + MAX_POLLS :]
    columns["counters_consistent"] = marks.consistent
    columns["used"], columns["burnt"] = votes.used, votes.burnt
    choices = columns["choices"][..., None]
    known = (np.arange(MAX_CHOICES + 1) <= choices) & (choices > 0)
    counts = votes.counts * known
    columns["tallies"], columns["blank"] = counts[..., 1:], counts[..., 0]
    columns["cast"] = counts.sum(axis=2)
    columns["foreign"] = votes.used - columns["cast"].sum(axis=1)
    states = np.zeros((len(images), max(SlotState) + 1), np.int64)
    np.add.at(states, (votes.slots["image"], votes.slots["state"]), 1)
    columns["repaired"] = states[:, SlotState.REPAIRED_FROM_A] + states[:, SlotState.REPAIRED_FROM_B]
    columns["unreadable"] = states[:, SlotState.UNREADABLE] + states[:, SlotState.CONFLICT]
    columns["not_blank"] = states[:, SlotState.NOT_BLANK]
    columns["test_slots"] = states[:, SlotState.TEST]
    return votes.slots
