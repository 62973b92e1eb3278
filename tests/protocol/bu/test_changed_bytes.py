"""One changed byte anywhere in the real files is found; what is not is named, with why."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from protocol.bu.bulletin import read_bulletin, read_envelope
from protocol.bu.reader import read, recognise
from protocol.bu.schema import FormatVersion, decode
from protocol.bu.signatures import read_signature_file
from tests.protocol.bu.days import LAYOUT, failing

MACHINE = "samples/simulado/mr1/s02100-0139200090033"
OFFICIAL = "official/o00406-0605000020824"


def unnoticed(folder: Path, name: str, places: Iterable[int], signatures: bool = True) -> list[int]:
    """Places of a file at which a changed bit leaves all files of a folder without a problem and a failing check."""
    path = folder / name
    whole = path.read_bytes()
    found = []
    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 7]) + whole[place + 1 :])
        paths = [each for each in sorted(folder.iterdir()) if recognise(each.read_bytes()[:4096], each.name)]
        reading = read(LAYOUT, paths, signatures=signatures)
        if not reading.problems and not failing(reading):
            found.append(place)
    path.write_bytes(whole)
    return found


def copies(samples: Path, tmp_path: Path, *names: str) -> Path:
    """The files, where they can be changed."""
    for name in names:
        shutil.copyfile(samples / name, tmp_path / Path(name).name)
    return tmp_path


def test_with_a_signature_file_every_byte_of_what_it_lists_counts(samples: Path, tmp_path: Path) -> None:
    folder = copies(samples, tmp_path, f"{MACHINE}.bu", f"{MACHINE}.rdv", f"{MACHINE}.vscmr")
    for name in (f"{Path(MACHINE).name}.bu", f"{Path(MACHINE).name}.rdv"):
        size = (folder / name).stat().st_size
        assert unnoticed(folder, name, range(0, size, 7), signatures=False) == []


@pytest.mark.check(15)
def test_what_is_not_signed_in_a_signature_file(samples: Path, tmp_path: Path) -> None:
    """Signatures of the program cannot be checked; model, times, versions and names of keys are signed by nobody."""
    folder = copies(samples, tmp_path, f"{MACHINE}.bu", f"{MACHINE}.rdv", f"{MACHINE}.vscmr")
    name = f"{Path(MACHINE).name}.vscmr"
    data = (folder / name).read_bytes()
    signed = read_signature_file(data)
    covered: set[int] = set()
    parts = [block.content for block in (signed.by_program, signed.by_chip)]
    parts += [signed.by_program.own.digest, signed.by_chip.own.digest, signed.by_chip.own.signature]
    for part in parts:
        covered |= set(range(data.index(part), data.index(part) + len(part)))
    pem = signed.by_chip.certificate or b""
    start = data.index(pem) + len("-----BEGIN CERTIFICATE-----\n")
    covered |= set(range(start, data.index(pem) + len(pem) - len("\n-----END CERTIFICATE-----\n")))
    places = [
        *range(0, len(data), 1999),
        *range(0, 140, 3),
        *range(start, start + 40, 3),
        *range(len(data) - 40, len(data), 2),
    ]
    missed = set(unnoticed(folder, name, sorted(set(places))))
    assert sorted(missed & covered) == []
    program = data.index(signed.by_program.own.signature)
    assert any(program <= place < program + 4725 for place in missed)


@pytest.mark.check(5)
def test_a_bulletin_with_its_copies_but_no_signature_file(samples: Path, tmp_path: Path) -> None:
    """Loader, serials of the cards, place and some times are in the bulletin alone."""
    qr = "qr_official_2022_06050_0002_0824.txt"
    folder = copies(samples, tmp_path, f"{OFFICIAL}.bu", qr)
    name = f"{Path(OFFICIAL).name}.bu"
    data = (folder / name).read_bytes()
    envelope = read_envelope(data)
    value = decode(FormatVersion.V2022, "EntidadeBoletimUrna", envelope.content).value
    load = value["urna"]["correspondenciaResultado"]["carga"]
    alone = [load["numeroSerieFC"], load["dataHoraCarga"].encode(), value["urna"]["numeroSerieFV"]]
    alone += [value["dataHoraEmissao"].encode(), value["urna"]["versaoVotacao"].encode("latin-1").partition(b" ")[2]]
    alone += [b"\x0a\x01\x01\x1b", b"\xa0\x10\x30\x07\x02\x02\x17\xa2\x02\x01\x02\x02\x01\x01\x02\x02\x03\x38"]
    alone += [b"\x0a\x01\x01\x04", b"\x82\x02\x01\x84"]  # kinds, identified by fingerprint
    allowed: set[int] = set()
    for part in alone:
        at = data.index(part, data.index(envelope.content))
        allowed |= set(range(at, at + len(part)))
    assert set(unnoticed(folder, name, range(295), signatures=False)) <= allowed
    tail = read_bulletin(envelope.content).key
    places = [*range(300, len(data), 271), data.index(tail), len(data) - 1]
    assert unnoticed(folder, name, places) == []


def test_qr_texts(samples: Path, tmp_path: Path) -> None:
    """Every changed letter of a QR text counts."""
    qr = "qr_official_2022_06050_0002_0824.txt"
    folder = copies(samples, tmp_path, f"{OFFICIAL}.bu", qr)
    text = (folder / qr).read_bytes()
    missed = unnoticed(folder, qr, range(0, len(text) - 130, 37), signatures=False)
    start = {place for line in text.split(b"\n") for place in range(text.index(line), text.index(line) + 40)}
    assert set(missed) <= start  # version and date of the text are not hashed
