"""Opening of published files: plain, gzip, zip, every encoding, and never more than its bounds."""

import gzip
import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from protocol.errors import InputError, RegardError
from tests.sources import new_file
from tests.verify.published import samples
from tests.verify.read import tables_as
from verify.model.published import Published, UnknownLayout
from verify.read.results_files import read, read_all
from verify.read.spreadsheets.workbook_cells import OversizedWorkbookError, check_archive


def reading(content: bytes, name: str = "r.bin") -> Published:
    return read(new_file(name, content))


def zipped(**members: bytes) -> bytes:
    return tables_as.zipped(members)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("packed", [bytes, gzip.compress, lambda data: zipped(results=data)])
def test_the_same_whatever_the_wrapping(encoding: str, ending: str, packed: object) -> None:
    assert callable(packed)
    data = packed(samples.PRESIDENTIAL.replace("\n", ending).encode(encoding))
    found = reading(data)
    assert found.labels == ("DE L'ÉTANG Anne", "PETIT-LUC Jean-Marc")
    assert found.row.tolist() == [2, 3]
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.problems == ()


def test_a_zip_of_several_files_gives_all_of_them() -> None:
    path = new_file("both.zip", zipped(a=samples.PRESIDENTIAL.encode(), b=samples.LEGISLATIVE.encode(), c=b"read me"))
    first, second = read_all(path)
    assert (first.file, second.file) == (f"{path} › a", f"{path} › b")
    assert [problem.file for problem in first.problems] == [f"{path} › c"]


def test_a_cut_gzip_is_an_error_and_not_a_shorter_file() -> None:
    data = gzip.compress(samples.PRESIDENTIAL.encode())
    for cut in range(2, len(data), 7):
        with pytest.raises(RegardError):
            reading(data[:cut])


def test_a_changed_byte_in_a_gzip_is_an_error() -> None:
    data = bytearray(gzip.compress(samples.PRESIDENTIAL.encode()))
    data[len(data) // 2] ^= 0x10
    with pytest.raises(RegardError):
        reading(bytes(data))


def test_gzip_in_several_parts() -> None:
    data = samples.PRESIDENTIAL.encode()
    assert len(reading(gzip.compress(data[:700]) + gzip.compress(data[700:])).row) == 2


def test_more_than_the_bound_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.PRESIDENTIAL.encode()
    monkeypatch.setattr("verify.read.bounds.MAX_UNPACKED", len(data))
    assert len(reading(data).row) == 2
    assert len(reading(gzip.compress(data)).row) == 2
    assert len(reading(zipped(a=data)).row) == 2
    for packed in (gzip.compress(data + b"\n"), zipped(a=data, b=b"\n")):
        with pytest.raises(InputError, match="at most"):
            reading(packed)


def test_a_bomb_is_not_blown_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.read.bounds.MAX_UNPACKED", 2**20)
    zeros = gzip.compress(bytes(2**26))
    for packed in (zeros, zipped(a=bytes(2**26))):
        with pytest.raises(InputError, match="at most"):
            reading(packed)


def test_a_bomb_of_lzma_is_unpacked_in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The standard library unpacks as much of LZMA as it was asked for packed, whatever becomes of it."""
    monkeypatch.setattr("verify.read.bounds.MAX_UNPACKED", 2**20)
    data = tables_as.zipped({"a": bytes(2**26)}, zipfile.ZIP_LZMA)
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="at most"):
            reading(data)
        assert tracemalloc.get_traced_memory()[1] < 2**26 + 2**24
    finally:
        tracemalloc.stop()


def test_a_method_that_cannot_be_bounded_is_refused() -> None:
    with pytest.raises(InputError, match="deflate or LZMA, got method 12"):
        reading(tables_as.zipped({"a": samples.PRESIDENTIAL.encode()}, zipfile.ZIP_BZIP2))
    assert len(reading(tables_as.zipped({"a": samples.PRESIDENTIAL.encode()}, zipfile.ZIP_LZMA)).row) == 2


def test_a_zip_with_a_password_is_an_error() -> None:
    data = bytearray(zipped(a=samples.PRESIDENTIAL.encode()))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    with pytest.raises(InputError, match="without password"):
        reading(bytes(data))


def encrypted_xlsx() -> bytes:
    """The head of a compound file, and the directory entry of the one stream that Excel encrypts a workbook into."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + "EncryptedPackage".encode("utf-16-le").ljust(
        512, b"\0"
    )


def encrypted_ods() -> bytes:
    """A workbook as LibreOffice encrypts one: the manifest says so, and the content is noise."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<m:manifest><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>'
    return zipped(**{"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": bytes(range(256)) * 8})


@pytest.mark.parametrize(("data", "name"), [(encrypted_xlsx(), "r.xlsx"), (encrypted_ods(), "r.ods")])
def test_a_workbook_with_a_password_says_so(data: bytes, name: str) -> None:
    with pytest.raises(InputError, match="with a password: save it without"):
        reading(data, name)


def test_an_empty_zip_and_too_many_members() -> None:
    with pytest.raises(InputError, match="an archive of 1 to 64"):
        reading(zipped(**{f"m{number}": b"x" for number in range(65)}))


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnknownLayout, match="in this folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="expected a file"):
        read(tmp_path / "nothing")


def test_a_damaged_workbook_is_an_error() -> None:
    whole = samples.workbook({"a": samples.DEPARTMENTS_2022})
    for data in (b"\xd0\xcf\x11\xe0" + bytes(5000), whole[:-30], zipped(**{"[Content_Types].xml": b"<"})):
        with pytest.raises(RegardError):
            reading(data, "r.xlsx")


@pytest.mark.parametrize("place", ["XFD1048576", "A999999999999", "ZZZZZZZ3"])
def test_a_workbook_whose_cells_lie_far_apart_is_not_laid_out(place: str) -> None:
    data = samples.workbook({"a": samples.DEPARTMENTS_2022})
    part = "xl/worksheets/sheet1.xml"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b'r="W3"', f'r="{place}"'.encode()) if name == part else old.read(name)
            )
    with pytest.raises(OversizedWorkbookError):
        check_archive(out.getvalue())
    with pytest.raises(InputError, match="within bounds"):
        reading(out.getvalue(), "r.xlsx")


VALUE = 'office:value-type="float" office:value="300"'
EMPTY_ROWS = "table:number-rows-repeated='1048000'><table:table-cell"
CELL = f"<table:table-cell {VALUE}>"
FAR = [
    (EMPTY_ROWS, f"{EMPTY_ROWS} {VALUE}"),
    (CELL, CELL.replace("cell ", "cell table:number-columns-repeated='99999999' ")),
    ("<table:table-row>", "<table:table-row table:number-rows-repeated='99999999'>"),
]


@pytest.mark.parametrize(("was", "now"), FAR, ids=["rows", "columns", "a row many times"])
def test_an_ods_whose_cells_are_repeated_too_often_is_not_laid_out(was: str, now: str) -> None:
    data = samples.ods({"a": samples.DEPARTMENTS_2022})
    assert len(reading(data, "r.ods").row) == 2
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode()
    assert was in content
    out = samples.ods_of(content.partition("?>")[2].replace(was, now, 1))
    with pytest.raises(OversizedWorkbookError):
        check_archive(out)
    with pytest.raises(InputError, match="within bounds"):
        reading(out, "r.ods")


def test_an_ods_with_a_document_type_is_refused() -> None:
    with pytest.raises(InputError, match="an undamaged workbook"):
        reading(samples.ods_of('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "r.ods")


@pytest.mark.parametrize("way", [bytes, gzip.compress, lambda data: zipped(**{"publie.txt": data})])
def test_a_text_in_utf_16_is_read_as_any_other(way: Callable[[bytes], bytes]) -> None:
    found, same = (reading(way(samples.PRESIDENTIAL.encode(code))) for code in ("utf-16", "utf-8"))
    assert found.problems == ()
    assert (found.commune.tolist(), found.votes.tolist()) == (same.commune.tolist(), same.votes.tolist())
