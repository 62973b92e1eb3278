"""Hostile bytes: lengths, nesting, sizes, other content; and nothing of a single vote in what is said of a file."""

from pathlib import Path
from typing import Any

import pytest

from protocol.bu.bounds import MAX_DEPTH, MAX_SIZE, Undecodable, check_bounds
from protocol.bu.bulletin import read_envelope
from protocol.bu.schema import BULLETIN, ENVELOPE, VOTES, FormatVersion, decode, encode, modules
from protocol.dumps.layouts import DumpReading
from protocol.dumps.tallies import NOT_GIVEN
from tests.protocol.bu.days import BALLOTS_NAME, BULLETIN_NAME, day, failing, read_folder, votes, write_day
from tests.protocol.bu.writing import write_ballots, write_bulletin
from tests.sources import new_folder

VERSION = FormatVersion.V2022
NAME = BULLETIN_NAME[VERSION]
PLANTED = "31973"


def wrapped(depth: int) -> bytes:
    """Sequences in each other, the innermost empty."""
    data = b""
    for _ in range(depth):
        data = b"\x30" + (bytes([len(data)]) if len(data) < 128 else b"\x82" + len(data).to_bytes(2, "big")) + data
    return data


def envelope_of_the_day() -> dict[str, Any]:
    value: dict[str, Any] = decode(VERSION, ENVELOPE, write_bulletin(day(), VERSION)).value
    return value


def reading_of(name: str, data: bytes) -> DumpReading:
    """The reading of a folder with one file."""
    return read_folder(new_folder({name: data}))


def reading_of_envelope(envelope: dict[str, Any]) -> DumpReading:
    """The reading of a bulletin with another envelope."""
    return reading_of(NAME, encode(VERSION, ENVELOPE, envelope))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x02\x02\x01",
        b"\x30\x03\x02\x05\x01",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x85\x00\x00\x00\x00\x00",
        b"\x30\x82\x01",
        b"\x30\x00\x00",
        b"\x3f\x81\x01\x00",
        b"\x30\x02\x1f\x00",
        wrapped(MAX_DEPTH + 1),
        b"\x30\x84" + MAX_SIZE.to_bytes(4, "big") + bytes(MAX_SIZE),
    ],
)
def test_bytes_out_of_bounds_are_refused_before_they_are_decoded(data: bytes) -> None:
    with pytest.raises(Undecodable):
        check_bounds(data)


def test_what_is_in_bounds_is_not_refused() -> None:
    check_bounds(wrapped(MAX_DEPTH))
    check_bounds(write_bulletin(day(), VERSION))


@pytest.mark.parametrize("version", FormatVersion)
def test_every_cut_is_a_problem_or_is_not_recognised(version: FormatVersion) -> None:
    data = write_bulletin(day(), version)
    for size in {*range(200), *range(0, len(data), 37)}:
        reading = reading_of(BULLETIN_NAME[version], data[:size])
        assert len(reading.problems) == 1, size
        assert len(reading.tallies.rows) == 0
        assert reading.files[0].taken_for == ""


def test_bytes_after_the_end_are_refused() -> None:
    reading = reading_of(NAME, write_bulletin(day(), VERSION) + b"\x00")
    assert "after the last element" in str(reading.problems[0])


def test_a_file_too_large_is_not_read() -> None:
    reading = reading_of(NAME, bytes(MAX_SIZE + 1))
    assert reading.files[0].size == MAX_SIZE + 1
    assert len(reading.problems) == 1


def test_elements_without_a_place_are_said() -> None:
    """asn1tools passes over them; what was decoded does not encode to the same bytes."""
    envelope = envelope_of_the_day()
    content = envelope["conteudo"]
    assert content[:2] == b"\x30\x82"
    size = int.from_bytes(content[2:4], "big") + 3
    envelope["conteudo"] = b"\x30\x82" + size.to_bytes(2, "big") + content[4:] + b"\x02\x01\x07"
    reading = reading_of_envelope(envelope)
    assert [check.code for check in failing(reading)] == ["D118"]
    assert votes(reading)["544/1", "choice", "13"] == 9


def test_values_out_of_bounds_are_said() -> None:
    envelope = envelope_of_the_day()
    envelope["conteudo"] = envelope["conteudo"].replace(b"20220920T171800", b"2022-09-20T1718")
    envelope["conteudo"] = envelope["conteudo"].replace(
        b"\x02\x02\x09\x62\x02\x02\x03\x38", b"\x02\x02\x3f\xff\x02\x02\x03\x38"
    )
    assert "D118" in {check.code for check in failing(reading_of_envelope(envelope))}


def test_counts_below_zero_are_refused() -> None:
    envelope = envelope_of_the_day()
    changed = envelope["conteudo"].replace(b"\x82\x01\x03\xa3", b"\x82\x01\xfd\xa3")
    assert changed != envelope["conteudo"]
    envelope["conteudo"] = changed
    reading = reading_of_envelope(envelope)
    assert len(reading.problems) == 1
    assert len(reading.tallies.rows) == 0


def test_content_that_is_encrypted_is_said() -> None:
    envelope = envelope_of_the_day()
    envelope["seguranca"] = {"idTipoArquivo": 1, "idCriptografia": 1, "idArquivoCD": 1, "idArquivoChave": b"k"}
    assert "encrypted" in str(reading_of_envelope(envelope).problems[0])


@pytest.mark.check(5)
@pytest.mark.parametrize("version", FormatVersion)
def test_no_digits_of_a_null_vote_come_out(tmp_path: Path, version: FormatVersion) -> None:
    write_day(tmp_path, version, null_digits=PLANTED)
    path = tmp_path / BALLOTS_NAME[version]
    whole = path.read_bytes()
    assert PLANTED.encode() in whole
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    assert PLANTED not in repr(reading)
    for at in range(whole.index(PLANTED.encode()) - 4, len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        assert PLANTED not in repr(read_folder(tmp_path)), at


def test_a_single_vote_for_an_unknown_choice_is_not_named(tmp_path: Path) -> None:
    write_day(tmp_path, VERSION)
    path = tmp_path / BALLOTS_NAME[VERSION]
    path.write_bytes(path.read_bytes().replace(b"1301", b"1777"))
    [check] = failing(read_folder(tmp_path))
    assert check.code == "D107"
    assert "1777" not in repr(check)
    assert "choices that the bulletin does not have: 1" in str(check.right)


def test_no_choices_or_fewer_are_not_divided_by() -> None:
    for choices in (0, -1):
        value = decode(VERSION, VOTES, write_ballots(day(), VERSION)).value
        value["rdv"]["eleicoes"][1][0]["votosCargos"][0]["quantidadeEscolhas"] = choices
        reading = reading_of(BALLOTS_NAME[VERSION], modules(VERSION).encode(VOTES, value))
        assert [check.code for check in failing(reading)] == ["D118"]
        assert (reading.tallies.counts["ballots"] >= NOT_GIVEN).all()


def test_party_votes_are_counted_by_two_digits(tmp_path: Path) -> None:
    value = decode(VERSION, VOTES, write_ballots(day(), VERSION)).value
    value["rdv"]["eleicoes"][1][0]["votosCargos"][0]["votos"][0]["digitacao"] = "12973"
    write_day(tmp_path, VERSION)
    (tmp_path / BALLOTS_NAME[VERSION]).write_bytes(encode(VERSION, VOTES, value))
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    assert "12973" not in repr(reading)


def test_a_vote_for_a_choice_without_digits_is_refused(tmp_path: Path) -> None:
    write_day(tmp_path, VERSION)
    path = tmp_path / BALLOTS_NAME[VERSION]
    path.write_bytes(path.read_bytes().replace(b"1301", b"13 1"))
    reading = read_folder(tmp_path)
    assert [problem.file for problem in reading.problems] == [str(path)]
    assert "13 1" not in repr(reading)


def test_a_bulletin_that_holds_something_else() -> None:
    envelope = envelope_of_the_day()
    for content in (
        b"",
        b"\x30\x00",
        b"text",
        encode(VERSION, BULLETIN, decode(VERSION, BULLETIN, envelope["conteudo"]).value)[:-1],
    ):
        assert len(reading_of_envelope({**envelope, "conteudo": content}).problems) == 1


def test_the_envelope_of_another_kind() -> None:
    envelope = envelope_of_the_day() | {"tipoEnvelope": 5}
    assert len(reading_of_envelope(envelope).problems) == 1
    assert read_envelope(encode(VERSION, ENVELOPE, envelope)).kind == 5
