"""Fuzzing of the reader of the ministry's night feed: one XML file, and a zip of a whole feed."""

from tests.fuzz._guided import Bounds, Harness
from tests.fuzz.published import examine
from tests.verify.feed import feeds
from tests.verify.read.tables_as import zipped

BOUNDS = Bounds(seconds=5, memory=32 * 2**20)
"""For small files as these."""


def seeds() -> dict[str, bytes]:
    """A file of each generation, one of each kind, and both feeds as archives."""
    new, old = feeds.new_feed(), feeds.old_feed()
    return {
        "constituencies": new["2A/R12ACIR.xml"],
        "communes": old["resultatsT1/094/02A/02Acom.xml"],
        "index": old["resultatsT1/index.xml"],
        "zip of 2024": zipped(new),
        "zip of 2017": zipped(old),
    }


run = Harness(seeds, examine, BOUNDS).run
