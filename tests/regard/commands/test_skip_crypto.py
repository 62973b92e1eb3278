"""`--skip-crypto`: what signatures would show is not found, and that they were left out is said everywhere."""

import json
from pathlib import Path

import pytest

import regard
from protocol.bu.bulletin import read_bulletin, read_envelope
from protocol.bu.schema import FormatVersion
from tests.protocol.bu.days import BALLOTS_NAME, BULLETIN_NAME, write_day
from tests.regard.calling import CommandLine
from tests.verify.night_builder import codes_of

VERSION = FormatVersion.V2022


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    """A day whose bulletin has a signature that is none, and nothing else beside its votes one by one."""
    folder = tmp_path / "day"
    write_day(folder, VERSION)
    for path in folder.iterdir():
        if path.name not in (BULLETIN_NAME[VERSION], BALLOTS_NAME[VERSION]):
            path.unlink()
    path = folder / BULLETIN_NAME[VERSION]
    data = path.read_bytes()
    signature = read_bulletin(read_envelope(data).content).elections[0].offices[0].lines[0].proof
    path.write_bytes(data.replace(signature, bytes([signature[0] ^ 1]) + signature[1:]))
    return folder


def test_totals_say_that_checks_were_left_out(forged: Path, cli: CommandLine) -> None:
    given = ["totals", *map(str, sorted(forged.iterdir())), "--lang", "en"]
    cli(*given, code=1)
    assert "as asked" not in cli.out
    cli(*given, "--skip-crypto")
    assert "not checked – signature of each line of votes: left out, as asked (10 times)" in cli.said
    cli(*given[:-1], "fr", "--skip-crypto")
    assert "comme demandé" in cli.said


def test_what_is_written_says_it(forged: Path, tmp_path: Path, cli: CommandLine) -> None:
    out, table = tmp_path / "t.json", tmp_path / "t.csv"
    cli("totals", forged, "--json", out, "--skip-crypto")
    (dump,) = json.loads(out.read_text("utf-8"))["dumps"]
    left = [check for check in dump["checks"] if "left out, as asked" in check["text"]]
    assert [(check["verdict"], check["topic"], check["times"]) for check in left] == [("not checked", "integrity", 10)]
    cli("totals", forged, "--csv", table, "--skip-crypto")
    cli("totals", forged, "--csv", table, code=1)


def test_verify_has_a_finding_and_its_report_the_option(forged: Path, tmp_path: Path, cli: CommandLine) -> None:
    given = ["verify", "--exports", str(forged), "--json", str(tmp_path / "f.json"), "--lang", "en"]
    cli(*given, code=1)
    cli(*given, "--skip-crypto")
    report = json.loads((tmp_path / "f.json").read_text("utf-8"))
    assert report["run"]["options"]["skip_crypto"] is True
    found = [each for each in report["findings"] if "left out, as asked" in each["message"]]
    assert [each["code"] for each in found] == ["D119"]
    cli("verify", forged, tmp_path, "--skip-crypto", code=2)


def test_the_library_takes_it(forged: Path) -> None:
    codes = [codes_of(regard.audit(exports=forged, skip_crypto=out).findings) for out in (False, True)]
    assert ("D102" in codes[0], "D102" in codes[1]) == (True, False)
