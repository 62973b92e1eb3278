"""The faults of dumps of other machines: what each leaves behind, and that its rule finds it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from protocol.bu.signatures import read_signature_file
from protocol.dumps.checks import CheckVerdict
from protocol.dumps.finding import FoundDumps, find_dumps
from sim.faults.catalogue import EVERY, OF_OTHER_MACHINES
from sim.faults.model import MachineFault
from tests.regard.calling import CommandLine
from tests.sim.nights import files, rows
from tests.sim.test_other_machines import with_machine

FOUND = {
    "bu-chip-other": {"D103"},
    "bu-votes-moved": {"D101", "D102", "D105", "D107"},
    "bu-key-other": {"D101", "D103"},
    "bu-print-other": {"D101", "D105"},
    "bu-ballots-other": {"D101", "D107"},
    "bu-written-twice": {"D105", "D107", "D111"},
    "bu-misfiled": {"D101", "D109"},
    "bu-bit-rot": {"D101"},
    "bu-cut": {"D101"},
    "bu-lost": set(),
    "cvr-vote-changed": {"D101"},
    "cvr-card-lost": {"D101", "D113"},
    "cvr-batch-foreign": {"D112"},
    "cvr-batch-twice": {"D111"},
    "cvr-cut": {"D113"},
    "cvr-batch-lost": {"D110"},
}
"""The rules that find each: all of them where all units are struck, and no others but in a file with a bit changed."""
UNREADABLE = {"bu-cut", "cvr-cut"}


def failing(found: FoundDumps) -> Counter[str]:
    return Counter(
        check.code
        for reading in found.readings
        for check in reading.checks
        if check.verdict is CheckVerdict.FAILS
        for _ in range(check.times)
    )


def missed(found: FoundDumps) -> list[str]:
    return [
        str(check.text)
        for reading in found.readings
        for check in reading.checks
        if check.verdict is CheckVerdict.NOT_CHECKED
    ]


@pytest.mark.check(9)
@pytest.mark.parametrize("fault", OF_OTHER_MACHINES, ids=lambda fault: fault.name)
def test_each_is_found_by_its_rules(tmp_path: Path, fault: MachineFault) -> None:
    rate = 0.5 if fault.name == "cvr-batch-lost" else 1.0  # of a manifest without any export nothing is said
    folder = with_machine(tmp_path / "n", fault.machine, ["77513"], rates={fault.name: rate})
    truth = rows(folder, "verite.csv")
    units = len(rows(folder, "univers.csv"))
    assert {line["faute"] for line in truth} == {fault.name}
    assert {line["piece"] for line in truth} == {fault.machine}
    if rate == 1.0:
        assert len(truth) == units - (fault.name == "bu-misfiled")  # the first has none before it
    found = find_dumps([folder / fault.machine])
    codes = failing(found)
    assert codes.keys() >= FOUND[fault.name]
    problems = [problem for reading in found.readings for problem in reading.problems]
    if fault.name != "bu-bit-rot":  # what else it breaks depends on the bit
        assert codes.keys() == FOUND[fault.name]
        assert len(problems) == (len(truth) if fault.name in UNREADABLE else 0)
    if fault.machine == "cvr":
        assert set(codes.values()) == {len(truth)}
    assert found.outcome() == (0 if fault.name == "bu-lost" else 1)


def test_only_what_was_struck_is_found(tmp_path: Path) -> None:
    folder = with_machine(tmp_path / "n", "bu", ["77513", "34324"], rates={"bu-ballots-other": 0.3})
    struck = {(line["insee"], line["bureau"]) for line in rows(folder, "verite.csv")}
    assert 0 < len(struck) < len(rows(folder, "univers.csv"))
    (reading,) = find_dumps([folder / "bu"]).readings
    units = {check.unit for check in reading.checks if check.verdict is CheckVerdict.FAILS}
    assert units == {f"{insee}/0001/{bureau}" for insee, bureau in struck}


def test_a_lost_bulletin_is_said_and_its_votes_come_from_its_copies(tmp_path: Path) -> None:
    whole, lost = (with_machine(tmp_path / f"{n}", "bu", ["77513"], rates={"bu-lost": n}) for n in (0, 1))
    found = find_dumps([lost / "bu"])
    said = missed(found)
    assert sum("there is no bulletin beside" in text for text in said) == 2
    assert any("not at hand: bu" in text for text in said)
    assert sorted(found.tidy()) == sorted(find_dumps([whole / "bu"]).tidy())


@pytest.mark.check(4)
@pytest.mark.parametrize("machine", ["bu", "cvr"])
@pytest.mark.parametrize("seed", range(2))
def test_all_of_them_get_along(tmp_path: Path, machine: str, seed: int) -> None:
    """Each file has one fault at most, and the same seed has the same on any number of processes."""
    rates = {fault.name: 0.5 for fault in OF_OTHER_MACHINES if fault.machine == machine}
    one, two = (
        with_machine(tmp_path / f"{n}", machine, ["77513", "34324"], rates=rates, seed=seed, workers=n) for n in (1, 2)
    )
    assert files(one) == files(two)
    truth = rows(one, "verite.csv")
    own = Counter((line["insee"], line["bureau"]) for line in truth if line["champ"] in ("bu", "quantidadeVotos"))
    assert max(own.values(), default=0) <= 1
    assert len({line["faute"] for line in truth}) > 3
    assert find_dumps([one / machine]).outcome() == 1


def test_verify_makes_findings_of_them(tmp_path: Path, cli: CommandLine) -> None:
    folder = with_machine(tmp_path / "n", "bu", ["77513"], rates={"bu-key-other": 1.0})
    cli("verify", "--exports", folder / "bu", "--verbose", code=1)
    assert "D103" in cli.said
    assert "D101" in cli.said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "bu-cut strikes dumps of another machine: it goes with --machine bu"),
        ("fr", "bu-cut touche les relevés d'une autre machine : ajouter --machine bu"),
    ],
)
def test_a_fault_needs_its_machine(tmp_path: Path, language: str, said: str, cli: CommandLine) -> None:
    given = ["simulate", str(tmp_path / "n"), "--communes", "77513", "--faults", "bu-cut=1", "--lang", language]
    for further in ([], ["--machine", "cvr"]):
        cli(*given, *further, code=2)
        assert said in cli.complained
        assert not (tmp_path / "n").exists()
    cli(*given, "--machine", "bu")


def test_a_night_has_none_unless_it_is_asked_for_them() -> None:
    assert not any(fault.rate for fault in OF_OTHER_MACHINES)
    assert not {fault.name for fault in OF_OTHER_MACHINES} & {fault.name for fault in EVERY}


def unnoticed(folder: Path, path: Path, places: list[int]) -> set[int]:
    """Places of a file at which a changed bit leaves the folder without anything wrong."""
    whole, found = path.read_bytes(), set()
    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 7]) + whole[place + 1 :])
        if find_dumps([folder], signatures=path.suffix == ".vscmr").outcome() == 0:
            found.add(place)
    path.write_bytes(whole)
    return found


@pytest.mark.check(4)
def test_one_changed_byte_anywhere_is_found(tmp_path: Path) -> None:
    """But in a signature file what nobody signs, and the program's signature, which cannot be checked."""
    night = with_machine(tmp_path / "n", "bu", ["77513"]) / "bu"
    section = tmp_path / "section"
    section.mkdir()
    for path in night.glob("s20221-7751300010001.*"):
        path.rename(section / path.name)
    assert find_dumps([section]).outcome() == 0
    for kind, step in (("bu", 29), ("rdv", 97), ("imgbu", 97)):
        (path,) = section.glob(f"*.{kind}")
        size = path.stat().st_size
        assert unnoticed(section, path, [*range(0, size, step), size - 1]) == set()
    (path,) = section.glob("*.vscmr")
    data = path.read_bytes()
    signed = read_signature_file(data)
    covered: set[int] = set()
    for block in (signed.by_program, signed.by_chip):
        parts = [block.content, block.own.digest]
        parts += [] if block.certificate is None else [block.own.signature]
        for part in parts:
            covered |= set(range(data.index(part), data.index(part) + len(part)))
    assert unnoticed(section, path, list(range(0, len(data), 23))) & covered == set()
