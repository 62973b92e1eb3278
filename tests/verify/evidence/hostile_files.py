"""Small files made to take a program's memory or its time, or to end it: what each is, and how it is made."""

import gzip
import io
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.verify.published import samples
from tests.verify.read.tables_as import zipped

MIB = 2**20
NAME = "publie.txt"
PRESIDENTIAL = samples.PRESIDENTIAL.encode("latin-1")
RECORDS = (
    b"insee,bureau,scrutin,inscrits,emargements,votes_trouves,blancs,nuls,exprimes,procurations,ouverture,cloture,"
    b"observations\n"
)
Make = Callable[[], bytes]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(unit: bytes, times: int, head: bytes = b"") -> bytes:
    """One gzip file of the same bytes many times over."""
    return gzip.compress(head + unit * times, mtime=0)


def bomb(times: int) -> bytes:
    """A gzip file of so many times 16 MB of zeros, packed once; it has no right checksum, which nobody comes to."""
    press = zlib.compressobj(9, wbits=31)
    start = press.compress(b"") + press.flush(zlib.Z_FULL_FLUSH)  # after it a block is the same wherever it stands
    return start + (press.compress(bytes(16 * MIB)) + press.flush(zlib.Z_FULL_FLUSH)) * times + press.flush()


def members(count: int) -> bytes:
    """An archive of so many members, each a whole file of results."""
    return zipped({f"{number}.txt": PRESIDENTIAL for number in range(count)}, zipfile.ZIP_STORED)


def alike(count: int, times: int) -> bytes:
    """An archive of so many members, each a file of results in which the same bad rows stand many times."""
    return zipped({f"{number}.txt": PRESIDENTIAL * times for number in range(count)})


def overlapping(times: int) -> bytes:
    """An archive whose directory names the same member many times: some kilobytes that unpack to gigabytes."""
    press = zlib.compressobj(9, wbits=-15)
    content = b"\n" * (50 * MIB)
    body = press.compress(content) + press.flush()
    about = struct.pack("<HHHHIII", 0, 8, 0, 0, zlib.crc32(content), len(body), len(content))
    member = b"PK\x03\x04" + struct.pack("<H", 20) + about + struct.pack("<HH", 1, 0) + b"a" + body
    entry = b"PK\x01\x02" + struct.pack("<HH", 20, 20) + about + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    sizes = struct.pack("<HHHHIIH", 0, 0, times, times, times * len(entry), len(member), 0)
    return member + times * entry + b"PK\x05\x06" + sizes


def lzma(damage: bool = False, dictionary: int | None = None) -> bytes:
    """An archive whose member is packed with LZMA: its stream damaged, or with a dictionary of another size."""
    data = bytearray(zipped({NAME: PRESIDENTIAL * 50}, zipfile.ZIP_LZMA))
    start = data.index(NAME.encode()) + len(NAME)
    if damage:
        data[start + 20 : start + 60] = bytes(byte ^ 0x55 for byte in data[start + 20 : start + 60])
    if dictionary is not None:
        data[start + 5 : start + 9] = struct.pack("<I", dictionary)
    return bytes(data)


def workbook(sheets: list[bytes], shared: bytes | None = None) -> bytes:
    """An .xlsx of these sheets' XML and that of the texts which their cells share."""
    found = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(samples.workbook({f"S{number}": "a" for number in range(len(sheets))})))
    with whole, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            content = whole.read(name)
            if (which := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)) is not None:
                content = sheets[int(which[1]) - 1]
            elif shared is not None and name == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
                content = content.replace(b"</Types>", part.encode())
            elif shared is not None and name == "xl/_rels/workbook.xml.rels":
                link = f'<Relationship Id="s" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
                content = content.replace(b"</Relationships>", f"{link}</Relationships>".encode())
            archive.writestr(name, content)
        if shared is not None:
            archive.writestr("xl/sharedStrings.xml", shared)
    return found.getvalue()


def sheet(content: bytes) -> bytes:
    """The XML of a sheet with these rows."""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + content + b"</sheetData></worksheet>"


def texts(content: bytes) -> bytes:
    """The XML of the texts that cells share."""
    return f'<sst xmlns="{_MAIN}">'.encode() + content + b"</sst>"


def giant() -> bytes:
    """The XML of one shared text of a million characters."""
    return texts(b"<si><t>" + b"x" * MIB + b"</t></si>")


def square(side: int) -> bytes:
    """The XML of a sheet of so many rows and columns, all of the first shared text."""
    letters = [chr(65 + column) for column in range(side)]
    rows = (
        f'<row r="{row}">' + "".join(f'<c r="{letter}{row}" t="s"><v>0</v></c>' for letter in letters) + "</row>"
        for row in range(1, side + 1)
    )
    return sheet("".join(rows).encode())


def corner(column: str) -> bytes:
    """The XML of a sheet with a cell at its start and one in its last row."""
    far = f'<row r="1048576"><c r="{column}1048576"><v>1</v></c></row>'
    return sheet(f'<row r="1"><c r="A1"><v>1</v></c></row>{far}'.encode())


def damaged_xls() -> bytes:
    """The start of a workbook of old: the chain of its sectors leads round and round."""
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    head[24:34] = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head[44:76] = struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head[76:] = struct.pack("<I", 0) * 109
    return bytes(head) + struct.pack("<I", 1) * 128 + bytes(4096)


def records(count: int, row: bytes) -> bytes:
    """A table of PVs with the same row for many bureaux; ``%d`` is the number of the bureau."""
    return RECORDS + b"".join(row % number for number in range(count))


_SHORT = ";".join(f"c{number}" for number in range(100_000)).encode() + b"\n" + b"1\n" * 5000
_KEYED = json.dumps([{f"k{number}": 1} for number in range(14_000)]).encode()

TABLES: Mapping[str, Make] = {
    "a header cell of 131,073 characters": lambda: b"insee,bureau," + b"x" * 131_073 + b"\n77001,0001,1\n",
    "a header cell with 100,000 spaces": lambda: (
        b"insee,bureau,votes" + b" " * 100_000 + b"x,emargements\n77001,0001,3,4\n"
    ),
    "a header of 2.5 million cells": lambda: b"a;" * 2_500_000 + b"\n1;2\n",
    "a header of 100,000 cells and short rows": lambda: gzip.compress(_SHORT, 9, mtime=0),
    "30 MB of short rows": lambda: packed(b"1\n" * (MIB // 2), 30),
    "short rows below a header": lambda: packed(b"1\n" * (MIB // 2), 30, RECORDS),
    "10 MB of lines without anything": lambda: packed(b"\n" * MIB, 10),
    "10 GB of zeros": lambda: bomb(640),
    "500,000 empty gzip files": lambda: gzip.compress(b"", mtime=0) * 500_000,
    "quotes that are never closed": lambda: packed(b'"\n' * (MIB // 2), 10, RECORDS),
    "numbers of 1,500 digits": lambda: records(3000, b"77001,%d,1," + b"9" * 1500 + b",1,1,0,0,1,0,,,\n"),
    "wide letters in UTF-16": lambda: ("insee;bureau;votes\n" + "\U0001f600;1;3\n" * 50_000).encode("utf-16"),
    "zeros": lambda: bytes(MIB),
    "300,000 bureaux that nobody knows": lambda: (
        b"insee,bureau,emargements,votes\n" + b"".join(b"1,%d,3,3\n" % number for number in range(300_000))
    ),
    "a bureau half a million times": lambda: b"insee,bureau,emargements,votes\n" + b"1,1,3,3\n" * 500_000,
}
"""Files of tables, by what they are; the last two are near the bounds."""

ARCHIVES: Mapping[str, Make] = {
    "a damaged LZMA member": lambda: lzma(damage=True),
    "an LZMA member that asks for 4 GB": lambda: lzma(dictionary=2**32 - 1),
    "a bzip2 member": lambda: zipped({NAME: b"\n" * MIB}, zipfile.ZIP_BZIP2),
    "one member named 60 times": lambda: overlapping(60),
    "10,000 members": lambda: members(10_000),
    "64 members of many bad rows": lambda: alike(64, 1000),
    "zips in zips": lambda: zipped({NAME: zipped({NAME: zipped({NAME: b"x"})})}),
    "a text of a million characters in 400 cells": lambda: workbook([square(20)], giant()),
    "five sheets of such a text": lambda: workbook([square(20)] * 5, giant()),
    "millions of empty shared texts": lambda: workbook([square(2)], texts(b"<si/>" * 4_000_000)),
    "two cells far apart": lambda: workbook([corner("XFD")]),
    "rows far apart on twenty sheets": lambda: workbook([corner("W")] * 20),
    "elements within elements": lambda: workbook([b"<a>" * 2_000_000]),
    "entities": lambda: workbook([b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + square(2)]),
    "a broken .xls": damaged_xls,
}
"""Archives and workbooks."""

JSON: Mapping[str, Make] = {
    "14,000 records with a key each": lambda: _KEYED,
    "lists within lists": lambda: b"[" * 2_000_000,
    "objects within objects": lambda: b'{"a":' * 500_000,
    "half a million lists": lambda: b"[" + b"[]," * 500_000 + b"[]]",
    "a number of 5,000 digits": lambda: b'[{"a":' + b"9" * 5000 + b"}]",
    "one key twice": lambda: b'{"files": {"pv.csv": "0", "pv.csv": "1"}}',
}

URNS: Mapping[str, Make] = {
    "zeros": lambda: bytes(10 * MIB),
    "beginnings of records": lambda: b"ESF1" * (2 * MIB),
    "a short image": lambda: bytes(100),
}
"""In the place of exports and module images."""

TOML: Mapping[str, Make] = {
    "a key of 30,000 parts": lambda: b".".join([b"a"] * 30_000) + b" = 1\n",
    "keys of 495 parts on 66 lines": lambda: b"".join(
        b".".join([b"a%d" % line, *[b"b"] * 494]) + b" = 1\n" for line in range(66)
    ),
    "lists within lists": lambda: b"x = " + b"[\n" * 30_000,
    "half of a letter": lambda: rb'"\ud800" = 1' + b"\n",
    "10 MB of lines": lambda: b"#\n" * (5 * MIB),
}

NUMBERS: Mapping[str, Make] = {
    "5,000 digits": lambda: b"gap_votes = " + b"9" * 5000 + b"\n",
    "5,000 hexadecimal digits": lambda: b"gap_votes = 0x" + b"f" * 5000 + b"\n",
    "5,000 binary digits": lambda: b"gap_votes = 0b" + b"1" * 5000 + b"\n",
    "900 hexadecimal digits": lambda: b"gap_votes = 0x" + b"f" * 900 + b"\n",
    "900 digits": lambda: b"gap_votes = " + b"9" * 900 + b"\n",
    "a number below zero": lambda: b"gap_votes = -1\n",
    "no number": lambda: b"gap_votes = nan\n",
}
"""Thresholds."""


def end_process(*_: str) -> None:
    """Do what a damaged file does to the library that reads it."""
    os.abort()
