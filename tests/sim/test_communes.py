"""The table of machine communes, and the bureaux made from it."""

import csv
from pathlib import Path

import numpy as np
import pytest

from sim.bureaux import bureaux_of, choose, machine_bureaux, machine_communes
from sim.elections import SCENARIOS
from sim.errors import UnknownCommune


@pytest.mark.parametrize(("year", "communes", "bureaux"), [(2017, 65, 1420), (2022, 60, 1362)])
def test_counts_are_those_of_the_derived_list(year: int, communes: int, bureaux: int) -> None:
    table = machine_communes(year)
    assert len(table) == communes
    assert sum(commune.machine_bureaux for commune in table) == bureaux
    assert all(commune.insee.startswith(commune.departement) for commune in table)


@pytest.mark.parametrize("year", [2017, 2022])
def test_table_agrees_with_the_list_that_it_was_derived_from(year: int, real_data: Path) -> None:
    with (real_data / "machine_communes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if year == 2017 or row["coverage_2022"] != "dropped"]
    expected = {row["insee"]: (row["commune"], int(row[f"inscrits_{year}"])) for row in rows}
    assert {commune.insee: (commune.name, commune.registered) for commune in machine_communes(year)} == expected


def test_a_wrong_code_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCommune, match=r"“77531”.*77513 \(Villenoy\)"):
        choose(2022, ["77531"])
    with pytest.raises(UnknownCommune, match=r"92072 \(Sèvres\)"):
        choose(2022, ["Sevres"])


def test_communes_that_gave_up_are_not_there_in_2022() -> None:
    assert choose(2017, ["38229"])[0].name == "Meylan"
    with pytest.raises(UnknownCommune):
        choose(2022, ["38229"])


@pytest.mark.parametrize("year", [2017, 2022])
def test_registered_add_up_to_the_communes(year: int) -> None:
    for commune in machine_communes(year):
        bureaux = bureaux_of(3, SCENARIOS[year], commune)
        assert len(bureaux) == commune.bureaux
        assert sum(bureau.registered for bureau in bureaux) == commune.registered
        assert sum(bureau.machines > 0 for bureau in bureaux) == commune.machine_bureaux
        assert len({bureau.code for bureau in bureaux}) == commune.bureaux


def test_sizes_vary_as_seen_in_2017() -> None:
    """1,377 machine bureaux: mean 935, 5 % below 686, 95 % below 1,207, from 98 to 2,035."""
    sizes = [
        bureau.registered
        for seed in range(5)
        for commune in machine_communes(2017)
        for bureau in machine_bureaux(seed, SCENARIOS[2017], commune)
    ]
    assert np.mean(sizes) == pytest.approx(935, rel=0.01)
    low, high = np.percentile(sizes, [5, 95])
    assert low == pytest.approx(686, rel=0.04)
    assert high == pytest.approx(1207, rel=0.04)
    assert 98 <= min(sizes)
    assert max(sizes) <= 2035


def test_two_machines_from_1500_registered() -> None:
    bureaux = [b for commune in machine_communes(2022) for b in machine_bureaux(1, SCENARIOS[2022], commune)]
    assert all((bureau.machines == 2) == (bureau.registered >= 1500) for bureau in bureaux)
    assert 0 < sum(bureau.machines == 2 for bureau in bureaux) < 30


def test_serials_are_never_shared() -> None:
    serials = [
        serial
        for commune in machine_communes(2017)
        for bureau in machine_bureaux(1, SCENARIOS[2017], commune)
        for serial in bureau.serials("M", bureau.machines).split("+")
    ]
    assert len(set(serials)) == len(serials)
    assert all(len(serial) == 12 for serial in serials)
