"""A live night whose process is killed at random moments: nothing acknowledged is lost, and it ends as if undisturbed.

One input is one kill (SIGKILL). After each the store holds the first returns of the evening, all that were acknowledged
among them, with the findings and seals of just these; the process that follows goes on from there. At its end a night
has the returns, findings, roots and notes of one that nobody disturbed. When a night is over the next one begins.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from regard.live.night import Evening
from tests.fuzz._guided import Effort
from tests.programs import HANG
from tests.regard.live.live_nights import content, made_up, play

BUREAUX = 69_000
REAL_SECONDS = 300
"""In which the returns of a whole night come in, if nobody disturbs it …"""
PER_KILL = 2.0
"""… and how long a process lives after it has begun, on average."""
AT_START = 0.1
"""Share of the processes of which that is counted from their very start."""


@dataclass
class NightKills:
    """A night that is disturbed, and what came of it.

    Attributes:
        bureaux: returns of the night.
        speed: seconds of the evening in one second.
        kills, early, restarted: processes killed; those of them killed before their first commit; returns at each kill.
    """

    bureaux: int
    seed: int
    speed: int
    path: Path
    kills: int = 0
    early: int = 0
    sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.evening: Evening = made_up(self.bureaux, self.seed)
        undisturbed = self.path.with_name("undisturbed")
        play(undisturbed, self.evening)
        self.whole = content(undisturbed)

    def live_and_kill(self, seconds: float, *, at_start: bool) -> bool:
        """Start the process, and kill it so many seconds later. Returns whether it was over before.

        Args:
            seconds: from its first commit on, about.
            at_start: from its very start on.

        Raises:
            AssertionError: what the store holds is not what it should.
        """
        command = [
            sys.executable,
            "-m",
            "tests.fuzz._live_child",
            *map(str, (self.path, self.bureaux, self.seed, self.speed)),
        ]
        with subprocess.Popen(command, bufsize=0, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                if process.stdout is not None and not at_start:
                    process.stdout.readline()  # that it begins
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
            out, err = process.communicate(timeout=HANG)
        said = [int(line) for line in out.split(b"\n")[:-1] if line.isdigit()]
        over = process.returncode == 0
        assert over or process.returncode < 0, err.decode(errors="replace")
        self.kills += not over
        self.early += not over and not said
        self.check(said[-1] if said else 0, over=over)
        return over

    def check(self, acknowledged: int, *, over: bool) -> None:
        """Compare the store with the night that nobody disturbed.

        Raises:
            AssertionError: they differ.
        """
        if not self.path.exists():
            assert not acknowledged, "acknowledged, and there is no store"
            return
        returns, found, seals = content(self.path)
        size = len(returns)
        self.sizes.append(size)
        every_return, every_finding, every_seal = self.whole
        assert size >= acknowledged, f"{acknowledged} acknowledged, {size} there"
        assert returns == every_return[:size], "other returns, or in another order"
        assert found == [each for each in every_finding if each.size <= size], "other findings"
        assert seals == every_seal[: len(seals)], "other seals"
        assert len(every_seal) - len(seals) <= 1 + sum(each[0] > size for each in every_seal), "a seal was left out"
        assert not over or (returns, found, seals) == self.whole, "it ended with another state"


def run(
    effort: Effort,
    seed: int,
    report: Callable[[str], object],
    bureaux: int = BUREAUX,
    real_seconds: float = REAL_SECONDS,
    per_kill: float = PER_KILL,
) -> int:
    """Kill processes until it is enough; returns how many times the store was not what it should be."""
    random = np.random.default_rng(seed)
    failed = nights = kills = 0
    numbers = iter(effort.numbers())
    started = time.monotonic()
    while True:
        with tempfile.TemporaryDirectory() as folder:
            evening = made_up(bureaux, seed + nights)
            span = evening.editions[-1].second - evening.returns[0].second
            night = NightKills(bureaux, seed + nights, max(int(span / real_seconds), 1), Path(folder) / "store")
            nights += 1
            over, enough = False, False
            while not over:
                enough = enough or next(numbers, None) is None
                seconds = HANG if enough else random.exponential(per_kill)
                if enough:
                    night.speed = 0  # the rest of it, as fast as can be
                try:
                    over = night.live_and_kill(seconds, at_start=random.random() < AT_START)
                except AssertionError as error:
                    failed += 1
                    report(f"seed {seed}, night {nights}, kill {night.kills}: {error}")
                    over = True
            kills += night.kills
            report(
                f"night {nights}: {bureaux} returns, killed {night.kills} times ({night.early} before a commit), "
                f"at {len(set(night.sizes))} different sizes; {night.path.stat().st_size} bytes"
            )
        if enough or failed:
            report(f"{kills} kills, {time.monotonic() - started:.0f} s")
            return failed
