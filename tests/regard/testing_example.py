import csv
from pathlib import Path

import pytest

from machine.esf1 import Machine
from regard.testing import MakeNight


@pytest.mark.election_night(communes=["77513"], faults="voted-twice=0.01", seed=3)
def test_more_votes_than_signatures(election_night: Path) -> None:
    with (election_night / "pv.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert any(int(row["votes_trouves"]) > int(row["emargements"]) for row in rows)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("faults", ["none", "default"])
def test_nights_of_several_seeds_and_faults(make_election_night: MakeNight, seed: int, faults: str) -> None:
    folder = make_election_night(seed=seed, communes=["77513"], faults=faults)
    header, *bureaux = (folder / "univers.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith("insee,commune")
    assert len(bureaux) == 3


def test_a_vote_is_counted(esf1: Machine) -> None:
    esf1.enable()
    esf1.select(2)
    esf1.validate()
    assert esf1.voters == 1


def test_an_image_has_its_size(urn_image: bytes) -> None:
    assert len(urn_image) == 65_536
