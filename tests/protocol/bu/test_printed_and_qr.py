"""Printed text and QR texts against the bulletin; hashes, signatures, missing parts."""

from pathlib import Path

import pytest

from protocol.bu.bulletin import EnvelopeKind, read_bulletin, read_envelope
from protocol.bu.printed import read_printed
from protocol.bu.qr_text import read_parts, read_qr_bulletin, split_bulletins
from protocol.bu.schema import FormatVersion
from protocol.dumps.checks import CheckTopic, CheckVerdict
from tests.protocol.bu.days import (
    BALLOTS_NAME,
    BULLETIN_NAME,
    PRINTED_NAME,
    UNIT,
    day,
    failing,
    outcomes,
    read_folder,
    votes,
    write_day,
)
from tests.protocol.bu.printing import write_printed
from tests.protocol.bu.qr_texts import write_qr_texts
from tests.protocol.bu.writing import UrnaDay, write_envelope

VERSION = FormatVersion.V2022
OFFICIAL = "official/o00406-0605000020824"


def put_printed(folder: Path, made: UrnaDay, content: bytes) -> None:
    """A printed text in its envelope, beside the bulletin."""
    (folder / PRINTED_NAME[VERSION]).write_bytes(write_envelope(made, VERSION, EnvelopeKind.PRINTED, content))


def test_bulletin_printed_text_and_qr_texts_agree_in_every_choice(samples: Path) -> None:
    bulletin = read_bulletin(read_envelope((samples / f"{OFFICIAL}.bu").read_bytes()).content)
    printed = read_printed(read_envelope((samples / f"{OFFICIAL}.imgbu").read_bytes()).content)
    texts = (samples / "qr_official_2022_06050_0002_0824.txt").read_text(encoding="latin-1")
    [parts] = split_bulletins(read_parts(texts))
    qr = read_qr_bulletin(parts)
    assert "40" in parts[1].body.split(":")[-1]  # a part ends between a party and its candidates
    assert sum(len(office.nominal) for office in bulletin.offices) == 127
    for ours, (_, paper), code in zip(bulletin.offices, printed.offices, qr.offices, strict=True):
        for other in (paper, code):
            assert (other.nominal, other.party, other.blank, other.null) == (ours.nominal, {}, ours.blank, ours.null)
            assert (other.registered, other.total) == (ours.registered, ours.turnout)
            assert other.parties == (ours.parties if other.party_totals else {})
    assert qr.hashes == (True, True, True)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("qr_manual_2016_simulado.txt", "01392/0009/0031"),
        ("qr_official_2018_30848_0001_0483.txt", "30848/0001/0483"),
        ("qr_official_2022_06050_0002_0824.txt", UNIT),
    ],
)
def test_hashes_of_qr_texts_of_every_version(samples: Path, tmp_path: Path, name: str, unit: str) -> None:
    (tmp_path / "qr.txt").write_bytes((samples / name).read_bytes())
    reading = read_folder(tmp_path)
    assert reading.problems == ()
    assert outcomes(reading)["D108"] is CheckVerdict.HOLDS
    assert reading.tallies.units == (unit,)  # counted, as there is no bulletin
    assert outcomes(reading)["D106"] is CheckVerdict.NOT_CHECKED


def test_a_signature_with_a_published_key_is_no_authenticity(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes((samples / "qr_manual_2016_simulado.txt").read_bytes())
    [check] = failing(read_folder(tmp_path))
    assert (check.code, check.topic) == ("D117", CheckTopic.AUTHENTICITY)
    (tmp_path / "a.txt").write_bytes((samples / "qr_official_2018_30848_0001_0483.txt").read_bytes())
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    assert outcomes(reading)["D103"] is CheckVerdict.NOT_CHECKED


def test_a_figure_changed_in_a_qr_text(tmp_path: Path) -> None:
    write_day(tmp_path, VERSION)
    texts = "\n".join(write_qr_texts(day()))
    (tmp_path / "a.txt").write_text(texts.replace("1212:3", "1212:4"), encoding="latin-1")
    found = {check.code: check for check in failing(read_folder(tmp_path))}
    assert found.keys() == {"D106", "D108"}
    assert "1212: 3" in str(found["D106"].left)
    assert "1212: 4" in str(found["D106"].right)


def test_parts_in_disorder_and_missing_parts(tmp_path: Path) -> None:
    made = day()
    made.offices[2].nominal.update(dict.fromkeys(range(10, 99), 1))
    made.offices[2].parties.update({number: number for number in range(10, 99)})
    for number in range(10, 99):
        made.offices[0].nominal[number * 100] = 1
        made.offices[0].parties[number * 100] = number
    texts = write_qr_texts(made)
    assert len(texts) > 2
    (tmp_path / "a.txt").write_text("\n".join(texts[1:]), encoding="latin-1")
    reading = read_folder(tmp_path)
    assert len(reading.problems) == 1  # without its first part nothing says of which section it is
    (tmp_path / "a.txt").write_text("\n".join(texts[:-1]), encoding="latin-1")
    reading = read_folder(tmp_path)
    assert outcomes(reading)["D108"] is CheckVerdict.NOT_CHECKED
    assert len(reading.tallies.rows) == 0
    assert "only compared" in str(reading.files[0].note)


def test_figures_changed_on_the_paper(tmp_path: Path) -> None:
    made = write_day(tmp_path, VERSION)
    paper = write_printed(made)
    for old, new, said in (
        (b"1212  0003", b"1212  0004", "1212: 4"),
        (b"Brancos                           0001", b"Brancos                           0002", "blank votes: 2"),
        (b"Comparecimento                    0017", b"Comparecimento                    0018", "turnout: 18"),
        (b"Total do partido              0005", b"Total do partido              0006", "party 12 in all: 6"),
        (b"08:02:42", b"08:02:43", "opening: 20221002T080243"),
        (b"026.174", b"026.175", "load code"),
        (b"Eleitores Aptos                   0020", b"Eleitores Aptos                   0021", "registered voters: 21"),
    ):
        assert old in paper
        put_printed(tmp_path, made, paper.replace(old, new, 1))
        [check] = failing(read_folder(tmp_path))
        assert check.code == "D105"
        assert said in str(check.right)
    put_printed(tmp_path, made, paper.replace(b"SENADOR", b"PREFEITO"))
    [check] = failing(read_folder(tmp_path))
    assert (check.code, str(check.right)) == ("D105", "DEPUTADO FEDERAL, PREFEITO, PRESIDENTE")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no office here",
        b"---SENADOR---\n\x0b\xff\xff\xff\xff\x5d\x00\x00\x00\x04",
        b"---SENADOR---\n\x0b\x00",
    ],
)
def test_a_printed_text_that_is_none(tmp_path: Path, content: bytes) -> None:
    put_printed(tmp_path, day(), content)
    reading = read_folder(tmp_path)
    assert len(reading.problems) == 1
    assert len(reading.tallies.rows) == 0


@pytest.mark.parametrize(
    "text",
    [
        "QRBU:1:1",
        "QRBU:1:1 MUNI:1 ZONA:1 SECA:1",
        f"QRBU:2:1 MUNI:1 ZONA:1 SECA:1 HASH:{'A' * 128}",
        f"QRBU:1:1 MUNI:1 ZONA:1 HASH:{'A' * 128}",
        f"QRBU:1:1 MUNI:x ZONA:1 SECA:1 HASH:{'A' * 128}",
        f"QRBU:1:1 MUNI:1 ZONA:1 SECA:1 IDEL:1 CARG:1 TIPO:0 12:-1 HASH:{'A' * 128}",
        f"QRBU:1:1 MUNI:1 ZONA:1 SECA:1 IDEL:1 CARG:1 TIPO:0 12:{'9' * 5000} HASH:{'A' * 128}",
    ],
)
def test_a_qr_text_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="ascii")
    assert len(read_folder(tmp_path).problems) == 1


def test_without_a_bulletin_the_votes_come_from_a_copy(tmp_path: Path) -> None:
    write_day(tmp_path, VERSION)
    whole = votes(read_folder(tmp_path))
    (tmp_path / BULLETIN_NAME[VERSION]).unlink()
    reading = read_folder(tmp_path)
    assert votes(reading) == whole
    assert any("no bulletin" in str(file.note) for file in reading.files)
    (tmp_path / BALLOTS_NAME[VERSION]).unlink()
    printed = votes(read_folder(tmp_path))  # which says the office, and not the election
    assert sorted((office[office.index("/") :], *rest, count) for (office, *rest), count in printed.items()) == sorted(
        (office[office.index("/") :], *rest, count) for (office, *rest), count in whole.items()
    )


def test_two_senators_in_qr_texts_alone(tmp_path: Path) -> None:
    for year, turnout in ((2018, 4), (2022, 8)):
        (tmp_path / "a.txt").write_text("\n".join(write_qr_texts(day(year))), encoding="latin-1")
        tallies = read_folder(tmp_path).tallies
        senator = next(index for index, each in enumerate(tallies.contests) if each.name == "senador")
        assert tallies.contests[senator].vote_for == (2 if year == 2018 else 1)
        assert tallies.counts[tallies.counts["contest"] == senator]["ballots"].tolist() == [turnout]


def test_files_of_other_names_are_compared_by_content(tmp_path: Path) -> None:
    write_day(tmp_path, VERSION)
    for number, path in enumerate(sorted(tmp_path.iterdir())):
        path.rename(tmp_path / f"{number}.bin")
    reading = read_folder(tmp_path)
    assert failing(reading) == []
    assert {"D105", "D107"} <= {check.code for check in reading.checks if check.verdict is CheckVerdict.HOLDS}
    assert all(file.taken_for for file in reading.files)
