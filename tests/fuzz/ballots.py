"""Fuzzing of exports of ballots: damaged JSON and CSV, with what lies beside them whole, and the other way round.

No exception, bounded time and memory; the fast decoder and that of the standard library count the same ballots; what
tells one ballot from another comes out nowhere.
"""

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from protocol.cvr import sessions
from protocol.cvr.elements import ElementStream
from protocol.cvr.reader import kind_of
from protocol.dumps.recognising import find_dumps
from protocol.errors import InputError
from protocol.opening import FileInParts
from protocol.words import Message
from tests.fuzz import _guided, structured
from tests.fuzz._guided import Bounds, Harness, Random
from tests.protocol.cvr import made
from tests.protocol.cvr.test_ballot_manifests import COLORADO
from tests.protocol.cvr.test_dominion_csv import table
from tests.protocol.cvr.test_nist import document

BOUNDS = Bounds(seconds=5, memory=96 * 2**20)
"""For files of a few kilobytes; a block is read into some megabytes."""
SMALL = 700
"""Bytes of a block, so that there are several."""


def seeds() -> dict[str, bytes]:
    """One example of each kind."""
    lists = {f"{name}.json": {"Version": "5.17.18.1", "List": rows} for name, rows in made.LISTS.items()}
    configuration = {"IncludeTabulatorFilter": False, "ContestFilter": [], "CvrSuppressionType": 0}
    return {
        "CvrExport.json": made.export(),
        "cvr.csv": table("spreadsheet"),
        "report.json": json.dumps(document()).encode(),
        "ballots.csv": COLORADO.encode(),
        "cvr.csv.sha256": b"0" * 64 + b"  cvr.csv\n",
        "Configuration.json": json.dumps(configuration).encode(),
        **{name: json.dumps(value).encode() for name, value in lists.items()},
    }


def examine(name: str, path: Path, data: bytes) -> int:
    """Read one damaged file beside the others.

    Returns:
        1 where something of it was used.

    Raises:
        AssertionError: the decoders differ, or a planted value came out.
    """
    folder = path.parent / "export"
    folder.mkdir(exist_ok=True)
    for other, whole in seeds().items():
        (folder / other).write_bytes(data if other == name else whole)
    found = find_dumps([folder])
    said = f"{found} {[str(problem) for reading in found.readings for problem in reading.problems]}"
    # A damaged file may have a planted value where a name is; the whole one has none there.
    if name.endswith((".sha256", "ballots.csv")) or data == seeds()[name]:
        assert not any(planted in said for planted in made.PLANTED), said
    if name == "CvrExport.json":
        _decoders_agree(folder / name)
    return int(any(file.path.name == name and file.taken_for for each in found.readings for file in each.files))


def _decoders_agree(path: Path) -> None:
    with _without_msgspec():
        slow = sessions.decoder()
    fast = sessions.decoder()
    assert slow is not fast
    for block in (SMALL, 2**20):
        file = FileInParts(path)
        with contextlib.suppress(InputError), contextlib.closing(file):
            for each in ElementStream(file, "Sessions", block=block).blocks():
                assert _shown(slow(each)) == _shown(fast(each))


def _shown(found: sessions.DecodedBlock) -> tuple[list[object], Counter[Message]]:
    return [_plain(each) for each in found.sessions], found.wrong


def _plain(value: object) -> object:
    """A ballot as nested lists, whatever classes the decoder made."""
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    names = {
        "tabulator_id": ("tabulator_id", "batch_id", "original", "modified"),
        "precinct_portion_id": ("precinct_portion_id", "is_current", "cards", "contests"),
        "candidate_id": ("candidate_id", "rank", "is_vote", "is_ambiguous"),
        "undervotes": ("id", "marks", "undervotes", "overvotes", "outstack_condition_ids"),
        "contests": ("contests",),
    }
    for first, fields in names.items():
        if hasattr(value, first):
            return [_plain(getattr(value, field) or None) for field in fields]
    return value


@contextlib.contextmanager
def _without_msgspec() -> Iterator[None]:
    module = sys.modules.get("msgspec")
    sys.modules["msgspec"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["msgspec"]
        if module is not None:
            sys.modules["msgspec"] = module


def changed(data: bytes, other: bytes, random: Random) -> bytes:
    """An input changed at random, most often so that it still is JSON."""
    if kind_of(data[:4096], "x") in ("csv", "manifest", "digests"):
        return _guided.mutated(data, other, random)
    return structured.changed(data, other, random)


run = Harness(seeds, examine, BOUNDS, changed).run
