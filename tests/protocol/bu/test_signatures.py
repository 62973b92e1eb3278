"""Signature files: digests, the chip's signatures of both curves, certificates, and keys of lines."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.bu import certificates, edwards521
from protocol.bu.schema import FormatVersion
from protocol.bu.signatures import read_signature_file
from protocol.dumps.checks import CheckTopic, CheckVerdict
from tests.protocol.bu.days import BULLETIN_NAME, SIGNATURES_NAME, STEM, failing, read_folder, write_day
from tests.protocol.bu.signing import SECRET, Chip, e521_chip, multiply, p521_chip, public, sign_e521, signature_file
from tests.protocol.bu.writing import UrnaDay, line_signer

YEARS = {"2022": FormatVersion.V2022, "2024": FormatVersion.V2024, "2026": FormatVersion.V2024}
ISSUER = public(SECRET + 1)


def sign_folder(folder: Path, year: str, chip: Chip, made: UrnaDay) -> Path:
    """A signature file over all files of a folder."""
    version = YEARS[year]
    (folder / SIGNATURES_NAME[version]).unlink(missing_ok=True)
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name.startswith("o")}
    if version is FormatVersion.V2022:
        files[f"{STEM[version]}chvtp"] = line_signer(made.key).public_key().public_bytes_raw()
    path = folder / SIGNATURES_NAME[version]
    path.write_bytes(signature_file(year, chip, files))
    return path


def authenticity(folder: Path) -> dict[str, CheckVerdict]:
    """The outcome of each check of who signed, by the first words of its text."""
    found = [check for check in read_folder(folder).checks if check.topic is CheckTopic.AUTHENTICITY]
    return {f"{check.text}: {check.verdict.name}"[:60]: check.verdict for check in found}


@pytest.fixture
def issuer_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(certificates.ISSUERS, "AC UE2020", ISSUER)


def signed_day(folder: Path) -> UrnaDay:
    """Write the files of a day of 2022, signed by its machine."""
    made = write_day(folder, FormatVersion.V2022)
    sign_folder(folder, "2022", e521_chip(made.machine), made)
    return made


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.usefixtures("issuer_known")
def test_a_chip_of_2020_with_a_known_issuer(tmp_path: Path, year: str) -> None:
    made = write_day(tmp_path, YEARS[year])
    sign_folder(tmp_path, year, e521_chip(made.machine), made)
    reading = read_folder(tmp_path)
    assert (reading.problems, failing(reading)) == ((), [])
    held = [check for check in reading.checks if check.code == "D103" and check.verdict is CheckVerdict.HOLDS]
    assert len(held) == (4 if year == "2022" else 3)
    listed = [check for check in reading.checks if check.code == "D101" and check.verdict is CheckVerdict.HOLDS]
    assert [check.times for check in listed] == [3, 2, 1]


@pytest.mark.parametrize("year", YEARS)
def test_a_chip_of_an_older_model(tmp_path: Path, year: str) -> None:
    made = write_day(tmp_path, YEARS[year])
    sign_folder(tmp_path, year, p521_chip(made.machine), made)
    reading = read_folder(tmp_path)
    assert (reading.problems, failing(reading)) == ((), [])
    held = [check.times for check in reading.checks if check.code == "D103" and check.verdict is CheckVerdict.HOLDS]
    assert max(held) == (5 if year == "2022" else 4)
    not_checked = [str(check.text) for check in reading.checks if check.verdict is CheckVerdict.NOT_CHECKED]
    assert any("key of its issuer is not at hand" in text for text in not_checked)


def test_an_issuer_that_did_not_sign(tmp_path: Path) -> None:
    made = write_day(tmp_path, FormatVersion.V2022)
    sign_folder(tmp_path, "2022", e521_chip(made.machine), made)  # by a made-up key, in the name of the real one
    [check] = failing(read_folder(tmp_path))
    assert (check.code, check.topic) == ("D103", CheckTopic.AUTHENTICITY)
    assert "issuer" in str(check.text)


@pytest.mark.usefixtures("issuer_known")
def test_another_machine_and_another_key_of_lines(tmp_path: Path) -> None:
    made = write_day(tmp_path, FormatVersion.V2022)
    other = replace(made, key=hashlib.sha256(b"another").digest())
    sign_folder(tmp_path, "2022", e521_chip(7), other)
    found = failing(read_folder(tmp_path))
    assert [check.code for check in found] == ["D103", "D103"]
    assert {str(check.text).split(" against")[0] for check in found} == {
        "machine in the chip's certificate",
        "key of the bulletin's lines",
    }


@pytest.mark.usefixtures("issuer_known")
def test_a_file_that_is_changed_absent_or_unreadable(tmp_path: Path) -> None:
    made = write_day(tmp_path, FormatVersion.V2022)
    log = tmp_path / f"{STEM[FormatVersion.V2022]}logjez"
    log.write_bytes(b"a log that no layout reads")
    sign_folder(tmp_path, "2022", e521_chip(made.machine), made)
    assert failing(read_folder(tmp_path)) == []
    log.write_bytes(b"a log that no layout reads!")
    [check] = failing(read_folder(tmp_path))
    assert (check.code, check.topic, check.source) == ("D101", CheckTopic.INTEGRITY, log.name)
    log.unlink()
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    [check] = [check for check in reading.checks if check.code == "D101" and check.verdict is CheckVerdict.NOT_CHECKED]
    assert "logjez" in str(check.text)


@pytest.mark.usefixtures("issuer_known")
def test_names_that_lead_elsewhere_are_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "night"
    made = write_day(folder, FormatVersion.V2022)
    outside = f"../{BULLETIN_NAME[FormatVersion.V2022]}"
    (folder / outside).write_bytes(b"outside")
    (folder / "plain").write_bytes(b"plain")
    named = {outside: b"outside", "plain": b"plain", "/etc/hostname": b"", BULLETIN_NAME[FormatVersion.V2022]: b"x"}
    (folder / SIGNATURES_NAME[FormatVersion.V2022]).write_bytes(signature_file("2022", e521_chip(made.machine), named))
    reading = read_folder(folder)
    [check] = [check for check in reading.checks if check.code == "D101" and check.verdict is CheckVerdict.NOT_CHECKED]
    assert str(check.text).startswith("3 files named in the signature file are missing")
    assert [check.source for check in failing(reading)] == [BULLETIN_NAME[FormatVersion.V2022]]


def test_left_out_signatures_are_said(tmp_path: Path) -> None:
    signed_day(tmp_path)
    reading = read_folder(tmp_path, signatures=False)
    assert failing(reading) == []
    left = {str(check.text)[:30]: check.times for check in reading.checks if "left out, as asked" in str(check.text)}
    assert left == {"signature of each line of vote": 10, "signatures of the machine's se": 6}


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    made = write_day(tmp_path, FormatVersion.V2022)
    chip = e521_chip(made.machine)
    for certificate in (
        b"",
        b"-----BEGIN CERTIFICATE-----\n!\n",
        chip.certificate[:200],
        b"\x30\x00",
        b"\x30\x02\x05\x00",
    ):
        sign_folder(tmp_path, "2022", replace(chip, certificate=certificate), made)
        [check] = failing(read_folder(tmp_path))
        assert check.code == "D103"
    odd = chip.certificate.replace(b"\x06\x03\x55\x04\x03", b"\x06\x01\x55\x04\x00", 1)  # three parts of a name
    sign_folder(tmp_path, "2022", replace(chip, certificate=odd), made)
    assert {check.code for check in failing(read_folder(tmp_path))} == {"D103"}
    other = chip.certificate.replace(bytes.fromhex("2b0601040182dc2c0201"), bytes.fromhex("2b0601040182dc2c0202"))
    sign_folder(tmp_path, "2022", replace(chip, certificate=other), made)
    assert [check.code for check in failing(read_folder(tmp_path))] == ["D103"]


def test_the_curve() -> None:
    assert edwards521.same(multiply(edwards521.BASE, edwards521.ORDER), edwards521.NEUTRAL)
    x, y, _ = edwards521.BASE
    assert (x * x + y * y) % edwards521.PRIME == (1 + edwards521.D * x * x * y * y) % edwards521.PRIME
    assert (y, x % 2) == (12, 0)
    key, message = public(SECRET), b"message"
    signature = sign_e521(SECRET, message)
    assert edwards521.verify(key, message, signature)
    assert not edwards521.verify(key, b"other", signature)
    assert not edwards521.verify(public(SECRET + 1), message, signature)
    for at in range(0, len(signature), 7):
        changed = bytearray(signature)
        changed[at] ^= 4
        assert not edwards521.verify(key, message, bytes(changed))
    beyond = int.from_bytes(signature[66:], "little") + edwards521.ORDER
    assert not edwards521.verify(key, message, signature[:66] + beyond.to_bytes(66, "little"))
    assert not edwards521.verify(b"\xff" * 66, message, signature)
    assert not edwards521.verify(key[:-1], message, signature)


@pytest.mark.usefixtures("issuer_known")
def test_the_list_of_the_program_and_of_the_chip_differ(tmp_path: Path) -> None:
    made = write_day(tmp_path, FormatVersion.V2022)
    path = sign_folder(tmp_path, "2022", e521_chip(made.machine), made)
    signed = read_signature_file(path.read_bytes())
    content = signed.by_program.content
    at = content.index(signed.by_program.files[0].digest)
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    data = path.read_bytes().replace(content, changed, 1)
    data = data.replace(signed.by_program.own.digest, hashlib.sha512(changed).digest(), 1)
    path.write_bytes(data)
    [check] = failing(read_folder(tmp_path))
    assert check.code == "D101"
    assert "program signed" in str(check.text)
