"""Readings over lines drawn at random: slow, noisy, lossy, cut, to units that stall, restart or lose their module.

Each is `regard lab read`'s own, with its files, in made-up time. It must come to the module's bytes, or to a refusal
within the time that the document of the line states, and never to other bytes.
"""

import contextlib
import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import numpy as np

from protocol.errors import LinkError, RegardError
from protocol.line.emulator import EmulatedLine, Faults
from protocol.line.frames import Frame
from protocol.line.link import UnitLink
from protocol.line.messages import Identity, Status
from protocol.line.reading_unit import ReadingUnit, Serials
from protocol.line.timeouts import BITS, LONGEST_DELAY, MARGIN, ROUND_TRIP, TRIES
from protocol.own_files import record_path
from regard.reading import unit as reading_session
from regard.reading.finishing import make_record
from regard.reading.partial_read import PartialRead
from tests.fuzz._guided import Effort
from tests.protocol.line.media import Medium, Weather
from tests.protocol.line.null_modem import NullModem

SESSIONS = 12
"""Connections that a reading may take."""
EXPECTED = 9000
"""Bytes that a reader of the emulated unit expects at one time, at most: eight of the longest blocks."""


@dataclass(frozen=True, slots=True)
class Case:
    """A reading: its module, its line, and what happens to both meanwhile.

    Attributes:
        image: what is in the module.
        baud: of the line; ``told`` is what the reader takes it for.
        swap: what is done to the module (see `_Hand`), in which pass, and after how many bytes.
        once: as the option.
    """

    image: bytes
    baud: int
    told: int
    faults: Faults
    weather: Weather
    swap: tuple[str, str, int]
    once: bool


def draw(seed: int, number: int) -> Case:
    """A case by its number; its parts are as often absent as not."""
    rng = np.random.default_rng([seed, number])
    image = rng.integers(0, 256, int(rng.choice([1, 17, 1024, 4000, 9000])), np.uint8).tobytes()
    baud = int(rng.choice([2400, 9600, 115_200, 115_200, 2_000_000]))
    told = int(rng.choice([baud, baud, baud, 115_200]))
    round_trip = float(rng.choice([0.0, 0.05, 0.15, 0.2, 0.5, 1.0, 2.0, ROUND_TRIP, rng.uniform(0, ROUND_TRIP)]))
    jitter = float(rng.choice([0.0, 0.0, 0.1, round_trip, rng.uniform(0, 3)]))
    faults = Faults(
        noise=float(rng.choice([0.0, 0.0, 0.0001, 0.001, 0.005])),
        drop=float(rng.choice([0.0, 0.0, 0.0, 0.001])),
        stall=float(rng.choice([0.0, 0.0, 3.0, 12.0])),
        disconnect_after=int(rng.integers(1, 30_000)) if rng.integers(4) == 0 else None,
        seed=number,
    )
    weather = Weather(
        round_trip,
        jitter,
        loss=float(rng.choice([0.0, 0.0, 0.0, 0.02, 0.1])),
        doubled=float(rng.choice([0.0, 0.0, 0.0, 0.05, 0.3])),
        reorder=bool(rng.integers(4) == 0),
        reboots=tuple(sorted(rng.uniform(0, 60, int(rng.choice([0, 0, 1, 5]))).tolist())),
        seed=number,
    )
    what = str(rng.choice(["", "", "", "other", "likeness", "away", "and back", "likeness and back"]))
    swap = (what, str(rng.choice(["read", "compare"])), int(rng.integers(1, len(image) + 1)))
    return Case(image, baud, told, faults, weather, swap, bool(rng.integers(4) == 0))


class _Unit(ReadingUnit):
    """A unit whose modules name the serial numbers that they are given."""

    def put(self, image: bytes | None, serial: str) -> None:
        if image is None:
            self.image = None
        else:
            self.insert(image)
        self._serials = Serials(serial, "")


class _Line(NullModem):
    """A line that breaks when its emulator says so."""

    def __init__(self, emulator: EmulatedLine) -> None:
        super().__init__(emulator)
        self.emulator = emulator

    def receive(self, timeout: float) -> bytes:
        data = super().receive(timeout)
        if self.emulator.hung_up:
            raise LinkError("the connection is gone")
        return data


class _Link(UnitLink):
    """A link that knows when it last got further."""

    def __init__(self, line: _Line, baud: int) -> None:
        super().__init__(line, baud, line.clock)
        self.last = line.clock()
        self._blocks = 0

    def frames(self, deadline: float) -> list[Frame]:
        blocks = self.counts.block_lengths.total()
        if blocks > self._blocks:
            self._blocks, self.last = blocks, self.clock()
        return super().frames(deadline)

    def identify(self) -> Identity:
        self.last = self.clock()
        return super().identify()

    def status(self) -> Status:
        self.last = self.clock()
        return super().status()


class _Hand:
    """Exchanges the module in the slot when a reading has come to a certain point.

    ``other`` is a module of other serials, ``likeness`` one of the same serials and length with every byte different.
    """

    def __init__(self, case: Case, unit: _Unit) -> None:
        self.what, self.step, self.after = case.swap
        self.other = bytes(byte ^ 0xFF for byte in case.image)
        self.done = False
        self._case, self._unit = case, unit

    def watch(self, step: str, done: int, total: int) -> None:
        """Act, as a reading's progress is told."""
        if not self.what or step != self.step:
            return
        if done >= self.after and not self.done:
            self.done = True
            self._unit.put(
                {"other": self.other, "away": None, "and back": self._case.image}.get(self.what, self.other),
                "M2" if self.what == "other" else "M1",
            )
        elif self.done and self.what == "likeness and back" and done >= min(total, self.after + 2000):
            self.what = ""
            self._unit.put(self._case.image, "M1")


def read_case(case: Case, output: Path) -> str:
    """Read a case to its end and say what came of it.

    Raises:
        AssertionError: a wrong file, a wrong record, or a wait beyond the bound.
    """
    unit = _Unit(case.image, boot=1)
    unit.put(case.image, "M1")
    line = _Line(Medium(unit, case.baud, case.faults, case.weather))
    hand = _Hand(case, unit)
    said = ""
    for _ in range(SESSIONS):
        if line.emulator.hung_up:
            line.emulator.reconnect()
        link = _Link(line, case.told)
        try:
            with contextlib.ExitStack() as keep:
                earlier = PartialRead.resume(output)
                if earlier is not None:
                    keep.callback(earlier.close)
                reading = reading_session.read_session(
                    link, output, earlier, case.once, hand.watch, ("made up", case.told), keep
                )
                reading.save()
                reading.publish(output, record_path(output), make_record(reading, output, {}))
            break
        except RegardError as error:
            said = re.sub(r"[0-9a-f]*[0-9][0-9a-f]*", "N", str(error).replace(str(output), "FILE"))
        waited = line.clock() - link.last
        bound = TRIES * LONGEST_DELAY + MARGIN * EXPECTED * BITS / case.told
        assert waited <= bound, f"gave up after {waited:.1f} s, at most {bound:.1f} s"
        if any(what in said for what in ("differ at byte", "another module", "no readable module")):
            break
    if not output.exists():
        assert not record_path(output).exists(), "a record without a file"
        assert said, "neither a file nor a refusal"
        return f"refused: {said}"
    data = output.read_bytes()
    assert data == case.image or (hand.done and "likeness" in case.swap[0] and data == hand.other), "a wrong file"
    assert json.loads(record_path(output).read_bytes())["sha256"] == hashlib.sha256(data).hexdigest(), "a wrong record"
    return "identical"


def run(effort: Effort, seed: int, report: Callable[[str], object]) -> int:
    """Read many cases; returns how many failed."""
    outcomes: Counter[str] = Counter()
    failed = 0
    for number in effort.numbers():
        case = draw(seed, number)
        # in made-up time nothing is ever lost to a power cut, and waiting for the disk would take most of the real one
        with tempfile.TemporaryDirectory() as folder, mock.patch("os.fsync"):
            try:
                outcomes[read_case(case, Path(folder) / "m.urn")] += 1
            except Exception as error:
                failed += 1
                report(f"reading {number}, seed {seed}: {type(error).__name__}: {error}: {replace(case, image=b'')}")
    for outcome, count in outcomes.most_common():
        report(f"{count:6}  {outcome}")
    return failed
