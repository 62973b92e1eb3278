"""Random damage to closed module images: ``python -m tests.protocol.urn.module_damage [--count N] [--seed N]``.

Flips, overwritten runs, erased and cleared runs, pieces of another urn, images cut short or grown. Nothing may raise;
every change must be found from the bytes alone; and of the images that keep their length, the vectorised reader, the
careful one and one made of the document's tables (`tests.protocol.urn.urn_document`) must say the same.

What counts as found: a length that is not an image's, a verdict on the header, a section that fails its seal, or an
urn that is not closed. The last is all that shows where damage erases the whole closing entry and nothing else: such an
image is that of an urn cut off before it was closed.
"""

import argparse
import sys
import time
from collections import Counter

import numpy as np

from protocol.errors import FormatError
from protocol.export.record import RecordVerdict
from protocol.urn.checks import FAILS
from protocol.urn.image import IMAGE_SIZE, SPANS, Section
from protocol.urn.inspect import describe
from protocol.urn.limits import faults, parse
from protocol.urn.recount import RecountedUrns, recount
from protocol.urn.to_export import export_from_image
from tests.protocol.urn.module_images import closed, example, rows
from tests.protocol.urn.urn_document import read

KINDS = ("flip", "overwrite", "erase", "clear", "splice", "shift", "cut", "grow")
_BATCH = 64


def images() -> list[bytes]:
    """Whole images to damage: one frozen, others of one to five polls, full and empty."""
    made = [closed(*sizes, voters=voters, seed=voters, serial=f"U-{voters}") for sizes, voters in _DAYS]
    return [example(), *(machine.image() for machine in made)]


_DAYS = (((12,), 700), ((2, 64), 300), ((1,), 0), ((3, 3, 3, 3, 3), 500), ((64,), 4000))


def damaged(whole: list[bytes], random: np.random.Generator) -> tuple[str, bytes, bytes]:
    """A kind of damage, the image before and the image after; now and then they are alike."""
    kind = KINDS[int(random.integers(len(KINDS)))]
    before = whole[int(random.integers(len(whole)))]
    image = bytearray(before)
    start = int(random.integers(IMAGE_SIZE))
    length = min(int(2 ** random.uniform(0, 14)), IMAGE_SIZE - start)
    if kind == "flip":
        for _ in range(int(random.integers(1, 9))):
            image[int(random.integers(IMAGE_SIZE))] ^= 1 << int(random.integers(8))
    elif kind == "overwrite":
        image[start : start + length] = random.bytes(length)
    elif kind in ("erase", "clear"):
        image[start : start + length] = (b"\xff" if kind == "erase" else b"\0") * length
    elif kind == "splice":
        other = whole[int(random.integers(len(whole)))]
        image[start : start + length] = other[start : start + length]
    elif kind == "shift":  # a byte lost on the way, and one at the end that is not the image's
        image = image[:start] + image[start + 1 :] + random.bytes(1)
    elif kind == "cut":
        image = image[:start]
    else:
        image += random.bytes(length)
    return kind, before, bytes(image)


def is_found(urns: RecountedUrns, index: int) -> bool:
    """Check that the bytes alone show an image to differ from a closing machine's."""
    row = urns.columns[index]
    return bool(row["verdict"] != RecordVerdict.OK or (row["sections"] == FAILS).any() or not row["closed"])


def compare(urns: RecountedUrns, index: int, image: bytes) -> None:
    """Assert that the careful reader and the one made of the document say the same of an image as the columns."""
    row, reference = urns.columns[index], read(image)
    assert row["verdict"] == reference.verdict == _careful(image)
    if reference.verdict not in (RecordVerdict.OK, RecordVerdict.VALUE):
        return
    assert {section: int(row["sections"][section]) for section in Section} == reference.sections
    refused = {section.name.lower() for section in Section if not row["allowed"][section]}
    assert refused == reference.refused == {_section(fault.offset) for fault in faults(image)}
    assert row["reserved_erased"] != reference.reserved
    slots = urns.slots[urns.slots["image"] == index]
    assert (row["burnt"], row["used"], row["foreign"]) == (
        reference.burnt,
        reference.votes.total(),
        reference.foreign,
    )
    assert dict(zip(slots["position"].tolist(), slots["state"].tolist(), strict=True)) == reference.states
    counts = [int(row["enablings"]), *row["voters"].tolist(), *row["cancellations"].tolist()]
    assert list(zip(counts, row["counters_consistent"].tolist(), strict=True)) == reference.counters
    for poll, choices in reference.choices.items():
        tallies = row["tallies"][poll - 1, :choices].tolist()
        assert (row["cast"][poll - 1], row["blank"][poll - 1], tallies) == reference.recount(poll)
        fit = {1: True, 0: False, -1: None}[int(row["labels_fit"][poll - 1])]
        assert fit is reference.fit[poll]
    assert row["choices"].tolist() == [reference.choices.get(poll, 0) for poll in range(1, 6)]
    zero = reference.zero_check
    assert (row["zero_sum"], row["test_changed"]) == (zero["counter_sum"] if zero else -1, reference.test_changed)
    assert (row["opening"], row["closing"]) == (reference.moment(1, first=True), reference.moment(2, first=False))
    events = urns.events[(urns.events["image"] == index) & urns.events["good"]]
    assert events["value"].tolist() == [event["value"] for event in reference.events]


def _careful(image: bytes) -> RecordVerdict:
    """The verdict that the careful reader comes to."""
    try:
        parse(image)
    except FormatError as error:
        name = error.field.removeprefix("configuration.")
        verdicts = {
            "magic": RecordVerdict.MAGIC,
            "format_version": RecordVerdict.VERSION,
            "image_size": RecordVerdict.LENGTH,
        }
        return verdicts.get(name, RecordVerdict.VALUE)
    return RecordVerdict.OK


def _section(offset: int) -> str:
    return next(section.name.lower() for section, (start, end) in SPANS.items() if start <= offset < end)


def survives(image: bytes) -> None:
    """Assert that the careful readers raise nothing but a FormatError, on an image of any length."""
    describe(image)
    for poll in (1, 2):
        try:
            export_from_image(image, poll, 0)
        except FormatError:
            continue
    try:
        parse(image)
    except FormatError:
        return
    assert len(image) == IMAGE_SIZE


def run(count: int, seed: int, every: int = 1) -> Counter[str]:
    """Damage ``count`` images and check each; every ``every``th with the slow readers too. Returns the kinds tried."""
    whole, random = images(), np.random.default_rng(seed)
    tried: Counter[str] = Counter()
    done = 0
    while done < count:
        cases = [damaged(whole, random) for _ in range(min(_BATCH, count - done))]
        done += len(cases)
        full = [case for case in cases if len(case[2]) == IMAGE_SIZE]
        urns = recount(rows([after for _, _, after in full])) if full else None
        for index, (kind, before, after) in enumerate(full):
            assert urns is not None
            assert is_found(urns, index) or before == after, kind
            if index % every == 0:
                compare(urns, index, after)
        for index, (kind, _, after) in enumerate(cases):
            tried[kind] += 1
            if index % every == 0:
                survives(after)
    return tried


def main(argv: list[str]) -> int:
    """Run, and print what was tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.protocol.urn.module_damage", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="images to damage (default: 20000)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--every", type=int, default=2, help="each so many by the slow readers too (default: 2)")
    given = parser.parse_args(argv)
    start = time.monotonic()
    tried = run(given.count, given.seed, given.every)
    kinds = ", ".join(f"{kind} {number:,}" for kind, number in sorted(tried.items()))
    print(f"{tried.total():,} damaged images, every change found: {kinds}; {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
