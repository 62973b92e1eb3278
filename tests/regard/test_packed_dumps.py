"""A zip of dumps is not read: it is said that it is to be unpacked, whatever was asked of it."""

import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from protocol.bu.schema import FormatVersion
from protocol.dumps.packed import packed_dumps
from tests.protocol.bu.days import write_day
from tests.protocol.cvr.test_dominion_csv import table
from tests.protocol.export.records import FROZEN, frozen
from tests.regard.calling import CommandLine
from tests.sources import new_file
from tests.verify.read.tables_as import zipped

SAID = {"en": "unpack it, and give the folder", "fr": "le décompresser, puis donner le dossier"}


@pytest.fixture
def urnas(tmp_path: Path) -> Path:
    """As the electoral court publishes a state: the files of all sections in one zip."""
    day = tmp_path / "day"
    write_day(day, FormatVersion.V2022)
    path = tmp_path / "bu_imgbu_logjez_rdv_vscmr_2022_1t_AP.zip"
    files = {each.name: each.read_bytes() for each in sorted(day.iterdir())}
    path.write_bytes(zipped(files | {"o00406-0605000020824.logjez": b"7z\xbc\xaf"}))
    return path


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("command", [["totals"], ["results"], ["inspect"], ["verify", "--exports"], ["verify"]])
def test_it_is_said_what_to_do(command: list[str], language: str, urnas: Path, cli: CommandLine) -> None:
    cli(*command, urnas, "--lang", language, code=2)
    assert SAID[language] in " ".join((cli.out + cli.err).split())


def test_in_a_folder_of_evidence_it_is_named(urnas: Path, tmp_path: Path, cli: CommandLine) -> None:
    folder = tmp_path / "night"
    cli("simulate", folder, "--communes", "77513", "--faults", "none")
    (folder / urnas.name).write_bytes(urnas.read_bytes())
    inputs = cli.document("verify", folder)["inputs"]
    (named,) = [each for each in inputs if each["path"] == urnas.name]
    assert (named["used"], SAID["en"] in named["why"]) == ("none", True)
    assert named["sha256"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_dumps_of_any_layout_are_known(method: int) -> None:
    for number, files in enumerate(
        (
            {"cvr/cvr.csv": table("spreadsheet")},
            {f"{name}.esf": frozen(name) for name in FROZEN},
            {"o00406-0605000020824.bu": b"damaged", "o00406-0605000020824.rdv": b""},
        )
    ):
        path = new_file(f"{number}.zip", zipped(files, method))
        assert packed_dumps(path) is not None, files


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"PK\x03\x04" + bytes(26),
        b"PK\x03\x04" + b"\xff" * 200,
        zipped({"pv.csv": b"insee;bureau;emargements\n77513;0001;3\n"}),
        zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
        zipped({"sha256sums.txt": b"0" * 64 + b"  cvr.csv\n", "pv.csv": b"insee;bureau\n"}),
    ],
)
def test_other_files_are_none(data: bytes) -> None:
    path = new_file("x.zip", data)
    assert packed_dumps(path) is None


def test_what_is_packed_takes_no_memory() -> None:
    path = new_file("bomb.zip", zipped({f"{number}.csv": bytes(2**24) for number in range(3)}))
    tracemalloc.start()
    try:
        assert packed_dumps(path) is None
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("seed", range(3))
def test_damage_anywhere_is_no_error(seed: int, urnas: Path, tmp_path: Path) -> None:
    whole, random, path = urnas.read_bytes(), np.random.default_rng(seed), tmp_path / "x.zip"
    known = 0
    for _ in range(200):
        data = bytearray(whole[: int(random.integers(4, len(whole)))])
        for at in random.integers(4, len(data), 3) if len(data) > 4 else ():
            data[int(at)] = int(random.integers(256))
        path.write_bytes(data)
        known += packed_dumps(path) is not None
    assert 0 < known < 200
