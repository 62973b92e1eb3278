"""Fuzzing of what is read as TOML and as JSON, each by its own reader: fast, where `evidence` runs the whole command.

Thresholds and `election.toml`; a manifest, as the audit reads it and as the simulator does, which replaces only the
files of one; the state and the record of a reading; the records of a portal.
"""

import contextlib
import copy
import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from protocol.election import election_toml, read_election
from protocol.errors import RegardError
from protocol.line.messages import MAX_IMAGE_LENGTH
from protocol.night import KINDS, MANIFEST
from protocol.opening import OpenedFile
from protocol.own_files import STATE_FORMAT, part_path, state_path
from protocol.structured import parse_json, parse_toml
from regard.reading.finishing import certifies
from regard.reading.partial_read import PartialRead
from sim.nights.folder import NightFolder
from tests.fuzz import _guided
from tests.fuzz._guided import Bounds, Harness, Random, one_of
from tests.verify.night_builder import loaded, small_night
from tests.verify.published import samples
from verify.model.thresholds import MAX_VALUE, Thresholds, read_thresholds
from verify.model.use import NothingReadable
from verify.read.results_files import read_all

BOUNDS = Bounds(seconds=5, memory=64 * 2**20)
"""For files of a few kilobytes."""
MAX_SIZE = 2**16
IMAGE = bytes(range(200))
STATE = {
    "format": STATE_FORMAT,
    "unit": "U1",
    "module_serial": "M1",
    "machine_serial": "",
    "image_length": 1000,
    "read": len(IMAGE),
    "compared": 0,
    "sha256": hashlib.sha256(IMAGE).hexdigest(),
    "differs_at": None,
    "sessions": [{"repeated": 0}],
}
MADE = {"tool": "regard", "files": {"univers.csv": "0" * 64, "exports/a.esf": "1" * 64}}
VALUES: tuple[object, ...] = (
    *(None, True, False, 0, 1, 2, -1, 5, 6, 2**31, 2**63, -(2**70), 10**300, 1.5, -0.0, 1e308),
    *("", "a", "pv.csv", "../x", "/etc/passwd", "exports", "0" * 64, "08:00", "39:59", "24:00", "é\x1b[2J", "\ud800"),
    *("\0", "x" * 3000, [], [[]], {}, {"": 0}, [None], ["pv", "pv"], [1, "a"], {"a": {"b": []}}),
)
"""Values of JSON that are put in place of others."""
WRITTEN = (
    *(b"0x1F", b"0b1", b"0o7", b"1_0", b"-1", b"+5", b"6", b"1e3", b"nan", b"inf", b"true", b'""', b"''", b"[]", b"{}"),
    *(b"1979-05-27", b"1979-05-27T07:32:00Z", b"07:32:00", b"9999-12-31", b'"25:61"', b'"39:59"', b'["pv", "pv"]'),
    *(
        b"[[]]",
        b"[{}]",
        b"{a.b = 1}",
        b'"""\n"""',
        rb'"\u0000"',
        rb'"\ud800"',
        b'"\x1b[2J"',
        b"0x" + b"f" * 900,
        b"9" * 900,
    ),
)
"""Values of TOML that are put in place of others."""
LINES = (
    *(b"[[scrutins]]", b"[scrutins]", b"[[scrutins.x]]", b"numero = 2", b"sieges = 3", b"entier = true", b"votes = 1"),
    *(b"a.b.c = 1", b'"" = 1', b"gap_votes = 1", b"#", b".".join([b"a"] * 490) + b" = 1", b"\xff", b"x = ["),
)
"""Lines of TOML that are put between others."""


def seeds() -> dict[str, bytes]:
    """One example of each kind."""
    return {
        "toml": b"a.b = [1, 0x1F, 1979-05-27]\n[c]\nd = '''x'''\n[[e]]\nf = { g = \"h\", i = nan }\n",
        "thresholds": b"gap_permille = 2\ngap_votes = 0x0c\n",
        "election": election_toml(small_night().election),
        "json": json.dumps({"a": [1, -2.5, None, True, "é\n"], "b": {"c": [[], {}]}}).encode(),
        "manifest": json.dumps(MADE, indent=1).encode(),
        "state": json.dumps(STATE).encode(),
        "record": json.dumps({"sha256": STATE["sha256"], "passes": 2}).encode(),
        "portal": samples.TOULOUSE_JSON.encode(),
    }


def examine(name: str, path: Path, data: bytes) -> int:
    """Read one file.

    Returns:
        1 where it was accepted.

    Raises:
        AssertionError: what was accepted is not what stands there, or is out of its bounds.
    """
    path.write_bytes(data)
    try:
        return int(_READERS[name](path, data))
    except RegardError as error:
        if path.name not in str(error):
            raise AssertionError("an error that does not name the file") from error
        return 0


def _toml(path: Path, data: bytes) -> bool:
    assert repr(parse_toml(OpenedFile(path, data))) == repr(tomllib.loads(data.decode()))  # nan is not itself
    return True


def _json(path: Path, data: bytes) -> bool:
    assert repr(parse_json(data, str(path))) == repr(json.loads(data.decode("utf-8-sig")))
    return True


def _thresholds(path: Path, _: bytes) -> bool:
    found = read_thresholds(path)
    assert all(0 <= getattr(found, name) <= MAX_VALUE for name in Thresholds.__dataclass_fields__)
    return True


def _election(path: Path, _: bytes) -> bool:
    found = read_election(path)
    assert found.complete <= set(KINDS)
    assert found.round in (1, 2)
    again = path.with_name("again.toml")
    again.write_bytes(election_toml(found))
    assert read_election(again) == found, "what was read is not what is written of it"
    return True


def _manifest(path: Path, data: bytes) -> bool:
    """The audit takes names and digests from it; the simulator removes nothing but the files that it lists."""
    folder = path.parent / "night"
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    outside = path.parent / "outside"
    there = (folder / "univers.csv", folder / "exports" / "a.esf")
    for file in (outside, *there):
        file.write_bytes(b"insee,bureau\n01001,0001\n")
    (folder / MANIFEST).write_bytes(data)
    with contextlib.suppress(NothingReadable):
        loaded(folder)
    replaced = False
    with contextlib.suppress(RegardError), NightFolder(folder, force=True) as night:
        night.write("new", b"")
        replaced = True
    (folder / "new").unlink(missing_ok=True)
    assert outside.exists()
    assert replaced or all(file.exists() for file in there)
    assert not replaced or {"univers.csv", "exports/a.esf"} <= json.loads(data)["files"].keys()
    return replaced


def _state(path: Path, data: bytes) -> bool:
    output = path.with_name(path.name)
    part_path(output).write_bytes(IMAGE)
    state_path(output).write_bytes(data)
    partial = PartialRead.resume(output)
    assert partial is not None
    partial.close()
    assert partial.image == IMAGE[: partial.state.read]
    assert 0 <= partial.state.compared <= partial.state.read <= partial.state.image_length <= MAX_IMAGE_LENGTH
    assert hashlib.sha256(partial.image).hexdigest() == partial.state.sha256
    return True


def _record(path: Path, _: bytes) -> bool:
    return certifies(path, str(STATE["sha256"]))


def _portal(path: Path, _: bytes) -> bool:
    return bool(read_all(path))


_READERS: dict[str, Callable[[Path, bytes], bool]] = {
    "toml": _toml,
    "thresholds": _thresholds,
    "election": _election,
    "json": _json,
    "manifest": _manifest,
    "state": _state,
    "record": _record,
    "portal": _portal,
}


def changed(data: bytes, other: bytes, random: Random) -> bytes:
    """An input changed at random, most often so that it still is TOML or JSON: other values, more of some, fewer."""
    if random.integers(4) == 0:
        return _guided.mutated(data, other, random)
    try:
        return _changed_json(data, random)
    except (ValueError, RecursionError):
        return _changed_toml(data, random)


def _changed_json(data: bytes, random: Random) -> bytes:
    root = [json.loads(data)]
    for _ in range(int(random.integers(1, 4))):
        places = list(_places(root))
        holder, key = one_of(places, random)
        kind = int(random.integers(6))
        if kind == 0 and holder is not root:
            del holder[key]
        elif kind == 1 and isinstance(holder, dict):
            holder[f"{random.integers(99)}" if random.integers(2) else str(one_of(VALUES, random))] = holder[key]
        elif kind == 2:
            holder[key] = [holder[key]]
        else:
            holder[key] = copy.deepcopy(one_of(VALUES, random))
    return json.dumps(root[0]).encode()[:MAX_SIZE]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object or list in a value, with the key or index of each value in it."""
    for key in list(value) if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _places(value[key])


def _changed_toml(data: bytes, random: Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(int(random.integers(1, 4))):
        at = int(random.integers(len(lines)))
        kind = int(random.integers(5))
        key, equals, _value = lines[at].partition(b"=")
        if kind == 0:
            del lines[at : at + 1 if len(lines) > 1 else at]
        elif kind == 1:
            lines.insert(at, one_of(LINES, random))
        elif kind == 2:
            lines.insert(at, one_of(lines, random))
        elif equals:
            lines[at] = key + b"= " + one_of(WRITTEN, random)
    return b"\n".join(lines)[:MAX_SIZE]


run = Harness(seeds, examine, BOUNDS, changed).run
