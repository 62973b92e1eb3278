"""Election nights, machines and module images for other people's tests, as pytest fixtures.

Where regard is installed, pytest finds this plug-in by itself; `docs/guide/testing.md` shows its use. It imports
regard's packages only when a fixture is asked for: other projects have modules of the same names, and their tests
start as they would without it.

Machines and formats are a model of the NEDAP ESF1; the vendor's are not public.
"""

from __future__ import annotations

import difflib
import itertools
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, Self, TypedDict, Unpack

import pytest

if TYPE_CHECKING:
    from regard.api import Result
    from sim.own_day import ESF1
    from verify.model.cases import Case


class NightOptions(TypedDict, total=False):
    """Options of a simulated night, as `regard.simulate` takes them.

    Attributes:
        seed: the same seed, the same night (1).
        year: of the communes and candidates (2022).
        communes: INSEE codes (Villenoy, of three bureaux).
        faults: as `regard simulate --faults` takes them (``"default"``).
    """

    seed: int
    year: int
    communes: Sequence[str]
    faults: str | Mapping[str, float]


class Night(os.PathLike[str]):
    """The folder of a simulated night, usable as a path; written at its first use.

    Args:
        folder: to write.
        options: `NightOptions`.
    """

    def __init__(self, folder: Path, **options: Unpack[NightOptions]) -> None:
        self._folder, self._placed = folder, Counter[str]()
        self._options: NightOptions = {"communes": ("77513",), "year": 2022, **options}

    def place(self, fault: str, *, bureau: str, insee: str = "", field: str = "", times: int = 1) -> Self:
        """Place a fault in one bureau, besides the faults that are drawn by their rates.

        Args:
            fault: its name, as `regard faults` lists it.
            bureau: number of the bureau, such as ``"0003"``.
            insee: INSEE code of its commune, if several communes of the night have that number.
            field: figure that it strikes, such as ``"signatures"``; by default any that it can.
            times: number of people, for a fault that strikes single voters.

        Raises:
            UnknownFault: there is no such fault, or it cannot be placed.
            RuntimeError: the night is written already.
        """
        if self._folder.exists():
            raise RuntimeError("the night is written: place faults before its files are asked for")
        from sim.faults.catalogue import parse_rates

        place = f"{fault}@{insee and insee + ':'}{bureau}{field and '/' + field}"
        parse_rates(f"{place}={self._placed[place] + times}")
        self._placed[place] += times
        return self

    @property
    def folder(self) -> Path:
        """The folder, written if it was not yet.

        Raises:
            RegardError: no such commune, bureau or fault; a placed fault finds nothing to change.
        """
        if not self._folder.exists():
            from regard.commands.planning.fault_arguments import as_text
            from regard.commands.planning.simulate import simulate

            drawn = as_text(self._options.get("faults", "default"))
            faults = ",".join([drawn, *(f"{place}={times}" for place, times in self._placed.items())])
            simulate(self._folder, **self._options | {"faults": faults})
        return self._folder

    def __fspath__(self) -> str:
        return str(self.folder)

    def __truediv__(self, name: str) -> Path:
        return self.folder / name

    def __repr__(self) -> str:
        return f"<Night: {self._folder}>"


class MakeNight(Protocol):
    """Makes a `Night` in a new folder."""

    def __call__(self, **options: Unpack[NightOptions]) -> Night:
        """Make it, in this process."""


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


@pytest.fixture(scope="session")
def make_election_night(tmp_path_factory: pytest.TempPathFactory) -> MakeNight:
    """Function that makes nights, each in a folder of its own; for fixtures of any scope."""
    _need_own_packages()
    numbers = itertools.count(1)
    under = tmp_path_factory.mktemp("nights")

    def make(**options: Unpack[NightOptions]) -> Night:
        return Night(under / f"night-{next(numbers)}", **options)

    return make


@pytest.fixture
def election_night(request: pytest.FixtureRequest, make_election_night: MakeNight) -> Night:
    """One simulated night, as the marker ``election_night`` asks for it."""
    marker = request.node.get_closest_marker("election_night")
    if marker is None:
        return make_election_night()
    known = NightOptions.__annotations__
    if marker.args or marker.kwargs.keys() - known.keys():
        given = ", ".join([*map(repr, marker.args), *(f"{name}={value!r}" for name, value in marker.kwargs.items())])
        raise pytest.UsageError(f"the marker election_night takes {', '.join(known)}, each by name, got {given}")
    return make_election_night(**marker.kwargs)


def expect_case(
    audited: Result | str | os.PathLike[str],
    cause: str,
    *,
    bureau: str = "",
    insee: str = "",
    sure: Literal["certain", "likely", "open"] | None = None,
    becomes: int | None = None,
) -> Case:
    """Find the case that must be there; without it the test fails, with a list of the cases found.

    Arguments that are left out match any case.

    Args:
        audited: result of `regard.audit`, or a night to audit.
        cause: name of the cause, as `regard verify --json` has it.
        bureau: number of a bureau of the case.
        insee: INSEE code of the commune.
        sure: certainty of the case.
        becomes: figure that the case puts in the place of another.

    Raises:
        ValueError: there is no such cause.
    """
    __tracebackhide__ = True
    _need_own_packages()
    from regard.api import audit
    from verify.rulebook.causes import causes

    if cause not in causes():
        near = ", ".join(difflib.get_close_matches(cause, causes())) or ", ".join(causes())
        raise ValueError(f"no such cause: {cause!r}; there is {near}")
    cases = audit(audited).cases if isinstance(audited, str | os.PathLike) else audited.cases
    for case in cases:
        here = any(bureau in ("", at.bureau) and insee in ("", at.insee) for at in case.places)
        figures = [correction.becomes for correction in case.detail.corrections]
        if case.cause.name == cause and here and sure in (None, case.sure.value) and becomes in (None, *figures):
            return case
    wanted = " ".join(filter(None, [cause, insee, bureau, sure, "" if becomes is None else f"-> {becomes}"]))
    pytest.fail("\n  ".join([f"no case {wanted}; there are {len(cases)}:", *map(_describe, cases)]), pytrace=False)


def _describe(case: Case) -> str:
    """Describe a case in one line, in the words of `expect_case`."""
    places = ", ".join(dict.fromkeys(f"{at.insee} {at.bureau}" for at in case.places))
    becomes = "".join(f" {each.was} -> {each.becomes}" for each in case.detail.corrections if not each.copied)
    return f"{case.cause.name} {places} {case.sure.value}{becomes}"


@pytest.fixture
def esf1() -> ESF1:
    """A machine with three choices, ALPHA, BETA and GAMMA, whose poll is open."""
    _need_own_packages()
    from sim.own_day import ESF1

    return ESF1(("ALPHA", "BETA", "GAMMA"), registered=900)


@pytest.fixture(scope="session")
def urn_image() -> bytes:
    """The image of a module after closing: 3 votes for ALPHA, 2 for BETA, none for GAMMA, 1 blank."""
    _need_own_packages()
    from sim.own_day import ESF1

    machine = ESF1(("ALPHA", "BETA", "GAMMA"), registered=900)
    for choice in (1, 2, 1, 0, 2, 1):
        machine.enable()
        machine.choose(choice)
        machine.validate()
    machine.finish(19)
    return machine.image()
