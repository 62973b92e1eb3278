"""Election nights, machines and module images for other people's tests, as pytest fixtures.

Where regard is installed, pytest finds it by itself. `docs/guide/testing.md` shows how it is used. It imports
nothing of regard's packages before a fixture is asked for: other projects have modules of the same names, and their
tests start as they would without it.

Machines and formats are a model of the NEDAP ESF1; the vendor's are not public.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from machine.esf1 import Machine

DATE = datetime.date(2022, 4, 10)
CHOICES = ("ALPHA", "BETA", "GAMMA")


class MakeNight(Protocol):
    """Simulates a night into a new folder and returns it; ``faults`` as `regard simulate --faults` takes them."""

    def __call__(
        self, *, seed: int = 1, year: int = 2022, communes: Sequence[str] = ("77513",), faults: str = "default"
    ) -> Path:
        """Simulate it, in this process."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "election_night(seed=1, year=2022, communes=('77513',), faults='default'): what the fixture of that name holds",
    )


def _need_own_packages() -> None:
    """Fail in one sentence where the project under test hides a package of regard's."""
    from regard.own_packages import ForeignPackage, check

    try:
        check()
    except ForeignPackage as error:
        pytest.fail(f"regard: {error}", pytrace=False)


@pytest.fixture
def make_election_night(tmp_path: Path) -> MakeNight:
    """A function that simulates nights, each into a folder of its own."""
    _need_own_packages()
    from regard.commands.planning.simulate import simulate

    numbers = itertools.count(1)

    def make(*, seed: int = 1, year: int = 2022, communes: Sequence[str] = ("77513",), faults: str = "default") -> Path:
        folder = tmp_path / f"night-{next(numbers)}"
        simulate(folder, seed=seed, year=year, communes=communes, faults=faults)
        return folder

    return make


@pytest.fixture
def election_night(request: pytest.FixtureRequest, make_election_night: MakeNight) -> Path:
    """The folder of one simulated night, as the marker ``election_night`` asks for it."""
    marker = request.node.get_closest_marker("election_night")
    if marker is not None and marker.args:
        raise pytest.UsageError(f"the marker election_night takes its arguments by name: {marker.args!r}")
    return make_election_night(**(marker.kwargs if marker is not None else {}))


@pytest.fixture
def esf1() -> Machine:
    """A machine with three choices, ALPHA, BETA and GAMMA, whose poll is open."""
    return _open_machine()


def _open_machine() -> Machine:
    _need_own_packages()
    import numpy as np

    from protocol import civil_time
    from sim.bureaux import Bureau
    from sim.equipment import configuration, open_machine

    bureau = Bureau("77513", "Villenoy", "77", "Seine-et-Marne", "", "", "0001", 900, 1, 8, 19)
    module = configuration(bureau, 1, "presidentielle-2022", DATE, 1, CHOICES)
    return open_machine(module, np.random.default_rng(1), civil_time.seconds(DATE, 8))


@pytest.fixture
def urn_image() -> bytes:
    """The image of a module after its poll was closed: 3 votes for ALPHA, 2 for BETA, none for GAMMA, 1 blank."""
    machine = _open_machine()  # where a package of ours is hidden, it says so
    from protocol import civil_time
    from sim.equipment import close

    for choice in (1, 2, 1, 0, 2, 1):
        machine.enable()
        machine.choose(choice)
        machine.validate()
    close(machine, civil_time.seconds(DATE, 19))
    return machine.image()
