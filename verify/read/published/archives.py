"""Files that are packed, as gzip or as the members of a zip: unpacked within bounds, one at a time."""

from __future__ import annotations

import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from protocol.errors import InputError, cause
from protocol.words import msg
from verify.read.bounds import MAX_FEED, MAX_MEMBERS, MAX_PARTS, unpacked

UNDAMAGED = msg("an undamaged workbook")
_WORKBOOKS = (".xlsx", ".xlsm", ".ods")
BLOCK = 2**16
"""Bytes that are taken from a gzip file at once."""
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OverflowError),
    *(NotImplementedError, RuntimeError, ValueError, OSError, EOFError),
)
"""Errors that the standard library raises at a damaged archive."""
FILLED = re.compile(rb"[^\0]")
METHODS = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA))
"""Packings that members of an archive may have; 45 bytes of bzip2 can become 46 million."""
STEP = 2**12
"""Bytes of LZMA that are unpacked at once: they become 29 million at most."""
DICTIONARY_LIMIT = 2**26
"""Bytes of the dictionary that LZMA asks for: memory taken on the word of the file, as the largest preset has it."""


def gunzip(data: bytes, file: str) -> bytes:
    """Unpack one gzip file, or several one after another, with zeros between and behind them."""
    out = io.BytesIO()
    limit, at = unpacked(len(data)), 0
    for _ in range(MAX_PARTS):
        at = _inflate(data, at, limit, out, file)
        at = len(data) if (behind := FILLED.search(data, at)) is None else behind.start()
        if at == len(data):
            return out.getvalue()
    raise InputError(file, None, None, msg("at most {max_parts} gzip files in one", max_parts=MAX_PARTS), msg("more"))


def _inflate(data: bytes, at: int, limit: int, out: io.BytesIO, file: str) -> int:
    """Unpack the gzip file that starts at ``at``; returns where it ends."""
    inflate = zlib.decompressobj(wbits=31)
    while not inflate.eof:
        block = inflate.unconsumed_tail or data[at : at + BLOCK]
        at += 0 if inflate.unconsumed_tail else len(block)
        try:
            if not out.write(inflate.decompress(block, 16 * BLOCK)) and not block:
                raise InputError(file, None, None, msg("a whole gzip file"), msg("one that was cut short"))
        except zlib.error as error:
            raise InputError(file, None, None, msg("an undamaged gzip file"), cause(error)) from error
        if out.tell() > limit:
            raise _too_much(file, limit)
    return at - len(inflate.unused_data)


def _too_much(file: str, limit: int) -> InputError:
    return InputError(file, None, None, msg("at most {limit} MiB when decompressed", limit=limit >> 20), msg("more"))


def is_workbook(data: bytes) -> bool:
    """Test whether a zip is an .xlsx or an .ods; the reader of workbooks reports text documents in this form."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= set(names)
    except DAMAGE:
        return False


def is_encrypted(data: bytes) -> bool:
    """Test whether a workbook has a password: an .xlsx by [MS-OFFCRYPTO] 2.3.4.4, an .ods by what its manifest says."""
    if not data.startswith(b"PK"):
        return "EncryptedPackage".encode("utf-16-le") in data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("META-INF/manifest.xml")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                return False
            with archive.open(info) as stream:
                return b"encryption-data" in stream.read(BLOCK)
    except (*DAMAGE, KeyError):
        return False


def is_other_archive(data: bytes) -> bool:
    """Test whether bytes are an undamaged zip and no workbook."""
    return data.startswith(b"PK\3\4") and zipfile.is_zipfile(io.BytesIO(data)) and not is_workbook(data)


def members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of an archive."""
    limit = left = unpacked(len(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _is_of_macos(info.filename)]
            if (before := min((info.header_offset for info in infos), default=0)) > 0:
                got = msg("{count:n} bytes before it, which are not read: another archive, or a program", count=before)
                raise InputError(file, None, None, msg("one zip file, from its first byte on"), got)
            most = MAX_MEMBERS if any(not info.filename.lower().endswith(".xml") for info in infos) else MAX_FEED
            if not 0 < len(infos) <= most:
                expected = msg("an archive of 1 to {max_members} files", max_members=most)
                raise InputError(file, None, None, expected, str(len(infos)))
            for info in infos:
                _check_method(data, info, file)
                out = io.BytesIO()
                with archive.open(info) as stream:
                    while block := stream.read(STEP):
                        left -= out.write(block)
                        if left < 0:
                            raise _too_much(file, limit)
                yield info.filename, out.getvalue()
    except DAMAGE as error:
        if file.lower().endswith(_WORKBOOKS):
            raise InputError(file, None, None, UNDAMAGED, msg("one that is damaged, or was cut short")) from error
        raise InputError(file, None, None, msg("an undamaged zip file without password"), cause(error)) from error


def _is_of_macos(name: str) -> bool:
    """Test whether a member is what macOS notes of another one beside it."""
    folder, _, file = name.rpartition("/")
    return folder.split("/")[0] == "__MACOSX" and file.startswith("._")


def _check_method(data: bytes, info: zipfile.ZipInfo, file: str) -> None:
    """Refuse a member before memory is taken that only its header asks for, or one packed as none can be bounded.

    Raises:
        InputError: it is packed by another method than those of `METHODS`, or is LZMA with too large a dictionary.
    """
    if info.compress_type not in METHODS:
        wanted, got = msg("a zip file packed with deflate or LZMA"), msg("method {number}", number=info.compress_type)
        raise InputError(file, None, None, wanted, got)
    if info.compress_type == zipfile.ZIP_LZMA:
        at = info.header_offset
        at += 30 + int.from_bytes(data[at + 26 : at + 28], "little") + int.from_bytes(data[at + 28 : at + 30], "little")
        dictionary = int.from_bytes(data[at + 5 : at + 9], "little")  # after version, size of the properties, the first
        if dictionary > DICTIONARY_LIMIT:
            got = msg("one that needs {dictionary} MiB", dictionary=dictionary >> 20)
            raise InputError(
                file,
                None,
                None,
                msg(
                    "an archive that can be unpacked in {dictionary_limit} MiB", dictionary_limit=DICTIONARY_LIMIT >> 20
                ),
                got,
            )


_APPLE = "._"
"""Beginnings of the names of files in which macOS keeps notes on other files."""


def tar_members(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file of a tar archive; folders are none.

    Raises:
        InputError: it is damaged, has none or too many, or something else than plain files and folders.
    """
    seen = others = given = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for info in archive:
                seen += 1
                name = info.name
                others += info.isfile() and not name.lower().endswith(".xml")
                if seen > MAX_FEED or others > MAX_MEMBERS:
                    most = MAX_MEMBERS if others > MAX_MEMBERS else MAX_FEED
                    expected = msg("an archive of 1 to {max_members} files", max_members=most)
                    raise InputError(file, None, None, expected, msg("more"))
                if info.isdir() or PurePosixPath(name).name.startswith(_APPLE):
                    continue
                stream = archive.extractfile(info) if info.isfile() and not info.issparse() else None
                if stream is None:
                    raise InputError(file, None, None, msg("an archive of plain files"), msg("a link or a device"))
                given += 1
                yield name, stream.read()
    except (tarfile.TarError, *DAMAGE) as error:
        raise InputError(file, None, None, msg("an undamaged tar archive"), cause(error)) from error
    if not given:
        raise InputError(file, None, None, msg("an archive of 1 to {max_members} files", max_members=MAX_FEED), "0")


_PARTS = msg("an e-mail with text, or with 1 to {max_members} files", max_members=MAX_MEMBERS)
_BODIES = {"text/plain": "message.txt", "text/html": "message.html"}
"""Names for the text of an e-mail by its type; of the two the page where it has a table, which the other has lost."""
_QUOTED = re.compile(rb"^>.*$", re.MULTILINE)
_DIGIT = re.compile(rb"[0-9]")
_DASHES = 1000
"""Lines of an e-mail that may separate parts of it: each is held against the marks of all parts that it is within."""


def _without_quoted(text: bytes) -> bytes:
    """The text of an e-mail without the one that it answers, line for line, unless most digits stand in that one."""
    own = _QUOTED.sub(b"", text)
    return own if 2 * len(_DIGIT.findall(own)) >= len(_DIGIT.findall(text)) else text


def mail_parts(data: bytes, file: str) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the text of an e-mail, and of each file attached to it.

    Raises:
        InputError: it cannot be taken apart, or has too many parts.
    """
    import email
    from email.policy import default

    found = []
    if data.count(b"\n--") > _DASHES or data.lower().count(b"boundary") > MAX_MEMBERS:
        raise InputError(file, None, None, _PARTS, msg("more"))
    try:
        for part in email.message_from_bytes(data, policy=default).walk():
            name = part.get_filename()
            body = _BODIES.get(part.get_content_type(), "")
            if not part.is_multipart() and (name or body):
                content = part.get_payload(decode=True)
                content = content if isinstance(content, bytes) else b""
                found.append((name, content) if name else (body, _without_quoted(content)))
    except Exception as error:  # whatever the standard library raises at a header that is none
        raise InputError(file, None, None, msg("an e-mail (.eml)"), cause(error)) from error
    plain, marked = _BODIES.values()
    as_page = any(name == marked and b"<table" in content for name, content in found)
    found = [each for each in found if each[0] != (plain if as_page else marked)]
    if not 0 < len(found) <= MAX_MEMBERS:
        raise InputError(file, None, None, _PARTS, str(len(found)))
    yield from found
