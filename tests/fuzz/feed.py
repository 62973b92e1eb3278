"""Fuzzing of the reader of the ministry's night feed: one XML file, and a zip of a whole feed."""

from collections.abc import Callable

from tests.fuzz import _guided
from tests.fuzz._guided import Bounds, Effort
from tests.fuzz.published import examine
from tests.verify.feed import feeds

BOUNDS = Bounds(seconds=5, memory=32 * 2**20)
"""For small files as these."""


def seeds() -> dict[str, bytes]:
    """A file of each generation, one of each kind, and both feeds as archives."""
    new, old = feeds.new_feed(), feeds.old_feed()
    return {
        "constituencies": new["2A/R12ACIR.xml"],
        "communes": old["resultatsT1/094/02A/02Acom.xml"],
        "index": old["resultatsT1/index.xml"],
        "zip of 2024": feeds.zipped(new),
        "zip of 2017": feeds.zipped(old),
    }


def run(effort: Effort, seed: int, report: Callable[[str], object]) -> int:
    """Fuzz every kind; returns how many inputs failed."""
    return _guided.run(seeds(), lambda _, path, data: examine(path, data), BOUNDS, effort, seed, report)
