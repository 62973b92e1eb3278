"""Without an official list the bureaux are those of all evidence, whichever way they are put in order."""

from pathlib import Path

import pytest

from protocol.files import csv_bytes
from protocol.night import RECORDS, SIGNATURES
from tests.verify.night_builder import loaded

LISTED = [("01001", "0002"), ("01001", "0004"), ("2A004", "0001"), ("75056", "0001")]
FURTHER = {
    "one between": [("01001", "0003")],
    "first and last": [("01001", "0001"), ("99999", "0001")],
    "side by side, out of order": [("01001", "0009"), ("01001", "0006"), ("00001", "0001"), ("01001", "0007")],
    "twice": [("01002", "0001"), ("01001", "0003"), ("01002", "0001")],
    "none": [],
    "longer codes": [("01001", "0003BIS")],
}


def described(folder: Path) -> list[tuple[str, str, str, int, int]]:
    evidence = loaded(signatures=(folder / "emargements.csv",), records=(folder / "pv.csv",))
    universe = evidence.universe
    assert evidence.signatures is not None
    signed = evidence.signatures["signatures"].values[:, 0].tolist()
    names = zip(universe.insee.tolist(), universe.bureau.tolist(), strict=True)
    registered = universe.registered.tolist()
    return [(*name, universe.place(at), registered[at], signed[at]) for at, name in enumerate(names)]


@pytest.mark.parametrize("further", FURTHER.values(), ids=FURTHER)
def test_what_a_second_file_adds_stands_where_it_belongs(tmp_path: Path, further: list[tuple[str, str]]) -> None:
    rows = [[*name, "1", 500 + at, 400, 400, 0, 0, 400, 0, "08:00", "19:00", ""] for at, name in enumerate(LISTED)]
    (tmp_path / "pv.csv").write_bytes(csv_bytes(RECORDS.header, rows))
    lists = [[*name, "1", 700 + at, 300 + at] for at, name in enumerate([*LISTED[1:], *further])]
    (tmp_path / "emargements.csv").write_bytes(csv_bytes(SIGNATURES.header, lists))
    found = described(tmp_path)
    assert [each[:2] for each in found] == sorted({*LISTED, *further})
    assert {each[:2]: each[2].partition(":")[0] for each in found} == {
        name: str(tmp_path / ("pv.csv" if name in LISTED else "emargements.csv")) for name in (*LISTED, *further)
    }


@pytest.mark.parametrize(
    ("one", "other", "meant"),
    [
        (["1", "2", "10"], ["0001", "0002", "0010"], ["0001", "0002", "0010"]),
        (["01", "02", "03"], ["0002"], ["0001", "0002", "0003"]),
        (["1", "2", "10"], ["1", "2", "10"], ["1", "10", "2"]),
        (["12", "0012"], ["0001", "3"], ["0001", "0012", "12", "3"]),
        (["12", "0012", "1"], ["0001", "3"], ["0001", "0003", "0012", "12"]),
    ],
)
def test_codes_of_a_commune_are_written_as_its_longest_and_two_of_one_file_stay_two(
    tmp_path: Path, one: list[str], other: list[str], meant: list[str]
) -> None:
    rows = [["01001", code, "1", 500, 400, 400, 0, 0, 400, 0, "08:00", "19:00", ""] for code in one]
    (tmp_path / "pv.csv").write_bytes(csv_bytes(RECORDS.header, rows))
    (tmp_path / "emargements.csv").write_bytes(
        csv_bytes(SIGNATURES.header, [["01001", c, "1", 700, 300] for c in other])
    )
    assert sorted(each[1] for each in described(tmp_path)) == meant
